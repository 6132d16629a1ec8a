// The tree of a text as a list of items, and what an edit makes of it: what the edit did not touch stays the same
// object. Reading starts anew 32 lines and a bit before the edit, for no chunk depends on more text behind it (see
// layout.ts), and ends at the first row or item behind the edit that was there before, with as many blocks open.

import { takeOverItems } from "./identity.ts";
import { type Item, type Kept, type Known, type Reader, readItem } from "./items.ts";
import { lookAhead, sourceOf } from "./layout.ts";
import { depthAfter } from "./rows.ts";
import { isBreak } from "./words.ts";

export type { Item } from "./items.ts";
export type { Row } from "./rows.ts";

export interface Document {
  readonly text: string;
  readonly items: readonly Item[];
  /** The next id to give away. Ids are unique within a document and those edited from it. */
  readonly nextId: number;
}

export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export function parseDocument(text: string): Document {
  return readItems({ source: sourceOf(text), known: null, nextId: 1 }, [], 0, null);
}

const itemStartsOf = new WeakMap<Document, Int32Array>();
const rowStartsOf = new WeakMap<Item, Int32Array>();

/** Where each item starts; one more for the end of the text. */
export function itemStarts(document: Document): Int32Array {
  return memoised(itemStartsOf, document, () => sums(document.items, 0));
}

/** Where each row starts, relative to the item; one more for the end of the last. */
export function rowStarts(item: Item): Int32Array {
  return memoised(rowStartsOf, item, () => sums(item.rows ?? [], item.rowsStart));
}

function memoised<K extends object>(map: WeakMap<K, Int32Array>, key: K, make: () => Int32Array): Int32Array {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function sums(parts: readonly { readonly length: number }[], from: number): Int32Array {
  const starts = new Int32Array(parts.length + 1);
  let at = from;
  let i = 0;
  for (const part of parts) {
    starts[i++] = at;
    at += part.length;
  }
  starts[i] = at;
  return starts;
}

/** The index of the last start that is not behind `at`; -1 if there is none. */
function indexAt(starts: Int32Array, at: number): number {
  let low = 0;
  let high = starts.length - 2; // the last one is an end
  while (low <= high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= at) low = middle + 1;
    else high = middle - 1;
  }
  return high;
}

export function editDocument(document: Document, edit: Edit): Document {
  const old = document.text;
  const start = Math.max(0, Math.min(edit.start, old.length));
  const end = Math.max(start, Math.min(edit.end, old.length));
  const text = old.slice(0, start) + edit.text + old.slice(end);
  const source = sourceOf(text);
  // A comment may have got its end, however far above it starts.
  if (text.slice(Math.max(0, start - 1), start + edit.text.length + 1).includes("*/")) {
    const read = readItems({ source, known: null, nextId: document.nextId }, [], 0, null);
    return { ...read, items: takeOverItems(document.items, read.items, document.nextId) };
  }
  const starts = itemStarts(document);
  const safe = linesBefore(old, start, lookAhead + 2);
  let first = Math.max(0, indexAt(starts, safe));
  while (first > 0 && (starts[first] ?? 0) + (document.items[first]?.declaration?.start ?? 0) >= safe)
    first--;
  const known = knownBefore(document, { start, end, text: edit.text }, text);
  const from = starts[first] ?? 0;
  const kept = rowsBefore(document, document.items[first], from, safe);
  const reader: Reader = { source, known, nextId: document.nextId };
  const read = readItems(reader, document.items.slice(0, first), from, kept);
  return { ...read, items: takeOverItems(document.items, read.items, document.nextId) };
}

/** Reads items from `from` on, up to one that was there before. */
function readItems(reader: Reader, before: readonly Item[], from: number, kept: Kept | null): Document {
  const { text } = reader.source;
  const items = before.slice();
  let at = from;
  let resumed = kept;
  while (at < text.length) {
    const rest = resumed === null ? reader.known?.itemsFrom(at) : undefined;
    if (rest !== undefined && rest !== null)
      return { text, items: items.concat(rest), nextId: reader.nextId };
    const item = readItem(reader, at, resumed);
    resumed = null;
    items.push(item);
    at += item.length;
  }
  return { text, items, nextId: reader.nextId };
}

/** The rows of an item that no edit behind `safe` can change. Reading goes on at the start of a line. */
function rowsBefore(document: Document, item: Item | undefined, from: number, safe: number): Kept | null {
  if (item === undefined || item.rows === null) return null;
  const { rows } = item;
  const starts = rowStarts(item);
  let count = indexAt(starts, safe - from);
  while (count > 0 && !goesOnAt(count)) count--;
  const last = rows[count - 1];
  if (last === undefined) return null;
  return {
    rows: rows.slice(0, count),
    length: (starts[count] ?? 0) - item.rowsStart,
    depth: depthAfter(last),
  };

  function goesOnAt(index: number): boolean {
    // Behind blank lines and comments the reader would have to know whether one of them documents what follows.
    if (rows[index - 1]?.kind === "trivia") return false;
    return startsLine(document.text, from + (starts[index] ?? 0));
  }
}

const startsLine = (text: string, at: number): boolean => at === 0 || isBreak(text.charCodeAt(at - 1));

function knownBefore(document: Document, edit: Edit, text: string): Known {
  const { items } = document;
  const starts = itemStarts(document);
  const editEnd = edit.start + edit.text.length;
  const moved = editEnd - edit.end;
  /** Whether reading could go on at `at` as it did before the edit. */
  const resumes = (at: number): boolean =>
    at >= editEnd && startsLine(text, at) && startsLine(document.text, at - moved);

  function rowAt(
    old: number,
  ): { readonly item: Item; readonly index: number; readonly itemEnd: number } | null {
    const i = indexAt(starts, old);
    const item = items[i];
    if (item === undefined || item.rows === null) return null;
    const rows = rowStarts(item);
    const inside = old - (starts[i] ?? 0);
    const index = indexAt(rows, inside);
    return rows[index] === inside && index < item.rows.length
      ? { item, index, itemEnd: starts[i + 1] ?? 0 }
      : null;
  }

  return {
    rowBefore(at, length, depth) {
      if (at + length > edit.start) return null;
      const found = rowAt(at);
      const row = found?.item.rows?.[found.index];
      return row !== undefined && row.length === length && row.depth === depth ? row : null;
    },
    rowsFrom(at, depth) {
      if (!resumes(at)) return null;
      const found = rowAt(at - moved);
      const rows = found?.item.rows;
      if (found === null || rows === null || rows === undefined) return null;
      if (rows[found.index]?.depth !== depth) return null;
      return { rows: rows.slice(found.index), end: found.itemEnd + moved };
    },
    itemsFrom(at) {
      if (!resumes(at)) return null;
      const index = indexAt(starts, at - moved);
      return starts[index] === at - moved ? items.slice(index) : null;
    },
  };
}

/** The start of the line that is `count` lines above the one at `at`. */
function linesBefore(text: string, at: number, count: number): number {
  let left = count;
  let i = at;
  while (i > 0) {
    const c = text.charCodeAt(i - 1);
    if (isBreak(c) && !(c === 13 && text.charCodeAt(i) === 10) && left-- === 0) return i;
    i--;
  }
  return 0;
}
