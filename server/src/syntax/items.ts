// Cuts a text into items, one for each declaration, and reads them. The builder of document.ts: it starts anywhere that
// an item or a row starts, and stops where it meets what the document before an edit already knows.

import { usualBlock } from "../base/sequence.ts";
import type { Declaration, ErrorNode } from "./ast.ts";
import { neverClosed, readBlock, rememberSeams, startsDeclaration, tooNested } from "./blocks.ts";
import { type Chunk, maxDepth, nextChunk, type Source } from "./layout.ts";
import { errorNode, parseChunk } from "./parse.ts";
import {
  blockOf,
  depthAfter,
  type Row,
  type RowBlock,
  type Rows,
  rowOf,
  rowsOf,
  startOfRow,
} from "./rows.ts";
import { detached, shifted } from "./tree.ts";

/** One declaration, with the blank lines and comments behind it. Spans are relative to its start. */
export interface Item {
  readonly id: number;
  /** All characters up to the next item. */
  readonly length: number;
  /** Null for a text without any. The body of a scenario is in the rows, and empty here. */
  readonly declaration: Declaration | null;
  /** What is wrong with the blocks: never closed, stray brace. ErrorNodes in the tree are not repeated here. */
  readonly errors: readonly ErrorNode[];
  /** Of a scenario, also one whose head did not parse; otherwise null. */
  readonly rows: Rows | null;
  /** Where the first row starts. The rows reach to the end of the item. */
  readonly rowsStart: number;
  /** The text in front of the rows; all of it where there are none. */
  readonly head: string;
  /** Where the `{` in front of the rows stands. */
  readonly brace: number;
}

/** What the rows of a scenario under construction need. */
type Head = Pick<Item, "declaration" | "rowsStart" | "brace" | "head">;

/** What can be taken over from the document before an edit. */
export interface Known {
  /** A row that stands at this place of the new text, with this length and depth, in front of the edit. */
  rowBefore(at: number, length: number, depth: number): Row | null;
  /** The rows from this place of the new text on, up to the end of their scenario. */
  rowsFrom(
    at: number,
    depth: number,
  ): { readonly rows: readonly Row[]; readonly blocks: readonly RowBlock[] } | null;
  /** The items from this place of the new text on. */
  itemsFrom(at: number): readonly Item[] | null;
}

/** The first rows of a scenario, when they are there already. */
export interface Kept {
  readonly item: Item;
  /** Whole blocks of rows, and the rows behind them. */
  readonly blocks: readonly RowBlock[];
  readonly rows: readonly Row[];
  /** How many blocks of the scenario are open behind them. */
  readonly depth: number;
}

export interface Reader {
  readonly source: Source;
  readonly known: Known | null;
  nextId: number;
}

/** Reads the item that starts at `start`; its blank lines and comments in front count as its own. */
export function readItem(reader: Reader, start: number): Item {
  const { source } = reader;
  const { text } = source;
  let at = start;
  let docs = -1;
  let chunk = nextChunk(source, at);
  while (at < text.length && (chunk.kind === "trivia" || chunk.kind === "doc")) {
    if (chunk.kind === "doc" && docs < 0) docs = chunk.start;
    at = chunk.end;
    chunk = nextChunk(source, at);
  }
  const id = reader.nextId++;
  const whole = (end: number, declaration: Declaration | null, errors: readonly ErrorNode[] = []): Item => {
    const head = detached(text.slice(start, end));
    return { id, errors, rows: null, rowsStart: 0, brace: 0, head, length: end - start, declaration };
  };
  if (at >= text.length) return whole(at, null);
  const code = docs >= 0 && chunk.kind !== "close" && chunk.kind !== "else" ? docs : chunk.code;
  const base = code - start;
  if (chunk.kind === "close") {
    return whole(behindJunk(source, chunk.end), errorNode("this `}` closes nothing", base, base + 1));
  }
  const parsed = shifted(parseDeclaration(text, code, chunk), base);
  if (chunk.kind === "line" && !missesBrace(chunk, parsed)) {
    return whole((parsed.kind === "error" ? behindJunk : behind)(source, chunk.end), parsed);
  }
  if (chunk.first.word === "scenario" && chunk.kind !== "else") {
    const head = {
      declaration: parsed,
      rowsStart: chunk.end - start,
      brace: chunk.codeEnd - 1 - start,
      head: detached(text.slice(start, chunk.end)),
    };
    return { ...readRows(reader, chunk.end, head, null), id };
  }
  const known = parsed.kind !== "error" && isBlock(parsed.kind) ? parsed : null;
  const block = readBlock(source, start, known, chunk);
  const end = (known === null ? behindJunk : behind)(source, block.end);
  const isClosed = block.declaration?.kind === "proposal" && !block.declaration.open;
  if (isClosed && block.errors.length === 0) rememberSeams(block.declaration, block.seams);
  return whole(end, known === null ? parsed : block.declaration, block.errors);
}

/** Reads on behind the first rows of a scenario. */
export function readOn(reader: Reader, at: number, kept: Kept): Item {
  return { ...readRows(reader, at, kept.item, kept), id: reader.nextId++ };
}

