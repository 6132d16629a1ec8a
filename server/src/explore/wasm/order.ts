// Things in the order of their colours, as WebAssembly: where each goes, and which are tied.

import type { SymmetricKind } from "../packed/symmetry.ts";
import { cellCount, ints, nothing, type Parts, targetOf, unequal } from "./canonical-parts.ts";
import {
  block,
  type Code,
  call,
  choose,
  forSteps,
  get,
  i32,
  i64,
  int,
  leave,
  leaveIf,
  load,
  long,
  loop,
  select,
  set,
  store,
  toInt,
  toLongU,
  when,
} from "./code.ts";
import type { Tables } from "./tables.ts";

/**
 * Things of one list, by address and length in bytes, in the order of their colours; those of one colour in that of
 * their places.
 */
function defineSort({ module, tables }: Parts): number {
  const fn = module.declare({ params: ["i32", "i32"], results: [] });
  const [order, end, i, at, thing, key, other] = [0, 1, 2, 3, 4, 5, 6];
  module.define(
    fn,
    [...ints(3), "i64", "i32"],
    [
      set(end, i32.add(get(order), get(end))),
      forSteps(i, i32.add(get(order), int(4)), get(end), 4, [
        set(thing, load(get(i))),
        set(key, keyOf(tables, thing)),
        set(at, get(i)),
        block(
          loop([
            leaveIf(i32.equal(get(at), get(order)), 1),
            set(other, load(i32.subtract(get(at), int(4)))),
            leaveIf(i64.lessU(keyOf(tables, other), get(key)), 1),
            store(get(at), get(other)),
            set(at, i32.subtract(get(at), int(4))),
            leave(0),
          ]),
        ),
        store(get(at), get(thing)),
      ]),
    ],
  );
  return fn;
}

/** What decides where a thing comes in its list: its colour, and then its number. */
const keyOf = (tables: Tables, thing: number): Code =>
  i64.or(i64.shiftLeft(toLongU(load(get(thing), tables.colours)), long(32)), toLongU(get(thing)));

/** Puts a thing into a cell, as its last member. */
function defineTie({ module, tables }: Parts): number {
  const fn = module.declare({ params: ["i32", "i32"], results: [] });
  const [thing, cell] = [0, 1];
  module.define(
    fn,
    [],
    [
      store(get(thing), get(cell), tables.cells),
      store(get(thing), int(-1), tables.next),
      when(
        load(get(cell), tables.length),
        store(load(get(cell), tables.last), get(thing), tables.next),
        store(get(cell), get(thing), tables.first),
      ),
      store(get(cell), get(thing), tables.last),
      store(get(cell), i32.add(load(get(cell), tables.length), int(1)), tables.length),
    ],
  );
  return fn;
}

/** Up to so many things are put in order by comparing fixed pairs, which takes no branch that could be guessed wrong. */
const FEW = 6;

/**
 * Puts the things of a list of some length in order, by the address of the list and of its places; says where each goes,
 * and makes cells. `ahead` is the cell of what the list is below, if that is tied.
 */
