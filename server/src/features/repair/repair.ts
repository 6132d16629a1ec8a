// The shortest repairs of a failing step as edits: searched from the state in front of it, written down, and analysed
// before anybody sees them.

import type { View } from "../../analysis/view.ts";
import type { Finding } from "../../base/finding.ts";
import { repairs } from "../../explore/repair.ts";
import type { Ending } from "../../explore/search.ts";
import type { CallStep } from "../../syntax/ast.ts";
import type { Edit } from "../../syntax/document.ts";
import { leafAt, lookBefore, type StepPlace, stepAt } from "../trial.ts";
import { takenNames } from "./names.ts";
import { insertion } from "./place.ts";
import { problemOf } from "./problem.ts";
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
  /** Calls that it inserts. */
  readonly calls: number;
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
const MOST_ANALYSED = 24;
const LONGEST = 6;

/** Codes of findings that calls in front of the step cannot change. */
const NOTHING: Repairs = { repairs: [], ending: "none" };

/** What to insert in front of the step that `finding` is about, so that it is gone. */
export function repairsFor(view: View, finding: Finding, budget: Budget): Repairs {
  const place = stepAt(view, finding.start);
  const leaf = place === null ? null : leafAt(place, finding.start);
  if (place === null || leaf === null || leaf.node.kind !== "step" || !isRepairable(leaf.node))
    return NOTHING;
  // A block on one line that tries all orders has no state in front of a step.
  if (place.row.node?.kind === "parallel") return NOTHING;
  const { node } = leaf;
  const problem = lookBefore(place, place.start + node.start, (world) => problemOf(world, node, leaf.task));
  if (problem === null) return NOTHING;

  const { space, named, goal, names } = problem;
  const answered = findingsOf(view, place, node);
  const found: Repair[] = [];
  let analysed = 0;
  const limits = { longest: LONGEST, tries: budget.tries, isOver: budget.isOver };
  const ways = repairs(space, named, goal, limits);
  const first = firstOf(place, node);
  const scenario = scenarioText(view, place);
  for (let next = ways.next(); ; next = ways.next()) {
    if (next.done === true) return { repairs: found, ending: next.value };
    for (const path of next.value) {
      const words = { view, space, names, taken: takenNames(scenario, space.machine) };
      const calls = write(words, path, spellingOf(node, place.row.text));
      const spot = { place, step: place.start + node.start, isFirst: first };
      const edit = calls === null ? null : insertion(view.document.text, spot, calls);
      if (calls === null || edit === null) continue;
      if (++analysed > MOST_ANALYSED) return { repairs: found, ending: "enough" };
      if (isGood(view, [edit], answered))
        found.push({ title: titleOf(calls), edits: [edit], calls: calls.length });
      if (found.length === MOST_REPAIRS) return { repairs: found, ending: "enough" };
      if (budget.isOver()) return { repairs: found, ending: "budget" };
    }
    // Longer ones are no alternatives to what is there.
    if (found.length > 0) return { repairs: found, ending: "enough" };
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

function firstOf(place: StepPlace, node: CallStep): boolean {
  const { row } = place;
  if (row.node === node || row.node === null) return true;
  return row.node.kind === "task" && row.node.body[0]?.start === node.start;
}

function scenarioText(view: View, { scenario }: StepPlace): string {
  return view.document.text.slice(scenario.start, scenario.start + scenario.item.length);
}

function titleOf(calls: readonly Written[]): string {
  const list = calls.map(({ call }) => `\`${call}\``).join(", ");
  return calls.length === 1
    ? `insert ${list} before this step`
    : `insert ${calls.length} calls before this step: ${list}`;
}
