// Findings as text, for terminals and mails: header, excerpt with carets, help and notes. Never wider than asked for
// but for a single long word. Same input, same bytes.

import { escaped, oneLine, wrap } from "../base/columns.ts";
import type { Finding, Severity } from "../base/finding.ts";
import { positionAt } from "../base/lines.ts";
import { type ExcerptRow, excerptRows, lastShownLine, type Mark } from "./excerpt.ts";
import type { Paint, Piece, Style } from "./paint.ts";
import type { Sources } from "./sources.ts";

export interface TextOptions {
  /** In columns. */
  readonly width: number;
  readonly paint: Paint;
}

/** What a run has looked at, for the last line. */
export interface Totals {
  readonly files: number;
  readonly scenarios: number;
  readonly steps: number;
}

interface Section {
  readonly uri: string;
  readonly marks: readonly Mark[];
}

/** One finding, without a line break at the end. */
export function findingText(finding: Finding, sources: Sources, options: TextOptions): string {
  const sections = sectionsOf(finding);
  const lastLines = sections.map(({ uri, marks }) => {
    const lines = sources(uri);
    return lines === null ? 1 : lastShownLine(lines, marks);
  });
  const gutter = String(Math.max(...lastLines)).length;
  const rows = sections.flatMap((section, index) => [
    ...(index === 0 ? [] : [gutterRow("", gutter, [])]),
    ...sectionRows(section, index === 0 ? "-->" : ":::", sources, {
      gutter,
      ...options,
      severity: finding.severity,
    }),
  ]);
  const facts = [
    ...finding.help.flatMap((line) => factRows("help", line, gutter, options.width)),
    ...finding.notes.flatMap((line) => noteRows(line, gutter, options.width)),
  ];
  return [...headerRows(finding, options.width), ...rows, ...facts]
    .map((pieces) => options.paint(trimmed(pieces)))
    .join("\n");
}

/** All findings with a blank line between them, and the summary as the last line. */
export function reportText(
  findings: readonly Finding[],
  totals: Totals,
  sources: Sources,
  options: TextOptions,
): string {
  const texts = findings.map((finding) => `${findingText(finding, sources, options)}\n\n`);
  return `${texts.join("")}${summaryLine(findings, totals, options.paint)}\n`;
}

/** `12 scenarios, 140 steps: clean` or `2 errors, 1 warning in 3 of 8 files`. */
export function summaryLine(findings: readonly Finding[], totals: Totals, paint: Paint): string {
  const severities: readonly Severity[] = ["error", "warning", "info", "hint"];
  const counts = severities.flatMap((severity): Piece[][] => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [[{ text: plural(count, severity), style: severity }]];
  });
  const where: Piece = { text: ` in ${placesText(findings, totals)}`, style: "plain" };
  const listed = counts.flatMap((count, index) =>
    index === 0 ? count : [{ text: ", ", style: "plain" } as const, ...count],
  );
  if (findings.some(({ severity }) => severity === "error" || severity === "warning")) {
    return paint([...listed, where]);
  }
  const ran = `${plural(totals.scenarios, "scenario")}, ${plural(totals.steps, "step")}: `;
  const clean: Piece[] = [
    { text: ran, style: "plain" },
    { text: "clean", style: "hint" },
  ];
  return paint(listed.length === 0 ? clean : [...clean, { text: "; ", style: "plain" }, ...listed, where]);
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function placesText(findings: readonly Finding[], totals: Totals): string {
  const touched = new Set(findings.map(({ uri }) => uri)).size;
  if (totals.files <= 1 || touched > totals.files) return plural(touched, "file");
  return `${touched} of ${plural(totals.files, "file")}`;
}

function headerRows(finding: Finding, width: number): Piece[][] {
  const head = `${finding.severity}[${oneLine(finding.code)}]`;
  const hang = 4;
  const lines = wrap(oneLine(finding.message), width - hang, { first: head.length + 2 - hang });
  return lines.map((line, index) =>
    index === 0
      ? [
          { text: head, style: finding.severity },
          { text: `: ${line}`, style: "bold" },
        ]
      : [{ text: " ".repeat(hang) + line, style: "bold" }],
  );
}

/** The finding's own file first; then the other files, in the order in which they are mentioned. */
function sectionsOf(finding: Finding): Section[] {
  const main: Mark = { start: finding.start, end: finding.end, label: finding.label ?? "", main: true };
  const marks = new Map<string, Mark[]>([[finding.uri, [main]]]);
  for (const { uri, start, end, message } of finding.related) {
    const mark: Mark = { start, end, label: message, main: false };
    marks.set(uri, [...(marks.get(uri) ?? []), mark]);
  }
  return [...marks].map(([uri, list]) => ({ uri, marks: list }));
}

function sectionRows(
  section: Section,
  arrow: string,
  sources: Sources,
  options: TextOptions & { readonly gutter: number; readonly severity: Severity },
): Piece[][] {
  const lines = sources(section.uri);
  const sign: Piece = { text: `${" ".repeat(options.gutter)}${arrow} `, style: "gutter" };
  const name = escaped(section.uri);
  const first = section.marks[0];
  if (lines === null || first === undefined) {
    const labels = section.marks.filter(({ label }) => label !== "").map(({ label }) => oneLine(label));
    return [[sign, { text: [name, ...labels].join(": "), style: "plain" }]];
  }
  const { line, column } = positionAt(lines, first.start);
  const width = options.width - options.gutter - 3;
  const rows = excerptRows(lines, section.marks, { width, mainStyle: options.severity });
  return [
    [sign, { text: `${name}:${line}:${column}`, style: "plain" }],
    gutterRow("", options.gutter, []),
    ...rows.map((row) => excerptRow(row, options.gutter)),
  ];
}

function excerptRow(row: ExcerptRow, gutter: number): Piece[] {
  if (row.line === "gap") return [{ text: "...".padEnd(gutter + 3), style: "gutter" }, ...row.pieces];
  return gutterRow(row.line === null ? "" : String(row.line), gutter, row.pieces);
}

function gutterRow(number: string, gutter: number, pieces: readonly Piece[]): Piece[] {
  return [{ text: `${number.padStart(gutter)} | `, style: "gutter" }, ...pieces];
}

function factRows(name: string, text: string, gutter: number, width: number): Piece[][] {
  const indent = gutter + 1;
  const head = `= ${name}: `;
  const style: Style = "bold";
  const lines = wrap(oneLine(text), width - indent - head.length);
  return lines.map((line, index) =>
    index === 0
      ? [
          { text: " ".repeat(indent), style: "plain" },
          { text: "= ", style: "gutter" },
          { text: `${name}:`, style },
          { text: ` ${line}`, style: "plain" },
        ]
      : [{ text: " ".repeat(indent + head.length) + line, style: "plain" }],
  );
}

/** A note that names its own kind (`rule: core.secure_context`) stands for itself. */
function noteRows(note: string, gutter: number, width: number): Piece[][] {
  const named = /^([a-z][a-z ]{1,15}): (.+)$/s.exec(note);
  return factRows(named?.[1] ?? "note", named?.[2] ?? note, gutter, width);
}

/** Mail programs and reviewers dislike spaces at the end of a line. */
function trimmed(pieces: readonly Piece[]): Piece[] {
  const kept = [...pieces];
  for (let last = kept.pop(); last !== undefined; last = kept.pop()) {
    const text = last.text.trimEnd();
    if (text !== "") return [...kept, { ...last, text }];
  }
  return kept;
}
