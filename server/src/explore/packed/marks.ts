// What is kept of the equal things in a state: two bits for each thing that can change places.

import type { Symmetry } from "./symmetry.ts";

/** Nothing is like it; it is the first of several, or tied to one of several; the one before it is the same. */
export const ALONE = 0;
export const TIED = 1;
export const AGAIN = 2;
/** All bits of a thing. */
export const MARK = 3;

export interface Marks {
  /** Words that a state takes. */
  readonly words: number;
  /** By thing: its first bit, counted through all words; undefined for those that are always alone. */
  readonly bits: readonly (number | undefined)[];
}

export function marksOf({ lists }: Symmetry): Marks {
  const bits: number[] = [];
  let count = 0;
  for (const { places } of lists)
    for (const thing of places) {
      bits[thing] = count;
      count += 2;
    }
  return { words: Math.ceil(count / 32), bits };
}
