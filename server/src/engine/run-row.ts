// One row of a scenario: a step, or the head or the end of a block, and what it comes to. What stands around it is in
// its Context; nothing here knows of edits.

import type { Step } from "../syntax/ast.ts";
import type { Row } from "../syntax/document.ts";
import { stepOfRow } from "./findings.ts";
import { OK, type Outcome, type StepFinding } from "./outcome.ts";
import { type Branch, leavesOf, tryInterleavings } from "./parallel.ts";
import type { Builder } from "./results.ts";
import { type Context, NO_CHANGES, NO_FINDINGS, type RowResult, START } from "./row-result.ts";
import { runAssert, runStep } from "./step.ts";
import { redo, takeChanges, taskRef, undo, type World } from "./world.ts";

/** Runs a row behind all that `results` holds, in the world as it is there. */
export function runRow(world: World, results: Builder, context: Context, row: Row): RowResult {
  const quiet = (next: Context, findings: readonly StepFinding[] = []): RowResult => ({
    row,
    context: next,
    changes: NO_CHANGES,
    outcome: OK,
    findings,
  });
  switch (row.kind) {
    case "trivia":
      return quiet(context);
    case "open":
      return quiet(enter(world, context, row), misplaced(context, row));
    case "close": {
      const findings = context.block === "parallel" ? judgeBlock(world, results, context) : [];
      return quiet(context.outer ?? START, findings);
    }
    case "step":
      return runStepRow(world, context, row);
    default:
      return row.kind satisfies never;
  }
}

/** The same for a row that is a step, for which nothing in front of it has to be there. */
export function runStepRow(world: World, context: Context, row: Row): RowResult {
  const { node } = row;
  if (node === null || node.kind === "error")
    return { row, context, changes: NO_CHANGES, outcome: OK, findings: NO_FINDINGS };
  world.machine.step = stepOfRow(row.id);
  world.machine.caller = taskRef(context.task);
  const { outcome, findings } = runNode(world, row.id, node);
  return {
    row,
    context,
    changes: takeChanges(world),
    outcome,
    findings: join(misplaced(context, row), findings),
  };
}

const join = (a: readonly StepFinding[], b: readonly StepFinding[]): readonly StepFinding[] =>
  a.length === 0 ? b : [...a, ...b];

function enter({ machine }: World, context: Context, { node, id }: Row): Context {
  if (node?.kind === "parallel") return { task: context.task, block: "parallel", since: id, outer: context };
  const task = node?.kind === "task" ? machine.tasks.indexOf(node.name.text) : -1;
  return { task: task === -1 ? context.task : task, block: "task", since: id, outer: context };
}

/** Blocks inside blocks mean nothing, but for the tasks of a parallel. */
function misplaced(context: Context, { node, id }: Row): readonly StepFinding[] {
  const inside = context.block;
  const problem =
    node?.kind === "task" && inside === "task"
      ? "a task inside a task: close the outer one first"
      : node?.kind === "parallel" && inside !== null
        ? "`parallel` stands on its own, outside of tasks"
        : (node?.kind === "step" || node?.kind === "assert") && inside === "parallel"
          ? "in a `parallel` block every step belongs to a task: write `task NAME { … }` around it"
          : null;
  if (problem === null || node === null) return NO_FINDINGS;
  const place = { row: id, start: node.start, end: node.end };
  return [
    { code: "misplaced", severity: "error", place, message: problem, related: [], help: [], notes: [] },
  ];
}

/** A step, or a block that is written on one line. */
function runNode(
  world: World,
  row: number,
  node: Step,
): { outcome: Outcome; findings: readonly StepFinding[] } {
  switch (node.kind) {
    case "error":
      return { outcome: OK, findings: [] };
    case "step":
      return runStep(world, row, node);
    case "assert":
      return runAssert(world, row, node);
    case "task":
    case "parallel": {
      const leaves = leavesOf(node, row, world.machine.caller, world.machine.tasks);
      const others = node.kind === "parallel" ? tryInterleavings(world, branchesOf(leaves)) : [];
      const before = world.machine.caller;
      let outcome = OK;
      const findings: StepFinding[] = [];
      for (const leaf of leaves) {
        world.machine.caller = leaf.task;
        const ran = runNode(world, row, leaf.node);
        if (outcome.kind === "ok") outcome = ran.outcome;
        findings.push(...ran.findings);
      }
      world.machine.caller = before;
      return { outcome, findings: [...findings, ...onlyNew(others, findings)] };
    }
    default:
      return node satisfies never;
  }
}

type Leaf = Branch["leaves"][number];

function branchesOf(leaves: readonly Leaf[]): Branch[] {
  const byTask = new Map<number, Leaf[]>();
  for (const leaf of leaves) byTask.set(leaf.task, [...(byTask.get(leaf.task) ?? []), leaf]);
  return [...byTask].map(([task, own]) => ({ task, leaves: own }));
}

/** At the end of a parallel block: every other order of its steps, from the state in front of it. */
function judgeBlock(world: World, results: Builder, context: Context): readonly StepFinding[] {
  const inside = results.since(context.since);
  const leaves = inside.flatMap(({ row, context: { task } }) =>
    row.kind === "step" && row.node !== null
      ? leavesOf(row.node, row.id, taskRef(task), world.machine.tasks)
      : [],
  );
  for (const result of inside.toReversed()) undo(world, result.changes);
  const others = tryInterleavings(world, branchesOf(leaves));
  for (const result of inside) redo(world, result.changes);
  return onlyNew(
    others,
    inside.flatMap(({ findings }) => findings),
  );
}

/** What the written order has shown already is not said again. */
function onlyNew(others: readonly StepFinding[], shown: readonly StepFinding[]): StepFinding[] {
  const key = ({ code, place }: StepFinding): string => `${code} ${place.row} ${place.start}`;
  const known = new Set(shown.map(key));
  return others.filter((finding) => !known.has(key(finding)));
}
