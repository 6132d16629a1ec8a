// The search in JavaScript: breadth first over packed states, each call tried in each of them.

import { DONE, FAILED, HEADER, ORDER, type Program } from "../program.ts";
import { createCanonical } from "./canonical.ts";
import { closuresOf, type Runner } from "./closures.ts";
import type { Engine, EngineLimits, Finding, Stop } from "./engine.ts";
import { MOST_CALLS, MOST_STATES, MOST_STEPS, NOWHERE, STATE, stepOf } from "./graph.ts";
import { type Layout, packInto, unpackFrom } from "./layout.ts";
import { AGAIN, ALONE, MARK, marksOf } from "./marks.ts";
import { createMemory, type Memory, next, restore } from "./memory.ts";
import { type Form, isRefused } from "./shape.ts";
import {
  add,
  bytesFor,
  createRecent,
  createStore,
  find,
  grow,
  isMet,
  placeIn,
  type Recent,
  rehash,
  remember,
  type Store,
} from "./store.ts";
import { argumentsOf } from "./symmetry.ts";

/** A program at work: cells, and its functions on them. */
export interface Bench {
  readonly program: Program;
  readonly layout: Layout;
  readonly memory: Memory;
  readonly functions: readonly Runner[];
}

export function benchOf(program: Program, layout: Layout): Bench {
  const memory = createMemory(program);
  return { program, layout, memory, functions: closuresOf(program, memory) };
}

const none: readonly number[] = [];

/** Makes a packed state the present one. */
export function load(bench: Bench, words: Int32Array, start: number): void {
  const { program, layout, memory, functions } = bench;
  for (const slot of layout.slots) memory.cells[slot.cell] = unpackFrom(slot, words, start);
  for (let cell = 0; cell < HEADER; cell++) memory.cells[cell] = 0;
  functions[program.derive]?.(none);
  next(memory);
}

/** The present state as words; false: a cell holds what the program did not tell of. */
export function pack({ layout, memory }: Bench, words: Int32Array): boolean {
  let isKnown = true;
  for (const slot of layout.slots)
    isKnown = packInto(slot, memory.cells[slot.cell] ?? 0, words, 0) && isKnown;
  return isKnown;
}

/** Makes a call; whether it is a step. The memory remembers what it changed. */
export function attempt({ program, functions }: Bench, call: number): boolean {
  const { fn, args } = program.calls[call] ?? { fn: -1, args: none };
  const result = functions[fn]?.(args);
  return result === DONE || result === FAILED;
}

/** States put into the table again in one go. */
const REHASH = 50_000;

