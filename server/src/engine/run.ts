// A scenario's run: every row's outcome, and the way back and forth between the states. After an edit only the
// changed rows run again, and those behind them until the state is what it was there before.

import { BOOT } from "../model/machine.ts";
import type { System, Topology } from "../model/system.ts";
import type { Attribute, Step } from "../syntax/ast.ts";
import type { Row } from "../syntax/document.ts";
import { Difference } from "./difference.ts";
import { stepOfRow } from "./findings.ts";
import type { Outcome, StepFinding } from "./outcome.ts";
import { kebab, OK } from "./outcome.ts";
import { type Branch, leavesOf, tryInterleavings } from "./parallel.ts";
import { runAssert, runStep } from "./step.ts";
import { type Changes, createWorld, redo, takeChanges, taskRef, undo, type World } from "./world.ts";

/** The blocks that are open behind a row, innermost first. */
export interface Context {
  readonly task: number;
  readonly block: "task" | "parallel" | null;
  /** Parallel: the index of the row that opened it. */
  readonly since: number;
  readonly outer: Context | null;
}

export interface RowResult {
  readonly row: Row;
  readonly context: Context;
  readonly changes: Changes;
  readonly outcome: Outcome;
  readonly findings: readonly StepFinding[];
}

/** Owns a World, which stands behind row `at - 1`; `results` is complete. */
export interface Run {
  readonly world: World;
  results: readonly RowResult[];
  at: number;
}

const START: Context = { task: 0, block: null, since: -1, outer: null };
const NO_FINDINGS: readonly StepFinding[] = [];
const NO_CHANGES: Changes = { step: BOOT, cells: [], slots: [] };

/** `topology.initial` may also set fields of tasks, by their index. */
export function createRun(
  system: System,
  topology: Topology,
  tasks: readonly string[],
  asked: ReadonlySet<string>,
): Run {
  return { world: createWorld(system, topology, tasks, asked), results: [], at: 0 };
}

/** The tasks that rows name, `main` first, each with the row that names it first (-1: none does). */
export function tasksOf(
  rows: readonly Row[],
): { readonly name: string; readonly row: number; readonly attributes: readonly Attribute[] }[] {
  const tasks: { name: string; row: number; attributes: readonly Attribute[] }[] = [
    { name: "main", row: -1, attributes: [] },
  ];
  rows.forEach(({ node }, row) => {
    if (node === null || node.kind !== "task") return;
    const known = tasks.find(({ name }) => name === node.name.text);
    if (known === undefined) tasks.push({ name: node.name.text, row, attributes: node.attributes });
    else if (known.row === -1) Object.assign(known, { row, attributes: node.attributes });
  });
  return tasks;
}

/** The rules that some row expects to break: those are looked at even when they are off. */
export function askedFor(rows: readonly Row[]): Set<string> {
  const asked = new Set<string>();
  for (const { node } of rows) {
    if (node?.kind !== "step") continue;
    for (const { outcome, name } of node.expected)
      if (outcome === "violates" && name !== null) asked.add(kebab(name.text));
  }
  return asked;
}

/** Moves the world to the state in front of row `index`. */
export function moveTo(run: Run, index: number): void {
  while (run.at > index) {
    run.at--;
    const result = run.results[run.at];
    if (result !== undefined) undo(run.world, result.changes);
  }
  while (run.at < index) {
    const result = run.results[run.at];
    if (result !== undefined) redo(run.world, result.changes);
    run.at++;
  }
}

