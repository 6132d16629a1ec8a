// Edits of whole rows of a scenario: to take one away, or to put it elsewhere.

import type { Edit, Row } from "../../syntax/document.ts";
import type { StepPlace } from "../trial.ts";

/** The row goes, with its line; a comment behind it stays. */
export function removal({ row, start }: { readonly row: Row; readonly start: number }): Edit {
  const { text } = row;
  const end = row.node?.end ?? 0;
  const behind = /^[ \t]*;?[ \t]*(\/\/[^\r\n]*|\/\*[^\r\n]*?\*\/[ \t]*)(?:\r\n|\r|\n)?$/.exec(
    text.slice(end),
  );
  if (behind === null) return { start, end: start + text.length, text: "" };
  const from = start + (row.node?.start ?? 0);
  const to = start + end + text.slice(end).indexOf(behind[1] ?? "");
  return { start: from, end: to, text: "" };
}

interface RowBehind {
  readonly row: Row;
  readonly start: number;
  readonly index: number;
}

/** The rows of the same block behind a step, nearest first, with where each starts. */
export function rowsBehind(place: StepPlace, most: number): RowBehind[] {
  const { scenario, index, row } = place;
  const found: RowBehind[] = [];
  let start = place.start + row.length;
  for (let i = index + 1; found.length < most; i++) {
    const next = scenario.item.rows?.at(i);
    // What stands in another block is another task's, or has another task between it and the step.
    if (next === undefined || next.kind === "open" || next.kind === "close") break;
    if (next.kind === "step") found.push({ row: next, start, index: i });
    start += next.length;
  }
  return found;
}
