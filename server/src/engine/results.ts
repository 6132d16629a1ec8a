// What the rows of a run came to, in blocks along the blocks of rows. A block that is not in use is packed.

import {
  type Block,
  lastAtOrBefore,
  replacedAt,
  type Sequence,
  sequenceOf,
  use,
  withBlock,
} from "../base/sequence.ts";
import type { RowBlock, Rows } from "../syntax/document.ts";
import { type Net, netOf } from "./net.ts";
import type { StepFinding } from "./outcome.ts";
import { type PackedResults, packResults, unpackedNet, unpackedResults } from "./packed-results.ts";
import { NO_FINDINGS, type RowResult } from "./row-result.ts";

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

export const NO_RESULTS: Results = sequenceOf([]);

function blockOf(rows: RowBlock, results: readonly RowResult[]): ResultBlock {
  const findings = results.flatMap((result) => result.findings);
  const steps = results.filter(({ row }) => row.kind === "step").length;
  return new PackableBlock(rows, results, findings.length === 0 ? NO_FINDINGS : findings, steps);
}

class PackableBlock implements ResultBlock {
  readonly length: number;
  readonly rows: RowBlock;
  readonly findings: readonly StepFinding[];
  readonly steps: number;
  #open: readonly RowResult[] | null;
  #packed: PackedResults | null = null;
  #net: Net | null = null;

  constructor(
    rows: RowBlock,
    results: readonly RowResult[],
    findings: readonly StepFinding[],
    steps: number,
  ) {
    this.length = results.length;
    this.rows = rows;
    this.findings = findings;
    this.steps = steps;
    this.#open = results;
    use(this);
  }

  with(rows: RowBlock, index: number, result: RowResult): ResultBlock {
    const items = replacedAt(this.items(), index, result);
    const isQuiet = this.findings.length === 0 && result.findings.length === 0;
    return isQuiet ? new PackableBlock(rows, items, NO_FINDINGS, this.steps) : blockOf(rows, items);
  }

  items(): readonly RowResult[] {
    this.#open ??= this.#packed === null ? [] : unpackedResults(this.#packed, this.rows.items());
    use(this);
    return this.#open;
  }

  net(): Net {
    // Whoever has far to go does not want all rows for it, and comes by but once.
    if (this.#packed !== null) return unpackedNet(this.#packed);
    this.#net ??= netOf(this.#open ?? []);
    return this.#net;
  }

  pack(): void {
    this.#packed ??= packResults(this.#open ?? [], this.net());
    this.#open = null;
    this.#net = null;
  }
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
