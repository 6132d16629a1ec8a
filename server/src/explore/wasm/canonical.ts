// The canonical form of packed/canonical.ts as WebAssembly: the same colours, the same choices, the same words.

import { AGAIN, ALONE, DEAD, FIRST, mix, ROUNDS, TIED } from "../packed/canonical.ts";
import type { Layout } from "../packed/layout.ts";
import type { Edge, SymmetricKind, Symmetry } from "../packed/symmetry.ts";
import {
  block,
  type Code,
  call,
  choose,
  drop,
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
  leave,
  leaveIf,
  load,
  loadFloat,
  loop,
  repeatWhile,
  select,
  set,
  store,
  storeFloat,
  tee,
  when,
} from "./code.ts";
import type { ModuleBuilder } from "./module.ts";
import type { Plan } from "./plan.ts";
import type { Tables } from "./tables.ts";

export interface CanonicalFunctions {
  /** Rewrites `successor`; gives how many permutations leave it as it is, or -1: to be asked of `exchanges`. */
  readonly settle: number;
  readonly exchanges: number;
  /** Settles the present state and marks what is the same in it. */
  readonly mark: number;
}

interface Parts {
  readonly module: ModuleBuilder;
  readonly symmetry: Symmetry;
  readonly layout: Layout;
  readonly plan: Plan;
  readonly tables: Tables;
}

const nothing = { params: [], results: [] } as const;
const ints = (count: number): "i32"[] => new Array<"i32">(count).fill("i32");

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
  return { settle, exchanges, mark: defineMark(parts, settle) };
}

const copy = (words: number, from: number, to: number): Code =>
  Array.from({ length: words }, (_, i) => store(int(0), load(int(0), from + i * 4), to + i * 4));

// ---------------------------------------------------------------- colours

/** The code of `mix` of packed/canonical.ts; `local` is overwritten. */
const mixed = (value: Code, local: number): Code => [
  set(local, value),
  set(local, i32.multiply(i32.xor(get(local), i32.shiftRightU(get(local), int(16))), int(0x9e3779b1))),
  i32.shiftRightU(i32.xor(get(local), i32.shiftRightU(get(local), int(15))), int(1)),
];

/** Takes the rows of all kinds out of `successor` and colours things by what they are themselves. */
function defineRead({ module, symmetry, plan, tables }: Parts): number {
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

const endOf = ({ base, count }: SymmetricKind): Code => int((base + count) * 4);

/** For each thing of a kind, in a local. */
const forThings = (kind: SymmetricKind, thing: number, body: Code): Code =>
  forSteps(thing, int(kind.base * 4), endOf(kind), 4, body);

const isAlive = (kind: SymmetricKind, tables: Tables, thing: number, body: Code): Code =>
  kind.alive === null ? body : when(i32.atLeastS(load(get(thing), tables.colours), int(0)), body);

/** What a thing refers to: the number of a colour, or a set of tasks. */
function targetOf({ symmetry, tables }: Parts, e: number, thing: number): Code {
  const edge = symmetry.edges[e];
  const meaning = tables.meanings[e] ?? 0;
  if (edge === undefined || edge.constant !== null) return load(get(thing), meaning);
  const k = symmetry.kinds.findIndex(({ kind }) => kind === edge.kind);
  const row = load(get(thing), tables.rows[k]?.[edge.strip] ?? 0);
  const mask = int(((1 << edge.bits) - 1) * 4);
  const moved =
    edge.from >= 2 ? i32.shiftRightU(row, int(edge.from - 2)) : i32.shiftLeft(row, int(2 - edge.from));
  return load(i32.and(moved, mask), meaning);
}

function defineSweep(parts: Parts): number {
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

/** The tasks that the bits of a set stand for. */
function tasksOf({ edges }: Symmetry, edge: Edge): number[] {
  return edges.includes(edge) ? Array.from({ length: edge.bits }, (_, bit) => edge.tasks + bit) : [];
}

// ---------------------------------------------------------------- order

const cellCount = (tables: Tables): Code => load(int(0), tables.state);
const unequal = (tables: Tables): Code => load(int(0), tables.state + 4);

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

function defineArrange(parts: Parts): number {
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
    body,
  ]);
  return fn;
}

// ---------------------------------------------------------------- doubts

/** The least of cells, each less 1, so that none is the largest. */
const lesser = (into: number, cell: Code, spare: number): Code => [
  set(spare, i32.subtract(cell, int(1))),
  when(i32.lessU(get(spare), get(into)), set(into, get(spare))),
];

