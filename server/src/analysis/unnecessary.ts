// What a scenario could do without: names that nothing uses, calls that change nothing. Hints for editors, which fade
// it; no report says them. Only clear cases, and only in scenarios of a size that people write.

import type { Finding } from "../base/finding.ts";
import { perBlock } from "../base/sequence.ts";
import type { ResultBlock } from "../engine/results.ts";
import type { RowResult } from "../engine/row-result.ts";
import type { Run } from "../engine/run.ts";
import type { Stmt } from "../model/ir.ts";
import type { Operation } from "../model/system.ts";
import type { CallStep, Span, Step } from "../syntax/ast.ts";
import { type Document, type Item, itemStarts, type Row, type RowBlock } from "../syntax/document.ts";

/** Scenarios with more rows are made by machines. */
const mostRows = 5000;

/** `runOf`: the run of a scenario's item, or null when it has none. `findings` are in order: a step has one thing said. */
export function unnecessaryIn(
  uri: string,
  document: Document,
  findings: readonly Finding[],
  runOf: (item: Item) => Run | null,
): readonly Finding[] {
  const starts = itemStarts(document);
  return document.items.flatMap((item, i): Finding[] => {
    if (item.rows === null || item.rows.length > mostRows) return [];
    const run = runOf(item);
    // What is not run may be half-typed: nobody knows yet what will be used.
    if (run === null) return [];
    const place = { uri, start: starts[i] ?? 0, findings };
    return [...unusedHandles(place, item), ...redundantSteps(place, item, run)];
  });
}

interface Place {
  readonly uri: string;
  readonly start: number;
  readonly findings: readonly Finding[];
}

/** Whether something is wrong with what stands at a place of the item. */
function isFound({ start, findings }: Place, at: Span): boolean {
  let [low, high] = [0, findings.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((findings[middle]?.start ?? 0) < start + at.start) low = middle + 1;
    else high = middle;
  }
  const first = findings[low];
  return first !== undefined && first.start <= start + at.end;
}

function hint({ uri, start }: Place, at: Span, code: string, message: string, help: string): Finding {
  return {
    code,
    severity: "hint",
    uri,
    start: start + at.start,
    end: start + at.end,
    message,
    related: [],
    help: [help],
    notes: [],
    tag: "unnecessary",
  };
}

// ---------------------------------------------------------------- names

interface Given {
  readonly name: string;
  readonly at: Span;
  readonly call: number;
}

interface Names {
  /** `at` is the step, from the start of the block; the call starts at `call`. */
  readonly given: readonly Given[];
  readonly used: ReadonlySet<string>;
}

const namesOf = perBlock((block: RowBlock): Names => {
  const given: Given[] = [];
  const used = new Set<string>();
  let by = 0;
  for (const row of block.items()) {
    const names = namesOfRow(row);
    for (const { name, at, call } of names.given)
      given.push({ name, at: { start: by + at.start, end: by + at.end }, call: by + call });
    for (const name of names.used) used.add(name);
    by += row.length;
  }
  return { given, used };
});

/** The same of one row, from its start: most rows of a block that was edited are those of the one before. */
const namesOfRow = perBlock(({ node }: Row): Names => {
  const given: Given[] = [];
  const used = new Set<string>();
  const visit = (step: Step): void => {
    switch (step.kind) {
      case "error":
        return;
      case "task":
      case "parallel":
        for (const inner of step.body) visit(inner);
        return;
      case "assert":
        namesIn(step.condition, used);
        return;
      case "step": {
        namesIn(step.value, used);
        // A struct is made to be given to a call, by its name.
        const { target, value } = step;
        if (target?.kind === "name" && value.kind === "call")
          given.push({
            name: target.text,
            at: { start: target.start, end: value.end },
            call: value.start,
          });
        return;
      }
      default:
        step satisfies never;
    }
  };
  if (node !== null) visit(node);
  return { given, used };
});

