// Which calls are refused in every state: by a check at their start that asks for nothing but facts of the machine.

import { type Evaluate, evaluator } from "../../model/evaluate.ts";
import { isMade } from "../../model/execute.ts";
import type { Operation } from "../../model/system.ts";
import { infoOf } from "./constants.ts";
import type { Lowering } from "./context.ts";
import { conjuncts } from "./quantifiers.ts";

/** Says it of the arguments of an operation. */
export function refusalsOf(
  lowering: Lowering,
  { params, body }: Operation,
): (args: readonly number[]) => boolean {
  const { machine, system } = lowering;
  const checks: Evaluate[] = [];
  for (const statement of body) {
    if (statement.do === "let") continue;
    if (statement.do !== "require") break;
    if (statement.hazard !== null || !isMade(machine, statement)) continue;
    for (const part of conjuncts(statement.condition)) {
      const { paths, slots, picks } = infoOf(lowering, part);
      // What is asked about itself may be none by then; a `let` is not known here.
      const isGiven = slots.every((slot) => params[slot]?.explicit === false);
      const isFact = paths?.every(({ slot, fields }) => slot >= 0 && fields.length === 0) === true;
      if (isGiven && isFact && !picks) checks.push(evaluator(system, part));
    }
  }
  return (args) => checks.some((holds) => holds(machine, [...args]) !== 1);
}
