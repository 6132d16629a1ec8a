// Which places can be permuted: things of equal facts that are tied to others in the same way, as lists; a list may be
// below a thing of another list, and go where that goes.

import type { Column, Program } from "../program.ts";
import type { List } from "./symmetry.ts";

/** Places that cannot move, for a reason that is not in their facts. */
export interface Fixed {
  readonly kinds: ReadonlySet<number>;
  readonly things: ReadonlySet<number>;
}

/** By thing: the piece of hardware that its place is for, and goes with; of all else the thing itself. */
export const hostsOf = ({ places }: Program): readonly number[] =>
  places.flatMap(({ base, count, home }) => {
    const first = places[home]?.base ?? base;
    return Array.from({ length: count }, (_, place) => first + place);
  });

/** The constant columns of a kind, or those of the state at boot. */
const factsOf = ({ columns }: Program, kind: number): readonly Column[] =>
  columns.filter((column) => column.kind === kind && column.role !== "derived");

export function listsOf(program: Program, given: Fixed): readonly List[] {
  const things = new Set(given.things);
  for (;;) {
    const fixed = { kinds: given.kinds, things };
    const classes = classesOf(program, fixed);
    const sizes = new Map<number, number>();
    for (const own of classes) sizes.set(own, (sizes.get(own) ?? 0) + 1);
    const hosts = hostsOf(program);
    const movable = classes.map((own, thing) => (sizes.get(own) ?? 0) > 1 && hosts[thing] === thing);
    const parents = movable.map(() => -1);
    const before = things.size;
    for (const [kind, { base, count, sort }] of program.places.entries()) {
      if (sort !== "hardware") continue;
      for (const { holds, role, start } of factsOf(program, kind)) {
        if (role !== "constant" || holds === "plain") continue;
        for (let place = 0; place < count; place++) {
          const [thing, other] = [base + place, program.initial[start + place] ?? -1];
          if (holds === "tasks") things.add(thing);
          else if (movable[thing] !== true || movable[other] !== true) continue;
          else if (parents[thing] === -1 && kindOf(program, other) < kind) parents[thing] = other;
          // Tied to more than one thing: too much for a tree.
          else
            things
              .add(thing)
              .add(other)
              .add(parents[thing] ?? -1);
        }
      }
    }
    things.delete(-1);
    if (things.size === before) return gather(program, classes, movable, parents);
  }
}

export const kindOf = ({ places }: Program, thing: number): number =>
  places.findIndex(({ base, count }) => thing >= base && thing < base + count);

/** By thing: the number of its class. Things of one class have the same facts and are tied to the same in the same way. */
export function classesOf(program: Program, fixed: Fixed): readonly number[] {
  const total = program.places.reduce((sum, { count }) => sum + count, 0);
  let classes: readonly number[] = new Array<number>(total).fill(0);
  let count = 0;
  for (;;) {
    const referrers = classes.map((): string[] => []);
    for (const [kind, { base, count: places, sort }] of program.places.entries()) {
      if (sort !== "hardware") continue;
      for (const { holds, role, start, name } of factsOf(program, kind)) {
        if (holds !== "thing" || role !== "constant") continue;
        for (let place = 0; place < places; place++)
          referrers[program.initial[start + place] ?? -1]?.push(`${name}${classes[base + place]}`);
      }
    }
    const numbers = new Map<string, number>();
    const next = classes.map((_, thing) => {
      const kind = kindOf(program, thing);
      const { base = 0, sort } = program.places[kind] ?? {};
      const isFixed = fixed.kinds.has(kind) || fixed.things.has(thing);
      const facts =
        sort !== "hardware"
          ? []
          : factsOf(program, kind).map(({ holds, start }) => {
              const cell = program.initial[start + thing - base] ?? -1;
              return holds === "thing" && cell >= 0 ? `:${classes[cell]}` : cell;
            });
      const key = [kind, isFixed ? thing : -1, ...facts, "<", ...(referrers[thing] ?? []).sort()].join(" ");
      const known = numbers.get(key) ?? numbers.size;
      numbers.set(key, known);
      return known;
    });
    if (numbers.size === count) return next;
    classes = next;
    count = numbers.size;
  }
}

function gather(
  program: Program,
  classes: readonly number[],
  movable: readonly boolean[],
  parents: readonly number[],
): readonly List[] {
  const lists = new Map<string, { kind: number; places: number[]; parent: number; rank: number }>();
  for (const [thing, own] of classes.entries()) {
    if (movable[thing] !== true) continue;
    const parent = parents[thing] ?? -1;
    const key = `${parent}/${own}`;
    const list = lists.get(key) ?? { kind: kindOf(program, thing), places: [], parent, rank: own };
    list.places.push(thing);
    lists.set(key, list);
  }
  return [...lists.values()];
}
