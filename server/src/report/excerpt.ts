// Lines of a source with marks below them: which lines to show, and what stands under each. Only the main mark may
// span lines, with a bar at the left; of a related place that does, the first line is marked.
//
//      7 |   BIND(g, ctx)
//        |   ------------ group 26 was bound here
//     ...
//     11 | / group 26 {
//     12 | |   group 27 {}
//     13 | | }
//        | |_^ one group inside another

import { oneLine, wrap } from "../base/columns.ts";
import { type Lines, lineEnd, lineText, positionAt } from "../base/lines.ts";
import { type Focus, type LineView, viewOfLine } from "./line-view.ts";
import { type LineMark, markRows } from "./mark-rows.ts";
import type { Piece, Style } from "./paint.ts";

export interface Mark {
  readonly start: number;
  readonly end: number;
  readonly label: string;
  /** The finding itself; the others are places that explain it. */
  readonly main: boolean;
}

export interface ExcerptRow {
  /** The number of a source line, null for what stands below one, "gap" for lines that are left out. */
  readonly line: number | "gap" | null;
  readonly pieces: readonly Piece[];
}

export interface ExcerptOptions {
  /** Columns behind the gutter. */
  readonly width: number;
  readonly mainStyle: Style;
}

/** A mark's lines, from 1, and its ends in UTF-16 units within the first and the last of them. */
interface Placed extends Mark {
  readonly first: number;
  readonly last: number;
  readonly from: number;
  readonly to: number;
}

/** Of a longer span these many lines are shown at its start and at its end. */
const shownHead = 4;
const shownTail = 2;

export function excerptRows(lines: Lines, marks: readonly Mark[], options: ExcerptOptions): ExcerptRow[] {
  const placed = marks.map((mark) => place(lines, mark));
  const bar = placed.find(({ main, first, last }) => main && last > first);
  if (bar === undefined) return plainRows(lines, placed, options);
  return barredRows(lines, placed, bar, { ...options, width: options.width - 2 });
}

/** The highest line number that an excerpt of these marks shows. */
export function lastShownLine(lines: Lines, marks: readonly Mark[]): number {
  return Math.max(1, ...shownLines(marks.map((mark) => place(lines, mark))));
}

function place(lines: Lines, mark: Mark): Placed {
  const start = positionAt(lines, mark.start);
  // Trailing space and line breaks are nothing that one would point at.
  const text = lines.text.slice(mark.start, mark.end).trimEnd();
  const end = positionAt(lines, mark.start + text.length);
  const from = start.column - 1;
  if (end.line === start.line || mark.main) {
    return { ...mark, first: start.line, last: end.line, from, to: end.column - 1 };
  }
  const to = lineEnd(lines, start.line) - (lines.starts[start.line - 1] ?? 0);
  return { ...mark, first: start.line, last: start.line, from, to };
}

function shownLines(placed: readonly Placed[]): number[] {
  const shown = new Set<number>();
  for (const { first, last } of placed) {
    const long = last - first + 1 > shownHead + shownTail + 1;
    for (let line = first; line <= last; line += 1) {
      // Nothing is to be seen in the middle of a long span.
      if (long && line === first + shownHead) line = last - shownTail + 1;
      shown.add(line);
    }
  }
  const sorted = [...shown].toSorted((a, b) => a - b);
  // `...` for a single line would save nothing.
  const single = sorted.filter((line, index) => line === (sorted[index - 1] ?? 0) + 2 && index > 0);
  return [...sorted, ...single.map((line) => line - 1)].toSorted((a, b) => a - b);
}

function plainRows(lines: Lines, placed: readonly Placed[], options: ExcerptOptions): ExcerptRow[] {
  return eachLine(placed, (line) => {
    const marks = marksOn(placed, line, options);
    const view = viewOfLine(lineText(lines, line), marks, options.width);
    return [sourceRow(line, view), ...markRows(marks, view, options.width).map(below)];
  });
}

function barredRows(
  lines: Lines,
  placed: readonly Placed[],
  bar: Placed,
  options: ExcerptOptions,
): ExcerptRow[] {
  const style = options.mainStyle;
  const others = placed.filter((mark) => mark !== bar);
  const atIndent = lineText(lines, bar.first).slice(0, bar.from).trim() === "";
  const withBar = (row: ExcerptRow, sign: string): ExcerptRow => ({
    line: row.line,
    pieces: [{ text: `${sign} `, style }, ...row.pieces],
  });
  const rows = eachLine(placed, (line) => {
    const marks = marksOn(others, line, options);
    const opens = line === bar.first;
    const closes = line === bar.last;
    const tip: Focus[] = opens
      ? [{ from: bar.from, to: bar.from + 1, main: true }]
      : closes
        ? [{ from: bar.to - 1, to: bar.to, main: true }]
        : [];
    const view = viewOfLine(lineText(lines, line), [...marks, ...tip], options.width);
    const inside = line > bar.first && line <= bar.last;
    const sign = inside ? "|" : opens && atIndent ? "/" : " ";
    const after = inside || (opens && atIndent) ? "|" : " ";
    const shown = withBar(sourceRow(line, view), sign);
    const found = markRows(marks, view, options.width).map((pieces) => withBar(below(pieces), after));
    if (opens && !atIndent) found.push(elbow(" ", view.columnOf(bar.from), "", options));
    if (closes) found.push(...closing(view.columnOf(bar.to - 1), oneLine(bar.label), options));
    return [shown, ...found];
  });
  return rows.map((row, index) => {
    if (row.line !== "gap") return row;
    const before = rows.slice(0, index).findLast(({ line }) => typeof line === "number")?.line;
    const inside = typeof before === "number" && before >= bar.first && before < bar.last;
    return inside ? withBar(row, "|") : row;
  });
}

/** The row that leads from the bar to where the span begins or ends. */
function elbow(sign: string, column: number, label: string, options: ExcerptOptions): ExcerptRow {
  const text = `${sign}${"_".repeat(column + 1)}^${label === "" ? "" : ` ${label}`}`;
  return below([{ text, style: options.mainStyle }]);
}

function closing(column: number, label: string, options: ExcerptOptions): ExcerptRow[] {
  const taken = column + 2;
  const [first = "", ...more] = wrap(label, Math.max(options.width - taken, 28));
  const rest = more.map((text) => below([{ text: " ".repeat(taken + 2) + text, style: options.mainStyle }]));
  return [elbow("|", column, first, options), ...rest];
}

function eachLine(placed: readonly Placed[], rowsOf: (line: number) => ExcerptRow[]): ExcerptRow[] {
  const shown = shownLines(placed);
  return shown.flatMap((line, index) => {
    const previous = shown[index - 1];
    const gap: ExcerptRow[] =
      previous !== undefined && line > previous + 1 ? [{ line: "gap", pieces: [] }] : [];
    return [...gap, ...rowsOf(line)];
  });
}

function marksOn(placed: readonly Placed[], line: number, options: ExcerptOptions): LineMark[] {
  return placed
    .filter(({ first }) => first === line)
    .map(({ from, to, label, main }) => ({
      from,
      to,
      label: oneLine(label),
      main,
      style: main ? options.mainStyle : "related",
    }));
}

function sourceRow(line: number, view: LineView): ExcerptRow {
  return { line, pieces: [{ text: view.text, style: "plain" }] };
}

function below(pieces: readonly Piece[]): ExcerptRow {
  return { line: null, pieces };
}
