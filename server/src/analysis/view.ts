// Where in a document an offset stands, and the state of the scenario there: what editor features begin with.

import { lastAtOrBefore } from "../base/sequence.ts";
import { moveTo, type Run } from "../engine/run.ts";
import type { World } from "../engine/world.ts";
import type { Declaration, ScenarioDeclaration } from "../syntax/ast.ts";
import { type Item, itemStarts, type Row, rowAtOffset } from "../syntax/document.ts";
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

/** That of the item with this index, if it is one. */
export function scenarioIn(view: View, index: number): PlacedScenario | null {
  const item = view.document.items[index];
  return item === undefined ? null : scenarioOf(view, item, itemStarts(view.document)[index] ?? 0);
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
  const { rows, rowsStart } = scenario.item;
  const from = scenario.start + rowsStart;
  if (rows === null || offset < from) return null;
  // Behind the end it is the last one.
  const found = rowAtOffset(rows, Math.min(offset, scenario.start + scenario.item.length - 1) - from);
  return found === null ? null : { scenario, index: found.index, row: found.row, start: from + found.start };
}

/** The world in front of a row; moving on moves it. A reader must not write into it without rolling back. */
export function worldBefore(run: Run, row: number): World {
  moveTo(run, row);
  return run.world;
}
