// Cuts a text into chunks: pieces that the grammar can parse on their own, so that an error costs one line and an
// edit one step. Lexical only: it knows strings, comments, brackets and first words, not the rules of the grammar.
//
// A chunk is a logical line: one physical line, and those that continue it.
// - Inside ( [ { the next line continues, if the balance is reached within 32 lines, and before a line that closes
//   more than was opened, stands left of the first one with a `}`, or must be something new (see lineStart).
//   Otherwise the statement is half-typed and costs its line only.
// - The next line, blank and comment lines not skipped, continues if it starts with a word or an operator that can
//   start no statement (see continues); or if the line ends with an operator and the next is indented deeper; a
//   quoted text continues in either case.
// - The head of a block ends right after its `{`, which is the one that follows an operand: after an operator word
//   or symbol it opens a set, after `new T` the fields. Every `}` of a block is a chunk, with the `else … {` after it.
// - A `;` ends a chunk, unless `fails`, `violates` or `ok` follows; an unmatched `}` ends it too.
// White space, comments before and comments after (but not `///`) belong to a chunk: chunks tile the text.
//
// Where a chunk ends depends on the text from its start on, at most 32 lines beyond it, and on whether it is the
// first of its line; nothing else. Editing relies on that. The exception is a comment that is never closed: it ends
// with its line, so a `*/` anywhere below matters.

import { afterBreak, countBreaks, indentOf, isDoc, lineEnd, stringEnd } from "./places.ts";
import {
  continues,
  isBlank,
  isBreak,
  isIdentPart,
  isOutcome,
  type LineStart,
  lineStart,
  operatorWords,
  setWords,
  skipBlanks,
  skipWord,
} from "./words.ts";

/** How far a statement may reach over the brackets that it leaves open. */
export const lookAhead = 32;
/** More brackets than this inside each other are an error. */
export const maxDepth = 200;

export interface Chunk {
  readonly kind: "trivia" | "doc" | "line" | "head" | "close" | "else";
  readonly start: number;
  readonly end: number;
  /** The first token, and the end of the last: what the parser gets. */
  readonly code: number;
  readonly codeEnd: number;
  readonly first: LineStart;
  /** Columns before the first token, or -1 when something else stands there. */
  readonly indent: number;
  readonly depth: number;
  /** Brackets were left open: up to 32 lines behind it matter, else only the next one. */
  readonly isFar: boolean;
}

export interface Source {
  readonly text: string;
  /** More text follows, that is not here. */
  readonly cut: boolean;
  /** Where the last comment of the form slash-star closes; found when first needed. */
  lastClose: number | undefined;
  /** How far chunks have been cut; infinite when what is not here may matter. */
  reached: number;
  /** Whether a chunk has been cut that looked further than at the line behind it. */
  lookedFar: boolean;
}

export const sourceOf = (text: string, cut = false): Source => ({
  text,
  cut,
  lastClose: undefined,
  reached: 0,
  lookedFar: false,
});

const nothing: LineStart = { word: "", head: false, starts: "other" };

export function nextChunk(source: Source, start: number): Chunk {
  const chunk = chunkAt(source, start);
  if (chunk.end > source.reached) source.reached = chunk.end;
  if (chunk.isFar) source.lookedFar = true;
  return chunk;
}

function chunkAt(source: Source, start: number): Chunk {
  const { text } = source;
  let at = skipBlanks(text, start);
  for (;;) {
    const c = text.charCodeAt(at);
    if (Number.isNaN(c) || isBreak(c)) return trivia("trivia", start, at, afterBreak(text, at));
    if (c !== 0x2f) break;
    if (text.charCodeAt(at + 1) === 0x2f) {
      const end = lineEnd(text, at);
      return trivia(isDoc(text, at) ? "doc" : "trivia", start, at, afterBreak(text, end));
    }
    const end = commentEnd(source, at);
    if (end < 0) break;
    at = skipBlanks(text, end);
  }
  const indent = indentOf(text, at);
  if (text.charCodeAt(at) === 0x7d) return closing(source, start, at, indent);
  return statement(source, start, at, indent);
}

function trivia(kind: "trivia" | "doc", start: number, code: number, end: number): Chunk {
  return { kind, start, end, code, codeEnd: code, first: nothing, indent: -1, depth: 0, isFar: false };
}

