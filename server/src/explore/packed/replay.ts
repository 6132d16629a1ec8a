// From a way through states that stand for many to calls that can be made one after the other: what was found between
// two representatives is looked for again between states as they are.

import type { Canonical } from "./canonical.ts";
import type { Engine, Finding } from "./engine.ts";
import { restore } from "./memory.ts";
import { attempt, type Bench, load, met, pack } from "./search.ts";

/** The calls that lead to what was found. */
export function pathTo(engine: Engine, { from, by }: Finding): number[] {
  const path: number[] = by === -1 ? [] : [by];
  for (const state of statesTo(engine, from)) if (state !== 0) path.unshift(engine.reached(state).by);
  return path;
}

/** From the last to the first. */
function statesTo(engine: Engine, last: number): number[] {
  const states = [last];
  for (let at = last; at !== 0; ) {
    at = engine.reached(at).from;
    states.push(at);
  }
  return states;
}

/** The same, from the state at boot on. */
export function concretePathTo(
  engine: Engine,
  bench: Bench,
  canonical: Canonical,
  finding: Finding,
  goal: number,
): number[] {
  const { layout, memory, program } = bench;
  const path: number[] = [];
  if (finding.by === -1) return path;
  const words = engine.wordsOf(0);
  const successor = new Int32Array(layout.words);
  load(bench, words, 0);
  const step = (isIt: () => boolean): void => {
    for (let call = 0; call < program.calls.length; call++) {
      if (attempt(bench, call) && isIt()) {
        path.push(call);
        pack(bench, words);
        restore(memory);
        load(bench, words, 0);
        return;
      }
      restore(memory);
    }
  };
  for (const state of statesTo(engine, finding.from).reverse().slice(1)) {
    const wanted = engine.wordsOf(state);
    step(() => {
      pack(bench, successor);
      canonical.settle(successor);
      return successor.every((word, i) => word === wanted[i]);
    });
  }
  const isGoal = (on: "the way" | "arrival"): boolean =>
    [...met(bench, on, (each) => each === goal)].length > 0;
  step(() => isGoal("the way") || isGoal("arrival"));
  return path;
}
