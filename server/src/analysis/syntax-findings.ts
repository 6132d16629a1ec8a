// What did not parse, as findings.

import type { Finding } from "../base/finding.ts";
import type { ErrorNode } from "../syntax/ast.ts";
import { type Document, type Item, itemStarts, rowStarts } from "../syntax/document.ts";

const found = new WeakMap<Item, readonly ErrorNode[]>();

/** The error nodes of an item, rows included, relative to the item; found once per item. */
function errorsOf(item: Item): readonly ErrorNode[] {
  const known = found.get(item);
  if (known !== undefined) return known;
  const errors: ErrorNode[] = [...item.errors];
  collect(item.declaration, 0, errors);
  const starts = rowStarts(item);
  item.rows?.forEach(({ node, kind }, i) => {
    if (node !== null && (node.kind !== "step" || kind !== "step")) collect(node, starts[i] ?? 0, errors);
  });
  found.set(item, errors);
  return errors;
}

function collect(root: unknown, base: number, into: ErrorNode[]): void {
  const stack: unknown[] = [root];
  while (stack.length > 0) {
    const part = stack.pop();
    if (typeof part !== "object" || part === null) continue;
    if (isError(part)) into.push({ ...part, start: base + part.start, end: base + part.end });
    else stack.push(...Object.values(part));
  }
}

const isError = (part: object): part is ErrorNode => "kind" in part && part.kind === "error";

export function syntaxFindings(uri: string, document: Document): Finding[] {
  const starts = itemStarts(document);
  return document.items.flatMap((item, i) =>
    errorsOf(item).map(({ message, start, end }) => ({
      code: message.includes("nested") ? "too-deep" : "syntax",
      severity: "error",
      uri,
      start: (starts[i] ?? 0) + start,
      end: (starts[i] ?? 0) + end,
      message,
      related: [],
      help: [],
      notes: [],
    })),
  );
}
