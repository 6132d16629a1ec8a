// Growing selections: the word, the nodes around it, the step, the block, the declaration, the document.

import type { View } from "../analysis/session.ts";
import { itemAt, rowAt } from "../analysis/view.ts";
import type { Span } from "../syntax/ast.ts";
import { rowsOfItem } from "./symbols/rows.ts";
import { wordAt } from "./tokens.ts";
import { pathAt } from "./tree.ts";

/** Innermost first; each lies in the next, and none is empty but in an empty document. */
export function selectionsAt(view: View, offset: number): Span[] {
  const { text } = view.document;
  const at = Math.max(0, Math.min(offset, text.length));
  const spans: Span[] = [{ start: 0, end: text.length }];
  const item = itemAt(view, at);
  if (item !== null) {
    const { declaration, start } = item;
    spans.push({ start, end: start + item.item.length });
    if (declaration !== null) {
      spans.push(moved(declaration, start));
      // The lines of documentation in front of a declaration belong to it.
      for (const node of pathAt(declaration, at - start)) spans.push(moved(node, start));
    }
    spans.push(...blocksAround(item.item, at - start).map((block) => moved(block, start)));
    const row = rowAt(view, at);
    if (row !== null && row.row.node !== null)
      for (const node of pathAt(row.row.node, at - row.start)) spans.push(moved(node, row.start));
  }
  const word = wordAt(text, at);
  const line = lineAround(text, at);
  // Comments and what did not parse have no nodes worth the name.
  if (isPlain(view, at) || text.startsWith("//", line.start)) spans.push(line);
  spans.push(...stringAround(spans, text, at));
  return chain(word === null ? spans : [{ start: word.start, end: word.end }, ...spans], at);
}

const moved = ({ start, end }: Span, by: number): Span => ({ start: start + by, end: end + by });

function isPlain(view: View, at: number): boolean {
  const kind = rowAt(view, at)?.row.node?.kind ?? itemAt(view, at)?.declaration?.kind;
  return kind === undefined || kind === "error";
}

/** What stands on a line. */
function lineAround(text: string, at: number): Span {
  let [start, end] = [at, at];
  while (start > 0 && !/[\r\n]/.test(text.charAt(start - 1))) start--;
  while (end < text.length && !/[\r\n]/.test(text.charAt(end))) end++;
  const line = text.slice(start, end);
  return {
    start: start + line.length - line.trimStart().length,
    end: end - line.length + line.trimEnd().length,
  };
}

/** The inside of a quoted text. */
function stringAround(spans: readonly Span[], text: string, at: number): Span[] {
  return spans.flatMap(({ start, end }) =>
    end - start > 2 && text[start] === '"' && text[end - 1] === '"' && start < at && at < end
      ? [{ start: start + 1, end: end - 1 }]
      : [],
  );
}

/** The blocks of a scenario that are open at an offset of the item, with and without their heads. */
function blocksAround(item: Parameters<typeof rowsOfItem>[0], at: number): Span[] {
  const found: Span[] = [];
  const open: { readonly start: number; readonly inside: number }[] = [];
  for (const { row, start } of rowsOfItem(item)) {
    if (row.kind === "open" && row.node !== null)
      open.push({ start: start + row.node.start, inside: start + row.length });
    if (row.kind !== "close") continue;
    const block = open.pop();
    const brace = start + row.text.indexOf("}");
    if (block === undefined) {
      // The scenario's own brace: all rows in front of it are its body.
      if (item.rowsStart <= at && at <= brace) found.push({ start: item.rowsStart, end: brace });
      break;
    }
    if (block.start <= at && at <= brace + 1) found.push({ start: block.start, end: brace + 1 });
    if (block.inside <= at && at <= brace) found.push({ start: block.inside, end: brace });
  }
  return found;
}

/** Those around the offset that lie in each other, innermost first. */
function chain(spans: readonly Span[], at: number): Span[] {
  const around = spans
    .filter(({ start, end }) => start <= at && at <= end && (start < end || spans.length === 1))
    .sort((a, b) => a.end - a.start - (b.end - b.start)); // of equal ones the first
  const found: Span[] = [];
  for (const span of around) {
    const inner = found.at(-1);
    const fits = inner === undefined || (span.start <= inner.start && inner.end <= span.end);
    const larger = inner === undefined || span.end - span.start > inner.end - inner.start;
    if (fits && larger) found.push({ start: span.start, end: span.end });
  }
  return found;
}
