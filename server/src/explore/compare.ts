// Two proposals that share names of calls, side by side: both machines start at boot and make the same calls, and where
// their answers differ, that is told. Breadth first over pairs of states, so that what is told of each difference is its
// shortest sequence. Where the answers differ the common way ends; what one of them does alone is no comparison.

import type { Result } from "../model/execute.ts";
import { type Machine, type Refusal, rollBack } from "../model/machine.ts";
import { brokenBindings } from "../model/rules.ts";
import type { System } from "../model/system.ts";
import { indexOf, kindOf, NONE } from "../model/values.ts";
import { type Common, commonCalls, type Operand } from "./common-calls.ts";
import type { End, GroundCall, Limits, Problem, Progress } from "./problem.ts";
import {
  bootMachine,
  type Cells,
  keepWithin,
  type Layout,
  layoutOf,
  loadCells,
  make,
  readCells,
} from "./walk.ts";

export type Side = "a" | "b";

/** A sequence that both make; its last call is where they differ. */
export interface Witness {
  /** By side, the calls with the arguments that they have there. */
  readonly a: readonly GroundCall[];
  readonly b: readonly GroundCall[];
}

export type Difference = Witness &
  (
    | { readonly what: "allows" | "refuses"; readonly call: string; readonly refusal: Refusal }
    | { readonly what: "answers"; readonly call: string; readonly refusals: Readonly<Record<Side, Refusal>> }
    /** After the same calls a rule is broken, or a hazard met, in one of the two only. */
    | { readonly what: "breaks" | "mends"; readonly rule: string }
    | { readonly what: "warns" | "is silent"; readonly hazard: string }
  );

export interface Comparison extends Progress {
  /** What B does that A does not, or the other way round; in the order in which they were found. */
  readonly differences: readonly Difference[];
  /** Anything but `exhausted`: there may be more. */
  readonly end: End;
  /** Names of calls that only one of them has, or that have other parameters. */
  readonly only: Readonly<Record<Side, readonly string[]>>;
  readonly common: readonly string[];
}

/** What stands for a thing that both have: a place in the table of pairs, by kind. */
interface Pairs {
  /** By name of kind: references of A and B in turn, NONE where a place is free. */
  readonly things: ReadonlyMap<string, readonly number[]>;
}

interface Node {
  readonly a: Cells;
  readonly b: Cells;
  readonly pairs: Pairs;
  readonly parent: number;
  /** The call that led here, as it was made. */
  readonly made: Readonly<Record<Side, GroundCall>> | null;
}

/** The rule of the language itself: what dies in use. */
export const LIFETIME = "lifetime";

/** Calls between two looks at the clock. */
const SLICE = 200;

export function* compareSideBySide(a: Problem, b: Problem, limits: Limits): Generator<Progress, Comparison> {
  const { calls, only, names } = commonCalls(a, b);
  const sides = { a: sideOf(a), b: sideOf(b) };
  const found = new Map<string, Difference>();
  const nodes: Node[] = [];
  const seen = new Set<string>();
  const depths: number[] = [];
  let [transitions, made, end]: [number, number, End] = [0, 0, "exhausted"];

  const first: Node = {
    a: stateOf(sides.a),
    b: stateOf(sides.b),
    pairs: { things: new Map() },
    parent: -1,
    made: null,
  };
  nodes.push(first);
  depths.push(0);
  seen.add(keyOf(first));
  const progress = (at: number): Progress => ({ states: nodes.length, transitions, depth: depths[at] ?? 0 });
  const deepest = Math.min(
    a.bounds.depth ?? Number.POSITIVE_INFINITY,
    b.bounds.depth ?? Number.POSITIVE_INFINITY,
  );

  let at = 0;
  search: for (; at < nodes.length; at++) {
    const node = nodes[at];
    if (node === undefined) break;
    const depth = depths[at] ?? 0;
    if (depth >= deepest) {
      end = "depth";
      continue;
    }
    loadCells(sides.a.machine, sides.a.layout, node.a);
    loadCells(sides.b.machine, sides.b.layout, node.b);
    for (const common of calls) {
      const both = resolve(common, node.pairs);
      if (both === null) continue;
      if (++made % SLICE === 0) {
        yield progress(at);
        if (limits.isCancelled()) {
          end = "cancelled";
          break search;
        }
      }
      rollBack(sides.a.machine);
      rollBack(sides.b.machine);
      const one = perform(sides.a, both.a);
      const two = perform(sides.b, both.b);
      const note = (key: string, difference: () => DistributiveOmit<Difference, "a" | "b">): void => {
        if (!found.has(key)) found.set(key, { ...difference(), ...pathTo(nodes, at, both) });
      };
      noteAnswers(one, two, common.name, { a: a.system, b: b.system }, note);
      if (!one.went || !two.went) continue;
      transitions++;
      noteHarm(one, two, note);
      if (one.isBeyond || two.isBeyond) continue;
      const next = { a: stateOf(sides.a), b: stateOf(sides.b) };
      const pairs = pairsAfter(node.pairs, one, two, sides);
      if (pairs === null) continue;
      const child: Node = { a: next.a, b: next.b, pairs, parent: at, made: both };
      const key = keyOf(child);
      if (seen.has(key)) continue;
      if (nodes.length >= limits.states) {
        end = "states";
        break search;
      }
      seen.add(key);
      nodes.push(child);
      depths.push(depth + 1);
      noteBroken(sides, note);
    }
  }
  return {
    differences: [...found.values()],
    end,
    only,
    common: names,
    ...progress(Math.min(at, nodes.length - 1)),
  };
}

