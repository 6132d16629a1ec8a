// The parts of a lowering, one after the other: the calls of an operation, a goal. What a part added to what the lowering
// knows is remembered. After an edit a part that is the same, behind parts that added the same, adds that again and
// is not lowered; so functions that nobody changed are the same objects. A program that was put together so is the one
// that lowering gives.

import { isSame } from "../../base/same.ts";
import { environmentOf } from "../../model/same-code.ts";
import type { Sizes, Tables } from "../../model/values.ts";
import type { Fn } from "../program.ts";
import { blocksOf, mostDropped } from "./blocks.ts";
import { type Flowing, type Lowering, takeFlow } from "./context.ts";
import type { Instance } from "./defines.ts";
import { impliedFields } from "./implied.ts";

export interface Parts {
  /** Those of the lowering before; null: none, or one that goes another way by now. */
  before: readonly Part[] | null;
  readonly now: Part[];
}

interface Part {
  /** What it is of: compared one by one, as objects or as what they say. */
  readonly of: readonly unknown[];
  readonly result: unknown;
  readonly added: Added;
  readonly largest: number;
  readonly sums: boolean;
  /** All that it did is in `added`. */
  readonly isWhole: boolean;
}

/** What came to the lists of a lowering, in their order. */
interface Added {
  readonly functions: readonly (Fn | null)[];
  readonly tables: readonly (readonly number[])[];
  readonly tableIds: readonly (readonly [string, number])[];
  readonly ranges: readonly number[];
  readonly sets: Lowering["sets"];
  readonly named: readonly number[];
  readonly asked: readonly number[];
  readonly flowed: readonly Flowing[];
  readonly instances: readonly (readonly [string, Instance])[];
  readonly helpers: readonly (readonly [string, number])[];
  readonly made: readonly (readonly [string, number])[];
  readonly notes: readonly (readonly [string, number])[];
  /** Where the cells end. */
  readonly end: number;
}

/** Lowers a part, or does what it did before. Of results of parts with `of` alike one is as good as the other. */
export function lowerPart<T>(lowering: Lowering, of: readonly unknown[], lower: () => T): T {
  const { parts } = lowering;
  const old = parts.before?.[parts.now.length];
  if (old?.isWhole === true && isAlike(old.of, of)) {
    add(lowering, old);
    parts.now.push(old);
    // What is kept with the same `of` came of the same `lower`.
    return old.result as T;
  }
  const before = countsOf(lowering);
  const [largest, sums, values] = [lowering.largest, lowering.sums, lowering.system.values.sizes()];
  lowering.largest = 0;
  lowering.sums = false;
  const result = lower();
  const added = addedSince(lowering, before);
  const isWhole = lowering.late.length === before.late && isSame(values, lowering.system.values.sizes());
  parts.now.push({ of, result, added, isWhole, largest: lowering.largest, sums: lowering.sums });
  lowering.largest = Math.max(largest, lowering.largest);
  lowering.sums ||= sums;
  if (old === undefined || !addsTheSame(old.added, added)) parts.before = null;
  return result;
}

const isAlike = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((each, i) => isSame(each, b[i]));

/** Functions do not count: nobody looks into them. */
function addsTheSame(a: Added, b: Added): boolean {
  const { functions: own, ...rest } = a;
  const { functions, ...others } = b;
  return own.length === functions.length && isSame(rest, others);
}

type Counts = Readonly<Record<Exclude<keyof Added, "end"> | "late", number>>;

const countsOf = (lowering: Lowering): Counts => ({
  functions: lowering.functions.length,
  tables: lowering.tables.length,
  tableIds: lowering.tableIds.size,
  ranges: lowering.ranges.length,
  sets: lowering.sets.length,
  named: lowering.named.size,
  asked: lowering.asked.size,
  flowed: lowering.flowed.length,
  instances: lowering.instances.size,
  helpers: lowering.helpers.size,
  made: lowering.made.size,
  notes: lowering.notes.size,
  late: lowering.late.length,
});

/** The last elements, in the order in which they came. */
function behind<T>(all: { readonly size: number } & Iterable<T>, count: number): readonly T[] {
  if (all.size === count) return [];
  return [...all].slice(count);
}

function addedSince(lowering: Lowering, before: Counts): Added {
  const {
    functions,
    tables,
    tableIds,
    ranges,
    sets,
    named,
    asked,
    flowed,
    instances,
    helpers,
    made,
    notes,
    end,
  } = lowering;
  return {
    functions: functions.slice(before.functions),
    tables: tables.slice(before.tables),
    tableIds: behind(tableIds, before.tableIds),
    ranges: ranges.slice(before.ranges),
    sets: sets.slice(before.sets),
    named: behind(named, before.named),
    asked: behind(asked, before.asked),
    flowed: flowed.slice(before.flowed),
    instances: behind(instances, before.instances),
    helpers: behind(helpers, before.helpers),
    made: behind(made, before.made),
    notes: behind(notes, before.notes),
    end,
  };
}

function add(lowering: Lowering, { added, largest, sums }: Part): void {
  lowering.functions.push(...added.functions);
  lowering.tables.push(...added.tables);
  for (const raw of added.ranges) lowering.rangeIds.set(raw, lowering.ranges.push(raw) - 1);
  for (const each of added.sets) lowering.setIds.set(each.raw, lowering.sets.push(each) - 1);
  for (const each of added.named) lowering.named.add(each);
  for (const each of added.asked) lowering.asked.add(each);
  for (const each of added.flowed) takeFlow(lowering, each);
  for (const map of ["tableIds", "helpers", "made", "notes"] as const)
    for (const [key, value] of added[map]) lowering[map].set(key, value);
  for (const [key, value] of added.instances) lowering.instances.set(key, value);
  lowering.end = added.end;
  lowering.largest = Math.max(lowering.largest, largest);
  lowering.sums ||= sums;
}

// ---------------------------------------------------------------- from one lowering to the next

/** All that every part may depend on. */
interface Ground {
  readonly environment: object;
  readonly alike: unknown;
  readonly addresses: readonly unknown[];
  readonly values: Tables;
  readonly sizes: Sizes;
}

/** A claim for each of some topologies, and some more. */
const KEPT = 8;
const kept: { readonly ground: Ground; readonly parts: readonly Part[] }[] = [];

function groundOf(lowering: Lowering): Ground {
  const { problem, layout, system, order } = lowering;
  const { addresses, ...topology } = problem.topology;
  const { made, isWild } = blocksOf(lowering);
  return {
    environment: environmentOf(system),
    alike: [
      ...[order, topology, problem.bounds, problem.goals, layout, isWild, [...made], mostDropped(lowering)],
      [...impliedFields(lowering)],
    ],
    addresses: [...addresses],
    values: system.values.tables(),
    sizes: system.values.sizes(),
  };
}

/** Has the lowering go on from the last one that stands on the same ground. To be called when all is known of it. */
export function goOn(lowering: Lowering): () => void {
  const ground = groundOf(lowering);
  const index = kept.findIndex(
    (each) => each.ground.environment === ground.environment && isSame(each.ground, ground),
  );
  const [known] = index === -1 ? [] : kept.splice(index, 1);
  lowering.parts.before = known?.parts ?? null;
  return () => {
    kept.unshift({ ground, parts: lowering.parts.now });
    if (kept.length > KEPT) kept.pop();
  };
}
