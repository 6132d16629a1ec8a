// A scenario's run: every row's outcome, and the way back and forth between the states. After an edit only the changed
// rows run again, and those behind them until the state is what it was there before. Where that is far, a run can be
// left half-way and be gone on with; whoever asks for a result that is not there yet makes it go on.

import { lastAtOrBefore, perBlock, release, sharedEnds, usualBlock } from "../base/sequence.ts";
import type { System, Topology } from "../model/system.ts";
import type { Attribute } from "../syntax/ast.ts";
import { isSameRow, NO_ROWS, type RowBlock, type Rows } from "../syntax/document.ts";
import { Difference } from "./difference.ts";
import { brokenOff, edited, type Former } from "./former.ts";
import { redoNet, undoNet } from "./net.ts";
import { kebab } from "./outcome.ts";
import {
  type Builder,
  buildResults,
  NO_RESULTS,
  type ResultBlock,
  type Results,
  withResult,
} from "./results.ts";
import { type Context, type RowResult, START } from "./row-result.ts";
import { runRow, runStepRow } from "./run-row.ts";
import { becomeWorld, copyWorld, createWorld, redo, undo, type World } from "./world.ts";

export type { Results } from "./results.ts";
export type { Context } from "./row-result.ts";

/** Owns a World, which stands behind row `at - 1`. */
export interface Run {
  readonly world: World;
  /** The world in front of the first row. */
  readonly boot: World;
  /** Of all rows: what is not there yet is found out first. */
  readonly results: Results;
  rows: Rows;
  at: number;
  /** Of whole blocks of rows: all of them, unless something is left to do. */
  known: Results;
  rest: Rest | null;
  /** What kept it from going on: a mistake in here. It is of no use any more. */
  failed: { readonly error: unknown } | null;
}

/** How much may be done at once; counts down. */
export interface Budget {
  steps: number;
  findings: number;
}

/** What is left to do of a run. */
interface Rest {
  readonly results: Builder;
  former: readonly Former[];
  /** Null when there is nothing to compare with. */
  readonly difference: Difference | null;
  /** Blocks that nobody needs when all is done. */
  readonly gone: Parameters<typeof release>[0];
}

export const everything = (): Budget => ({
  steps: Number.POSITIVE_INFINITY,
  findings: Number.POSITIVE_INFINITY,
});