// omitting from each member of a union
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type Note = (key: string, difference: () => DistributiveOmit<Difference, "a" | "b">) => void;

/** One of the two machines. */
interface Half {
  readonly machine: Machine;
  readonly layout: Layout;
  readonly instances: readonly number[];
}

function sideOf(problem: Problem): Half {
  const machine = bootMachine(problem);
  const { instances } = problem.bounds;
  return { machine, layout: layoutOf(machine, instances), instances };
}

const stateOf = ({ machine, layout }: Half): Cells => readCells(machine, layout);

const keyOf = ({ a, b, pairs }: Node): string => {
  const things = [...pairs.things].map(([kind, refs]) => `${kind}:${refs.join()}`).sort();
  return `${a.join()}|${b.join()}|${things.join(";")}`;
};

// ---------------------------------------------------------------- one call

interface Made {
  readonly result: Result;
  readonly went: boolean;
  readonly hazards: ReadonlySet<string>;
  readonly lifetime: boolean;
  /** It needed more places than the bounds allow; they are forgotten. */
  readonly isBeyond: boolean;
}

function perform({ machine, instances }: Half, each: GroundCall): Made {
  const hazards = new Set<string>();
  machine.onHazard = ({ check }) => void hazards.add(check.hazard ?? "");
  const result = make(machine, each);
  machine.onHazard = null;
  const lifetime = machine.dangling.length > 0 || machine.runaway;
  machine.dangling.length = 0;
  machine.runaway = false;
  const isBeyond = keepWithin(machine, instances);
  return { result, went: result.ok || result.kept, hazards, lifetime, isBeyond };
}

function noteAnswers(
  one: Made,
  two: Made,
  name: string,
  systems: Readonly<Record<Side, System>>,
  note: Note,
): void {
  const refusals = { a: refusalOf(one), b: refusalOf(two) };
  if (refusals.a === null && refusals.b === null) return;
  if (refusals.a !== null && refusals.b !== null) {
    const [errnoA, errnoB] = [refusals.a.errno, refusals.b.errno];
    if (errnoOf(refusals.a) === errnoOf(refusals.b)) return;
    const both = { a: refusals.a, b: refusals.b };
    const causes = `${causeOf(refusals.a)} ${causeOf(refusals.b)}`;
    note(`answers ${name} ${errnoA ?? ""} ${errnoB ?? ""} ${causes}`, () => ({
      what: "answers",
      call: name,
      refusals: both,
    }));
    return;
  }
  const what = refusals.a === null ? "refuses" : "allows";
  const refusal = refusals.a ?? refusals.b;
  if (refusal === null) return;
  const system = what === "refuses" ? systems.b : systems.a;
  note(`${what} ${name} ${causeOf(refusal, system)}`, () => ({ what, call: name, refusal }));
}

const refusalOf = ({ result }: Made): Refusal | null => (result.ok ? null : result.refusal);
const errnoOf = (refusal: Refusal): string => (refusal.by === "check" ? refusal.check.errno : refusal.errno);

/** Which check it was: differences with one cause are told once. */
function causeOf(refusal: Refusal, system?: System): string {
  if (refusal.by !== "check")
    return refusal.by === "handle" && system !== undefined
      ? `handle ${system.kinds[kindOf(refusal.ref)]?.name ?? ""} ${refusal.dead}`
      : refusal.by;
  const { uri, item, start } = refusal.check.site;
  return `${uri} ${item} ${start}`;
}

