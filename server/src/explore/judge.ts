// Whether a goal is reached: in a state of a machine, or by what a call met on its way.

import { evaluator } from "../model/evaluate.ts";
import type { Machine } from "../model/machine.ts";
import { brokenBindings } from "../model/rules.ts";
import { HARDWARE } from "../model/system.ts";
import { reference } from "../model/values.ts";
import type { Goal } from "./problem.ts";

/** What a call met besides what is in the state. */
export interface Met {
  readonly hazards: readonly string[];
  /** Something died in use, or the call did not come to an end. */
  readonly lifetime: boolean;
  /** What the call gave back; none where it failed. */
  readonly result: number;
}

export interface Judge {
  readonly state: () => boolean;
  readonly transition: (met: Met) => boolean;
}

const never = (): boolean => false;

/** Between calls nobody calls: where a rule asks for the caller, it is the first task. */
const nobody = reference(HARDWARE.task, 0);

export function judgeOf(machine: Machine, goal: Goal): Judge {
  switch (goal.find) {
    case "broken-rule": {
      const rules = goal.rules.flatMap((index) => machine.system.rules[index] ?? []);
      return {
        state() {
          machine.caller = nobody;
          return rules.some((rule) => brokenBindings(machine, rule).length > 0);
        },
        transition: goal.lifetime ? ({ lifetime }) => lifetime : never,
      };
    }
    case "hazard":
      return { state: never, transition: ({ hazards }) => hazards.includes(goal.hazard) };
    case "state": {
      const condition = evaluator(machine.system, goal.condition);
      return {
        state() {
          machine.caller = nobody;
          return condition(machine, new Array<number>(goal.locals).fill(-1)) === 1;
        },
        transition: never,
      };
    }
    default:
      return goal satisfies never;
  }
}
