// The canonical form of packed/canonical.ts as WebAssembly: the same colours, the same choices, the same words.

import { FIRST, ROUNDS } from "../packed/canonical.ts";
import { AGAIN, MARK, marksOf, TIED } from "../packed/marks.ts";
import type { Symmetry } from "../packed/symmetry.ts";
import {
  cellCount,
  endOf,
  forThings,
  ints,
  mixed,
  nothing,
  type Parts,
  targetOf,
  tasksOf,
} from "./canonical-parts.ts";
import {
  type Code,
  call,
  choose,
  f64Add,
  f64Divide,
  f64Multiply,
  f64Number,
  forRange,
  forSteps,
  get,
  giveBack,
  i32,
  int,
  load,
  loadFloat,
  repeatWhile,
  select,
  set,
  store,
  storeFloat,
  when,
} from "./code.ts";
import { defineRead, defineSweep } from "./colours.ts";
import { defineDoubtful } from "./doubts.ts";
import { defineArrange } from "./order.ts";

export interface CanonicalFunctions {
  /** Rewrites `successor`; gives how many permutations leave it as it is, or -1: to be asked of `exchanges`. */
  readonly settle: number;
  readonly exchanges: number;
  /** Makes the marks of the state that was settled last. */
  readonly mark: number;
}

export function defineCanonical(parts: Parts): CanonicalFunctions {
  const read = defineRead(parts);
  const sweep = defineSweep(parts);
  const arrange = defineArrange(parts);
  const doubtful = defineDoubtful(parts);
  const write = defineWrite(parts);
  const exchanges = defineExchanges(parts);
  const finish = defineFinish(parts, { sweep, arrange, doubtful, write, exchanges });
  const { module, layout, plan, tables } = parts;
  const settle = module.declare({ params: [], results: ["f64"] });
  module.define(
    settle,
    [],
    [call(read), call(sweep), call(finish, int(0)), copy(layout.words, tables.out, plan.successor)],
  );
  return { settle, exchanges, mark: defineMark(parts) };
}

const copy = (words: number, from: number, to: number): Code =>
  Array.from({ length: words }, (_, i) => store(int(0), load(int(0), from + i * 4), to + i * 4));

/** Writes all rows to where they go, into `out`. */
function defineWrite(parts: Parts): number {
  const { module, symmetry, layout, plan, tables } = parts;
  const fn = module.declare(nothing);
  const [thing, row, at, label, target, moved] = [0, 1, 2, 3, 4, 5];
  const kept = new Int32Array(layout.words).fill(-1);
  for (const { strips } of symmetry.kinds)
    for (const { width, at: all } of strips)
      for (const { word, shift } of all)
        kept[word] = (kept[word] ?? 0) & ~((width === 32 ? -1 : (1 << width) - 1) << shift);
  const begin = Array.from({ length: layout.words }, (_, word) =>
    store(
      int(0),
      kept[word] === 0 ? int(0) : i32.and(load(int(0), plan.successor + word * 4), int(kept[word] ?? 0)),
      tables.out + word * 4,
    ),
  );
  const code = (e: number): Code => {
    const edge = symmetry.edges[e];
    if (edge === undefined) return [];
    const own = targetOf(parts, e, thing);
    if (edge.tasks === -1)
      return set(row, i32.or(get(row), load(load(own, tables.labels), tables.codes[e] ?? 0)));
    return [
      set(target, own),
      set(moved, int(0)),
      tasksOf(symmetry, edge).map((task, bit) => {
        const place = i32.subtract(
          i32.shiftRightU(load(int(0), tables.labels + task * 4), int(2)),
          int(edge.tasks),
        );
        return when(
          i32.and(get(target), int(1 << bit)),
          set(moved, i32.or(get(moved), i32.shiftLeft(int(1), place))),
        );
      }),
      set(row, i32.or(get(row), i32.shiftLeft(get(moved), int(edge.from)))),
    ];
  };
  const rows = symmetry.kinds.map((kind, k) =>
    forThings(kind, thing, [
      set(label, load(get(thing), tables.labels)),
      kind.strips.map(({ dead, plain }, s) => [
        set(row, i32.and(load(get(thing), tables.rows[k]?.[s] ?? 0), int(plain))),
        kind.edges
          .filter((e) => symmetry.edges[e]?.constant === null && symmetry.edges[e]?.strip === s)
          .map(code),
        kind.alive === null
          ? []
          : when(i32.lessS(load(get(thing), tables.colours), int(0)), set(row, int(dead))),
        set(at, load(get(label), tables.words[k]?.[s] ?? 0)),
        store(
          get(at),
          i32.or(load(get(at)), i32.shiftLeft(get(row), load(get(label), tables.shifts[k]?.[s] ?? 0))),
        ),
      ]),
    ]),
  );
  module.define(fn, ints(6), [begin, rows]);
  return fn;
}

