// What a user may set (`uapi.*`). Parsed, not trusted: a bad value falls back, and is reported once.

export type Level = "error" | "warning" | "info" | "hint" | "off";

export interface Settings {
  /** Code of a diagnostic -> level; what is not named keeps its own. */
  readonly severity: Readonly<Record<string, Level>>;
  readonly inlayHints: { readonly enabled: boolean };
  readonly codeLens: { readonly enabled: boolean };
  /** The most diagnostics that are sent for one file. */
  readonly maxDiagnostics: number;
  /** Milliseconds that one search for a repair may take. */
  readonly repairBudget: number;
}

export const defaultSettings: Settings = {
  severity: {},
  inlayHints: { enabled: true },
  codeLens: { enabled: true },
  maxDiagnostics: 1000,
  repairBudget: 200,
};
