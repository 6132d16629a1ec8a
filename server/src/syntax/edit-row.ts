// An edit inside of one row of a scenario, which is what nearly every key is. The row is read again between its
// neighbours; when it is a step as before, that ends where it ended, and nobody else could see it, that is all there is
// to do. Whatever is not that simple is left to document.ts.

import { lastAtOrBefore } from "../base/sequence.ts";
import { startsDeclaration } from "./blocks.ts";
import type { Item } from "./items.ts";
import { lookAhead, nextChunk, sourceOf } from "./layout.ts";
import { endsLine, type Row, type Rows, rowOf, withRow } from "./rows.ts";
import { isBreak } from "./words.ts";

export interface RowEdit {
  readonly before: Item;
  readonly after: Item;
  /** The index of the block of rows, of the row in it, and of the row in all. */
  readonly block: number;
  readonly inBlock: number;
  readonly row: number;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** `edit` is relative to the item, which is the last of its text or not. */
export function editRow(item: Item, edit: Edit, isLast: boolean): RowEdit | null {
  const { rows, rowsStart, declaration } = item;
  if (rows === null || declaration?.kind !== "scenario" || declaration.open || item.errors.length > 0)
    return null;
  const from = edit.start - rowsStart;
  if (from < 0) return null;
  const block = lastAtOrBefore(rows.blockStarts, rows.blocks.length, from);
  const own = rows.blocks[block];
  if (own === undefined) return null;
  const blockStart = rows.blockStarts[block] ?? 0;
  const offsets = own.offsets();
  const inBlock = lastAtOrBefore(offsets, own.length, from - blockStart);
  const row = own.items()[inBlock];
  const start = blockStart + (offsets[inBlock] ?? 0);
  if (row === undefined || row.shape !== 0 || row.depth < 0 || !endsLine(row)) return null;
  const text = editedLine(row, edit, start + rowsStart);
  if (text === null || seesFar(rows, block)) return null;

  const index = (rows.starts[block] ?? 0) + inBlock;
  const before = index === 0 ? null : (rows.at(index - 1) ?? null);
  const behind = rows.at(index + 1);
  if (behind === undefined || !startsLine(item, rows, index) || !startsLine(item, rows, index - 1))
    return null;
  // Where the text ends, a last line may end as well.
  if (!endsLine(behind) && !(isLast && index + 2 === rows.length)) return null;

  const front = before === null ? "" : before.text;
  const whole = front + text + behind.text;
  if (whole.includes("/*") || whole.includes("*/") || whole.charCodeAt(0) === 0xfeff) return null;
  const source = sourceOf(whole, true);
  // What stands in front ends where it did, and so does the row itself.
  if (before !== null && nextChunk(source, 0).end !== front.length) return null;
  const chunk = nextChunk(source, front.length);
  if (chunk.kind !== "line" || chunk.end !== front.length + text.length || startsDeclaration(chunk))
    return null;
  const now = rowOf(row.id, whole, chunk, row.depth);
  if (now.shape !== 0) return null;

  const by = now.length - row.length;
  const after: Item = {
    ...item,
    length: item.length + by,
    declaration: { ...declaration, end: declaration.end + by },
    rows: withRow(rows, block, inBlock, now),
  };
  return { before: item, after, block, inBlock, row: index };
}

/** The row's text after the edit; null when a line break comes or goes. */
function editedLine(row: Row, { start, end, text }: Edit, rowStart: number): string | null {
  const old = row.text;
  const lineEnd = old.length - (old.endsWith("\r\n") ? 2 : 1);
  if (end - rowStart > lineEnd) return null;
  for (let i = 0; i < text.length; i++) if (isBreak(text.charCodeAt(i))) return null;
  return old.slice(0, start - rowStart) + text + old.slice(end - rowStart);
}

/** Whether a row with open brackets may look as far as to this block. */
function seesFar({ blocks }: Rows, block: number): boolean {
  let lines = 0;
  for (let i = block; i >= 0 && lines < lookAhead + 2; i--) {
    const each = blocks[i];
    if (each === undefined || each.hasFar) return true;
    if (i < block) lines += each.lines;
  }
  return false;
}

/** Whether the row with this index is the first of its line, or there is none. */
function startsLine({ head }: Item, rows: Rows, index: number): boolean {
  if (index < 0) return true;
  if (index === 0) return isBreak(head.charCodeAt(head.length - 1));
  const before = rows.at(index - 1);
  return before !== undefined && endsLine(before);
}