/** `topology.initial` may also set fields of tasks, by their index. */
export function createRun(
  system: System,
  topology: Topology,
  tasks: readonly string[],
  asked: ReadonlySet<string>,
): Run {
  const boot = createWorld(system, topology, tasks, asked);
  const run: Run = {
    world: copyWorld(boot),
    boot,
    get results() {
      advance(run, everything());
      return run.known;
    },
    rows: NO_ROWS,
    at: 0,
    known: NO_RESULTS,
    rest: null,
    failed: null,
  };
  return run;
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

/** Moves the world to the state in front of row `index`: from where it is, or from the start where that is nearer. */
export function moveTo(run: Run, index: number): void {
  while (run.rest !== null && run.rest.results.length < index)
    advance(run, { ...everything(), steps: index - run.rest.results.length });
  const { starts, blocks } = run.known;
  const known = run.known.length;
  if (run.at > 2 * index + usualBlock) {
    becomeWorld(run.world, run.boot);
    run.at = 0;
  }
  while (run.at > index) {
    const block = lastAtOrBefore(starts, blocks.length, run.at - 1);
    const start = starts[block] ?? 0;
    if (run.at <= known && start >= index && starts[block + 1] === run.at) {
      const whole = blocks[block];
      if (whole !== undefined) undoNet(run.world, whole.net());
      run.at = start;
      continue;
    }
    run.at--;
    const result = resultAt(run, run.at);
    if (result !== undefined) undo(run.world, result.changes);
  }
  while (run.at < index) {
    const block = lastAtOrBefore(starts, blocks.length, run.at);
    const end = starts[block + 1] ?? 0;
    if (starts[block] === run.at && end <= index && end > run.at) {
      const whole = blocks[block];
      if (whole !== undefined) redoNet(run.world, whole.net());
      run.at = end;
      continue;
    }
    const result = resultAt(run, run.at);
    if (result !== undefined) redo(run.world, result.changes);
    run.at++;
  }
}

const resultAt = ({ rest, known }: Run, index: number): RowResult | undefined =>
  rest === null ? known.at(index) : rest.results.at(index);

/** The results that are there already, in whole blocks. */
export const knownBlocks = ({ known }: Run): readonly ResultBlock[] => known.blocks;

/** The index of the first row that nothing is known of; null when there is none. */
export const frontier = ({ rest, known }: Run): number | null => (rest === null ? null : known.length);

/**
 * From now on the run is about `rows`, which share their unchanged rows with the ones before. Nothing is run yet, but
 * the end of the block at which it was left.
 */
export function updateRun(run: Run, rows: Rows): void {
  const before = run.rows;
  const ends = sharedEnds(before.blocks, rows.blocks);
  if (ends.head === before.blocks.length && ends.head === rows.blocks.length) {
    run.rows = rows;
    return;
  }
  advance(run, { steps: 0, findings: 0 });
  const from = rows.starts[ends.head] ?? 0;
  const behind = rows.length - (rows.starts[rows.blocks.length - ends.tail] ?? 0);
  const [oldEnd, newEnd] = [before.length - behind, rows.length - behind];
  const isReplaced = from < oldEnd && from < newEnd;
  const changed = isReplaced
    ? sharedEnds(before.slice(from, oldEnd), rows.slice(from, newEnd), isSameRow)
    : { head: 0, tail: 0 };
  const { known, rest } = run;
  const edit = from + changed.head;
  const same = wholeBlock(known, Math.min(edit, known.length));
  const end = oldEnd - changed.tail;
  moveTo(run, same);
  // Behind all that is known, what was there before is as good as it was.
  const isAhead = edit >= known.length && same === known.length;
  const all = isAhead
    ? (rest?.former ?? [])
    : brokenOff(
        { is: "same", row: same, count: known.length - same, results: known, from: same },
        rest?.former ?? [],
        rest?.difference ?? null,
      );
  const former = edited(all, isAhead ? edit : same, end, rows.length - before.length);
  const isComparable = former.some(({ is }) => is === "same");
  const gone = known.blocks.slice(ends.head, Math.max(ends.head, known.blocks.length - ends.tail));
  run.rows = rows;
  run.rest = {
    results: buildResults(rows, known, same),
    former: isComparable ? former : [],
    difference: !isComparable ? null : isAhead ? (rest?.difference ?? null) : new Difference(run.world),
    gone: rest === null ? [...gone, ...gone.map((block) => block.rows)] : rest.gone,
  };
  run.known = run.rest.results.done();
}

/**
 * From now on the run is about `rows`, which are its own but for one: that with this index in this block, a step for a
 * step; and that one is run. False, and nothing is done, when more than that row has to be looked at.
 */
export function replaceStep(run: Run, rows: Rows, block: number, inBlock: number): boolean {
  if (run.rest !== null || run.failed !== null) return false;
  const old = run.known.blocks[block];
  const before = old?.items()[inBlock];
  const row = rows.blocks[block]?.items()[inBlock];
  if (old === undefined || before === undefined || row === undefined || isJudged(before.context))
    return false;
  const index = (rows.starts[block] ?? 0) + inBlock;
  moveTo(run, index);
  const result = runStepRow(run.world, before.context, row);
  if (!hasSameEffect(run.world, before.changes, result.changes)) {
    undo(run.world, result.changes);
    return false;
  }
  run.at = index + 1;
  run.known = withResult(run.known, rows, block, inBlock, result);
  run.rows = rows;
  release([old, old.rows]);
  return true;
}

/** Whether what stands here is judged at the end of a parallel block. */
function isJudged(context: Context): boolean {
  for (let at: Context | null = context; at !== null; at = at.outer) if (at.block === "parallel") return true;
  return false;
}

function hasSameEffect(world: World, before: RowResult["changes"], after: RowResult["changes"]): boolean {
  if (before.cells.length + before.slots.length + after.cells.length + after.slots.length === 0) return true;
  const difference = new Difference(world);
  difference.before(before);
  difference.after(after);
  difference.settle();
  return difference.isEmpty();
}

/** Goes on with what is left to do, a block of rows at least. Says whether nothing is left. */
export function advance(run: Run, budget: Budget): boolean {
  if (run.rest === null) return true;
  if (run.failed !== null) throw run.failed.error;
  try {
    return goOn(run, run.rest, budget);
  } catch (error) {
    run.failed = { error };
    throw error;
  }
}

function goOn(run: Run, rest: Rest, budget: Budget): boolean {
  const { rows, world } = run;
  const { results, difference } = rest;
  moveTo(run, results.length);
  while (results.length < rows.length) {
    if ((budget.steps <= 0 || budget.findings <= 0) && isPlaceToStop(results)) {
      run.known = results.done();
      return false;
    }
    const index = results.length;
    const former = formerAt(rest, index);
    if (former !== null && difference !== null) {
      difference.settle();
      const at = former.from + index - former.row;
      // In the middle of a parallel block the outcome depends on rows in front of it.
      if (difference.isEmpty() && sameContext(contextOf(results), contextBefore(former.results, at))) {
        takeOver(run, rest, former);
        continue;
      }
    }
    const row = rows.at(index);
    if (row === undefined) break;
    const result = runRow(world, results, contextOf(results), row);
    results.push(result);
    run.at = results.length;
    budget.steps--;
    budget.findings -= result.findings.length;
    const old = former?.results.at(former.from + index - former.row);
    if (old !== undefined) difference?.before(old.changes);
    difference?.after(result.changes);
  }
  run.known = results.done();
  run.rest = null;
  release(rest.gone);
  return true;
}

/** Whole blocks, and parallel ones as a whole: they are judged at their end. */
function isPlaceToStop(results: Builder): boolean {
  if (!results.isBetween()) return false;
  return !isJudged(contextOf(results));
}

/** The former results of a row, when it was there; what is gone in front of it is taken into account. */
function formerAt(rest: Rest, row: number): Extract<Former, { is: "same" }> | null {
  const { difference } = rest;
  for (;;) {
    const next = rest.former[0];
    if (next === undefined || next.row > row) return null;
    if (next.is === "same" && row < next.row + next.count) return next;
    if (next.is === "gone")
      for (let i = 0; i < next.count; i++) {
        const old = next.results.at(next.from + i);
        if (old !== undefined) difference?.before(old.changes);
      }
    if (next.is === "jump") difference?.join(next.difference);
    rest.former = rest.former.slice(1);
  }
}

/** The former results of all rows up to where that run ends, or the row was another. */
function takeOver(run: Run, rest: Rest, former: Extract<Former, { is: "same" }>): void {
  const { results } = rest;
  const { rows } = run;
  const end = former.row + former.count;
  const isLast = end === rows.length;
  while (results.length < end) {
    const at = results.length - former.row + former.from;
    const block =
      former.results.blocks[lastAtOrBefore(former.results.starts, former.results.blocks.length, at)];
    const isWhole =
      results.isBetween() &&
      block !== undefined &&
      block.rows === rows.blocks[results.blocks.length] &&
      results.length + block.length <= end;
    if (isWhole) {
      results.pushBlock(block);
      if (!isLast) redoNet(run.world, block.net());
      continue;
    }
    const result = former.results.at(at);
    if (result === undefined) break;
    results.push(result);
    if (!isLast) redo(run.world, result.changes);
  }
  if (!isLast) run.at = results.length;
}

const contextOf = (results: Builder): Context => results.last()?.context ?? START;
const contextBefore = (results: Results, index: number): Context =>
  (index === 0 ? undefined : results.at(index - 1))?.context ?? START;

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