function noteHarm(one: Made, two: Made, note: Note): void {
  for (const hazard of two.hazards)
    if (!one.hazards.has(hazard)) note(`warns ${hazard}`, () => ({ what: "warns", hazard }));
  for (const hazard of one.hazards)
    if (!two.hazards.has(hazard)) note(`silent ${hazard}`, () => ({ what: "is silent", hazard }));
  if (two.lifetime && !one.lifetime) note(`breaks ${LIFETIME}`, () => ({ what: "breaks", rule: LIFETIME }));
  if (one.lifetime && !two.lifetime) note(`mends ${LIFETIME}`, () => ({ what: "mends", rule: LIFETIME }));
}

/** In a new pair of states: the rules that are broken in one of them only. */
function noteBroken(sides: Readonly<Record<Side, Half>>, note: Note): void {
  const [inA, inB] = [brokenIn(sides.a.machine), brokenIn(sides.b.machine)];
  for (const rule of inB) if (!inA.has(rule)) note(`breaks ${rule}`, () => ({ what: "breaks", rule }));
  for (const rule of inA) if (!inB.has(rule)) note(`mends ${rule}`, () => ({ what: "mends", rule }));
}

export function brokenIn(machine: Machine): Set<string> {
  const watched = machine.system.rules.filter(({ severity }) => severity !== "off");
  return new Set(watched.flatMap((rule) => (brokenBindings(machine, rule).length > 0 ? [rule.name] : [])));
}

// ---------------------------------------------------------------- pairs of things

/** The call on both sides; null when it needs a thing that is not there. */
function resolve(common: Common, { things }: Pairs): Readonly<Record<Side, GroundCall>> | null {
  if (common.do === "open") return { a: common.a, b: common.b };
  const argsOf = (side: Side, offset: 0 | 1): number[] | null => {
    const args: number[] = [];
    for (const operand of common.operands) {
      const value = argumentOf(operand, side, offset, things);
      if (value === null) return null;
      args.push(value);
    }
    return args;
  };
  const [a, b] = [argsOf("a", 0), argsOf("b", 1)];
  return a === null || b === null ? null : { a: { ...common.a, args: a }, b: { ...common.b, args: b } };
}

function argumentOf(operand: Operand, side: Side, offset: 0 | 1, things: Pairs["things"]): number | null {
  if ("a" in operand) return operand[side];
  const ref = things.get(operand.kind)?.[2 * operand.place + offset] ?? NONE;
  return ref === NONE ? null : ref;
}

/** What died on both sides leaves its place; what both calls gave takes the lowest. Null: they gave different sorts. */
function pairsAfter(before: Pairs, one: Made, two: Made, sides: Readonly<Record<Side, Half>>): Pairs | null {
  const things = new Map<string, number[]>();
  for (const [kind, refs] of before.things) {
    const kept = refs.slice();
    for (let i = 0; i < kept.length; i += 2) {
      const [a = NONE, b = NONE] = [kept[i], kept[i + 1]];
      const isDead = !lives(sides.a.machine, a) && !lives(sides.b.machine, b);
      if (isDead) kept.fill(NONE, i, i + 2);
    }
    while (kept.length > 0 && kept[kept.length - 1] === NONE && kept[kept.length - 2] === NONE)
      kept.length -= 2;
    if (kept.length > 0) things.set(kind, kept);
  }
  const [a, b] = [thingOf(sides.a.machine, one), thingOf(sides.b.machine, two)];
  if (a === null && b === null) return { things };
  if (a === null || b === null || a.kind !== b.kind) return null;
  const known = things.get(a.kind) ?? [];
  things.set(a.kind, known);
  for (let i = 0; i < known.length; i += 2)
    if (known[i] === a.ref && known[i + 1] === b.ref) return { things };
  let free = 0;
  while (free < known.length && !(known[free] === NONE && known[free + 1] === NONE)) free += 2;
  known[free] = a.ref;
  known[free + 1] = b.ref;
  return { things };
}

function lives(machine: Machine, ref: number): boolean {
  const kind = machine.system.kinds[kindOf(ref)];
  return ref >= 0 && kind !== undefined && machine.cells[kind.alive]?.[indexOf(ref)] === 1;
}

/** The file or object that a call gave. */
function thingOf(machine: Machine, { result }: Made): { readonly kind: string; readonly ref: number } | null {
  if (!result.ok || result.value < 0) return null;
  const kind = machine.system.kinds[kindOf(result.value)];
  return kind === undefined || kind.sort === "hardware" || !lives(machine, result.value)
    ? null
    : { kind: kind.name, ref: result.value };
}

function pathTo(nodes: readonly Node[], at: number, last: Readonly<Record<Side, GroundCall>>): Witness {
  const [a, b] = [[last.a], [last.b]];
  for (let i = at; i > 0; ) {
    const node = nodes[i];
    if (node === undefined || node.made === null) break;
    a.unshift(node.made.a);
    b.unshift(node.made.b);
    i = node.parent;
  }
  return { a, b };
}
