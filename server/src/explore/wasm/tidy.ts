// The tidy form of a state: cheap to make, and the same for many equal ones. Things stand in the order of what they hold,
// as far as that can be told by looking at each of them and at those below it. States of one tidy form are equal; equal
// ones can have several, so it only saves the way to a canonical form, where the tidy one was met before. It is made of
// every state that a call leads to: all that it handles is in locals, and which of two things comes first is no branch.

import type { SymmetricKind, Symmetry } from "../packed/symmetry.ts";
import { mixed, nothing, type Parts } from "./canonical-parts.ts";
import { type Code, get, i32, i64, int, load, long, select, set, store, toInt, toLongU } from "./code.ts";

/** Which things are put in order. */
interface Tidy {
  /** Numbers of lists, those below others first; what is below a thing of one of them is part of them. */
  readonly lists: readonly number[];
  /** Numbers of kinds whose things are in them. */
  readonly kinds: ReadonlySet<number>;
  /** Numbers of edges that refer to such things; the rows of these edges are in no order. */
  readonly edges: readonly number[];
}

/** More are not put in order. */
const MOST = 8;

/** Null: nothing can be put in order. */
function tidyOf(symmetry: Symmetry): Tidy | null {
  const { edges, lists } = symmetry;
  const kinds = new Set<number>();
  // Those that refer to others come first: what they refer to has to keep its place, as it is part of what they hold.
  const candidates = new Set(lists.map(({ kind }) => kind).reverse());
  for (const kind of candidates) {
    const own = lists.filter((list) => list.kind === kind);
    const below = lists.filter(({ parent }) => own.some(({ places }) => places.includes(parent)));
    const isFree = edges.every(
      ({ kind: from, targets, constant, tasks }) =>
        constant !== null ||
        (targets.includes(kind)
          ? tasks === -1 && from !== kind && !kinds.has(from)
          : from !== kind || !targets.some((target) => kinds.has(target))),
    );
    const isSmall = own.every(({ places }) => places.length <= MOST);
    if (isFree && isSmall && below.every((list) => kinds.has(list.kind))) kinds.add(kind);
  }
  if (kinds.size === 0) return null;
  const numbers = (isWanted: (i: number) => boolean, count: number): number[] =>
    Array.from({ length: count }, (_, i) => i).filter(isWanted);
  return {
    lists: numbers((l) => kinds.has(lists[l]?.kind ?? -1), lists.length).reverse(),
    kinds,
    edges: numbers((e) => {
      const edge = edges[e];
      return edge?.constant === null && edge.targets.some((kind) => kinds.has(kind));
    }, edges.length),
  };
}

interface Local {
  readonly number: number;
  readonly type: "i32" | "i64";
}

/** A place and what is there, as locals. */
interface Place {
  readonly thing: number;
  /** What it holds and whether it is referred to, in the upper half; below that the number of the thing. */
  readonly key: Local;
  /** By strip; null: its only row is all that the key says. */
  readonly rows: readonly Local[] | null;
  /** All that goes with the thing to another place, but the key. */
  readonly carried: readonly Local[];
}

