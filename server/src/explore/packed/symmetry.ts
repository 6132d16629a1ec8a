// Which things can change places without making a difference: hardware of equal facts, tasks, and the places of files
// and objects. Found once for a program; what it means for a state is in canonical.ts.

import type { Column, Program } from "../program.ts";
import { decode, type Layout, type Part, packInto } from "./layout.ts";

/** Up to 32 bits of the rows of a kind: a part, or half of a wide one. */
export interface Strip {
  readonly width: number;
  /** The bits that name nothing that can change places. */
  readonly plain: number;
  /** Of a place where nothing lives. */
  readonly dead: number;
  readonly at: readonly { readonly word: number; readonly shift: number }[];
}

/** A column that refers to things that can change places. */
export interface Edge {
  readonly kind: number;
  readonly strip: number;
  readonly from: number;
  readonly bits: number;
  /** By code: the colour's number of what it stands for: a thing's, or one of its own for any other value. */
  readonly colourOf: readonly number[];
  /** By number of a thing: its code in this column, or -1. */
  readonly codeOf: readonly number[];
  /** The codes are sets of tasks, which begin at this thing; -1: they are not. */
  readonly tasks: number;
  /** For columns that never change: by place, the colour's number; the row does not hold it. */
  readonly constant: readonly number[] | null;
  /** The kinds of what it refers to, as far as they can change places. */
  readonly targets: readonly number[];
  /** It refers to things that are labelled before those of its own kind. */
  readonly isUpward: boolean;
}

export interface SymmetricKind {
  readonly kind: number;
  readonly base: number;
  readonly count: number;
  readonly strips: readonly Strip[];
  /** Numbers of edges. */
  readonly edges: readonly number[];
  /** The bit that says whether something lives there; null for hardware. */
  readonly alive: { readonly strip: number; readonly bit: number } | null;
}

/** Places that can be permuted; a list below a thing goes where that thing goes. */
export interface List {
  readonly kind: number;
  readonly places: readonly number[];
  /** The thing it is below, or -1, and which of its lists it is. */
  readonly parent: number;
  readonly rank: number;
}

export interface Symmetry {
  /** Things have numbers below this. */
  readonly things: number;
  /** Colours: of things, then of values that are none. */
  readonly colours: number;
  /** What tells things apart from the start. */
  readonly seeds: readonly number[];
  readonly kinds: readonly SymmetricKind[];
  readonly edges: readonly Edge[];
  /** Those above come first. */
  readonly lists: readonly List[];
  /** Edges in the order in which colours are mixed. */
  readonly sweep: readonly { readonly edge: number; readonly way: "down" | "up" }[];
  /** How many permutations there are. */
  readonly size: number;
  /** The kinds whose order may decide something, as none of their places can move, as bits. */
  readonly ordered: number;
}

/** Places that cannot move, for a reason that is not in their facts. */
interface Fixed {
  readonly kinds: ReadonlySet<number>;
  readonly things: ReadonlySet<number>;
}

/** Null: nothing can change places. `lost` are kinds whose order was found to matter, as bits. */
export function symmetryOf(program: Program, layout: Layout, lost: number): Symmetry | null {
  const fixedKinds = new Set<number>();
  for (const [kind, places] of program.places.entries())
    if (((lost >>> kind) & 1) === 1 || !isUniformAtBoot(program, kind, places.sort)) fixedKinds.add(kind);
  for (;;) {
    const fixed = { kinds: fixedKinds, things: new Set(program.named) };
    const lists = listsOf(program, fixed);
    if (lists.length === 0) return null;
    const broken = unclosedKinds(program, lists);
    if (broken.size === 0) {
      const movable = new Set(lists.map(({ kind }) => kind));
      const ordered = program.places.reduce(
        (bits, _, kind) => (movable.has(kind) ? bits : bits | (1 << kind)),
        0,
      );
      const symmetry = describe(program, layout, lists);
      return symmetry === null ? null : { ...symmetry, ordered };
    }
    for (const kind of broken) fixedKinds.add(kind);
  }
}

/** Nothing of a kind of files or objects lives at boot, and hardware has no state that names other hardware. */
function isUniformAtBoot({ columns, places, initial }: Program, kind: number, sort: string): boolean {
  const { count = 0 } = places[kind] ?? {};
  return columns.every(({ kind: own, role, holds, start, initial: dead }) => {
    if (own !== kind || role !== "state") return true;
    const cells = initial.slice(start, start + count);
    if (sort !== "hardware") return cells.every((cell) => cell === dead);
    return holds === "plain" || cells.every((cell) => cell < 0 || holds === "tasks");
  });
}

// ---------------------------------------------------------------- what can move

/** The constant columns of a kind, or those of the state at boot. */
const factsOf = ({ columns }: Program, kind: number): readonly Column[] =>
  columns.filter((column) => column.kind === kind && column.role !== "derived");

