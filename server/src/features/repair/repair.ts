// The shortest repairs of a failing step as edits: searched from the state in front of it, written down, and analysed
// before anybody sees them.

import type { View } from "../../analysis/view.ts";
import type { Finding } from "../../base/finding.ts";
import { repairs } from "../../explore/repair.ts";
import type { Ending, Path } from "../../explore/search.ts";
import type { Space } from "../../explore/space.ts";
import { column, rollBack } from "../../model/machine.ts";
import type { CallStep } from "../../syntax/ast.ts";
import { type Edit, type Row, textIn } from "../../syntax/document.ts";
import { leafAt, lookBefore, type StepPlace, stepAt } from "../trial.ts";
import { takenNames } from "./names.ts";
import { insertion } from "./place.ts";
import { problemOf } from "./problem.ts";
import { removal, rowsBehind } from "./rows.ts";
import { isGood } from "./verify.ts";
import { spellingOf, type Written, write } from "./write.ts";

export interface Budget {
  /** The most that the search may try, whatever the clock says. */
  readonly tries: number;
  /** True when time is up, or nobody waits for the answer any more. */
  readonly isOver: () => boolean;
}

export interface Repair {
  readonly title: string;
  readonly edits: readonly Edit[];
  /** It only adds calls; what moves or drops steps is for the author to judge. */
  readonly isSafe: boolean;
}

export interface Repairs {
  /** The best first. */
  readonly repairs: readonly Repair[];
  /** Why there are no more. */
  readonly ending: Ending | "enough";
}

/** One that is preferred and three alternatives. */
const MOST_REPAIRS = 4;
/** Analysing takes longer than searching. */
const MOST_ANALYSED = 12;
const LONGEST = 6;
const MOST_MOVED = 8;
/** Lengths at which everything that was found did harm further down. */
const MOST_REJECTED = 2;

const NOTHING: Repairs = { repairs: [], ending: "none" };

/** What to insert in front of the step that `finding` is about, so that it is gone. */
export function repairsFor(view: View, finding: Finding, budget: Budget): Repairs {
  const place = stepAt(view, finding.start);
  const leaf = place === null ? null : leafAt(place, finding.start);
  if (place === null || leaf === null || leaf.node.kind !== "step" || !isRepairable(leaf.node))
    return NOTHING;
  // A block that could not be taken apart.
  if (place.row.node !== leaf.node) return NOTHING;
  const { node } = leaf;
  const problem = lookBefore(place, place.start + node.start, (world) => problemOf(world, node, leaf.task));
  const answered = findingsOf(view, place, node);
  if (problem === null) return { repairs: otherWays(view, place, node, answered, budget), ending: "none" };

  const { space, named, goal, names } = problem;
  const found: Repair[] = [];
  let analysed = 0;
  let rejected = 0;
  const limits = { longest: LONGEST, tries: budget.tries, isOver: budget.isOver };
  const ways = repairs(space, named, goal, limits);
  const scenario = scenarioText(view, place);
  const orOther = (): readonly Repair[] =>
    found.length > 0 ? found : otherWays(view, place, node, answered, budget);
  for (let next = ways.next(); ; next = ways.next()) {
    if (next.done === true) return { repairs: orOther(), ending: next.value };
    for (const path of next.value) {
      const words = { view, space, names, taken: takenNames(scenario, space.machine) };
      const calls = write(words, path, spellingOf(node, place.row.text));
      const edit = calls === null ? null : insertion(view.document, place, calls);
      if (calls === null || edit === null) continue;
      if (++analysed > MOST_ANALYSED) return { repairs: orOther(), ending: "enough" };
      if (isGood(view, [edit], answered))
        found.push({ title: titleOf(calls), edits: [edit], isSafe: endsNothing(space, path) });
      if (found.length === MOST_REPAIRS) return { repairs: found, ending: "enough" };
      if (budget.isOver()) return { repairs: found, ending: "budget" };
    }
    // Longer ones are no alternatives to what is there; and where all that would help do harm further down, one call
    // more seldom makes that good.
    if (found.length > 0 || ++rejected === MOST_REJECTED) return { repairs: orOther(), ending: "enough" };
  }
}

/** A step that is to succeed. */
const isRepairable = ({ expected, value }: CallStep): boolean =>
  value.kind === "call" && (expected.length === 0 || expected.some(({ outcome }) => outcome === "ok"));

/** All findings of the step: a repair of one that leaves another is none. */
function findingsOf(view: View, { start }: StepPlace, node: CallStep): Finding[] {
  return view.analysis.findings.filter(
    (each) => each.start >= start + node.start && each.end <= start + node.end,
  );
}

const scenarioText = ({ document }: View, { scenario: { start, item } }: StepPlace): string =>
  textIn(document, start, start + item.length);

/** Where no call in front of it helps: the step elsewhere, what led to it elsewhere, or one of them gone. */
function otherWays(
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

function* rearrangements(
  view: View,
  place: StepPlace,
  node: CallStep,
  answered: readonly Finding[],
): Iterable<{ readonly title: string; readonly edits: readonly Edit[] }> {
  const { row, start } = place;
  const gone: Edit = { start, end: start + row.length, text: "" };
  for (const behind of rowsBehind(place, MOST_MOVED)) {
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

function shownCall({ node, text }: Row): string {
  const shown = node?.kind === "step" ? text.slice(node.start, node.value.end) : text;
  return `\`${shown.replace(/\s+/g, " ").trim()}\``;
}

/** No thing that was there is gone, and no file was closed: the calls only add something. */
function endsNothing({ machine, apply }: Space, { moves }: Path): boolean {
  rollBack(machine);
  for (const move of moves) apply(move);
  const { system, journal } = machine;
  let ended = false;
  for (let i = 0; i < journal.length; i += 4) {
    const [field = 0, index = 0, old = 0] = [journal[i], journal[i + 1], journal[i + 2]];
    const kind = system.kinds[system.fields[field]?.kind ?? 0];
    const now = column(machine, field)[index] ?? 0;
    if (kind?.alive === field && old === 1 && now === 0) ended = true;
    if (kind?.holders === field && (old & ~now) !== 0) ended = true;
  }
  rollBack(machine);
  return !ended;
}

function titleOf(calls: readonly Written[]): string {
  const list = calls.map(({ call }) => `\`${call}\``).join(", ");
  return calls.length === 1
    ? `insert ${list} before this step`
    : `insert ${calls.length} calls before this step: ${list}`;
}
