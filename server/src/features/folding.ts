// What can be folded: blocks, comments of several lines, `use` lines behind each other. The last line of a block, with
// its brace, stays to be seen.

import type { View } from "../analysis/session.ts";
import { positionAt, linesOf as startsOf } from "../base/lines.ts";
import type { Span } from "../syntax/ast.ts";
import { itemStarts } from "../syntax/document.ts";
import { rowsOfItem } from "./symbols/rows.ts";

export interface Fold {
  /** Lines, from 0. */
  readonly from: number;
  readonly to: number;
  readonly kind: "block" | "comment" | "imports";
}

export function foldsOf({ document }: View): Fold[] {
  const { text } = document;
  const lines = startsOf(text);
  const lineAt = (offset: number): number => positionAt(lines, offset).line - 1;
  const folds: Fold[] = [];
  const add = (from: number, to: number, kind: Fold["kind"]): void => {
    if (to > from) folds.push({ from, to, kind });
  };
  const starts = itemStarts(document);
  const uses: { from: number; to: number }[] = [];
  document.items.forEach((item, i) => {
    const start = starts[i] ?? 0;
    const { declaration } = item;
    if (declaration?.kind === "use") {
      const [from, to] = [lineAt(start + declaration.start), lineAt(start + declaration.end)];
      const last = uses.at(-1);
      if (last !== undefined && from <= last.to + 1) last.to = to;
      else uses.push({ from, to });
      return;
    }
    if (declaration === null) return;
    for (const block of blocksIn(declaration)) {
      const head = text.indexOf("{", start + block.start);
      const inside = head === -1 || head >= start + block.end ? block.start + start : head;
      // An open block has no closing brace to keep.
      const last = lineAt(start + block.end);
      add(lineAt(inside), block.open ? last : last - 1, "block");
    }
    if (item.rows === null) return;
    const open: number[] = [];
    for (const { row, start: at } of rowsOfItem(item)) {
      if (row.kind === "open" && row.node !== null) open.push(lineAt(start + at + row.node.end));
      else if (row.kind === "close") {
        const from = open.pop();
        if (from !== undefined) add(from, lineAt(start + at + row.text.indexOf("}")) - 1, "block");
      } else if (row.node !== null)
        for (const block of blocksIn(row.node))
          add(lineAt(start + at + block.start), lineAt(start + at + block.end) - 1, "block");
    }
  });
  for (const { from, to } of uses) add(from, to, "imports");
  for (const { from, to } of commentsIn(text, lines.starts)) add(from, to, "comment");
  return nested(folds);
}

interface Block extends Span {
  readonly open: boolean;
}

/** Every node with a body, itself included. */
function blocksIn(root: unknown): Block[] {
  const found: Block[] = [];
  const visit = (part: unknown): void => {
    if (typeof part !== "object" || part === null) return;
    if (isBlock(part)) found.push(part);
    for (const inner of Object.values(part)) visit(inner);
  };
  visit(root);
  return found;
}

const isBlock = (part: object): part is Block =>
  "open" in part && typeof part.open === "boolean" && "start" in part && "end" in part;

/** Comments that start a line: of the form slash-star over several lines, or line comments behind each other. */
function commentsIn(
  text: string,
  starts: readonly number[],
): { readonly from: number; readonly to: number }[] {
  const found: { readonly from: number; readonly to: number }[] = [];
  let run: { from: number; doc: boolean } | null = null;
  let closes = -1;
  const finish = (before: number): void => {
    if (run !== null) found.push({ from: run.from, to: before - 1 });
    run = null;
  };
  starts.forEach((start, line) => {
    if (start < closes) return;
    let at = start;
    while (text[at] === " " || text[at] === "\t") at++;
    const isLine = text.startsWith("//", at);
    const doc = text.startsWith("///", at);
    if (!isLine || (run !== null && run.doc !== doc)) finish(line);
    if (isLine && run === null) run = { from: line, doc };
    if (!text.startsWith("/*", at)) return;
    const end = text.indexOf("*/", at + 2);
    if (end === -1) return;
    closes = end;
    const lineOfEnd = starts.findLastIndex((other) => other <= end);
    found.push({ from: line, to: lineOfEnd });
  });
  finish(starts.length);
  return found;
}

/** In order, one for each first line; none that overlaps another without lying in it. */
function nested(folds: readonly Fold[]): Fold[] {
  const sorted = [...folds].sort((a, b) => a.from - b.from || b.to - a.to);
  const open: Fold[] = [];
  return sorted.filter((fold) => {
    while (open.length > 0 && (open.at(-1)?.to ?? 0) < fold.from) open.pop();
    const around = open.at(-1);
    if (around !== undefined && (fold.to > around.to || fold.from === around.from)) return false;
    open.push(fold);
    return true;
  });
}
