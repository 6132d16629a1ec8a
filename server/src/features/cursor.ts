// Where the cursor stands, read off the text in front of it: half-typed lines are the normal case, so the tree is asked
// for nothing that an error could have swallowed. Layout finds the blocks around it, tokens the statement.

import type { View } from "../analysis/session.ts";
import { itemAt, type PlacedItem, rowIn } from "../analysis/view.ts";
import type { ScenarioDeclaration } from "../syntax/ast.ts";
import { nextChunk, sourceOf } from "../syntax/layout.ts";
import { type Token, tokensOf, wordAt } from "./tokens.ts";

export interface Cursor {
  readonly offset: number;
  readonly item: PlacedItem | null;
  /** The heads of the blocks around it, outermost first: `proposal mine extends core {`. */
  readonly heads: readonly (readonly Token[])[];
  /** In each of these blocks, the statements in front of the cursor. Scenarios have none: their steps are rows. */
  readonly earlier: readonly (readonly string[])[];
  /** Where the statement begins that the cursor is in. */
  readonly statement: number;
  /** The statement in front of the word under the cursor. Offsets of the whole text. */
  readonly tokens: readonly Token[];
  /** In a string: what is written of it so far. */
  readonly inside: "code" | "string" | "comment";
  /** The word under the cursor, up to it; in a string all of it up to the cursor. */
  readonly prefix: string;
  /** What an answer replaces: the whole word, or the string without its quotes. */
  readonly start: number;
  readonly end: number;
  /** What follows on the line, without space. */
  readonly behind: string;
}

export function cursorAt(view: View, offset: number): Cursor {
  const { text } = view.document;
  const at = Math.max(0, Math.min(offset, text.length));
  const item = itemAt(view, at);
  const { heads, earlier, statement } = blocksAt(view, item, at);
  const before = tokensOf(text.slice(statement, at), statement);
  const last = before.at(-1);
  const common = { offset: at, item, heads, earlier, statement };
  if (last !== undefined && isComment(last, text, at)) {
    const tokens = before.slice(0, -1);
    return { ...common, tokens, inside: "comment", prefix: "", start: at, end: at, behind: "" };
  }
  if (last !== undefined && last.kind === "unclosed" && last.text.startsWith('"') && last.end === at) {
    const start = last.start + 1;
    const end = endOfString(text, at);
    const behind = restOfLine(text, text[end] === '"' ? end + 1 : end);
    const prefix = text.slice(start, at);
    return { ...common, tokens: before.slice(0, -1), inside: "string", prefix, start, end, behind };
  }
  const touching = wordAt(text, at);
  const word = touching !== null && touching.start < at && touching.start >= statement ? touching : null;
  const ahead = touching !== null && touching.start === at ? touching.end : at;
  const end = word?.end ?? (before.length === 0 ? at : ahead);
  return {
    ...common,
    tokens: before.filter((token) => token.end <= (word?.start ?? at) && token.kind !== "comment"),
    inside: "code",
    prefix: word === null ? "" : text.slice(word.start, at),
    start: word?.start ?? at,
    // A word that only begins at the cursor stays: something is being put in front of it.
    end: word === null ? at : end,
    behind: restOfLine(text, word === null ? at : end),
  };
}

function isComment(last: Token, text: string, at: number): boolean {
  if (last.end !== at) return false;
  if (last.kind === "doc") return true;
  if (last.kind === "comment") return last.text.startsWith("//") || !last.text.endsWith("*/");
  return last.kind === "unclosed" && text.startsWith("/*", last.start);
}

