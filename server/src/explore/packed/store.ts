// The states that were found, exactly: their words, where each came from, and a table to find them by. No state is ever
// taken for another one. Where one stands for all that are equal to it, it is found by its canonical form, and kept as it
// was found: so the calls that lead to it can be made, and a call that undoes another one leads back to what is known.

export interface Store {
  /** Words of a state, one behind the other. */
  words: Int32Array;
  /** What it is found by: its canonical form, or the same words. */
  keys: Int32Array;
  /** By state: the one before it on the shortest way to it, and the call that leads on from there. */
  from: Int32Array;
  by: Int32Array;
  /** State + 1 by hash; 0 where there is none. Half of it is always empty, so that looking is short. */
  table: Int32Array;
  /** Of equal things in a state (marks.ts); nothing where it stands for itself alone. */
  marks: Int32Array;
  count: number;
  /** So many of them are in the table: fewer than all only while it is made anew. */
  hashed: number;
  readonly size: number;
  readonly markSize: number;
}

const FIRST = 1024;

/** `markSize`: words of marks; null: every state stands for itself. */
export function createStore(size: number, markSize: number | null): Store {
  const words = new Int32Array(FIRST * size);
  return {
    ...{ words, keys: markSize === null ? words : new Int32Array(FIRST * size) },
    from: new Int32Array(FIRST),
    by: new Int32Array(FIRST),
    table: new Int32Array(2 * FIRST),
    marks: new Int32Array(FIRST * (markSize ?? 0)),
    ...{ count: 0, hashed: 0, size, markSize: markSize ?? 0 },
  };
}

/** What a store of this many states takes. */
export const bytesFor = (states: number, { words, keys, size, markSize }: Store): number => {
  let room = FIRST;
  while (room < states) room *= 2;
  return room * 4 * ((words === keys ? 1 : 3) * size + markSize + 4);
};

/** Makes room; `rehash` has to follow until all are in the table. */
export function grow(store: Store): void {
  const larger = (old: Int32Array): Int32Array => {
    const array = new Int32Array(old.length * 2);
    array.set(old);
    return array;
  };
  const isCanonical = store.keys !== store.words;
  store.words = larger(store.words);
  store.keys = isCanonical ? larger(store.keys) : store.words;
  store.from = larger(store.from);
  store.by = larger(store.by);
  store.marks = larger(store.marks);
  store.table = new Int32Array(store.table.length * 2);
  store.hashed = 0;
}

/** Puts some more states into the table that is made anew. */
export function rehash(store: Store, most: number): void {
  const { table, keys, size } = store;
  const end = Math.min(store.count, store.hashed + most);
  for (let state = store.hashed; state < end; state++) {
    let at = hash(keys, state * size, size) & (table.length - 1);
    while (table[at] !== 0) at = (at + 1) & (table.length - 1);
    table[at] = state + 1;
  }
  store.hashed = end;
}

/** The same in WebAssembly (search.ts): what one of them finds first, the other does. */
function hash(words: Int32Array, start: number, size: number): number {
  let mixed = size;
  for (let i = 0; i < size; i++) {
    mixed = Math.imul(mixed ^ (words[start + i] ?? 0), 0x9e3779b1);
    mixed = (mixed << 15) | (mixed >>> 17);
  }
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
}

/** Adds a state that is not there yet, at this entry of the table, with what it is found by. There must be room. */
export function add(
  store: Store,
  entry: number,
  words: Int32Array,
  key: Int32Array,
  from: number,
  by: number,
): void {
  const state = store.count++;
  store.words.set(words, state * store.size);
  if (store.keys !== store.words) store.keys.set(key, state * store.size);
  store.from[state] = from;
  store.by[state] = by;
  store.table[entry] = state + 1;
  store.hashed = store.count;
}

/** Where in the table a state is, or would be. */
export function find(store: Store, key: Int32Array): number {
  const { table, size, keys } = store;
  for (let at = hash(key, 0, size) & (table.length - 1); ; at = (at + 1) & (table.length - 1)) {
    const state = (table[at] ?? 0) - 1;
    if (state === -1) return at;
    if (isThere(keys, state * size, key)) return at;
  }
}

function isThere(all: Int32Array, start: number, words: Int32Array): boolean {
  for (let i = 0; i < words.length; i++) if (all[start + i] !== words[i]) return false;
  return true;
}

/**
 * States that were met lately, in whatever form: a hint that saves the way to a canonical form. One that is forgotten
 * costs time only.
 */
export interface Recent {
  readonly words: Int32Array;
  /** The states that stand for them. */
  readonly states: Int32Array;
  readonly size: number;
  /** Entries, less 1. */
  readonly mask: number;
}

/** How many are remembered where there is room for about so many states: a power of two, as that is. */
export const recentFor = (room: number): number => Math.max(Math.min(room, 2 ** 16), room / 4);

/** `first` is known from the start. */
export function createRecent(room: number, first: Int32Array): Recent {
  const { length: size } = first;
  const entries = recentFor(room);
  const recent = {
    ...{ words: new Int32Array(entries * size), states: new Int32Array(entries) },
    ...{ size, mask: entries - 1 },
  };
  recent.words.set(first, emptyEntry(recent.mask, size) * size);
  return recent;
}

/** Where the state would be that empty entries look like: it must not seem to be known. */
export const emptyEntry = (mask: number, size: number): number => hash(new Int32Array(size), 0, size) & mask;

/** Where a state is if it was met. */
export const placeIn = ({ size, mask }: Recent, state: Int32Array): number => hash(state, 0, size) & mask;

export const isMet = ({ words, size }: Recent, place: number, state: Int32Array): boolean =>
  isThere(words, place * size, state);

/** From now on it was met. */
export function remember(recent: Recent, place: number, state: Int32Array, as: number): void {
  recent.words.set(state, place * recent.size);
  recent.states[place] = as;
}
