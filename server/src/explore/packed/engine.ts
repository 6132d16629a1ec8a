// What an engine is: it goes through the states of a program in slices, and can be asked for what it found.

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
}

export interface EngineLimits {
  readonly states: number;
  readonly bytes: number;
  readonly depth: number | null;
}
