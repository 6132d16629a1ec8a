// What one step of a scenario came to, still with places relative to rows.

import type { Severity } from "../base/finding.ts";
import type { Site } from "../model/ir.ts";

/** Offsets relative to the row with this id. */
export interface RowPlace {
  readonly row: number;
  readonly start: number;
  readonly end: number;
}

export interface StepFinding {
  readonly code: string;
  readonly severity: Severity;
  readonly place: RowPlace;
  readonly message: string;
  readonly label?: string;
  /** Steps that led here, shown in the order of the text unless `sequence`; a whole row where start and end are -1. */
  readonly related: readonly { readonly place: RowPlace; readonly message: string }[];
  /** The related places are in the order in which they happen. */
  readonly sequence?: true;
  readonly help: readonly string[];
  /** `{}` stands for the place of the site: `vfio.uapi:224`. */
  readonly notes: readonly (string | { readonly text: string; readonly site: Site })[];
}

export interface Outcome {
  readonly kind: "ok" | "errno" | "violation" | "unknown";
  /** The errno, or the names of the rules that broke. */
  readonly names: readonly string[];
  readonly message: string;
}

export const OK: Outcome = { kind: "ok", names: [], message: "" };
export const UNCERTAIN: Outcome = { kind: "unknown", names: [], message: "" };

export const kebab = (name: string): string => name.replaceAll("_", "-").toLowerCase();

/** The whole row, for related places. */
export const wholeRow = (row: number): RowPlace => ({ row, start: -1, end: -1 });
