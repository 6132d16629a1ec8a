// The encoding of values as numbers, and the tables behind it. One Values belongs to one System.

/** References are kind * KIND + index. */
export const KIND = 2 ** 20;
export const NONE = -1;

export const kindOf = (ref: number): number => Math.floor(ref / KIND);
export const indexOf = (ref: number): number => ref % KIND;
export const reference = (kind: number, index: number): number => kind * KIND + index;

/** Symbols are encoded below NONE, so that a name never equals a reference or none. */
const symbolValue = (symbol: number): number => -2 - symbol;
const symbolOf = (value: number): number => -2 - value;

export interface Range {
  readonly start: number;
  readonly size: number;
}

export interface Values {
  /** The value of a word or string; `-` and `_` are the same, as in the names of kernel modules. */
  readonly symbol: (text: string) => number;
  readonly symbolText: (value: number) => string;
  readonly range: (start: number, size: number) => number;
  readonly rangeOf: (value: number) => Range;
  /** The value of a set of values; order and repetition do not matter. */
  readonly set: (elements: readonly number[], of?: "ranges") => number;
  readonly setOf: (value: number) => readonly number[];
  /** What the tables hold now, to make others from. */
  readonly tables: () => Tables;
  /** How many symbols, ranges and sets they hold. */
  readonly sizes: () => Sizes;
}

/** Plain data: each value stands at its place. */
export interface Tables {
  readonly symbols: readonly string[];
  readonly ranges: readonly Range[];
  readonly sets: readonly (readonly number[])[];
}

export type Sizes = readonly [symbols: number, ranges: number, sets: number];

const noTables: Tables = { symbols: [], ranges: [], sets: [[]] };

/** Tables that only grow: equal values have equal numbers, so states compare by numbers alone. */
export function createValues(known: Tables = noTables): Values {
  const symbols = [...known.symbols];
  const symbolIds = new Map(symbols.map((text, id) => [keyOfSymbol(text), id]));
  const ranges = [...known.ranges];
  const rangeIds = new Map(ranges.map(({ start, size }, id) => [`${start}+${size}`, id]));
  const sets = [...known.sets];
  const setIds = new Map(sets.map((elements, id) => [elements.join(), id]));

  return {
    symbol(text) {
      const key = keyOfSymbol(text);
      let id = symbolIds.get(key);
      if (id === undefined) {
        id = symbols.push(text) - 1;
        symbolIds.set(key, id);
      }
      return symbolValue(id);
    },
    symbolText: (value) => symbols[symbolOf(value)] ?? "?",
    range(start, size) {
      const key = `${start}+${size}`;
      let id = rangeIds.get(key);
      if (id === undefined) {
        id = ranges.push({ start, size }) - 1;
        rangeIds.set(key, id);
      }
      return id;
    },
    rangeOf: (value) => ranges[value] ?? { start: 0, size: 0 },
    set(elements, of) {
      // By what the elements are, not by when they were first seen: the order decides what `first` finds.
      const compare = (a: number, b: number): number => {
        if (a < NONE && b < NONE) return (symbols[symbolOf(a)] ?? "") < (symbols[symbolOf(b)] ?? "") ? -1 : 1;
        const [one, two] = of === undefined ? [] : [ranges[a], ranges[b]];
        return one === undefined || two === undefined ? a - b : one.start - two.start || one.size - two.size;
      };
      const sorted = [...new Set(elements)].sort(compare);
      const key = sorted.join();
      let id = setIds.get(key);
      if (id === undefined) {
        id = sets.push(sorted) - 1;
        setIds.set(key, id);
      }
      return id;
    },
    setOf: (value) => sets[value] ?? [],
    tables: () => ({ symbols: [...symbols], ranges: [...ranges], sets: [...sets] }),
    sizes: () => [symbols.length, ranges.length, sets.length],
  };
}

/**
 * The same values, for who makes again a part of what they were made for. `isAsFirst`: what was asked for since the last
 * time would, at first, have found as many of them as `before` and left as many as `behind`, and the very same ones.
 */
export function retraced(values: Values): {
  readonly values: Values;
  readonly isAsFirst: (before: Sizes, behind: Sizes) => boolean;
} {
  const asked: { readonly table: 0 | 1 | 2; readonly id: number; readonly spelled: string | null }[] = [];
  return {
    values: {
      ...values,
      symbol(text) {
        const value = values.symbol(text);
        asked.push({ table: 0, id: symbolOf(value), spelled: text });
        return value;
      },
      range(start, size) {
        const id = values.range(start, size);
        asked.push({ table: 1, id, spelled: null });
        return id;
      },
      set(elements, of) {
        const id = values.set(elements, of);
        asked.push({ table: 2, id, spelled: null });
        return id;
      },
    },
    isAsFirst(before, behind) {
      const next: [number, number, number] = [...before];
      for (const { table, id, spelled } of asked.splice(0)) {
        if (id < next[table]) continue;
        if (id > next[table] || (spelled !== null && values.symbolText(symbolValue(id)) !== spelled))
          return false;
        next[table]++;
      }
      return next.every((size, table) => size === behind[table]);
    },
  };
}

const keyOfSymbol = (text: string): string => text.replaceAll("-", "_");
