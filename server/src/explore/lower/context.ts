// What one lowering knows and makes: numbers of values, tables, functions.

import type { Expr, Stmt } from "../../model/ir.ts";
import type { Machine } from "../../model/machine.ts";
import type { System, Type } from "../../model/system.ts";
import { kindOf, NONE } from "../../model/values.ts";
import type { Problem } from "../problem.ts";
import type { Fn, Value } from "../program.ts";
import { bootMachine } from "../walk.ts";
import { type Builder, createBuilder } from "./builder.ts";
import type { Info } from "./constants.ts";
import type { Instance } from "./defines.ts";
import { globalOf, type Layout, layOut } from "./layout.ts";
import type { Parts } from "./parts.ts";
import type { Uses } from "./uses.ts";
import { num } from "./values.ts";

/** What the problem holds that a program cannot say; ends the lowering. */
export class Unsupported extends Error {}

/** Says where it was. */
export function blame(where: string, make: () => void): void {
  try {
    make();
  } catch (error) {
    if (error instanceof Unsupported) throw new Unsupported(`${where}: ${error.message}`);
    throw error;
  }
}

/** How numbers of a Machine become numbers of a program. `exists`: 1 if there is something, of which no more is asked. */
export type Tag = "plain" | "exists" | "thing" | "range" | "set of plain" | "set of things" | "set of ranges";

export function tagOf(type: Type | null): Tag {
  switch (type?.base) {
    case "value":
      return "thing";
    case "range":
      return "range";
    case "set": {
      const element = tagOf(type.element);
      return element === "thing" ? "set of things" : element === "range" ? "set of ranges" : "set of plain";
    }
    default:
      return "plain";
  }
}

export const elementOf = (tag: Tag): Tag =>
  tag === "set of things" ? "thing" : tag === "set of ranges" ? "range" : "plain";

/** Which values a plain one can be: these, and those of these fields; null: who knows. */
export type Flow = { readonly values: readonly number[]; readonly fields: readonly number[] } | null;

/** What an expression is: `known` already, with its number in a Machine, or computed when the program runs. */
export type Low =
  | { readonly is: "known"; readonly raw: number }
  | {
      readonly is: "value";
      readonly value: Value;
      readonly tag: Tag;
      /** Things: of which kinds. */
      readonly kinds: readonly number[];
      /** It can be none, or a name. */
      readonly maybe: boolean;
      /** It is 0 or 1. */
      readonly bool: boolean;
      /** It was alive when it was looked up. */
      readonly live: boolean;
      readonly flow: Flow;
    }
  /** A range that has no number. */
  | { readonly is: "pair"; readonly start: Value; readonly size: Value };

export const known = (raw: number): Low => ({ is: "known", raw });

type Computed = Extract<Low, { is: "value" }>;

export const computed = (value: Value, more: Partial<Computed> = {}): Computed => ({
  ...{ is: "value", value, tag: "plain", kinds: [], maybe: true, bool: false, live: true, flow: null },
  ...more,
});

export const truth = (value: Value): Low =>
  value.v === "const"
    ? known(value.value)
    : computed(value, { bool: true, maybe: false, flow: { values: [0, 1], fields: [] } });

export interface FieldFlow {
  readonly values: Set<number>;
  readonly fields: Set<number>;
  /** Of things: all of these kinds. */
  readonly kinds: Set<number>;
  /** Other values than those, or other names. */
  open: boolean;
}

export interface Lowering {
  readonly problem: Problem;
  readonly system: System;
  /** At boot; its facts are those of all states. */
  readonly machine: Machine;
  readonly layout: Layout;
  /** Tell of choices that the order of places decides. */
  readonly order: boolean;
  readonly functions: (Fn | null)[];
  readonly tables: (readonly number[])[];
  readonly tableIds: Map<string, number>;
  /** Tables of all ranges or sets there are, made at the end. */
  readonly late: (() => void)[];
  readonly ranges: number[];
  readonly rangeIds: Map<number, number>;
  readonly sets: { readonly raw: number; readonly tag: Tag }[];
  readonly setIds: Map<number, number>;
  readonly named: Set<number>;
  readonly flows: readonly FieldFlow[];
  /** Facts that something asks for: others tell nothing apart. */
  readonly asked: Set<number>;
  readonly infos: Map<Expr, Info>;
  readonly defineInfos: (Info | undefined)[];
  readonly instances: Map<string, Instance>;
  readonly uses: Map<readonly Stmt[], Uses>;
  /** How large expressions are. */
  readonly sizes: Map<Expr, number>;
  /** Functions without instance: `kill 7`. */
  readonly helpers: Map<string, number>;
  /** Bits of hazards that are asked about. */
  readonly hazards: ReadonlyMap<string, number>;
  /** The largest number that is met beforehand, and whether others are computed of such. */
  largest: number;
  sums: boolean;
  /** Cells behind the columns. */
  end: number;
  readonly notes: Map<string, number>;
  /** The functions of calls, by sort. */
  readonly made: Map<string, number>;
  /** What came into fields. */
  readonly flowed: Flowing[];
  readonly parts: Parts;
}

/** What comes into a field, as FieldFlow has it. */
export interface Flowing {
  readonly field: number;
  readonly values: readonly number[];
  readonly fields: readonly number[];
  readonly kinds: readonly number[];
  readonly open: boolean;
}

