// What the rows of a run came to, in blocks along the blocks of rows. A block that is not in use is packed: of most
// rows there is nothing to say but which cells they wrote.

import { type Block, lastAtOrBefore, type Sequence, sequenceOf, use, withBlock } from "../base/sequence.ts";
import { BOOT } from "../model/machine.ts";
import type { Row, RowBlock, Rows } from "../syntax/document.ts";
import { stepOfRow } from "./findings.ts";
import { type Net, netOf } from "./net.ts";
import { OK, type Outcome, type StepFinding } from "./outcome.ts";
import type { Changes } from "./world.ts";

/** The blocks that are open behind a row, innermost first. */
export interface Context {
  readonly task: number;
  readonly block: "task" | "parallel" | null;
  /** The id of the row that opened it. */
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

export interface ResultBlock extends Block<RowResult> {
  readonly rows: RowBlock;
  /** Of all its rows, in order. */
  readonly findings: readonly StepFinding[];
  readonly steps: number;
  /** All that its rows changed. */
  readonly net: () => Net;
  /** The block along `rows`, with another result in the place of one: of a step for a step. */
  readonly with: (rows: RowBlock, index: number, result: RowResult) => ResultBlock;
  readonly pack: () => void;
}

export type Results = Sequence<RowResult, ResultBlock>;

export const START: Context = { task: 0, block: null, since: -1, outer: null };
export const NO_FINDINGS: readonly StepFinding[] = [];
export const NO_CHANGES: Changes = { step: BOOT, cells: [], slots: [] };
export const NO_RESULTS: Results = sequenceOf([]);

/** What is special about a row: most have nothing here. */
interface Special {
  readonly context: Context | null;
  readonly slots: Changes["slots"];
  readonly outcome: Outcome;
  readonly findings: readonly StepFinding[];
}

interface Packed {
  /** Behind the last number of each row, in `cells`. */
  readonly ends: Uint32Array;
  readonly cells: Int32Array | Float64Array;
  readonly context: Context;
  readonly special: ReadonlyMap<number, Special>;
}

function blockOf(rows: RowBlock, results: readonly RowResult[]): ResultBlock {
  const findings = results.flatMap((result) => result.findings);
  const steps = results.filter(({ row }) => row.kind === "step").length;
  return blockFrom(rows, results, findings.length === 0 ? NO_FINDINGS : findings, steps);
}

function blockFrom(
  rows: RowBlock,
  results: readonly RowResult[],
  findings: readonly StepFinding[],
  steps: number,
): ResultBlock {
  let open: readonly RowResult[] | null = results;
  let packed: Packed | null = null;
  let net: Net | null = null;
  const block: ResultBlock = {
    length: results.length,
    rows,
    findings,
    steps,
    with(others, index, result) {
      const items = block.items().slice();
      items[index] = result;
      const isQuiet = findings.length === 0 && result.findings.length === 0;
      return isQuiet ? blockFrom(others, items, findings, steps) : blockOf(others, items);
    },
    items() {
      open ??= packed === null ? [] : unpacked(packed, rows.items());
      use(block);
      return open;
    },
    net() {
      net ??= netOf(open ?? []);
      return net;
    },
    pack() {
      // While the rows are here: whoever has far to go does not want to unpack them.
      block.net();
      packed ??= packedFrom(open ?? []);
      open = null;
    },
  };
  use(block);
  return block;
}

function packedFrom(results: readonly RowResult[]): Packed {
  const context = results[0]?.context ?? START;
  const special = new Map<number, Special>();
  const ends = new Uint32Array(results.length);
  const all: number[] = [];
  let isSmall = true;
  results.forEach((result, i) => {
    const { changes, outcome, findings } = result;
    for (const number of changes.cells) {
      all.push(number);
      if (number !== (number | 0)) isSmall = false;
    }
    ends[i] = all.length;
    if (result.context === context && changes.slots.length === 0 && outcome === OK && findings.length === 0)
      return;
    special.set(i, {
      context: result.context === context ? null : result.context,
      slots: changes.slots,
      outcome,
      findings,
    });
  });
  return { ends, cells: isSmall ? Int32Array.from(all) : Float64Array.from(all), context, special };
}

function unpacked({ ends, cells, context, special }: Packed, rows: readonly Row[]): RowResult[] {
  let from = 0;
  return rows.map((row, i) => {
    const end = ends[i] ?? 0;
    const own = special.get(i);
    const slots = own?.slots ?? NO_CHANGES.slots;
    const changes =
      end === from && slots.length === 0
        ? NO_CHANGES
        : { step: stepOfRow(row.id), cells: Array.from(cells.subarray(from, end)), slots };
    from = end;
    return {
      row,
      context: own?.context ?? context,
      changes,
      outcome: own?.outcome ?? OK,
      findings: own?.findings ?? NO_FINDINGS,
    };
  });
}

/** The same results, but for one: that with this index in this block, of a step for a step. */
export function withResult(
  results: Results,
  rows: Rows,
  block: number,
  index: number,
  result: RowResult,
): Results {
  const [old, own] = [results.blocks[block], rows.blocks[block]];
  return old === undefined || own === undefined
    ? results
    : withBlock(results, block, old.with(own, index, result));
}

/** Results under construction, along `rows`. */
export interface Builder {
  readonly length: number;
  readonly blocks: readonly ResultBlock[];
  /** Undefined where there is none yet. */
  readonly at: (index: number) => RowResult | undefined;
  readonly last: () => RowResult | undefined;
  readonly push: (result: RowResult) => void;
  /** Takes over a block that is about the next block of rows; between blocks only. */
  readonly pushBlock: (block: ResultBlock) => void;
  /** The results behind the row with this id, up to the last. */
  readonly since: (id: number) => readonly RowResult[];
  /** Whether there is nothing behind the blocks. */
  readonly isBetween: () => boolean;
  /** Of the blocks. */
  readonly done: () => Results;
}

/** Begins with the first `count` results of `before`, whose rows are those of `rows`. */
export function buildResults(rows: Rows, before: Results, count: number): Builder {
  const whole = lastAtOrBefore(rows.starts, rows.blocks.length, count);
  const blocks: ResultBlock[] = [];
  let current: RowResult[] = [];
  let length = 0;
  const builder: Builder = {
    get length() {
      return length;
    },
    blocks,
    at(index) {
      const block = lastAtOrBefore(rows.starts, rows.blocks.length, index);
      const inside = index - (rows.starts[block] ?? 0);
      return block < blocks.length ? blocks[block]?.items()[inside] : current[inside];
    },
    last: () => current.at(-1) ?? blocks.at(-1)?.items().at(-1),
    push(result) {
      current.push(result);
      length++;
      const block = rows.blocks[blocks.length];
      if (block === undefined || current.length < block.length) return;
      blocks.push(blockOf(block, current));
      current = [];
    },
    pushBlock(block) {
      blocks.push(block);
      length += block.length;
    },
    since(id) {
      const found: RowResult[] = [];
      for (let i = blocks.length; i >= 0; i--) {
        const items = i === blocks.length ? current : (blocks[i]?.items() ?? []);
        const at = items.findIndex(({ row }) => row.id === id);
        found.unshift(...items.slice(at + 1));
        if (at !== -1) break;
      }
      return found;
    },
    isBetween: () => current.length === 0,
    done: () => sequenceOf(blocks.slice()),
  };
  for (let i = 0; i < whole; i++) {
    const block = before.blocks[i];
    if (block !== undefined && block.rows === rows.blocks[i]) builder.pushBlock(block);
    else for (const result of before.slice(rows.starts[i] ?? 0, rows.starts[i + 1])) builder.push(result);
  }
  for (const result of before.slice(rows.starts[whole] ?? 0, count)) builder.push(result);
  return builder;
}