/** `}`, with `else … {` when that follows on this or the next line. */
function closing(source: Source, start: number, code: number, indent: number): Chunk {
  const { text } = source;
  const isFar = false;
  let at = skipBlanks(text, code + 1);
  if (isBreak(text.charCodeAt(at))) at = skipBlanks(text, afterBreak(text, at));
  if (text.startsWith("else", at) && !isIdentPart(text.charCodeAt(at + 4))) {
    const scan = scanStatement(source, at + 4, indent, { ...nothing, head: true });
    if (scan.head) return finish(source, "else", start, code, scan.end, nothing, indent, scan);
  }
  let end = code + 1;
  for (;;) {
    const next = skipBlanks(text, end);
    const c = text.charCodeAt(next);
    if (c !== 0x3b && c !== 0x2c) break;
    end = next + 1;
  }
  return finish(source, "close", start, code, end, nothing, indent, { depth: 0, isFar });
}

function statement(source: Source, start: number, code: number, indent: number): Chunk {
  const first = lineStart(source.text, code);
  const scan = scanStatement(source, code, indent, first);
  return finish(source, scan.head ? "head" : "line", start, code, scan.end, first, indent, scan);
}

/** Adds what follows the last token on its line, if it is not code and not a doc comment. */
function finish(
  source: Source,
  kind: Chunk["kind"],
  start: number,
  code: number,
  codeEnd: number,
  first: LineStart,
  indent: number,
  { depth, isFar }: Pick<Scan, "depth" | "isFar">,
): Chunk {
  const { text } = source;
  let end = codeEnd;
  for (let at = skipBlanks(text, end); ; at = skipBlanks(text, at)) {
    const c = text.charCodeAt(at);
    if (Number.isNaN(c) || isBreak(c)) {
      end = afterBreak(text, at);
      break;
    }
    if (c !== 0x2f || isDoc(text, at)) break;
    if (text.charCodeAt(at + 1) === 0x2f) {
      end = afterBreak(text, lineEnd(text, at));
      break;
    }
    const close = commentEnd(source, at);
    if (close < 0) break;
    at = close;
    end = close;
  }
  return { kind, start, end, code, codeEnd, first, indent, depth, isFar };
}

interface Scan {
  /** After the last token. */
  end: number;
  /** It ended with the brace of a block. */
  head: boolean;
  /** The deepest nesting of brackets. */
  depth: number;
  /** Brackets are open at its end. */
  isFar: boolean;
}

function scanStatement(source: Source, from: number, indent: number, first: LineStart): Scan {
  const { text } = source;
  const open: number[] = []; // the brackets that are open: character codes
  let depth = 0;
  let braces = 0;
  let at = from;
  let end = from; // after the last token
  let lastWord = -1; // where the last token starts, if it is a word
  let newType = 0; // 1 after `new`, 2 after `new T`
  let fallback = -1; // the end of the line on which a bracket was left open
  let lines = 0; // line breaks since then
  const stop = (until: number, head = false): Scan => ({ end: until, head, depth, isFar: open.length > 0 });

  for (;;) {
    const c = text.charCodeAt(at);
    if (isIdentPart(c)) {
      lastWord = at;
      at = skipWord(text, at);
      if (newType === 1) newType = 2;
      else newType = at - lastWord === 3 && text.startsWith("new", lastWord) ? 1 : 0;
      end = at;
      continue;
    }
    if (isBlank(c)) {
      at++;
      continue;
    }
    if (Number.isNaN(c)) return stop(open.length > 0 && fallback >= 0 ? fallback : end);
    if (isBreak(c)) {
      const next = skipBlanks(text, afterBreak(text, at));
      if (open.length === 0) {
        if (!joins(text, end, next, indent, first)) return stop(end);
      } else {
        if (fallback < 0) fallback = end;
        lines++;
        if (lines > lookAhead || stops(text, next, indent)) return stop(fallback);
      }
      at = next;
      continue;
    }
    if (c === 0x2f) {
      if (text.charCodeAt(at + 1) === 0x2f) {
        if (open.length === 0 && isDoc(text, at)) return stop(end);
        at = lineEnd(text, at);
        continue;
      }
      const close = commentEnd(source, at);
      if (close >= 0) {
        const breaks = countBreaks(text, at, close, lookAhead + 1);
        if (breaks > 0 && open.length === 0 && !joins(text, end, skipBlanks(text, close), indent, first)) {
          return stop(end);
        }
        if (breaks > 0 && open.length > 0) {
          if (fallback < 0) fallback = end;
          lines += breaks;
          if (lines > lookAhead) return stop(fallback);
        }
        at = close;
        continue;
      }
    }
    if (c === 0x22 || (c === 0x2f && text.charCodeAt(at + 1) === 0x2a)) {
      at = c === 0x22 ? stringEnd(text, at) : lineEnd(text, at);
      end = at;
      lastWord = -1;
      newType = 0;
      continue;
    }
    if (c === 0x3b && open.length === 0) {
      do {
        end = at + 1;
        at = skipBlanks(text, end);
      } while (text.charCodeAt(at) === 0x3b);
      lastWord = -1;
      if (isBreak(text.charCodeAt(at))) {
        const next = skipBlanks(text, afterBreak(text, at));
        if (!isOutcome(text, next)) return stop(end);
        at = next;
      } else if (!isOutcome(text, at)) return stop(end);
      continue;
    }
    if (c === 0x28 || c === 0x5b) {
      open.push(c);
    } else if (c === 0x7b) {
      if (open.length === 0 && first.head && newType !== 2 && opensBlock(text, end, lastWord, from)) {
        return stop(at + 1, true);
      }
      open.push(c);
      braces++;
    } else if (c === 0x29 || c === 0x5d) {
      if (open[open.length - 1] === (c === 0x29 ? 0x28 : 0x5b)) open.pop();
    } else if (c === 0x7d) {
      if (braces === 0) return stop(open.length > 0 && fallback >= 0 ? fallback : end);
      // A half-typed call inside the braces ends with them.
      while (open.pop() !== 0x7b);
      braces--;
    }
    if (open.length > depth) depth = open.length;
    if (depth > maxDepth) return stop(lineEnd(text, at));
    if (open.length === 0) {
      fallback = -1;
      lines = 0;
    }
    at++;
    end = at;
    lastWord = -1;
    newType = 0;
  }
}

