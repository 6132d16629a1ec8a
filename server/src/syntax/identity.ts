// Who is who after an edit: a row or an item that was read again, and stands where another stood, is taken for that
// one and keeps its id, so that what others know about it can be kept too.

import { sharedEnds } from "../base/sequence.ts";
import type { Item } from "./items.ts";
import { isSameRow, type Row, type RowBlock, type Rows, renamed, rowsOf, sameText } from "./rows.ts";

/** Gives the items that were read again the identity of those in whose place they are. */
export function takeOverItems(
  before: readonly Item[],
  after: readonly Item[],
  firstNew: number,
): readonly Item[] {
  // Once rows have moved from one item to another, only their objects tell which is which.
  let fresh = 0;
  for (const item of after) if (item.id >= firstNew) fresh++;
  const rowsMoved = fresh > 1 || after.length !== before.length;
  return paired(before, after, firstNew, isSameItem, isSameItem, (old, item) => {
    if (old.rows === null || item.rows === null || rowsMoved) return { ...item, id: old.id };
    return { ...item, id: old.id, rows: takeOverRows(old.rows, item.rows, firstNew) };
  });
}

function takeOverRows(before: Rows, after: Rows, firstNew: number): Rows {
  const { head, tail } = sharedEnds(before.blocks, after.blocks);
  const between = ({ blocks }: Rows): readonly RowBlock[] => blocks.slice(head, blocks.length - tail);
  const rows = paired(
    rowsIn(between(before)),
    rowsIn(between(after)),
    firstNew,
    isSameRow,
    sameText,
    (old, row) => renamed(row, old.id),
  );
  const { blocks } = after;
  return rowsOf(blocks.slice(0, head), rows, blocks.slice(blocks.length - tail));
}

function rowsIn(blocks: readonly RowBlock[]): readonly Row[] {
  const [only] = blocks;
  return blocks.length === 1 && only !== undefined ? only.peek() : blocks.flatMap((block) => block.peek());
}

/**
 * What is new in a list, against what has gone from it: equal ones at both ends stay the same objects, and of those in
 * between the first goes with the first. Ids below `firstNew` are of objects that were never read again.
 */
function paired<T extends { readonly id: number }>(
  before: readonly T[],
  after: readonly T[],
  firstNew: number,
  isOne: (a: T, b: T) => boolean,
  isEqual: (a: T, b: T) => boolean,
  merge: (old: T, item: T) => T,
): readonly T[] {
  const { head, tail } = sharedEnds(before, after, isOne);
  const result = after.slice();
  const kept = new Set<number>();
  const fresh: number[] = [];
  for (let i = head; i < after.length - tail; i++) {
    const item = after[i];
    if (item === undefined) continue;
    if (item.id < firstNew) kept.add(item.id);
    else fresh.push(i);
  }
  const gone = before.slice(head, before.length - tail).filter((item) => !kept.has(item.id));
  const take = (index: number | undefined, old: T | undefined): boolean => {
    const item = index === undefined ? undefined : after[index];
    if (index === undefined || item === undefined || old === undefined || !isEqual(old, item)) return false;
    result[index] = old;
    return true;
  };
  let start = 0;
  while (take(fresh[start], gone[start])) start++;
  let end = 0;
  const most = Math.min(fresh.length, gone.length) - start;
  while (end < most && take(fresh[fresh.length - 1 - end], gone[gone.length - 1 - end])) end++;
  for (let i = start; i < start + most - end; i++) {
    const index = fresh[i] ?? 0;
    const [old, item] = [gone[i], after[index]];
    if (old !== undefined && item !== undefined) result[index] = merge(old, item);
  }
  return result;
}

/** Only those that are known to be: to compare two that were read costs more than it saves. */
const isSameItem = (a: Item, b: Item): boolean => a === b;
