// What an exploration is about, as plain data: a proposal on a topology within bounds, and what is asked of it. Every
// engine answers the same questions: walk.ts on the Machine that also runs scenarios, packed/ on compiled states.

import type { Expr } from "../model/ir.ts";
import type { Operation, System, Topology } from "../model/system.ts";

/** What limits the space. All of it is told with a proof. */
export interface Bounds {
  /** Names of the tasks that make calls. */
  readonly tasks: readonly string[];
  /** Calls of a sequence; null: any number. */
  readonly depth: number | null;
  /** By kind: how many can be alive at a time. Hardware: as many as there are. */
  readonly instances: readonly number[];
  /**
   * By kind: the field with the piece of hardware that a file always refers to, where there is one file for each: place k
   * is that of the k-th. -1: any `instances` of them, each in the lowest free place.
   */
  readonly homes: readonly number[];
}

/** A call with all its arguments, as it is tried in every state. Values are those of a Machine (model/values.ts). */
export type GroundCall =
  | { readonly do: "open"; readonly task: number; readonly kind: number; readonly hole: number }
  | {
      readonly do: "call";
      readonly task: number;
      readonly operation: Operation;
      /** One for each parameter; things are references to places below `instances`. */
      readonly args: readonly number[];
    };

/** What is looked for. A rule by its index in `system.rules`, a hazard by name; `lifetime` is the language's own rule. */
export type Goal =
  | { readonly find: "broken-rule"; readonly rules: readonly number[]; readonly lifetime: boolean }
  | { readonly find: "hazard"; readonly hazard: string }
  /** `locals` is how many the expression needs. */
  | { readonly find: "state"; readonly condition: Expr; readonly locals: number };

export interface Problem {
  readonly system: System;
  readonly topology: Topology;
  readonly bounds: Bounds;
  /** In the order in which they are tried: it decides which of several shortest sequences is told. */
  readonly calls: readonly GroundCall[];
  readonly goals: readonly Goal[];
}

export interface Limits {
  readonly states: number;
  readonly bytes: number;
  /** Asked at least every few milliseconds. */
  readonly isCancelled: () => boolean;
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
}

/** Why it ended: nothing new was found; every goal was; or a bound or budget. */
export type End = "exhausted" | "found" | "depth" | "states" | "memory" | "cancelled" | "unsupported";

export interface Outcome extends Progress {
  readonly end: End;
  /** With `unsupported`: what the engine cannot do, for people. */
  readonly reason: string | null;
  /** By goal: the shortest sequence, as indexes into `calls`; null: none was found. */
  readonly found: readonly (readonly number[] | null)[];
  /** How many states the explored ones stand for: more than `states` where symmetry was used. */
  readonly orbits: number | null;
  /** By call: whether it, or one that equals it, succeeded in any of the states. */
  readonly succeeded: readonly boolean[];
  /** Kinds whose things were not taken for equals, for their order decided something. */
  readonly ordered: readonly string[];
}
