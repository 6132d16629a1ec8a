// What can be done about a step where no call in front of it helps: it, or what led to it, stands elsewhere or goes. For
// the author to judge.

import { mayHide } from "../../analysis/suppressions.ts";
import type { View } from "../../analysis/view.ts";
import type { Finding } from "../../base/finding.ts";
import type { CallStep } from "../../syntax/ast.ts";
import type { Edit, Row } from "../../syntax/document.ts";
import { lookBehind, type StepPlace, stepAt } from "../trial.ts";
import { doesHarm, inTurn, type Later, type Steps, stepsFrom } from "./foresee.ts";
import type { Budget, Repair } from "./repair.ts";
import { removal, rowsBehind } from "./rows.ts";
import { isGood } from "./verify.ts";

const MOST_MOVED = 8;

/** The steps in front of it that the findings of a step point at, nearest first. */
export function causesOf(view: View, place: StepPlace, answered: readonly Finding[]): StepPlace[] {
  const starts = answered
    .flatMap(({ related }) => related)
    .flatMap(({ uri, start, end }) => (uri === view.uri && end <= place.start ? [start] : []));
  return [...new Set(starts)]
    .sort((a, b) => b - a)
    .flatMap((start) => stepAt(view, start) ?? [])
    .filter(({ scenario }) => scenario.start === place.scenario.start);
}

/** Where no call in front of it helps: the step elsewhere, what led to it elsewhere, or one of them gone. */
export function otherWays(
  view: View,
  place: StepPlace,
  node: CallStep,
  answered: readonly Finding[],
  budget: Budget,
): readonly Repair[] {
  if (place.row.node !== node) return [];
  const canForesee = !mayHide(view.document);
  for (const way of rearrangements(view, place, node, answered)) {
    const { title, edits } = way;
    if (budget.isOver()) return [];
    if (canForesee && isHarmful(place, way)) continue;
    if (isGood(view, edits, answered)) return [{ title, edits, isSafe: false }];
  }
  return [];
}

/** The calls right in front of a step that changed something, nearest first. */
export function stepsBefore(
  view: View,
  { run, scenario, index, start }: StepPlace,
  most: number,
): StepPlace[] {
  const found: StepPlace[] = [];
  let at = start;
  for (let i = index - 1; i >= 0 && found.length < most; i--) {
    const row = scenario.item.rows?.at(i);
    if (row === undefined || row.kind === "open" || row.kind === "close") break;
    at -= row.length;
    const changed = (run.results.at(i)?.changes.cells.length ?? 0) > 0;
    const place = row.node?.kind === "step" && changed ? stepAt(view, at + row.node.start) : null;
    if (place !== null) found.push(place);
  }
  return found;
}

export const isHarmful = (place: StepPlace, { from, steps }: Rearrangement): boolean =>
  lookBehind({ ...place, index: from - 1 }, (world) => doesHarm(world, steps));

/** An edit, and the steps that it changes something for, in the state in front of the row `from`. */
interface Rearrangement {
  readonly title: string;
  readonly edits: readonly Edit[];
  readonly from: number;
  readonly steps: Steps;
}

export function* rearrangements(
  view: View,
  place: StepPlace,
  node: CallStep,
  answered: readonly Finding[],
): Iterable<Rearrangement> {
  const { run, row, start, index, task } = place;
  const steps = (from: number, to?: number): Steps => stepsFrom(run, row, from, to);
  const gone: Edit = { start, end: start + row.length, text: "" };
  const moved = (each: Row): Later => ({ row: each, task, known: [], mustHold: each === row });
  for (const behind of rowsBehind(place, MOST_MOVED)) {
    const at = behind.start + behind.row.length;
    const next = behind.index + 1;
    yield {
      title: `move this step behind ${shownCall(behind.row)}`,
      edits: [gone, { start: at, end: at, text: row.text }],
      from: index,
      steps: inTurn(steps(index + 1, next), moved(row), steps(next)),
    };
  }
  // What somebody expects of a step is not thrown away.
  const causes = answered
    .flatMap(({ related }) => related)
    .flatMap((each) => (each.uri === view.uri && each.end <= start ? (stepAt(view, each.start) ?? []) : []))
    .filter((cause) => cause.row.node?.kind === "step" && cause.row.node.expected.length === 0);
  const end = start + row.length;
  for (const cause of causes) {
    const from: Edit = { start: cause.start, end: cause.start + cause.row.length, text: "" };
    yield {
      title: `move ${shownCall(cause.row)} behind this step`,
      edits: [from, { start: end, end, text: cause.row.text }],
      from: cause.index,
      steps: inTurn(steps(cause.index + 1, index + 1), moved(cause.row), steps(index + 1)),
    };
  }
  if (node.expected.length === 0)
    yield {
      title: "remove this step",
      edits: [removal(place)],
      from: index,
      steps: steps(index + 1),
    };
  for (const cause of causes)
    yield {
      title: `remove ${shownCall(cause.row)}`,
      edits: [removal(cause)],
      from: cause.index,
      steps: steps(cause.index + 1),
    };
}

export function shownCall({ node, text }: Row): string {
  const shown = node?.kind === "step" ? text.slice(node.start, node.value.end) : text;
  return `\`${shown.replace(/\s+/g, " ").trim()}\``;
}
