// The tree of a text as a list of items, and what an edit makes of it: what the edit did not touch stays the same
// object. Reading starts anew a few lines before the edit, for most rows depend on the next line at most, and none on
// more than 32 (see layout.ts). It ends at the first row or item behind the edit that was there before, with as many
// blocks open.
// Only the text around the edit is put together for that.

import { lastAtOrBefore, lengthenedAt, replacedAt, runningSums } from "../base/sequence.ts";
import { editBlock } from "./edit-block.ts";
import { editRow, type RowEdit } from "./edit-row.ts";
import { takeOverItems } from "./identity.ts";
import { type Item, type Kept, type Known, type Reader, readItem, readOn } from "./items.ts";
import { lookAhead, sourceOf } from "./layout.ts";
import { linesAbove } from "./places.ts";
import {
  depthAfter,
  endsLine,
  isFar,
  type Row,
  type Rows,
  rowAtOffset,
  startOfRow,
  textBetween,
} from "./rows.ts";
import { isBreak } from "./words.ts";

export type { Item } from "./items.ts";
export type { Row, RowBlock, Rows } from "./rows.ts";
export { indexOfRow, isSameRow, NO_ROWS, rowAtOffset } from "./rows.ts";

export interface Document {
  /** Put together when first asked for. */
  readonly text: string;
  readonly length: number;
  readonly items: readonly Item[];
  /** Where each item starts; one more for the end of the text. */
  readonly starts: Int32Array;
  /** How it differs from the document that it was made of; null when in more than one row. */
  readonly change: RowChange | null;
  /** The next id to give away. Ids are unique within a document and those edited from it. */
  readonly nextId: number;
}

/** A document is that of `from` but for one row. */
export interface RowChange extends RowEdit {
  /** What `from` had in common with no other document: its list of items. */
  readonly from: object;
  /** The index of the item. */
  readonly index: number;
}

export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export function parseDocument(text: string): Document {
  const { items, nextId } = readAll(text, 1);
  return documentOf(items, nextId, text);
}

function readAll(text: string, nextId: number): { readonly items: readonly Item[]; readonly nextId: number } {
  const reader: Reader = { source: sourceOf(text), known: null, nextId };
  const items: Item[] = [];
  for (let at = 0; at < text.length; at += items.at(-1)?.length ?? 1) items.push(readItem(reader, at));
  return { items, nextId: reader.nextId };
}

function documentOf(items: readonly Item[], nextId: number, whole: string | null = null): Document {
  const starts = runningSums(items, ({ length }) => length);
  return documentFrom(items, nextId, starts, null, whole);
}

function documentFrom(
  items: readonly Item[],
  nextId: number,
  starts: Int32Array,
  change: RowChange | null,
  whole: string | null,
): Document {
  let text = whole;
  return {
    items,
    starts,
    change,
    nextId,
    length: starts[items.length] ?? 0,
    get text() {
      text ??= items.map((item) => textOfItem(item, 0, item.length)).join("");
      return text;
    },
  };
}

function textOfItem({ head, rows, rowsStart }: Item, from: number, to: number): string {
  const front = head.slice(Math.max(0, from), Math.max(0, to));
  return rows === null || to <= rowsStart
    ? front
    : front + textBetween(rows, from - rowsStart, to - rowsStart);
}

/** The characters of a document from one place to another. */
export function textIn(document: Document, from: number, to: number): string {
  const starts = itemStarts(document);
  let text = "";
  for (let i = Math.max(0, lastAtOrBefore(starts, document.items.length, from)); ; i++) {
    const [item, start = 0] = [document.items[i], starts[i]];
    if (item === undefined || start >= to) return text;
    text += textOfItem(item, from - start, to - start);
  }
}

/** Where each item starts; one more for the end of the text. */
export const itemStarts = ({ starts }: Document): Int32Array => starts;

/** Where the row with this index starts, relative to its item; of one behind the last, where that ends. */
export function rowStart({ rows, rowsStart }: Item, index: number): number {
  return rows === null ? rowsStart : rowsStart + startOfRow(rows, index);
}

export function editDocument(document: Document, edit: Edit): Document {
  const start = Math.max(0, Math.min(edit.start, document.length));
  const end = Math.max(start, Math.min(edit.end, document.length));
  const within =
    editWithinRow(document, start, end, edit.text) ?? editWithinBlock(document, start, end, edit.text);
  if (within !== null) return within;
  const around = textIn(document, start - 1, start) + edit.text + textIn(document, end, end + 1);
  // A comment may have got its end, however far above it starts.
  const { items, nextId } = around.includes("*/")
    ? readAll(
        textIn(document, 0, start) + edit.text + textIn(document, end, document.length),
        document.nextId,
      )
    : readAround(document, { start, end, text: edit.text });
  return documentOf(takeOverItems(document.items, items, document.nextId), nextId);
}

