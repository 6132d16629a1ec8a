// What each word of a text is, for editors to colour: names by what they stand for, the rest by how it looks. Tokens
// are in order, do not overlap, and none reaches over the end of a line.

import type { View } from "../analysis/session.ts";
import { perBlock } from "../base/sequence.ts";
import { builtInNames } from "../semantics/calls.ts";
import { errnos } from "../semantics/errnos.ts";
import type { Span } from "../syntax/ast.ts";
import { type Item, itemStarts, type RowBlock } from "../syntax/document.ts";
import { keywords } from "../syntax/words.ts";
import { indexOfItem, isBuiltIn, type Occurrence, type Role } from "./symbols/index.ts";
import { type Token, tokensOf } from "./tokens.ts";

export const tokenTypes = [
  "namespace",
  "class",
  "interface",
  "type",
  "property",
  "function",
  "macro",
  "event",
  "enumMember",
  "parameter",
  "variable",
  "keyword",
  "comment",
  "string",
  "number",
] as const;

export const tokenModifiers = [
  "declaration",
  "readonly",
  "modification",
  "deprecated",
  "documentation",
  "defaultLibrary",
] as const;

type Type = (typeof tokenTypes)[number];
type Modifier = (typeof tokenModifiers)[number];

export interface SemanticToken extends Span {
  readonly type: Type;
  readonly modifiers: readonly Modifier[];
}

const typeOfRole: Readonly<Record<Role, readonly [Type, ...Modifier[]]>> = {
  proposal: ["namespace"],
  topology: ["namespace"],
  scenario: ["string"],
  file: ["string"],
  fd: ["class"],
  object: ["class"],
  role: ["interface"],
  alias: ["type"],
  kind: ["type"],
  field: ["property"],
  result: ["property"],
  "struct-field": ["property"],
  operation: ["function"],
  define: ["function", "readonly"],
  effect: ["macro"],
  rule: ["event"],
  hazard: ["event"],
  const: ["variable", "readonly"],
  word: ["enumMember"],
  parameter: ["parameter"],
  variable: ["variable", "readonly"],
  iommu: ["variable", "readonly"],
  group: ["variable", "readonly"],
  device: ["variable", "readonly"],
  task: ["namespace"],
  handle: ["variable"],
};

/** `range`: only what touches it. */
export function semanticTokensOf(view: View, range?: Span): SemanticToken[] {
  const { items } = view.document;
  const starts = itemStarts(view.document);
  return items.flatMap((item, i) => {
    const start = starts[i] ?? 0;
    const touches = (at: Span): boolean =>
      range === undefined || (at.start + start < range.end && at.end + start > range.start);
    if (!touches({ start: 0, end: item.length })) return [];
    return partsOf(view, item)
      .filter(touches)
      .flatMap((part) => merged(part))
      .filter(touches)
      .map((token) => ({ ...token, start: token.start + start, end: token.end + start }));
  });
}

/** A piece of an item: an edit makes few of them anew. All places are from the start of the item. */
interface Part extends Span {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly names: readonly SemanticToken[];
  /** What the names of the item are elsewhere in it; a half-typed line has no other way to tell. */
  readonly types: ReadonlyMap<string, Type>;
}

const headTokens = perBlock((item: Item) => tokensOf(item.head));
const rowTokens = perBlock((block: RowBlock) => tokensOf(block.text()));

function partsOf(view: View, item: Item): Part[] {
  const { names, types } = namedIn(indexOfItem(view, item).occurrences, item);
  const parts: Part[] = [];
  let next = 0;
  const add = (start: number, text: string, tokens: readonly Token[]): void => {
    const end = start + text.length;
    const first = next;
    while (next < names.length && (names[next]?.start ?? end) < end) next++;
    parts.push({ start, end, text, tokens, names: names.slice(first, next), types });
  };
  add(0, item.head, headTokens(item));
  let at = item.rowsStart;
  for (const block of item.rows?.blocks ?? []) {
    add(at, block.text(), rowTokens(block));
    at += block.characters;
  }
  return parts;
}

interface Named {
  readonly names: readonly SemanticToken[];
  readonly types: ReadonlyMap<string, Type>;
}