/** Takes the cells of what an edge of a thing refers to into account. */
function leastOf(parts: Parts, e: number, thing: number, least: number, target: number, spare: number): Code {
  const { symmetry, tables } = parts;
  const edge = symmetry.edges[e];
  if (edge === undefined) return [];
  if (edge.tasks === -1) return lesser(least, load(targetOf(parts, e, thing), tables.cells), spare);
  return [
    set(target, targetOf(parts, e, thing)),
    tasksOf(symmetry, edge).map((task, bit) =>
      when(i32.and(get(target), int(1 << bit)), lesser(least, load(int(0), tables.cells + task * 4), spare)),
    ),
  ];
}

/** The cell of which one has to be tried as the first, or 0. */
function defineDoubtful(parts: Parts): number {
  const { module, symmetry, tables } = parts;
  const fn = module.declare({ params: [], results: ["i32"] });
  const [thing, least, target, spare, cell] = [0, 1, 2, 3, 4];
  const alone = symmetry.kinds
    .filter(({ edges }) => edges.length > 0)
    .map((kind) =>
      forThings(
        kind,
        thing,
        when(
          i32.isZero(load(get(thing), tables.cells)),
          isAlive(
            kind,
            tables,
            thing,
            kind.edges.map((e) => leastOf(parts, e, thing, least, target, spare)),
          ),
        ),
      ),
    );
  const inKind = symmetry.kinds.map((kind) => ({ kind, fn: defineDoubtIn(parts, kind) }));
  const inCell = inKind.reduceRight<Code>(
    (rest, { kind, fn: own }) =>
      choose("i32", i32.lessS(get(thing), endOf(kind)), call(own, get(cell)), rest),
    int(0),
  );
  module.define(fn, ints(5), [
    when(unequal(tables), giveBack(unequal(tables))),
    when(i32.isZero(cellCount(tables)), giveBack(int(0))),
    set(least, int(-1)),
    alone,
    when(i32.differ(get(least), int(-1)), giveBack(i32.add(get(least), int(1)))),
    forSteps(cell, int(4), i32.add(cellCount(tables), int(1)), 4, [
      set(thing, load(get(cell), tables.first)),
      when(tee(target, inCell), giveBack(get(target))),
    ]),
    int(0),
  ]);
  return fn;
}

function defineDoubtIn(parts: Parts, kind: SymmetricKind): number {
  const { module, symmetry, tables } = parts;
  const fn = module.declare({ params: ["i32"], results: ["i32"] });
  const [cell, first, thing, target, spare, moving, least, isSame, targets, share, isEven] = [
    ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  ] as const;
  const k = symmetry.kinds.indexOf(kind);
  const forMembers = (from: Code, body: Code): Code => [
    set(thing, from),
    repeatWhile(i32.differ(get(thing), int(-1)), [body, set(thing, load(get(thing), tables.next))]),
  ];
  const giveFirstTied = (e: number): Code => {
    if (symmetry.edges[e]?.tasks !== -1) return giveBack(get(cell));
    return [
      set(least, int(-1)),
      forMembers(get(first), leastOf(parts, e, thing, least, target, spare)),
      giveBack(select(i32.equal(get(least), int(-1)), get(cell), i32.add(get(least), int(1)))),
    ];
  };
  const canMove = (e: number): boolean =>
    symmetry.edges[e]?.tasks === -1 && symmetry.edges[e]?.isUpward === true;
  const findMoving = kind.edges.map((e) => [
    set(target, targetOf(parts, e, first)),
    set(isSame, int(1)),
    forMembers(
      load(get(first), tables.next),
      when(i32.differ(targetOf(parts, e, thing), get(target)), set(isSame, int(0))),
    ),
    when(i32.isZero(get(isSame)), [
      canMove(e)
        ? when(i32.differ(get(moving), int(-1)), giveFirstTied(e), set(moving, int(e)))
        : giveFirstTied(e),
    ]),
  ]);
  const otherEdges = forMembers(
    get(first),
    kind.edges.map((e) =>
      when(i32.differ(get(moving), int(e)), leastOf(parts, e, thing, least, target, spare)),
    ),
  );
  const plain = forMembers(
    load(get(first), tables.next),
    kind.strips.map(({ plain: bits }, s) => {
      const row = tables.rows[k]?.[s] ?? 0;
      const differs = i32.and(i32.xor(load(get(thing), row), load(get(first), row)), int(bits));
      return when(differs, giveBack(get(cell)));
    }),
  );
  const evenness = kind.edges
    .filter(canMove)
    .map((e) =>
      when(i32.equal(get(moving), int(e)), [
        set(targets, load(targetOf(parts, e, first), tables.cells)),
        when(i32.isZero(get(targets)), giveFirstTied(e)),
        set(share, i32.divideS(load(get(cell), tables.length), load(get(targets), tables.length))),
        set(
          isEven,
          i32.equal(
            i32.multiply(get(share), load(get(targets), tables.length)),
            load(get(cell), tables.length),
          ),
        ),
        forMembers(get(first), [
          set(target, targetOf(parts, e, thing)),
          when(i32.differ(load(get(target), tables.cells), get(targets)), set(isEven, int(0))),
          store(get(target), i32.add(load(get(target), tables.counts), int(1)), tables.counts),
        ]),
        forMembers(
          load(get(targets), tables.first),
          when(i32.differ(load(get(thing), tables.counts), get(share)), set(isEven, int(0))),
        ),
        forMembers(get(first), store(targetOf(parts, e, thing), int(0), tables.counts)),
        when(i32.isZero(get(isEven)), giveFirstTied(e)),
      ]),
    );
  module.define(fn, ints(10), [
    set(first, load(get(cell), tables.first)),
    set(moving, int(-1)),
    findMoving,
    set(least, int(-1)),
    otherEdges,
    when(i32.differ(get(least), int(-1)), giveBack(i32.add(get(least), int(1)))),
    plain,
    evenness,
    int(0),
  ]);
  return fn;
}

