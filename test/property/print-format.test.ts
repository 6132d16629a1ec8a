// Printing and formatting never change what a text means. Trees are random (support/ast-arbitrary.ts); texts are
// printed trees with other white space and comments strewn in, soups of tokens, and arbitrary strings.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatText } from "../../server/src/features/format.ts";
import { parse, type StartRule } from "../../server/src/syntax/generated/parser.js";
import {
  printClaim,
  printDeclaration,
  printEntry,
  printExpression,
  printFile,
  printMember,
  printStatement,
  printStep,
} from "../../server/src/syntax/print.ts";
import * as arbitrary from "../support/ast-arbitrary.ts";

interface Token {
  readonly kind: string;
  readonly text: string;
}

function tokensOf(text: string): Token[] {
  return parse(text, { startRule: "Tokens" }) as Token[];
}

function treeOf(text: string, startRule: StartRule = "File"): unknown {
  return arbitrary.withoutSpans(parse(text, { startRule }));
}

/** What formatting must not change: every token as it is, but for white space at the ends of a comment's lines. */
function substance(text: string): string[] {
  return tokensOf(text)
    .filter(({ kind }) => kind !== "space" && kind !== "newline")
    .map(({ kind, text: written }) =>
      kind === "string"
        ? written
        : trimmed(written)
            .split(/\r\n|\r|\n/)
            .map(trimmed)
            .join("\n"),
    );
}

function trimmed(line: string): string {
  return line.replace(/[ \t\r\n\f\v\u00a0\ufeff]+$/, "");
}

function stable<T>(startRule: StartRule, some: fc.Arbitrary<T>, print: (tree: T) => string): void {
  test(`parsing a printed ${startRule} yields it again`, () => {
    fc.assert(
      fc.property(some, (tree) => {
        expect(treeOf(print(tree), startRule)).toEqual(arbitrary.withoutSpans(tree));
      }),
      { numRuns: 500 },
    );
  });
}

describe("printing", () => {
  stable("Expression", arbitrary.expression, printExpression);
  stable("Statement", arbitrary.statement, printStatement);
  stable("Entry", arbitrary.entry, printEntry);
  stable("Member", arbitrary.member, printMember);
  stable("Step", arbitrary.step, printStep);
  stable("Claim", arbitrary.claim, printClaim);
  stable("Declaration", arbitrary.declaration, printDeclaration);
  stable("File", arbitrary.file, printFile);
});

const spaces = fc.constantFrom("", "", " ", "  ", "\t", " \u00a0", "   ");
const breaks = fc.constantFrom("\n", "\n\n\n", " // why\n", "\n  // alone  \n", "\r\n", "  //\t\r\n\r\n");

/** A text with its white space replaced: other spaces, more blank lines, and comments; the tokens stay. */
function strewn(text: string): fc.Arbitrary<string> {
  const tokens = tokensOf(text);
  return fc
    .array(fc.tuple(spaces, breaks, fc.nat(9)), { minLength: tokens.length, maxLength: tokens.length })
    .map((choices) =>
      tokens
        .map(({ kind, text: written }, index) => {
          const [space, lineBreak, dice] = choices[index] ?? ["", "\n", 0];
          const before = tokens[index - 1];
          if (kind === "newline") return before?.kind === "doc" ? "\n" : lineBreak;
          // Only spaces may stand between these and a name.
          const bare = ["fails", "violates", "int"].includes(before?.text ?? "");
          if (kind === "space") return dice === 0 && !bare ? " /* here */ " : ` ${space}`;
          return written;
        })
        .join(""),
    );
}

// The lexer knows no messages with quotes in their holes: spaces strewn there would be text.
const plainFile = arbitrary.file.map(printFile).filter((text) => !/"[^"\n]*\{[^"}\n]*"/.test(text));

describe("formatting", () => {
  test("keeps the tree and all comments, and is idempotent", () => {
    fc.assert(
      fc.property(plainFile.chain(strewn), (text) => {
        const formatted = formatText(text);
        expect(substance(formatted)).toEqual(substance(text));
        expect(formatText(formatted)).toBe(formatted);
        expect(withTrimmedDocs(treeOf(formatted))).toEqual(withTrimmedDocs(treeOf(text)));
      }),
      { numRuns: 500 },
    );
  });

  test("keeps the tree of every printed file", () => {
    fc.assert(
      fc.property(arbitrary.file.map(printFile), (text) => {
        const formatted = formatText(text);
        expect(withTrimmedDocs(treeOf(formatted))).toEqual(withTrimmedDocs(treeOf(text)));
        expect(formatText(formatted)).toBe(formatted);
      }),
      { numRuns: 500 },
    );
  });

  const pieces =
    '{ } ( ) [ ] , ; : . -> - > = == ! != < <= & | + * / % ? " \\ /* */ // /// # \u00e9 \u{1f600} 6 6.12 0x1 .5 x in else ' +
    'require then not where new enum struct ioctl "a" "{a" "{a}" "}"';
  const soup = fc
    .array(fc.tuple(fc.constantFrom(...pieces.split(" "), "\n", "\n"), spaces), { maxLength: 40 })
    .map((list) => list.flat().join(""));
  const anything = fc.oneof(soup, fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }));

  test("any text comes out with nothing lost, and only once", () => {
    fc.assert(
      fc.property(anything, (text) => {
        const formatted = formatText(text);
        expect(substance(formatted)).toEqual(substance(text));
        expect(formatText(formatted)).toBe(formatted);
      }),
      { numRuns: 3000 },
    );
  });
});

/** The formatter takes the white space at the ends of all comments, so also from the lines of a doc comment. */
function withTrimmedDocs(tree: unknown): unknown {
  return JSON.parse(
    JSON.stringify(tree, (key, value) =>
      key === "doc" && Array.isArray(value) ? value.map((line) => trimmed(String(line))) : value,
    ),
  );
}
