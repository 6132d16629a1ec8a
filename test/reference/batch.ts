// Many random scenarios of one proposal in one file, run by both sides.

import { analyse, type Files, type Trace } from "../../server/src/analysis.ts";
import type { Finding } from "../../server/src/base/finding.ts";
import { parseWhole } from "../../server/src/syntax/parse.ts";
import { ruleCodes, runCodes, shipped, textsOver } from "./compare.ts";
import { Generator, Pool, type Scenario } from "./generate.ts";
import { Loader } from "./load.ts";
import { type Machine, randomMachine } from "./machines.ts";
import type { Program } from "./program.ts";
import { Random } from "./random.ts";
import { runScenario, type StepResult } from "./scenario.ts";

export interface Report {
  readonly scenarios: number;
  readonly steps: number;
  /** Steps by outcome: whether the scenarios get anywhere. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Operations that succeeded, and how often. */
  readonly reached: ReadonlyMap<string, number>;
  /** Texts with both sides, of the first differences. */
  readonly differences: readonly string[];
  /** Findings that are no matter of running: the generator made something ill-typed. */
  readonly illTyped: readonly string[];
}

const alone = (texts: ReadonlyMap<string, string>): Files => ({
  resolve: (_, path) => path,
  siblings: () => [],
  read(uri) {
    const text = texts.get(uri);
    return text === undefined ? { ok: false, code: "unreadable", message: "none" } : { ok: true, text };
  },
});

const loader = new Loader(textsOver(alone(new Map())));

/** All proposals that are shipped and can be run. */
export function shippedProposals(): string[] {
  const names: string[] = [];
  for (const text of shipped.values()) {
    const file = parseWhole(text);
    if (file.kind !== "file") continue;
    for (const one of file.declarations)
      if (one.kind === "proposal" && !one.abstract) names.push(one.name.text);
  }
  return names.toSorted();
}

export interface Made {
  readonly machine: Machine;
  readonly scenario: Scenario;
}

function fileOf(proposal: string, made: readonly Made[]): string {
  const machines = new Map(made.map(({ machine }) => [machine.name, machine.text]));
  const scenarios = made.map(
    ({ machine, scenario }, index) =>
      `scenario "${index}" on ${machine.name} with ${proposal} {\n  ${scenario.lines.join("\n  ")}\n}\n`,
  );
  return [`use ${proposal}\n`, ...machines.values(), ...scenarios].join("\n");
}

/** Random scenarios of a proposal, from the beginnings in the pool. */
function makeScenarios(proposal: string, seed: number, count: number, pool: Pool): Made[] {
  const random = new Random(seed);
  const program = programNamed(proposal);
  const made: Made[] = [];
  const take = (generator: Generator): void => {
    made.push({ machine: generator.machine, scenario: generator.run(5 + random.below(15)) });
  };
  while (made.length < count) {
    const machine = randomMachine(random, program, `m${made.length}`);
    const parsed = parseWhole(machine.text);
    const topology = parsed.kind === "file" ? parsed.declarations[0] : undefined;
    if (topology?.kind !== "topology") throw new Error(`a machine that does not parse: ${machine.text}`);
    const generator = Generator.start(random, program, machine, topology, pool);
    if (generator === null) continue;
    take(generator);
    for (let i = 0; i < 4 && made.length < count; i++) {
      const begun = pool.pick(random);
      if (begun !== null) take(begun);
    }
  }
  return made;
}

function programNamed(proposal: string): Program {
  const program = loader.proposal(proposal);
  if (program === null) throw new Error(`no proposal ${proposal}`);
  return program;
}

