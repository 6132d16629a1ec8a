// Which of the checks that a kernel might make (`require?`) it has to make: all minimal sets of them with which no
// sequence of calls breaks what is asked. Exact: more checks only take sequences away, and a sequence that does harm is
// taken away by no set that has none of the checks that refuse one of its calls. So the minimal safe sets are among the
// minimal sets that meet every harmful sequence found so far; each of those is decided, and what breaks it is one more.

import { type MaybeCheck, maybeChecks, SPEAKS, withChecks } from "./checks.ts";
import { judgeOf } from "./judge.ts";
import type { End, Outcome, Problem, Progress } from "./problem.ts";
import { bootMachine, make, perform } from "./walk.ts";

/** Answers one problem; its generator is the searcher's, too. */
export type Decide = (problem: Problem) => Generator<Progress, Outcome>;

/** Indexes into `checks`, ascending. */
export type CheckSet = readonly number[];

/** A sequence of one of the problems, as indexes into its calls. */
export interface Sequence {
  readonly problem: number;
  readonly path: readonly number[];
}

/** It does harm although the checks of `despite` are made; each of `refusedBy` would refuse one of its calls. */
export interface Harm extends Sequence {
  readonly despite: CheckSet;
  /** Of that problem. */
  readonly goal: number;
  readonly refusedBy: CheckSet;
}

/** The shortest sequence that goes through without any check and whose last call this one refuses. */
export interface Forbidden extends Sequence {
  /** It does harm itself; else it is what the check costs. */
  readonly isHarm: boolean;
}

export interface Barrier {
  readonly set: CheckSet;
  /** By problem. */
  readonly outcomes: readonly Outcome[];
  /** By check of the set; null: nothing that could be found. */
  readonly forbids: readonly (Forbidden | null)[];
}

export interface Barriers {
  readonly checks: readonly MaybeCheck[];
  /** All minimal sets, smallest first. With `incomplete` some of them: each is safe, and without any of its checks it is not. */
  readonly minimal: readonly Barrier[];
  /** In the order in which they were found; the first is what happens without any of the checks. */
  readonly harms: readonly Harm[];
  /** Why the list may lack sets: a set was not decided, or too many were. */
  readonly incomplete: { readonly set: CheckSet; readonly end: End; readonly reason: string | null } | null;
}

/** Sets that are decided at most. */
const MOST_SETS = 500;
/** Checks at most: the sets are bits of one number. */
export const MOST_CHECKS = 30;

/** The problems are of one System on several topologies; their goals are what must not happen. */
export function* findBarriers(problems: readonly Problem[], decide: Decide): Generator<Progress, Barriers> {
  const [{ system } = { system: null }] = problems;
  const checks = system === null ? [] : maybeChecks(system);
  if (checks.length > MOST_CHECKS) {
    const reason = `there are ${checks.length} checks that might be made, and at most ${MOST_CHECKS} can be searched`;
    return { checks, minimal: [], harms: [], incomplete: { set: [], end: "unsupported", reason } };
  }
  const harms: Harm[] = [];
  const safe = new Map<number, readonly Outcome[]>();
  let incomplete: Barriers["incomplete"] = null;

  for (let tried = 0; incomplete === null; tried++) {
    const set = minimalHitting(harms.map(({ refusedBy }) => bits(refusedBy))).find((each) => !safe.has(each));
    if (set === undefined) break;
    const own = members(set);
    if (tried === MOST_SETS) {
      incomplete = { set: own, end: "states", reason: `more than ${MOST_SETS} sets of checks` };
      break;
    }
    const decided = yield* decideSet(problems, checks, own, decide);
    if ("outcomes" in decided) safe.set(set, decided.outcomes);
    else if ("end" in decided) incomplete = { set: own, ...decided };
    else harms.push(decided);
  }

  const minimal: Barrier[] = [];
  const forbidden = new Map<number, Forbidden | null>();
  for (const [set, outcomes] of safe) {
    const own = members(set);
    for (const index of own)
      if (!forbidden.has(index)) forbidden.set(index, yield* firstRefused(problems, checks, index, decide));
    minimal.push({ set: own, outcomes, forbids: own.map((index) => forbidden.get(index) ?? null) });
  }
  return { checks, minimal: minimal.sort(bySize), harms, incomplete };
}

type Decided =
  | { readonly outcomes: readonly Outcome[] }
  | { readonly end: End; readonly reason: string | null }
  | Harm;

