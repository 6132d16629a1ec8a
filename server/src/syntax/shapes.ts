// Reuses the tree of one step for others that differ from it only in names, decimal numbers, quoted texts and the
// width of spaces: most steps of a long scenario do. The shape of a text keeps keywords, symbols and other numbers and
// says of the rest only what it is; two texts of one shape have the same tree but for the words and where they stand.
// That holds because the grammar tells words apart only if they are `keywords` (see words.ts; a test compares them
// with the grammar), and because every span starts and ends where a token does.

import { isBlank, isBreak, isDigit, isIdentStart, knownWord, skipWord } from "./words.ts";

/** A tree with holes: where the words of another text go. Spans are in tokens: from the start of one to the end of one. */
interface Template {
  readonly kind: string;
  readonly node: Readonly<Record<string, unknown>>;
  /** How many characters around a word are quotes. */
  readonly quotes: number;
  readonly decimal: boolean;
  readonly parts: readonly Part[];
  readonly first: number;
  readonly last: number;
}

/** What a key of a node holds: a node, or else a list. */
interface Part {
  readonly key: string;
  readonly part: Template | null;
  readonly list: readonly Template[];
}

interface Shape {
  readonly codes: Uint16Array;
  /** Null: texts of this shape do not parse. */
  readonly template: Template | null;
  readonly next: Shape | undefined;
}

const longest = 300;
const maxShapes = 20_000;
const [name, zero, dot, slash, star, quote, backslash, space] = [
  0x61, 0x30, 0x2e, 0x2f, 0x2a, 0x22, 0x5c, 0x20,
];
const shapes = new Map<number, Shape>();

// The shape and the tokens of the text at hand; here, so that nothing is allocated for them.
const codes = new Uint16Array(longest);
const starts = new Int32Array(longest);
const ends = new Int32Array(longest);
let size = 0;
let tokens = 0;

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
  if (to - from > longest || !readShape(text, from, to)) return null;
  const hash = hashOfShape();
  const first = shapes.get(hash);
  let shape = first;
  while (shape !== undefined && !isShape(shape.codes)) shape = shape.next;
  if (shape === undefined) {
    const node = parse(text.slice(from, to));
    shape = {
      codes: codes.slice(0, size),
      template: node === null ? null : templateOf(node, from),
      next: first,
    };
    if (shapes.size >= maxShapes) shapes.clear();
    shapes.set(hash, shape);
  }
  // A template yields what it was made from.
  return shape.template === null ? null : (filled(shape.template, text) as T);
}

function hashOfShape(): number {
  let hash = size;
  for (let i = 0; i < size; i++) hash = (Math.imul(hash, 31) + (codes[i] ?? 0)) | 0;
  return hash;
}

function isShape(other: Uint16Array): boolean {
  if (other.length !== size) return false;
  for (let i = 0; i < size; i++) if (other[i] !== codes[i]) return false;
  return true;
}

/** Finds the shape; false if there is none, for the text holds a comment, an escape or other letters. */
function readShape(text: string, from: number, to: number): boolean {
  size = 0;
  tokens = 0;
  let at = from;
  while (at < to) {
    const c = text.charCodeAt(at);
    const start = at;
    if (isIdentStart(c)) {
      at = skipWord(text, at);
      if (knownWord(text, start, at) === "") codes[size++] = name;
      else keep(text, start, at);
    } else if (isBlank(c) || isBreak(c)) {
      at++;
      // How wide it is does not matter, but whether it breaks the line.
      const code = isBreak(c) ? c : space;
      if (code !== space || codes[size - 1] !== space || size === 0) codes[size++] = code;
      continue;
    } else if (isDigit(c)) {
      at = skipWord(text, at);
      if (isDecimal(text, start, at)) codes[size++] = zero;
      else keep(text, start, at);
    } else if (c === quote) {
      at = quotedEnd(text, at, to);
      if (at < 0) return false;
      codes[size++] = quote;
    } else {
      at++;
      const next = text.charCodeAt(at);
      if (c > 0x7e || (c === slash && (next === slash || next === star))) return false;
      codes[size++] = c;
    }
    starts[tokens] = start;
    ends[tokens++] = at;
  }
  return true;
}

function keep(text: string, at: number, end: number): void {
  for (let i = at; i < end; i++) codes[size++] = text.charCodeAt(i);
}

/** Only digits, and no part of a version. */
function isDecimal(text: string, at: number, end: number): boolean {
  let i = at;
  while (isDigit(text.charCodeAt(i))) i++;
  return i === end && text.charCodeAt(end) !== dot && text.charCodeAt(at - 1) !== dot;
}

/** Behind the closing quote; -1 if it is missing or something in between needs the grammar to be read. */
function quotedEnd(text: string, at: number, to: number): number {
  for (let i = at + 1; i < to; i++) {
    const c = text.charCodeAt(i);
    if (c === quote) return i + 1;
    if (c === backslash || c < space) return -1;
  }
  return -1;
}

/** The template that the tree of the text at hand makes; null if a span does not start and end with a token. */
function templateOf(value: object, from: number): Template | null {
  // A node, or what the grammar puts into one: objects with spans.
  const node = value as Readonly<Record<string, unknown>> & {
    readonly kind: string;
    readonly start: number;
    readonly end: number;
  };
  const { kind, start, end, text } = node as typeof node & { readonly text?: unknown };
  const parts: Part[] = [];
  for (const [key, held] of Object.entries(node)) {
    if (typeof held !== "object" || held === null) continue;
    const list = (Array.isArray(held) ? held : [held]).map((part) => templateOf(part, from));
    if (!list.every((part) => part !== null)) return null;
    if (!Array.isArray(held)) parts.push({ key, part: list[0] ?? null, list: [] });
    else if (held.length > 0) parts.push({ key, part: null, list });
  }
  const first = starts.subarray(0, tokens).indexOf(start + from);
  const last = ends.subarray(0, tokens).indexOf(end + from);
  if (first < 0 || last < 0) return null;
  // A quoted name spans its quotes.
  const quotes = kind === "string" || (kind === "name" && String(text).length !== end - start) ? 1 : 0;
  const decimal = kind === "number" && /^[0-9]+$/.test(String(text));
  return { kind, node, quotes, decimal, parts, first, last };
}

/** The tree of the text at hand, which has the shape of the template. */
function filled(template: Template, text: string): object {
  const start = starts[template.first] ?? 0;
  const end = ends[template.last] ?? 0;
  // Half of all nodes are names: not worth a detour.
  if (template.kind === "name") {
    return { kind: "name", text: text.slice(start + template.quotes, end - template.quotes), start, end };
  }
  const copy: Record<string, unknown> = { ...template.node };
  copy.start = start;
  copy.end = end;
  if (template.kind === "string") copy.value = text.slice(start + 1, end - 1);
  else if (template.kind === "number") {
    copy.text = text.slice(start, end);
    if (template.decimal) copy.value = Number(copy.text);
  }
  const { parts } = template;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i];
    if (part !== undefined)
      copy[part.key] = part.part === null ? filledList(part.list, text) : filled(part.part, text);
  }
  return copy;
}

function filledList(list: readonly Template[], text: string): object[] {
  const items: object[] = [];
  for (let i = 0; i < list.length; i++) {
    const item = list[i];
    if (item !== undefined) items.push(filled(item, text));
  }
  return items;
}
