// Explores a program with packed states: in WebAssembly, or in JavaScript where that is not allowed. It knows nothing of
// kinds of things but how many places they have.

import type { End, Limits, Outcome, Progress } from "../problem.ts";
import type { Program } from "../program.ts";
import { createCompiledSearch } from "../wasm/engine.ts";
import type { Engine, EngineLimits, Stop } from "./engine.ts";
import { keepProof, renewalOf } from "./renewal.ts";
import { pathTo } from "./replay.ts";
import { createSearch } from "./search.ts";
import { type Form, shapeOf } from "./shape.ts";

export interface Options {
  readonly symmetry: boolean;
  readonly engine: "wasm" | "closures";
  /** Calls of a sequence; null or left out: any number. */
  readonly depth?: number | null;
}

/** Calls tried between two looks at the limits: some milliseconds. */
const EFFORT = { wasm: 20_000, closures: 2_000 } as const;

export function* explore(given: Program, limits: Limits, options: Options): Generator<Progress, Outcome> {
  const shape = shapeOf(given);
  const program = shape.settled(given);
  const within: EngineLimits = {
    ...{ states: limits.states, bytes: limits.bytes },
    depth: options.depth ?? null,
  };
  for (let lost = 0; ; ) {
    const form = shape.form(options.symmetry ? lost : null);
    const { engine, end } = yield* searched(program, form, limits, within, options.engine);
    // Where the order of places decided something, they are no equals: once more without that.
    if (end === "order" && (engine.order() & ~lost) !== 0) lost |= engine.order();
    else return { ...outcomeOf(form, engine, end), ordered: kindsIn(program, lost) };
  }
}

/** Goes on with the last search of the form, or begins a new one. */
function* searched(
  program: Program,
  form: Form,
  limits: Limits,
  within: EngineLimits,
  name: Options["engine"],
): Generator<Progress, { readonly engine: Engine; readonly end: Stop | "cancelled" }> {
  const renewal = renewalOf(program, form, name, within);
  if (renewal !== null) {
    const end = yield* search(renewal.engine, limits, EFFORT[name]);
    const engine = end === "exhausted" ? renewal.conclude() : null;
    if (engine !== null) return { engine, end };
    renewal.giveUp();
    if (end === "cancelled") return { engine: renewal.engine, end };
  }
  const engine = (name === "wasm" ? createCompiledSearch : createSearch)(program, form, within);
  const end = yield* search(engine, limits, EFFORT[name]);
  if (end === "exhausted") keepProof(program, form, name, engine);
  return { engine, end };
}

function* search(engine: Engine, limits: Limits, effort: number): Generator<Progress, Stop | "cancelled"> {
  for (;;) {
    const stop = engine.run(effort);
    if (stop !== null) return stop;
    const progress = progressOf(engine);
    limits.onProgress?.(progress);
    yield progress;
    if (limits.isCancelled()) return "cancelled";
  }
}

const progressOf = (engine: Engine): Progress => ({
  states: engine.states(),
  transitions: engine.transitions(),
  depth: engine.depth(),
});

const endOf = (stop: Stop | "cancelled"): End =>
  stop === "foreign" || stop === "order" ? "unsupported" : stop;

const kindsIn = ({ places }: Program, bits: number): string[] =>
  places.flatMap(({ kind }, i) => (((bits >>> i) & 1) === 1 ? [kind] : []));

function outcomeOf(form: Form, engine: Engine, stop: Stop | "cancelled"): Omit<Outcome, "ordered"> {
  return {
    ...progressOf(engine),
    end: endOf(stop),
    reason: stop === "foreign" ? "a field takes a value that was not foreseen for it" : null,
    found: engine.found().map((finding) => (finding === null ? null : pathTo(engine, finding))),
    // Of a part of the space, other members of an orbit may lie outside of it.
    orbits: form.symmetry === null || stop === "exhausted" ? engine.orbits() : null,
    succeeded: engine.succeeded(),
  };
}