const isBlock = (kind: string): boolean => kind === "topology" || kind === "proposal" || kind === "verify";

/** A head whose `{` is missing still has its block: one mistake, one error. */
function missesBrace(chunk: Chunk, parsed: Declaration): boolean {
  return parsed.kind === "error" && chunk.first.head && startsDeclaration(chunk);
}

function parseDeclaration(text: string, code: number, chunk: Chunk): Declaration {
  if (chunk.depth > maxDepth) return tooNested(text, code, chunk.codeEnd);
  return parseChunk("Declaration", text.slice(code, chunk.codeEnd));
}

/** Behind all that follows a mistake and starts no declaration: one brace too many costs one error. */
function behindJunk(source: Source, from: number): number {
  let at = behind(source, from);
  while (at < source.text.length) {
    const chunk = nextChunk(source, at);
    if (chunk.kind === "doc" || chunk.first.starts === "declaration") return at;
    at = behind(source, chunk.end);
  }
  return at;
}

/** Behind the blank lines and comments after a declaration, but in front of the doc comment of the next one. */
function behind(source: Source, from: number): number {
  let at = from;
  let docs = -1;
  while (at < source.text.length) {
    const chunk = nextChunk(source, at);
    if (chunk.kind === "doc" && docs < 0) docs = at;
    if (chunk.kind !== "trivia" && chunk.kind !== "doc") return docs >= 0 ? docs : at;
    at = chunk.end;
  }
  return at;
}

/** Reads the rows of a scenario from `from` on. */
function readRows(reader: Reader, from: number, head: Head, kept: Kept | null): Omit<Item, "id"> {
  const { source, known } = reader;
  const { text } = source;
  const blocks: RowBlock[] = kept === null ? [] : kept.blocks.slice();
  let rows: Row[] = kept === null ? [] : kept.rows.slice();
  let depth = kept === null ? 0 : kept.depth;
  let at = from;
  let docs = -1; // how many rows there were in front of the doc comment of the next declaration
  let docsAt = 0;
  let tail: readonly RowBlock[] = [];

  while (at < text.length) {
    const rest = docs < 0 ? (known?.rowsFrom(at, depth) ?? null) : null;
    if (rest !== null) {
      for (const row of rest.rows) rows.push(row);
      tail = rest.blocks;
      break;
    }
    if (rows.length >= 2 * usualBlock && docs < 0) {
      blocks.push(blockOf(rows.slice(0, usualBlock)));
      rows = rows.slice(usualBlock);
    }
    const chunk = nextChunk(source, at);
    const code = chunk.kind !== "trivia" && chunk.kind !== "doc";
    if (code && (depth < 0 || startsDeclaration(chunk))) {
      if (docs >= 0) {
        rows.length = docs;
        at = docsAt;
      }
      break;
    }
    if (code) docs = -1;
    else if (chunk.kind === "doc" && docs < 0) {
      docs = rows.length;
      docsAt = at;
    }
    const row = known?.rowBefore(at, chunk.end - at, depth) ?? rowOf(reader.nextId++, text, chunk, depth);
    rows.push(row);
    depth = depthAfter(row);
    at = chunk.end;
  }
  return scenarioOf(head, rowsOf(blocks, rows, tail));
}

/** The item of a scenario that has these rows. */
function scenarioOf({ declaration, rowsStart, head, brace }: Head, rows: Rows): Omit<Item, "id"> {
  const length = rowsStart + startOfRow(rows, rows.length);
  const item = { length, declaration, errors: [], rows, rowsStart, head, brace };
  if (declaration?.kind !== "scenario") return item;
  // From the end: blank lines, then the last brace if it closes the scenario.
  let at = length;
  let i = rows.length - 1;
  let last = rows.at(i);
  while (i >= 0 && last?.kind === "trivia") {
    at -= last.length;
    i--;
    last = rows.at(i);
  }
  if (i < 0) last = undefined;
  const open = last === undefined || depthAfter(last) >= 0;
  const end = last === undefined ? rowsStart : at - last.length + endOf(last);
  const errors = open ? [neverClosed(unclosed(rows, rowsStart, brace))] : [];
  return { ...item, declaration: { ...declaration, body: [], open, end }, errors };
}

/** Behind what a row says: the brace of a closing one. */
const endOf = (row: Row): number => row.node?.end ?? row.text.indexOf("}") + 1;

/** The brace of the innermost block that is open at the end. */
function unclosed(rows: Rows, rowsStart: number, brace: number): number {
  const last = rows.at(rows.length - 1);
  let depth = last === undefined ? 0 : depthAfter(last);
  for (let i = rows.length - 1; i >= 0 && depth > 0; i--) {
    const row = rows.at(i);
    if (row === undefined) break;
    if (row.kind === "open" && row.depth === depth - 1)
      return rowsStart + startOfRow(rows, i) + row.text.search(/\{[^{]*$/);
    depth = Math.min(depth, row.depth);
  }
  return brace;
}
