// A step that changes nothing although calls of its kind do: taking it away leaves everything as it is.

import { footprintsOf } from "../../explore/footprint.ts";
import { removal } from "../repair/rows.ts";
import { isGood } from "../repair/verify.ts";
import { leafAt, type StepPlace, stepAt } from "../trial.ts";
import { type Action, type Ask, quickFix } from "./action.ts";

export function redundantActions({ view, start, findings }: Ask): readonly Action[] {
  const place = stepAt(view, start);
  if (place === null || !isRedundant(place)) return [];
  const edit = removal(place);
  const answers = findings.filter(({ code }) => code === "redundant-step");
  return isGood(view, [edit], answers)
    ? [
        {
          ...quickFix("remove this step, which changes nothing", [edit], answers),
          kind: kindFor(answers.length),
        },
      ]
    : [];
}

const kindFor = (answers: number): Action["kind"] => (answers > 0 ? "quickfix" : "refactor.rewrite");

/** It succeeds, nobody asked whether it would, its result has no name, and no cell is written by it. */
export function isRedundant(place: StepPlace): boolean {
  const { row, run, index } = place;
  const leaf = leafAt(place, place.start + (row.node?.start ?? 0));
  const result = run.results.at(index);
  if (leaf === null || leaf.node !== row.node || leaf.node.kind !== "step" || result === undefined)
    return false;
  const { value, target, expected } = leaf.node;
  if (target !== null || expected.length > 0 || value.kind !== "call" || result.outcome.kind !== "ok")
    return false;
  const footprint = footprintsOf(run.world.system).operations.get(value.callee.text);
  return (
    footprint !== undefined &&
    footprint.writes.size > 0 &&
    result.changes.cells.length === 0 &&
    result.changes.slots.length === 0
  );
}