// ---------------------------------------------------------------- words

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
  const copyWords = (from: Code, fromOffset: number, to: Code, toOffset: number): Code =>
    Array.from({ length: layout.words }, (_, word) =>
      store(to, load(from, fromOffset + word * 4), toOffset + word * 4),
    );
  // -1, 0 or 1: the first word that differs decides.
  const compare = [
    set(order, int(0)),
    Array.from({ length: layout.words }, (_, word) => word)
      .reverse()
      .map((word) => {
        const [a, b] = [load(int(0), tables.out + word * 4), load(get(base), least + word * 4)];
        return when(i32.differ(a, b), set(order, select(i32.lessS(a, b), int(-1), int(1))));
      }),
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

function defineMark(parts: Parts, settle: number): number {
  const { module, symmetry, layout, plan, tables } = parts;
  const fn = module.declare(nothing);
  const [cell, thing, last, mark] = [0, 1, 2, 3];
  const marks = symmetry.kinds.map((kind) =>
    when(
      i32.and(i32.atLeastS(get(thing), int(kind.base * 4)), i32.lessS(get(thing), endOf(kind))),
      kind.edges.map((e) =>
        when(i32.differ(targetOf(parts, e, thing), targetOf(parts, e, last)), set(mark, int(TIED))),
      ),
    ),
  );
  module.define(fn, ints(4), [
    copy(layout.words, plan.present, plan.successor),
    drop(call(settle)),
    forSteps(thing, int(0), int(symmetry.things * 4), 4, store(get(thing), int(ALONE), tables.marks)),
    forSteps(cell, int(4), i32.add(cellCount(tables), int(1)), 4, [
      set(last, int(-1)),
      set(thing, load(get(cell), tables.first)),
      repeatWhile(i32.differ(get(thing), int(-1)), [
        set(mark, int(TIED)),
        when(i32.differ(get(last), int(-1)), [set(mark, int(AGAIN)), marks]),
        store(get(thing), get(mark), tables.marks),
        set(last, get(thing)),
        set(thing, load(get(thing), tables.next)),
      ]),
    ]),
  ]);
  return fn;
}

/** Whether a call was tried already, with another one of equal things. */
export function isRepeated(tables: Tables, things: readonly number[] | null): Code | null {
  if (things === null || things.length === 0) return null;
  const mark = (thing: number): Code => load(int(0), tables.marks + thing * 4);
  return things
    .map((thing, i) =>
      things.reduce<Code>(
        (all, other, j) => (i === j ? all : i32.and(all, i32.equal(mark(other), int(ALONE)))),
        i32.equal(mark(thing), int(AGAIN)),
      ),
    )
    .reduce((all, each) => i32.or(all, each));
}

/** Adds the size of the orbit of the present state to a sum. */
export const addOrbit = (sum: number, size: number, exchanges: Code): Code =>
  storeFloat(int(0), f64Add(loadFloat(int(0), sum), f64Divide(f64Number(size), exchanges)), sum);
