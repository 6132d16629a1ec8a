// A problem as a program: the same states and transitions as those of the Machine, over one array of numbers.

import { column } from "../../model/machine.ts";
import type { Field, Kind } from "../../model/system.ts";
import { NONE, reference } from "../../model/values.ts";
import type { Problem } from "../problem.ts";
import type { Column, Fn, Holds, Places, Program } from "../program.ts";
import { bornWithin } from "./born.ts";
import { store } from "./builder.ts";
import { lowerCalls } from "./calls.ts";
import { createLowering, encode, helper, type Lowering, tagOf, Unsupported } from "./context.ts";
import { valuesOf } from "./domains.ts";
import { addressOf, cellOf } from "./fields.ts";
import { lowerGoal } from "./goals.ts";
import { impliedFields } from "./implied.ts";
import { columnsOf } from "./layout.ts";
import { goOn, lowerPart } from "./parts.ts";
import { choose, num } from "./values.ts";

export interface Lowered {
  readonly program: Program;
  /** The number in a Machine for one in the program. */
  readonly decode: (field: number, value: number) => number;
  /** By column: the field that it is. */
  readonly fields: readonly number[];
  /** It tells of choices that the order of places decides. */
  readonly isOrdered: boolean;
  /** The first cell of the notes. */
  readonly notes: number;
}

export function lower(
  problem: Problem,
  options: { readonly order?: boolean } = {},
): Program | { readonly unsupported: string } {
  const lowered = lowerWithNames(problem, options);
  return "unsupported" in lowered ? lowered : lowered.program;
}

export function lowerWithNames(
  problem: Problem,
  { order = false }: { readonly order?: boolean } = {},
): Lowered | { readonly unsupported: string } {
  try {
    const lowering = createLowering({ ...problem, bounds: bornWithin(problem) }, order);
    const keep = goOn(lowering);
    const calls = lowerCalls(lowering);
    const goals = problem.goals.map((goal) => lowerPart(lowering, [goal], () => lowerGoal(lowering, goal)));
    const lowered = finish(lowering, calls, goals);
    keep();
    return lowered;
  } catch (error) {
    if (error instanceof Unsupported) return { unsupported: error.message };
    throw error;
  }
}

function finish(lowering: Lowering, calls: Program["calls"], goals: Program["goals"]): Lowered {
  const { layout } = lowering;
  const initial = initialCells(lowering);
  const before = lowering.ranges.length + lowering.sets.length;
  const early = columnsIn(lowering);
  const width = lowering.notes.get("ranges");
  // Tables of all ranges and sets: making one may bring in others.
  for (let count = -1; count !== lowering.ranges.length + lowering.sets.length; ) {
    count = lowering.ranges.length + lowering.sets.length;
    for (const make of lowering.late) make();
  }
  if (width !== undefined) initial[width] = lowering.ranges.length + 1;
  const isSame = before === lowering.ranges.length + lowering.sets.length;
  const { columns, places, fields } = isSame ? early : columnsIn(lowering);
  const derive = lowerDerived(lowering);
  const functions = lowering.functions.flatMap((fn): Fn[] => (fn === null ? [] : [fn]));
  const program: Program = {
    wide: isWide(lowering),
    ...{ initial, places, columns, functions, calls, goals, derive },
    tables: lowering.tables,
    named: [...lowering.named].sort((a, b) => a - b),
  };
  return {
    ...{ program, fields, isOrdered: lowering.order, notes: layout.end },
    decode: (field, value) => decode(lowering, field, value),
  };
}

/** Fills the fields that follow from whether a thing lives. */
function lowerDerived(lowering: Lowering): number {
  const { system, layout } = lowering;
  const implied = impliedFields(lowering);
  if (implied.size === 0) return -1;
  return helper(lowering, "derive", 0, (builder) => {
    for (const [field, indexes] of implied) {
      const { kind = 0, type } = system.fields[field] ?? {};
      const { base = 0 } = layout.places[kind] ?? {};
      const { base: first = 0 } = layout.places[type?.kinds[0] ?? -1] ?? {};
      const { alive = 0 } = system.kinds[kind] ?? {};
      for (const [place, index] of indexes.entries()) {
        const thing = num(base + place);
        const value = choose(cellOf(lowering, alive, thing), num(first + index), num(NONE));
        store(builder, addressOf(lowering, field, thing), value);
      }
    }
  });
}

interface Columns {
  readonly columns: readonly Column[];
  readonly places: readonly Places[];
  readonly fields: readonly number[];
}

function columnsIn(lowering: Lowering): Columns {
  const { system, layout, problem } = lowering;
  const columns: Column[] = [];
  const fields: number[] = [];
  const places: Places[] = layout.places.map((each) => ({ ...each }));
  for (const kind of system.kinds) {
    if ((layout.places[kind.id]?.count ?? 0) === 0) continue;
    for (const id of columnsOf(kind, problem.bounds.tasks.length)) {
      const field = system.fields[id];
      if (field === undefined || (layout.constant[id] && !lowering.asked.has(id))) continue;
      const own = places[kind.id];
      if (id === kind.alive && own !== undefined) places[kind.id] = { ...own, alive: columns.length };
      columns.push(columnOf(lowering, kind, field));
      fields.push(id);
    }
  }
  return { columns, places, fields };
}

function columnOf(lowering: Lowering, kind: Kind, field: Field): Column {
  const { layout } = lowering;
  const isTasks = field.id === kind.holders;
  const holds: Holds = isTasks ? "tasks" : tagOf(field.type) === "thing" ? "thing" : "plain";
  return {
    ...{ name: field.name, kind: kind.id, start: layout.starts[field.id] ?? 0, holds },
    role: layout.constant[field.id]
      ? "constant"
      : impliedFields(lowering).has(field.id)
        ? "derived"
        : "state",
    values: valuesOf(lowering, kind, field),
    initial: initialOf(lowering, kind, field),
  };
}

const initialOf = (lowering: Lowering, { alive, holders }: Kind, { id, type, initial }: Field): number =>
  id === alive || id === holders ? 0 : encode(lowering, tagOf(type), initial);

function initialCells(lowering: Lowering): number[] {
  const { system, layout, machine } = lowering;
  const cells = new Array<number>(lowering.end).fill(0);
  for (const field of system.fields) {
    const start = layout.starts[field.id] ?? -1;
    if (start === -1) continue;
    const raws = column(machine, field.id);
    const tag = tagOf(field.type);
    for (let i = 0; i < (layout.places[field.kind]?.count ?? 0); i++)
      cells[start + i] = encode(lowering, tag, raws[i] ?? NONE);
  }
  return cells;
}

/** Sums of few smaller numbers stay small. */
const SMALL = 2 ** 24;

const isWide = ({ largest, sums }: Lowering): boolean => largest >= (sums ? SMALL : 2 ** 31);

function decode({ system, layout, ranges, sets }: Lowering, field: number, value: number): number {
  if (value <= NONE) return value;
  switch (tagOf(system.fields[field]?.type ?? null)) {
    case "plain":
      return value;
    case "thing": {
      const kind = layout.places.findIndex(({ base, count }) => value >= base && value < base + count);
      return reference(kind, value - (layout.places[kind]?.base ?? 0));
    }
    case "range":
      return ranges[value] ?? NONE;
    default:
      return sets[value]?.raw ?? NONE;
  }
}
