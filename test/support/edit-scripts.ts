// Random editing as people do it: lines come, go and move, a line is typed letter by letter, a brace is lost and found
// again. An edit is made from a few numbers, so that scripts shrink.

import fc from "fast-check";
import type { Edit } from "../../server/src/syntax/document.ts";

/** One action of an author. `at`, `to` and `pick` choose lines and pieces, modulo what there is. */
export interface Action {
  readonly what:
    | "insert"
    | "replace"
    | "delete"
    | "move"
    | "swap"
    | "copy"
    | "type"
    | "backspace"
    | "cut"
    | "mark"
    | "drop mark"
    | "undo";
  readonly at: number;
  readonly to: number;
  readonly pick: number;
}

const place = fc.nat({ max: 9999 });
const what = fc.constantFrom<Action["what"][]>(
  "insert",
  "insert",
  "replace",
  "replace",
  "delete",
  "delete",
  "move",
  "swap",
  "copy",
  "type",
  "backspace",
  "cut",
  "mark",
  "drop mark",
  "undo",
);

export const actions = (most: number, size: "small" | "max"): fc.Arbitrary<Action[]> =>
  fc.array(fc.record({ what, at: place, to: place, pick: place }), {
    minLength: 1,
    maxLength: most,
    size,
  });

const marks = [
  "{",
  "}",
  '"',
  "(",
  ")",
  "/*",
  "*/",
  "//",
  "\n",
  "\n\n",
  ";",
  ",",
  "///",
  "\r\n",
  " ",
  "=",
  "parallel {",
  "task t {",
];

/** What an action does to a text: one edit, or one for each key. `pool` holds lines that make sense in it. */
export function editsOf(
  action: Action,
  text: string,
  pool: readonly string[],
  before: readonly string[],
): Edit[] {
  const { at, to, pick } = action;
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  // Three in four are lines of scenarios: a mistake in what they run on silences them all.
  const first = Math.max(
    0,
    starts.findIndex((at) => text.startsWith("scenario ", at)),
  );
  const index = (line: number): number =>
    line % 4 === 0 ? line % starts.length : first + (line % Math.max(1, starts.length - first));
  const start = (line: number): number => starts[index(line)] ?? 0;
  const end = (line: number): number => starts[index(line) + 1] ?? text.length;
  const lineOf = (line: number): string => text.slice(start(line), end(line));
  const piece = pool[pick % pool.length] ?? "";
  const replace = (from: number, until: number, by: string): Edit => ({ start: from, end: until, text: by });
  switch (action.what) {
    case "insert":
      return [replace(start(at), start(at), `${piece}\n`)];
    case "replace":
      return [replace(start(at), end(at), `${piece}\n`)];
    case "delete":
      return [replace(start(at), end(at), "")];
    case "move": {
      const line = lineOf(at);
      const target = start(to) > start(at) ? start(to) - line.length : start(to);
      return [replace(start(at), end(at), ""), replace(Math.max(0, target), Math.max(0, target), line)];
    }
    case "swap": {
      const next = text.slice(end(at), starts[index(at) + 2] ?? text.length);
      return [replace(start(at), end(at) + next.length, `${next.trimEnd()}\n${lineOf(at)}`)];
    }
    case "copy":
      return [replace(start(to), start(to), lineOf(at))];
    case "type": {
      const from = start(at);
      return [...`${piece}\n`].map((letter, i) => replace(from + i, from + i, letter));
    }
    case "backspace": {
      const until = end(at) - 1;
      const count = Math.min(1 + (pick % 6), Math.max(0, until - start(at)));
      return Array.from({ length: count }, (_, i) => replace(until - i - 1, until - i, ""));
    }
    case "cut": {
      const from = at % (text.length + 1);
      return [replace(from, Math.min(text.length, from + (pick % 40)), "")];
    }
    case "mark": {
      const from = (at * 31 + to) % (text.length + 1);
      return [replace(from, from, marks[pick % marks.length] ?? "")];
    }
    case "drop mark": {
      const places = [...text.matchAll(/[{}"()]|\/\*|\*\//g)];
      const found = places[at % Math.max(1, places.length)];
      return found === undefined ? [] : [replace(found.index, found.index + found[0].length, "")];
    }
    case "undo": {
      const old = before[before.length - 1 - (pick % Math.max(1, Math.min(4, before.length)))];
      return old === undefined ? [] : [difference(text, old)];
    }
    default:
      return action.what satisfies never;
  }
}

/** The smallest single edit that makes `to` of `from`. */
export function difference(from: string, to: string): Edit {
  let start = 0;
  while (start < from.length && start < to.length && from[start] === to[start]) start++;
  let same = 0;
  while (same < from.length - start && same < to.length - start && from.at(-1 - same) === to.at(-1 - same))
    same++;
  return { start, end: from.length - same, text: to.slice(start, to.length - same) };
}

export const applied = (text: string, edit: Edit): string =>
  text.slice(0, edit.start) + edit.text + text.slice(edit.end);
