// Formats a text in the manner of gofmt: line breaks and comments are the author's, indentation and spaces are ours.
// It works on tokens, so that it needs no tree: a text with errors is formatted as well. Nothing but white space
// ever changes; strings, and the insides of comments, do not change at all.

import { align, alignOutcomes, type Cut } from "./format/alignment.ts";
import { indentationOf } from "./format/indentation.ts";
import { isComment, isLineComment, type Line, linesOf, type Token } from "./format/lines.ts";
import { gapBetween, placeTokens } from "./format/spacing.ts";

/** In UTF-16 units. Longer texts are made by machines, take seconds to lex, and are left as they are. */
const longestText = 1_000_000;

const byteOrderMark = "\ufeff";
/** White space as the grammar has it. */
const whiteSpace = /[ \t\r\n\f\v\u00a0\ufeff]+/g;
const spaces = " \t\r\n\f\v\u00a0\ufeff";

/** The formatted text. The line ending of the first line is used for all; a byte order mark stays. */
export function formatText(text: string): string {
  if (text.length > longestText) return text;
  const mark = text.startsWith(byteOrderMark) ? byteOrderMark : "";
  const lineBreak = /\r\n|\r|\n/.exec(text)?.[0] ?? "\n";
  const body = formatLines(linesOf(text.slice(mark.length)))
    .map((line) => `${line.replace(/\r\n|[\r\n]/g, lineBreak)}${lineBreak}`)
    .join("");
  const result = mark + body;
  return sameText(text, result) ? result : text;
}

/** The last word on safety: whatever the rules above do, no character of the author gets lost or moves. */
function sameText(left: string, right: string): boolean {
  return left.replace(whiteSpace, "") === right.replace(whiteSpace, "");
}

function formatLines(lines: readonly Line[]): readonly string[] {
  const kept = withoutBlankRuns(lines);
  const columns = indentationOf(kept);
  const written: Written[] = [];
  let before: Token | undefined;
  kept.forEach((line, index) => {
    written.push(write(line, before, columns[index] ?? 0));
    before = line.tokens.findLast((token) => !isComment(token)) ?? before;
  });
  const steps = alignOutcomes(
    written.map(({ code, outcome, ends }) => ({ head: code.head, tail: outcome ? code.tail : "", ends })),
  );
  const code = align(
    written.map(({ code, outcome }, index) => ({ head: steps[index] ?? "", tail: outcome ? "" : code.tail })),
  );
  return align(written.map(({ comment }, index) => ({ head: code[index] ?? "", tail: comment })));
}

/** At most one blank line in a row, and none at the start, the end or the inner edges of a block. */
function withoutBlankRuns(lines: readonly Line[]): readonly Line[] {
  const kept: Line[] = [];
  let blank = false;
  let before: Token | undefined;
  for (const line of lines) {
    const [first] = line.tokens;
    if (first === undefined) {
      blank = true;
      continue;
    }
    const last = kept[kept.length - 1];
    const edge = last === undefined || isBracket(before, "{(") || isBracket(first, "})");
    if (blank && !edge) kept.push({ tokens: [] });
    blank = false;
    kept.push(line);
    before = line.tokens.findLast((token) => !isLineComment(token));
  }
  return kept;
}

function isBracket(token: Token | undefined, brackets: string): boolean {
  return token?.kind === "symbol" && brackets.includes(token.text);
}

interface Written {
  /** The line without the comment at its end, cut before the `else` of a require or the outcome of a step. */
  readonly code: Cut;
  /** It is cut before an outcome. */
  readonly outcome: boolean;
  /** A blank line, or one that opens or closes a block. */
  readonly ends: boolean;
  readonly comment: string;
}

function write({ tokens }: Line, before: Token | undefined, indentation: number): Written {
  const placed = placeTokens(tokens, before);
  const last = tokens[tokens.length - 1];
  const hasComment = tokens.length > 1 && last !== undefined && isLineComment(last) && !last.fixed;
  const outcomeAt = outcomeOf(tokens);
  const cut = outcomeAt === -1 ? elseOf(tokens) : outcomeAt;
  const outcome = outcomeAt !== -1;
  const ends = last === undefined || tokens.some((token) => isBracket(token, "{}"));
  let head = "";
  let text = "";
  placed.forEach((right, index) => {
    if (hasComment && index === placed.length - 1) return;
    const left = placed[index - 1];
    const { token } = right;
    if (index === cut) {
      head = text;
      text = "";
    } else if (left === undefined) text += token.fixed ? token.gap : " ".repeat(indentation);
    else text += gapBetween(left, right);
    text += isComment(token) || token.kind === "unclosed" ? trimmedLines(token.text) : token.text;
  });
  const comment = hasComment ? trimmedLines(last.text) : "";
  // Behind a block comment of several lines there is no column to align.
  if (text.includes("\n"))
    return {
      code: { head: comment === "" ? text : `${text} ${comment}`, tail: "" },
      outcome: false,
      ends,
      comment: "",
    };
  return { code: cut === -1 ? { head: text, tail: "" } : { head, tail: text }, outcome, ends, comment };
}

/** A token of one or more lines without the white space at their ends. */
function trimmedLines(text: string): string {
  return trimmed(text)
    .split(/\r\n|[\r\n]/)
    .map(trimmed)
    .join("\n");
}

// A loop, as a regular expression would start anew at every space.
function trimmed(text: string): string {
  let end = text.length;
  while (end > 0 && spaces.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** The `else` of a line that starts with `require`: the one that belongs to no `then`; -1 without one. */
function elseOf(tokens: readonly Token[]): number {
  if (tokens[0]?.text !== "require") return -1;
  let depth = 0;
  let pending = 0;
  let found = -1;
  for (const [index, { kind, text, fixed }] of tokens.entries()) {
    if (fixed || text.includes("\n")) return -1;
    if (kind === "symbol" && "({".includes(text)) depth += 1;
    if (kind === "symbol" && ")}".includes(text)) depth -= 1;
    if (kind !== "word" || depth !== 0) continue;
    if (text === "then") pending += 1;
    if (text === "else" && pending === 0 && found === -1) found = index;
    else if (text === "else") pending -= 1;
  }
  return found;
}

/** The word with which the outcome of a step begins, behind a call; -1 without one. */
function outcomeOf(tokens: readonly Token[]): number {
  if (tokens.some(({ fixed, text }) => fixed || text.includes("\n"))) return -1;
  return tokens.findIndex(({ kind, text }, index) => {
    const before = tokens[index - 1];
    const after = tokens[index + 1];
    if (kind !== "word" || (!isBracket(before, ")") && !isBracket(before, ";"))) return false;
    if (text === "fails") return true;
    if (text === "violates") return after?.kind === "word";
    return text === "ok" && (after === undefined || isComment(after) || after.text === "or");
  });
}
