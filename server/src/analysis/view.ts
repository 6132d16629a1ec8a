// Where in a document an offset stands, and the state of the scenario there: what editor features begin with.

import { moveTo, type Run } from "../engine/run.ts";
import type { World } from "../engine/world.ts";
import type { Declaration, ScenarioDeclaration } from "../syntax/ast.ts";
import { type Item, itemStarts, type Row, rowStarts } from "../syntax/document.ts";
import type { View } from "./session.ts";

export type { View } from "./session.ts";

/** A declaration and where the item that holds it starts: spans of its nodes are relative to that. */
export interface PlacedItem {
  readonly item: Item;
  readonly declaration: Declaration | null;
  readonly start: number;
}

/** A scenario and its run; null when it could not be run. */
export interface PlacedScenario {
  readonly item: Item;
  readonly declaration: ScenarioDeclaration;
  readonly start: number;
  readonly run: Run | null;
}

/** A row of a scenario; `start` is where its text starts, spans of `row.node` are relative to that. */
export interface PlacedRow {
  readonly scenario: PlacedScenario;
  readonly index: number;
  readonly row: Row;
  readonly start: number;
}

/** The item at an offset; the last one behind the end. Null for an empty text. */
export function itemAt({ document }: View, offset: number): PlacedItem | null {
  const starts = itemStarts(document);
  const index = lastAtOrBefore(starts, document.items.length, offset);
  const item = document.items[index];
  return item === undefined ? null : { item, declaration: item.declaration, start: starts[index] ?? 0 };
}

export function scenariosOf(view: View): PlacedScenario[] {
  const starts = itemStarts(view.document);
  return view.document.items.flatMap((item, index) => scenarioOf(view, item, starts[index] ?? 0) ?? []);
}

export function scenarioAt(view: View, offset: number): PlacedScenario | null {
  const found = itemAt(view, offset);
  return found === null ? null : scenarioOf(view, found.item, found.start);
}

function scenarioOf(view: View, item: Item, start: number): PlacedScenario | null {
  const { declaration } = item;
  if (declaration?.kind !== "scenario" || item.rows === null) return null;
  const origin = { uri: view.uri, item: item.id };
  const { run } = view.work.runs.scenario(view.work, view.visible, item, declaration, origin);
  return { item, declaration, start, run };
}

/** The row at an offset of a scenario's body; null in its head and outside of scenarios. */
export function rowAt(view: View, offset: number): PlacedRow | null {
  const scenario = scenarioAt(view, offset);
  return scenario === null ? null : rowIn(scenario, offset);
}

export function rowIn(scenario: PlacedScenario, offset: number): PlacedRow | null {
  const rows = scenario.item.rows ?? [];
  const starts = rowStarts(scenario.item);
  const inside = offset - scenario.start;
  if (inside < scenario.item.rowsStart) return null;
  const index = lastAtOrBefore(starts, rows.length, inside);
  const row = rows[index];
  return row === undefined ? null : { scenario, index, row, start: scenario.start + (starts[index] ?? 0) };
}

/** The world in front of a row; moving on moves it. A reader must not write into it without rolling back. */
export function worldBefore(run: Run, row: number): World {
  moveTo(run, row);
  return run.world;
}

/** The index of the last of the `count` first starts that is not behind `at`; -1 if there is none. */
function lastAtOrBefore(starts: Int32Array, count: number, at: number): number {
  let low = 0;
  let high = count - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= at) low = middle + 1;
    else high = middle - 1;
  }
  return high;
}
