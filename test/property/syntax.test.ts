import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { shippedText } from "../../server/src/semantics/shipped.ts";
import { type Document, editDocument, parseDocument } from "../../server/src/syntax/document.ts";
import { parseChunk, parseRow, parseWhole } from "../../server/src/syntax/parse.ts";
import { sample } from "../syntax/sample.ts";
import { brokenInvariant, wholeTree, withoutIds } from "../syntax/support.ts";

const tokens = [
  ..."use topology proposal abstract extends scenario verify on with group device iommu behind driver at".split(
    " ",
  ),
  ..."fd object in is opens exclusive state fact ioctl op define rule error override const role type remove".split(
    " ",
  ),
  ..."require else for if then let new destroy close give to return task parallel assert fails violates ok".split(
    " ",
  ),
  ..."safe never reach tasks 2 6.12 0x10 2M a b EBUSY none not and or all any count x1 kernel host set of enum".split(
    " ",
  ),
  ..."{ } ( ) [ ] , ; : . = == != < -> - & * | ? /".split(" "),
  ...[
    "\n",
    "\n",
    "\n",
    "\r\n",
    "\r",
    " ",
    "  ",
    "\t",
    "\ufeff",
    '"',
    '"q"',
    "//",
    "/// d",
    "/*",
    "*/",
    "\\",
    "\ud83d\ude00",
    "\ud83d",
    "\ude00",
  ],
  ...[
    '\nscenario "s" on t {\n',
    "\nproposal p {\n",
    "\n}\n",
    "\nx = f(a)\n",
    "\n  f(a) fails EBUSY\n",
    "  task t {\n",
  ],
  ...["ioctl F(a: b) {\n", "  require a else E\n", "} else {\n", "\nuse x\n", "\ntopology t {\n"],
];
const soup = fc
  .array(fc.constantFrom(...tokens), { maxLength: 60 })
  .chain((words) => fc.constantFrom("", " ").map((glue) => words.join(glue)));
/** Any UTF-16, lone surrogates included. */
const anything = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 })
  .map((units) => String.fromCharCode(...units));
const text = fc.oneof(soup, anything, fc.constant(sample));

function check(document: Document): void {
  const broken = brokenInvariant(document);
  if (broken !== null) throw new Error(`${broken}: ${JSON.stringify(document.text)}`);
}

const timeout = 60_000; // for a machine that does other things too

describe("any text yields a tree", () => {
  test("of tokens at random, and of anything", { timeout }, () => {
    fc.assert(
      fc.property(text, (input) => check(parseDocument(input))),
      { numRuns: 3000 },
    );
  });

  test("for every prefix of the sample, and without every single character", { timeout }, () => {
    for (let i = 0; i <= sample.length; i++) {
      check(parseDocument(sample.slice(0, i)));
      check(parseDocument(sample.slice(0, i) + sample.slice(i + 1)));
    }
  });

  test("with every start rule", { timeout }, () => {
    const rules = [
      "Declaration",
      "Member",
      "Field",
      "Statement",
      "Else",
      "Entry",
      "Claim",
      "Step",
      "Expression",
    ] as const;
    fc.assert(
      fc.property(fc.constantFrom(...rules), text, (rule, input) => {
        const node = parseChunk(rule, input);
        expect(node.start).toBeGreaterThanOrEqual(0);
        expect(node.end).toBeLessThanOrEqual(input.length);
      }),
      { numRuns: 250 },
    );
  });
});

