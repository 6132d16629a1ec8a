// What a run came to before an edit, set against the rows that are still to be run: which rows were there already, what
// of them is gone, and where the one former run ends and an even earlier one goes on.

import type { Difference } from "./difference.ts";
import type { Results } from "./results.ts";

/** Each applies in front of the row with the index `row`. In the order of the rows; what is not covered is new. */
export type Former =
  /** `count` rows that were run before, with their results from `from` on. */
  | {
      readonly is: "same";
      readonly row: number;
      readonly count: number;
      readonly results: Results;
      readonly from: number;
    }
  /** Results of rows that are not there any more. */
  | {
      readonly is: "gone";
      readonly row: number;
      readonly count: number;
      readonly results: Results;
      readonly from: number;
    }
  /** What follows is of an earlier run, which was in another state here. */
  | { readonly is: "jump"; readonly row: number; readonly difference: Difference };

/** More runs that were broken off are not worth remembering. */
const mostJumps = 2;

/** The rows from `from` up to `to` are others now, `by` more of them. */
export function edited(former: readonly Former[], from: number, to: number, by: number): Former[] {
  return former.flatMap((part): Former[] => {
    if (part.is !== "same") {
      const row = part.row >= to ? part.row + by : Math.min(part.row, from);
      return [{ ...part, row }];
    }
    const { row, count, results } = part;
    const end = row + count;
    const cut = (is: "same" | "gone", first: number, last: number, at: number): Former[] =>
      last <= first ? [] : [{ is, row: at, count: last - first, results, from: part.from + first - row }];
    return [
      ...cut("same", row, Math.min(end, from), row),
      ...cut("gone", Math.max(row, from), Math.min(end, to), from),
      ...cut("same", Math.max(row, to), end, Math.max(row, to) + by),
    ];
  });
}

/** In front of what is known already: a run that was broken off at `row`, where `difference` was left. */
export function brokenOff(
  own: Extract<Former, { is: "same" }>,
  former: readonly Former[],
  difference: Difference | null,
): Former[] {
  if (difference === null) return [own];
  const all: Former[] = [own, { is: "jump", row: own.row + own.count, difference }, ...former];
  const last = all.filter(({ is }) => is === "jump")[mostJumps];
  return last === undefined ? all : all.slice(0, all.indexOf(last));
}
