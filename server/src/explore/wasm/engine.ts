// The host's side of a search in WebAssembly: its memory, how it begins, grows and ends, and what it found.

import type { Engine, EngineLimits, Finding, Stop } from "../packed/engine.ts";
import { MOST_CALLS, MOST_STATES, MOST_STEPS } from "../packed/graph.ts";
import { packInto } from "../packed/layout.ts";
import { entriesOf, type Form } from "../packed/shape.ts";
import { emptyEntry, recentFor } from "../packed/store.ts";
import type { Program } from "../program.ts";
import { newMemory, PAGE } from "./host.ts";
import { CONTROL, LOG, STATUS } from "./plan.ts";
import { prepared } from "./prepared.ts";
import { goalAt } from "./search.ts";
import { recentSize } from "./states.ts";

/** States put into the table again in one go. */
const REHASH = 100_000;
/** Entries of the table, of which so many can be taken: a smaller table lies in nearer caches. */
const FIRST_ENTRIES = 2 ** 14;
const roomIn = (table: number): number => (table / 4) * 3;

export function createCompiledSearch(program: Program, form: Form, within: EngineLimits): Engine {
  const { layout, symmetry } = form;
  let limits = within;
  const { plan, image, link } = prepared(program, form);
  const entries = entriesOf(program);
  /** The table lies behind the states, and behind it what was met lately. */
  const metSize = symmetry === null ? 0 : recentSize(layout);
  const bytesWith = (table: number): number =>
    plan.states + roomIn(table) * plan.stride + table * 4 + recentFor(table) * metSize;
  let tableSize = FIRST_ENTRIES;
  while (roomIn(tableSize) < 2 * program.calls.length) tableSize *= 2;
  const memory = newMemory(bytesWith(tableSize));
  new Uint8Array(memory.buffer).set(image);
  let code = link(memory);
  const run = (name: string, ...args: readonly number[]): number => code[name]?.(...args) ?? 0;
  const ints = (): Int32Array => new Int32Array(memory.buffer);
  let view = ints();
  const read = (name: keyof typeof CONTROL): number => view[CONTROL[name] / 4] ?? 0;
  const write = (name: keyof typeof CONTROL, value: number): void => {
    view[CONTROL[name] / 4] = value;
  };
  let transitions = 0;
  let isBegun = false;
  /** Up to here states are gone through once more. */
  let known = 0;
  let steps: Int32Array[] | null = program.calls.length <= MOST_CALLS ? [] : null;
  let stepCount = 0;

  const first = new Int32Array(layout.words);
  const setRoom = (): void => {
    const table = plan.states + roomIn(tableSize) * plan.stride;
    write("room", Math.min(roomIn(tableSize), 2 ** 31 - 1));
    write("table", table);
    write("tableMask", tableSize - 1);
    write("hashed", 0);
    if (symmetry === null) return;
    const recent = table + tableSize * 4;
    write("recent", recent);
    const mask = recentFor(tableSize) - 1;
    write("recentMask", mask);
    view.set(first, (recent + emptyEntry(mask, layout.words) * metSize) / 4);
  };
  /** False: there is no more memory. */
  const grow = (): boolean => {
    const needed = bytesWith(tableSize * 2);
    if (needed > limits.bytes || needed > 2 ** 32 - PAGE) return false;
    try {
      memory.grow(Math.ceil((needed - memory.buffer.byteLength) / PAGE));
    } catch {
      return false;
    }
    view = ints();
    tableSize *= 2;
    // Where the new table will lie nothing ever was, so it is all 0.
    setRoom();
    return true;
  };
  const mostStates = (): number => Math.min(limits.states, 2 ** 32 - 1);
  const openGoals = (): void => {
    write("open", program.goals.length);
    program.goals.forEach((_, goal) => {
      view[goalAt(plan, goal) / 4] = 1;
    });
  };
  const begin = (): Stop | null => {
    isBegun = true;
    for (const slot of layout.slots)
      if (!packInto(slot, program.initial[slot.cell] ?? 0, first, 0)) return "foreign";
    setRoom();
    write("epoch", 1);
    write("depth", -1);
    want(null, limits.depth);
    write("log", steps === null ? 0 : plan.log);
    write("mostStates", mostStates());
    openGoals();
    view.set(first, plan.present / 4);
    view.set(first, plan.successor / 4);
    run("begin");
    return null;
  };
  const countTransitions = (): void => {
    transitions += read("transitions") >>> 0;
    write("transitions", 0);
    if (read("epoch") >>> 0 > 2 ** 31) {
      write("epoch", 1);
      view.fill(0, plan.marks / 4, plan.marks / 4 + program.initial.length);
    }
  };
  let stopped: Stop | null = null;
  /** What is wanted, and how far calls can lead: known states are as one level, so that their end is noticed. */
  const want = (functions: ReadonlySet<number> | null, depth: number | null): void => {
    view.set(
      entries.map((fn) => (functions === null || functions.has(fn) ? 1 : 0)),
      plan.wanted / 4,
    );
    write("mostDepth", depth ?? -1);
  };
  const takeSteps = (): void => {
    if (steps === null) return;
    const end = read("log");
    if (end > plan.log) steps.push(view.slice(plan.log / 4, end / 4));
    stepCount += (end - plan.log) / 4;
    if (read("count") > MOST_STATES || stepCount > MOST_STEPS) steps = null;
    write("log", steps === null ? 0 : plan.log);
  };
  const step = (effort: number): Stop | null => {
    if (read("hashed") < read("count")) {
      run("rehash", REHASH);
      return null;
    }
    // A call leaves a word at most, and so does a state.
    const most = steps === null ? effort : Math.min(effort, LOG / 2 - 2 * program.calls.length);
    const status = STATUS[run("run", most)] ?? "more";
    countTransitions();
    takeSteps();
    if (status === "more") return null;
    if (status === "full") return grow() ? null : "memory";
    if (status === "depth" && known > 0 && read("at") === known) {
      want(null, limits.depth);
      return null;
    }
    return status;
  };

  const orbits = (): number =>
    symmetry === null ? read("count") : (new Float64Array(memory.buffer, plan.orbits, 1)[0] ?? 0);
  /** Of the known states. */
  let knownOrbits = 0;

  return {
    run(effort) {
      if (!isBegun) stopped = begin();
      stopped ??= step(effort);
      return stopped;
    },
    states: () => read("count"),
    transitions: () => transitions,
    depth: () => Math.max(0, read("depth")),
    succeeded: () => program.calls.map((_, call) => view[plan.succeeded / 4 + call] === 1),
    found: () =>
      program.goals.map((_, goal): Finding | null => {
        const [open = 1, from = 0, by = -1] = view.subarray(goalAt(plan, goal) / 4);
        return open === 1 ? null : { from, by };
      }),
    order: () => read("order"),
    orbits,
    reached(state) {
      const at = (plan.states + state * plan.stride) / 4 + layout.words;
      return { from: view[at] ?? 0, by: view[at + 1] ?? -1 };
    },
    orbit: (state) => (symmetry === null ? 1 : run("orbit", state)),
    steps: () => steps,
    renew(next, functions, narrower) {
      if (bytesWith(tableSize) > narrower.bytes) return false;
      limits = narrower;
      code = prepared(next, form).link(memory);
      // Other functions may find other notes there.
      new Uint8Array(memory.buffer).set(image.subarray(plan.notes, plan.marks), plan.notes);
      [known, transitions, steps, stepCount, stopped] = [read("count"), 0, [], 0, null];
      knownOrbits = orbits();
      write("at", 0);
      write("levelEnd", known);
      write("depth", 0);
      write("stop", 0);
      write("mostStates", mostStates());
      write("log", plan.log);
      want(functions, 1);
      return true;
    },
    back() {
      write("count", known);
      new Float64Array(memory.buffer, plan.orbits, 1)[0] = knownOrbits;
      // The table and what was met lead to states that are no more.
      view.fill(0, read("table") / 4);
      setRoom();
      openGoals();
      write("order", 0);
    },
  };
}
