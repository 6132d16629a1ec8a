// The engine for a program, as good as this machine has it: WebAssembly where that may be compiled, else JavaScript.

import { explore } from "./packed/index.ts";
import type { Program } from "./program.ts";
import type { Exploration } from "./prover.ts";
import { isAvailable } from "./wasm/host.ts";

export const engineHere = (): "wasm" | "closures" => (isAvailable() ? "wasm" : "closures");

/** `depth`: calls of a sequence; null: any number. */
export const exploring =
  (program: Program, depth: number | null): Exploration =>
  (limits) =>
    explore(program, limits, { symmetry: true, engine: engineHere(), depth });