function defineList({ module, tables }: Parts, length: number, sort: number): number {
  const fn = module.declare({ params: ["i32", "i32", "i32"], results: [] });
  const [order, places, ahead, thing, cell, place, wasSame, isSame] = [0, 1, 2, 3, 4, 5, 6, 7];
  const key = (i: number): number => 8 + i;
  const spare = key(length);
  const all = Array.from({ length }, (_, i) => i);
  const inOrder = (a: number, b: number): Code => [
    set(spare, get(a)),
    set(a, select(i64.lessU(get(b), get(a)), get(b), get(a))),
    set(b, select(i64.lessU(get(b), get(spare)), get(spare), get(b))),
  ];
  const pairs = all.flatMap((end) => all.slice(0, end).map((i) => [end - 1 - i, end - i] as const));
  const next = (i: number): Code =>
    i + 1 < length
      ? i32.isZero(toInt(i64.shiftRightU(i64.xor(get(key(i)), get(key(i + 1))), long(32))))
      : int(0);
  const isSomeSame = all.slice(1).reduce((some, i) => i32.or(some, next(i - 1)), get(ahead));
  const tie = (i: number): Code => [
    set(wasSame, i === 0 ? int(0) : get(isSame)),
    set(isSame, next(i)),
    set(thing, toInt(get(key(i)))),
    when(
      i32.and(
        i32.differ(i32.or(get(ahead), i32.or(get(wasSame), get(isSame))), int(0)),
        i64.atLeastS(get(key(i)), long(0)),
      ),
      [
        when(get(wasSame), store(get(cell), i32.add(load(get(cell), tables.length), int(1)), tables.length), [
          set(cell, i32.add(cellCount(tables), int(4))),
          store(int(0), get(cell), tables.state),
          store(get(cell), int(1), tables.length),
          store(get(cell), get(thing), tables.first),
        ]),
        store(get(cell), get(thing), tables.last),
        store(get(thing), get(cell), tables.cells),
        store(
          get(thing),
          i + 1 < length ? select(get(isSame), toInt(get(key(i + 1))), int(-1)) : int(-1),
          tables.next,
        ),
      ],
      store(get(thing), int(0), tables.cells),
    ),
  ];
  module.define(
    fn,
    [...ints(5), ...all.map(() => "i64" as const), "i64"],
    [
      length > FEW ? call(sort, get(order), int(length * 4)) : [],
      all.map((i) => [set(thing, load(get(order), i * 4)), set(key(i), keyOf(tables, thing))]),
      length > FEW ? [] : pairs.map(([a, b]) => inOrder(key(a), key(b))),
      all.map((i) => [
        set(thing, toInt(get(key(i)))),
        set(place, load(get(places), i * 4)),
        store(get(order), get(thing), i * 4),
        store(get(thing), get(place), tables.labels),
        store(get(place), get(thing), tables.origins),
      ]),
      when(
        isSomeSame,
        all.map(tie),
        all.map((i) => store(toInt(get(key(i))), int(0), tables.cells)),
      ),
    ],
  );
  return fn;
}

/** Ties the things of a list to those of another one, one by one. */
function defineLike({ module, tables }: Parts, tie: number): number {
  const fn = module.declare({ params: ["i32", "i32", "i32", "i32"], results: [] });
  const [order, length, model, ahead, i, thing, other] = [0, 1, 2, 3, 4, 5, 6];
  module.define(fn, ints(3), [
    forSteps(i, int(0), get(length), 4, [
      set(thing, load(i32.add(get(order), get(i)))),
      set(other, load(i32.add(get(model), get(i)))),
      when(
        i32.and(
          i32.differ(load(get(thing), tables.colours), load(get(other), tables.colours)),
          i32.isZero(unequal(tables)),
        ),
        store(int(0), get(ahead), tables.state + 4),
      ),
      call(tie, get(thing), load(get(other), tables.cells)),
    ]),
  ]);
  return fn;
}

/** Puts the members of the cells above one into the order of a list. */
function defineRelink({ module, tables }: Parts, tie: number): number {
  const fn = module.declare({ params: ["i32", "i32", "i32"], results: [] });
  const [order, end, start, i, thing] = [0, 1, 2, 3, 4];
  const cell = load(get(thing), tables.cells);
  module.define(fn, ints(2), [
    set(end, i32.add(get(order), get(end))),
    forSteps(i, i32.add(get(start), int(4)), i32.add(cellCount(tables), int(1)), 4, [
      store(get(i), int(0), tables.length),
    ]),
    forSteps(i, get(order), get(end), 4, [
      set(thing, load(get(i))),
      when(i32.moreS(cell, get(start)), call(tie, get(thing), cell)),
    ]),
  ]);
  return fn;
}