export function runBatch(proposal: string, seed: number, count: number): Report {
  const program = programNamed(proposal);
  const pool = new Pool();
  const made = makeScenarios(proposal, seed, count, pool);
  const text = fileOf(proposal, made);
  const analysis = analyse("main.uapi", alone(new Map([["main.uapi", text]])));
  const traces = analysis.traces();
  const rows = rowsOf(analysis.findings, program);
  const outcomes: Record<string, number> = {};
  const differences: string[] = [];
  const illTyped = analysis.findings
    .filter((one) => !rows.isOfRun(one))
    .map((one) => `${one.code}: ${one.message}: ${text.slice(one.start, one.end)}`);
  let steps = 0;
  made.forEach((one, index) => {
    const { results } = one.scenario;
    steps += results.length;
    for (const { outcome } of results) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    const theirs = rows.of(traces.find(({ scenario }) => scenario === String(index)));
    const at = firstDifference(results.map(show), theirs);
    if (at === null) return;
    const text = differences.length < 3 ? explained(proposal, program, one) : "…";
    if (text !== null) differences.push(text);
  });
  return { scenarios: made.length, steps, outcomes, reached: pool.succeeded, differences, illTyped };
}

const show = ({ outcome, names, isMet }: StepResult): string =>
  `${[outcome, ...names.toSorted()].join(" ")}${isMet ? "" : " !"}`;

function firstDifference(ours: readonly string[], theirs: readonly string[]): number | null {
  for (let i = 0; i < Math.max(ours.length, theirs.length); i++) if (ours[i] !== theirs[i]) return i;
  return null;
}

/** The engine's side, in the words of `show`. */
function rowsOf(findings: readonly Finding[], program: Program) {
  const rules = ruleCodes(program);
  const isOfRun = ({ code }: Finding): boolean => runCodes.has(code) || rules.has(code);
  const starts = findings
    .filter((one) => isOfRun(one))
    .map(({ start }) => start)
    .toSorted((a, b) => a - b);
  return {
    isOfRun,
    of: (trace: Trace | undefined): string[] =>
      (trace?.rows ?? []).map(({ outcome, detail, place }) => {
        const names = detail === "" ? [] : detail.split(", ").toSorted();
        return `${[outcome, ...names].join(" ")}${hasBetween(starts, place.start, place.end) ? " !" : ""}`;
      }),
  };
}

function hasBetween(sorted: readonly number[], start: number, end: number): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  const found = sorted[low];
  return found !== undefined && found < end;
}

interface Sides {
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
  readonly texts: readonly string[];
}

/** Runs some lines of a scenario on both sides, from the text. */
function bothSides(
  proposal: string,
  program: Program,
  machine: Machine,
  lines: readonly string[],
): Sides | null {
  const text = fileOf(proposal, [{ machine, scenario: { lines, results: [] } }]);
  const files = alone(new Map([["main.uapi", text]]));
  const analysis = analyse("main.uapi", files);
  const rows = rowsOf(analysis.findings, program);
  if (analysis.findings.some((one) => !rows.isOfRun(one))) return null;
  const scenario = new Loader(textsOver(files)).load("main.uapi")?.scenarios[0];
  if (scenario === undefined) return null;
  const trace = analysis.traces()[0];
  const texts = trace?.rows.map((row) => `${row.task}: ${row.text}`) ?? [];
  return { ours: runScenario(scenario).map(show), theirs: rows.of(trace), texts };
}

/** The scenario without the lines that the difference does not need, and what both sides say. */
function explained(proposal: string, program: Program, { machine, scenario }: Made): string | null {
  let lines = scenario.lines;
  const differs = (some: readonly string[]): boolean => {
    const sides = bothSides(proposal, program, machine, some);
    return sides !== null && firstDifference(sides.ours, sides.theirs) !== null;
  };
  const whole = bothSides(proposal, program, machine, lines);
  if (whole === null) return null;
  if (!differs(lines)) return `only in company: ${proposal}\n${machine.text}${lines.join("\n")}`;
  for (let i = lines.length - 1; i >= 0; i--) {
    const fewer = lines.filter((_, index) => index !== i);
    if (differs(fewer)) lines = fewer;
  }
  const sides = bothSides(proposal, program, machine, lines);
  const table = Array.from(
    { length: Math.max(sides?.ours.length ?? 0, sides?.theirs.length ?? 0) },
    (_, i) => {
      const [a = "-", b = "-"] = [sides?.ours[i], sides?.theirs[i]];
      return `${a === b ? " " : "!"} reference: ${a.padEnd(28)} engine: ${b.padEnd(28)} ${sides?.texts[i] ?? ""}`;
    },
  );
  return [fileOf(proposal, [{ machine, scenario: { lines, results: [] } }]), ...table].join("\n");
}
