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
  int,
  leave,
  leaveIf,
  load,
  loop,
  set,
  store,
  when,
} from "./code.ts";

/** Things of one list, by address and length in bytes, in the order of their colours. */
function defineSort({ module, tables }: Parts): number {
  const fn = module.declare({ params: ["i32", "i32"], results: [] });
  const [order, end, i, at, thing, colour, other] = [0, 1, 2, 3, 4, 5, 6];
  module.define(fn, ints(5), [
    set(end, i32.add(get(order), get(end))),
    forSteps(i, i32.add(get(order), int(4)), get(end), 4, [
      set(thing, load(get(i))),
      set(colour, load(get(thing), tables.colours)),
      set(at, get(i)),
      block(
        loop([
          leaveIf(i32.equal(get(at), get(order)), 1),
          set(other, load(i32.subtract(get(at), int(4)))),
          leaveIf(i32.atLeastU(get(colour), load(get(other), tables.colours)), 1),
          store(get(at), get(other)),
          set(at, i32.subtract(get(at), int(4))),
          leave(0),
        ]),
      ),
      store(get(at), get(thing)),
    ]),
  ]);
  return fn;
}

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

/** Makes cells of a sorted list; `ahead` is the cell of what it is below, if that is tied. */
function defineTies({ module, tables }: Parts, tie: number): number {
  const fn = module.declare({ params: ["i32", "i32", "i32"], results: [] });
  const [order, end, ahead, i, thing, colour, isFirst, cell] = [0, 1, 2, 3, 4, 5, 6, 7];
  const colourAt = (at: Code): Code => load(load(at), tables.colours);
  const previous = i32.subtract(get(i), int(4));
  const next = i32.add(get(i), int(4));
  const isTied = i32.or(
    i32.or(get(ahead), i32.isZero(get(isFirst))),
    choose("i32", i32.lessS(next, get(end)), i32.equal(colourAt(next), get(colour)), int(0)),
  );
  module.define(fn, ints(5), [
    set(end, i32.add(get(order), get(end))),
    forSteps(i, get(order), get(end), 4, [
      set(thing, load(get(i))),
      set(colour, load(get(thing), tables.colours)),
      set(
        isFirst,
        choose("i32", i32.equal(get(i), get(order)), int(1), i32.differ(colourAt(previous), get(colour))),
      ),
      when(
        i32.and(i32.differ(isTied, int(0)), i32.atLeastS(get(colour), int(0))),
        [
          when(
            get(isFirst),
            [
              set(cell, i32.add(cellCount(tables), int(4))),
              store(int(0), get(cell), tables.state),
              store(get(cell), int(0), tables.length),
            ],
            set(cell, load(load(previous), tables.cells)),
          ),
          call(tie, get(thing), get(cell)),
        ],
        store(get(thing), int(0), tables.cells),
      ),
    ]),
  ]);
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
  const ties = defineTies(parts, tie);
  const like = defineLike(parts, tie);
  const relink = defineRelink(parts, tie);
  const place = definePlace(parts);
  const byParent = new Map(symmetry.kinds.map((kind) => [kind.kind, defineByParent(parts, kind)]));
  const fn = module.declare(nothing);
  const [parent, order, ahead, first, start] = [0, 1, 2, 3, 4];
  const body = symmetry.lists.map((list, l) => {
    const length = int(list.places.length * 4);
    const sortTied = byParent.get(list.kind) ?? null;
    const inOrder =
      sortTied === null
        ? []
        : when(
            i32.differ(get(start), cellCount(tables)),
            when(call(sortTied, get(order), length), call(relink, get(order), length, get(start))),
          );
    const start0 = set(start, cellCount(tables));
    const end = [inOrder, call(place, get(order), length, int(tables.places[l] ?? 0))];
    if (list.parent === -1)
      return [
        start0,
        set(order, int(tables.orders[l] ?? 0)),
        call(sort, get(order), length),
        call(ties, get(order), length, int(0)),
        end,
      ];
    const below = tables.below.get(list.rank) ?? 0;
    return [
      start0,
      set(parent, load(int(0), tables.origins + list.parent * 4)),
      set(order, load(get(parent), below)),
      set(ahead, load(get(parent), tables.cells)),
      set(first, choose("i32", get(ahead), load(get(ahead), tables.first), get(parent))),
      call(sort, get(order), length),
      when(
        i32.equal(get(first), get(parent)),
        call(ties, get(order), length, get(ahead)),
        call(like, get(order), length, load(get(first), below), get(ahead)),
      ),
      end,
    ];
  });
  module.define(fn, ints(5), [
    store(int(0), int(0), tables.state),
    store(int(0), int(0), tables.state + 4),
    // Those that are tied stay in the order of their places.
    symmetry.lists.map(({ places }, l) =>
      places.map((thing, i) => store(int(0), int(thing * 4), (tables.orders[l] ?? 0) + i * 4)),
    ),
    body,
  ]);
  return fn;
}
