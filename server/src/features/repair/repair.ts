// The shortest repairs of a failing step as edits: searched from the state in front of it, written down, and analysed
// before anybody sees them.

import { mayHide } from "../../analysis/suppressions.ts";
import type { View } from "../../analysis/view.ts";
import type { Finding } from "../../base/finding.ts";
import type { Leaf } from "../../engine/parallel.ts";
import type { World } from "../../engine/world.ts";
import { repairs } from "../../explore/repair.ts";
import type { Ending, Path } from "../../explore/search.ts";
import type { Space } from "../../explore/space.ts";
import { column, rollBack } from "../../model/machine.ts";
import type { CallStep } from "../../syntax/ast.ts";
import { type Edit, type Row, textIn } from "../../syntax/document.ts";
import { leafAt, lookBefore, type StepPlace, stepAt } from "../trial.ts";
import { doesHarm, type Steps, stepsFrom } from "./foresee.ts";
import { takenNames } from "./names.ts";
import { insertion } from "./place.ts";
import { type Problem, problemOf, stepsBetween } from "./problem.ts";
import { causesOf, otherWays, shownCall, stepsBefore } from "./rearrange.ts";
import { isGood } from "./verify.ts";
import { type Spelling, spellingOf, type Written, write } from "./write.ts";

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

/** For a budget: what fits into a moment nearly everywhere. No clock decides, so the answer is the same each time. */
export const USUAL_TRIES = 240;

/** One that is preferred and three alternatives. */
const MOST_REPAIRS = 4;
/** Analysing takes longer than searching. */
const MOST_ANALYSED = 12;
const LONGEST = 6;
/** Searches in front of earlier steps run all steps in between for each try. */
const MOST_CAUSES = 2;
const FEWER_TRIES = 50;
/** In front of the nearest; elsewhere one call. */
const SHORTER = 2;

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
  const answered = findingsOf(view, place, node);
  const spelling = spellingOf(node, place.row.text);
  const asked: Asked = { view, answered, row: place.row, spelling, budget };
  const problem = lookBefore(place, place.start + node.start, (world) => problemOf(world, node, leaf.task));
  const here =
    problem === null ? NOTHING : inserted(asked, problem, place, LONGEST, (calls) => titleOf(calls));
  if (here.repairs.length > 0) return here;
  const earlier = earlierRepairs(asked, place, leaf);
  if (earlier.length > 0) return { ...here, repairs: earlier };
  return { ...here, repairs: otherWays(view, place, node, answered, budget) };
}

interface Asked {
  readonly view: View;
  /** All findings of the step: a repair of one that leaves another is none. */
  readonly answered: readonly Finding[];
  /** That of the step. */
  readonly row: Row;
  readonly spelling: Spelling;
  readonly budget: Budget;
}

/**
 * The shortest sequences in front of `place`, verified. Longer ones are no alternatives to what is there; and where all
 * that would help do harm further down, one call more does not make that good.
 */
function inserted(
  { view, answered, row, spelling, budget }: Asked,
  { world, space, named, goal, names }: Problem,
  place: StepPlace,
  longest: number,
  title: (calls: readonly Written[]) => string,
): Repairs {
  const { tries, isOver } = budget;
  const { done, value } = repairs(space, named, goal, { longest, tries, isOver }).next();
  if (done === true) return { repairs: [], ending: value };
  const found: Repair[] = [];
  let analysed = 0;
  const scenario = scenarioText(view, place);
  const canForesee = !mayHide(view.document);
  for (const path of value) {
    if (canForesee && isDoomed(world, space, path, stepsFrom(place.run, row, place.index))) continue;
    const words = { view, space, names, taken: takenNames(scenario, space.machine) };
    const calls = write(words, path, spelling);
    const edit = calls === null ? null : insertion(view.document, place, calls);
    if (calls === null || edit === null) continue;
    if (++analysed > MOST_ANALYSED) break;
    if (isGood(view, [edit], answered))
      found.push({ title: title(calls), edits: [edit], isSafe: endsNothing(space, path) });
    if (found.length === MOST_REPAIRS) break;
    if (isOver()) return { repairs: found, ending: "budget" };
  }
  return { repairs: found, ending: "enough" };
}

/** In front of the steps that led to it, where those can still be led elsewhere. */
function earlierRepairs(asked: Asked, place: StepPlace, leaf: Leaf): readonly Repair[] {
  const { view, answered, budget } = asked;
  const causes = causesOf(view, place, answered);
  const nearest = stepsBefore(view, place, MOST_CAUSES).filter(
    ({ index }) => !causes.some((cause) => cause.index === index),
  );
  // What a step has made impossible is not always what its finding points at.
  const places = [...nearest, ...causes.slice(0, MOST_CAUSES)];
  for (const [i, cause] of places.entries()) {
    const between = stepsBetween(cause, place);
    if (between === null || leaf.node.kind !== "step" || budget.isOver()) continue;
    const { node } = leaf;
    const problem = lookBefore(cause, cause.start, (world) => problemOf(world, node, leaf.task, between));
    if (problem === null) continue;
    const fewer = { ...asked, budget: { ...budget, tries: Math.min(budget.tries, FEWER_TRIES) } };
    const title = (calls: readonly Written[]): string => titleOf(calls, shownCall(cause.row));
    const { repairs: found } = inserted(fewer, problem, cause, i === 0 ? SHORTER : 1, title);
    if (found.length > 0) return found;
  }
  return [];
}

/** A step that is to succeed. */
const isRepairable = ({ expected, value }: CallStep): boolean =>
  value.kind === "call" && (expected.length === 0 || expected.some(({ outcome }) => outcome === "ok"));

/** All findings of the step: a repair of one that leaves another is none. */
export function findingsOf(view: View, { start }: StepPlace, node: CallStep): Finding[] {
  return view.analysis.findings.filter(
    (each) => each.start >= start + node.start && each.end <= start + node.end,
  );
}

const scenarioText = ({ document }: View, { scenario: { start, item } }: StepPlace): string =>
  textIn(document, start, start + item.length);

/** Whether something goes wrong behind the calls of a path. */
function isDoomed(world: World, { apply }: Space, { moves }: Path, behind: Steps): boolean {
  rollBack(world.machine);
  for (const move of moves) apply(move);
  const found = doesHarm(world, behind);
  rollBack(world.machine);
  return found;
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

function titleOf(calls: readonly Written[], before = "this step"): string {
  const list = calls.map(({ call }) => `\`${call}\``).join(", ");
  return calls.length === 1
    ? `insert ${list} before ${before}`
    : `insert ${calls.length} calls before ${before}: ${list}`;
}