export function createSearch(first: Program, { layout, symmetry }: Form, within: EngineLimits): Engine {
  let [program, limits] = [first, within];
  let bench = benchOf(program, layout);
  const { memory } = bench;
  const marks = symmetry === null ? null : marksOf(symmetry);
  const store: Store = createStore(layout.words, marks?.words ?? null);
  const found: (Finding | null)[] = program.goals.map(() => null);
  const present = new Int32Array(layout.words);
  const successor = new Int32Array(layout.words);
  const key = symmetry === null ? successor : new Int32Array(layout.words);
  let recent: Recent | null = null;
  const canonical = symmetry === null ? null : createCanonical(symmetry);
  const refused = program.calls.map((_, call) => isRefused(program, call));
  /** By call: it is not tried. */
  let skipped = refused;
  /** Up to here states are gone through once more. */
  let known = 0;
  let knownOrbits = 0;
  let steps: number[] | null = program.calls.length <= MOST_CALLS ? [] : null;
  const things = symmetry === null ? [] : argumentsOf(program);
  const succeeded = program.calls.map(() => false);
  let orbits = 0;
  let open = program.goals.length;
  let transitions = 0;
  let at = 0;
  let levelEnd = 0;
  let depth = -1;
  let order = 0;
  let stop: Stop | null = null;

  const reached = (goal: number, from: number, by: number): void => {
    found[goal] = { from, by };
    if (--open === 0) stop = "found";
  };
  /** Open goals that hold in the present state. */
  const judge = (from: number, by: number): void => {
    for (const [goal, { fn }] of program.goals.entries())
      if (found[goal] === null && bench.functions[fn]?.(none) === 1) reached(goal, from, by);
  };
  const flags = program.goals.flatMap((each, goal) => each.flags.map((flag) => ({ ...flag, goal })));
  /** Open goals that a call met on its way. */
  const judgeWay = (from: number, by: number): void => {
    for (const { cell, bits, goal } of flags)
      if (found[goal] === null && ((memory.cells[cell] ?? 0) & bits) !== 0) reached(goal, from, by);
  };

  /** Takes the present state as the successor of one, which is loaded as well. Gives the one that stands for it. */
  const arrive = (by: number): number => {
    successor.set(present);
    let isPacked = false;
    for (let i = 0; i < memory.count; i++) {
      const cell = memory.changed[i] ?? 0;
      const slot = layout.slots[layout.slotOf[cell] ?? -1];
      if (slot === undefined) continue;
      isPacked = true;
      if (!packInto(slot, memory.cells[cell] ?? 0, successor, 0)) stop = "foreign";
    }
    if (!isPacked || stop === "foreign") return NOWHERE;
    const place = recent === null ? 0 : placeIn(recent, successor);
    if (recent !== null && isMet(recent, place, successor)) return recent.states[place] ?? 0;
    if (key !== successor) key.set(successor);
    const exchanges = canonical?.settle(key) ?? 1;
    const entry = find(store, key);
    const to = (store.table[entry] || store.count + 1) - 1;
    if (recent !== null) remember(recent, place, successor, to);
    if (to < store.count) return to;
    if (store.count < limits.states) {
      add(store, entry, successor, key, at, by);
      mark();
      orbits += (symmetry?.size ?? 1) / exchanges;
      judge(at, by);
    } else {
      judge(at, by);
      stop ??= "states";
    }
    return to;
  };
  /** Of the state that was added last, and settled just before. */
  const mark = (): void => canonical?.mark(store.marks, (store.count - 1) * store.markSize);

  const markOf = (thing: number): number => {
    const bit = marks?.bits[thing];
    if (bit === undefined) return ALONE;
    return ((store.marks[at * store.markSize + (bit >> 5)] ?? 0) >>> (bit & 31)) & MARK;
  };
  /** A call that was tried already, with another one of equal things. */
  const isRepeated = (call: number): boolean => {
    const own = things[call] ?? null;
    return (
      own?.some(
        (thing, i) => markOf(thing) === AGAIN && own.every((other, j) => i === j || markOf(other) === ALONE),
      ) === true
    );
  };
  const isTied = (): boolean => {
    for (let word = 0; word < store.markSize; word++)
      if (store.marks[at * store.markSize + word] !== 0) return true;
    return false;
  };

  const expand = (): void => {
    const mayRepeat = isTied();
    steps?.push(STATE);
    for (let call = 0; call < program.calls.length && stop === null; call++) {
      if (skipped[call] === true) continue;
      if (mayRepeat && isRepeated(call)) continue;
      const isStep = attempt(bench, call);
      if (isStep) {
        transitions++;
        succeeded[call] = true;
        if (memory.count > 0) judgeWay(at, call);
        const to = memory.count > 0 ? arrive(call) : NOWHERE;
        steps?.push(stepOf(call, to));
      }
      heed();
      if (memory.count > 0) restore(memory);
    }
  };

  /** For all that one state can lead to. */
  const makeRoom = (): boolean => {
    while (store.count + program.calls.length > store.from.length) {
      if (bytesFor(store.from.length * 2, store) > limits.bytes) return false;
      grow(store);
      if (recent !== null) recent = createRecent(store.from.length, store.words.subarray(0, layout.words));
    }
    return true;
  };

  const heed = (): void => {
    if (symmetry === null) return;
    order |= (memory.cells[ORDER] ?? 0) & ~symmetry.ordered;
    if (order !== 0) stop = "order";
  };

  const begin = (): void => {
    if (!pack(bench, present)) stop = "foreign";
    key.set(present);
    orbits += (symmetry?.size ?? 1) / (canonical?.settle(key) ?? 1);
    add(store, find(store, key), present, key, 0, -1);
    mark();
    if (canonical !== null) recent = createRecent(store.from.length, present);
    load(bench, store.words, 0);
    judge(0, -1);
    heed();
  };

  return {
    run(effort) {
      if (store.count === 0) begin();
      for (let left = effort; stop === null; left -= program.calls.length) {
        if (left <= 0) return null;
        if (store.hashed < store.count) {
          rehash(store, REHASH);
          left = 0;
          continue;
        }
        if (at === store.count) stop = "exhausted";
        else if (at === levelEnd) {
          depth++;
          levelEnd = store.count;
        }
        if (at === known) skipped = refused;
        if (stop === null && limits.depth !== null && depth >= limits.depth) stop = "depth";
        if (stop !== null) break;
        if (!makeRoom()) stop = "memory";
        if (stop !== null) break;
        if (store.hashed < store.count) continue;
        load(bench, store.words, at * layout.words);
        present.set(store.words.subarray(at * layout.words, (at + 1) * layout.words));
        expand();
        at++;
        if (store.count > MOST_STATES || (steps?.length ?? 0) > MOST_STEPS) steps = null;
      }
      return stop;
    },
    states: () => store.count,
    transitions: () => transitions,
    depth: () => Math.max(0, depth),
    succeeded: () => succeeded,
    found: () => found,
    order: () => order,
    orbits: () => orbits,
    reached: (state) => ({ from: store.from[state] ?? 0, by: store.by[state] ?? -1 }),
    orbit(state) {
      key.set(store.words.subarray(state * layout.words, (state + 1) * layout.words));
      return (symmetry?.size ?? 1) / (canonical?.settle(key) ?? 1);
    },
    steps: () => (steps === null ? null : [Int32Array.from(steps)]),
    renew(next, functions, narrower) {
      if (bytesFor(store.from.length, store) > narrower.bytes) return false;
      [program, limits] = [next, narrower];
      bench = { program, layout, memory, functions: closuresOf(program, memory) };
      // Other functions may find other notes there.
      memory.cells.set(program.initial.slice(memory.notes), memory.notes);
      skipped = program.calls.map(({ fn }, call) => refused[call] === true || !functions.has(fn));
      [known, at, levelEnd, depth, transitions, steps, stop] = [store.count, 0, 0, -1, 0, [], null];
      knownOrbits = orbits;
      return true;
    },
    back() {
      [store.count, store.hashed, orbits, order] = [known, 0, knownOrbits, 0];
      store.table.fill(0);
      if (recent !== null) recent = createRecent(store.from.length, store.words.subarray(0, layout.words));
      found.fill(null);
      open = program.goals.length;
    },
  };
}
