// Explores a problem on the Machine that also runs scenarios: every call in every state, breadth first, no symmetry and
// no packing. Slow, and the measure of what the other engines say.

import { call, open, type Result } from "../model/execute.ts";
import { BOOT, createMachine, type Machine, place, rollBack } from "../model/machine.ts";
import { HARDWARE } from "../model/system.ts";
import { NONE, reference } from "../model/values.ts";
import { type Judge, judgeOf, type Met } from "./judge.ts";
import type { End, GroundCall, Limits, Outcome, Problem, Progress } from "./problem.ts";

/** A state: the cells that can change, in the order of `Layout.cells`. */
export type Cells = readonly number[];

interface Node {
  readonly cells: Cells;
  /** The state and the call (an index) that led here first; -1 for the state at boot. */
  readonly from: number;
  readonly by: number;
  readonly depth: number;
}

/** Calls between two looks at the limits. */
const EVERY = 512;
/** A number in an array and, as text, in the key of the table of states. */
const BYTES_PER_CELL = 12;
const BYTES_PER_STATE = 150;

export function* walk(problem: Problem, limits: Limits): Generator<Progress, Outcome> {
  const { calls, goals, bounds } = problem;
  const machine = bootMachine(problem);
  const layout = layoutOf(machine, bounds.instances);
  const judges = goals.map((goal) => judgeOf(machine, goal));
  const found: (readonly number[] | null)[] = goals.map(() => null);
  const succeeded = calls.map(() => false);
  const known = new Map<string, number>();
  const nodes: Node[] = [];
  const bytesPerState = layout.length * BYTES_PER_CELL + BYTES_PER_STATE;
  let transitions = 0;
  let depth = 0;
  let tried = 0;
  let isCut = false;

  const outcome = (end: End): Outcome => ({
    ...{ end, reason: null, found, orbits: null },
    ...{ states: nodes.length, transitions, depth },
    ...{ succeeded, ordered: [] },
  });
  const isAllFound = (): boolean => goals.length > 0 && found.every((path) => path !== null);
  /** Looks for goals that were not found yet. */
  const judge = (holds: (judge: Judge) => boolean, path: () => readonly number[]): void => {
    judges.forEach((each, goal) => {
      if (found[goal] === null && holds(each)) found[goal] = path();
    });
  };
  /** Takes the machine's state; the number of a new one, or null. */
  const note = (from: number, by: number): number | null => {
    const cells = readCells(machine, layout);
    const key = cells.join();
    if (known.has(key)) return null;
    known.set(key, nodes.length);
    return nodes.push({ cells, from, by, depth: (nodes[from]?.depth ?? -1) + 1 }) - 1;
  };

  note(-1, -1);
  judge(
    (each) => each.state(),
    () => [],
  );
  if (isAllFound()) return outcome("found");

  for (let at = 0; at < nodes.length; at++) {
    const node = nodes[at];
    if (node === undefined) break;
    depth = node.depth;
    if (bounds.depth !== null && node.depth >= bounds.depth) {
      isCut = true;
      break;
    }
    loadCells(machine, layout, node.cells);
    for (const [index, ground] of calls.entries()) {
      if (++tried % EVERY === 0) {
        if (limits.isCancelled()) return outcome("cancelled");
        if (nodes.length * bytesPerState > limits.bytes) return outcome("memory");
        const progress = { states: nodes.length, transitions, depth };
        limits.onProgress?.(progress);
        yield progress;
      }
      const met = perform(machine, problem, ground);
      if (met === null) continue;
      transitions++;
      succeeded[index] = true;
      judge(
        (each) => each.transition(met),
        () => [...pathTo(nodes, at), index],
      );
      const next = machine.journal.length === 0 ? null : note(at, index);
      if (next !== null) {
        judge(
          (each) => each.state(),
          () => pathTo(nodes, next),
        );
      }
      rollBack(machine);
      if (isAllFound()) return outcome("found");
      if (nodes.length > limits.states) {
        nodes.pop();
        return outcome("states");
      }
    }
  }
  // Those at the depth that was asked for were judged, and their calls were not tried.
  return outcome(isCut ? "depth" : "exhausted");
}