/** Makes the tidy form of `successor`; null: there is none. */
export function defineTidy(parts: Parts): number | null {
  const { module, symmetry, layout, plan, tables } = parts;
  const tidy = tidyOf(symmetry);
  if (tidy === null) return null;
  const fn = module.declare(nothing);
  const types: Local["type"][] = [];
  const local = (type: Local["type"]): Local => ({ number: types.push(type) - 1, type });
  const isAfter = local("i32").number;
  const sum = local("i32").number;
  const spare = { i32: local("i32").number, i64: local("i64").number };
  const words = Array.from({ length: layout.words }, () => local("i32"));
  const word = (number: number): number => words[number]?.number ?? 0;

  const kindOf = (number: number): SymmetricKind | undefined =>
    symmetry.kinds.find(({ kind }) => kind === number);
  /** All that can refer to what is put in order, and what it refers to. */
  const references = tidy.edges.flatMap((e) => {
    const edge = symmetry.edges[e];
    const { at = [] } = kindOf(edge?.kind ?? -1)?.strips[edge?.strip ?? -1] ?? {};
    if (edge === undefined) return [];
    const mask = (1 << edge.bits) - 1;
    return at.map(({ word: of, shift }) => ({
      ...{ e, word: of, shift, from: shift + edge.from, mask, target: local("i32") },
    }));
  });
  const refer = references.map(({ e, word: of, from, mask, target }) => {
    const code = i32.and(i32.shiftRightU(get(word(of)), int(from)), int(mask));
    return set(target.number, load(i32.shiftLeft(code, int(2)), tables.meanings[e] ?? 0));
  });
  const targets = references.map(({ target }) => target);
  const referred = new Set(tidy.edges.flatMap((e) => symmetry.edges[e]?.targets ?? []));

  const exchange = (a: Place, b: Place): Code => {
    const one = (first: Local, second: Local): Code => {
      const number = spare[first.type];
      return [
        set(number, get(first.number)),
        set(first.number, select(get(isAfter), get(second.number), get(first.number))),
        set(second.number, select(get(isAfter), get(number), get(second.number))),
      ];
    };
    return [
      set(isAfter, i64.lessU(get(b.key.number), get(a.key.number))),
      [a.key, ...a.carried].map((first, i) => one(first, [b.key, ...b.carried][i] ?? first)),
    ];
  };
  /** Takes what is in a place out of the words. */
  const take = (kind: SymmetricKind, { thing, key, rows }: Place, below: readonly Place[]): Code => {
    const row = ({ width, at }: SymmetricKind["strips"][number]): Code => {
      const { word: from, shift } = at[thing - kind.base] ?? { word: 0, shift: 0 };
      const moved = i32.shiftRightU(get(word(from)), int(shift));
      return width === 32 ? moved : i32.and(moved, int((1 << width) - 1));
    };
    const isReferred = referred.has(kind.kind)
      ? targets
          .map(({ number }) => i32.equal(get(number), int(thing * 4)))
          .reduce((some, each) => i32.or(some, each))
      : int(0);
    const keyed = (of: Code): Code =>
      set(
        key.number,
        i64.or(
          i64.shiftLeft(toLongU(i32.or(i32.shiftLeft(of, int(1)), isReferred)), long(32)),
          long(thing * 4),
        ),
      );
    if (rows === null) return kind.strips.map((strip) => keyed(row(strip)));
    const add = (of: Code): Code => set(sum, mixed(i32.add(get(sum), of), spare.i32));
    return [
      set(sum, int(0)),
      rows.map(({ number }, s) => {
        const strip = kind.strips[s];
        if (strip === undefined) return [];
        return [set(number, row(strip)), add(get(number))];
      }),
      below.map((each) => add(highOf(each.key))),
      keyed(get(sum)),
    ];
  };

  const places = new Map<number, { readonly kind: SymmetricKind; readonly place: Place }>();
  const sort = tidy.lists.map((l): Code => {
    const list = symmetry.lists[l];
    const kind = kindOf(list?.kind ?? -1);
    if (list === undefined || kind === undefined) return [];
    const own = list.places.map((thing) => {
      const below = symmetry.lists
        .filter(({ parent }) => parent === thing)
        .flatMap(({ places: all }) => all.flatMap((other) => places.get(other) ?? []));
      const [only, ...others] = kind.strips;
      const isPlain = below.length === 0 && only !== undefined && only.width < 31 && others.length === 0;
      const rows = isPlain ? null : kind.strips.map(() => local("i32"));
      const carried = below.flatMap(({ kind: of, place }) => [
        ...(place.rows === null || referred.has(of.kind) ? [place.key] : []),
        ...place.carried,
      ]);
      const place: Place = { thing, key: local("i64"), rows, carried: [...(rows ?? []), ...carried] };
      places.set(thing, { kind, place });
      return { place, below: below.map((each) => each.place) };
    });
    return [
      own.map(({ place, below }) => take(kind, place, below)),
      own.flatMap((_, end) =>
        own.slice(0, end).map((__, i) => {
          const [a, b] = [own[end - 1 - i]?.place, own[end - i]?.place];
          return a === undefined || b === undefined ? [] : exchange(a, b);
        }),
      ),
    ];
  });

  const all = [...places.values()];
  const pieces = all.flatMap(({ kind, place }) =>
    kind.strips.map(({ at, width }, s) => {
      const { word: to, shift } = at[place.thing - kind.base] ?? { word: 0, shift: 0 };
      const row =
        place.rows === null ? i32.shiftRightU(highOf(place.key), int(1)) : get(place.rows[s]?.number ?? 0);
      const bits = (width === 32 ? -1 : (1 << width) - 1) << shift;
      return { to, bits, row: shift === 0 ? row : i32.shiftLeft(row, int(shift)) };
    }),
  );
  const put = words.map(({ number }, to) => {
    const own = pieces.filter((piece) => piece.to === to);
    if (own.length === 0) return [];
    const kept = ~own.reduce((bits, piece) => bits | piece.bits, 0);
    return set(
      number,
      own.reduce<Code>(
        (rest, { row }) => i32.or(rest, row),
        kept === 0 ? int(0) : i32.and(get(number), int(kept)),
      ),
    );
  });
  const label = all
    .filter(({ kind }) => referred.has(kind.kind))
    .map(({ place }) => store(toInt(get(place.key.number)), int(place.thing * 4), tables.tidyLabels));
  const relabel = references.map(({ e, word: of, shift, from, mask, target }) => {
    const moved = load(load(get(target.number), tables.tidyLabels), tables.codes[e] ?? 0);
    return set(
      word(of),
      i32.or(i32.and(get(word(of)), int(~(mask << from))), i32.shiftLeft(moved, int(shift))),
    );
  });
  module.define(fn, types, [
    words.map(({ number }, i) => set(number, load(int(0), plan.successor + i * 4))),
    ...[refer, sort, put, label, relabel],
    words.map(({ number }, i) => store(int(0), get(number), tables.tidy + i * 4)),
  ]);
  return fn;
}

const highOf = ({ number }: Local): Code => toInt(i64.shiftRightU(get(number), long(32)));
