// The white space between two tokens of a line. Where nothing is known the author's choice stays: one space or none.
// Nothing here may glue two tokens together that would read as one.

import { isComment, type Token } from "./lines.ts";

/** Words that a value follows: what stands behind them is not the argument of a call, nor a second operand. */
const prefixWords = new Set(
  "and or not in is if then else where return require assert destroy give to let new for of enum since until".split(
    " ",
  ),
);
/** Operators with a space on both sides; `-`, `&` and `*` are looked at in their place. */
const binarySymbols = new Set("= == != < <= > >= | + / % - & *".split(" "));

/** What is known about a token from the tokens before it, on this line and the ones above. */
export interface Placed {
  readonly token: Token;
  /** A brace of a set or of an enum: nothing inside it but its elements. */
  readonly tight: boolean;
  /** A `-` or `&` without a left operand, or the `*` of a C type: nothing between it and what follows. */
  readonly prefix: boolean;
  /** A call's `(`, an arrow between a struct and its field: nothing on either side. */
  readonly joined: boolean;
}

/** `before`: the last token that is no comment above the line, if any. */
export function placeTokens(tokens: readonly Token[], before: Token | undefined): readonly Placed[] {
  const partners = braces(tokens);
  const tightBraces = new Set<number>();
  let previous = before;
  return tokens.map((token, index) => {
    const { text } = token;
    if (text === "{" && isTight(tokens, index, previous, partners.get(index))) {
      tightBraces.add(index).add(partners.get(index) ?? index);
    }
    const placed = {
      token,
      tight: tightBraces.has(index),
      prefix: isPrefix(tokens, index, previous),
      joined:
        text === "->" && token.gap === "" && isWord(tokens[index - 1]) && isTightWord(tokens[index + 1]),
    };
    if (!isComment(token)) previous = token;
    return placed;
  });
}

function isWord(token: Token | undefined): boolean {
  return token?.kind === "word";
}

function isTightWord(token: Token | undefined): boolean {
  return token?.kind === "word" && token.gap === "";
}

/** Each brace with the one that belongs to it, if both stand on the line. */
function braces(tokens: readonly Token[]): ReadonlyMap<number, number> {
  const partners = new Map<number, number>();
  const open: number[] = [];
  tokens.forEach(({ text }, index) => {
    if (text === "{") open.push(index);
    if (text !== "}") return;
    const opener = open.pop();
    if (opener !== undefined) partners.set(opener, index).set(index, opener);
  });
  return partners;
}

// `{a, b}` stands where a value is expected; a block, the fields of `new` and C's `{ .a = 1 }` get spaces.
function isTight(
  tokens: readonly Token[],
  index: number,
  previous: Token | undefined,
  partner: number | undefined,
): boolean {
  const next = tokens[index + 1];
  if (partner === undefined || next === undefined || next.text === ".") return false;
  if (previous === undefined) return partner === index + 1;
  if (partner === index + 1) return true;
  // `else {` opens a block, or a set as the value of a conditional.
  if (previous.text === "else") return next.gap === "" && !",;)]?:".includes(next.text);
  return !endsOperand(previous) && previous.text !== "}" && previous.text !== ";";
}

function isPrefix(tokens: readonly Token[], index: number, previous: Token | undefined): boolean {
  const { text } = tokens[index] ?? { text: "" };
  if (text === "*") return isDeclarator(tokens, index);
  if (isForeign(tokens[index - 1], tokens[index])) return false;
  return (text === "-" || text === "&") && (previous === undefined || !endsOperand(previous));
}

/** The `*` of `int *x = …` or `struct at *x = …` at the start of a line. */
function isDeclarator(tokens: readonly Token[], index: number): boolean {
  const starts = index === 1 || (index === 2 && tokens[0]?.text === "struct");
  const [type, name, equals] = [tokens[index - 1], tokens[index + 1], tokens[index + 2]];
  return starts && isWord(type) && isWord(name) && equals?.text === "=";
}

export function endsOperand(token: Token): boolean {
  if (token.kind === "word") return !prefixWords.has(token.text);
  return token.kind !== "symbol" || ")]}?".includes(token.text);
}

export function isBinarySymbol({ kind, text }: Token): boolean {
  return kind === "symbol" && binarySymbols.has(text);
}

/** The white space between two neighbours on a line. */
export function gapBetween(left: Placed, right: Placed): string {
  const { token: before } = left;
  const { token: after } = right;
  if (after.fixed) return after.gap;
  const kept = after.gap === "" ? "" : " ";
  if (isComment(after)) return before.text === "(" || before.text === "[" ? kept : " ";
  if (isComment(before)) return ",;)]".includes(after.text) ? kept : " ";
  if (isForeign(before, after)) return "";
  if (after.kind === "symbol" && ",;)]?".includes(after.text)) return "";
  if (after.text === ":") return before.text === ":" ? kept : "";
  if (before.text === "(" || before.text === "[") return "";
  if (left.joined || right.joined) return "";
  if (after.text === "}") return left.token.text === "{" || right.tight ? "" : " ";
  if (before.text === "{") return left.tight ? "" : " ";
  if (before.text === "." || after.text === ".") return gapAtDot(before, after, kept);
  if (left.prefix) return isBinarySymbol(after) || after.text === "->" ? kept || guard(before, after) : "";
  if (before.text === "," || before.text === ";" || before.text === ":" || before.text === "?") return " ";
  if (after.text === "(")
    return before.kind === "word" && !prefixWords.has(before.text) ? "" : gapBeforeParen(before, kept);
  if (after.text === "{" || before.text === "}" || before.text === ")") return " ";
  if (before.text === "->" || after.text === "->") return " ";
  if (isBinarySymbol(before) || isBinarySymbol(after)) return " ";
  return isSpacedString(before, after) ? " " : kept;
}

// Number and dot keep their distance: `6 .12` is not `6.12`. A dot behind an opening or a comma starts a struct field.
function gapAtDot(before: Token, after: Token, kept: string): string {
  if (before.kind === "number" || after.kind === "number") return kept;
  if (before.text === ".") return after.kind === "word" ? "" : kept;
  if (before.text === "," || before.text === ";" || isBinarySymbol(before)) return " ";
  return endsOperand(before) ? "" : kept;
}

function gapBeforeParen(before: Token, kept: string): string {
  return before.kind === "word" || isBinarySymbol(before) || before.text === "}" ? " " : kept;
}

/** `&&`, `||`, `+=` and the like: no operators of the language, which must not fall apart into some that are. */
function isForeign(before: Token | undefined, after: Token | undefined): boolean {
  if (before === undefined || after === undefined || after.gap !== "") return false;
  if (!isBinarySymbol(before) || !isBinarySymbol(after)) return false;
  return after.text === "=" || (after.text === before.text && after.text !== "-");
}

function isSpacedString(before: Token, after: Token): boolean {
  if (before.kind === "symbol" || after.kind === "symbol") return false;
  return before.kind === "string" || after.kind === "string";
}

/** A prefix stays away from an operator with which it would be another token. */
function guard(before: Token, after: Token): string {
  return /^(?:[=!<]=|->|\/[/*])/.test(before.text + after.text) ? " " : "";
}
