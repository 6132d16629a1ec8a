// A long list in blocks, so that a change of one element makes one block anew and shares all others, and what was found
// out about a block stays true for as long as the block is there. Knows nothing of what is in it.

/** Some hundred elements. Never changed; the same block may be in many sequences. */
export interface Block<T> {
  readonly length: number;
  readonly items: () => readonly T[];
}

export interface Sequence<T, B extends Block<T> = Block<T>> extends Iterable<T> {
  readonly length: number;
  /** Undefined outside, also for negative ones. */
  readonly at: (index: number) => T | undefined;
  readonly slice: (from: number, to?: number) => T[];
  readonly blocks: readonly B[];
  /** The index of the first element of each block; one more for the length. */
  readonly starts: Int32Array;
}

/** What blocks made by cutting hold, give or take half of it. */
export const usualBlock = 128;

export const sequenceOf = <T, B extends Block<T>>(blocks: readonly B[]): Sequence<T, B> =>
  new BlockSequence<T, B>(blocks, startsOf(blocks));

/** The same with another block, of the same length, in the place of one. */
export const withBlock = <T, B extends Block<T>>(
  { blocks, starts }: Sequence<T, B>,
  index: number,
  block: B,
): Sequence<T, B> => new BlockSequence<T, B>(replacedAt(blocks, index, block), starts);

export const startsOf = <T>(blocks: readonly Block<T>[]): Int32Array =>
  runningSums(blocks, ({ length }) => length);

/** A copy with another element in the place of one. */
export function replacedAt<T>(list: readonly T[], index: number, element: T): T[] {
  const copy = list.slice();
  copy[index] = element;
  return copy;
}

/** A class, for a sequence is made at every key. */
export class BlockSequence<T, B extends Block<T>> implements Sequence<T, B> {
  readonly blocks: readonly B[];
  readonly starts: Int32Array;
  readonly length: number;
  // Most ask for one after the other.
  #open: readonly T[] = [];
  #openAt = 0;

  constructor(blocks: readonly B[], starts: Int32Array) {
    this.blocks = blocks;
    this.starts = starts;
    this.length = starts[blocks.length] ?? 0;
  }

  at(i: number): T | undefined {
    if (i < this.#openAt || i >= this.#openAt + this.#open.length) {
      const block = lastAtOrBefore(this.starts, this.blocks.length, i);
      this.#open = this.blocks[block]?.items() ?? [];
      this.#openAt = this.starts[block] ?? 0;
    }
    return this.#open[i - this.#openAt];
  }

  slice(from: number, to = this.length): T[] {
    const { blocks, starts } = this;
    const found: T[] = [];
    const first = Math.max(0, lastAtOrBefore(starts, blocks.length, from));
    for (let i = first; i < blocks.length && (starts[i] ?? 0) < to; i++) {
      const start = starts[i] ?? 0;
      const items = blocks[i]?.items() ?? [];
      for (let k = Math.max(0, from - start); k < items.length && start + k < to; k++) {
        const item = items[k];
        if (item !== undefined) found.push(item);
      }
    }
    return found;
  }

  *[Symbol.iterator](): Generator<T> {
    for (const block of this.blocks) yield* block.items();
  }
}

/** Where each part starts when the parts stand behind each other from `from` on; one more for the end of the last. */
export function runningSums<T>(parts: readonly T[], size: (part: T) => number, from = 0): Int32Array {
  const starts = new Int32Array(parts.length + 1);
  let at = from;
  let i = 0;
  for (const part of parts) {
    starts[i++] = at;
    at += size(part);
  }
  starts[i] = at;
  return starts;
}

/** The same sums when the part with this index has become longer by `by`. */
export function lengthenedAt(sums: Int32Array, index: number, by: number): Int32Array {
  const moved = sums.slice();
  if (by !== 0) for (let i = index + 1; i < moved.length; i++) moved[i] = (moved[i] ?? 0) + by;
  return moved;
}

/** The index of the last of the `count` first starts that is not behind `at`; -1 if there is none. */
export function lastAtOrBefore(starts: ArrayLike<number>, count: number, at: number): number {
  let low = 0;
  let high = count - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= at) low = middle + 1;
    else high = middle - 1;
  }
  return high;
}

/** How many elements are the same at both ends of two lists. */
export function sharedEnds<T>(
  before: readonly T[],
  after: readonly T[],
  same: (a: T, b: T) => boolean = (a, b) => a === b,
): { readonly head: number; readonly tail: number } {
  const shorter = Math.min(before.length, after.length);
  const isSameAt = (i: number, k: number): boolean => {
    const [a, b] = [before[i], after[k]];
    return a !== undefined && b !== undefined && same(a, b);
  };
  let head = 0;
  while (head < shorter && isSameAt(head, head)) head++;
  let tail = 0;
  while (tail < shorter - head && isSameAt(before.length - 1 - tail, after.length - 1 - tail)) tail++;
  return { head, tail };
}

/** Something found out about blocks: once for each. */
export function perBlock<B extends object, V>(find: (block: B) => V): (block: B) => V {
  const known = new WeakMap<B, V>();
  return (block) => {
    const before = known.get(block);
    if (before !== undefined) return before;
    const value = find(block);
    known.set(block, value);
    return value;
  };
}

// ---------------------------------------------------------------- blocks that are not in use take little room

interface Packable {
  readonly pack: () => void;
}

const mostInUse = 16;
const inUse = new Set<Packable>();
let latest: Packable | null = null;

/** Says that blocks are nobody's any more, so that they are not packed for nothing. */
export function release(blocks: readonly Packable[]): void {
  for (const block of blocks) inUse.delete(block);
}

/** Says that a block is in use. It is packed when enough others have been since. */
export function use(block: Packable): void {
  if (block === latest) return;
  latest = block;
  inUse.delete(block);
  inUse.add(block);
  if (inUse.size <= mostInUse) return;
  for (const oldest of inUse) {
    inUse.delete(oldest);
    oldest.pack();
    return;
  }
}
