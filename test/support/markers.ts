// Cases with the expected findings in comment lines, each below the line that it is about:
//
//     g2 = open("/dev/vfio/26")
//   //     ^^^^^^^^^^^^^^^^^^^^ error[errno]: fails with EBUSY
//   //   ~ line 12: g is opened here
//   //   = help: use g
//   //   = note: the rule
//
// Carets stand under the marked columns; `@1-2` says the columns where comment slashes are in the way, and where a
// finding ends on a later line it is `^ to +2:5` (two lines below, in front of column 5). `~` names every related place, in order
// (`~ core.uapi: …` in another file). Help and notes are looked at when one of that sort is given. Texts are substrings.

import type { Analysis } from "../../server/src/analysis.ts";
import type { Finding } from "../../server/src/base/finding.ts";
import { linesOf, lineText, positionAt } from "../../server/src/base/lines.ts";

export interface Marked {
  /** From 1, in the text with markers. */
  readonly line: number;
  /** `4-9`, columns from 1, the second behind the end; `4-2:9` when it ends two lines below. */
  readonly columns: string;
  readonly severity: string;
  readonly code: string;
  readonly message: string;
  readonly related: readonly string[];
  readonly help: readonly string[];
  readonly notes: readonly string[];
}

const head = /^\s*\/\/\s*(\^+|@\d+-\d+)(?: to \+(\d+):(\d+))? (error|warning|info|hint)\[([\w-]+)\]: ?(.*)$/;
const tail = /^\s*\/\/\s+([~=]) (.*)$/;

const isMarker = (line: string): boolean => head.test(line);

interface Block {
  /** Index of the first line of the block, and how many lines it has. */
  readonly at: number;
  readonly length: number;
}

/** The lines of a text that are markers. Other comments stay what they are. */
function blocksIn(lines: readonly string[]): Block[] {
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at++) {
    if (!isMarker(lines[at] ?? "")) continue;
    let length = 1;
    while (tail.test(lines[at + length] ?? "")) length++;
    blocks.push({ at, length });
    at += length - 1;
  }
  return blocks;
}

/** The text without its markers, and for each of its lines (from 0) the one it was. */
export function stripMarkers(text: string): { readonly text: string; readonly lineOf: readonly number[] } {
  const lines = text.split("\n");
  const dropped = new Set(
    blocksIn(lines).flatMap(({ at, length }) => Array.from({ length }, (_, i) => at + i)),
  );
  const lineOf = lines.flatMap((_, i) => (dropped.has(i) ? [] : [i]));
  return { text: lineOf.map((i) => lines[i]).join("\n"), lineOf };
}

export function readMarkers(text: string): Marked[] {
  const lines = text.split("\n");
  let marked = 0;
  const inBlock = new Set<number>();
  return blocksIn(lines).map(({ at, length }) => {
    for (let i = 0; i < length; i++) inBlock.add(at + i);
    marked = at - 1;
    while (inBlock.has(marked)) marked--;
    const line = lines[at] ?? "";
    const [, carets = "", below, column, severity = "", code = "", message = ""] = head.exec(line) ?? [];
    const [start, end] = carets.startsWith("@")
      ? carets.slice(1).split("-").map(Number)
      : [line.indexOf("^") + 1, line.indexOf("^") + 1 + carets.length];
    const more = lines.slice(at + 1, at + length).map((each) => tail.exec(each) ?? []);
    const given = (sign: string, prefix: string): string[] =>
      more.flatMap(([, found, rest = ""]) =>
        found === sign && rest.startsWith(prefix) ? [rest.slice(prefix.length)] : [],
      );
    return {
      line: marked + 1,
      columns: below === undefined ? `${start}-${end}` : `${start}-+${below}:${column}`,
      severity,
      code,
      message,
      related: given("~", ""),
      help: given("=", "help: "),
      notes: given("=", "note: "),
    };
  });
}

/** The findings of an analysis as markers would say them, with whole texts. */
export function markedFindings(analysis: Analysis): Marked[] {
  const lines = linesOf(analysis.text);
  return analysis.findings.map((finding) => {
    const [start, end] = [positionAt(lines, finding.start), positionAt(lines, finding.end)];
    const below = end.line - start.line;
    return {
      line: start.line,
      columns: `${start.column}-${below === 0 ? end.column : `+${below}:${end.column}`}`,
      severity: finding.severity,
      code: finding.code,
      message: finding.message,
      related: finding.related.map((place) => relatedText(analysis, place)),
      help: finding.help,
      notes: finding.notes,
    };
  });
}

function relatedText(analysis: Analysis, place: Finding["related"][number]): string {
  if (place.uri !== analysis.uri) return `${place.uri.replace(/^.*\//, "")}: ${place.message}`;
  return `line ${positionAt(linesOf(analysis.text), place.start).line}: ${place.message}`;
}