/** Brings the run up to date with `rows`, which share their unchanged rows with the ones before. */
export function updateRun(run: Run, rows: readonly Row[]): void {
  const old = run.results;
  let same = 0;
  while (same < old.length && same < rows.length && old[same]?.row === rows[same]) same++;
  if (same === rows.length && same === old.length) return;
  same = wholeBlock(old, same);
  let tail = 0;
  while (
    tail < old.length - same &&
    tail < rows.length - same &&
    old[old.length - 1 - tail]?.row === rows[rows.length - 1 - tail]
  )
    tail++;

  moveTo(run, same);
  const results = old.slice(0, same);
  run.results = results;
  const oldTail = old.length - tail;
  if (oldTail === same && tail === 0) return runOn(run, rows, results);
  const difference = new Difference(run.world);
  for (let i = same; i < oldTail; i++) difference.before(old[i]?.changes ?? NO_CHANGES);
  const context = (): Context => results[results.length - 1]?.context ?? START;
  const step = (row: Row): RowResult => runNext(run, results, row);
  for (let i = same; i < rows.length - tail; i++) {
    const row = rows[i];
    if (row !== undefined) difference.after(step(row).changes);
  }
  difference.settle();
  for (let i = 0; i < tail; i++) {
    const before = old[oldTail + i];
    const row = rows[rows.length - tail + i];
    if (before === undefined || row === undefined) break;
    // In the middle of a parallel block the outcome depends on rows outside this tail.
    if (difference.isEmpty() && sameContext(context(), old[oldTail + i - 1]?.context ?? START)) {
      const by = results.length - (oldTail + i);
      for (const kept of old.slice(oldTail + i)) results.push(shifted(kept, by));
      return;
    }
    const result = step(row);
    difference.before(before.changes);
    difference.after(result.changes);
    difference.settle();
  }
}

/** Runs the rows behind `results`, with nothing from before to compare with. */
function runOn(run: Run, rows: readonly Row[], results: RowResult[]): void {
  for (let i = results.length; i < rows.length; i++) {
    const row = rows[i];
    if (row !== undefined) runNext(run, results, row);
  }
}

function runNext(run: Run, results: RowResult[], row: Row): RowResult {
  const result = runRow(run, results, results[results.length - 1]?.context ?? START, row);
  results.push(result);
  run.at = results.length;
  return result;
}

/** A parallel block is judged as a whole: go back to its start. */
function wholeBlock(results: readonly RowResult[], index: number): number {
  for (let context = results[index - 1]?.context ?? null; context !== null; context = context.outer) {
    if (context.block === "parallel") index = Math.min(index, context.since);
  }
  return index;
}

function sameContext(a: Context | null, b: Context | null): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  // Inside a parallel block nothing counts as the same: its close has to look at all of it again.
  return a.block !== "parallel" && a.task === b.task && a.block === b.block && sameContext(a.outer, b.outer);
}

/** A result of the old run, `by` rows further on: blocks remember where they were opened. */
function shifted(result: RowResult, by: number): RowResult {
  return by === 0 || !hasParallel(result.context)
    ? result
    : { ...result, context: shiftContext(result.context, by) };
}

const hasParallel = (context: Context | null): boolean =>
  context !== null && (context.block === "parallel" || hasParallel(context.outer));

const shiftContext = (context: Context, by: number): Context => ({
  ...context,
  since: context.block === "parallel" ? context.since + by : context.since,
  outer: context.outer === null ? null : shiftContext(context.outer, by),
});

function runRow(run: Run, results: readonly RowResult[], context: Context, row: Row): RowResult {
  const { world } = run;
  const { node } = row;
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
      return quiet(enter(run, context, node, results.length), misplaced(context, row));
    case "close": {
      const findings = context.block === "parallel" ? judgeBlock(run, results, context) : [];
      return quiet(context.outer ?? START, findings);
    }
    case "step": {
      if (node === null || node.kind === "error") return quiet(context);
      world.machine.step = stepOfRow(row.id);
      world.machine.caller = taskRef(context.task);
      const { outcome, findings } = runNode(run, row.id, node);
      return {
        row,
        context,
        changes: takeChanges(world),
        outcome,
        findings: join(misplaced(context, row), findings),
      };
    }
    default:
      return row.kind satisfies never;
  }
}

const join = (a: readonly StepFinding[], b: readonly StepFinding[]): readonly StepFinding[] =>
  a.length === 0 ? b : [...a, ...b];

function enter(run: Run, context: Context, node: Step | null, index: number): Context {
  if (node?.kind === "parallel")
    return { task: context.task, block: "parallel", since: index, outer: context };
  const task = node?.kind === "task" ? run.world.machine.tasks.indexOf(node.name.text) : -1;
  return { task: task === -1 ? context.task : task, block: "task", since: index, outer: context };
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
function runNode(run: Run, row: number, node: Step): { outcome: Outcome; findings: readonly StepFinding[] } {
  const { world } = run;
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
        const ran = runNode(run, row, leaf.node);
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
function judgeBlock(run: Run, results: readonly RowResult[], context: Context): readonly StepFinding[] {
  const { world } = run;
  const inside = results.slice(context.since + 1);
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
