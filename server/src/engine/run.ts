// A scenario's run: every row's outcome, and the way back and forth between the states. After an edit only the
// changed rows run again, and those behind them until the state is what it was there before.

import { perBlock, release, sharedEnds } from "../base/sequence.ts";
import type { System, Topology } from "../model/system.ts";
import type { Attribute, Step } from "../syntax/ast.ts";
import { isSameRow, type Row, type RowBlock, type Rows } from "../syntax/document.ts";
import { Difference } from "./difference.ts";
import { stepOfRow } from "./findings.ts";
import type { Outcome, StepFinding } from "./outcome.ts";
import { kebab, OK } from "./outcome.ts";
import { type Branch, leavesOf, tryInterleavings } from "./parallel.ts";
import {
  type Builder,
  buildResults,
  type Context,
  NO_CHANGES,
  NO_FINDINGS,
  NO_RESULTS,
  type Results,
  type RowResult,
  START,
} from "./results.ts";
import { runAssert, runStep } from "./step.ts";
import { createWorld, redo, takeChanges, taskRef, undo, type World } from "./world.ts";

export type { Context, Results } from "./results.ts";

/** Owns a World, which stands behind row `at - 1`; `results` is complete. */
export interface Run {
  readonly world: World;
  results: Results;
  at: number;
}

/** `topology.initial` may also set fields of tasks, by their index. */
export function createRun(
  system: System,
  topology: Topology,
  tasks: readonly string[],
  asked: ReadonlySet<string>,
): Run {
  return { world: createWorld(system, topology, tasks, asked), results: NO_RESULTS, at: 0 };
}

interface NamedTask {
  readonly name: string;
  readonly row: number;
  readonly attributes: readonly Attribute[];
}

/** Only a block with the word in its text is looked at. */
const tasksIn = perBlock((block: RowBlock): readonly NamedTask[] =>
  block.text().includes("task")
    ? block
        .items()
        .flatMap(({ node }, row) =>
          node?.kind === "task" ? [{ name: node.name.text, row, attributes: node.attributes }] : [],
        )
    : [],
);

/** The tasks that rows name, `main` first, each with the row that names it first (-1: none does). */
export function tasksOf({ blocks, starts }: Rows): readonly NamedTask[] {
  const tasks = new Map<string, NamedTask>([["main", { name: "main", row: -1, attributes: [] }]]);
  blocks.forEach((block, i) => {
    for (const task of tasksIn(block)) {
      if ((tasks.get(task.name)?.row ?? -1) === -1)
        tasks.set(task.name, { ...task, row: (starts[i] ?? 0) + task.row });
    }
  });
  return [...tasks.values()];
}

const askedIn = perBlock((block: RowBlock): readonly string[] =>
  block.text().includes("violates")
    ? block
        .items()
        .flatMap(({ node }) => (node?.kind === "step" ? node.expected : []))
        .flatMap(({ outcome, name }) => (outcome === "violates" && name !== null ? [kebab(name.text)] : []))
    : [],
);

/** The rules that some row expects to break: those are looked at even when they are off. */
export const askedFor = ({ blocks }: Rows): Set<string> => new Set(blocks.flatMap(askedIn));

/** Moves the world to the state in front of row `index`. */
export function moveTo(run: Run, index: number): void {
  while (run.at > index) {
    run.at--;
    const result = run.results.at(run.at);
    if (result !== undefined) undo(run.world, result.changes);
  }
  while (run.at < index) {
    const result = run.results.at(run.at);
    if (result !== undefined) redo(run.world, result.changes);
    run.at++;
  }
}

