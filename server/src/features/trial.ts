// Calls that are only tried: run in the state in front of a step, looked at, and undone without a trace.

import type { View } from "../analysis/session.ts";
import { type PlacedRow, type PlacedScenario, rowAt, worldBefore } from "../analysis/view.ts";
import { stepOfRow } from "../engine/findings.ts";
import { type Leaf, leavesOf } from "../engine/parallel.ts";
import type { Run } from "../engine/run.ts";
import { runAssert, runStep } from "../engine/step.ts";
import { rollBackTo, taskRef, type World } from "../engine/world.ts";
import type { Row } from "../syntax/document.ts";

/** A step of a scenario that runs, or the place for one. */
export interface StepPlace {
  readonly scenario: PlacedScenario;
  readonly run: Run;
  readonly index: number;
  readonly row: Row;
  /** Where the row starts: spans of its node are relative to that. */
  readonly start: number;
  /** Who makes the calls here: an index. */
  readonly task: number;
}

/** Null outside of the bodies of scenarios, and in those that cannot run. */
export function stepAt(view: View, offset: number): StepPlace | null {
  const placed = rowAt(view, offset);
  if (placed === null || placed.row.depth < 0) return null;
  return stepIn(placed, offset);
}

function stepIn(placed: PlacedRow, offset: number): StepPlace | null {
  const { scenario, index, row, start } = placed;
  const { run } = scenario;
  if (run === null) return null;
  const here = run.results.at(index);
  const before = run.results.at(index - 1);
  // A closing brace ends its block for what follows; in front of it the block goes on. A head begins its own.
  const brace = row.text.search(/[{}]/);
  const behind = brace !== -1 && offset > start + brace;
  const inner = row.kind === "close" ? !behind : row.kind === "open" ? behind : true;
  const context = row.kind === "close" && inner ? before?.context : inner ? here?.context : before?.context;
  const { node } = row;
  const leaf =
    node === null ? undefined : leavesIn(run, row, context?.task ?? 0).find(covers(offset - start));
  const task = leaf === undefined ? (context?.task ?? 0) : leaf.task % taskRef(0);
  return { scenario, run, index, row, start, task };
}

const covers =
  (at: number) =>
  ({ node }: Leaf): boolean =>
    node.start <= at && at <= node.end;

const leavesIn = (run: Run, row: Row, task: number): Leaf[] =>
  row.node === null ? [] : leavesOf(row.node, row.id, taskRef(task), run.world.machine.tasks);

/** The call or assert of a row that an offset lies in: the row itself, unless it holds a block. */
export function leafAt({ run, row, start, task }: StepPlace, offset: number): Leaf | null {
  return leavesIn(run, row, task).find(covers(offset - start)) ?? null;
}

/**
 * What `look` finds in the state in front of the step at `offset`, as its task. Whatever it does to the world is
 * undone. Steps of the same row that end in front of `offset` have run.
 */
export function lookBefore<T>(place: StepPlace, offset: number, look: (world: World) => T): T {
  const { run, index, row, start, task } = place;
  const world = worldBefore(run, index);
  return undone(world, () => {
    for (const { node, task: who } of leavesIn(run, row, task)) {
      if (node.end >= offset - start) break;
      world.machine.caller = who;
      world.machine.step = stepOfRow(row.id);
      if (node.kind === "step") runStep(world, row.id, node);
      else runAssert(world, row.id, node);
    }
    world.machine.caller = taskRef(task);
    world.machine.step = stepOfRow(row.id);
    return look(world);
  });
}

/** The same in the state behind the row. */
export function lookBehind<T>({ run, index }: StepPlace, look: (world: World) => T): T {
  const world = worldBefore(run, index + 1);
  return undone(world, () => look(world));
}

/** Does something to the world, and undoes it. */
export function undone<T>(world: World, act: () => T): T {
  const { machine } = world;
  const { caller, step, onCheck, onHazard, onRefusal } = machine;
  const [cells, slots] = [machine.journal.length, world.slotJournal.length];
  try {
    return act();
  } finally {
    rollBackTo(world, cells, slots);
    machine.dropped.length = 0;
    machine.dangling.length = 0;
    machine.runaway = false;
    Object.assign(machine, { caller, step, onCheck, onHazard, onRefusal });
  }
}