/** Where a string ends that the cursor is in: in front of its quote, or where its line (or what looks like code) goes on. */
function endOfString(text: string, at: number): number {
  const line = /^[^"\\\r\n]*/.exec(text.slice(at))?.[0] ?? "";
  const end = at + line.length;
  return text[end] === '"' ? end : at;
}

const restOfLine = (text: string, at: number): string =>
  (/^[^\r\n]*/.exec(text.slice(at, at + 200))?.[0] ?? "").trim();

type Blocks = Pick<Cursor, "heads" | "earlier" | "statement">;

function blocksAt(view: View, item: PlacedItem | null, offset: number): Blocks {
  if (item === null) return { heads: [], earlier: [], statement: 0 };
  const { text } = view.document;
  const { rows, rowsStart } = item.item;
  if (rows === null || offset < item.start + rowsStart) return walk(text, item.start, offset, []);
  const heads = [codeOf(tokensOf(text.slice(item.start, item.start + rowsStart), item.start))];
  const scenario = { item: item.item, start: item.start, run: null, declaration: scenarioOf(item) };
  const placed = rowIn(scenario, offset);
  if (placed === null) return walk(text, item.start + rowsStart, offset, heads);
  if (placed.row.depth < 0) return { heads: [], earlier: [], statement: offset };
  // The heads of the blocks around this row: each the nearest one in front that is less deep.
  const around: (readonly Token[])[] = [];
  let { depth } = placed.row;
  for (let at = placed; depth > 0; ) {
    const before = rowIn(scenario, at.start - 1);
    if (before === null || before.start >= at.start) break;
    at = before;
    if (at.row.kind !== "open" || at.row.depth >= depth) continue;
    around.unshift(codeOf(tokensOf(at.row.text, at.start)));
    depth = at.row.depth;
  }
  // In front of the brace on the line of a step, that step is what is being written.
  const before = placed.row.kind === "close" ? rowIn(scenario, placed.start - 1) : null;
  const start =
    before?.row.kind === "step" && isSameLine(text, before.start, offset) ? before.start : placed.start;
  return walk(text, start, offset, [...heads, ...around]);
}

/** Rows are there also when the head in front of them did not parse. */
function scenarioOf({ declaration }: PlacedItem): ScenarioDeclaration {
  if (declaration?.kind === "scenario") return declaration;
  const name = { kind: "name", text: "", start: 0, end: 0 } as const;
  const empty = { doc: [], body: [], topology: null, proposal: null, start: 0, end: 0 };
  return { kind: "scenario", name, open: true, ...empty };
}

const codeOf = (tokens: readonly Token[]): readonly Token[] =>
  tokens.filter(({ kind }) => kind !== "comment" && kind !== "doc");

/** From the start of a chunk on: the blocks that are open at `offset`, and the chunk that it lies in. */
function walk(text: string, from: number, offset: number, outer: Blocks["heads"]): Blocks {
  const source = sourceOf(text);
  const heads = [...outer];
  let line = -1;
  const earlier: string[][] = [[], ...outer.map((): string[] => [])];
  const at = (statement: number): Blocks => ({
    heads,
    earlier: earlier.slice(1),
    statement: Math.min(statement, offset),
  });
  for (let start = from; start < text.length; ) {
    const chunk = nextChunk(source, start);
    const { kind, code, codeEnd, end } = chunk;
    const isHere = end > offset || (end === text.length && !endsLine(text, end)) || end <= start;
    // Behind its brace, a head or an end of a block is over.
    const bracing = kind === "head" || kind === "close" || kind === "else";
    if (isHere && !(bracing && offset >= codeEnd)) {
      const goesOn = kind === "close" && line !== -1 && isSameLine(text, line, offset);
      return at(goesOn ? line : code);
    }
    line = kind === "line" ? code : -1;
    if (kind === "close" || kind === "else") {
      heads.pop();
      if (earlier.length > 1) earlier.pop();
    }
    if (kind === "head" || kind === "else") {
      heads.push(codeOf(tokensOf(text.slice(code, codeEnd), code)));
      earlier.push([]);
    }
    if (kind === "line") earlier.at(-1)?.push(text.slice(code, codeEnd));
    if (isHere) return at(codeEnd);
    start = end;
  }
  return at(offset);
}

/** Nothing between them ends a line, or the statement. */
const isSameLine = (text: string, from: number, to: number): boolean =>
  !/[\r\n]|[;,]\s*$/.test(text.slice(from, to).trimStart());

const endsLine = (text: string, at: number): boolean => /[\r\n]/.test(text.charAt(at - 1));
