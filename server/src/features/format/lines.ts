// A text as lines of tokens. The grammar's Tokens rule is the only lexer; here its tokens are sorted into lines, and
// what must not be touched is marked. Knows nothing of how a line should look.

import { parse } from "../../syntax/generated/parser.js";

export type TokenKind = "doc" | "comment" | "string" | "unclosed" | "number" | "word" | "symbol";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** The white space that stands before it on its line. */
  readonly gap: string;
  /** Part of a message with quotes inside a hole, `"{d == "x"}"`: the gap may be text, so it stays as it is. */
  readonly fixed: boolean;
}

/** Without its line break. A token of several lines, as a block comment, belongs to the line on which it starts. */
export interface Line {
  readonly tokens: readonly Token[];
}

interface RawToken {
  readonly kind: TokenKind | "space" | "newline";
  readonly text: string;
}

/** Whether the lexer is inside a message: no; up to the end of the line; or until a quote that is left over. */
type Inside = "none" | "line" | "hole";

export function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  let tokens: Token[] = [];
  let gap = "";
  let inside: Inside = "none";
  for (const { kind, text: written } of tokensOf(text)) {
    if (kind === "space") {
      gap += written;
      continue;
    }
    if (kind === "newline") {
      lines.push({ tokens });
      tokens = [];
      gap = "";
      if (inside === "line") inside = "none";
      continue;
    }
    tokens.push({ kind, text: written, gap, fixed: inside !== "none" });
    gap = "";
    inside = insideAfter(inside, kind, written);
  }
  lines.push({ tokens });
  return lines;
}

function insideAfter(inside: Inside, kind: TokenKind, text: string): Inside {
  if (inside === "hole") return kind === "unclosed" && text.startsWith('"') ? "line" : "hole";
  if (kind === "unclosed") return endsInHole(text) ? "hole" : inside;
  return kind === "string" && endsInHole(text) ? "line" : inside;
}

/**
 * The lexer ends a string at the next quote, the grammar allows quotes inside the holes of a message. True when a
 * message that starts like this may go on behind that quote. A comment in a hole may hide its brace: true as well.
 */
function endsInHole(text: string): boolean {
  if (!text.startsWith('"')) return false;
  if (text.includes("{") && /\/[/*]/.test(text)) return true;
  let depth = 0;
  for (let index = 1; index < text.length; index += 1) {
    const char = text[index];
    if (depth === 0 && (char === "\\" || text.startsWith("{{", index))) index += 1;
    else if (char === "{") depth += 1;
    else if (char === "}" && depth > 0) depth -= 1;
  }
  return depth > 0;
}

// The parser's result is unknown by type; the Tokens rule yields nothing but these.
function tokensOf(text: string): readonly RawToken[] {
  return parse(text, { startRule: "Tokens" }) as readonly RawToken[];
}

export function isComment({ kind, text }: Token): boolean {
  return kind === "comment" || kind === "doc" || (kind === "unclosed" && text.startsWith("/*"));
}

/** A comment that ends with its line. */
export function isLineComment({ kind, text }: Token): boolean {
  return kind === "doc" || (kind === "comment" && text.startsWith("//"));
}
