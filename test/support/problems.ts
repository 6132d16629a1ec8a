// A text with verify blocks as problems for the explorer. What is wrong with the text throws: it is the test's own.

import { createSession } from "../../server/src/analysis/session.ts";
import { type Posed, type PoseOptions, posedBlock } from "../../server/src/analysis/verify-problems.ts";
import type { Limits, Outcome, Problem, Progress } from "../../server/src/explore/problem.ts";
import { memoryFiles } from "./memory-files.ts";

const uri = "main.uapi";

/** Every block on every one of its topologies, in the order of the text. */
export function posedIn(text: string, options: PoseOptions = {}): readonly Posed[] {
  const view = createSession(memoryFiles(new Map([[uri, text]]))).view(uri);
  if (view === null) throw new Error("the text cannot be read");
  const { work, visible, declared } = view;
  const blocks = declared.flatMap(({ declaration, origin }) =>
    declaration.kind === "verify"
      ? [posedBlock({ work, visible, declared }, declaration, origin, options)]
      : [],
  );
  const wrong = [
    ...view.analysis.findings.filter(({ severity }) => severity === "error"),
    ...blocks.flatMap(({ problems }) => problems),
  ];
  if (wrong.length > 0) throw new Error(wrong.map(({ message }) => message).join("\n"));
  return blocks.flatMap(({ posed }) => posed);
}

/** The only one of a text. */
export function problemOf(text: string, options: PoseOptions = {}): Problem {
  const [first, ...more] = posedIn(text, options);
  if (first === undefined || more.length > 0)
    throw new Error("the text wants one verify block on one topology");
  return first.problem;
}

export const unlimited: Limits = {
  states: Number.POSITIVE_INFINITY,
  bytes: Number.POSITIVE_INFINITY,
  isCancelled: () => false,
};

/** Runs an engine to its end. */
export function finish(run: Generator<Progress, Outcome>): Outcome {
  for (;;) {
    const next = run.next();
    if (next.done === true) return next.value;
  }
}
