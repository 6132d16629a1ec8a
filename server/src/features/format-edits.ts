// Formatting as edits of white space, so that cursors, marks and folds stay where they are.

import { formatText } from "./format.ts";

export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** White space as the grammar has it. */
const isSpace = (text: string, at: number): boolean => " \t\r\n\f\v\u00a0\ufeff".includes(text.charAt(at));

/** In order; none touches anything but white space. */
export function formatEdits(text: string): TextEdit[] {
  return whiteSpaceEdits(text, formatText(text));
}

/** Those edits of the whole that lie in the lines of a range. */
export function formatRangeEdits(
  text: string,
  range: { readonly start: number; readonly end: number },
): TextEdit[] {
  const from = lineStart(text, Math.min(range.start, text.length));
  const to = lineEnd(text, Math.min(range.end, text.length));
  return formatEdits(text).filter(({ start, end }) => from <= start && end <= to);
}

/**
 * Behind a line break or a `}` that was just typed in front of `offset`: the indentation of the line, and nothing else,
 * for the author is not done with it.
 */
export function formatTypedEdits(text: string, offset: number, typed: string): TextEdit[] {
  const start = lineStart(text, offset);
  let code = start;
  while (code < text.length && isSpace(text, code) && !isBreak(text, code)) code++;
  if (typed === "}" && text.charAt(code) !== "}") return [];
  // Formatting takes blank lines for nothing: a word stands for what will be typed here.
  const blank = code === text.length || isBreak(text, code);
  const probe = blank ? `${text.slice(0, code)}x${text.slice(code)}` : text;
  return whiteSpaceEdits(probe, formatText(probe))
    .filter((edit) => edit.end === code || (start <= edit.start && edit.end <= code))
    .flatMap((edit) => {
      // Of white space over several lines only what stands on this one.
      const wanted = edit.text.slice(edit.text.search(/[^\r\n]*$/));
      const old = text.slice(Math.max(edit.start, start), edit.end);
      const indentation = edit.start < start ? wanted : text.slice(start, edit.start) + wanted;
      return old === wanted && edit.start >= start ? [] : [{ start, end: code, text: indentation }];
    })
    .filter((edit) => text.slice(edit.start, edit.end) !== edit.text)
    .slice(0, 1);
}

const isBreak = (text: string, at: number): boolean => text.charAt(at) === "\n" || text.charAt(at) === "\r";

function lineStart(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && !isBreak(text, at - 1)) at--;
  return at;
}

function lineEnd(text: string, offset: number): number {
  let at = offset;
  while (at < text.length && !isBreak(text, at)) at++;
  return at;
}

/** Two texts that differ in white space only: run for run what differs, without what is the same at its ends. */
function whiteSpaceEdits(before: string, after: string): TextEdit[] {
  const edits: TextEdit[] = [];
  let [i, k] = [0, 0];
  while (i < before.length || k < after.length) {
    const [start, from] = [i, k];
    while (i < before.length && isSpace(before, i)) i++;
    while (k < after.length && isSpace(after, k)) k++;
    const edit = trimmed(start, before.slice(start, i), after.slice(from, k));
    if (edit !== null) edits.push(edit);
    i++;
    k++;
  }
  return edits;
}

function trimmed(start: number, old: string, wanted: string): TextEdit | null {
  if (old === wanted) return null;
  const shorter = Math.min(old.length, wanted.length);
  let head = 0;
  while (head < shorter && old[head] === wanted[head]) head++;
  let tail = 0;
  while (tail < shorter - head && old[old.length - 1 - tail] === wanted[wanted.length - 1 - tail]) tail++;
  // Between the two halves of a line break nothing can be put.
  if (old[head - 1] === "\r") head--;
  if (tail > 0 && old[old.length - tail] === "\n" && old[old.length - tail - 1] === "\r") tail--;
  return {
    start: start + head,
    end: start + old.length - tail,
    text: wanted.slice(head, wanted.length - tail),
  };
}
