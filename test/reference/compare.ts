// The interpreter beside the engine: what differs, step by step.

import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import type { Analysis, Files } from "../../server/src/analysis.ts";
import type { Loader, Texts } from "./load.ts";
import type { Program } from "./program.ts";
import { runScenario, type StepResult } from "./scenario.ts";

const shippedFolder = fileURLToPath(new URL("../../server/proposals/", import.meta.url));

/** File name -> text of the shipped proposals, from the disk. */
export const shipped: ReadonlyMap<string, string> = new Map(
  readdirSync(shippedFolder)
    .filter((name) => name.endsWith(".uapi"))
    .toSorted()
    .map((name) => [name, readFileSync(shippedFolder + name, "utf8")]),
);

const prefix = "<shipped>/";

export function textsOver(files: Files): Texts {
  return {
    read(path) {
      if (path.startsWith(prefix)) return shipped.get(path.slice(prefix.length)) ?? null;
      const loaded = files.read(path);
      return loaded.ok ? loaded.text : null;
    },
    resolve: (from, path) =>
      from.startsWith(prefix) ? prefix + path : (files.resolve(from, path) ?? posix.join("..", path)),
    shipped: [...shipped.keys()].map((name) => prefix + name),
  };
}

/** Findings that come of running a scenario, not of reading it. */
export const runCodes = new Set(["errno", "expectation", "assertion"]);

/** The codes of the rules and hazards of a proposal. */
export function ruleCodes(program: Program): Set<string> {
  const names = [...program.rules.keys(), ...program.hazards.keys(), "lifetime"];
  return new Set(names.map((name) => name.replaceAll("_", "-")));
}

interface Row {
  readonly outcome: string;
  readonly isMet: boolean;
}

const show = ({ outcome, isMet }: Row): string => `${outcome}${isMet ? "" : " !"}`;

export interface Difference {
  readonly scenario: string;
  /** One line for each step: both sides, and its text. */
  readonly lines: readonly string[];
  /** Index of the first step that differs. */
  readonly at: number;
  /** Both sides of that step, without names: to tell differences apart. */
  readonly sort: string;
}

export interface Compared {
  readonly scenarios: number;
  readonly steps: number;
  readonly differences: readonly Difference[];
}

/** Compares all scenarios of a file; null when the interpreter does not know one of its names. */
export function compareFile(uri: string, analysis: Analysis, loader: Loader): Compared | null {
  const loaded = loader.load(uri);
  if (loaded === null) return null;
  const rules = new Set(loaded.scenarios.flatMap(({ program }) => [...ruleCodes(program)]));
  const isRule = (code: string): boolean => rules.has(code);
  const found = analysis.findings.filter(
    ({ code, uri: where }) => where === uri && (runCodes.has(code) || isRule(code)),
  );
  const wrong = analysis.findings.filter(
    ({ code, uri: where }) => where === uri && !runCodes.has(code) && !isRule(code),
  );
  const differences: Difference[] = [];
  let scenarios = 0;
  let steps = 0;
  const traces = analysis.traces();
  for (const one of loaded.scenarios) {
    const name = one.scenario.name.kind === "string" ? one.scenario.name.value : one.scenario.name.text;
    const trace = traces.find(({ rows: [row], scenario }) =>
      row === undefined
        ? scenario === name
        : row.place.start >= one.scenario.start && row.place.start < one.scenario.end,
    );
    if (trace === undefined && wrong.length > 0) continue;
    // What is not well typed is no business of the interpreter.
    if (wrong.some(({ start }) => start >= one.scenario.start && start < one.scenario.end)) continue;
    scenarios++;
    const mine = runScenario(one);
    const rows = trace?.rows ?? [];
    steps += mine.length;
    const unmet = (start: number, end: number): boolean =>
      found.some((one) => one.start >= start && one.start < end);
    const theirs = rows.map(({ outcome, detail, place }): Row => {
      const names = detail === "" ? [] : detail.split(", ").toSorted();
      return { outcome: [outcome, ...names].join(" "), isMet: !unmet(place.start, place.end) };
    });
    const ours = mine.map(rowOf);
    const count = Math.max(ours.length, theirs.length);
    const lines: string[] = [];
    let at = trace?.scenario === name ? -1 : 0;
    for (let i = 0; i < count; i++) {
      const a = ours[i];
      const b = theirs[i];
      const isSame = a !== undefined && b !== undefined && show(a) === show(b);
      if (!isSame && at < 0) at = i;
      const row = rows[i];
      lines.push(
        `${isSame ? "  " : "! "}${(a === undefined ? "-" : show(a)).padEnd(28)}${(b === undefined ? "-" : show(b)).padEnd(28)}${row?.task ?? ""}: ${row?.text ?? ""}`,
      );
    }
    const [ours0, theirs0] = [ours[at], theirs[at]];
    if (at >= 0)
      differences.push({
        scenario: name,
        lines,
        at,
        sort: `${ours0 === undefined ? "-" : show(ours0)} / ${theirs0 === undefined ? "-" : show(theirs0)}`,
      });
  }
  return { scenarios, steps, differences };
}

const rowOf = ({ outcome, names, isMet }: StepResult): Row => ({
  outcome: [outcome, ...names.toSorted()].join(" "),
  isMet,
});
