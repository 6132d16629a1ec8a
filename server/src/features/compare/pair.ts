// Two proposals on one topology: what the second newly allows, refuses and breaks, each with its shortest sequence. By
// the calls that they share, side by side; by the rules, each alone; and, where they share too little, by what the
// hardware can come to look like.

import { kebab } from "../../engine/outcome.ts";
import { boundsOf } from "../../explore/bounds.ts";
import { groundCalls } from "../../explore/calls.ts";
import { commonCalls } from "../../explore/common-calls.ts";
import { compareSideBySide, type Difference, LIFETIME } from "../../explore/compare.ts";
import { decide } from "../../explore/decide.ts";
import { engineHere } from "../../explore/exploring.ts";
import { type Look, looksOf } from "../../explore/observables.ts";
import type { Goal, GroundCall, Limits, Outcome, Problem, Progress } from "../../explore/problem.ts";
import type { Refusal } from "../../model/machine.ts";
import { printAnyName, printName } from "../../syntax/print-expression.ts";
import { runAlone } from "../verify/counterexample.ts";
import { script } from "../verify/script.ts";
import type { Side } from "./side.ts";

/** What one proposal can come to. */
export type Reach =
  | { readonly is: "reached"; readonly steps: readonly string[] }
  | { readonly is: "never" }
  | { readonly is: "unknown"; readonly why: string };

/** A call that the two answer differently, or harm that it does in one of them. */
export interface CallDifference {
  readonly what: Difference["what"];
  /** The call, the rule or the hazard. */
  readonly name: string;
  /** The errno, by side; null: it goes through. */
  readonly errno: readonly [string | null, string | null];
  /** Why it is refused, or what breaks. */
  readonly why: string | null;
  /** Where the check stands. */
  readonly place: string | null;
  readonly steps: readonly string[];
}

export interface RuleComparison {
  readonly rule: string;
  readonly reach: readonly [Reach, Reach];
}

export interface LookComparison {
  readonly look: Look;
  readonly reach: readonly [Reach, Reach];
}

export interface PairReport {
  readonly names: readonly [string, string];
  readonly topology: string;
  readonly only: readonly [readonly string[], readonly string[]];
  readonly common: readonly string[];
  readonly differences: readonly CallDifference[];
  /** Pairs of states in which every common call was compared; null: they share no call that matters. */
  readonly compared: { readonly states: number; readonly depth: number; readonly why: string | null } | null;
  /** Rules that can be broken in one and not, or not surely not, in the other; and those broken in both. */
  readonly rules: readonly RuleComparison[];
  /** What the hardware can look like under one of them only; null where they have the same calls, which say it better. */
  readonly looks: readonly LookComparison[] | null;
}

export function* comparePair(a: Side, b: Side, limits: Limits): Generator<Progress, PairReport> {
  const [one, two] = [asked(a), asked(b)];
  const { only, names } = commonCalls(one, two);
  const shares = names.some((name) => isOwn(a, name));
  const calls = shares ? yield* compareSideBySide(one, two, limits) : null;
  const rules = yield* rulesOf(a, b, limits);
  const differ = [...only.a, ...only.b].length > 0;
  return {
    names: a.name === b.name ? [a.label, b.label] : [a.name, b.name],
    topology: a.posed.topology.text,
    only: [only.a, only.b],
    common: names,
    differences: (calls?.differences ?? []).flatMap((difference) => described(a, b, difference) ?? []),
    compared:
      calls === null
        ? null
        : {
            states: calls.states,
            depth: calls.depth,
            why: calls.end === "exhausted" ? null : stopped(calls, "pairs of states"),
          },
    rules,
    looks: differ ? yield* looksIn(a, b, limits) : null,
  };
}

/** Whether anything is different, or may be. */
export const isSame = ({ differences, rules, looks, only, compared }: PairReport): boolean =>
  differences.length === 0 &&
  (looks ?? []).length === 0 &&
  only.every(({ length }) => length === 0) &&
  compared?.why === null &&
  rules.every(({ reach: [one, two] }) => one.is === two.is && one.is !== "unknown");

/** All things and all calls, also those that change nothing: whether they are refused is the question. */
function asked({ posed: { problem }, said }: Side): Problem {
  const { system, topology } = problem;
  const bounds = boundsOf(system, topology, [], said);
  const calls = groundCalls(system, topology, bounds, { also: said.also, without: said.without, idle: true });
  return { system, topology, bounds, calls, goals: [] };
}

/** No open, and none of the calls of `core`, which every proposal has. */
function isOwn({ posed: { problem } }: Side, name: string): boolean {
  const operation = problem.system.operations.get(name);
  return operation !== undefined && operation.proposal !== "core";
}

function stopped(
  { end, states, depth }: Pick<Outcome, "end" | "states" | "depth">,
  what: "states" | "pairs of states",
): string {
  if (end === "depth") return `longer sequences than ${depth} calls were not tried`;
  const how = end === "states" || end === "memory" ? "the budget is used up" : "stopped";
  return `${how} after ${states} ${what}`;
}

// ---------------------------------------------------------------- differences of calls

