// The search of a program that came out of another one by an edit. Where the last search of its form ended as a proof, it
// goes on: calls whose functions changed are tried again in the states that it found, all others lead where they led.
// What can be reached from the first state is then looked up. States, calls and depth are those of a search from the
// beginning; where anything is reached that is looked for, or was not foreseen, there is one, so that what is told is
// the same as well.
//
// What a call does in a state depends on nothing but its function, what that calls, and `derive`: tables and cells are
// the same in all programs of a form, and what other calls leave behind them is put back.

import type { Program } from "../program.ts";
import { changedOf } from "../wasm/callees.ts";
import type { Engine, EngineLimits } from "./engine.ts";
import { emptyGraph, type Graph, reachedIn, renewed } from "./graph.ts";
import { entriesOf, type Form } from "./shape.ts";

/** A search that ended as a proof, and what its calls led to. */
interface Proof {
  readonly form: Form;
  readonly name: string;
  readonly program: Program;
  readonly engine: Engine;
  readonly graph: () => Graph;
}

/** Some claims of a file; each takes up to some megabytes. */
const KEPT = 4;
const kept: Proof[] = [];

/** A search that was begun with what was known, and what it comes to. */
export interface Renewal {
  readonly engine: Engine;
  /** What is known once it is exhausted; null: it is no proof, or too much. */
  readonly conclude: () => Engine | null;
  /** Keeps the proof that it began with instead: what was changed is often changed back. */
  readonly giveUp: () => void;
}

/** Null: the program has to be searched from the beginning. `name` is that of the engine. */
export function renewalOf(program: Program, form: Form, name: string, limits: EngineLimits): Renewal | null {
  const index = kept.findIndex((each) => each.form === form && each.name === name);
  // It is taken away: while it goes on, others must not go on with it, and it may be left half-way.
  const [proof] = index === -1 || limits.depth !== null ? [] : kept.splice(index, 1);
  if (proof === undefined) return null;
  const changed = changedCalls(proof.program, program);
  if (changed === null || !proof.engine.renew(program, changed, limits)) return null;
  const { engine } = proof;
  return {
    engine,
    conclude() {
      const found = engine.steps();
      if (found === null || !isProof(engine)) return null;
      const isTried = program.calls.map(({ fn }) => changed.has(fn));
      const graph = renewed(proof.graph(), isTried, found, engine.states());
      const reached = reachedIn(graph, program.calls.length);
      if (reached.states > limits.states) return null;
      // States that nothing leads to any more are kept for a while: what was changed is often changed back.
      if (2 * reached.states >= graph.states) keep({ ...proof, program, graph: () => graph });
      let orbits = engine.orbits();
      if (reached.states < graph.states)
        for (let state = 0; state < graph.states; state++)
          if (!reached.isReached(state)) orbits -= engine.orbit(state);
      return {
        ...engine,
        states: () => reached.states,
        transitions: () => reached.transitions,
        depth: () => reached.depth,
        succeeded: () => reached.succeeded,
        orbits: () => orbits,
      };
    },
    giveUp() {
      engine.back();
      keep(proof);
    },
  };
}

/** Of one that is exhausted. */
const isProof = (engine: Engine): boolean => engine.found().every((finding) => finding === null);

/** Keeps a search from the beginning that is exhausted, if it is a proof and not too large. */
export function keepProof(program: Program, form: Form, name: string, engine: Engine): void {
  const steps = engine.steps();
  if (steps === null || !isProof(engine)) return;
  let graph: Graph | null = null;
  const states = engine.states();
  const graphOf = (): Graph => {
    graph ??= renewed(emptyGraph, [], steps, states);
    return graph;
  };
  keep({ form, name, program, engine, graph: graphOf });
}

function keep(proof: Proof): void {
  const index = kept.findIndex(({ form, name }) => form === proof.form && name === proof.name);
  if (index !== -1) kept.splice(index, 1);
  kept.unshift(proof);
  if (kept.length > KEPT) kept.pop();
}

/** Of the functions of calls those that may do something else; null: something besides calls may. */
function changedCalls(before: Program, after: Program): ReadonlySet<number> | null {
  const changed = changedOf(before.functions, after.functions);
  const entries = entriesOf(before);
  const isSame = entriesOf(after).every((fn, i) => fn === entries[i]);
  const others = [after.derive, ...after.goals.map(({ fn }) => fn)];
  return isSame && !others.some((fn) => changed.has(fn)) ? changed : null;
}
