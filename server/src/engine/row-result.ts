// What one row of a run came to.

import { BOOT } from "../model/machine.ts";
import type { Row } from "../syntax/document.ts";
import type { Outcome, StepFinding } from "./outcome.ts";
import type { Changes } from "./world.ts";

/** The blocks that are open behind a row, innermost first. */
export interface Context {
  readonly task: number;
  readonly block: "task" | "parallel" | null;
  /** The id of the row that opened it. */
  readonly since: number;
  readonly outer: Context | null;
}

export interface RowResult {
  readonly row: Row;
  readonly context: Context;
  readonly changes: Changes;
  readonly outcome: Outcome;
  readonly findings: readonly StepFinding[];
}

export const START: Context = { task: 0, block: null, since: -1, outer: null };
export const NO_FINDINGS: readonly StepFinding[] = [];
export const NO_CHANGES: Changes = { step: BOOT, cells: [], slots: [] };