function described(a: Side, b: Side, difference: Difference): CallDifference | null {
  switch (difference.what) {
    case "allows":
    case "refuses": {
      const [refuser, goer] = difference.what === "refuses" ? [b, a] : [a, b];
      const path = difference.what === "refuses" ? difference.a : difference.b;
      const told = refusalIn(refuser, goer, path, difference.refusal);
      const errno = told.errno;
      return {
        what: difference.what,
        name: difference.call,
        errno: difference.what === "refuses" ? [null, errno] : [errno, null],
        ...told.rest,
      };
    }
    case "answers": {
      const one = refusalIn(a, a, difference.a, difference.refusals.a, "refused");
      const two = refusalIn(b, b, difference.b, difference.refusals.b, "refused");
      const why = [one.rest.why, two.rest.why].filter((each) => each !== null).join("; ");
      return {
        ...two.rest,
        what: "answers",
        name: difference.call,
        errno: [one.errno, two.errno],
        why: why === "" ? null : why,
      };
    }
    case "breaks":
    case "mends":
    case "warns":
    case "is silent": {
      const name = "rule" in difference ? difference.rule : difference.hazard;
      const isInB = difference.what === "breaks" || difference.what === "warns";
      const side = isInB ? b : a;
      const path = isInB ? difference.b : difference.a;
      const lines = linesOf(side, path, "done");
      const findings = lines === null ? [] : (ranOf(side, lines, [kebab(name)])?.findings ?? []);
      const found = findings.findLast(({ code }) => code === kebab(name));
      return {
        what: difference.what,
        name,
        errno: [null, null],
        why: found?.message ?? null,
        place: null,
        steps: lines ?? [],
      };
    }
    default:
      return difference satisfies never;
  }
}

/** What the engine of scenarios says to the last call; the sequence is written as the one that goes through with it. */
function refusalIn(
  refuser: Side,
  writer: Side,
  path: readonly GroundCall[],
  refusal: Refusal,
  ending: "done" | "refused" = "done",
): { readonly errno: string; readonly rest: Pick<CallDifference, "why" | "place" | "steps"> } {
  const lines = linesOf(writer, path, ending);
  const last = lines === null ? undefined : ranOf(refuser, lines, [])?.outcomes.at(-1);
  const errno = refusal.by === "check" ? refusal.check.errno : refusal.errno;
  const why = last?.kind === "errno" ? last.message : null;
  const place = refusal.by === "check" ? refuser.view.work.places.shown(refusal.check.site) : null;
  return { errno, rest: { why, place, steps: lines ?? [] } };
}

function linesOf(
  { view, posed }: Side,
  calls: readonly GroundCall[],
  ending: "done" | "refused",
): readonly string[] | null {
  const problem = { ...posed.problem, calls };
  return script(view, problem, [...calls.keys()], ending)?.map(({ text }) => text) ?? null;
}

/** The lines as a scenario of the side's own text. */
function ranOf({ view, posed, name }: Side, lines: readonly string[], codes: readonly string[]) {
  const head = `scenario "comparison" on ${printAnyName(posed.topology)} with ${printName({ ...posed.topology, text: name })} {`;
  const text = [head, ...lines.map((line) => `  ${line}`), "}"].join("\n");
  return runAlone(view, view.visible, text, new Set([...view.work.asked, ...codes]));
}

// ---------------------------------------------------------------- rules

/** Rules by name, those that can be broken somewhere. */
function* rulesOf(a: Side, b: Side, limits: Limits): Generator<Progress, RuleComparison[]> {
  const [one, two] = [yield* brokenRules(a, limits), yield* brokenRules(b, limits)];
  const names = [...new Set([...one.keys(), ...two.keys()])];
  const never: Reach = { is: "never" };
  return names.flatMap((rule): RuleComparison[] => {
    const reach = [one.get(rule) ?? never, two.get(rule) ?? never] as const;
    return reach.every(({ is }) => is === "never") ? [] : [{ rule, reach }];
  });
}

function* brokenRules(side: Side, limits: Limits): Generator<Progress, Map<string, Reach>> {
  const { rules } = side.posed.problem.system;
  const watched = rules.flatMap(({ severity }, index) =>
    severity === "error" || severity === "warning" ? [index] : [],
  );
  const goals: Goal[] = [
    ...watched.map((index): Goal => ({ find: "broken-rule", rules: [index], lifetime: false })),
    { find: "broken-rule", rules: [], lifetime: true },
  ];
  const reached = yield* reachesOf(side, goals, limits);
  return new Map(
    reached.map((reach, i) => [
      watched[i] === undefined ? LIFETIME : (rules[watched[i] ?? -1]?.name ?? ""),
      reach,
    ]),
  );
}

/** Each goal alone, found in one exploration. */
function* reachesOf(side: Side, goals: readonly Goal[], limits: Limits): Generator<Progress, Reach[]> {
  const { system, topology } = side.posed.problem;
  const { said } = side;
  const bounds = boundsOf(system, topology, goals, said);
  const calls = groundCalls(system, topology, bounds, { also: said.also, without: said.without, goals });
  const posed: Problem = { system, topology, bounds, calls, goals };
  const outcome = yield* decide(posed, limits, { engine: engineHere() });
  return goals.map((_, goal): Reach => {
    const path = outcome.found[goal] ?? null;
    if (path !== null) {
      const made = path.flatMap((index) => calls[index] ?? []);
      return { is: "reached", steps: linesOf(side, made, "done") ?? [] };
    }
    if (outcome.end === "exhausted" || outcome.end === "found") return { is: "never" };
    return { is: "unknown", why: outcome.reason ?? stopped(outcome, "states") };
  });
}

// ---------------------------------------------------------------- what the hardware looks like

function* looksIn(a: Side, b: Side, limits: Limits): Generator<Progress, LookComparison[]> {
  const of = (side: Side) => looksOf(side.posed.problem.system, side.posed.problem.topology);
  const [one, two] = [of(a), of(b)];
  const goals = (looks: typeof one): Goal[] => looks.map(({ goal }) => goal);
  const [inA, inB] = [yield* reachesOf(a, goals(one), limits), yield* reachesOf(b, goals(two), limits)];
  return one.flatMap(({ look }, i): LookComparison[] => {
    const [first, second] = [inA[i], inB[i]];
    if (first === undefined || second === undefined || first.is === second.is) return [];
    return [{ look, reach: [first, second] }];
  });
}
