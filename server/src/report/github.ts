// Findings as workflow commands of GitHub Actions, which shows them beside the changed lines.
// Escapes as in actions/toolkit, packages/core/src/command.ts.

import type { Finding, Severity } from "../base/finding.ts";
import { rangeOf } from "./json.ts";
import type { Sources } from "./sources.ts";

const commands: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warning",
  info: "notice",
  hint: "notice",
};

export function githubReport(findings: readonly Finding[], sources: Sources): string {
  return findings.map((finding) => `${annotation(finding, sources)}\n`).join("");
}

function annotation(finding: Finding, sources: Sources): string {
  const range = rangeOf(finding, sources);
  const { start, end } = range ?? {};
  const properties = {
    file: finding.uri,
    line: start?.line,
    col: start?.column,
    endLine: end?.line,
    // GitHub takes columns only within one line.
    endColumn: start?.line === end?.line ? end?.column : undefined,
    title: finding.code,
  };
  const listed = Object.entries(properties).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${escapeProperty(String(value))}`],
  );
  const related = finding.related.map(({ uri, start: at, end: to, message }) => {
    const line = rangeOf({ uri, start: at, end: to }, sources)?.start.line;
    return `${uri}${line === undefined ? "" : `:${line}`}: ${message}`;
  });
  const text = [
    finding.message,
    ...related,
    ...finding.help.map((line) => `help: ${line}`),
    ...finding.notes,
  ];
  return `::${commands[finding.severity]} ${listed.join(",")}::${escapeData(text.join("\n"))}`;
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
