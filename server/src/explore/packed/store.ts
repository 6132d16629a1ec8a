// The states that were found, exactly: their words, where each came from, and a table to find them by. No state is ever
// taken for another one.

export interface Store {
  /** Words of a state, one behind the other. */
  words: Int32Array;
  /** By state: the one before it on the shortest way to it, and the call that leads on from there. */
  from: Int32Array;
  by: Int32Array;
  /** State + 1 by hash; 0 where there is none. Half of it is always empty, so that looking is short. */
  table: Int32Array;
  count: number;
  /** So many of them are in the table: fewer than all only while it is made anew. */
  hashed: number;
  readonly size: number;
}

const FIRST = 1024;

export const createStore = (size: number): Store => ({
  words: new Int32Array(FIRST * size),
  from: new Int32Array(FIRST),
  by: new Int32Array(FIRST),
  table: new Int32Array(2 * FIRST),
  ...{ count: 0, hashed: 0, size },
});

/** What a store of this many states takes. */
export const bytesFor = (states: number, size: number): number => {
  let room = FIRST;
  while (room < states) room *= 2;
  return room * 4 * (size + 4);
};

/** Makes room; `rehash` has to follow until all are in the table. */
export function grow(store: Store): void {
  const larger = (old: Int32Array): Int32Array => {
    const array = new Int32Array(old.length * 2);
    array.set(old);
    return array;
  };
  store.words = larger(store.words);
  store.from = larger(store.from);
  store.by = larger(store.by);
  store.table = new Int32Array(store.table.length * 2);
  store.hashed = 0;
}

/** Puts some more states into the table that is made anew. */
export function rehash(store: Store, most: number): void {
  const { table } = store;
  const end = Math.min(store.count, store.hashed + most);
  for (let state = store.hashed; state < end; state++) {
    let at = place(store, store.words, state * store.size);
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

const place = ({ table, size }: Store, words: Int32Array, start: number): number =>
  hash(words, start, size) & (table.length - 1);

/** Adds a state that is not there yet; false: it is. There must be room. */
export function add(store: Store, words: Int32Array, from: number, by: number): boolean {
  const at = find(store, words);
  if (store.table[at] !== 0) return false;
  const state = store.count++;
  store.words.set(words, state * store.size);
  store.from[state] = from;
  store.by[state] = by;
  store.table[at] = state + 1;
  store.hashed = store.count;
  return true;
}

/** Where in the table a state is, or would be. */
export function find(store: Store, words: Int32Array): number {
  const { table, size } = store;
  for (let at = place(store, words, 0); ; at = (at + 1) & (table.length - 1)) {
    const state = (table[at] ?? 0) - 1;
    if (state === -1) return at;
    const start = state * size;
    let i = 0;
    while (i < size && store.words[start + i] === words[i]) i++;
    if (i === size) return at;
  }
}
