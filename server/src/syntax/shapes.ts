// Reuses the tree of one step for others that differ from it only in names, decimal numbers and quoted texts of the
// same lengths: most steps of a long scenario do. The shape of a text keeps keywords, symbols, other numbers and spaces
// and blots out the rest; two texts of one shape have the same tree but for the words in it. That holds because the
// grammar tells words apart only if they are in `keywords`, which a test compares with the grammar.

import { isDigit, isIdentStart, skipWord } from "./words.ts";

/** Every word that the grammar mentions. */
export const keywords: ReadonlySet<string> = new Set(
  `abstract all and any as assert at behind breaks caller close const count define depth destroy device driver else
   enum error exclusive extends fact fails false fd first for give group host if in info ioctl iommu is kernel let
   limit never new none not NULL object of ok on op opens or override parallel proposal reach remove require return
   role rule safe scenario set since state struct task tasks then to topology true type until use verify violates
   warning weak where with`.split(/\s+/),
);
const longestKeyword = 9;

/** A tree with holes: where the words of another text go. */
interface Template {
  readonly node: Readonly<Record<string, unknown>>;
  /** The key that holds a word, and how many characters around it are quotes. */
  readonly word: "text" | "value" | null;
  readonly quotes: number;
  readonly decimal: boolean;
  readonly parts: readonly Template[];
  readonly partKeys: readonly string[];
  readonly lists: readonly (readonly Template[])[];
  readonly listKeys: readonly string[];
  readonly start: number;
  readonly end: number;
}

interface Shape {
  readonly codes: Uint16Array;
  /** Null: texts of this shape do not parse. */
  readonly template: Template | null;
  readonly next: Shape | undefined;
}

const longest = 300;
const maxShapes = 20_000;
const blots = new Uint16Array(longest);
const shapes = new Map<number, Shape>();
const [name, zero, dot, slash, star, quote, backslash] = [0x61, 0x30, 0x2e, 0x2f, 0x2a, 0x22, 0x5c];

/**
 * The tree of text[from, to), its spans relative to the start of `text`. `parse` is asked, for a node whose spans are
 * relative to `from`, unless a text of the same shape has been parsed before. Null: that is not worth it, or an error.
 */
export function parseByShape<T extends object>(
  text: string,
  from: number,
  to: number,
  parse: (text: string) => T | null,
): T | null {
  const length = to - from;
  if (length > longest || !blot(text, from, to)) return null;
  const hash = hashOf(length);
  const first = shapes.get(hash);
  let shape = first;
  while (shape !== undefined && !isShape(shape.codes, length)) shape = shape.next;
  if (shape === undefined) {
    const codes = blots.slice(0, length);
    const node = parse(text.slice(from, to));
    shape = { codes, template: node === null ? null : templateOf(node), next: first };
    if (shapes.size >= maxShapes) shapes.clear();
    shapes.set(hash, shape);
  }
  // A template yields what it was made from.
  return shape.template === null ? null : (filled(shape.template, text, from) as T);
}

function hashOf(length: number): number {
  let hash = length;
  for (let i = 0; i < length; i++) hash = (Math.imul(hash, 31) + (blots[i] ?? 0)) | 0;
  return hash;
}

function isShape(codes: Uint16Array, length: number): boolean {
  if (codes.length !== length) return false;
  for (let i = 0; i < length; i++) if (codes[i] !== blots[i]) return false;
  return true;
}

/** Puts the shape into `blots`; false if there is none, for the text holds a comment, an escape or other letters. */
function blot(text: string, from: number, to: number): boolean {
  let at = from;
  while (at < to) {
    const c = text.charCodeAt(at);
    if (isIdentStart(c)) {
      const end = skipWord(text, at);
      if (end - at <= longestKeyword && keywords.has(text.slice(at, end))) keep(text, at, end, from);
      else blotOut(name, at - from, end - from);
      at = end;
    } else if (isDigit(c)) {
      const end = skipWord(text, at);
      if (isDecimal(text, at, end)) blotOut(zero, at - from, end - from);
      else keep(text, at, end, from);
      at = end;
    } else if (c === quote) {
      const end = quotedEnd(text, at, to);
      if (end < 0) return false;
      blotOut(name, at - from, end - from);
      blots[at - from] = quote;
      blots[end - from] = quote;
      at = end + 1;
    } else {
      const next = text.charCodeAt(at + 1);
      if (c > 0x7e || (c === slash && (next === slash || next === star))) return false;
      blots[at - from] = c;
      at++;
    }
  }
  return true;
}

// A loop, for fill() costs ten times as much for a few characters.
function blotOut(code: number, from: number, to: number): void {
  for (let i = from; i < to; i++) blots[i] = code;
}

function keep(text: string, at: number, end: number, from: number): void {
  for (let i = at; i < end; i++) blots[i - from] = text.charCodeAt(i);
}

/** Only digits, and no part of a version. */
function isDecimal(text: string, at: number, end: number): boolean {
  let i = at;
  while (isDigit(text.charCodeAt(i))) i++;
  return i === end && text.charCodeAt(end) !== dot && text.charCodeAt(at - 1) !== dot;
}

/** The place of the closing quote; -1 if it is missing or something in between needs the grammar to be read. */
function quotedEnd(text: string, at: number, to: number): number {
  for (let i = at + 1; i < to; i++) {
    const c = text.charCodeAt(i);
    if (c === quote) return i;
    if (c === backslash || c < 0x20) return -1;
  }
  return -1;
}

function templateOf(value: object): Template {
  // A node, or what the grammar puts into one: objects with spans.
  const node = value as Readonly<Record<string, unknown>> & {
    readonly kind: string;
    readonly start: number;
    readonly end: number;
  };
  const { kind, start, end, text } = node as typeof node & { readonly text?: unknown };
  const keys = Object.keys(node);
  const partKeys = keys.filter(
    (key) => typeof node[key] === "object" && node[key] && !Array.isArray(node[key]),
  );
  const listKeys = keys.filter((key) => Array.isArray(node[key]) && node[key].length > 0);
  return {
    node,
    word: kind === "name" || kind === "number" ? "text" : kind === "string" ? "value" : null,
    // A quoted name spans its quotes.
    quotes: kind === "string" || (kind === "name" && String(text).length !== end - start) ? 1 : 0,
    decimal: kind === "number" && /^[0-9]+$/.test(String(text)),
    parts: partKeys.map((key) => templateOf(node[key] as object)),
    partKeys,
    lists: listKeys.map((key) => (node[key] as object[]).map(templateOf)),
    listKeys,
    start,
    end,
  };
}

/** The tree of the text that stands `from` characters into `text`. */
function filled(template: Template, text: string, from: number): Record<string, unknown> {
  const { node, word, quotes, parts, partKeys, lists, listKeys } = template;
  const copy: Record<string, unknown> = { ...node };
  const start = template.start + from;
  const end = template.end + from;
  copy.start = start;
  copy.end = end;
  if (word !== null) {
    copy[word] = text.slice(start + quotes, end - quotes);
    if (template.decimal) copy.value = Number(copy.text);
  }
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i];
    if (part !== undefined) copy[partKeys[i] ?? ""] = filled(part, text, from);
  }
  for (let i = 0; i < lists.length; i++) {
    const list = lists[i] ?? [];
    const items: unknown[] = [];
    for (let k = 0; k < list.length; k++) {
      const item = list[k];
      if (item !== undefined) items.push(filled(item, text, from));
    }
    copy[listKeys[i] ?? ""] = items;
  }
  return copy;
}
