// From what an engine found to the calls that lead there. States are kept as they were found, so each call on the way
// really leads from one to the next.

import type { Engine, Finding } from "./engine.ts";

export function pathTo(engine: Engine, { from, by }: Finding): number[] {
  if (by === -1) return [];
  const path = [by];
  for (let state = from; state !== 0; ) {
    const reached = engine.reached(state);
    path.push(reached.by);
    state = reached.from;
  }
  return path.reverse();
}