/** Safe when it is on every topology. */
function* decideSet(
  problems: readonly Problem[],
  checks: readonly MaybeCheck[],
  set: CheckSet,
  decide: Decide,
): Generator<Progress, Decided> {
  const refusing = new Set(set.flatMap((index) => checks[index]?.check ?? []));
  const outcomes: Outcome[] = [];
  for (const [index, problem] of problems.entries()) {
    const outcome = yield* decide(withChecks(problem, { refusing, speaking: new Set() }));
    const goal = shortest(outcome);
    const path = outcome.found[goal] ?? null;
    if (path !== null) {
      const refusedBy = refusers(problem, checks, path).filter((check) => !set.includes(check));
      return { despite: set, problem: index, goal, path, refusedBy };
    }
    if (outcome.end !== "exhausted") return { end: outcome.end, reason: outcome.reason };
    outcomes.push(outcome);
  }
  return { outcomes };
}

/** With a check that speaks in place of refusing: the shortest sequence after which it has spoken, on any topology. */
function* firstRefused(
  problems: readonly Problem[],
  checks: readonly MaybeCheck[],
  index: number,
  decide: Decide,
): Generator<Progress, Forbidden | null> {
  const check = checks[index]?.check;
  let best: Forbidden | null = null;
  if (check === undefined) return best;
  for (const [at, problem] of problems.entries()) {
    const asked = withChecks(problem, { refusing: new Set(), speaking: new Set([check]) });
    const outcome = yield* decide({ ...asked, goals: [{ find: "hazard", hazard: SPEAKS }] });
    const path = outcome.found[0] ?? null;
    if (path !== null && (best === null || path.length < best.path.length))
      best = { problem: at, path, isHarm: doesHarm(problem, path) };
  }
  return best;
}

/** Whether a goal of the problem is reached on the way. */
function doesHarm(problem: Problem, path: readonly number[]): boolean {
  const machine = bootMachine(problem);
  const judges = problem.goals.map((goal) => judgeOf(machine, goal));
  return path.some((index) => {
    const each = problem.calls[index];
    const met = each === undefined ? null : perform(machine, problem, each);
    return judges.some((judge) => judge.state() || (met !== null && judge.transition(met)));
  });
}

/** The checks each of which would refuse a call of this sequence, were it made: checks change nothing before them. */
function refusers(problem: Problem, checks: readonly MaybeCheck[], path: readonly number[]): CheckSet {
  const speaking = new Set(checks.map(({ check }) => check));
  const asked = withChecks(problem, { refusing: new Set(), speaking });
  const machine = bootMachine(asked);
  const spoken = new Set<number>();
  const places = new Map(checks.map(({ check }, index) => [check.condition, index]));
  for (const index of path) {
    machine.onHazard = ({ check }) => {
      const at = places.get(check.condition);
      if (check.hazard === SPEAKS && at !== undefined) spoken.add(at);
    };
    const each = asked.calls[index];
    if (each !== undefined) make(machine, each);
  }
  return [...spoken].sort((a, b) => a - b);
}

/** The goal with the shortest sequence, the first of several. */
function shortest({ found }: Outcome): number {
  let best = -1;
  found.forEach((path, goal) => {
    if (path !== null && (best === -1 || path.length < (found[best]?.length ?? 0))) best = goal;
  });
  return best;
}

// ---------------------------------------------------------------- sets as bits

const bits = (set: CheckSet): number => set.reduce((sum, index) => sum | (1 << index), 0);

function members(set: number): number[] {
  const found: number[] = [];
  for (let index = 0; index < MOST_CHECKS; index++) if ((set & (1 << index)) !== 0) found.push(index);
  return found;
}

const bySize = (a: Barrier, b: Barrier): number =>
  a.set.length - b.set.length || (a.set.join() < b.set.join() ? -1 : 1);

/** The minimal sets that share a member with each of these, smallest first. Berge's way: one set after the other. */
export function minimalHitting(sets: readonly number[]): number[] {
  let hitting = [0];
  for (const set of sets) {
    const met = hitting.filter((each) => (each & set) !== 0);
    const more = hitting
      .filter((each) => (each & set) === 0)
      .flatMap((each) => members(set).map((index) => each | (1 << index)))
      .filter((each) => !met.some((smaller) => (smaller & each) === smaller));
    hitting = minimalOf([...met, ...more]);
  }
  const count = (set: number): number => members(set).length;
  return hitting.sort((a, b) => count(a) - count(b) || a - b);
}

const minimalOf = (sets: readonly number[]): number[] => {
  const distinct = [...new Set(sets)];
  return distinct.filter((set) => !distinct.some((other) => other !== set && (other & set) === other));
};
