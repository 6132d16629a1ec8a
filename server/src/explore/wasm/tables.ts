// Where the code of canonical.ts keeps colours, cells and rows, as addresses. Things and cells are numbered in steps of
// four, so that a thing is the offset of its number in every table.

import { factorial } from "../packed/edges.ts";
import type { Layout } from "../packed/layout.ts";
import { marksOf } from "../packed/marks.ts";
import { mix } from "../packed/references.ts";
import type { Symmetry } from "../packed/symmetry.ts";

/** Tables, as addresses; each has a number of 32 bits for each colour unless it says something else. */
export interface Tables {
  readonly colours: number;
  readonly sums: number;
  readonly labels: number;
  readonly origins: number;
  readonly cells: number;
  /** By cell: the first of its members, the last, how many. By thing: the next member. */
  readonly first: number;
  readonly last: number;
  readonly length: number;
  readonly next: number;
  readonly counts: number;
  /** By thing: the first bit of its mark. */
  readonly markBits: number;
  /** The marks of the state that was settled last, as packed/marks.ts says. */
  readonly marks: number;
  /** By kind (as in the symmetry) and strip: the rows of things. */
  readonly rows: readonly (readonly number[])[];
  /** By kind and strip, by thing: the address of the word of a place, and the shift. */
  readonly words: readonly (readonly number[])[];
  readonly shifts: readonly (readonly number[])[];
  /** By edge: what a code stands for; the shifted code for what it stands for. Of constant ones: by thing. */
  readonly meanings: readonly number[];
  readonly codes: readonly number[];
  /** By rank of lists below things: by thing, the list. */
  readonly below: ReadonlyMap<number, number>;
  /** By list: its things in order; its places. */
  readonly orders: readonly number[];
  readonly places: readonly number[];
  /** The words of a form, and behind them where those that were tried as the first went to. */
  readonly out: number;
  /** By depth of trying: the thing that is tried as the first. */
  readonly tried: number;
  /** The tidy form; by colour's number: the place that it has there. The words as they were. */
  readonly tidy: number;
  readonly tidyLabels: number;
  readonly raw: number;
  readonly factorials: number;
  /** cells, unequal, exchanges (64 bits) */
  readonly state: number;
  /** For each depth of trying: colours, those that are tied, the least words and places. */
  readonly tries: number;
  readonly trySize: number;
  readonly end: number;
}

/** Things of which one can be tried inside another one; each is told apart then, so there are never more. */
const most = (symmetry: Symmetry): number => symmetry.things + 1;

export function tablesOf(symmetry: Symmetry, layout: Layout, start: number): Tables {
  let end = start;
  const take = (bytes: number): number => {
    const at = end;
    end += Math.ceil(bytes / 8) * 8;
    return at;
  };
  // One more than there are things: cells are counted from 1.
  const table = (): number => take((symmetry.colours + 1) * 4);
  const { kinds, edges, lists } = symmetry;
  const perStrip = (): number[][] => kinds.map(({ strips }) => strips.map(table));
  const ranks = [...new Set(lists.filter(({ parent }) => parent !== -1).map(({ rank }) => rank))];
  const places = most(symmetry) * 4;
  const trySize = symmetry.colours * 8 + layout.words * 4 + places;
  const tables = {
    ...{ colours: table(), sums: table(), labels: table(), origins: table() },
    ...{ cells: table(), next: table(), counts: table(), markBits: table() },
    ...{ first: table(), last: table(), length: table() },
    ...{ rows: perStrip(), words: perStrip(), shifts: perStrip() },
    meanings: edges.map(({ constant, bits }) => take(constant === null ? 4 << bits : symmetry.colours * 4)),
    codes: edges.map(table),
    below: new Map(ranks.map((rank) => [rank, table()])),
    orders: lists.map(({ places }) => take(places.length * 4)),
    places: lists.map(({ places }) => take(places.length * 4)),
    marks: take(marksOf(symmetry).words * 4),
    out: take(layout.words * 4 + places),
    tried: take(places),
    ...{ tidy: take(layout.words * 4), tidyLabels: table(), raw: take(layout.words * 4) },
    factorials: take((symmetry.things + 1) * 8),
    state: take(16),
    ...{ tries: take(most(symmetry) * trySize), trySize },
  };
  return { ...tables, end };
}

/** What lies in the tables at first. */
export function fillTables(symmetry: Symmetry, tables: Tables, buffer: ArrayBuffer): void {
  const ints = new Int32Array(buffer);
  const { kinds, edges, lists, colours, things } = symmetry;
  const write = (at: number, values: readonly number[]): void => ints.set(values, at / 4);
  const identity = Array.from({ length: colours }, (_, i) => i * 4);
  write(
    tables.colours,
    symmetry.seeds.map((seed) => mix(seed + 1)),
  );
  write(tables.labels, identity);
  write(tables.origins, identity);
  write(tables.tidyLabels, identity);
  write(
    tables.markBits,
    Array.from(marksOf(symmetry).bits, (bit) => bit ?? 0),
  );
  for (const [k, { base, strips }] of kinds.entries()) {
    for (const [s, { at }] of strips.entries()) {
      write(
        (tables.words[k]?.[s] ?? 0) + base * 4,
        at.map(({ word }) => tables.out + word * 4),
      );
      write(
        (tables.shifts[k]?.[s] ?? 0) + base * 4,
        at.map(({ shift }) => shift),
      );
    }
  }
  for (const [e, edge] of edges.entries()) {
    const at = tables.meanings[e] ?? 0;
    const kind = kinds.find((each) => each.kind === edge.kind);
    if (edge.constant !== null) {
      write(
        at + (kind?.base ?? 0) * 4,
        edge.constant.map((target) => target * 4),
      );
      continue;
    }
    write(
      at,
      edge.colourOf.map((target) => (edge.tasks === -1 ? target * 4 : target)),
    );
    // Of tasks: by set. Of things: by colour, what stands for none of them included.
    const codes = new Array<number>(colours).fill(0);
    for (const [code, target] of edge.colourOf.entries()) codes[target] = code << edge.from;
    write(tables.codes[e] ?? 0, edge.tasks === -1 ? codes : []);
  }
  for (const [l, list] of lists.entries()) {
    const places = list.places.map((thing) => thing * 4);
    write(tables.orders[l] ?? 0, places);
    write(tables.places[l] ?? 0, places);
    const below = tables.below.get(list.rank);
    if (list.parent !== -1 && below !== undefined) write(below + list.parent * 4, [tables.orders[l] ?? 0]);
  }
  const factorials = new Float64Array(buffer, tables.factorials, things + 1);
  for (let i = 0; i <= things; i++) factorials[i] = factorial(i);
}
