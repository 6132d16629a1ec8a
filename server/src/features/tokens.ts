// The tokens of a piece of text, and which brackets are open at its end. The grammar's Tokens rule is the only lexer.

import { parse } from "../syntax/generated/parser.js";
import { isIdentPart } from "../syntax/words.ts";

export interface Token {
  readonly kind: "doc" | "comment" | "string" | "unclosed" | "number" | "word" | "symbol";
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

interface RawToken extends Omit<Token, "kind"> {
  readonly kind: Token["kind"] | "space" | "newline";
}

/** Offsets are moved by `from`. */
export function tokensOf(text: string, from = 0): readonly Token[] {
  // The parser's result is unknown by type; the Tokens rule yields nothing but these.
  const raw = parse(text, { startRule: "Tokens" }) as readonly RawToken[];
  return raw.flatMap(({ kind, text: written, start, end }): Token[] =>
    kind === "space" || kind === "newline"
      ? []
      : [{ kind, text: written, start: start + from, end: end + from }],
  );
}

export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The name or number that touches an offset; a name in front of it counts, for the pointer is often behind it. */
export function wordAt(text: string, offset: number): Word | null {
  let start = Math.min(offset, text.length);
  while (start > 0 && isIdentPart(text.charCodeAt(start - 1))) start--;
  let end = Math.min(offset, text.length);
  while (end < text.length && isIdentPart(text.charCodeAt(end))) end++;
  return start === end ? null : { text: text.slice(start, end), start, end };
}

/** A bracket that is open behind the last of some tokens. */
export interface OpenBracket {
  readonly bracket: string;
  /** Of the bracket itself, in the list of tokens. */
  readonly index: number;
  /** Where the part behind the last comma begins. */
  readonly part: number;
  /** How many commas there are. */
  readonly commas: number;
}

const closing: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/** Outermost first. A closing bracket that fits none is passed over. */
export function openBrackets(tokens: readonly Token[]): readonly OpenBracket[] {
  const open: OpenBracket[] = [];
  tokens.forEach(({ kind, text }, index) => {
    if (kind !== "symbol") return;
    if (text === "(" || text === "[" || text === "{")
      open.push({ bracket: text, index, part: index + 1, commas: 0 });
    else if (closing[text] !== undefined) {
      const at = open.findLastIndex(({ bracket }) => bracket === closing[text]);
      if (at !== -1) open.length = at;
    } else if (text === ",") {
      const last = open.pop();
      if (last !== undefined) open.push({ ...last, part: index + 1, commas: last.commas + 1 });
    }
  });
  return open;
}