/** What nearly every key does: one row becomes another. Null when there may be more to it. */
function editWithinRow(document: Document, start: number, end: number, text: string): Document | null {
  const { items, starts, nextId } = document;
  const index = lastAtOrBefore(starts, items.length, start);
  const item = items[index];
  if (item === undefined) return null;
  const at = starts[index] ?? 0;
  const edit = editRow(item, { start: start - at, end: end - at, text }, index === items.length - 1);
  if (edit === null) return null;
  const edited = items.slice();
  edited[index] = edit.after;
  const moved = lengthenedAt(starts, index, edit.after.length - item.length);
  return documentFrom(edited, nextId, moved, { ...edit, from: items, index }, null);
}

/** What nearly every key in a proposal does: some of its members become others. */
function editWithinBlock(document: Document, start: number, end: number, text: string): Document | null {
  const { items, starts, nextId } = document;
  const index = lastAtOrBefore(starts, items.length, start);
  const item = items[index];
  if (item?.declaration?.kind !== "proposal") return null;
  const at = starts[index] ?? 0;
  const behind = at + item.length;
  const until = Math.min(document.length, behind + farLook);
  const before = items[index - 1]?.declaration?.kind;
  const around = { isAll: until === document.length, isFirst: index === 0 || before === "use" };
  const own = { start: start - at, end: end - at, text };
  const after = editBlock(item, own, textIn(document, behind, until), around);
  if (after === null) return null;
  const edited = replacedAt(items, index, after);
  const moved = lengthenedAt(starts, index, after.length - item.length);
  return documentFrom(edited, nextId, moved, null, null);
}

/** More than enough text for as many lines as anything looks ahead. */
const farLook = 4096;

/** How much text behind an edit is looked at first; while that is not enough, eight times as much. */
const firstLook = 512;

function readAround(
  document: Document,
  edit: Edit,
): { readonly items: readonly Item[]; readonly nextId: number } {
  const { items } = document;
  const starts = itemStarts(document);
  const { first, kept } = startBefore(document, edit.start);
  const itemAt = starts[first] ?? 0;
  const from = itemAt + (kept?.length ?? 0);
  // The line break in front belongs to it: what stands left of a token counts.
  const base = Math.max(0, linesBefore(document, from, 0) - 1);
  const newLength = document.length + edit.text.length - (edit.end - edit.start);

  for (let look = firstLook; ; look *= 8) {
    const until = Math.min(document.length, edit.end + look);
    const text = textIn(document, base, edit.start) + edit.text + textIn(document, edit.end, until);
    const source = sourceOf(text, until < document.length);
    const known = knownBefore(document, edit, text, base);
    const reader: Reader = { source, known, nextId: document.nextId };
    const read = items.slice(0, first);
    let at = itemAt - base;
    if (kept !== null) take(readOn(reader, from - base, kept));
    for (;;) {
      const rest = at + base < newLength ? known.itemsFrom(at) : [];
      if (rest !== null) {
        read.push(...rest);
        const margin = source.lookedFar ? lookAhead + 2 : 2;
        if (!source.cut || source.reached <= linesAbove(text, text.length, margin))
          return { items: read, nextId: reader.nextId };
        break;
      }
      if (at >= text.length) break;
      take(readItem(reader, at));
    }

    function take(item: Item): void {
      read.push(item);
      at += item.length;
    }
  }
}

interface Start {
  /** The item that reading starts with, or goes on in behind the rows that are kept. */
  readonly first: number;
  readonly kept: (Kept & { readonly length: number }) | null;
}

