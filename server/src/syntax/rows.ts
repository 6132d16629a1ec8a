// The body of a scenario as a list of rows that know nothing of their place, so that an edit replaces the rows it
// touches and no other. A row is a chunk: a step, the head or the end of a block, or a line that means nothing.

import {
  type Block,
  BlockSequence,
  lastAtOrBefore,
  lengthenedAt,
  replacedAt,
  runningSums,
  startsOf,
  use,
  usualBlock,
} from "../base/sequence.ts";
import type { Step } from "./ast.ts";
import { tooNested } from "./blocks.ts";
import { type Chunk, maxDepth } from "./layout.ts";
import { parseRow } from "./parse.ts";
import { detached, shifted } from "./tree.ts";
import { isBreak } from "./words.ts";

const kinds = ["step", "open", "close", "trivia"] as const;

/** One line of a scenario's body; position-free. Equal for equal text: also its spans are relative to its start. */
export class Row {
  /** A row that an edit replaced in place keeps its id. */
  readonly id: number;
  /** Characters, including leading white space and the line break. */
  readonly length: number;
  /** How many blocks of the scenario are open in front of it; -1 behind the scenario's last brace. */
  readonly depth: number;
  /** The text that it stands in, and where. */
  readonly source: string;
  readonly at: number;
  /** Where its code begins and ends. */
  readonly code: number;
  readonly codeEnd: number;
  /** The number of its kind, and 4 when it is nested too deeply, and 8 when text far behind it matters to it. */
  readonly shape: number;
  #node: Step | null | undefined;

  constructor(
    id: number,
    source: string,
    at: number,
    length: number,
    depth: number,
    code: number,
    codeEnd: number,
    shape: number,
  ) {
    this.id = id;
    this.source = source;
    this.at = at;
    this.length = length;
    this.depth = depth;
    this.code = code;
    this.codeEnd = codeEnd;
    this.shape = shape;
  }

  get kind(): "step" | "open" | "close" | "trivia" {
    return kinds[this.shape & 3] ?? "trivia";
  }

  get text(): string {
    return this.source.slice(this.at, this.at + this.length);
  }

  /**
   * "step": CallStep, AssertStep or ErrorNode. "open": the head of a TaskStep or ParallelStep with an empty body, or
   * an ErrorNode if the head did not parse. Otherwise null. Parsed when first asked for.
   */
  get node(): Step | null {
    this.#node ??= this.#parse();
    return this.#node;
  }

  #parse(): Step | null {
    const { text, code, codeEnd, shape } = this;
    if ((shape & 3) > 1) return null;
    if ((shape & 4) !== 0) return shifted(tooNested(text, code, codeEnd), code);
    return parseRow(text, code, codeEnd);
  }
}

/** The rows of one scenario. */
export class Rows extends BlockSequence<Row, RowBlock> {
  /** Where each block of rows starts, in characters from the start of the first row; one more for the end. */
  readonly blockStarts: Int32Array;

  constructor(blocks: readonly RowBlock[], starts: Int32Array, blockStarts: Int32Array) {
    super(blocks, starts);
    this.blockStarts = blockStarts;
  }
}

/** The row that a chunk makes; `whole` is the text that the chunk was cut from. */
export function rowOf(id: number, whole: string, chunk: Chunk, depth: number): Row {
  const { start, end } = chunk;
  const kind = kindOf(chunk);
  const isTooDeep = chunk.depth > maxDepth || (chunk.kind === "head" && depth >= maxDepth);
  const shape = kinds.indexOf(kind) + (isTooDeep ? 4 : 0) + (chunk.isFar ? 8 : 0);
  return new Row(id, whole, start, end - start, depth, chunk.code - start, chunk.codeEnd - start, shape);
}

/** The same row under another id. */
export function renamed(row: Row, id: number): Row {
  const { source, at, length, depth, code, codeEnd, shape } = row;
  return new Row(id, source, at, length, depth, code, codeEnd, shape);
}

function kindOf(chunk: Chunk): Row["kind"] {
  switch (chunk.kind) {
    case "trivia":
    case "doc":
      return "trivia";
    case "close":
      return "close";
    case "head":
      return "open";
    default:
      return "step";
  }
}

/** Whether brackets are left open in it, so that more than the next line decides where it ends. */
export const isFar = (row: Row): boolean => (row.shape & 8) !== 0;

export const endsLine = ({ source, at, length }: Row): boolean => isBreak(source.charCodeAt(at + length - 1));

/** The depth behind a row. */
export function depthAfter(row: Row): number {
  return row.kind === "open" ? row.depth + 1 : row.kind === "close" ? row.depth - 1 : row.depth;
}

