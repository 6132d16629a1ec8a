// How the cells of a state become words of 32 bits, and back. Every value has a code of its own: two states have the
// same words only if they are the same.

import type { Column, Program } from "../program.ts";

/** One cell of the state: `code` of its value stands in `bits` bits from `shift` on of a word. */
export interface Slot {
  readonly cell: number;
  readonly word: number;
  readonly shift: number;
  readonly bits: number;
  readonly codes: Codes;
}

/**
 * offset: the code is the value less `min`. listed: the index in `values`, ascending. raw: the value itself, of 32 bits,
 * or 64 in two words.
 */
export type Codes =
  | { readonly by: "offset"; readonly min: number; readonly count: number }
  | { readonly by: "listed"; readonly values: readonly number[] }
  | { readonly by: "raw"; readonly wide: boolean };

/**
 * Some columns of a kind, side by side: every place of the kind has them in the same order within one word (or, for one
 * column of 64 bits, in two), so that the row of one place can be moved to another as a whole.
 */
export interface Part {
  readonly kind: number;
  readonly width: number;
  /** By column (an index of the program's): from which bit of the row on. */
  readonly columns: readonly { readonly column: number; readonly from: number; readonly bits: number }[];
  /** By place. */
  readonly at: readonly { readonly word: number; readonly shift: number }[];
}

export interface Layout {
  readonly words: number;
  readonly slots: readonly Slot[];
  /** By cell: its slot, or -1. */
  readonly slotOf: Int32Array;
  readonly parts: readonly Part[];
}

export function layoutOf(program: Program): Layout {
  const codes = program.columns.map((column) => codesOf(column, program.wide));
  const unplaced = program.places.flatMap((_, kind) => partsOf(program, codes, kind));
  // The widest first, each place where there is room: few bits stay empty.
  const free: number[] = [];
  const parts = unplaced
    .toSorted((a, b) => b.width - a.width || a.kind - b.kind)
    .map((part): Part => {
      const { count = 0 } = program.places[part.kind] ?? {};
      return { ...part, at: Array.from({ length: count }, () => roomFor(free, part.width)) };
    });
  const slots = parts.flatMap(({ columns, at }) =>
    columns.flatMap(({ column, from, bits }): Slot[] => {
      const { start = 0 } = program.columns[column] ?? {};
      const own = codes[column];
      if (own === undefined) return [];
      return at.map(({ word, shift }, place) => ({
        ...{ cell: start + place, codes: own, bits },
        ...{ word, shift: shift + from },
      }));
    }),
  );
  const slotOf = new Int32Array(program.initial.length).fill(-1);
  for (const [i, { cell }] of slots.entries()) slotOf[cell] = i;
  return { words: Math.max(1, free.length), slots, slotOf, parts };
}

/** The columns of a kind in as few parts as they fill. */
function partsOf(program: Program, codes: readonly Codes[], kind: number): Omit<Part, "at">[] {
  const parts: { kind: number; width: number; columns: Part["columns"][number][] }[] = [];
  for (const [column, { role, kind: own }] of program.columns.entries()) {
    const of = codes[column];
    if (role !== "state" || own !== kind || of === undefined) continue;
    const bits = bitsOf(of);
    let part = parts.find(({ width }) => width + bits <= WORD_BITS);
    if (part === undefined) {
      part = { kind, width: 0, columns: [] };
      parts.push(part);
    }
    part.columns.push({ column, from: part.width, bits });
    part.width += bits;
  }
  return parts;
}

function roomFor(free: number[], bits: number): { readonly word: number; readonly shift: number } {
  const known = bits > WORD_BITS ? -1 : free.findIndex((room) => room >= bits);
  if (known !== -1) {
    const room = free[known] ?? 0;
    free[known] = room - bits;
    return { word: known, shift: (WORD_BITS - room) % WORD_BITS };
  }
  free.push(...(bits > WORD_BITS ? [0, 0] : [WORD_BITS - bits]));
  return { word: free.length - (bits > WORD_BITS ? 2 : 1), shift: 0 };
}

function codesOf({ values }: Column, wide: boolean): Codes {
  if (values === null) return { by: "raw", wide };
  const [min = 0, max = 0] = [values[0], values.at(-1)];
  const isNarrow = min >= -(2 ** 31) && max < 2 ** 31;
  if (isNarrow && max - min === values.length - 1) return { by: "offset", min, count: values.length };
  return { by: "listed", values };
}

/** 0 for what never changes; it has a slot all the same, so that a change would be seen. */
function bitsOf(codes: Codes): number {
  if (codes.by === "raw") return codes.wide ? 64 : 32;
  const count = codes.by === "offset" ? codes.count : codes.values.length;
  return count <= 1 ? 0 : 32 - Math.clz32(count - 1);
}

/** -1 for a value that the program did not tell of. */
export function encode(codes: Codes, value: number): number {
  switch (codes.by) {
    case "offset": {
      const code = value - codes.min;
      return code >= 0 && code < codes.count ? code : -1;
    }
    case "listed":
      return codes.values.indexOf(value);
    case "raw":
      return value;
    default:
      return codes satisfies never;
  }
}

export function decode(codes: Codes, code: number): number {
  switch (codes.by) {
    case "offset":
      return codes.min + code;
    case "listed":
      return codes.values[code] ?? 0;
    case "raw":
      return code;
    default:
      return codes satisfies never;
  }
}

const WORD = 2 ** 32;
const WORD_BITS = 32;

/** Writes one cell into the words; false: the value has no code. */
export function packInto(slot: Slot, value: number, words: Int32Array, at: number): boolean {
  const { word, shift, bits } = slot;
  if (bits > 32) {
    words[at + word] = value % WORD;
    words[at + word + 1] = Math.floor(value / WORD);
    return true;
  }
  const code = encode(slot.codes, value);
  if (code === -1 && slot.codes.by !== "raw") return false;
  const mask = bits === 32 ? -1 : ((1 << bits) - 1) << shift;
  words[at + word] = ((words[at + word] ?? 0) & ~mask) | (code << shift);
  return true;
}

export function unpackFrom({ word, shift, bits, codes }: Slot, words: Int32Array, at: number): number {
  const own = words[at + word] ?? 0;
  if (bits > 32) return (words[at + word + 1] ?? 0) * WORD + (own >>> 0);
  if (bits === 32) return codes.by === "raw" ? own : decode(codes, own >>> 0);
  return decode(codes, (own >>> shift) & ((1 << bits) - 1));
}
