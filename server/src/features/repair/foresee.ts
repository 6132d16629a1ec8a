// Whether a change of a scenario is sure to do harm further down: found by running the rows behind it in a world that is
// put back, without a text and without a message. An analysis of the text that the change makes takes many times longer;
// it has the last word, and is asked only about what is not sure to be wrong.

import { stepOfRow } from "../../engine/findings.ts";
import type { StepFinding } from "../../engine/outcome.ts";
import { leavesOf } from "../../engine/parallel.ts";
import type { Context, Run } from "../../engine/run.ts";
import { type Ran, runAssert, runStep } from "../../engine/step.ts";
import { taskRef, type World } from "../../engine/world.ts";
import type { CallStep } from "../../syntax/ast.ts";
import type { Row } from "../../syntax/document.ts";
import { undone } from "../trial.ts";

/** A row as it is to run. */
export interface Later {
  readonly row: Row;
  /** An index. */
  readonly task: number;
  /** What is wrong with it and may stay so. */
  readonly known: readonly StepFinding[];
  /** It has to come to something: a step in doubt has no finding, and is not answered. */
  readonly mustHold: boolean;
}

/** What lies further behind is left to the analysis. */
const MOST_ROWS = 100;

/** False at its end: what lies behind is not known. */
export type Steps = Generator<Later, boolean>;

/** The steps of a run from one row on up to another; `answered` is to be without a finding. */
export function* stepsFrom({ results }: Run, answered: Row, from: number, to = results.length): Steps {
  const end = Math.min(to, from + MOST_ROWS);
  for (let i = from; i < end; i++) {
    const result = results.at(i);
    if (result === undefined || isParallel(result.context)) return false;
    const { row, context, findings } = result;
    if (row.kind !== "step" || row.node === null) continue;
    if (row.node.kind === "parallel") return false;
    const mustHold = row === answered;
    yield { row, task: context.task, known: mustHold ? [] : findings, mustHold };
  }
  return end === to;
}

export function* inTurn(before: Steps, moved: Later, behind: Steps): Steps {
  if (!(yield* before)) return false;
  yield moved;
  return yield* behind;
}

const isParallel = ({ block, outer }: Context): boolean =>
  block === "parallel" || (outer !== null && isParallel(outer));

/** Runs the steps until one says something new, as nobody will read it, and undoes what they did. */
export function doesHarm(world: World, steps: Steps): boolean {
  const own: World = { ...world, isQuiet: true };
  return undone(own, () => {
    for (const { row, task, known, mustHold } of steps) {
      if (row.node === null) continue;
      own.machine.step = stepOfRow(row.id);
      for (const { task: who, node } of leavesOf(row.node, row.id, taskRef(task), own.machine.tasks)) {
        own.machine.caller = who;
        const ran = node.kind === "step" ? runStep(own, row.id, node) : runAssert(own, row.id, node);
        if (mustHold && ran.outcome.kind === "unknown") return true;
        if (node.kind === "step" && isRefused(ran, node) && !known.some(({ code }) => code === "errno"))
          return true;
        if (ran.findings.some((finding) => finding.severity !== "hint" && !known.some(same(finding))))
          return true;
      }
    }
    return false;
  });
}

/** A quiet world has no finding for it. */
const isRefused = ({ outcome }: Ran, { expected }: CallStep): boolean =>
  outcome.kind === "errno" && expected.length === 0;

const same =
  (a: StepFinding) =>
  (b: StepFinding): boolean =>
    a.code === b.code && a.severity === b.severity && a.place.start === b.place.start;
