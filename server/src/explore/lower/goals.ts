// Goals as functions of the present state.

import { isMade } from "../../model/execute.ts";
import type { Rule } from "../../model/system.ts";
import { HARDWARE } from "../../model/system.ts";
import { reference } from "../../model/values.ts";
import type { Goal } from "../problem.ts";
import { DANGLING, FLAGS, HAZARDS, type Program, RUNAWAY } from "../program.ts";
import { createBuilder, giveBack, when } from "./builder.ts";
import { addFunction, blame, computed, type Frame, known, type Lowering } from "./context.ts";
import { test } from "./expressions.ts";
import { cellOf, hasPlaces } from "./fields.ts";
import { lowerLet } from "./lets.ts";
import { eachPlace } from "./references.ts";
import { usesIn } from "./uses.ts";
import { not, ONE } from "./values.ts";

export function lowerGoal(lowering: Lowering, goal: Goal): Program["goals"][number] {
  switch (goal.find) {
    case "hazard":
      return { fn: -1, flags: [{ cell: HAZARDS, bits: 2 ** (lowering.hazards.get(goal.hazard) ?? 0) }] };
    case "state": {
      const frame = frameFor(lowering, "the goal");
      giveBack(frame.builder, test(frame, goal.condition));
      return { fn: addFunction(lowering, "goal", 0, frame.builder), flags: [] };
    }
    case "broken-rule": {
      const frame = frameFor(lowering, "the rules");
      for (const index of goal.rules) {
        const rule = lowering.system.rules[index];
        if (rule !== undefined)
          blame(rule.name, () =>
            breaks({ ...frame, env: new Map(), name: rule.name, uses: usesIn(lowering, rule.body) }, rule, 0),
          );
      }
      const fn = frame.builder.out.length === 0 ? -1 : addFunction(lowering, "rules", 0, frame.builder);
      return { fn, flags: goal.lifetime ? [{ cell: FLAGS, bits: DANGLING | RUNAWAY }] : [] };
    }
    default:
      return goal satisfies never;
  }
}

/** Between calls nobody calls: where a rule asks for the caller, it is the first task. */
function frameFor(lowering: Lowering, name: string): Frame {
  const builder = createBuilder(0);
  builder.known = new Map();
  const caller = known(reference(HARDWARE.task, 0));
  return { lowering, builder, env: new Map(), caller, name, killed: false, uses: null };
}

/** Gives 1 if a check does not hold for some choice of the parameters from `param` on. */
function breaks(frame: Frame, rule: Rule, param: number): void {
  const { lowering, builder, env } = frame;
  const kinds = rule.params[param]?.kinds;
  if (kinds === undefined) return judge(frame, rule);
  for (const kind of kinds) {
    if (!hasPlaces(lowering, kind)) continue;
    const { sort = "hardware", alive = 0 } = lowering.system.kinds[kind] ?? {};
    eachPlace(lowering, builder, kind, (thing) => {
      env.set(param, computed(thing, { tag: "thing", kinds: [kind], maybe: false }));
      when(builder, sort === "hardware" ? ONE : cellOf(lowering, alive, thing), () =>
        breaks(frame, rule, param + 1),
      );
    });
  }
}

function judge(frame: Frame, rule: Rule): void {
  const { lowering, builder } = frame;
  for (const statement of rule.body) {
    if (statement.do === "let") lowerLet(frame, statement);
    else if (statement.do === "require" && isMade(lowering.machine, statement))
      when(builder, not(test(frame, statement.condition)), () => giveBack(builder, ONE));
  }
}
