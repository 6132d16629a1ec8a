// One line above each scenario: what its run came to, and the way to its trace.

import type { View } from "../analysis/session.ts";
import { type PlacedScenario, scenariosOf } from "../analysis/view.ts";
import type { Finding } from "../base/finding.ts";
import { type Lines, linesOf, positionAt } from "../base/lines.ts";

export interface Lens {
  /** Of the scenario's name. */
  readonly start: number;
  readonly end: number;
  /** `3 steps, clean`, `12 steps, 1 error: EBUSY at line 14`. */
  readonly verdict: string;
  readonly scenario: string;
  /** There is a run to show. */
  readonly ran: boolean;
}

export function lensesOf(view: View): Lens[] {
  // Only findings need lines: a long text is not cut up for a clean verdict.
  let lines: Lines | null = null;
  const { findings } = view.analysis;
  return scenariosOf(view).map((scenario) => {
    const { declaration, start, item, run } = scenario;
    const { name } = declaration;
    const own = within(findings, start, start + item.length);
    const lineOf = (at: number): number => {
      lines ??= linesOf(view.document.text);
      return positionAt(lines, at).line;
    };
    return {
      start: start + name.start,
      end: start + name.end,
      verdict: verdictOf(scenario, own, lineOf),
      scenario: name.kind === "string" ? name.value : name.text,
      ran: run !== null,
    };
  });
}

/** Findings are sorted by where they start. */
function within(findings: readonly Finding[], from: number, to: number): Finding[] {
  return findings.filter(({ start }) => start >= from && start < to);
}

function verdictOf(
  { run }: PlacedScenario,
  findings: readonly Finding[],
  lineOf: (at: number) => number,
): string {
  const worst =
    findings.find(({ severity }) => severity === "error") ??
    findings.find(({ severity }) => severity === "warning");
  if (run === null) {
    const why = worst ?? findings[0];
    return why === undefined
      ? "not run"
      : why.message.startsWith("not run")
        ? why.message
        : `not run: ${why.message}`;
  }
  let steps = 0;
  for (const { row } of run.results) if (row.kind === "step") steps++;
  const counted = `${steps} ${steps === 1 ? "step" : "steps"}`;
  if (worst === undefined) return `${counted}, clean`;
  const errors = count(findings, "error");
  const warnings = count(findings, "warning");
  const counts = [
    ...(errors === 0 ? [] : [`${errors} ${errors === 1 ? "error" : "errors"}`]),
    ...(warnings === 0 ? [] : [`${warnings} ${warnings === 1 ? "warning" : "warnings"}`]),
  ];
  const first = errors + warnings === 1 ? "" : "first ";
  return `${counted}, ${counts.join(", ")}: ${first}${shortOf(worst)} at line ${lineOf(worst.start)}`;
}

const count = (findings: readonly Finding[], severity: Finding["severity"]): number =>
  findings.filter((finding) => finding.severity === severity).length;

/** The errno of a refusal, else the code. */
function shortOf({ code, message }: Finding): string {
  return code === "errno" ? (/ fails with (\w+)/.exec(message)?.[1] ?? code) : code;
}