describe("two ways to the same tree", () => {
  const name = fc.constantFrom(
    "a",
    "b1",
    "long_name",
    "VFIO_X",
    "okay",
    "fail",
    "newer",
    "or_",
    "fd",
    "task",
    "of",
    "x",
  );
  const value = fc.oneof(
    name,
    fc.constantFrom(
      "none",
      "true",
      "NULL",
      "12",
      "007",
      "0x1f",
      "4K",
      "6.12",
      '"q"',
      '"/dev/vfio/26"',
      '"a b"',
      "{ .a = 1, .b = &x }",
      "{a, b}",
      "-3",
      "not a",
      "a.b.c",
      "a->b",
      "f(a, n: 3)",
    ),
  );
  const call = fc
    .tuple(name, fc.array(value, { maxLength: 3 }))
    .map(([f, args]) => `${f}(${args.join(", ")})`);
  const step = fc
    .tuple(
      fc.constantFrom("", "x = ", "int x = ", "struct s at = ", "a.b = ", "y="),
      fc.oneof(
        call,
        value,
        fc.tuple(value, value).map(([a, b]) => `assert ${a} == ${b} and ${b} in ${a}`),
      ),
      fc.constantFrom(
        "",
        ";",
        " fails EBUSY",
        "; fails",
        " violates core.rule_a",
        " ok",
        " fails EBUSY or ok",
      ),
    )
    // Two steps on a line need a `;` between them in chunks, though the grammar could do without.
    .map(([target, value, outcome]) => (value.startsWith("assert") ? value : `${target}${value}${outcome}`))
    // Lines that start so can go on with the one before.
    .filter((line) => !/^[-{"]/.test(line));

  test("a step by its shape, or by the grammar", { timeout }, () => {
    fc.assert(
      fc.property(
        step,
        fc.constantFrom("", "  ", "\t"),
        fc.string({ maxLength: 3 }),
        (input, indent, behind) => {
          const row = `${indent}${input}`;
          const direct = parseChunk("Step", input);
          const expected = parseRow(`${row}${behind.replaceAll(/[^ ]/g, "")}`, indent.length, row.length);
          expect(JSON.parse(JSON.stringify(expected), lessBy(indent.length))).toEqual(direct);
        },
      ),
      { numRuns: 3000 },
    );
  });

  test("a scenario in chunks, or as a whole", { timeout }, () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(step, fc.constantFrom("", "// c", "task t {", "}", "parallel {")), {
          maxLength: 12,
        }),
        (lines) => {
          const input = `scenario s on t {\n  ${lines.join("\n  ")}\n}\n`;
          const whole = parseWhole(input);
          fc.pre(whole.kind === "file");
          const document = parseDocument(input);
          fc.pre(document.items.every((item) => item.errors.length === 0));
          if (whole.kind === "file") expect(wholeTree(document)).toEqual(whole.declarations);
        },
      ),
      { numRuns: 2500 },
    );
  });
});

/** Moves spans back when JSON is read. */
const lessBy = (by: number) => (key: string, value: unknown) =>
  (key === "start" || key === "end") && typeof value === "number" ? value - by : value;

describe("editing", () => {
  const long = `scenario "long" on t {\n${Array.from({ length: 90 }, (_, i) => `  x${i} = f(a${i})`).join("\n")}\n}\n`;
  const inserted = fc.oneof(fc.constantFrom(...tokens), soup, fc.constant(""));
  const script = fc.array(
    fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(200)),
      text: inserted,
    }),
    { minLength: 1, maxLength: 8 },
  );
  const start = fc.constantFrom(
    sample,
    long,
    sample + long,
    long + sample + long,
    sample.replaceAll("\n", "\r\n"),
    "",
    long.replaceAll("\n", "\r"),
  );

  test("gives what parsing anew gives", { timeout }, () => {
    fc.assert(
      fc.property(fc.oneof(start, soup), script, (from, edits) => {
        let document = parseDocument(from);
        for (const { at, length, text: piece } of edits) {
          const begin = Math.floor(at * document.text.length);
          document = editDocument(document, { start: begin, end: begin + length, text: piece });
          check(document);
          expect(withoutIds(document)).toEqual(withoutIds(parseDocument(document.text)));
        }
      }),
      { numRuns: 800 },
    );
  });

  test("of the members of a proposal, too", { timeout }, () => {
    const proposal = shippedText("group_bind_join.uapi") ?? "";
    const texts = fc.constantFrom(
      proposal,
      proposal.replaceAll("\n", "\r\n"),
      `use core\n${proposal}${sample}`,
      `proposal p {\n${"  const A = 1\n  op f(a: b) { close a }\n".repeat(6)}}\n`,
      sample + proposal,
    );
    const piece = fc.oneof(
      fc.constantFrom(...tokens),
      fc.constantFrom("a", "", "}", "{", "\n", "// x\n", "(", "and ", "else {"),
    );
    const edits = fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        length: fc.nat(3),
        text: piece,
        isAtCode: fc.boolean(),
        undo: fc.boolean(),
      }),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(texts, edits, (from, script) => {
        let document = parseDocument(from);
        const apply = (start: number, length: number, piece: string): void => {
          document = editDocument(document, { start, end: start + length, text: piece });
          expect(withoutIds(document)).toEqual(withoutIds(parseDocument(document.text)));
        };
        for (const { at, length, text: piece, isAtCode, undo } of script) {
          const near = Math.floor(at * document.length);
          const start = isAtCode ? near + document.text.slice(near).search(/(?<=\n *)\S|$/) : near;
          const gone = document.text.slice(start, start + length);
          apply(start, length, piece);
          if (undo) apply(start, piece.length, gone);
        }
      }),
      { numRuns: 250 },
    );
  });
});
