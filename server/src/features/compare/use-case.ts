// One use case under many proposals: can it be had, with how many calls, and what goes wrong on the way there.

import { decisionsOf } from "../../analysis/verify-decisions.ts";
import { LIFETIME } from "../../explore/compare.ts";
import { decide } from "../../explore/decide.ts";
import { engineHere } from "../../explore/exploring.ts";
import { judgeOf } from "../../explore/judge.ts";
import type { Goal, Limits, Progress } from "../../explore/problem.ts";
import { bootMachine, perform } from "../../explore/walk.ts";
import { script } from "../verify/script.ts";
import type { Reach } from "./pair.ts";
import type { Side } from "./side.ts";

/** What a call of the sequence does besides what is wanted. */
export interface OnTheWay {
  /** From 1. */
  readonly call: number;
  /** A rule that is broken from here on, or a hazard that is met. */
  readonly name: string;
  readonly kind: "rule" | "hazard";
}

export interface UseCaseRow {
  readonly proposal: string;
  readonly reach: Reach;
  readonly onTheWay: readonly OnTheWay[];
  readonly states: number;
}

/** The side's only claim is a `reach`. */
export function* useCase(side: Side, limits: Limits): Generator<Progress, UseCaseRow> {
  const { posed, view, name } = side;
  const { problem } = posed;
  const outcome = yield* decide(problem, limits, { engine: engineHere() });
  const states = outcome.orbits ?? outcome.states;
  const [decision] = decisionsOf(posed, outcome, limits);
  const path = decision?.found?.path ?? null;
  if (path !== null) {
    const steps = script(view, problem, path)?.map(({ text }) => text) ?? [];
    return { proposal: name, reach: { is: "reached", steps }, onTheWay: harmOn(side, path), states };
  }
  const reach: Reach =
    decision?.verdict === "fails"
      ? { is: "never" }
      : { is: "unknown", why: decision?.reason ?? "nothing was decided" };
  return { proposal: name, reach, onTheWay: [], states };
}

/** Rules and hazards that are no mere information, each where it first shows. */
function harmOn({ posed: { problem } }: Side, path: readonly number[]): OnTheWay[] {
  const { system, calls } = problem;
  const machine = bootMachine(problem);
  const matters = (severity: string): boolean => severity === "error" || severity === "warning";
  const watched: { readonly name: string; readonly kind: OnTheWay["kind"]; readonly goal: Goal }[] = [
    ...system.rules.flatMap(({ name, severity }, index) =>
      matters(severity)
        ? [
            {
              name,
              kind: "rule" as const,
              goal: { find: "broken-rule", rules: [index], lifetime: false } as const,
            },
          ]
        : [],
    ),
    { name: LIFETIME, kind: "rule", goal: { find: "broken-rule", rules: [], lifetime: true } },
    ...[...system.hazards.values()].flatMap(({ name, severity }) =>
      matters(severity)
        ? [{ name, kind: "hazard" as const, goal: { find: "hazard", hazard: name } as const }]
        : [],
    ),
  ];
  const judges = watched.map(({ name, kind, goal }) => ({ name, kind, judge: judgeOf(machine, goal) }));
  const found: OnTheWay[] = [];
  path.forEach((index, i) => {
    const call = calls[index];
    const met = call === undefined ? null : perform(machine, problem, call);
    if (met === null) return;
    for (const { name, kind, judge } of judges) {
      if (found.some((each) => each.name === name) || !(judge.transition(met) || judge.state())) continue;
      found.push({ call: i + 1, name, kind });
    }
  });
  return found;
}
