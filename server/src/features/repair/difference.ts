// From one text to another as few edits of whole lines: for texts that were made from each other by small edits.

import type { Edit } from "../../syntax/document.ts";

/** How far ahead an equal line is looked for. */
const AHEAD = 200;

export function difference(before: string, after: string): Edit[] {
  const [old, made] = [linesOf(before), linesOf(after)];
  const edits: Edit[] = [];
  let [i, k, at] = [0, 0, 0];
  while (i < old.length || k < made.length) {
    if (old[i] === made[k]) {
      at += old[i]?.length ?? 0;
      i++;
      k++;
      continue;
    }
    const [skip, take] = nextEqual(old, made, i, k);
    const gone = old.slice(i, i + skip).join("");
    edits.push({ start: at, end: at + gone.length, text: made.slice(k, k + take).join("") });
    at += gone.length;
    i += skip;
    k += take;
  }
  return edits;
}

/** How many lines go and come until two are equal again, as few as possible. */
function nextEqual(old: readonly string[], made: readonly string[], i: number, k: number): [number, number] {
  for (let sum = 1; sum <= AHEAD; sum++) {
    for (let skip = 0; skip <= sum; skip++) {
      const line = old[i + skip];
      const other = made[k + sum - skip];
      if (line === undefined && other === undefined) return [old.length - i, made.length - k];
      if (line !== undefined && line === other) return [skip, sum - skip];
    }
  }
  return [old.length - i, made.length - k];
}

const linesOf = (text: string): string[] => text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];