/** Whether two rows say the same, whoever they are. */
export function sameText(a: Row, b: Row): boolean {
  return a.length === b.length && a.kind === b.kind && a.depth === b.depth && a.text === b.text;
}

/** Whether two rows are one: the same object, or read from a packed block twice. */
export const isSameRow = (a: Row, b: Row): boolean => a === b || (a.id === b.id && sameText(a, b));

// ---------------------------------------------------------------- blocks of rows

/** Rows between blocks that are there already. */
export function rowsOf(before: readonly RowBlock[], rows: readonly Row[], after: readonly RowBlock[]): Rows {
  if (rows.length === 0) return sequence([...before, ...after]);
  // A few alone do not make a block.
  if (rows.length < usualBlock / 4) {
    const [last, first] = [before.at(-1), after[0]];
    if (last !== undefined && last.length < usualBlock)
      return sequence([...before.slice(0, -1), ...cut([...last.items(), ...rows]), ...after]);
    if (first !== undefined && first.length < usualBlock)
      return sequence([...before, ...cut([...rows, ...first.items()]), ...after.slice(1)]);
  }
  return sequence([...before, ...cut(rows), ...after]);
}

const sequence = (blocks: readonly RowBlock[]): Rows =>
  new Rows(
    blocks,
    startsOf(blocks),
    runningSums(blocks, ({ characters }) => characters),
  );

export const NO_ROWS: Rows = sequence([]);

/** The same rows, but for one: that with this index in this block, a step for a step. */
export function withRow(rows: Rows, block: number, index: number, row: Row): Rows {
  const { blocks, starts, blockStarts } = rows;
  const old = blocks[block];
  if (old === undefined) return rows;
  const now = old.with(index, row);
  const moved = lengthenedAt(blockStarts, block, now.characters - old.characters);
  return new Rows(replacedAt(blocks, block, now), starts, moved);
}

function cut(rows: readonly Row[]): RowBlock[] {
  if (rows.length < 2 * usualBlock) return [blockOf(rows)];
  const blocks: RowBlock[] = [];
  for (let i = 0; i < rows.length; i += usualBlock) blocks.push(blockOf(rows.slice(i, i + usualBlock)));
  return blocks;
}

/** Texts longer than this are not kept alive by a few rows that were cut from them. */
const longSource = 100_000;
/** Numbers that a packed row takes. */
const stride = 6;

export function blockOf(rows: readonly Row[]): RowBlock {
  let characters = 0;
  let lines = 0;
  let hasFar = false;
  let [first, last] = [Number.POSITIVE_INFINITY, -1];
  for (const row of rows) {
    characters += row.length;
    if (endsLine(row)) lines++;
    if (isFar(row)) hasFar = true;
    if (row.id < first) first = row.id;
    if (row.id > last) last = row.id;
  }
  const block = new RowBlock(rows, characters, lines, hasFar, first, last, null);
  if ((rows[0]?.source.length ?? 0) > longSource) block.pack();
  return block;
}

type Numbers = Uint8Array | Uint16Array | Int32Array;

interface Packed {
  readonly text: string;
  readonly numbers: Numbers;
}

/** A class, for one is made at every key. */
export class RowBlock implements Block<Row> {
  readonly length: number;
  /** All characters of its rows. */
  readonly characters: number;
  /** Lines that end in it. */
  readonly lines: number;
  /** Whether one of its rows is far (see isFar). */
  readonly hasFar: boolean;
  /** The lowest id of its rows, and the highest. */
  readonly #first: number;
  readonly #last: number;
  #open: readonly Row[] | null;
  #packed: Packed | null = null;
  #offsets: Int32Array | null;

  constructor(
    rows: readonly Row[],
    characters: number,
    lines: number,
    hasFar: boolean,
    first: number,
    last: number,
    offsets: Int32Array | null,
  ) {
    this.length = rows.length;
    this.characters = characters;
    this.lines = lines;
    this.hasFar = hasFar;
    this.#first = first;
    this.#last = last;
    this.#open = rows;
    this.#offsets = offsets;
  }

  items(): readonly Row[] {
    this.#open ??= this.peek();
    use(this);
    return this.#open;
  }

