// An edit inside of a proposal, which reads again the members around it and no other: those in front stay as they are,
// those behind are moved. What could be seen from farther away is left to document.ts.

import { lastAtOrBefore } from "../base/sequence.ts";
import type { ProposalDeclaration } from "./ast.ts";
import { readBlock, rememberSeams, type Seams, seamsOf } from "./blocks.ts";
import type { Item } from "./items.ts";
import { lookAhead, sourceOf } from "./layout.ts";
import { linesAbove } from "./places.ts";
import { detached, moved } from "./tree.ts";
import { isBreak } from "./words.ts";

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * `edit` is relative to the item; `rest` is text behind the item, all there is if `isAll`. `isFirst`: nothing in front of
 * the item can see any of it.
 */
export function editBlock(
  item: Item,
  edit: Edit,
  rest: string,
  { isAll, isFirst }: { readonly isAll: boolean; readonly isFirst: boolean },
): Item | null {
  const { declaration, head } = item;
  if (declaration?.kind !== "proposal" || edit.end >= item.length) return null;
  const seams = seamsOf(declaration);
  if (seams === undefined || touchesComment(head, edit)) return null;
  const margin = seams.lookedFar ? lookAhead + 2 : 2;
  if (!isFirst && linesAbove(head, edit.start, lookAhead + 2) === 0) return null;
  const first = lastAtOrBefore(seams.at, seams.at.length, linesAbove(head, edit.start, margin));
  const from = seams.at[first];
  if (from === undefined || first < 0) return null;

  const by = edit.text.length - (edit.end - edit.start);
  const text = head.slice(0, edit.start) + edit.text + head.slice(edit.end);
  const source = sourceOf(text + rest, !isAll);
  const editEnd = edit.start + edit.text.length;
  let last = -1;
  const isEnd = (at: number): boolean => {
    if (at < editEnd || !isBreak(text.charCodeAt(at - 1)) || !isBreak(head.charCodeAt(at - by - 1)))
      return false;
    const seam = lastAtOrBefore(seams.at, seams.at.length, at - by);
    if (seams.at[seam] !== at - by) return false;
    last = seam;
    return true;
  };
  const opening = { codeEnd: declaration.end, indent: 0, end: from };
  const read = readBlock(source, 0, { ...declaration, body: [] }, opening, { at: from, isEnd });
  if (last < 0 || read.errors.length > 0 || read.declaration.kind !== "proposal") return null;
  // What is not here may matter.
  if (!isAll && source.reached > linesAbove(source.text, source.text.length, lookAhead + 2)) return null;

  const front = declaration.body.slice(0, seams.counts[first]);
  const behind = declaration.body.slice(seams.counts[last]).map((member) => moved(member, by));
  const body = [...front, ...read.declaration.body, ...behind];
  const edited: ProposalDeclaration = { ...declaration, body, end: declaration.end + by };
  rememberSeams(
    edited,
    joined(seams, read.seams, { first, last, by, count: body.length - declaration.body.length }),
  );
  return { ...item, head: detached(text), length: item.length + by, declaration: edited };
}

/** The seams in front of what was read again, those in it, and those behind. */
function joined(
  before: Seams,
  read: Seams,
  {
    first,
    last,
    by,
    count,
  }: { readonly first: number; readonly last: number; readonly by: number; readonly count: number },
): Seams {
  const front = before.counts[first] ?? 0;
  return {
    at: [...before.at.slice(0, first), ...read.at, ...before.at.slice(last + 1).map((at) => at + by)],
    counts: [
      ...before.counts.slice(0, first),
      ...read.counts.map((each) => each + front),
      ...before.counts.slice(last + 1).map((each) => each + count),
    ],
    lookedFar: before.lookedFar || read.lookedFar,
  };
}

/** Whether a comment of the form slash-star may begin or end by the edit. */
function touchesComment(head: string, { start, end, text }: Edit): boolean {
  const gone = head.slice(Math.max(0, start - 1), end + 1);
  const come = head.slice(Math.max(0, start - 1), start) + text + head.slice(end, end + 1);
  return [gone, come].some((each) => each.includes("/*") || each.includes("*/"));
}
