// Every sequence of calls of a small proposal, walked with the reference interpreter on plain copied objects: no
// symmetry, no packing, no static list of calls, nothing shared with server/src/explore. Slow, and easy to believe.

import type { Operation, TopologyDeclaration, TypeNode } from "../../server/src/syntax/ast.ts";
import { call, open } from "./calls.ts";
import type { Context } from "./evaluate.ts";
import { liveOf } from "./evaluate.ts";
import { isOptional, isThingName, namesOf, type Program } from "./program.ts";
import { brokenBindings } from "./rules.ts";
import { boot } from "./scenario.ts";
import { type State, type Thing, thingOf } from "./state.ts";
import { isRange, isRef, isSet, type Value } from "./values.ts";

export interface Naive {
  readonly states: number;
  readonly transitions: number;
  /** Of the deepest state. */
  readonly depth: number;
  /** Rule -> the fewest calls after which it is broken. */
  readonly broken: ReadonlyMap<string, number>;
}

export interface NaiveBounds {
  readonly tasks: readonly string[];
  /** How many of a kind may be alive at a time. */
  readonly most: (kind: string) => number;
  /** The field with the hardware that a file of a kind is the only one for; null: it is not. */
  readonly home: (kind: string) => string | null;
  /** Only these calls are made; null: every call with every argument. */
  readonly calls: readonly PlannedCall[] | null;
}

/** A thing is meant by its kind and place. */
export type PlannedValue = null | boolean | string | { readonly kind: string; readonly place: number };

export interface PlannedCall {
  /** By its place. */
  readonly task: number;
  /** An operation; null: the file that a path opens. */
  readonly operation: string | null;
  readonly path: string;
  readonly args: readonly PlannedValue[];
}

/** Null when there are more states than `limit`. */
export function exploreNaively(
  proposal: Program,
  topology: TopologyDeclaration,
  bounds: NaiveBounds,
  limit: number,
): Naive | null {
  const tasks = new Map(bounds.tasks.map((name) => [name, []]));
  const { program, world } = boot(proposal, topology, tasks, new Set());
  const broken = new Map<string, number>();
  const callers = thingsOf(world.state, "task");
  const judge = (state: State, depth: number): void => {
    for (const rule of brokenBindings(program, state, callers[0]?.id ?? 0).values())
      if (!broken.has(rule)) broken.set(rule, depth);
  };

  const seen = new Set([keyOf(world.state)]);
  let layer: State[] = [world.state];
  let transitions = 0;
  let depth = 0;
  judge(world.state, 0);
  for (; layer.length > 0; depth++) {
    const next: State[] = [];
    for (const state of layer) {
      const calls = bounds.calls ?? everyCall(program, state, callers);
      for (const { after, isLifetimeBroken } of successors(program, state, callers, calls)) {
        settle(after, bounds);
        if (!isWithin(after, program, bounds)) continue;
        forgetTheDead(after);
        const key = keyOf(after);
        transitions++;
        if (isLifetimeBroken && !broken.has("lifetime")) broken.set("lifetime", depth + 1);
        if (seen.has(key)) continue;
        if (seen.size >= limit) return null;
        seen.add(key);
        judge(after, depth + 1);
        next.push(after);
      }
    }
    layer = next;
  }
  return { states: seen.size, transitions, depth: depth - 1, broken };
}

interface Successor {
  readonly after: State;
  readonly isLifetimeBroken: boolean;
}

function* successors(
  program: Program,
  state: State,
  callers: readonly Thing[],
  calls: Iterable<PlannedCall>,
): Iterable<Successor> {
  for (const planned of calls) {
    const caller = callers[planned.task]?.id ?? 0;
    const operation = program.operations.get(planned.operation ?? "");
    const args = planned.args.map((value) => placed(state, value));
    if (args.includes(undefined)) continue;
    const given = args.flatMap((value, i) =>
      value === undefined ? [] : [{ name: operation?.params[i]?.name.text ?? null, value }],
    );
    const result =
      operation === undefined
        ? open(program, state, caller, planned.path)
        : call(program, state, caller, operation, given);
    const kept = "value" in result ? result : result.kept;
    if (kept !== null) yield { after: kept.state, isLifetimeBroken: isLifetime(kept.broken) };
  }
}

