// Where everything lies in the memory of a compiled search, as addresses in bytes: what the search counts, the cells,
// what a call changed, tables, and behind all that the states. It emits nothing.

import { type Codes, encode } from "../packed/layout.ts";
import { marksOf } from "../packed/marks.ts";
import { notesOf } from "../packed/memory.ts";
import { entriesOf, type Form } from "../packed/shape.ts";
import type { Program } from "../program.ts";

/** Numbers that code and host share, of 32 bits each. */
export const CONTROL = {
  count: 0,
  at: 4,
  levelEnd: 8,
  depth: 12,
  mostDepth: 16,
  mostStates: 20,
  table: 24,
  tableMask: 28,
  room: 32,
  stop: 36,
  open: 40,
  order: 44,
  changed: 48,
  epoch: 52,
  transitions: 56,
  hashed: 60,
  hash: 64,
  recent: 68,
  recentMask: 72,
  /** The state that stands for what was met. */
  met: 76,
  /** Where the next step is written; 0: steps are not wanted. */
  log: 80,
} as const;
const CONTROL_SIZE = 88;

/** What `run` gives, and `stop` is. */
export const STATUS = ["more", "exhausted", "found", "depth", "states", "order", "foreign", "full"] as const;
export const statusOf = (name: (typeof STATUS)[number]): number => STATUS.indexOf(name);

/** What is known of each cell, for packing it: eight numbers of 32 bits. */
export const CELL = {
  word: 0,
  shift: 4,
  clear: 8,
  mode: 12,
  min: 16,
  count: 20,
  list: 24,
  size: 32,
} as const;
export const MODE = { offset: 0, listed: 1, searched: 2, raw: 3, long: 4 } as const;

export interface Plan {
  readonly cellSize: number;
  readonly cells: number;
  /** Behind the last cell that is put back. */
  readonly notes: number;
  readonly marks: number;
  readonly changed: number;
  readonly before: number;
  readonly cellInfo: number;
  readonly tables: readonly number[];
  /** By slot: its list of values, or -1. */
  readonly lists: readonly number[];
  readonly goals: number;
  /** By call: 1 if it was a step. */
  readonly succeeded: number;
  /** By function of `entriesOf`: 1 if its calls are tried. */
  readonly wanted: number;
  readonly present: number;
  readonly successor: number;
  /** A sum of 64 bits. */
  readonly orbits: number;
  /** Room for what others need, by their own plan. */
  readonly extra: number;
  /** What calls led to, until the host takes it. Up to here something lies there at first. */
  readonly log: number;
  readonly states: number;
  /** Of one state: what it is found by, where it came from, the call; then its words if these are others, and marks. */
  readonly stride: number;
  /** Where in a state its words are; where marks of equal things, and how many words of them. */
  readonly words: number;
  readonly equals: number;
  readonly equalWords: number;
  /** What lies there at first. */
  readonly fill: (buffer: ArrayBuffer) => void;
}

/** Words of the log. */
export const LOG = 2 ** 15;

/** Spans of values up to here have a table from value to code; beyond, the list is searched. */
const LARGEST_SPAN = 4096;

