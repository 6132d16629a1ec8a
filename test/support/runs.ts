// The run of a text's scenario, opened up: its world, and states to compare.

import { createPlaces } from "../../server/src/analysis/places.ts";
import { createProposals } from "../../server/src/analysis/proposals.ts";
import { createRuns } from "../../server/src/analysis/runs.ts";
import { moveTo, type Run } from "../../server/src/engine/run.ts";
import type { World } from "../../server/src/engine/world.ts";
import type { Machine } from "../../server/src/model/machine.ts";
import { declarationsOf, type Library, visibleFrom } from "../../server/src/semantics/link.ts";
import { SHIPPED, shippedTexts } from "../../server/src/semantics/shipped.ts";
import { type Document, parseDocument } from "../../server/src/syntax/document.ts";

const uri = "main.uapi";
const shipped = new Map<string, Document>();
/** Compiled once for all runs of a test file. */
const proposals = createProposals();

function shippedDocument(name: string): Document | undefined {
  const text = shippedTexts.get(name);
  if (text !== undefined && !shipped.has(name)) shipped.set(name, parseDocument(text));
  return shipped.get(name);
}

function libraryOf(document: Document): Library {
  return {
    resolve: () => null,
    document: (name) => {
      const found = name === uri ? document : shippedDocument(name.slice(SHIPPED.length));
      return found ?? { failed: "there is no such file" };
    },
  };
}

/** Runs the last scenario of a text. Throws where that is not possible: the text is the test's own. */
export function runOf(text: string): Run {
  const document = parseDocument(text);
  const library = libraryOf(document);
  const places = createPlaces(library);
  const declared = declarationsOf(document, uri);
  const last = declared.findLast(({ declaration }) => declaration.kind === "scenario");
  if (last?.declaration.kind !== "scenario") throw new Error("there is no scenario");
  const runs = createRuns();
  const work = { texts: library, proposals, runs, places, asked: new Set<string>() };
  const { item, declaration, origin } = last;
  const { run, problems } = runs.scenario(work, visibleFrom(library, uri), item, declaration, origin);
  if (run === null) throw new Error(problems.map(({ message }) => message).join("\n"));
  moveTo(run, run.results.length);
  return run;
}

/** Every cell that is not as at birth, as `field index: value`; instances that were never made count as dead ones. */
export function cellsOf(machine: Machine): string[] {
  const { system, cells } = machine;
  return system.fields.flatMap(({ id, kind, name, initial }) => {
    const builtIn = name.startsWith("(");
    const column = cells[id] ?? [];
    return column.flatMap((value, index) =>
      value === (builtIn ? 0 : initial) ? [] : [`${system.kinds[kind]?.name}.${name} ${index}: ${value}`],
    );
  });
}

/** The steps that wrote the cells. */
export function writersIn(machine: Machine): string[] {
  return machine.writers.flatMap((column, field) =>
    column.flatMap((writer, index) => (writer === 0 ? [] : [`${field} ${index}: ${writer}`])),
  );
}

/** The names of the script, its doubts and what rules are broken for, without some names. */
export function slotsOf(world: World, without: readonly string[] = []): string[] {
  return [...world.slots]
    .filter(([key]) => !without.includes(key))
    .map(([key, slot]) =>
      typeof slot !== "string" && slot.is === "struct"
        ? `${key}: ${JSON.stringify([...slot.fields])}`
        : `${key}: ${JSON.stringify(slot)}`,
    );
}