/** The value in this state; undefined when nothing is alive in that place. */
function placed(state: State, value: PlannedValue): Value | undefined {
  if (value === null || typeof value !== "object") return value;
  const thing = thingsOf(state, value.kind).find(({ place }) => place === value.place);
  return thing === undefined ? undefined : { ref: thing.id };
}

function* everyCall(program: Program, state: State, callers: readonly Thing[]): Iterable<PlannedCall> {
  for (const [task, { id }] of callers.entries()) {
    for (const { path } of program.kinds.values())
      for (const text of path === null ? [] : pathsOf(path, state))
        yield { task, operation: null, path: text, args: [] };
    for (const operation of program.operations.values())
      for (const args of choices(program, state, operation, id))
        yield { task, operation: operation.name.text, path: "", args };
  }
}

const isLifetime = (broken: readonly string[]): boolean => broken.includes("lifetime");

/** The texts that the path can be, with its hole filled by a name of the hardware. */
function pathsOf(path: string, state: State): string[] {
  const hole = /\{([a-z]+)\}/.exec(path);
  if (hole === null) return [path];
  return thingsOf(state, hole[1] ?? "").map(({ name }) => path.replace(hole[0], name ?? ""));
}

/** Every choice of arguments: all that is alive and of the type, both truths, every word. */
function choices(program: Program, state: State, { params }: Operation, caller: number): PlannedValue[][] {
  const cx: Context = { program, state, caller, env: new Map(), isScript: false, hazards: new Set() };
  let all: PlannedValue[][] = [[]];
  for (const { type, value: initial } of params) {
    // Numbers come last, and are left at what they are when nothing is said.
    if (initial !== null && namesOf(program, type).includes("int")) continue;
    const values = valuesOf(type, cx);
    all = all.flatMap((one) => values.map((value) => [...one, value]));
  }
  return all;
}

function valuesOf(type: TypeNode, cx: Context): PlannedValue[] {
  const found: PlannedValue[] = isOptional(cx.program, type) ? [null] : [];
  for (const name of namesOf(cx.program, type)) {
    if (isThingName(cx.program, name))
      for (const ref of liveOf(name, cx)) if (isRef(ref)) found.push(thingOf(cx.state, ref));
    if (name === "bool") found.push(false, true);
  }
  for (const atom of type.alternatives)
    if (atom.kind === "enum") found.push(...atom.members.map(({ text }) => text));
  return found;
}

// ---------------------------------------------------------------- states

const thingsOf = (state: State, kind: string): Thing[] =>
  [...state.things.values()].filter((thing) => thing.kind === kind && thing.isLive);

/** A file for a piece of hardware stands in the place of that, or beyond all places if there is one already. */
function settle(state: State, { home }: NaiveBounds): void {
  const taken = new Set<string>();
  for (const [id, thing] of state.things) {
    const field = home(thing.kind);
    if (field === null || !thing.isLive) continue;
    const value = thing.fields.get(field) ?? null;
    const place = isRef(value) ? thingOf(state, value).place : Number.POSITIVE_INFINITY;
    const key = `${thing.kind} ${place}`;
    state.things.set(id, { ...thing, place: taken.has(key) ? Number.POSITIVE_INFINITY : place });
    taken.add(key);
  }
}

/** Dead things still stand there with the places that they had during the call. */
const isWithin = (state: State, program: Program, { most }: NaiveBounds): boolean =>
  [...state.things.values()].every(
    ({ kind, place }) => program.kinds.get(kind)?.sort === "hardware" || place < most(kind),
  );

function forgetTheDead(state: State): void {
  for (const thing of [...state.things.values()]) if (!thing.isLive) state.things.delete(thing.id);
}

/** What is alive, by kind and place, with all its fields. */
function keyOf(state: State): string {
  const rows = [...state.things.values()].map((thing) => {
    const fields = [...thing.fields].map(([name, value]) => `${name}=${written(value, state)}`).sort();
    const holders = [...thing.holders].map((id) => written({ ref: id }, state)).sort();
    const owner = thing.owner === null ? "" : written({ ref: thing.owner }, state);
    return `${thing.kind}${thing.place}(${fields.join()};${holders.join()};${owner})`;
  });
  return rows.sort().join(" ");
}

function written(value: Value, state: State): string {
  if (isRef(value)) {
    const { kind, place } = thingOf(state, value);
    return `${kind}${place}`;
  }
  if (isSet(value)) return `{${value.map((each) => written(each, state)).sort()}}`;
  return isRange(value) ? `${value.start}+${value.size}` : String(value);
}
