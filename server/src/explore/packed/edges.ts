// The rows of things that can change places, and what in them refers to such things: what symmetry.ts found, as canonical
// forms need it.

import type { Program } from "../program.ts";
import { decode, type Layout, type Part, packInto } from "./layout.ts";
import { classesOf, hostsOf, kindOf } from "./movable.ts";
import type { Edge, List, Strip, SymmetricKind, Symmetry } from "./symmetry.ts";

export function describe(
  program: Program,
  layout: Layout,
  lists: readonly List[],
): Omit<Symmetry, "ordered"> | null {
  const hosts = hostsOf(program);
  const things = hosts.length;
  const hostOf = (value: number): number => hosts[value] ?? value;
  const movable = new Set(lists.flatMap(({ places }) => places));
  const movableKinds = new Set(lists.map(({ kind }) => kind));
  const values = new Map<number, number>();
  const colourOf = (value: number): number => {
    if (value >= 0 && value < things) return hostOf(value);
    const known = values.get(value) ?? things + values.size;
    values.set(value, known);
    return known;
  };
  const edges: Edge[] = [];
  const taskBase = program.places.find(({ kind }) => kind === "task")?.base ?? 0;
  const taskCount = program.places.find(({ kind }) => kind === "task")?.count ?? 0;
  const kinds: SymmetricKind[] = [];
  for (const [kind, { base, count, alive, home }] of program.places.entries()) {
    if (home !== -1) continue;
    const own: number[] = [];
    const strips: Strip[] = [];
    let living: SymmetricKind["alive"] = null;
    for (const part of layout.parts) {
      // What is there for a piece of hardware alone is as a part of it.
      if (part.kind !== kind && program.places[part.kind]?.home !== kind) continue;
      let named = 0;
      for (const { column, from, bits } of part.columns) {
        const of = program.columns[column];
        if (of === undefined) continue;
        if (column === alive) living = { strip: strips.length, bit: from };
        if (of.values?.length === 1 && (of.values[0] ?? 0) < 0) continue;
        const codes = layout.slots[layout.slotOf[of.start] ?? -1]?.codes;
        if (codes === undefined || of.holds === "plain") continue;
        if (of.values === null) return null;
        const meant = of.values.map((_, code) => hostOf(decode(codes, code)));
        if (new Set(meant).size < meant.length) return null;
        const isTasks = of.holds === "tasks";
        const names = isTasks
          ? Array.from({ length: taskCount }, (_, task) => taskBase + task)
          : meant.filter((value) => value >= 0);
        if (!names.some((thing) => movable.has(thing))) continue;
        if (!isTasks && !areAllOrNone(lists, new Set(meant))) return null;
        if (isTasks && !meant.every((tasks, code) => tasks === code && meant.length === 2 ** taskCount))
          return null;
        const codeOf = new Array<number>(things).fill(-1);
        for (const [code, value] of meant.entries()) if (!isTasks && value >= 0) codeOf[value] = code;
        own.push(edges.length);
        edges.push({
          ...{ kind, strip: strips.length, from, bits, codeOf, constant: null },
          colourOf: isTasks ? meant : meant.map(colourOf),
          tasks: isTasks ? taskBase : -1,
          ...{ isUpward: false, targets: [] },
        });
        named |= bits === 32 ? -1 : ((1 << bits) - 1) << from;
      }
      strips.push(...stripsOf(program, layout, part, named));
    }
    const isHardware = program.places[kind]?.sort === "hardware";
    for (const { role, kind: of, holds, start } of program.columns) {
      if (role !== "constant" || of !== kind || holds !== "thing" || !isHardware) continue;
      const constant = Array.from({ length: count }, (_, place) =>
        colourOf(program.initial[start + place] ?? -1),
      );
      if (!constant.some((thing) => movable.has(thing))) continue;
      own.push(edges.length);
      edges.push({
        ...{ kind, strip: -1, from: 0, bits: 0, colourOf: [], codeOf: [], tasks: -1, constant },
        ...{ isUpward: false, targets: [] },
      });
    }
    if (own.length > 0 || movableKinds.has(kind))
      kinds.push({ kind, base, count, strips, edges: own, alive: living });
  }
  const targets = edges.map((edge) => targetsOf(program, edge, taskBase, taskCount, movable));
  const levels = levelsOf(program, edges, targets);
  const placed = edges.map((edge, i) => ({
    ...edge,
    targets: [...(targets[i] ?? [])],
    isUpward: [...(targets[i] ?? [])].every((kind) => (levels[kind] ?? 0) < (levels[edge.kind] ?? 0)),
  }));
  const level = (list: List): number => (levels[list.kind] ?? 0) + (list.parent === -1 ? 0 : 0.5);
  const seeds = classesOf(program, {
    kinds: new Set(program.places.flatMap((_, kind) => (movableKinds.has(kind) ? [] : [kind]))),
    things: new Set(Array.from({ length: things }, (_, i) => i).filter((thing) => !movable.has(thing))),
  });
  return {
    ...{
      things,
      colours: things + values.size,
      seeds: [...seeds, ...[...values.keys()].map((_, i) => seeds.length + i)],
    },
    ...{ kinds, edges: placed },
    lists: lists.toSorted(
      (a, b) => level(a) - level(b) || a.kind - b.kind || a.parent - b.parent || a.rank - b.rank,
    ),
    sweep: sweepOf(program, placed, levels),
    size: lists.reduce((all, { places }) => all * factorial(places.length), 1),
  };
}