export function createLowering(problem: Problem, order: boolean): Lowering {
  const layout = layOut(problem);
  const asked = problem.goals.flatMap((goal) => (goal.find === "hazard" ? [goal.hazard] : []));
  const hazards = new Map([...new Set(asked)].map((name, bit) => [name, bit]));
  if (hazards.size > 31) throw new Unsupported(`${hazards.size} hazards are asked about; 31 are the most`);
  const { system } = problem;
  return {
    ...{ problem, system, machine: bootMachine(problem), layout, order },
    ...{ functions: [], tables: [], tableIds: new Map(), late: [] },
    ...{ ranges: [], rangeIds: new Map(), sets: [], setIds: new Map(), named: new Set() },
    flows: system.fields.map(() => ({ values: new Set(), fields: new Set(), kinds: new Set(), open: false })),
    ...{
      infos: new Map(),
      defineInfos: [],
      instances: new Map(),
      uses: new Map(),
      sizes: new Map(),
      helpers: new Map(),
      hazards,
    },
    asked: new Set(),
    ...{ largest: 0, sums: false, end: layout.end, notes: new Map() },
    ...{ made: new Map(), flowed: [], parts: { before: null, now: [] } },
  };
}

// ---------------------------------------------------------------- numbers

const EXACT = 2 ** 53;
/** They come in tables of all pairs. */
const MOST_RANGES = 256;

/** The number in the program for the number in a Machine. */
export function encode(lowering: Lowering, tag: Tag, raw: number): number {
  if (tag === "plain" || tag === "exists") {
    lowering.largest = Math.max(lowering.largest, Math.abs(raw));
    if (lowering.largest > EXACT) throw new Unsupported(`numbers beyond 2^53, as ${raw}`);
    return raw;
  }
  if (raw <= NONE) return raw;
  if (tag === "thing") {
    const global = globalOf(lowering.system, lowering.layout, raw);
    if (global === -1) throw new Unsupported("a thing beyond the bounds is named");
    return global;
  }
  if (tag === "range") {
    if (lowering.ranges.length > MOST_RANGES)
      throw new Unsupported(`ranges are made of ranges, and there are more than ${MOST_RANGES}`);
    return intern(lowering.rangeIds, raw, () => lowering.ranges.push(raw));
  }
  return intern(lowering.setIds, raw, () => lowering.sets.push({ raw, tag }));
}

function intern(ids: Map<number, number>, raw: number, add: () => number): number {
  let id = ids.get(raw);
  if (id === undefined) {
    id = add() - 1;
    ids.set(raw, id);
  }
  return id;
}

/** A constant as a value; a thing that is named so is special. */
export function valueAs(lowering: Lowering, low: Low, tag: Tag): Value {
  if (low.is === "pair") throw new Unsupported("a range of numbers that are not known beforehand");
  if (low.is === "value") return low.value;
  const number = encode(lowering, tag, low.raw);
  if (tag === "thing" && number >= 0) lowering.named.add(number);
  return num(number);
}

export function tableOf(lowering: Lowering, values: readonly number[]): number {
  const key = values.join();
  let id = lowering.tableIds.get(key);
  if (id === undefined) {
    id = lowering.tables.push(values) - 1;
    lowering.tableIds.set(key, id);
  }
  return id;
}

/** A table whose entries are known when everything else is made. */
export function lateTable(lowering: Lowering, make: () => readonly number[]): number {
  const id = lowering.tables.push([]) - 1;
  lowering.late.push(() => {
    lowering.tables[id] = make();
  });
  return id;
}

/** Cells for notes, by name. */
export function notes(lowering: Lowering, name: string, count = 1): number {
  let at = lowering.notes.get(name);
  if (at === undefined) {
    at = lowering.end;
    lowering.end += count;
    lowering.notes.set(name, at);
  }
  return at;
}

// ---------------------------------------------------------------- functions

/** A function under this name, made when it is first asked for; it may ask for itself. */
export function helper(
  lowering: Lowering,
  name: string,
  params: number,
  make: (builder: Builder) => void,
): number {
  const known = lowering.helpers.get(name);
  if (known !== undefined) return known;
  const id = lowering.functions.push(null) - 1;
  lowering.helpers.set(name, id);
  const builder = createBuilder(params);
  make(builder);
  lowering.functions[id] = { name, params, locals: builder.locals, body: builder.out };
  return id;
}

export function addFunction(lowering: Lowering, name: string, params: number, builder: Builder): number {
  return lowering.functions.push({ name, params, locals: builder.locals, body: builder.out }) - 1;
}

/** Where statements and expressions are lowered to: a function, with the locals of the text. */
export interface Frame {
  readonly lowering: Lowering;
  readonly builder: Builder;
  readonly env: Map<number, Low>;
  readonly caller: Low;
  /** What the locals of the body are for; null: there is no body. */
  readonly uses: Uses | null;
  /** For messages: the call, define or rule. */
  readonly name: string;
  /** Something may have died since the call began. */
  killed: boolean;
}

/** Note what can come into a field. */
export function flowInto(lowering: Lowering, field: number, low: Low): void {
  const isThing = lowering.system.fields[field]?.type.base === "value";
  const nothing = { field, values: [], fields: [], kinds: [], open: false };
  if (low.is === "known" && isThing && low.raw >= 0)
    takeFlow(lowering, { ...nothing, kinds: [kindOf(low.raw)] });
  else if (low.is === "known") takeFlow(lowering, { ...nothing, values: [low.raw] });
  else if (low.is === "value" && isThing)
    takeFlow(lowering, { ...nothing, kinds: low.kinds, open: low.maybe });
  else if (low.is === "value" && low.flow !== null) takeFlow(lowering, { ...nothing, ...low.flow });
  else takeFlow(lowering, { ...nothing, open: true });
}

export function takeFlow(lowering: Lowering, flowing: Flowing): void {
  const flow = lowering.flows[flowing.field];
  if (flow === undefined) return;
  for (const value of flowing.values) flow.values.add(value);
  for (const field of flowing.fields) flow.fields.add(field);
  for (const kind of flowing.kinds) flow.kinds.add(kind);
  flow.open ||= flowing.open;
  lowering.flowed.push(flowing);
}
