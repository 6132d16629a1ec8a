// What did not parse, as findings.

import type { Finding } from "../base/finding.ts";
import { perBlock } from "../base/sequence.ts";
import type { ErrorNode } from "../syntax/ast.ts";
import { type Document, type Item, itemStarts, type RowBlock } from "../syntax/document.ts";

import { shifted, unmoved } from "../syntax/tree.ts";

const found = new WeakMap<Item, readonly ErrorNode[]>();

/** The error nodes of an item, rows included, relative to the item; found once per item. */
function errorsOf(item: Item): readonly ErrorNode[] {
  const known = found.get(item);
  if (known !== undefined) return known;
  const errors: ErrorNode[] = [...item.errors];
  collectIn(item.declaration, errors);
  let at = item.rowsStart;
  for (const block of item.rows?.blocks ?? []) {
    for (const error of errorsInBlock(block)) errors.push(shifted(error, at));
    at += block.characters;
  }
  found.set(item, errors);
  return errors;
}

/** Those of a block of rows, relative to its start. */
const errorsInBlock = perBlock((block: RowBlock): readonly ErrorNode[] => {
  const errors: ErrorNode[] = [];
  let at = 0;
  for (const { node, kind, length } of block.items()) {
    if (node !== null && (node.kind !== "step" || kind !== "step")) collect(node, at, errors);
    at += length;
  }
  return errors;
});

/** Whether some part of a tree did not parse. */
export function hasErrorIn(root: object | null): boolean {
  const errors: ErrorNode[] = [];
  collectIn(root, errors);
  return errors.length > 0;
}

/** Of a declaration; members of proposals that an edit did not touch were looked through before. */
function collectIn(root: object | null, into: ErrorNode[]): void {
  if (root === null || !("kind" in root) || root.kind !== "proposal" || !("body" in root)) {
    collect(root, 0, into);
    return;
  }
  const { body, ...head } = root;
  collect(head, 0, into);
  for (const member of Array.isArray(body) ? body : []) {
    const { of, by } = unmoved(member);
    for (const error of errorsInMember(of)) into.push(shifted(error, by));
  }
}

const inMembers = new WeakMap<object, readonly ErrorNode[]>();

function errorsInMember(member: object): readonly ErrorNode[] {
  const known = inMembers.get(member);
  if (known !== undefined) return known;
  const errors: ErrorNode[] = [];
  collect(member, 0, errors);
  inMembers.set(member, errors);
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
