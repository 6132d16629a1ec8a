// Where the lines of a text begin: offsets to lines and columns and back. Lines end with LF, CRLF or CR, as in
// editors. Knows nothing of tabs and widths: a column counts UTF-16 units.

/** Both from 1, as people and compilers count. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Lines {
  readonly text: string;
  /** The offset at which each line starts; the first is 0. */
  readonly starts: readonly number[];
}

const LF = 10;
const CR = 13;

export function linesOf(text: string): Lines {
  const starts = [0];
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    const ends = unit === LF || (unit === CR && text.charCodeAt(index + 1) !== LF);
    if (ends) starts.push(index + 1);
  }
  return { text, starts };
}

/** An offset outside the text counts as the nearest end of the text. */
export function positionAt(lines: Lines, offset: number): Position {
  const inside = clampOffset(lines, offset);
  const index = lineIndexAt(lines.starts, inside);
  return { line: index + 1, column: inside - (lines.starts[index] ?? 0) + 1 };
}

/** The offset of a position; one behind the end of its line counts as that end, one behind the text as its end. */
export function offsetAt(lines: Lines, position: Position): number {
  const start = lines.starts[position.line - 1];
  if (start === undefined) return position.line < 1 ? 0 : lines.text.length;
  return Math.min(start + Math.max(position.column - 1, 0), lineEnd(lines, position.line));
}

/** A line's text without its line break; empty for a line that does not exist. */
export function lineText(lines: Lines, line: number): string {
  return lines.text.slice(lines.starts[line - 1] ?? lines.text.length, lineEnd(lines, line));
}

/** The offset behind the last unit of a line, in front of its line break. */
export function lineEnd(lines: Lines, line: number): number {
  const next = lines.starts[line];
  if (next === undefined) return lines.text.length;
  const isCrLf = lines.text.charCodeAt(next - 1) === LF && lines.text.charCodeAt(next - 2) === CR;
  return next - (isCrLf ? 2 : 1);
}

function clampOffset(lines: Lines, offset: number): number {
  return Math.min(Math.max(Math.trunc(offset) || 0, 0), lines.text.length);
}

/** The last line that starts at or before the offset. */
function lineIndexAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