export function planOf(program: Program, form: Form, extraSize: number): Plan {
  const { layout } = form;
  const cellSize = program.wide ? 8 : 4;
  const count = program.initial.length;
  let end = CONTROL_SIZE;
  const take = (bytes: number): number => {
    const at = end;
    end += Math.ceil(bytes / 8) * 8;
    return at;
  };
  const goals = take(program.goals.length * 12);
  const succeeded = take(program.calls.length * 4);
  const wanted = take(entriesOf(program).length * 4);
  const cells = take(count * cellSize);
  const marks = take(count * 4);
  const changed = take(count * 4);
  const before = take(count * cellSize);
  const cellInfo = take(count * CELL.size);
  const tables = program.tables.map((table) => take(Math.max(1, table.length) * cellSize));
  const known = new Map<Codes, { readonly values: number; readonly codes: number }>();
  for (const { codes } of layout.slots) {
    if (codes.by !== "listed" || known.has(codes)) continue;
    known.set(codes, {
      values: take(codes.values.length * cellSize),
      codes: take(isSearched(codes.values) ? 0 : spanOf(codes.values) * 4),
    });
  }
  const present = take(layout.words * 4);
  const successor = take(layout.words * 4);
  const orbits = take(8);
  const extra = take(extraSize);
  const log = take(LOG * 4);
  const states = Math.ceil(end / 64) * 64;

  return {
    ...{
      cellSize,
      cells,
      marks,
      changed,
      before,
      cellInfo,
      tables,
      goals,
      succeeded,
      wanted,
      present,
      successor,
      orbits,
      extra,
      log,
      states,
    },
    notes: cells + notesOf(program) * cellSize,
    lists: layout.slots.map(({ codes }) => known.get(codes)?.values ?? -1),
    ...recordOf(form),
    fill(buffer) {
      const ints = new Int32Array(buffer);
      const numbers = (at: number, values: readonly number[]): void => {
        if (program.wide) new BigInt64Array(buffer, at, values.length).set(values.map(BigInt));
        else ints.set(values, at / 4);
      };
      numbers(cells, program.initial);
      ints.fill(1, wanted / 4, wanted / 4 + entriesOf(program).length);
      for (const [i, table] of program.tables.entries()) numbers(tables[i] ?? 0, table);
      for (const [codes, at] of known) {
        if (codes.by !== "listed") continue;
        numbers(at.values, codes.values);
        if (isSearched(codes.values)) continue;
        const [min = 0] = codes.values;
        for (let i = 0; i < spanOf(codes.values); i++) ints[at.codes / 4 + i] = encode(codes, min + i);
      }
      for (let cell = 0; cell < count; cell++) ints[(cellInfo + cell * CELL.size) / 4] = -1;
      for (const { cell, word, shift, bits, codes } of layout.slots) {
        const at = (cellInfo + cell * CELL.size) / 4;
        const info = describe(codes, known.get(codes)?.values ?? 0, known.get(codes)?.codes ?? 0);
        const mask = bits >= 32 ? -1 : ((1 << bits) - 1) << shift;
        ints.set([successor + word * 4, shift, ~mask, info.mode, info.min, info.count, info.list], at);
      }
    },
  };
}

/** What is kept of a state. */
function recordOf({ layout, symmetry }: Form): Pick<Plan, "stride" | "words" | "equals" | "equalWords"> {
  const head = (layout.words + 2) * 4;
  if (symmetry === null) return { stride: head, words: 0, equals: 0, equalWords: 0 };
  const equals = head + layout.words * 4;
  const { words: equalWords } = marksOf(symmetry);
  return { stride: equals + equalWords * 4, words: head, equals, equalWords };
}

const spanOf = (values: readonly number[]): number => (values.at(-1) ?? 0) - (values[0] ?? 0) + 1;
const isSearched = (values: readonly number[]): boolean =>
  spanOf(values) > LARGEST_SPAN || Math.abs(values[0] ?? 0) >= 2 ** 31;

function describe(
  codes: Codes,
  values: number,
  table: number,
): { readonly mode: number; readonly min: number; readonly count: number; readonly list: number } {
  switch (codes.by) {
    case "offset":
      return { mode: MODE.offset, min: codes.min, count: codes.count, list: 0 };
    case "listed":
      return isSearched(codes.values)
        ? { mode: MODE.searched, min: 0, count: codes.values.length, list: values }
        : { mode: MODE.listed, min: codes.values[0] ?? 0, count: spanOf(codes.values), list: table };
    case "raw":
      return { mode: codes.wide ? MODE.long : MODE.raw, min: 0, count: 0, list: 0 };
    default:
      return codes satisfies never;
  }
}
