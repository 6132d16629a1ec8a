// Parses a chunk with a start rule of the grammar, and remembers what it parsed: equal text, equal tree. What does not
// parse becomes an ErrorNode, so nothing throws. Knows the grammar only by the names of its start rules.

import type {
  ClaimItem,
  Declaration,
  Entry,
  ErrorNode,
  Expression,
  FieldItem,
  File,
  If,
  Member,
  Span,
  Statement,
  Step,
} from "./ast.ts";
import { SyntaxError as ParserError, parse } from "./generated/parser.js";
import { describe } from "./messages.ts";
import { parseByShape } from "./shapes.ts";
import { detached, isTooDeep, maxTreeDepth, shifted } from "./tree.ts";

/** The line between the blocks of an `if`; `nested` is the head of the `if` in `} else if … {`. */
export interface Else extends Span {
  readonly kind: "else";
  readonly nested: If | null;
}

/** What each start rule of the grammar yields. The lists are for lines that hold several things. */
export interface Yields {
  readonly File: File;
  readonly Declaration: Declaration;
  readonly Member: Member;
  readonly Field: FieldItem;
  readonly Statement: Statement;
  readonly Else: Else;
  readonly Entry: Entry;
  readonly Claim: ClaimItem;
  readonly Step: Step;
  readonly Expression: Expression;
  readonly Members: readonly Member[];
  readonly Fields: readonly FieldItem[];
  readonly Statements: readonly Statement[];
  readonly Entries: readonly Entry[];
  readonly Claims: readonly ClaimItem[];
}
export type Rule = keyof Yields;

const maxChunk = 1 << 16;
const maxRemembered = 50_000;

const remembered = new Map<string, object>();
/** Parses the text of a chunk; spans are relative to its start. The tree is shared: do not change it. */
export function parseChunk<R extends Rule>(rule: R, text: string): Yields[R] | ErrorNode {
  const key = `${rule}:${text}`;
  let node = remembered.get(key);
  if (node === undefined) {
    node = parseNow(rule, text);
    remember(remembered, detached(key), node);
  }
  // The grammar's actions are checked against ast.ts by the tests, not by the compiler.
  return node as Yields[R] | ErrorNode;
}

/**
 * Parses the step that stands in a row at [code, codeEnd); spans are relative to the start of the row. Rows are many,
 * and most differ from others in names only: such a step is a copy of one that was parsed.
 */
export function parseRow(row: string, code: number, codeEnd: number): Step {
  const node = parseByShape(row, code, codeEnd, parseStep);
  // As in parseChunk.
  if (node !== null) return node as Step;
  return shifted(parseChunk("Step", row.slice(code, codeEnd)), code);
}

function parseStep(text: string): object | null {
  const node = parseNow("Step", text);
  return isError(node) ? null : node;
}

/** Parses a whole text in one go: the first mistake costs everything. The second witness of the tests. */
export function parseWhole(text: string): File | ErrorNode {
  return run("File", text) as File | ErrorNode;
}

export function errorNode(message: string, start: number, end: number): ErrorNode {
  return { kind: "error", message, start, end };
}

function parseNow(rule: Rule, text: string): object {
  if (text.length > maxChunk) return errorNode("this statement is too long", 0, firstLine(text));
  const node = run(rule, text);
  if (text.length < maxTreeDepth) return node;
  return isTooDeep(node) ? tooDeep(text) : node;
}

function run(rule: Rule, text: string): object {
  try {
    // Every action of the grammar yields a node or a list.
    return parse(text, { startRule: rule }) as object;
  } catch (error) {
    if (error instanceof ParserError) return describe(rule, text, error);
    if (error instanceof RangeError) return tooDeep(text);
    throw error;
  }
}

const tooDeep = (text: string): ErrorNode => errorNode("this is nested too deeply", 0, firstLine(text));

/** As much of the text as one likes to see marked: its first line, and no more than 200 characters. */
export function firstLine(text: string): number {
  const end = text.slice(0, 200).search(/[\r\n]/);
  if (end > 0) return end;
  const limit = Math.min(text.length, 200);
  const last = text.charCodeAt(limit - 1);
  return limit < text.length && last >= 0xd800 && last < 0xdc00 ? limit - 1 : limit;
}

function isError(node: object): boolean {
  return "kind" in node && node.kind === "error";
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  if (map.size >= maxRemembered) {
    let surplus = maxRemembered / 2;
    for (const old of map.keys()) {
      if (surplus-- <= 0) break;
      map.delete(old);
    }
  }
  map.set(key, value);
}
