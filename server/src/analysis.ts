// text -> Analysis: the one object that reports and editors ask. Pure: files come in through `Files`.

import { createSession, type Options } from "./analysis/session.ts";

export type AnalysisOptions = Options;

import type { Finding, Place } from "./base/finding.ts";

/** What a file system or an editor knows about other files. Injected; the analysis itself reads nothing. */
export interface Files {
  /** The uri of the quoted `path` named in file `from`; null when it lies outside the workspace. */
  readonly resolve: (from: string, path: string) => string | null;
  /** The other .uapi files of the folder that holds `from`, sorted. */
  readonly siblings: (from: string) => readonly string[];
  readonly read: (uri: string) => Loaded;
  /**
   * Another value when an answer of the others may be another one. Without it everything is asked for again after
   * every edit.
   */
  readonly revision?: () => unknown;
}

/** A text, or why there is none; `offset` points into the decoded part if a place is known. */
export type Loaded =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly offset?: number };

/** The state after one step, as the observables of `core` see it. */
export interface TraceRow {
  readonly place: Place;
  /** The step's source on one line. */
  readonly text: string;
  readonly task: string;
  readonly outcome: "ok" | "errno" | "violation" | "unknown";
  /** The errno, or the rules that broke: `EBUSY`, `secure_context`. */
  readonly detail: string;
  readonly devices: readonly DeviceState[];
}

export interface DeviceState {
  readonly device: string;
  readonly group: string;
  /** The tasks that can reach the device's registers. */
  readonly accessible: readonly string[];
  /** The handle of the owning context, or "-". */
  readonly owner: string;
  /** "host", "blocked", or the handle of an address space. */
  readonly dma: string;
}

export interface Trace {
  readonly scenario: string;
  readonly topology: string;
  readonly proposal: string;
  readonly rows: readonly TraceRow[];
}

export interface Analysis {
  readonly uri: string;
  readonly text: string;
  /** In the order of the text. */
  readonly findings: readonly Finding[];
  /** What could be left out: for editors, which fade it. Found when asked for. */
  readonly hints: () => readonly Finding[];
  readonly traces: () => readonly Trace[];
  /** Scenarios that ran, and their steps: for the summary line. */
  readonly summary: { readonly scenarios: number; readonly steps: number };
  /** The text of this or another file that a finding points into. */
  readonly textOf: (uri: string) => string | undefined;
}

/** Analyses one file as it is now. For a text under edit keep a Session: it does again only what changed. */
export function analyse(uri: string, files: Files, options: AnalysisOptions = {}): Analysis {
  return createSession(files, options).analyse(uri);
}
