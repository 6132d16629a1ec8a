// What canonical.ts looks up for every thing of every state, side by side in arrays of numbers.

import type { Edge, SymmetricKind, Symmetry } from "./symmetry.ts";

/** An edge, with the rows that it is part of: of a thing it says what that refers to. */
export interface Reference {
  readonly rows: Int32Array;
  readonly from: number;
  readonly mask: number;
  /** By code: the number of a colour, or a set of tasks. */
  readonly meaning: Int32Array;
  /** The first task, where it refers to sets of tasks, or -1. */
  readonly tasks: number;
  readonly edge: Edge;
  readonly salt: number;
}

export interface Rows {
  readonly rows: Int32Array;
  /** By place. */
  readonly words: Int32Array;
  readonly shifts: Int32Array;
  readonly mask: number;
  readonly plain: number;
  readonly dead: number;
  /** Those that are part of these rows. */
  readonly references: readonly Reference[];
}

export interface Kind {
  readonly kind: number;
  readonly base: number;
  readonly end: number;
  readonly strips: readonly Rows[];
  readonly alive: SymmetricKind["alive"];
  readonly references: readonly Reference[];
}

export function describe(symmetry: Symmetry): { kinds: readonly Kind[]; references: readonly Reference[] } {
  const { things, edges } = symmetry;
  const all: Reference[] = [];
  const kinds = symmetry.kinds.map((kind): Kind => {
    const { base, count, alive } = kind;
    const strips = kind.strips.map(() => new Int32Array(things));
    const references = kind.edges.flatMap((number): Reference[] => {
      const edge = edges[number];
      if (edge === undefined) return [];
      const { strip, from, bits, colourOf, constant, tasks } = edge;
      const rows =
        constant === null
          ? (strips[strip] ?? new Int32Array(things))
          : Int32Array.from({ length: things }, (_, thing) => Math.max(0, thing - base));
      const meaning = Int32Array.from(constant ?? colourOf);
      const mask = constant !== null || bits === 32 ? -1 : (1 << bits) - 1;
      const reference = { rows, from, mask, meaning, tasks, edge, salt: mix(number + 1) };
      all[number] = reference;
      return [reference];
    });
    return {
      ...{ kind: kind.kind, base, end: base + count, alive, references },
      strips: kind.strips.map(({ width, plain, dead, at }, strip) => ({
        rows: strips[strip] ?? new Int32Array(things),
        words: Int32Array.from(at, ({ word }) => word),
        shifts: Int32Array.from(at, ({ shift }) => shift),
        mask: width === 32 ? -1 : (1 << width) - 1,
        ...{ plain, dead },
        references: references.filter(({ edge }) => edge.constant === null && edge.strip === strip),
      })),
    };
  });
  return { kinds, references: all };
}

/** What a thing refers to. */
export const targetOf = ({ rows, from, mask, meaning }: Reference, thing: number): number =>
  meaning[((rows[thing] ?? 0) >>> from) & mask] ?? 0;

/** Spreads what numbers tell apart over 31 bits. */
export function mix(value: number): number {
  const mixed = Math.imul(value ^ (value >>> 16), 0x9e3779b1);
  return (mixed ^ (mixed >>> 15)) >>> 1;
}