const known = new WeakMap<readonly Occurrence[], Named>();

function namedIn(occurrences: readonly Occurrence[], item: Item): Named {
  const before = known.get(occurrences);
  if (before !== undefined) return before;
  const names = named(occurrences);
  const text = item.head + (item.rows?.blocks ?? []).map((block) => block.text()).join("");
  const types = new Map(names.map(({ start, end, type }): [string, Type] => [text.slice(start, end), type]));
  const found = { names, types };
  known.set(occurrences, found);
  return found;
}

/** One token for each name: of what it may stand for, the first. */
function named(occurrences: readonly Occurrence[]): SemanticToken[] {
  const found: SemanticToken[] = [];
  let end = -1;
  for (const { start, end: until, key, role, access, spelled, deprecated } of occurrences) {
    if (!spelled || start < end || start === until) continue;
    const [type, ...modifiers] = typeOfRole[role];
    const more: Modifier[] = [];
    if (access === "declare") more.push("declaration");
    if (access === "write") more.push("modification");
    if (deprecated === true) more.push("deprecated");
    if (isBuiltIn(key)) more.push("defaultLibrary");
    found.push({ start, end: until, type, modifiers: [...modifiers, ...more] });
    end = until;
  }
  return found;
}

const callable = new Set([...builtInNames, "open", "sizeof"]);

function lookOf(
  { kind, text }: Token,
  before: Token | undefined,
  after: Token | undefined,
  types: ReadonlyMap<string, Type>,
): Pick<SemanticToken, "type" | "modifiers"> | null {
  switch (kind) {
    case "doc":
      return { type: "comment", modifiers: ["documentation"] };
    case "comment":
      return { type: "comment", modifiers: [] };
    case "unclosed":
      return { type: text.startsWith("/*") ? "comment" : "string", modifiers: [] };
    case "string":
      return { type: "string", modifiers: [] };
    case "number":
      return { type: "number", modifiers: [] };
    case "symbol":
      return null;
    case "word":
      if (before?.text === ".") return null;
      if (after?.text === "(" && callable.has(text))
        return { type: "function", modifiers: ["defaultLibrary"] };
      if (keywords.has(text) || text === "self") return { type: "keyword", modifiers: [] };
      if (errnos.has(text)) return { type: "enumMember", modifiers: ["defaultLibrary"] };
      return likely(types.get(text) ?? (after?.text === "(" ? "function" : null));
    default:
      return kind satisfies never;
  }
}

const likely = (type: Type | null): Pick<SemanticToken, "type" | "modifiers"> | null =>
  type === null ? null : { type, modifiers: [] };

/** Names in front; what they leave of the other tokens is cut around them, and at the ends of lines. */
function merged({ start: by, text, tokens, names, types }: Part): SemanticToken[] {
  const found: SemanticToken[] = [];
  let next = 0;
  const add = (token: Pick<SemanticToken, "type" | "modifiers">, start: number, end: number): void => {
    const { type, modifiers } = token;
    for (const piece of linesIn(text, start - by, end - by))
      found.push({ start: piece.start + by, end: piece.end + by, type, modifiers });
  };
  tokens.forEach((token, i) => {
    const looks = lookOf(token, tokens[i - 1], tokens[i + 1], types);
    const [start, end] = [token.start + by, token.end + by];
    let at = start;
    for (let name = names[next]; name !== undefined && name.start < end; name = names[++next]) {
      if (looks !== null && name.start > at) add(looks, at, name.start);
      add(name, name.start, name.end);
      at = Math.max(at, name.end);
    }
    if (looks !== null && at < end) add(looks, at, end);
  });
  for (const name of names.slice(next)) add(name, name.start, name.end);
  return found;
}

function linesIn(text: string, start: number, end: number): Span[] {
  const pieces: Span[] = [];
  let at = start;
  for (let i = start; i < end; i++) {
    const c = text.charCodeAt(i);
    if (c !== 10 && c !== 13) continue;
    if (i > at) pieces.push({ start: at, end: i });
    at = i + 1;
  }
  if (at < end) pieces.push({ start: at, end });
  return pieces;
}
