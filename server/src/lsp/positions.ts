// Offsets of a text to positions of the protocol and back, in the encoding that client and server agreed on. A position
// outside of the text counts as the nearest place inside, as in the editors. Knows nothing of documents and versions.

import type { Position, Range } from "vscode-languageserver";
import type { LineStarts } from "./line-starts.ts";

const encodings = ["utf-16", "utf-8", "utf-32"] as const;
export type Encoding = (typeof encodings)[number];

/** A text and its lines, as they are now. Nobody has to put the text together to find a place in it. */
export interface Lined {
  readonly lines: LineStarts;
  readonly slice: (start: number, end: number) => string;
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The first of the client's encodings that the server has too; what a client does not say is UTF-16. */
export function chooseEncoding(wanted: readonly string[] | undefined): Encoding {
  for (const name of wanted ?? []) {
    const found = encodings.find((encoding) => encoding === name);
    if (found !== undefined) return found;
  }
  return "utf-16";
}

export function offsetAt({ lines, slice }: Lined, position: Position, encoding: Encoding): number {
  const line = Math.trunc(position.line);
  const wanted = Math.max(0, Math.trunc(position.character));
  if (line < 0) return 0;
  if (line >= lines.count()) return lines.length();
  const start = lines.start(line);
  const end = lines.end(line);
  if (encoding === "utf-16") return Math.min(start + wanted, end);
  const text = slice(start, end);
  let offset = 0;
  for (let column = 0; offset < text.length; ) {
    const [units, width] = sizeAt(text, offset, encoding);
    column += width;
    // Inside of a character is in front of it.
    if (column > wanted) break;
    offset += units;
  }
  return start + offset;
}

export function positionAt({ lines, slice }: Lined, offset: number, encoding: Encoding): Position {
  const inside = Math.max(0, Math.min(offset, lines.length()));
  const line = lines.lineAt(inside);
  const start = lines.start(line);
  // Between CR and LF is the end of the line.
  const end = Math.min(inside, lines.end(line));
  if (encoding === "utf-16") return { line, character: end - start };
  // One more: inside of a character is in front of it.
  const text = slice(start, end + 1);
  let character = 0;
  for (let at = 0; start + at < end; ) {
    const [units, width] = sizeAt(text, at, encoding);
    at += units;
    if (start + at <= end) character += width;
  }
  return { line, character };
}

export function rangeOf(lined: Lined, { start, end }: Span, encoding: Encoding): Range {
  return { start: positionAt(lined, start, encoding), end: positionAt(lined, end, encoding) };
}

/** The units of the character at an offset, and its columns in UTF-8 or UTF-32. A lone surrogate counts as U+FFFD. */
function sizeAt(text: string, offset: number, encoding: Encoding): [units: number, width: number] {
  const unit = text.charCodeAt(offset);
  const low = text.charCodeAt(offset + 1);
  const isPair = unit >= 0xd800 && unit < 0xdc00 && low >= 0xdc00 && low < 0xe000;
  if (encoding === "utf-32") return [isPair ? 2 : 1, 1];
  if (isPair) return [2, 4];
  return [1, unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3];
}
