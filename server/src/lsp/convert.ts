// Findings in the protocol's terms: what a client shows of one that cannot show causes and help by themselves.

import {
  type Diagnostic,
  type DiagnosticRelatedInformation,
  DiagnosticSeverity,
  DiagnosticTag,
  type Location,
  type Range,
} from "vscode-languageserver";
import type { Finding, Place } from "../base/finding.ts";
import { pageUri } from "./protocol.ts";
import type { Level, Settings } from "./settings.ts";

/** What a client can do with a diagnostic. */
export interface Abilities {
  readonly relatedInformation: boolean;
  readonly codeDescription: boolean;
  readonly tags: boolean;
}

export interface Conversion {
  readonly abilities: Abilities;
  readonly settings: Settings;
  readonly range: (place: Place) => Range;
  readonly location: (place: Place) => Location;
}

const severities: Readonly<Record<Exclude<Level, "off">, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** `rest` is where nothing is known from: the last diagnostic says so. */
export function diagnosticsOf(
  findings: readonly Finding[],
  conversion: Conversion,
  rest: Place | null = null,
): Diagnostic[] {
  const { settings, abilities } = conversion;
  const levelOf = (finding: Finding): Level => settings.severity[finding.code] ?? finding.severity;
  // A hint that cannot fade what it is about would be noise.
  const isShown = (finding: Finding): boolean =>
    levelOf(finding) !== "off" &&
    (abilities.tags || finding.tag === undefined || levelOf(finding) !== "hint");
  const wanted = findings.every(isShown) ? findings : findings.filter(isShown);
  const shown = mostUrgent(wanted, settings.maxDiagnostics, levelOf);
  const diagnostics = shown.map((finding) => diagnosticOf(finding, levelOf(finding), conversion));
  const left = wanted.length - shown.length;
  if (rest !== null) {
    const range = conversion.range(rest);
    const number = left === 0 ? "" : `${left} `;
    const message = `and ${number}more: the lines from line ${range.start.line + 1} on are still being checked`;
    diagnostics.push(more(range, message));
  } else if (left > 0) {
    const last = shown.at(-1);
    const range = last === undefined ? START : conversion.range(last);
    diagnostics.push(more(range, `and ${left} more findings in this file, which are not shown`));
  }
  return diagnostics;
}

const START: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

const more = (range: Range, message: string): Diagnostic => ({
  range,
  severity: DiagnosticSeverity.Information,
  source: "uapi",
  code: "more",
  message,
});

/** At most so many: errors first, of the same severity the first ones, in the order of the text. */
function mostUrgent(
  findings: readonly Finding[],
  most: number,
  levelOf: (finding: Finding) => Level,
): readonly Finding[] {
  if (findings.length <= most) return findings;
  const chosen = new Set<Finding>();
  for (const level of ["error", "warning", "info", "hint"]) {
    for (const finding of findings) {
      if (chosen.size === most) return findings.filter((each) => chosen.has(each));
      if (levelOf(finding) === level) chosen.add(finding);
    }
  }
  return findings.filter((finding) => chosen.has(finding));
}

function diagnosticOf(
  finding: Finding,
  level: Level,
  { abilities, range, location }: Conversion,
): Diagnostic {
  const related = relatedOf(finding, location);
  const diagnostic: Diagnostic = {
    range: range(finding),
    severity: level === "off" ? DiagnosticSeverity.Hint : severities[level],
    code: finding.code,
    source: "uapi",
    message: messageOf(finding, abilities.relatedInformation, location),
  };
  if (abilities.codeDescription) diagnostic.codeDescription = { href: pageUri(finding.code) };
  if (abilities.relatedInformation && related.length > 0) diagnostic.relatedInformation = related;
  if (abilities.tags && finding.tag === "unnecessary") diagnostic.tags = [DiagnosticTag.Unnecessary];
  return diagnostic;
}

function relatedOf(
  { related }: Finding,
  location: (place: Place) => Location,
): DiagnosticRelatedInformation[] {
  return related.map((place) => ({ location: location(place), message: place.message }));
}

/** The message, and what a terminal shows below it; nothing that is said at its place is said twice. */
function messageOf(
  { uri, message, related, help, notes }: Finding,
  isRelatedShown: boolean,
  location: (place: Place) => Location,
): string {
  const at = (place: Place): string => {
    const line = location(place).range.start.line + 1;
    return place.uri === uri ? `at line ${line}` : `at ${place.uri.replace(/^.*\//, "")}:${line}`;
  };
  const unshown = isRelatedShown ? [] : related.filter((place) => !notes.includes(place.message));
  return [
    message,
    ...unshown.map((place) => `${at(place)}: ${place.message}`),
    ...help.map((line) => `help: ${line}`),
    ...notes.filter((note) => !isRelatedShown || !related.some((place) => place.message === note)),
  ].join("\n");
}
