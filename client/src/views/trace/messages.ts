// What the panel's page and the extension say to each other. Both sides look at what they get.

import type { Trace } from "../../../../server/src/lsp/protocol.ts";

/** Extension to page. */
export type ToPage =
  | { readonly type: "trace"; readonly trace: Trace; readonly file: string; readonly step: number }
  /** The text has changed: what is shown no longer holds. */
  | { readonly type: "updating" }
  /** There is nothing to show, and why. */
  | { readonly type: "nothing"; readonly message: string }
  /** A keybinding of the editor. */
  | { readonly type: "move"; readonly by: Move };

export type Move = "previous" | "next" | "first" | "last";

export const formats = ["text", "svg", "mermaid"] as const;
export type CopyFormat = (typeof formats)[number];

/** Page to extension. */
export type ToExtension =
  | { readonly type: "ready" }
  | { readonly type: "step"; readonly step: number }
  | { readonly type: "scenario"; readonly index: number }
  /** A key of the trace's `locations`. */
  | { readonly type: "reveal"; readonly key: string }
  | { readonly type: "explain"; readonly code: string }
  | { readonly type: "copy"; readonly format: CopyFormat };

/** What the page sent, or null for anything else. */
export function readMessage(value: unknown): ToExtension | null {
  if (typeof value !== "object" || value === null || !("type" in value)) return null;
  const { type, step, index, key, code, format } = value as Readonly<Record<string, unknown>>;
  switch (type) {
    case "ready":
      return { type };
    case "step":
      return isCount(step) ? { type, step } : null;
    case "scenario":
      return isCount(index) ? { type, index } : null;
    case "reveal":
      return typeof key === "string" ? { type, key } : null;
    case "explain":
      return typeof code === "string" ? { type, code } : null;
    case "copy": {
      const known = formats.find((name) => name === format);
      return known === undefined ? null : { type, format: known };
    }
    default:
      return null;
  }
}

const isCount = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 0;

/** What survives when the editor is closed; where the panel looked last. */
export interface Kept {
  readonly uri: string;
  readonly scenario: { readonly index: number; readonly name: string } | null;
  readonly step: number;
}

export function readKept(value: unknown): Kept | null {
  if (typeof value !== "object" || value === null) return null;
  const { uri, scenario, step } = value as Readonly<Record<string, unknown>>;
  if (typeof uri !== "string" || !isCount(step)) return null;
  if (typeof scenario !== "object" || scenario === null) return { uri, scenario: null, step };
  const { index, name } = scenario as Readonly<Record<string, unknown>>;
  return { uri, scenario: isCount(index) && typeof name === "string" ? { index, name } : null, step };
}
