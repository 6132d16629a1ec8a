// Where lines, strings and comments end: steps over a text, by offset. Lines end with \n, \r or \r\n.

import { isBlank, isBreak } from "./words.ts";

export function lineEnd(text: string, at: number): number {
  let i = at;
  while (i < text.length && !isBreak(text.charCodeAt(i))) i++;
  return i;
}

/** Behind the line break at `at`: \n, \r or \r\n. */
export function afterBreak(text: string, at: number): number {
  const c = text.charCodeAt(at);
  if (c === 13) return text.charCodeAt(at + 1) === 10 ? at + 2 : at + 1;
  return c === 10 ? at + 1 : at;
}

/** Behind the string that starts at `at`; one that is not closed ends with its line. */
export function stringEnd(text: string, at: number): number {
  let i = at + 1;
  for (;;) {
    const c = text.charCodeAt(i);
    if (c === 0x22) return i + 1;
    if (Number.isNaN(c) || isBreak(c)) return i;
    i += c === 0x5c && i + 1 < text.length && !isBreak(text.charCodeAt(i + 1)) ? 2 : 1;
  }
}

/** The columns before `at`, or -1 when something else than space stands there. */
export function indentOf(text: string, at: number): number {
  let start = at;
  while (start > 0 && isBlank(text.charCodeAt(start - 1))) start--;
  if (start === 0) return text.charCodeAt(0) === 0xfeff ? at - 1 : at; // a byte order mark has no width
  return isBreak(text.charCodeAt(start - 1)) ? at - start : -1;
}

export function isDoc(text: string, at: number): boolean {
  return text.startsWith("///", at) && text.charCodeAt(at + 3) !== 0x2f;
}

export function countBreaks(text: string, from: number, to: number, limit: number): number {
  let count = 0;
  for (let i = from; i < to && count < limit; i++) {
    if (!isBreak(text.charCodeAt(i))) continue;
    i = afterBreak(text, i) - 1;
    count++;
  }
  return count;
}

/** The start of the line that is `count` lines above the one at `at`; 0 when there are fewer lines. */
export function linesAbove(text: string, at: number, count: number): number {
  let left = count;
  let i = at;
  while (i > 0) {
    const c = text.charCodeAt(i - 1);
    if (isBreak(c) && !(c === 13 && text.charCodeAt(i) === 10) && left-- === 0) return i;
    i--;
  }
  return 0;
}