/** Those that are tied in the order of what they refer to; whether anything moved. */
function defineByParent(parts: Parts, kind: SymmetricKind): number | null {
  const { module, symmetry, tables } = parts;
  const own = kind.edges.filter((e) => {
    const edge = symmetry.edges[e];
    return edge?.constant === null && edge.tasks === -1 && edge.isUpward;
  });
  if (own.length === 0) return null;
  const fn = module.declare({ params: ["i32", "i32"], results: ["i32"] });
  const [order, end, i, at, thing, cell, label, other, isMoved] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  module.define(fn, ints(7), [
    set(end, i32.add(get(order), get(end))),
    own.map((e) =>
      forSteps(i, i32.add(get(order), int(4)), get(end), 4, [
        set(thing, load(get(i))),
        set(cell, load(get(thing), tables.cells)),
        when(get(cell), [
          set(label, load(targetOf(parts, e, thing), tables.labels)),
          set(at, get(i)),
          block(
            loop([
              leaveIf(i32.equal(get(at), get(order)), 1),
              set(other, load(i32.subtract(get(at), int(4)))),
              leaveIf(i32.differ(load(get(other), tables.cells), get(cell)), 1),
              leaveIf(i32.atLeastS(get(label), load(targetOf(parts, e, other), tables.labels)), 1),
              store(get(at), get(other)),
              set(at, i32.subtract(get(at), int(4))),
              set(isMoved, int(1)),
              leave(0),
            ]),
          ),
          store(get(at), get(thing)),
        ]),
      ]),
    ),
    get(isMoved),
  ]);
  return fn;
}

/** Says where each thing of a list goes: to the places of another one. */
function definePlace({ module, tables }: Parts): number {
  const fn = module.declare({ params: ["i32", "i32", "i32"], results: [] });
  const [order, length, places, i, thing, place] = [0, 1, 2, 3, 4, 5];
  module.define(fn, ints(3), [
    forSteps(i, int(0), get(length), 4, [
      set(thing, load(i32.add(get(order), get(i)))),
      set(place, load(i32.add(get(places), get(i)))),
      store(get(thing), get(place), tables.labels),
      store(get(place), get(thing), tables.origins),
    ]),
  ]);
  return fn;
}

export function defineArrange(parts: Parts): number {
  const { module, symmetry, tables } = parts;
  const sort = defineSort(parts);
  const tie = defineTie(parts);
  const like = defineLike(parts, tie);
  const relink = defineRelink(parts, tie);
  const place = definePlace(parts);
  const byParent = new Map(symmetry.kinds.map((kind) => [kind.kind, defineByParent(parts, kind)]));
  const lengths = new Set(symmetry.lists.map(({ places }) => places.length));
  const lists = new Map([...lengths].map((length) => [length, defineList(parts, length, sort)]));
  const fn = module.declare(nothing);
  const [parent, order, ahead, first, start] = [0, 1, 2, 3, 4];
  const body = symmetry.lists.map((list, l) => {
    const length = int(list.places.length * 4);
    const places = int(tables.places[l] ?? 0);
    const inOrder = (tied: Code): Code => call(lists.get(list.places.length) ?? 0, get(order), places, tied);
    const sortTied = byParent.get(list.kind) ?? null;
    const above =
      sortTied === null
        ? []
        : when(
            i32.differ(get(start), cellCount(tables)),
            when(call(sortTied, get(order), length), [
              call(relink, get(order), length, get(start)),
              call(place, get(order), length, places),
            ]),
          );
    const start0 = set(start, cellCount(tables));
    if (list.parent === -1) return [start0, set(order, int(tables.orders[l] ?? 0)), inOrder(int(0)), above];
    const below = tables.below.get(list.rank) ?? 0;
    return [
      start0,
      set(parent, load(int(0), tables.origins + list.parent * 4)),
      set(order, load(get(parent), below)),
      set(ahead, load(get(parent), tables.cells)),
      set(first, choose("i32", get(ahead), load(get(ahead), tables.first), get(parent))),
      when(i32.equal(get(first), get(parent)), inOrder(get(ahead)), [
        call(sort, get(order), length),
        call(like, get(order), length, load(get(first), below), get(ahead)),
        call(place, get(order), length, places),
      ]),
      above,
    ];
  });
  module.define(fn, ints(5), [
    store(int(0), int(0), tables.state),
    store(int(0), int(0), tables.state + 4),
    body,
  ]);
  return fn;
}
