// Looks at documents and trees as the tests of the syntax need it: assembled, absolute, or without what may differ.

import type { Step } from "../../server/src/syntax/ast.ts";
import { type Document, type Item, itemStarts } from "../../server/src/syntax/document.ts";
import { shifted } from "../../server/src/syntax/tree.ts";

type Tree = Record<string, unknown>;

/** The declarations with absolute spans, and the rows of scenarios put into their bodies. */
export function wholeTree(document: Document): unknown[] {
  const starts = itemStarts(document);
  return document.items.flatMap((item, i) => {
    if (item.declaration === null) return [];
    const start = starts[i] ?? 0;
    const declaration = shifted(item.declaration, start);
    return [
      item.rows === null ? declaration : { ...declaration, body: stepsOf(item, start + item.rowsStart) },
    ];
  });
}

function stepsOf(item: Item, from: number): unknown[] {
  const bodies: unknown[][] = [[]];
  const heads: Step[] = [];
  let at = from;
  for (const row of item.rows ?? []) {
    const node = row.node === null ? null : shifted(row.node, at);
    if (row.kind === "open" && node !== null) {
      heads.push(node);
      bodies.push([]);
    } else if (row.kind === "step") bodies.at(-1)?.push(node);
    else if (row.kind === "close" && heads.length > 0) {
      const end = at + row.text.indexOf("}") + 1;
      const node = { ...heads.pop(), body: bodies.pop(), open: false, end };
      bodies.at(-1)?.push(node);
    }
    at += row.length;
  }
  return bodies[0] ?? [];
}

/** Every node below and at a value. */
export function* nodesIn(value: unknown): Generator<Tree & { start: number; end: number; kind: string }> {
  if (typeof value !== "object" || value === null) return;
  if ("kind" in value && "start" in value) yield value as Tree & { start: number; end: number; kind: string };
  for (const part of Object.values(value)) yield* nodesIn(part);
}

/** All errors, with absolute spans, in the order of the text. */
export function errorsIn(
  document: Document,
): { message: string; start: number; end: number; marked: string }[] {
  const starts = itemStarts(document);
  const found = [];
  for (const [i, item] of document.items.entries()) {
    const start = starts[i] ?? 0;
    const nodes = [
      ...nodesIn(shifted(item.declaration, start)),
      ...item.errors.map((e) => shifted(e, start)),
    ];
    let at = start + item.rowsStart;
    for (const row of item.rows ?? []) {
      nodes.push(...nodesIn(shifted(row.node, at)));
      at += row.length;
    }
    for (const node of nodes) if (node.kind === "error") found.push(node);
  }
  return found
    .map((e) => ({
      message: String(e.message),
      start: e.start,
      end: e.end,
      marked: document.text.slice(e.start, e.end),
    }))
    .sort((a, b) => a.start - b.start);
}

/** A document without ids: equal for equal texts. */
export function withoutIds(document: Document): unknown {
  return document.items.map(({ id: _, rows, ...item }) => ({
    ...item,
    rows:
      rows === null
        ? null
        : [...rows].map(({ kind, node, length, text, depth }) => ({ kind, node, length, text, depth })),
  }));
}

/** Why a document breaks what always holds, or null. */
export function brokenInvariant(document: Document): string | null {
  const { text } = document;
  let at = 0;
  const ids = new Set<number>();
  const inside = new Set<number>();
  for (const { index } of text.matchAll(/[\ud800-\udbff][\udc00-\udfff]|\r\n/g)) inside.add(index + 1);
  const badSpan = (value: unknown, from: number): string | null => {
    for (const { kind, start, end } of nodesIn(value)) {
      const [a, b] = [start + from, end + from];
      if (!(a >= 0 && a <= b && b <= text.length)) return `${kind} at ${a}..${b} is outside of the text`;
      if (inside.has(a) || inside.has(b)) return `${kind} at ${a}..${b} splits a character`;
    }
    return null;
  };
  for (const item of document.items) {
    if (item.length <= 0) return "an empty item";
    const bad = badSpan(item.declaration, at) ?? badSpan(item.errors, at);
    if (bad !== null) return bad;
    let place = item.rowsStart;
    for (const row of item.rows ?? []) {
      if (row.length <= 0) return "an empty row";
      if (text.slice(at + place, at + place + row.length) !== row.text) return "a row has another text";
      if (ids.has(row.id)) return `the id ${row.id} twice`;
      ids.add(row.id);
      const badRow = badSpan(row.node, at + place);
      if (badRow !== null) return badRow;
      place += row.length;
    }
    if (item.rows !== null && place !== item.length) return "the rows do not fill their scenario";
    if (ids.has(item.id)) return `the id ${item.id} twice`;
    ids.add(item.id);
    at += item.length;
  }
  return at === text.length ? null : "the items do not fill the text";
}