/** What can change places can do so within a column, too. */
const areAllOrNone = (lists: readonly List[], values: ReadonlySet<number>): boolean =>
  lists.every(
    ({ places }) => places.every((thing) => values.has(thing)) || !places.some((thing) => values.has(thing)),
  );

export const factorial = (of: number): number => (of < 2 ? 1 : of * factorial(of - 1));

function stripsOf(program: Program, layout: Layout, part: Part, named: number): Strip[] {
  if (part.width > 32)
    return [0, 1].map((half) => ({
      ...{ width: 32, plain: -1, dead: deadRow(program, layout, part, half) },
      at: part.at.map(({ word }) => ({ word: word + half, shift: 0 })),
    }));
  const whole = part.width === 32 ? -1 : (1 << part.width) - 1;
  return [
    {
      ...{ width: part.width, plain: whole & ~named, dead: deadRow(program, layout, part, 0) },
      at: part.at,
    },
  ];
}

/** The row of a place where nothing lives. */
function deadRow(program: Program, layout: Layout, part: Part, half: number): number {
  const words = new Int32Array(2);
  for (const { column, from, bits } of part.columns) {
    const of = program.columns[column];
    const slot = layout.slots[layout.slotOf[of?.start ?? -1] ?? -1];
    if (of === undefined || slot === undefined) continue;
    packInto({ ...slot, word: 0, shift: from, bits }, of.initial, words, 0);
  }
  return words[half] ?? 0;
}

/** The kinds that can change places and that an edge refers to. */
function targetsOf(
  program: Program,
  edge: Edge,
  taskBase: number,
  taskCount: number,
  movable: ReadonlySet<number>,
): ReadonlySet<number> {
  const things =
    edge.tasks !== -1
      ? Array.from({ length: taskCount }, (_, task) => taskBase + task)
      : (edge.constant ?? edge.colourOf);
  return new Set(things.filter((thing) => movable.has(thing)).map((thing) => kindOf(program, thing)));
}

/** By kind: longer than the level of all that it refers to, as far as they do not refer to each other in a circle. */
function levelsOf(
  { places }: Program,
  edges: readonly Edge[],
  targets: readonly ReadonlySet<number>[],
): readonly number[] {
  const levels = places.map(() => 0);
  for (let round = 0; round < places.length; round++)
    for (const [i, { kind }] of edges.entries())
      for (const target of targets[i] ?? [])
        if (target !== kind)
          levels[kind] = Math.min(places.length, Math.max(levels[kind] ?? 0, (levels[target] ?? 0) + 1));
  return levels;
}

/** First all edges but those to where a thing belongs: these come last, when things know what they are tied to. */
function sweepOf(program: Program, edges: readonly Edge[], levels: readonly number[]): Symmetry["sweep"] {
  const isHome = edges.map(({ kind, constant, colourOf }, i) => {
    if (constant !== null) return true;
    const own = edges.filter((other) => other.kind === kind);
    if (own.some((other) => other.constant !== null)) return false;
    const isToHardware = (of: readonly number[]): boolean =>
      of.some((thing) => program.places[kindOf(program, thing)]?.sort === "hardware");
    const first = edges.findIndex((other) => other.kind === kind && isToHardware(other.colourOf));
    return first === i && isToHardware(colourOf);
  });
  const numbers = edges.map((_, i) => i);
  const level = (edge: number): number => levels[edges[edge]?.kind ?? 0] ?? 0;
  const up = numbers.toSorted((a, b) => level(b) - level(a) || a - b);
  const down = numbers.toSorted((a, b) => level(a) - level(b) || a - b);
  return [false, true].flatMap((home) => [
    ...up.filter((edge) => isHome[edge] === home).map((edge) => ({ edge, way: "up" as const })),
    ...down.filter((edge) => isHome[edge] === home).map((edge) => ({ edge, way: "down" as const })),
  ]);
}