function listsOf(program: Program, given: Fixed): readonly List[] {
  const things = new Set(given.things);
  for (;;) {
    const fixed = { kinds: given.kinds, things };
    const classes = classesOf(program, fixed);
    const sizes = new Map<number, number>();
    for (const own of classes) sizes.set(own, (sizes.get(own) ?? 0) + 1);
    const movable = classes.map((own) => (sizes.get(own) ?? 0) > 1);
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

const kindOf = ({ places }: Program, thing: number): number =>
  places.findIndex(({ base, count }) => thing >= base && thing < base + count);

/** By thing: the number of its class. Things of one class have the same facts and are tied to the same in the same way. */
function classesOf(program: Program, fixed: Fixed): readonly number[] {
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

// ---------------------------------------------------------------- whether calls follow

/** The things that go with a thing to the place of another one of its list, as pairs. */
export function* carried(
  lists: readonly List[],
  one: number,
  other: number,
): Iterable<readonly [number, number]> {
  yield [one, other];
  for (const list of lists) {
    if (list.parent !== one) continue;
    const target = lists.find(({ parent, rank }) => parent === other && rank === list.rank);
    for (const [i, thing] of list.places.entries()) yield* carried(lists, thing, target?.places[i] ?? thing);
  }
}

/** The kinds of which some exchange leads from a call that is tried to one that is not. */
function unclosedKinds(program: Program, lists: readonly List[]): ReadonlySet<number> {
  const kinds = new Set<number>();
  const known = new Set(program.calls.map(({ fn, args }) => `${fn} ${args.join()}`));
  const taskBase = program.places.find(({ kind }) => kind === "task")?.base ?? 0;
  for (const list of lists) {
    for (let i = 1; i < list.places.length; i++) {
      const exchange = new Map<number, number>();
      for (const [a, b] of carried(lists, list.places[i - 1] ?? -1, list.places[i] ?? -1))
        exchange.set(a, b).set(b, a);
      const moved = (call: Program["calls"][number]): readonly number[] =>
        call.args.map((arg, at) => {
          if (call.holds[at] === "thing") return exchange.get(arg) ?? arg;
          return call.holds[at] === "tasks" ? movedTasks(arg, taskBase, exchange) : arg;
        });
      const isClosed = program.calls.every((call) => {
        const args = moved(call);
        return args.every((arg, at) => arg === call.args[at]) || known.has(`${call.fn} ${args.join()}`);
      });
      if (!isClosed) kinds.add(list.kind);
    }
  }
  return kinds;
}

/**
 * By call: the things among its arguments. Where one of them is the same as another thing, and all others are alone, the
 * call does the same as that with the other one, and one of the two is enough. Null: it has to be tried always.
 */
export const argumentsOf = ({ calls }: Program): readonly (readonly number[] | null)[] =>
  calls.map(({ args, holds }) =>
    holds.includes("tasks") ? null : args.filter((arg, at) => holds[at] === "thing" && arg >= 0),
  );

export function movedTasks(tasks: number, base: number, to: ReadonlyMap<number, number>): number {
  let moved = 0;
  for (let bit = 0; bit < 31; bit++)
    if (((tasks >>> bit) & 1) === 1) moved |= 1 << ((to.get(base + bit) ?? base + bit) - base);
  return moved;
}

// ---------------------------------------------------------------- rows and edges

function describe(
  program: Program,
  layout: Layout,
  lists: readonly List[],
): Omit<Symmetry, "ordered"> | null {
  const things = program.places.reduce((sum, { count }) => sum + count, 0);
  const movable = new Set(lists.flatMap(({ places }) => places));
  const movableKinds = new Set(lists.map(({ kind }) => kind));
  const values = new Map<number, number>();
  const colourOf = (value: number): number => {
    if (value >= 0 && value < things) return value;
    const known = values.get(value) ?? things + values.size;
    values.set(value, known);
    return known;
  };
  const edges: Edge[] = [];
  const taskBase = program.places.find(({ kind }) => kind === "task")?.base ?? 0;
  const taskCount = program.places.find(({ kind }) => kind === "task")?.count ?? 0;
  const kinds: SymmetricKind[] = [];
  for (const [kind, { base, count, alive }] of program.places.entries()) {
    const own: number[] = [];
    const strips: Strip[] = [];
    let living: SymmetricKind["alive"] = null;
    for (const part of layout.parts) {
      if (part.kind !== kind) continue;
      let named = 0;
      for (const { column, from, bits } of part.columns) {
        const of = program.columns[column];
        if (of === undefined) continue;
        if (column === alive) living = { strip: strips.length, bit: from };
        if (of.values?.length === 1 && (of.values[0] ?? 0) < 0) continue;
        const codes = layout.slots[layout.slotOf[of.start] ?? -1]?.codes;
        if (codes === undefined || of.holds === "plain") continue;
        if (of.values === null) return null;
        const meant = of.values.map((_, code) => decode(codes, code));
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
