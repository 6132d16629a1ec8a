// Offsets of a text to positions of the protocol and back, in the encoding that client and server agreed on. A position
// outside of the text counts as the nearest place inside, as in the editors. Knows nothing of documents and versions.

import type { Position, Range } from "vscode-languageserver";
import type { LineStarts } from "./line-starts.ts";

export const encodings = ["utf-16", "utf-8", "utf-32"] as const;
export type Encoding = (typeof encodings)[number];

/** A text and its lines, as they are now. */
export interface Lined {
  readonly text: string;
  readonly lines: LineStarts;
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

export function offsetAt({ text, lines }: Lined, { line, character }: Position, encoding: Encoding): number {
  if (line < 0) return 0;
  if (line >= lines.count()) return lines.length();
  const start = lines.start(line);
  const end = lines.end(line);
  const wanted = Math.max(0, character);
  if (encoding === "utf-16") return Math.min(start + wanted, end);
  let offset = start;
  let column = 0;
  while (offset < end) {
    const [units, width] = widthAt(text, offset, end, encoding);
    // Inside of a character is in front of it.
    if (column + width > wanted) break;
    column += width;
    offset += units;
  }
  return offset;
}

export function positionAt({ text, lines }: Lined, offset: number, encoding: Encoding): Position {
  const inside = Math.max(0, Math.min(offset, lines.length()));
  const line = lines.lineAt(inside);
  const start = lines.start(line);
  // Between CR and LF is the end of the line.
  const target = Math.min(inside, lines.end(line));
  if (encoding === "utf-16") return { line, character: target - start };
  let character = 0;
  for (let at = start; at < target; ) {
    const [units, width] = widthAt(text, at, text.length, encoding);
    character += width;
    at += units;
  }
  return { line, character };
}

export function rangeOf(lined: Lined, { start, end }: Span, encoding: Encoding): Range {
  return { start: positionAt(lined, start, encoding), end: positionAt(lined, end, encoding) };
}

/** The units of the character at an offset, and its columns in UTF-8 or UTF-32. A lone surrogate is sent as U+FFFD. */
function widthAt(
  text: string,
  offset: number,
  end: number,
  encoding: Encoding,
): [units: number, width: number] {
  const unit = text.charCodeAt(offset);
  const low = offset + 1 < end ? text.charCodeAt(offset + 1) : 0;
  const isPair = unit >= 0xd800 && unit < 0xdc00 && low >= 0xdc00 && low < 0xe000;
  if (encoding === "utf-32") return [isPair ? 2 : 1, 1];
  if (isPair) return [2, 4];
  return [1, unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3];
}