/** How many permutations there are of what is tied, and of the places where nothing lives. */
function defineExchanges(parts: Parts): number {
  const { module, symmetry, tables } = parts;
  const fn = module.declare({ params: [], results: ["f64"] });
  const [i, count, cell, thing, share, targets, all] = [0, 1, 2, 3, 4, 5, 6];
  const times = (of: Code): Code =>
    set(all, f64Multiply(get(all), loadFloat(i32.shiftLeft(of, int(3)), tables.factorials)));
  const dead = symmetry.lists.map((list, l) => {
    const kind = symmetry.kinds.find((each) => each.kind === list.kind);
    if (kind?.alive == null) return [];
    return [
      set(count, int(0)),
      forSteps(i, int(0), int(list.places.length * 4), 4, [
        set(
          count,
          i32.add(
            get(count),
            i32.shiftRightU(load(load(get(i), tables.places[l] ?? 0), tables.colours), int(31)),
          ),
        ),
      ]),
      times(get(count)),
    ];
  });
  const shares = symmetry.kinds.map((kind) =>
    when(
      i32.and(i32.lessS(get(thing), endOf(kind)), i32.atLeastS(get(thing), int(kind.base * 4))),
      kind.edges
        .filter((e) => symmetry.edges[e]?.tasks === -1)
        .map((e) => [
          set(targets, load(targetOf(parts, e, thing), tables.cells)),
          when(
            get(targets),
            set(share, i32.divideS(load(get(cell), tables.length), load(get(targets), tables.length))),
          ),
        ]),
    ),
  );
  module.define(
    fn,
    [...ints(6), "f64"],
    [
      set(all, f64Number(1)),
      dead,
      forSteps(cell, int(4), i32.add(cellCount(tables), int(1)), 4, [
        set(thing, load(get(cell), tables.first)),
        set(share, load(get(cell), tables.length)),
        shares,
        forRange(i, int(0), i32.divideS(load(get(cell), tables.length), get(share)), times(get(share))),
      ]),
      get(all),
    ],
  );
  return fn;
}

/** Colours are mixed as they are; words come out. Where there is doubt, each of a cell is tried as the first. */
function defineFinish(
  { module, symmetry, layout, tables }: Parts,
  of: Readonly<Record<"sweep" | "arrange" | "doubtful" | "write" | "exchanges", number>>,
): number {
  const fn = module.declare({ params: ["i32"], results: ["f64"] });
  const [depth, cell, base, i, end, thing, has, order, spare, count, own] = [
    ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  ] as const;
  const tied = symmetry.colours * 4;
  const least = symmetry.colours * 8;
  const places = layout.words * 4;
  const forTried = (body: Code): Code =>
    forSteps(i, int(0), i32.shiftLeft(i32.add(get(depth), int(1)), int(2)), 4, body);
  const copyWords = (from: Code, fromOffset: number, to: Code, toOffset: number): Code => [
    Array.from({ length: layout.words }, (_, word) =>
      store(to, load(from, fromOffset + word * 4), toOffset + word * 4),
    ),
    forTried(store(i32.add(to, get(i)), load(i32.add(from, get(i)), fromOffset + places), toOffset + places)),
  ];
  // -1, 0 or 1: the first word that differs decides. The same words are the same state; it takes the same places of those
  // that were tried to be an exchange as well.
  const compare = [
    set(order, int(0)),
    Array.from({ length: layout.words }, (_, word) => word)
      .reverse()
      .map((word) => {
        const [a, b] = [load(int(0), tables.out + word * 4), load(get(base), least + word * 4)];
        return when(i32.differ(a, b), set(order, select(i32.lessS(a, b), int(-1), int(1))));
      }),
    when(
      i32.isZero(get(order)),
      forTried(
        when(i32.isZero(get(order)), [
          set(spare, load(i32.add(get(base), get(i)), least + places)),
          set(order, i32.subtract(load(get(i), tables.out + places), get(spare))),
        ]),
      ),
    ),
  ];
  module.define(
    fn,
    [...ints(8), "f64", "f64"],
    [
      call(of.arrange),
      set(cell, call(of.doubtful)),
      Array.from({ length: ROUNDS - 1 }, () =>
        when(get(cell), [call(of.sweep), call(of.arrange), set(cell, call(of.doubtful))]),
      ),
      when(i32.isZero(get(cell)), [
        call(of.write),
        forSteps(i, int(0), i32.shiftLeft(get(depth), int(2)), 4, [
          store(get(i), load(load(get(i), tables.tried), tables.labels), tables.out + places),
        ]),
        giveBack(choose("f64", get(depth), call(of.exchanges), f64Number(-1))),
      ]),
      set(base, i32.add(int(tables.tries), i32.multiply(get(depth), int(tables.trySize)))),
      forSteps(i, int(0), int(symmetry.colours * 4), 4, [
        store(i32.add(get(base), get(i)), load(get(i), tables.colours)),
      ]),
      set(end, i32.add(get(base), int(tied))),
      set(thing, load(get(cell), tables.first)),
      repeatWhile(i32.differ(get(thing), int(-1)), [
        store(get(end), get(thing)),
        set(end, i32.add(get(end), int(4))),
        set(thing, load(get(thing), tables.next)),
      ]),
      set(cell, i32.add(get(base), int(tied))),
      repeatWhile(i32.lessU(get(cell), get(end)), [
        forSteps(i, int(0), int(symmetry.colours * 4), 4, [
          store(get(i), load(i32.add(get(base), get(i))), tables.colours),
        ]),
        set(thing, load(get(cell))),
        store(
          get(thing),
          mixed(i32.add(load(get(thing), tables.colours), int(FIRST)), spare),
          tables.colours,
        ),
        store(i32.shiftLeft(get(depth), int(2)), get(thing), tables.tried),
        call(of.sweep),
        set(own, call(fn, i32.add(get(depth), int(1)))),
        set(order, int(-1)),
        when(get(has), compare),
        when(i32.isZero(get(order)), set(count, f64Add(get(count), get(own)))),
        when(i32.lessS(get(order), int(0)), [
          set(has, int(1)),
          set(count, get(own)),
          copyWords(int(0), tables.out, get(base), least),
        ]),
        set(cell, i32.add(get(cell), int(4))),
      ]),
      copyWords(get(base), least, int(0), tables.out),
      get(count),
    ],
  );
  return fn;
}