/** A name that is given and never used, where it is given last. */
function unusedHandles(place: Place, item: Item): Finding[] {
  const blocks = item.rows?.blocks ?? [];
  const names = blocks.map(namesOf);
  const last = new Map<string, Given>();
  let at = item.rowsStart;
  names.forEach(({ given }, i) => {
    for (const each of given) {
      const span = { start: at + each.at.start, end: at + each.at.end };
      last.set(each.name, { name: each.name, at: span, call: at + each.call });
    }
    at += blocks[i]?.characters ?? 0;
  });
  return [...last.values()].flatMap(({ name, at: step, call }) => {
    if (names.some(({ used }) => used.has(name)) || isFound(place, step)) return [];
    const span = { start: step.start, end: call };
    const help = "the call can stand without a name, unless the name is for the reader";
    return [hint(place, span, "unused-handle", `\`${name}\` is never used`, help)];
  });
}

function namesIn(node: unknown, into: Set<string>): void {
  if (typeof node !== "object" || node === null) return;
  if ("kind" in node && node.kind === "name" && "text" in node && typeof node.text === "string")
    into.add(node.text);
  for (const part of Object.values(node)) namesIn(part, into);
}

// ---------------------------------------------------------------- steps

const redundant = new WeakMap<ResultBlock, readonly (Span & { readonly name: string })[]>();

/** In a block of results, from its start. A block belongs to one run. */
function redundantIn(run: Run, block: ResultBlock): readonly (Span & { readonly name: string })[] {
  const known = redundant.get(block);
  if (known !== undefined) return known;
  const found: (Span & { readonly name: string })[] = [];
  let at = 0;
  for (const result of block.items()) {
    const { node, length } = result.row;
    if (node?.kind === "step" && isRedundant(run, result, node)) {
      const name = node.value.kind === "call" ? node.value.callee.text : "";
      found.push({ name, start: at + node.start, end: at + node.value.end });
    }
    at += length;
  }
  redundant.set(block, found);
  return found;
}

function redundantSteps(place: Place, item: Item, run: Run): Finding[] {
  const found: Finding[] = [];
  const help = "delete the step, or write `ok` behind it if that is what it should show";
  let at = item.rowsStart;
  for (const block of run.results.blocks) {
    for (const { name, start, end } of redundantIn(run, block))
      found.push(
        hint(
          place,
          { start: at + start, end: at + end },
          "redundant-step",
          `${name} changes nothing here`,
          help,
        ),
      );
    at += block.rows.characters;
  }
  return found;
}

/**
 * A call that is there to change something, succeeds, and leaves every cell and every name as it was: without it each
 * later step would see the same. Other orders of a parallel block could be different. A call that changes nothing
 * anywhere is a question, and asked for its own sake.
 */
function isRedundant(run: Run, { changes, outcome, context, findings }: RowResult, node: CallStep): boolean {
  const { value, target, expected } = node;
  if (value.kind !== "call" || target !== null || expected.length > 0) return false;
  if (outcome.kind !== "ok" || findings.length > 0) return false;
  for (let block: typeof context | null = context; block !== null; block = block.outer)
    if (block.block === "parallel") return false;
  if (value.args.some(({ value: given }) => given.kind === "call")) return false;
  const operation = run.world.system.operations.get(value.callee.text);
  if (operation === undefined || !changesThings(operation)) return false;
  if (changes.slots.some(([, old, now]) => old !== now)) return false;
  for (let i = 0; i < changes.cells.length; i += 5)
    if (changes.cells[i + 2] !== changes.cells[i + 4]) return false;
  return true;
}

const changing = new WeakMap<Operation, boolean>();

function changesThings(operation: Operation): boolean {
  const known = changing.get(operation);
  if (known !== undefined) return known;
  const changes = operation.body.some(isEffect);
  changing.set(operation, changes);
  return changes;
}

function isEffect(statement: Stmt): boolean {
  switch (statement.do) {
    case "assign":
    case "new":
    case "destroy":
    case "close":
    case "give":
      return true;
    case "if":
      return [...statement.then, ...statement.otherwise].some(isEffect);
    case "for":
      return statement.body.some(isEffect);
    case "require":
    case "let":
    case "return":
    case "fail":
      return false;
    default:
      return statement satisfies never;
  }
}
