// What each word of a text is, for editors to colour: names by what they stand for, the rest by how it looks. Tokens
// are in order, do not overlap, and none reaches over the end of a line.

import type { View } from "../analysis/session.ts";
import { builtInNames } from "../semantics/calls.ts";
import { errnos } from "../semantics/errnos.ts";
import type { Span } from "../syntax/ast.ts";
import { type Item, itemStarts } from "../syntax/document.ts";
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
  const { document } = view;
  const starts = itemStarts(document);
  const found = document.items.flatMap((item, i) => {
    const start = starts[i] ?? 0;
    if (range !== undefined && (start > range.end || start + item.length < range.start)) return [];
    const text = document.text.slice(start, start + item.length);
    return itemTokens(view, item, text).map((token) => ({
      ...token,
      start: token.start + start,
      end: token.end + start,
    }));
  });
  return range === undefined
    ? found
    : found.filter(({ start, end }) => start < range.end && end > range.start);
}

interface Known {
  readonly occurrences: readonly Occurrence[];
  readonly tokens: readonly SemanticToken[];
}

const known = new WeakMap<Item, Known>();

function itemTokens(view: View, item: Item, text: string): readonly SemanticToken[] {
  const { occurrences } = indexOfItem(view, item);
  const before = known.get(item);
  if (before?.occurrences === occurrences) return before.tokens;
  const names = named(occurrences);
  const types = new Map(names.map(({ start, end, type }): [string, Type] => [text.slice(start, end), type]));
  const tokens = merged(text, names, lexical(text, types));
  known.set(item, { occurrences, tokens });
  return tokens;
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

/** `types`: what the names of this text are elsewhere in it; a half-typed line has no other way to tell. */
function lexical(text: string, types: ReadonlyMap<string, Type>): SemanticToken[] {
  const tokens = tokensOf(text);
  return tokens.flatMap((token, i): SemanticToken[] => {
    const looks = lookOf(token, tokens[i - 1], tokens[i + 1], types);
    return looks === null ? [] : [{ start: token.start, end: token.end, ...looks }];
  });
}

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
function merged(
  text: string,
  names: readonly SemanticToken[],
  others: readonly SemanticToken[],
): SemanticToken[] {
  const found: SemanticToken[] = [];
  let next = 0;
  const add = (token: SemanticToken, start: number, end: number): void => {
    for (const piece of linesIn(text, start, end)) found.push({ ...token, ...piece });
  };
  for (const other of others) {
    let at = other.start;
    for (let name = names[next]; name !== undefined && name.start < other.end; name = names[++next]) {
      if (name.start > at)
        add(other, Math.max(at, other.start), Math.max(at, Math.min(name.start, other.end)));
      add(name, name.start, name.end);
      at = Math.max(at, name.end);
    }
    if (at < other.end) add(other, at, other.end);
  }
  for (const name of names.slice(next)) add(name, name.start, name.end);
  return found.filter(({ start, end }) => start < end);
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