/** Whether a brace after the token that ends at `end` opens a block: the token ends an operand, or is the head word. */
function opensBlock(text: string, end: number, lastWord: number, from: number): boolean {
  if (end === from) return true; // right after `else`
  if (lastWord >= 0) return end - lastWord > 5 || !setWords.has(text.slice(lastWord, end));
  const c = text.charCodeAt(end - 1);
  return c === 0x29 || c === 0x5d || c === 0x7d || c === 0x22 || c === 0x3f;
}

/** Whether the line at `next` continues the statement whose last token ends at `end`; no bracket is open. */
function joins(text: string, end: number, next: number, indent: number, first: LineStart): boolean {
  const c = text.charCodeAt(next);
  if (Number.isNaN(c) || isBreak(c)) return false;
  if (continues(text, next, first.head)) return true;
  const last = text.charCodeAt(end - 1);
  if (c === 0x7b) return last === 0x3d;
  const open = endsOpen(text, end, last);
  const deeper = indent >= 0 && indentOf(text, next) > indent;
  if (c === 0x22) return open || deeper;
  return open && deeper && lineStart(text, next).starts === "other";
}

/** Whether the token before `end` is an operator, so that an operand must follow. */
function endsOpen(text: string, end: number, last: number): boolean {
  if (isIdentPart(last)) {
    let start = end;
    while (end - start < 6 && isIdentPart(text.charCodeAt(start - 1))) start--;
    return operatorWords.has(text.slice(start, end));
  }
  return "=+-*/%|&<>,:".includes(text.charAt(end - 1));
}

/** Whether the line at `next` cannot be inside the brackets that a line with this indent left open. */
function stops(text: string, next: number, indent: number): boolean {
  const c = text.charCodeAt(next);
  if (c === 0x7d) return indentOf(text, next) < indent;
  const { starts } = lineStart(text, next);
  if (starts === "declaration") return indentOf(text, next) === 0;
  return starts !== "other";
}

/** Behind the slash-star comment at `at`; -1 if none starts there or it is never closed. */
function commentEnd(source: Source, at: number): number {
  if (source.text.charCodeAt(at + 1) !== 0x2a) return -1;
  source.lastClose ??= source.text.lastIndexOf("*/");
  if (at + 2 > source.lastClose) {
    if (source.cut) source.reached = Number.POSITIVE_INFINITY;
    return -1;
  }
  return source.text.indexOf("*/", at + 2) + 2;
}