/** Makes a call and leaves it in the journal; null, and nothing left, if it is refused or needs more than the bounds allow. */
export function perform(machine: Machine, { bounds }: Problem, ground: GroundCall): Met | null {
  const start = machine.journal.length;
  const hazards: string[] = [];
  machine.onHazard = ({ check }) => hazards.push(check.hazard ?? "");
  const result = make(machine, ground);
  machine.onHazard = null;
  const lifetime = machine.dangling.length > 0 || machine.runaway;
  machine.dangling.length = 0;
  machine.runaway = false;
  const isBeyond = keepWithin(machine, bounds.instances);
  if (!result.ok && !result.kept) return null;
  if (isBeyond) {
    rollBack(machine, start);
    return null;
  }
  return { hazards, lifetime, result: result.ok ? result.value : NONE };
}

/** Makes a call of a problem, whatever comes of it. */
export function make(machine: Machine, ground: GroundCall): Result {
  machine.caller = reference(HARDWARE.task, ground.task);
  return ground.do === "open"
    ? open(machine, ground.kind, ground.hole)
    : call(machine, ground.operation, ground.args);
}

/** Whether the call needed places that there are not; they are forgotten. */
export function keepWithin(machine: Machine, instances: readonly number[]): boolean {
  let isBeyond = false;
  for (let kind = 0; kind < instances.length; kind++) {
    const most = instances[kind] ?? 0;
    if ((machine.made[kind] ?? 0) <= most) continue;
    machine.made[kind] = most;
    isBeyond = true;
  }
  return isBeyond;
}

function pathTo(nodes: readonly Node[], last: number): number[] {
  const path: number[] = [];
  for (let at = last; at > 0; at = nodes[at]?.from ?? -1) path.push(nodes[at]?.by ?? -1);
  return path.reverse();
}

// ---------------------------------------------------------------- states

/** Pairs of field and index. */
export type Layout = readonly (readonly [field: number, index: number])[];

/** A machine at boot in which every place that the bounds allow is there, dead. */
export function bootMachine({ system, topology, bounds }: Problem): Machine {
  const machine = createMachine(system, topology, bounds.tasks, bounds.homes);
  for (const kind of system.kinds) {
    for (let index = machine.made[kind.id] ?? 0; index < (bounds.instances[kind.id] ?? 0); index++) {
      for (const field of [kind.alive, kind.holders, kind.references]) place(machine, field, index, 0, BOOT);
      for (const field of kind.fields) place(machine, field, index, system.fields[field]?.initial ?? 0, BOOT);
      machine.made[kind.id] = index + 1;
    }
  }
  return machine;
}

export function layoutOf(machine: Machine, instances: readonly number[]): Layout {
  return machine.system.kinds.flatMap((kind) => {
    const { alive, holders, references, fields, sort } = kind;
    const changing = fields.filter((id) => machine.system.fields[id]?.constant !== true);
    const all = sort === "hardware" ? [...changing, references] : [alive, holders, references, ...changing];
    return Array.from({ length: instances[kind.id] ?? 0 }, (_, index) => index).flatMap((index) =>
      all.map((field) => [field, index] as const),
    );
  });
}

export const readCells = (machine: Machine, layout: Layout): Cells =>
  layout.map(([field, index]) => machine.cells[field]?.[index] ?? 0);

export function loadCells(machine: Machine, layout: Layout, cells: Cells): void {
  layout.forEach(([field, index], i) => {
    const value = cells[i] ?? 0;
    if (machine.cells[field]?.[index] !== value) place(machine, field, index, value, BOOT);
  });
  machine.journal.length = 0;
}
