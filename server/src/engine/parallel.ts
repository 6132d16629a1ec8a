// Every interleaving of the tasks of a `parallel` block, and the shortest that goes wrong.

import { column } from "../model/machine.ts";
import type { AssertStep, CallStep, Step } from "../syntax/ast.ts";
import { stepOfRow } from "./findings.ts";
import { type StepFinding, wholeRow } from "./outcome.ts";
import { runAssert, runStep } from "./step.ts";
import { rollBackTo, taskRef, type World } from "./world.ts";

export interface Leaf {
  readonly task: number;
  readonly row: number;
  readonly node: CallStep | AssertStep;
}

export interface Branch {
  readonly task: number;
  readonly leaves: readonly Leaf[];
}

/** More states than this are not tried: the finding then says so. */
const MOST_STATES = 20_000;

/** The calls and asserts of a step, in written order, with the task (a reference) that makes each. */
export function leavesOf(node: Step, row: number, task: number, tasks: readonly string[]): Leaf[] {
  switch (node.kind) {
    case "error":
      return [];
    case "step":
    case "assert":
      return [{ task, row, node }];
    case "parallel":
      return node.body.flatMap((inner) => leavesOf(inner, row, task, tasks));
    case "task": {
      const index = tasks.indexOf(node.name.text);
      return node.body.flatMap((inner) => leavesOf(inner, row, index === -1 ? task : taskRef(index), tasks));
    }
    default:
      return node satisfies never;
  }
}

interface Bad {
  readonly finding: StepFinding;
  readonly order: readonly Leaf[];
}

/** Runs all orders from the current state, and leaves it as it was. */
export function tryInterleavings(world: World, branches: readonly Branch[]): readonly StepFinding[] {
  const { machine } = world;
  const [caller, step] = [machine.caller, machine.step];
  const [cellStart, slotStart] = [machine.journal.length, world.slotJournal.length];
  const positions = branches.map(() => 0);
  const order: Leaf[] = [];
  const visited = new Set<string>();
  const bad = new Map<string, Bad>();
  let complete = true;

  const visit = (): void => {
    const key = `${positions.join()};${stateKey(world, cellStart, slotStart)}`;
    if (visited.has(key)) return;
    if (visited.size >= MOST_STATES) {
      complete = false;
      return;
    }
    visited.add(key);
    branches.forEach((branch, i) => {
      const leaf = branch.leaves[positions[i] ?? 0];
      if (leaf === undefined) return;
      const [cells, slots] = [machine.journal.length, world.slotJournal.length];
      machine.caller = leaf.task;
      machine.step = stepOfRow(leaf.row);
      const { findings } =
        leaf.node.kind === "step"
          ? runStep(world, leaf.row, leaf.node)
          : runAssert(world, leaf.row, leaf.node);
      order.push(leaf);
      for (const finding of findings) note(bad, finding, order);
      positions[i] = (positions[i] ?? 0) + 1;
      visit();
      positions[i] = (positions[i] ?? 0) - 1;
      order.pop();
      rollBackTo(world, cells, slots);
    });
  };
  visit();
  machine.caller = caller;
  machine.step = step;
  const found = [...bad.values()].map((each) => withOrder(world, each));
  return complete ? found : [...found, tooMany(branches)];
}

function note(bad: Map<string, Bad>, finding: StepFinding, order: readonly Leaf[]): void {
  const key = `${finding.code} ${finding.place.row} ${finding.place.start}`;
  const known = bad.get(key);
  if (known === undefined || order.length < known.order.length) bad.set(key, { finding, order: [...order] });
}

/** What tells two states inside the block apart: the cells and names that differ from the state in front of it. */
function stateKey(world: World, cellStart: number, slotStart: number): string {
  const { machine } = world;
  const first = new Map<number, number>();
  for (let i = cellStart; i < machine.journal.length; i += 4) {
    const key = (machine.journal[i] ?? 0) * 2 ** 20 + (machine.journal[i + 1] ?? 0);
    if (!first.has(key)) first.set(key, machine.journal[i + 2] ?? 0);
  }
  const cells: string[] = [];
  for (const [key, old] of [...first].sort(([a], [b]) => a - b)) {
    const value = column(machine, Math.floor(key / 2 ** 20))[key % 2 ** 20] ?? 0;
    if (value !== old) cells.push(`${key}=${value}`);
  }
  const names = [...new Set(world.slotJournal.slice(slotStart).map(([key]) => key))].sort();
  return `${cells.join()};${names.map((key) => `${key}=${JSON.stringify(world.slots.get(key))}`).join()}`;
}

function withOrder(world: World, { finding, order }: Bad): StepFinding {
  const { machine } = world;
  const nameOfTask = (task: number): string => machine.tasks[task % 2 ** 20] ?? "?";
  const related = order.slice(0, -1).map(({ row, task, node }, i) => ({
    place: { ...wholeRow(row), start: node.start, end: node.end },
    message: `${i + 1}. ${nameOfTask(task)}`,
  }));
  const last = order[order.length - 1];
  return {
    ...finding,
    message: `${finding.message} (in one order of these tasks)`,
    related,
    sequence: true,
    help: finding.help,
    notes: [
      `the order: ${related.length === 0 ? "" : "as numbered, then "}this step of ${nameOfTask(last?.task ?? 0)}`,
      ...finding.notes,
    ],
  };
}

function tooMany(branches: readonly Branch[]): StepFinding {
  const first = branches[0]?.leaves[0];
  return {
    code: "not-established",
    severity: "warning",
    place: { row: first?.row ?? 0, start: first?.node.start ?? 0, end: first?.node.end ?? 0 },
    message: `not every order of these tasks was tried: there are more than ${MOST_STATES} states`,
    related: [],
    help: ["make the block smaller: only the steps that race with each other"],
    notes: [],
  };
}