  /** The rows, for someone who looks once. */
  peek(): readonly Row[] {
    if (this.#open !== null) return this.#open;
    return this.#packed === null ? [] : unpacked(this.#packed, this.#first);
  }

  /** Where each row starts, from the start of the first. */
  offsets(): Int32Array {
    this.#offsets ??= runningSums(this.items(), (row) => row.length);
    return this.#offsets;
  }

  /** The index of the row with this id; -1 when it is not in here. */
  indexOf(id: number): number {
    if (id < this.#first || id > this.#last) return -1;
    const items = this.items();
    const guess = id - this.#first;
    // What was read in one go has its ids in order.
    return items[guess]?.id === id ? guess : items.findIndex((row) => row.id === id);
  }

  text(): string {
    return this.#packed?.text ?? textOfRows(this.#open ?? []);
  }

  /** The block with another row, of the same id, in the place of one: a step for a step. */
  with(index: number, row: Row): RowBlock {
    const items = this.items();
    const by = row.length - (items[index]?.length ?? 0);
    return new RowBlock(
      replacedAt(items, index, row),
      this.characters + by,
      this.lines,
      this.hasFar || isFar(row),
      this.#first,
      this.#last,
      lengthenedAt(this.offsets(), index, by),
    );
  }

  pack(): void {
    const open = this.#open ?? [];
    this.#packed ??= { text: detached(textOfRows(open)), numbers: numbersOf(open, this.#first) };
    this.#open = null;
    this.#offsets = null;
  }
}

// ---------------------------------------------------------------- where rows stand

/** Where the row with this index starts, from the start of the first; of one behind the last, where that ends. */
export function startOfRow(rows: Rows, index: number): number {
  const block = lastAtOrBefore(rows.starts, rows.blocks.length, index);
  const inside = rows.blocks[block]?.offsets()[index - (rows.starts[block] ?? 0)] ?? 0;
  return (rows.blockStarts[block] ?? 0) + inside;
}

/** The index of the row with this id; -1 when there is none. */
export function indexOfRow(rows: Rows, id: number): number {
  for (const [i, block] of rows.blocks.entries()) {
    const index = block.indexOf(id);
    if (index !== -1) return (rows.starts[i] ?? 0) + index;
  }
  return -1;
}

/** The row that holds the character `at`, and where it starts, from the start of the first row. */
export function rowAtOffset(
  rows: Rows,
  at: number,
): { readonly row: Row; readonly index: number; readonly start: number } | null {
  const starts = rows.blockStarts;
  const i = lastAtOrBefore(starts, rows.blocks.length, at);
  const [block, start = 0] = [rows.blocks[i], starts[i]];
  if (block === undefined || at >= start + block.characters) return null;
  const offsets = block.offsets();
  const k = lastAtOrBefore(offsets, block.length, at - start);
  const row = block.items()[k];
  return row === undefined
    ? null
    : { row, index: (rows.starts[i] ?? 0) + k, start: start + (offsets[k] ?? 0) };
}

/** The characters from one place to another, from the start of the first row. */
export function textBetween(rows: Rows, from: number, to: number): string {
  const starts = rows.blockStarts;
  let text = "";
  for (let i = Math.max(0, lastAtOrBefore(starts, rows.blocks.length, from)); i < rows.blocks.length; i++) {
    const start = starts[i] ?? 0;
    if (start >= to) break;
    text += rows.blocks[i]?.text().slice(Math.max(0, from - start), Math.max(0, to - start)) ?? "";
  }
  return text;
}

function textOfRows(rows: readonly Row[]): string {
  let text = "";
  for (const row of rows) text += row.text;
  return text;
}

/** As narrow as they can be; ids count from the first. */
function numbersOf(rows: readonly Row[], first: number): Numbers {
  const numbers = new Int32Array(rows.length * stride);
  let i = 0;
  let bits = 0;
  for (const { id, length, depth, code, codeEnd, shape } of rows) {
    numbers[i] = id - first;
    numbers[i + 1] = length;
    numbers[i + 2] = depth + 1;
    numbers[i + 3] = code;
    numbers[i + 4] = codeEnd;
    numbers[i + 5] = shape;
    bits |= (id - first) | length | (depth + 1) | code | codeEnd | shape;
    i += stride;
  }
  if (bits >>> 16 !== 0) return numbers;
  return bits >>> 8 === 0 ? Uint8Array.from(numbers) : Uint16Array.from(numbers);
}

function unpacked({ text, numbers }: Packed, first: number): Row[] {
  const rows: Row[] = [];
  let at = 0;
  for (let i = 0; i < numbers.length; i += stride) {
    const length = numbers[i + 1] ?? 0;
    const depth = (numbers[i + 2] ?? 0) - 1;
    const [code, codeEnd] = [numbers[i + 3] ?? 0, numbers[i + 4] ?? 0];
    rows.push(
      new Row(first + (numbers[i] ?? 0), text, at, length, depth, code, codeEnd, numbers[i + 5] ?? 0),
    );
    at += length;
  }
  return rows;
}
