// What the tool has to say about a text: plain data that every report and the editor show. Offsets are absolute,
// in UTF-16 units. Knows nothing of the language.

export type Severity = "error" | "warning" | "info" | "hint";

export interface Place {
  readonly uri: string;
  readonly start: number;
  readonly end: number;
}

/** A place that explains a finding: "group 26 was bound here". */
export interface Related extends Place {
  readonly message: string;
}

export interface Finding extends Place {
  /** Stable kebab-case name: `errno`, `unknown-name`, or a rule: `secure-context`. */
  readonly code: string;
  readonly severity: Severity;
  /** Lower case, no full stop. */
  readonly message: string;
  /** What stands beside the marked text, if it is not the message itself. */
  readonly label?: string;
  /** The causal chain, oldest first. */
  readonly related: readonly Related[];
  /** What would help, one line each. */
  readonly help: readonly string[];
  /** Facts for the reader, one line each: `rule: core.secure_context`. */
  readonly notes: readonly string[];
  /** What it is about could be left out; editors fade it. */
  readonly tag?: "unnecessary";
}

export const byPlace = (a: Finding, b: Finding): number =>
  a.start - b.start || a.end - b.end || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0);