/** Where reading starts for an edit at `at`. */
function startBefore(document: Document, at: number): Start {
  const { items } = document;
  const starts = itemStarts(document);
  const near = lastAtOrBefore(starts, items.length, at);
  const item = items[near];
  if (item !== undefined && item.rows !== null) {
    const index = rowAtOffset(item.rows, at - (starts[near] ?? 0) - item.rowsStart)?.index;
    const count = index === undefined ? 0 : rowsFreeOf(item.rows, index);
    const kept = count > 0 ? rowsBefore(item, count) : null;
    if (kept !== null) return { first: near, kept };
  }
  const safe = linesBefore(document, at, lookAhead + 2);
  let first = Math.max(0, lastAtOrBefore(starts, items.length, safe));
  while (first > 0 && (starts[first] ?? 0) + (items[first]?.declaration?.start ?? 0) >= safe) first--;
  const start = items[first];
  if (start === undefined || start.rows === null) return { first, kept: null };
  const inside = Math.min(safe - (starts[first] ?? 0), start.length - 1) - start.rowsStart;
  return { first, kept: rowsBefore(start, rowAtOffset(start.rows, inside)?.index ?? 0) };
}

/** How many rows no change of the row with this index matters to; 0 when that cannot be told from the rows alone. */
function rowsFreeOf(rows: Rows, index: number): number {
  let count = 0;
  let lines = 0;
  for (let i = index - 1; i >= 0; i--) {
    const row = rows.at(i);
    if (row === undefined) return 0;
    if (endsLine(row)) lines++;
    // With the line above the edit between them.
    if (lines === 2 && count === 0) count = i;
    if (isFar(row)) count = Math.min(count, i);
    if (lines === lookAhead + 2) return count;
  }
  return 0;
}

/** The first rows of an item, at most `most`, behind which reading can go on: at the start of a line. */
function rowsBefore(item: Item, most: number): (Kept & { readonly length: number }) | null {
  const { rows } = item;
  if (rows === null) return null;
  let count = most;
  let last = rows.at(count - 1);
  // Behind blank lines and comments the reader would have to know whether one of them documents what follows.
  while (count > 0 && last !== undefined && (last.kind === "trivia" || !endsLine(last))) {
    count--;
    last = rows.at(count - 1);
  }
  if (count === 0 || last === undefined) return null;
  const block = lastAtOrBefore(rows.starts, rows.blocks.length, count);
  return {
    item,
    blocks: rows.blocks.slice(0, block),
    rows: rows.slice(rows.starts[block] ?? 0, count),
    length: rowStart(item, count),
    depth: depthAfter(last),
  };
}

/** What the document knows, for a reader of `text`, which starts at `base` and has the edit in it. */
function knownBefore(document: Document, edit: Edit, text: string, base: number): Known {
  const { items } = document;
  const starts = itemStarts(document);
  const editStart = edit.start - base;
  const editEnd = editStart + edit.text.length;
  const oldOf = (at: number): number => at - editEnd + edit.end;
  const startsLine = (at: number): boolean => at === 0 || isBreak(textIn(document, at - 1, at).charCodeAt(0));
  /** Whether reading could go on at `at` as it did before the edit. */
  const resumes = (at: number): boolean =>
    at >= editEnd &&
    startsLine(oldOf(at)) &&
    (at > editEnd || at + base === 0 || isBreak(text.charCodeAt(at - 1)));

  function rowAt(old: number): { readonly rows: Rows; readonly index: number; readonly row: Row } | null {
    const i = lastAtOrBefore(starts, items.length, old);
    const item = items[i];
    if (item === undefined || item.rows === null) return null;
    const inside = old - (starts[i] ?? 0) - item.rowsStart;
    const found = rowAtOffset(item.rows, inside);
    return found !== null && found.start === inside ? { ...found, rows: item.rows } : null;
  }

  return {
    rowBefore(at, length, depth) {
      if (at + length > editStart) return null;
      const row = rowAt(at + base)?.row;
      return row !== undefined && row.length === length && row.depth === depth ? row : null;
    },
    rowsFrom(at, depth) {
      if (!resumes(at)) return null;
      const found = rowAt(oldOf(at));
      if (found === null || found.row.depth !== depth) return null;
      const { rows, index } = found;
      const block = lastAtOrBefore(rows.starts, rows.blocks.length, index);
      return { rows: rows.slice(index, rows.starts[block + 1]), blocks: rows.blocks.slice(block + 1) };
    },
    itemsFrom(at) {
      if (!resumes(at)) return null;
      const old = oldOf(at);
      const index = lastAtOrBefore(starts, items.length, old);
      return starts[index] === old ? items.slice(index) : null;
    },
  };
}

/** The start of the line that is `count` lines above the one at `at`. */
function linesBefore(document: Document, at: number, count: number): number {
  for (let look = firstLook; ; look *= 8) {
    const from = Math.max(0, at - look);
    const text = textIn(document, from, at + 1);
    const found = linesAbove(text, at - from, count);
    if (found > 0 || from === 0) return from + found;
  }
}