/** What is said of a finding, and what is expected of it, cut to what the marker says: equal if it holds. */
export function compared(
  found: readonly Marked[],
  expected: readonly Marked[],
): { readonly found: readonly string[]; readonly expected: readonly string[] } {
  const left = [...found];
  const pairs = expected.map((marker): [string | null, string] => {
    const at = left.findIndex((finding) => sameFinding(finding, marker) && holds(finding, marker));
    const near = at === -1 ? left.findIndex((finding) => sameFinding(finding, marker)) : at;
    const finding = near === -1 ? undefined : left.splice(near, 1)[0];
    if (finding === undefined) return [null, shown(marker)];
    return holds(finding, marker) ? [shown(marker), shown(marker)] : [shown(finding), shown(marker)];
  });
  return {
    found: [...pairs.flatMap(([text]) => (text === null ? [] : [text])), ...left.map(shown)].toSorted(),
    expected: pairs.map(([, text]) => text).toSorted(),
  };
}

const sameFinding = (finding: Marked, marker: Marked): boolean =>
  finding.line === marker.line && finding.code === marker.code && finding.columns === marker.columns;

function holds(finding: Marked, marker: Marked): boolean {
  return (
    finding.severity === marker.severity &&
    finding.message.includes(marker.message) &&
    finding.related.length === marker.related.length &&
    marker.related.every((text, i) => relatedHolds(finding.related[i] ?? "", text)) &&
    marker.help.every((text) => finding.help.some((line) => line.includes(text))) &&
    marker.notes.every((text) => finding.notes.some((line) => line.includes(text)))
  );
}

/** `line 12: part of the message` */
function relatedHolds(found: string, marker: string): boolean {
  const [place = "", ...rest] = marker.split(": ");
  return found.startsWith(`${place}: `) && found.slice(place.length + 2).includes(rest.join(": "));
}

const shown = (marked: Marked): string =>
  [
    `${marked.line}:${marked.columns} ${marked.severity}[${marked.code}]: ${marked.message}`,
    ...marked.related.map((text) => `  ~ ${text}`),
    ...marked.help.map((text) => `  = help: ${text}`),
    ...marked.notes.map((text) => `  = note: ${text}`),
  ].join("\n");

/** The text with its markers written anew; shortened texts that still hold stay, and so do wishes for notes. */
export function updateMarkers(text: string, analyseText: (text: string) => Analysis): string {
  const { text: bare, lineOf } = stripMarkers(text);
  const before = readMarkers(text).map((marker) => ({
    ...marker,
    line: lineOf.indexOf(marker.line - 1) + 1,
  }));
  const analysis = analyseText(bare);
  const findings = markedFindings(analysis);
  const lines = linesOf(bare);
  const count = bare.split("\n").length;
  const blocks = new Map<number, string[][]>();
  // Related places name lines of the new text: how far each line moves has to be known first.
  const sizes = findings.map(
    (finding) => blockOf(lineText(lines, finding.line), finding, keptFrom(before, finding)).length,
  );
  const moved: number[] = [];
  let by = 0;
  for (let line = 1; line <= count; line++) {
    moved[line] = line + by;
    findings.forEach((finding, i) => {
      if (finding.line === line) by += sizes[i] ?? 0;
    });
  }
  for (const finding of findings) {
    const related = finding.related.map((each) =>
      each.replace(/^line (\d+):/, (_, line) => `line ${moved[Number(line)]}:`),
    );
    const block = blockOf(lineText(lines, finding.line), { ...finding, related }, keptFrom(before, finding));
    blocks.set(finding.line, [...(blocks.get(finding.line) ?? []), block]);
  }
  return bare
    .split("\n")
    .flatMap((line, i) => [line, ...(blocks.get(i + 1) ?? []).flat()])
    .join("\n");
}

function keptFrom(before: readonly Marked[], finding: Marked): Marked | undefined {
  return before.find(({ line, code }) => line === finding.line && code === finding.code);
}

function blockOf(line: string, finding: Marked, kept: Marked | undefined): string[] {
  const [start = 1, end = ""] = finding.columns
    .split(/-(.*)/)
    .map((part, i) => (i === 0 ? Number(part) : part)) as [number, string];
  const isLong = end.startsWith("+");
  const length = isLong ? Math.max(1, line.length + 1 - start) : Number(end) - start;
  const spot =
    start >= 3 && length > 0
      ? `//${" ".repeat(start - 3)}${"^".repeat(length)}`
      : `// @${start}-${isLong ? line.length + 1 : end}`;
  const message =
    kept !== undefined && finding.message.includes(kept.message) ? kept.message : finding.message;
  const indent = `//${" ".repeat(Math.max(start - 1, 1))}`;
  return [
    `${spot}${isLong ? ` to ${end}` : ""} ${finding.severity}[${finding.code}]: ${message}`,
    ...finding.related.map((text) => `${indent}~ ${text}`),
    ...shortened(finding.help, kept?.help ?? []).map((text) => `${indent}= help: ${text}`),
    ...(kept === undefined || kept.notes.length === 0 ? [] : shortened(finding.notes, kept.notes)).map(
      (text) => `${indent}= note: ${text}`,
    ),
  ];
}

/** Whole texts, or the part of each that was asked for before. */
const shortened = (texts: readonly string[], parts: readonly string[]): string[] =>
  texts.map((text) => parts.find((part) => part !== "" && text.includes(part)) ?? text);
