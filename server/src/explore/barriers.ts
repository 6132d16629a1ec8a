// Which of the checks that a kernel might make (`require?`) it has to make: all minimal sets of them with which no
// sequence of calls breaks what is asked. Exact: more checks only take sequences away, and a sequence that does harm is
// taken away by no set that has none of the checks that refuse one of its calls. So the minimal safe sets are among the
// minimal sets that meet every harmful sequence found so far; each of those is decided, and what breaks it is one more.

import type { System } from "../model/system.ts";
import { type Made, type MaybeCheck, maybeChecks, movedTo, SPEAKS, systemWith } from "./checks.ts";
import { judgeOf } from "./judge.ts";
import type { End, Goal, GroundCall, Outcome, Problem, Progress } from "./problem.ts";
import { bootMachine, make, perform } from "./walk.ts";

/** Answers one problem; its generator is the searcher's, too. */
export type Decide = (problem: Problem) => Generator<Progress, Outcome>;

/** Indexes into `checks`, ascending. */
export type CheckSet = readonly number[];

/** One of the machines that it is to be safe on; the goals of the problem are what must not happen. */
export interface Place {
  readonly problem: Omit<Problem, "calls">;
  /** Which calls can matter depends on the checks that are made. */
  readonly callsFor: (system: System, goals: readonly Goal[]) => readonly GroundCall[];
}

/** A sequence on one of the places, as calls of the system without any check that might be made. */
export interface Sequence {
  readonly place: number;
  readonly calls: readonly GroundCall[];
}

/** It does harm although the checks of `despite` are made; each of `refusedBy` would refuse one of its calls. */
export interface Harm extends Sequence {
  readonly despite: CheckSet;
  /** Of the problem of that place. */
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
  /** By place. */
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
const MOST_CHECKS = 30;

/** All of one System. */
export function* findBarriers(places: readonly Place[], decide: Decide): Generator<Progress, Barriers> {
  const [first] = places;
  const checks = first === undefined ? [] : maybeChecks(first.problem.system);
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
    const decided = yield* decideSet(places, checks, own, decide);
    if ("outcomes" in decided) safe.set(set, decided.outcomes);
    else if ("end" in decided) incomplete = { set: own, ...decided };
    else harms.push(decided);
  }

  const minimal: Barrier[] = [];
  const forbidden = new Map<number, Forbidden | null>();
  for (const [set, outcomes] of safe) {
    const own = members(set);
    for (const index of own)
      if (!forbidden.has(index)) forbidden.set(index, yield* firstRefused(places, checks, index, decide));
    minimal.push({ set: own, outcomes, forbids: own.map((index) => forbidden.get(index) ?? null) });
  }
  return { checks, minimal: minimal.sort(bySize), harms, incomplete };
}

type Decided =
  | { readonly outcomes: readonly Outcome[] }
  | { readonly end: End; readonly reason: string | null }
  | Harm;

/** Safe when it is in every place. */
function* decideSet(
  places: readonly Place[],
  checks: readonly MaybeCheck[],
  set: CheckSet,
  decide: Decide,
): Generator<Progress, Decided> {
  const refusing = new Set(set.flatMap((index) => checks[index]?.check ?? []));
  const outcomes: Outcome[] = [];
  for (const [index, place] of places.entries()) {
    const posed = posedWith(place, { refusing, speaking: new Set() }, place.problem.goals);
    const outcome = yield* decide(posed);
    const goal = shortest(outcome);
    const path = outcome.found[goal] ?? null;
    if (path !== null) {
      const calls = callsOf(place, posed, path);
      const refusedBy = refusers(place, checks, calls).filter((check) => !set.includes(check));
      return { despite: set, place: index, goal, calls, refusedBy };
    }
    if (outcome.end !== "exhausted") return { end: outcome.end, reason: outcome.reason };
    outcomes.push(outcome);
  }
  return { outcomes };
}

function posedWith({ problem, callsFor }: Place, made: Made, goals: readonly Goal[]): Problem {
  const system = systemWith(problem.system, made);
  return { ...problem, system, goals, calls: callsFor(system, goals) };
}

/** A path of a problem with checks made, as calls of the system without. */
const callsOf = ({ problem: { system } }: Place, posed: Problem, path: readonly number[]): GroundCall[] =>
  path.flatMap((index) => {
    const call = posed.calls[index];
    return call === undefined ? [] : [movedTo(system, call)];
  });

/** With a check that speaks in place of refusing: the shortest sequence after which it has spoken, in any place. */
function* firstRefused(
  places: readonly Place[],
  checks: readonly MaybeCheck[],
  index: number,
  decide: Decide,
): Generator<Progress, Forbidden | null> {
  const check = checks[index]?.check;
  let best: Forbidden | null = null;
  if (check === undefined) return best;
  for (const [at, place] of places.entries()) {
    const made: Made = { refusing: new Set(), speaking: new Set([check]) };
    const posed = posedWith(place, made, [{ find: "hazard", hazard: SPEAKS }]);
    const outcome = yield* decide(posed);
    const path = outcome.found[0] ?? null;
    if (path === null || (best !== null && path.length >= best.calls.length)) continue;
    const calls = callsOf(place, posed, path);
    best = { place: at, calls, isHarm: doesHarm(place, calls) };
  }
  return best;
}

/** Whether a goal is reached on the way. */
function doesHarm({ problem }: Place, calls: readonly GroundCall[]): boolean {
  const posed: Problem = { ...problem, calls };
  const machine = bootMachine(posed);
  const judges = problem.goals.map((goal) => judgeOf(machine, goal));
  return calls.some((each) => {
    const met = perform(machine, posed, each);
    return judges.some((judge) => judge.state() || (met !== null && judge.transition(met)));
  });
}

/** The checks each of which would refuse a call of this sequence, were it made: checks change nothing before them. */
function refusers({ problem }: Place, checks: readonly MaybeCheck[], calls: readonly GroundCall[]): CheckSet {
  const speaking = new Set(checks.map(({ check }) => check));
  const system = systemWith(problem.system, { refusing: new Set(), speaking });
  const machine = bootMachine({ ...problem, system, calls: [] });
  const spoken = new Set<number>();
  const places = new Map(checks.map(({ check }, index) => [check.condition, index]));
  for (const each of calls) {
    machine.onHazard = ({ check }) => {
      const at = places.get(check.condition);
      if (check.hazard === SPEAKS && at !== undefined) spoken.add(at);
    };
    make(machine, movedTo(system, each));
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
