// The rows of a scenario with the places where they start.

import type { Item, Row } from "../../syntax/document.ts";

export function* rowsOfItem(item: Item): Generator<{ readonly row: Row; readonly start: number }> {
  let start = item.rowsStart;
  for (const row of item.rows ?? []) {
    yield { row, start };
    start += row.length;
  }
}
