// The colours of packed/canonical.ts as WebAssembly: what things are themselves, and what they are tied to.

import { DEAD } from "../packed/canonical.ts";
import { mix } from "../packed/references.ts";
import type { SymmetricKind } from "../packed/symmetry.ts";
import {
  forThings,
  ints,
  isAlive,
  mixed,
  nothing,
  type Parts,
  targetOf,
  tasksOf,
} from "./canonical-parts.ts";
import { type Code, get, i32, int, load, select, set, store, when } from "./code.ts";

/** Takes the rows of all kinds out of `successor` and colours things by what they are themselves. */
export function defineRead({ module, symmetry, plan, tables }: Parts): number {
  const fn = module.declare(nothing);
  const [row, colour, spare, living] = [0, 1, 2, 3];
  const body = symmetry.kinds.map(({ base, count, strips, alive }, k) =>
    Array.from({ length: count }, (_, place) => {
      const thing = base + place;
      return [
        set(colour, int(mix((symmetry.seeds[thing] ?? 0) + 1))),
        strips.map(({ at, width, plain }, s) => {
          const { word, shift } = at[place] ?? { word: 0, shift: 0 };
          const own = i32.shiftRightU(load(int(0), plan.successor + word * 4), int(shift));
          return [
            set(row, width === 32 ? own : i32.and(own, int((1 << width) - 1))),
            store(int(0), get(row), (tables.rows[k]?.[s] ?? 0) + thing * 4),
            alive?.strip === s ? set(living, i32.and(i32.shiftRightU(get(row), int(alive.bit)), int(1))) : [],
            set(colour, mixed(i32.add(get(colour), i32.and(get(row), int(plain))), spare)),
          ];
        }),
        store(
          int(0),
          alive === null ? get(colour) : select(get(living), get(colour), int(DEAD)),
          tables.colours + thing * 4,
        ),
      ];
    }),
  );
  module.define(fn, ints(4), body);
  return fn;
}

export function defineSweep(parts: Parts): number {
  const { module, symmetry, tables } = parts;
  const fn = module.declare(nothing);
  const [thing, target, sum, spare] = [0, 1, 2, 3];
  const colourOf = (local: number): Code => load(get(local), tables.colours);
  const addUp = (kind: SymmetricKind): Code =>
    forThings(kind, thing, [
      set(sum, load(get(thing), tables.sums)),
      when(get(sum), [
        isAlive(
          kind,
          tables,
          thing,
          store(get(thing), mixed(i32.add(colourOf(thing), get(sum)), spare), tables.colours),
        ),
        store(get(thing), int(0), tables.sums),
      ]),
    ]);
  const kindNumbered = (number: number): SymmetricKind[] =>
    symmetry.kinds.filter(({ kind }) => kind === number);
  const body = symmetry.sweep.map(({ edge: e, way }) => {
    const edge = symmetry.edges[e];
    const kind = edge === undefined ? undefined : kindNumbered(edge.kind)[0];
    if (edge === undefined || kind === undefined) return [];
    const salt = int(mix(e + 1));
    const eachTask = (then: (task: number) => Code): Code =>
      tasksOf(symmetry, edge).map((task, bit) => when(i32.and(get(target), int(1 << bit)), then(task * 4)));
    if (way === "up") {
      const add = (at: Code, offset: number): Code => store(at, i32.add(load(at, offset), get(sum)), offset);
      return [
        forThings(
          kind,
          thing,
          isAlive(kind, tables, thing, [
            set(sum, mixed(i32.add(colourOf(thing), salt), spare)),
            set(target, targetOf(parts, e, thing)),
            edge.tasks === -1
              ? add(get(target), tables.sums)
              : eachTask((task) => add(int(0), tables.sums + task)),
          ]),
        ),
        edge.targets.flatMap((number) => kindNumbered(number).map(addUp)),
      ];
    }
    const gather =
      edge.tasks === -1
        ? set(sum, colourOf(target))
        : [
            set(sum, int(0)),
            eachTask((task) =>
              set(sum, i32.add(get(sum), mixed(i32.add(load(int(0), tables.colours + task), salt), spare))),
            ),
          ];
    const isWithin = (edge.constant ?? edge.colourOf).some(
      (other) => other >= kind.base && other < kind.base + kind.count,
    );
    const take = [
      set(target, targetOf(parts, e, thing)),
      gather,
      set(sum, mixed(i32.add(get(sum), salt), spare)),
    ];
    // Colours that are read in the same round must not change in it.
    if (isWithin)
      return [
        forThings(
          kind,
          thing,
          isAlive(kind, tables, thing, [take, store(get(thing), get(sum), tables.sums)]),
        ),
        addUp(kind),
      ];
    return forThings(
      kind,
      thing,
      isAlive(kind, tables, thing, [
        take,
        when(get(sum), store(get(thing), mixed(i32.add(colourOf(thing), get(sum)), spare), tables.colours)),
      ]),
    );
  });
  module.define(fn, ints(4), body);
  return fn;
}
