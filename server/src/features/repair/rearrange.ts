// What can be done about a step where no call in front of it helps: it, or what led to it, stands elsewhere or goes. For
// the author to judge.

import type { View } from "../../analysis/view.ts";
import type { Finding } from "../../base/finding.ts";
import { attempt } from "../../engine/attempt.ts";
import { taskRef } from "../../engine/world.ts";
import type { CallStep } from "../../syntax/ast.ts";
import type { Edit, Row } from "../../syntax/document.ts";
import { lookBehind, type StepPlace, stepAt } from "../trial.ts";
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
  for (const { title, edits } of rearrangements(view, place, node, answered)) {
    if (budget.isOver()) return [];
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

function* rearrangements(
  view: View,
  place: StepPlace,
  node: CallStep,
  answered: readonly Finding[],
): Iterable<{ readonly title: string; readonly edits: readonly Edit[] }> {
  const { row, start } = place;
  const gone: Edit = { start, end: start + row.length, text: "" };
  for (const behind of rowsBehind(place, MOST_MOVED)) {
    if (isRefusedBehind(place, node, behind.index)) continue;
    const at = behind.start + behind.row.length;
    yield {
      title: `move this step behind ${shownCall(behind.row)}`,
      edits: [gone, { start: at, end: at, text: row.text }],
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
    };
  }
  if (node.expected.length === 0) yield { title: "remove this step", edits: [removal(place)] };
  for (const cause of causes) yield { title: `remove ${shownCall(cause.row)}`, edits: [removal(cause)] };
}

/**
 * Whether the step would fail behind a later row as it does now: a step that changed nothing leaves every state as it is,
 * wherever it stands, so it is enough to try it there.
 */
function isRefusedBehind(place: StepPlace, node: CallStep, index: number): boolean {
  const { run, task } = place;
  const now = run.results.at(place.index);
  if (now?.outcome.kind !== "errno" || now.changes.cells.length > 0) return false;
  if (now.context.block === "parallel") return false;
  return lookBehind({ ...place, index }, (world) => {
    world.machine.caller = taskRef(task);
    const { is } = attempt(world, node);
    return is === "refused" || is === "broke";
  });
}

export function shownCall({ node, text }: Row): string {
  const shown = node?.kind === "step" ? text.slice(node.start, node.value.end) : text;
  return `\`${shown.replace(/\s+/g, " ").trim()}\``;
}
