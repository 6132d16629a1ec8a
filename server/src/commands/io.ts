// What the commands need from the world, and what of the tool they are given. cli.ts fills it in with Node's means,
// the tests with their own.

import type { View } from "../analysis/session.ts";
import type { Analysis, AnalysisOptions, Files, Loaded } from "../analysis.ts";
import type { ShippedText } from "../diagnostics/rules.ts";

/** A text as it is on disk; see node.ts. */
export type DiskText =
  | { readonly ok: true; readonly text: string; readonly bom: boolean }
  | (Extract<Loaded, { readonly ok: false }> & { readonly decoded?: string });

/** What an argument names. */
export type Found =
  | { readonly kind: "nothing" }
  | { readonly kind: "file"; readonly uri: string; readonly root: string }
  | {
      readonly kind: "directory";
      readonly root: string;
      readonly files: readonly string[];
      readonly problems: readonly { readonly uri: string; readonly code: string; readonly message: string }[];
    };

export interface Io {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  /** Of the terminal. */
  readonly columns: number;
  /** NO_COLOR is set, or the terminal knows no colours. */
  readonly noColor: boolean;
  /** Milliseconds, from any beginning. */
  readonly now: () => number;
  readonly stdin: () => Promise<DiskText>;
  readonly find: (argument: string) => Found;
  readonly load: (uri: string) => DiskText;
  readonly write: (uri: string, text: string) => void;
  /** Files for the analysis; a `use` stays inside the current directory or, outside of it, the other roots. */
  readonly files: (roots: readonly string[]) => Files;
}

export interface Tool {
  readonly version: string;
  readonly analyse: (uri: string, files: Files, options: AnalysisOptions) => Analysis;
  /** What pictures are drawn from; null for a text that cannot be read. */
  readonly view: (uri: string, files: Files) => View | null;
  readonly formatText: (text: string) => string;
  /** The shipped proposals, by the uri that findings give them. */
  readonly shipped: readonly ShippedText[];
}

/** Exit statuses. */
export const clean = 0;
export const findingsLeft = 1;
export const unusable = 2;
