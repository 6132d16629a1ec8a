// Explores a program with packed states: in WebAssembly, or in JavaScript where that is not allowed. It knows nothing of
// kinds of things but how many places they have.

import type { End, Limits, Outcome, Progress } from "../problem.ts";
import type { Program } from "../program.ts";
import { createCompiledSearch } from "../wasm/search.ts";
import type { Engine, EngineLimits, Stop } from "./engine.ts";
import { layoutOf } from "./layout.ts";
import { createSearch } from "./search.ts";

export interface Options {
  readonly symmetry: boolean;
  readonly engine: "wasm" | "closures";
  /** Calls of a sequence; null or left out: any number. */
  readonly depth?: number | null;
}

/** Calls tried between two looks at the limits: some milliseconds. */
const EFFORT = { wasm: 100_000, closures: 5_000 } as const;

export function* explore(program: Program, limits: Limits, options: Options): Generator<Progress, Outcome> {
  const layout = layoutOf(program);
  const within: EngineLimits = {
    ...{ states: limits.states, bytes: limits.bytes },
    depth: options.depth ?? null,
  };
  const create = options.engine === "wasm" ? createCompiledSearch : createSearch;
  const engine = create(program, layout, within, { heedsOrder: false });
  const effort = EFFORT[options.engine];
  for (;;) {
    const stop = engine.run(effort);
    if (stop !== null) return outcomeOf(engine, endOf(stop), stop);
    const progress = progressOf(engine);
    limits.onProgress?.(progress);
    yield progress;
    if (limits.isCancelled()) return outcomeOf(engine, "cancelled", null);
  }
}

const progressOf = (engine: Engine): Progress => ({
  states: engine.states(),
  transitions: engine.transitions(),
  depth: engine.depth(),
});

function endOf(stop: Stop): End {
  return stop === "foreign" || stop === "order" ? "unsupported" : stop;
}

function outcomeOf(engine: Engine, end: End, stop: Stop | null): Outcome {
  return {
    ...progressOf(engine),
    end,
    reason: stop === "foreign" ? "a field takes a value that was not foreseen for it" : null,
    found: engine
      .found()
      .map((finding) => (finding === null ? null : pathTo(engine, finding.from, finding.by))),
    orbits: null,
  };
}

/** The calls that lead to a state, and the one made there. */
function pathTo(engine: Engine, state: number, last: number): number[] {
  const path: number[] = last === -1 ? [] : [last];
  for (let at = state; at !== 0; ) {
    const { from, by } = engine.reached(at);
    path.push(by);
    at = from;
  }
  return path.reverse();
}