/** Brings the run up to date with `rows`, which share their unchanged rows with the ones before. */
export function updateRun(run: Run, rows: Rows): void {
  const old = run.results;
  const oldBlocks = old.blocks.map((block) => block.rows);
  const ends = sharedEnds(oldBlocks, rows.blocks);
  if (ends.head === oldBlocks.length && ends.head === rows.blocks.length) return;
  const from = rows.starts[ends.head] ?? 0;
  const behind = rows.length - (rows.starts[rows.blocks.length - ends.tail] ?? 0);
  const changed = sharedEnds(
    old.slice(from, old.length - behind).map(({ row }) => row),
    rows.slice(from, rows.length - behind),
    isSameRow,
  );
  const tail = behind + changed.tail;
  const same = wholeBlock(old, from + changed.head);

  moveTo(run, same);
  const results = buildResults(rows, old, same);
  const [oldTail, newTail] = [old.length - tail, rows.length - tail];
  const difference = tail === 0 ? null : new Difference(run.world);
  for (let i = same; i < oldTail; i++) difference?.before(old.at(i)?.changes ?? NO_CHANGES);
  for (let i = same; i < newTail; i++) {
    const row = rows.at(i);
    if (row === undefined) break;
    const { changes } = runNext(run, results, row);
    difference?.after(changes);
  }
  if (difference !== null) runTail(run, results, rows, tail, difference);
  run.results = results.done();
  const gone = old.blocks.slice(ends.head, oldBlocks.length - ends.tail);
  release([...gone, ...gone.map((block) => block.rows)]);
}

/** Runs the last rows, which are as they were, until nothing is different from then. */
function runTail(run: Run, results: Builder, rows: Rows, tail: number, difference: Difference): void {
  const old = run.results;
  const [oldTail, newTail] = [old.length - tail, rows.length - tail];
  difference.settle();
  for (let i = 0; i < tail; i++) {
    const before = old.at(oldTail + i);
    const row = rows.at(newTail + i);
    if (before === undefined || row === undefined) break;
    // In the middle of a parallel block the outcome depends on rows outside this tail.
    if (difference.isEmpty() && sameContext(contextOf(results), contextBefore(old, oldTail + i))) {
      takeRest(results, rows, old);
      return;
    }
    const result = runNext(run, results, row);
    difference.before(before.changes);
    difference.after(result.changes);
    difference.settle();
  }
}

const contextOf = (results: Builder): Context => results.last?.context ?? START;
const contextBefore = (results: Results, index: number): Context =>
  (index === 0 ? undefined : results.at(index - 1))?.context ?? START;

/** The results of the old run for all rows that are left: the last ones of both are the same. */
function takeRest(results: Builder, rows: Rows, old: Results): void {
  const by = rows.length - old.length;
  while (results.length < rows.length) {
    const block = old.blocks[results.blocks() - rows.blocks.length + old.blocks.length];
    if (results.isBetween() && block !== undefined && block.rows === rows.blocks[results.blocks()]) {
      results.pushBlock(block);
      continue;
    }
    const result = old.at(results.length - by);
    if (result === undefined) break;
    results.push(result);
  }
}

function runNext(run: Run, results: Builder, row: Row): RowResult {
  const result = runRow(run, results, contextOf(results), row);
  results.push(result);
  run.at = results.length;
  return result;
}

/** A parallel block is judged as a whole: go back to its start. */
function wholeBlock(results: Results, index: number): number {
  let first = index;
  for (
    let context: Context | null = contextBefore(results, index);
    context !== null;
    context = context.outer
  ) {
    if (context.block !== "parallel") continue;
    while (first > 0 && results.at(first)?.row.id !== context.since) first--;
  }
  return first;
}

function sameContext(a: Context | null, b: Context | null): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  // Inside a parallel block nothing counts as the same: its close has to look at all of it again.
  return a.block !== "parallel" && a.task === b.task && a.block === b.block && sameContext(a.outer, b.outer);
}

function runRow(run: Run, results: Builder, context: Context, row: Row): RowResult {
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
      return quiet(enter(run, context, row), misplaced(context, row));
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

function enter(run: Run, context: Context, { node, id }: Row): Context {
  if (node?.kind === "parallel") return { task: context.task, block: "parallel", since: id, outer: context };
  const task = node?.kind === "task" ? run.world.machine.tasks.indexOf(node.name.text) : -1;
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
function judgeBlock(run: Run, results: Builder, context: Context): readonly StepFinding[] {
  const { world } = run;
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
