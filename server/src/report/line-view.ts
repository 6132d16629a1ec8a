// One source line as a report shows it: tabs as spaces, control characters escaped, and cut around the marks when it
// is too long, because a wrapped source line can no longer be told from two.

import { cellsOf } from "../base/columns.ts";

export interface LineView {
  readonly text: string;
  /** The column of a UTF-16 unit of the line; one that is cut away is at the nearest edge. */
  readonly columnOf: (unit: number) => number;
}

export interface Focus {
  readonly from: number;
  readonly to: number;
  /** Stays in sight when not all of them can. */
  readonly main: boolean;
}

/** What is kept of the line in front of the marks when it is cut, and behind them, where a label wants to be. */
const before = 4;
const behind = 30;

export function viewOfLine(source: string, focus: readonly Focus[], width: number): LineView {
  const cells = cellsOf(source.trimEnd() === "" ? "" : source);
  const columns: number[] = [];
  let total = 0;
  for (const cell of cells) {
    columns.push(total);
    total += cell.width;
  }
  const columnOfUnit = (unit: number): number => {
    let found = total + Math.max(0, unit - source.length);
    for (let index = cells.length - 1; index >= 0; index -= 1) {
      const cell = cells[index];
      if (cell === undefined || cell.start < unit) break;
      found = columns[index] ?? 0;
    }
    return found;
  };

  const low = total <= width ? 0 : firstColumn(focus, columnOfUnit, { width, total });
  const high = low + width;
  const cutLeft = low > 0;
  const cutRight = total > high;
  let text = cutLeft ? "…" : "";
  let end = cutLeft ? 1 : 0;
  cells.forEach((cell, index) => {
    const column = (columns[index] ?? 0) - low;
    if (column < (cutLeft ? 1 : 0) || column + cell.width > width - (cutRight ? 1 : 0)) return;
    // A wide character that is cut in half leaves a column empty.
    text += " ".repeat(Math.max(0, column - end)) + cell.text;
    end = column + cell.width;
  });
  const shown = (cutRight ? `${text}…` : text).trimEnd();
  return {
    text: shown,
    columnOf: (unit) => Math.min(Math.max(columnOfUnit(unit) - low, 0), width - 1),
  };
}

/** From which column on a line that is too long is shown: with all marks, else the main ones, else their start. */
function firstColumn(
  focus: readonly Focus[],
  columnOf: (unit: number) => number,
  size: { readonly width: number; readonly total: number },
): number {
  for (const marks of [focus, focus.filter(({ main }) => main)]) {
    if (marks.length === 0) continue;
    const left = Math.min(...marks.map(({ from }) => columnOf(from)));
    const right = Math.max(...marks.map(({ to }) => columnOf(to)));
    if (right < size.width) return 0;
    const latest = size.total - size.width;
    if (right - left + before < size.width) {
      return Math.max(0, Math.min(left - before, right + behind - size.width, latest));
    }
    if (marks.every(({ main }) => main)) return Math.max(0, Math.min(left - before, latest));
  }
  return 0;
}
