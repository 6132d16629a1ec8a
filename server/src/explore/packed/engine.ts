// What an engine is: it goes through the states of a program in slices, and can be asked for what it found. It can go
// through them again, with another program of the same form.

import type { Program } from "../program.ts";

/** order: the order of places decided something. foreign: a cell holds what the program did not tell of. */
export type Stop = "exhausted" | "found" | "depth" | "states" | "memory" | "order" | "foreign";

/** How a goal was found: by this call from this state; call -1: the first state itself. */
export interface Finding {
  readonly from: number;
  readonly by: number;
}

export interface Engine {
  /** Tries about so many calls; null: there is more to do. */
  readonly run: (effort: number) => Stop | null;
  readonly states: () => number;
  readonly transitions: () => number;
  /** Calls that lead to the state at work. */
  readonly depth: () => number;
  /** By call: whether it was a step anywhere. */
  readonly succeeded: () => readonly boolean[];
  /** By goal. */
  readonly found: () => readonly (Finding | null)[];
  /** Bits of `ORDER` that were met. */
  readonly order: () => number;
  /** Sum of the sizes of the orbits of all states. */
  readonly orbits: () => number;
  /** How a state was reached first. */
  readonly reached: (state: number) => Finding;
  /** How many states this one stands for. */
  readonly orbit: (state: number) => number;
  /** What calls led to, as graph.ts reads it, since it began or was renewed; null: it became too much. */
  readonly steps: () => readonly Int32Array[] | null;
  /**
   * Goes through its states once more: in those that it has only calls of these functions are tried, and all calls in
   * those that are new. Nothing else is different in the program. False: the limits are too narrow.
   */
  readonly renew: (program: Program, functions: ReadonlySet<number>, limits: EngineLimits) => boolean;
  /** Forgets what it found since it was renewed; it has to be renewed before it can run again. */
  readonly back: () => void;
}

export interface EngineLimits {
  readonly states: number;
  readonly bytes: number;
  readonly depth: number | null;
}
