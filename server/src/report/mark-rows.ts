// What stands below one source line: the marks, and their labels, the rightmost beside its mark and the others under
// theirs, so that no label hides another.
//
//     open(a, b)
//     -----^--- label of the rightmost mark
//     |    |
//     |    label of the second
//     label of the first

import { widthOf, wrap } from "../base/columns.ts";
import type { LineView } from "./line-view.ts";
import type { Piece, Style } from "./paint.ts";

/** From and to in UTF-16 units of the line. */
export interface LineMark {
  readonly from: number;
  readonly to: number;
  readonly label: string;
  readonly main: boolean;
  readonly style: Style;
}

interface Placed extends LineMark {
  /** In columns. */
  readonly left: number;
  readonly right: number;
}

interface At {
  readonly column: number;
  readonly text: string;
  readonly style: Style;
}

/** Narrower blocks of text than this are hard to read. */
const narrow = 28;

export function markRows(marks: readonly LineMark[], view: LineView, width: number): Piece[][] {
  if (marks.length === 0) return [];
  const placed = marks
    .map((mark): Placed => {
      const left = view.columnOf(mark.from);
      return { ...mark, left, right: Math.max(left + 1, view.columnOf(mark.to)) };
    })
    .toSorted((a, b) => b.left - a.left || b.right - a.right);
  const labelled = placed.filter(({ label }) => label !== "");
  const inline = labelled[0];
  const end = Math.max(...placed.map(({ right }) => right));
  const room = inline === undefined ? 0 : width - end - 1;
  const fits =
    inline !== undefined &&
    inline.right === end &&
    placed.every((other) => other === inline || other.left < inline.left || other.label === "") &&
    (widthOf(inline.label) <= room || room >= narrow);
  const hanging = fits ? labelled.slice(1) : labelled;
  const lines = fits ? wrap(inline.label, room) : [];
  const rows = [row([...signs(placed), ...lines.slice(0, 1).map((text) => at(end + 1, text, inline))])];
  for (const text of lines.slice(1)) rows.push(row([...bars(hanging), at(end + 1, text, inline)]));
  if (hanging.length > 1 || (fits && hanging.length > 0)) rows.push(row(bars(hanging)));
  hanging.forEach((mark, index) => {
    const waiting = hanging.slice(index + 1).filter(({ left }) => left < mark.left);
    const least = waiting[0] === undefined ? 0 : waiting[0].left + 2;
    const block = labelBlock(mark.label, { left: mark.left, least, width });
    for (const text of block.lines) rows.push(row([...bars(waiting), at(block.column, text, mark)]));
  });
  return rows;
}

/** A label below its mark: moved to the left until it fits, but not further than `least`, the label left of it. */
function labelBlock(
  label: string,
  place: { readonly left: number; readonly least: number; readonly width: number },
): { readonly column: number; readonly lines: readonly string[] } {
  const size = widthOf(label);
  const fits = place.least + size <= place.width;
  const wanted = Math.min(place.left, place.width - (fits ? size : narrow));
  const column = Math.max(place.least, wanted);
  return { column, lines: wrap(label, Math.max(narrow / 2, place.width - column)) };
}

function at(column: number, text: string, mark: Placed | undefined): At {
  return { column, text, style: mark?.style ?? "plain" };
}

/** The marks in one row: the longer first, so that a shorter one inside it is seen. */
function signs(marks: readonly Placed[]): At[] {
  const row: At[] = [];
  const order = marks.toSorted(
    (a, b) => b.right - b.left - (a.right - a.left) || Number(a.main) - Number(b.main),
  );
  for (const { left, right, main, style } of order) {
    for (let column = left; column < right; column += 1)
      row[column] = { column, text: main ? "^" : "-", style };
  }
  return row.filter((sign) => sign !== undefined);
}

function bars(marks: readonly Placed[]): At[] {
  const columns = new Map(marks.map(({ left, style }) => [left, style] as const));
  return [...columns].map(([column, style]) => ({ column, text: "|", style }));
}

function row(parts: readonly At[]): Piece[] {
  const pieces: { text: string; style: Style }[] = [];
  let column = 0;
  for (const part of parts.toSorted((a, b) => a.column - b.column)) {
    if (part.column > column) pieces.push({ text: " ".repeat(part.column - column), style: "plain" });
    const last = pieces.at(-1);
    if (last !== undefined && last.style === part.style) last.text += part.text;
    else pieces.push({ text: part.text, style: part.style });
    column = Math.max(column, part.column) + widthOf(part.text);
  }
  return pieces;
}
