// Which of the checks that might be made a proposal needs, on the topologies and within the bounds of a verify block.

import type { View } from "../../analysis/session.ts";
import { readBounds } from "../../analysis/verify-bounds.ts";
import { safetyGoals } from "../../analysis/verify-claims.ts";
import { kebab } from "../../engine/outcome.ts";
import {
  type Barriers,
  type Forbidden,
  findBarriers,
  type Place,
  type Sequence,
} from "../../explore/barriers.ts";
import { boundsOf } from "../../explore/bounds.ts";
import { groundCalls } from "../../explore/calls.ts";
import { type MaybeCheck, maybeChecks, systemWith } from "../../explore/checks.ts";
import { decide } from "../../explore/decide.ts";
import { engineHere } from "../../explore/exploring.ts";
import type { Goal, Limits, Progress } from "../../explore/problem.ts";
import type { System } from "../../model/system.ts";
import { type PlacedBlock, pose } from "../verify/blocks.ts";
import { script } from "../verify/script.ts";

/** A check as a reader knows it. */
export interface ToldCheck {
  readonly call: string;
  readonly errno: string;
  /** As it is written: `not accessible(f.device)`. */
  readonly condition: string;
  /** `mine.uapi:12` */
  readonly place: string;
}

export interface ToldSequence {
  readonly topology: string;
  readonly steps: readonly string[];
}

export interface ToldBarrier {
  readonly checks: readonly ToldCheck[];
  /** By check: the shortest sequence that goes through without it and that it refuses; null: none was found. */
  readonly forbids: readonly ((ToldSequence & { readonly isHarm: boolean }) | null)[];
}

export interface BarriersReport {
  readonly proposal: string;
  readonly topologies: readonly string[];
  readonly rules: readonly string[];
  /** All there are. */
  readonly checks: readonly ToldCheck[];
  readonly minimal: readonly ToldBarrier[];
  /** Checks that are in no set. */
  readonly unneeded: readonly ToldCheck[];
  /** What happens without any check; null: nothing. */
  readonly without: ToldSequence | null;
  /** A sequence that no check refuses; null: there is none. */
  readonly hopeless: ToldSequence | null;
  /** Why it is not established that there are no other sets. */
  readonly open: string | null;
}

/** Names of rules; empty: all that are errors. */
export function* barriersOf(
  view: View,
  block: PlacedBlock,
  rules: readonly string[],
  limits: Limits,
): Generator<Progress, BarriersReport | { readonly wrong: string }> {
  const { posed, problems } = pose(view, block);
  const [problem] = problems.filter(({ severity }) => severity === undefined || severity === "error");
  if (problem !== undefined) return { wrong: problem.message };
  const [first] = posed;
  if (first === undefined) return { wrong: "nothing of this block can be decided" };
  const { system } = first.problem;
  const goals = goalsFor(system, rules);
  if ("wrong" in goals) return goals;
  const { bounds: said } = readBounds(system, block.node, block.origin);
  const { also, without } = said;
  // What a check asks about is there to be asked about, whether it is made or not.
  const refusing = new Set(maybeChecks(system).map(({ check }) => check));
  const checked = systemWith(system, { refusing, speaking: new Set() });
  const all = posed.map(({ problem: { topology } }): Place => {
    const bounds = boundsOf(checked, topology, goals, said);
    return {
      problem: { system, topology, bounds, goals },
      callsFor: (own, wanted) => groundCalls(own, topology, bounds, { also, without, goals: wanted }),
    };
  });
  const found = yield* findBarriers(all, (each) => decide(each, limits, { engine: engineHere() }));
  return told(view, all, found, rules);
}

/** Whether the proposal of a block has such checks. */
export function hasMaybeChecks(view: View, block: PlacedBlock): boolean {
  const [first] = pose(view, block).posed;
  return first !== undefined && maybeChecks(first.problem.system).length > 0;
}

function goalsFor(system: System, rules: readonly string[]): Goal[] | { readonly wrong: string } {
  if (rules.length === 0) return safetyGoals(system);
  const goals: Goal[] = [];
  for (const wanted of rules) {
    const index = system.rules.findIndex(({ name }) => kebab(name) === kebab(wanted));
    if (index === -1) return { wrong: `${system.proposal} has no rule \`${wanted}\`` };
    goals.push({ find: "broken-rule", rules: [index], lifetime: false });
  }
  return goals;
}

function told(
  view: View,
  places: readonly Place[],
  { checks, minimal, harms, incomplete }: Barriers,
  rules: readonly string[],
): BarriersReport {
  const system = places[0]?.problem.system;
  const check = (index: number): ToldCheck[] => {
    const found = checks[index];
    return found === undefined ? [] : [toldCheck(view, found)];
  };
  const sequence = (each: Sequence): ToldSequence => {
    const problem = places[each.place]?.problem;
    const { calls } = each;
    const steps = problem === undefined ? null : script(view, { ...problem, calls }, [...calls.keys()]);
    return { topology: problem?.topology.name ?? "", steps: steps?.map(({ text }) => text) ?? [] };
  };
  const forbidden = (each: Forbidden | null): ToldBarrier["forbids"][number] =>
    each === null ? null : { ...sequence(each), isHarm: each.isHarm };
  const needed = new Set(minimal.flatMap(({ set }) => set));
  const [first] = harms;
  const hopeless = harms.find(({ refusedBy }) => refusedBy.length === 0);
  return {
    proposal: system?.proposal ?? "",
    topologies: places.map(({ problem: { topology } }) => topology.name),
    rules,
    checks: checks.flatMap((_, index) => check(index)),
    minimal: minimal.map(({ set, forbids }) => ({
      checks: set.flatMap(check),
      forbids: forbids.map(forbidden),
    })),
    unneeded:
      incomplete === null && minimal.length > 0
        ? checks.flatMap((_, index) => (needed.has(index) ? [] : check(index)))
        : [],
    without: first === undefined || first.despite.length > 0 ? null : sequence(first),
    hopeless: hopeless === undefined ? null : sequence(hopeless),
    open: incomplete === null ? null : (incomplete.reason ?? `the search ended: ${incomplete.end}`),
  };
}

function toldCheck({ work }: View, { check, call }: MaybeCheck): ToldCheck {
  const place = work.places.site(check.site);
  const document = place === null ? null : work.texts.document(place.uri);
  const text =
    place === null || document === null || "failed" in document
      ? ""
      : document.text.slice(place.start, place.end);
  const condition =
    /^\s*require\??\s+(?:(?:since|until) [\d.]+\s+)*(.*?)\s*(?:\belse\b.*)?$/s.exec(text)?.[1] ?? text;
  return {
    call,
    errno: check.errno,
    condition: condition.replace(/\s+/g, " ").trim(),
    place: work.places.shown(check.site),
  };
}