function defineMark(parts: Parts): number {
  const { module, symmetry, tables } = parts;
  const fn = module.declare(nothing);
  const [cell, thing, last, mark, bit, at] = [0, 1, 2, 3, 4, 5];
  const marks = symmetry.kinds.map((kind) =>
    when(
      i32.and(i32.atLeastS(get(thing), int(kind.base * 4)), i32.lessS(get(thing), endOf(kind))),
      kind.edges.map((e) =>
        when(i32.differ(targetOf(parts, e, thing), targetOf(parts, e, last)), set(mark, int(TIED))),
      ),
    ),
  );
  module.define(fn, ints(6), [
    Array.from({ length: marksOf(symmetry).words }, (_, word) =>
      store(int(0), int(0), tables.marks + word * 4),
    ),
    forSteps(cell, int(4), i32.add(cellCount(tables), int(1)), 4, [
      set(last, int(-1)),
      set(thing, load(get(cell), tables.first)),
      repeatWhile(i32.differ(get(thing), int(-1)), [
        set(mark, int(TIED)),
        when(i32.differ(get(last), int(-1)), [set(mark, int(AGAIN)), marks]),
        set(bit, load(get(thing), tables.markBits)),
        set(at, i32.shiftLeft(i32.shiftRightU(get(bit), int(5)), int(2))),
        // A shift counts within 32 bits.
        store(get(at), i32.or(load(get(at), tables.marks), i32.shiftLeft(get(mark), get(bit))), tables.marks),
        set(last, get(thing)),
        set(thing, load(get(thing), tables.next)),
      ]),
    ]),
  ]);
  return fn;
}

/** Whether a call was tried already, with another one of equal things; `marks` are locals with those of the state. */
export function isRepeated(
  symmetry: Symmetry,
  marks: readonly number[],
  things: readonly number[] | null,
): Code | null {
  const { bits } = marksOf(symmetry);
  const own = (things ?? []).flatMap((thing) => bits[thing] ?? []);
  if (own.length === 0) return null;
  const has = (bit: number, mark: number): Code =>
    i32.and(get(marks[bit >> 5] ?? 0), int(mark << (bit & 31)));
  const isAlone = (bit: number): Code => i32.isZero(has(bit, MARK));
  return own
    .map((bit, i) => {
      const isAgain = i32.differ(has(bit, AGAIN), int(0));
      const others = own.filter((_, j) => i !== j);
      return others.reduce<Code>((all, other) => i32.and(all, isAlone(other)), isAgain);
    })
    .reduce((all, each) => i32.or(all, each));
}

/** Adds the size of the orbit of the present state to a sum. */
export const addOrbit = (sum: number, size: number, exchanges: Code): Code =>
  storeFloat(int(0), f64Add(loadFloat(int(0), sum), f64Divide(f64Number(size), exchanges)), sum);
