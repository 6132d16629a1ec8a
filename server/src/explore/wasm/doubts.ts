// Whether what is tied can be exchanged, as WebAssembly; the conditions stand in packed/canonical.ts.

import type { SymmetricKind } from "../packed/symmetry.ts";
import {
  cellCount,
  endOf,
  forThings,
  ints,
  isAlive,
  type Parts,
  targetOf,
  tasksOf,
  unequal,
} from "./canonical-parts.ts";
import {
  type Code,
  call,
  choose,
  forSteps,
  get,
  giveBack,
  i32,
  int,
  load,
  repeatWhile,
  select,
  set,
  store,
  tee,
  when,
} from "./code.ts";

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
export function defineDoubtful(parts: Parts): number {
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
