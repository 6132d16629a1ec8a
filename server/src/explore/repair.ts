// The shortest sequences of calls after which a goal holds: what search.ts finds, without those that hold a call which
// is not needed, the likeliest first.

import { rollBack } from "../model/machine.ts";
import { type Ending, type Goal, type Limits, type Path, search } from "./search.ts";
import type { Space } from "./space.ts";

/** Yields the repairs of each length together, shortest first. */
export function* repairs(
  space: Space,
  named: readonly number[],
  goal: Goal,
  limits: Limits,
): Generator<readonly Path[], Ending> {
  const ways = search(space, named, goal, limits);
  for (let next = ways.next(); ; next = ways.next()) {
    if (next.done === true) return next.value;
    const needed = next.value.filter((path) => isMinimal(space, goal, path));
    needed.sort((a, b) => unlikely(a) - unlikely(b));
    if (needed.length > 0) yield needed;
  }
}

/** No call of it can be left out. */
function isMinimal(space: Space, goal: Goal, path: Path): boolean {
  if (path.moves.length === 1) return true;
  const minimal = path.moves.every((_, left) => {
    const rest = path.moves.filter((_, i) => i !== left);
    rollBack(space.machine);
    return rest.some((move) => space.apply(move) === null) || !goal.holds();
  });
  rollBack(space.machine);
  return minimal;
}

/** Calls that any machine has, and what other tasks would have to do, come last. */
function unlikely({ moves }: Path): number {
  const own = moves[0]?.task;
  return moves.reduce((sum, move) => {
    const common = move.do === "call" && move.operation.form === "op";
    return sum + Number(common) * 2 + Number(move.task !== own);
  }, 0);
}
