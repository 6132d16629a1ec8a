// Cuts a text into items, one for each declaration, and reads them. The builder of document.ts: it starts anywhere that
// an item or a row starts, and stops where it meets what the document before an edit already knows.

import type { Declaration, ErrorNode } from "./ast.ts";
import { neverClosed, readBlock, startsDeclaration, tooNested } from "./blocks.ts";
import { type Chunk, maxDepth, nextChunk, type Source } from "./layout.ts";
import { errorNode, parseChunk } from "./parse.ts";
import { depthAfter, type Row, rowOf } from "./rows.ts";
import { shifted } from "./tree.ts";

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
  readonly rows: readonly Row[] | null;
  /** Where the first row starts. The rows reach to the end of the item. */
  readonly rowsStart: number;
}

/** What the rows of a scenario under construction need. */
interface Head {
  readonly declaration: Declaration;
  readonly rowsStart: number;
  readonly brace: number;
}

/** What can be taken over from the document before an edit. */
export interface Known {
  /** A row that stands at this place of the new text, with this length and depth, in front of the edit. */
  rowBefore(at: number, length: number, depth: number): Row | null;
  /** The rows from this place of the new text on, up to the end of their scenario. */
  rowsFrom(at: number, depth: number): { readonly rows: readonly Row[]; readonly end: number } | null;
  /** The items from this place of the new text on. */
  itemsFrom(at: number): readonly Item[] | null;
}

/** The first rows of a scenario, when they are there already. */
export interface Kept {
  readonly rows: readonly Row[];
  /** Their characters, and how many blocks are open behind them. */
  readonly length: number;
  readonly depth: number;
}

export interface Reader {
  readonly source: Source;
  readonly known: Known | null;
  nextId: number;
}

/** Reads the item that starts at `start`; its blank lines and comments in front count as its own. */
export function readItem(reader: Reader, start: number, kept: Kept | null): Item {
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
  const item = { id: reader.nextId++, errors: [], rows: null, rowsStart: 0 };
  if (at >= text.length) return { ...item, length: at - start, declaration: null };
  const code = docs >= 0 && chunk.kind !== "close" && chunk.kind !== "else" ? docs : chunk.code;
  const base = code - start;
  if (chunk.kind === "close") {
    const declaration = errorNode("this `}` closes nothing", base, base + 1);
    return { ...item, declaration, length: behindJunk(source, chunk.end) - start };
  }
  const parsed = shifted(parseDeclaration(text, code, chunk), base);
  if (chunk.kind === "line" && !missesBrace(chunk, parsed)) {
    const end = parsed.kind === "error" ? behindJunk(source, chunk.end) : behind(source, chunk.end);
    return { ...item, declaration: parsed, length: end - start };
  }
  if (chunk.first.word === "scenario" && chunk.kind !== "else") {
    const head = { declaration: parsed, rowsStart: chunk.end - start, brace: chunk.codeEnd - 1 - start };
    return { ...item, ...readRows(reader, start, head, kept) };
  }
  const known = parsed.kind !== "error" && isBlock(parsed.kind) ? parsed : null;
  const block = readBlock(source, start, known, chunk);
  return {
    ...item,
    declaration: known === null ? parsed : block.declaration,
    errors: block.errors,
    length: (known === null ? behindJunk : behind)(source, block.end) - start,
  };
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

/** Reads the rows of a scenario. Answers the parts of its item. */
function readRows(
  reader: Reader,
  start: number,
  head: Head,
  kept: Kept | null,
): Pick<Item, "declaration" | "errors" | "rows" | "rowsStart" | "length"> {
  const { source, known } = reader;
  const { text } = source;
  const rows: Row[] = kept === null ? [] : kept.rows.slice();
  let depth = kept === null ? 0 : kept.depth;
  let at = start + head.rowsStart + (kept === null ? 0 : kept.length);
  let docs = -1; // how many rows there were in front of the doc comment of the next declaration
  let docsAt = 0;
  let tail: readonly Row[] = [];

  while (at < text.length) {
    const rest = known?.rowsFrom(at, depth) ?? null;
    if (rest !== null && docs < 0) {
      tail = rest.rows;
      at = rest.end;
      break;
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
  const all = tail.length === 0 ? rows : rows.concat(tail);
  return { ...finished(head, all, at - start), rows: all, rowsStart: head.rowsStart, length: at - start };
}

/** The declaration and the errors of a scenario that has these rows. */
function finished(
  head: Head,
  rows: readonly Row[],
  length: number,
): { readonly declaration: Declaration; readonly errors: readonly ErrorNode[] } {
  const { declaration, brace } = head;
  // From the end: blank lines, then the last brace if it closes the scenario.
  let at = length;
  let i = rows.length - 1;
  for (; i >= 0; i--) {
    const row = rows[i];
    if (row === undefined || row.kind !== "trivia") break;
    at -= row.length;
  }
  const last = rows[i];
  const open = last === undefined || depthAfter(last) >= 0;
  const end = last === undefined ? head.rowsStart : at - last.length + endOf(last);
  const errors = open && declaration.kind === "scenario" ? [neverClosed(unclosed(rows, head, brace))] : [];
  if (declaration.kind !== "scenario") return { declaration, errors };
  return { declaration: { ...declaration, body: [], open, end }, errors };
}

/** Behind what a row says: the brace of a closing one. */
const endOf = (row: Row): number => row.node?.end ?? row.text.indexOf("}") + 1;

/** The brace of the innermost block that is open at the end. */
function unclosed(rows: readonly Row[], head: Head, brace: number): number {
  const last = rows.at(-1);
  if (last === undefined) return brace;
  let depth = depthAfter(last);
  let at = head.rowsStart;
  for (const row of rows) at += row.length;
  for (let i = rows.length - 1; i >= 0 && depth > 0; i--) {
    const row = rows[i];
    if (row === undefined) break;
    at -= row.length;
    if (row.kind === "open" && row.depth === depth - 1) return at + row.text.search(/\{[^{]*$/);
    depth = Math.min(depth, row.depth);
  }
  return brace;
}
