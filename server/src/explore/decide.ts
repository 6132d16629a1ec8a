// Decides a problem with the quickest engine that can, and believes it no path: each is gone again on the Machine that
// also runs scenarios before it is told.

import { NONE } from "../model/values.ts";
import { judgeOf, type Met } from "./judge.ts";
import { lower } from "./lower/index.ts";
import { explore } from "./packed/index.ts";
import type { Limits, Outcome, Problem, Progress } from "./problem.ts";
import { bootMachine, perform, walk } from "./walk.ts";

export interface Choice {
  /** `closures` where a text may not become WebAssembly; `walk` is the measure of the other two. */
  readonly engine: "wasm" | "closures" | "walk";
}

const quickest: Choice = { engine: "WebAssembly" in globalThis ? "wasm" : "closures" };

export function* decide(
  problem: Problem,
  limits: Limits,
  choice: Choice = quickest,
): Generator<Progress, Outcome> {
  const outcome = yield* exploration(problem, limits, choice);
  if (isReplayed(problem, outcome)) return outcome;
  // The Machine has the last word: what it finds itself, it also runs.
  return yield* walk(problem, limits);
}

function* exploration(problem: Problem, limits: Limits, { engine }: Choice): Generator<Progress, Outcome> {
  if (engine === "walk") return yield* walk(problem, limits);
  const program = lower(problem, { order: true });
  if ("unsupported" in program) return yield* walk(problem, limits);
  const { depth } = problem.bounds;
  const outcome = yield* explore(program, limits, { symmetry: true, engine, depth });
  return outcome.end === "unsupported" ? yield* walk(problem, limits) : outcome;
}

/** Whether the Machine agrees with all that was found. */
const isReplayed = (problem: Problem, { found }: Outcome): boolean =>
  found.every((path, goal) => path === null || replays(problem, goal, path));

/** The outcome, if the Machine agrees with it; else that nothing is known. */
export function withReplayed(problem: Problem, outcome: Outcome): Outcome {
  if (isReplayed(problem, outcome)) return outcome;
  return {
    ...outcome,
    end: "unsupported",
    reason: "what was found does not show in the engine that runs scenarios: please report this file",
    found: outcome.found.map(() => null),
  };
}

/** Whether the goal is reached by these calls (indexes), and no sooner. */
export function replays(problem: Problem, goal: number, path: readonly number[]): boolean {
  const wanted = problem.goals[goal];
  if (wanted === undefined) return false;
  const machine = bootMachine(problem);
  const judge = judgeOf(machine, wanted);
  let met: Met = { hazards: [], lifetime: false, result: NONE };
  for (const index of path) {
    if (judge.state() || judge.transition(met)) return false;
    const call = problem.calls[index];
    const next = call === undefined ? null : perform(machine, problem, call);
    if (next === null) return false;
    met = next;
  }
  return judge.state() || judge.transition(met);
}
