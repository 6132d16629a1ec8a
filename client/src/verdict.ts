// The words of the status bar. No editor in here, so that they can be tested as they are.

import type { Verdict } from "../../server/src/lsp/protocol.ts";

export interface Count {
  readonly errors: number;
  readonly warnings: number;
  /** What was run; null when nothing of the language is in the document. */
  readonly ran: Verdict | null;
}

interface VerdictText {
  readonly icon: string;
  readonly text: string;
  readonly detail: string;
}

export function verdictText({ errors, warnings, ran }: Count): VerdictText {
  const found = [
    ...(errors > 0 ? [counted(errors, "error")] : []),
    ...(warnings > 0 ? [counted(warnings, "warning")] : []),
  ];
  const what =
    ran === null || ran.scenarios === 0
      ? "no scenario"
      : `${counted(ran.scenarios, "scenario")}, ${counted(ran.steps, "step")}`;
  const icon = errors > 0 ? "error" : warnings > 0 ? "warning" : "pass";
  const text = found.length > 0 ? found.join(", ") : "clean";
  return { icon, text, detail: `${text}: ${what} run. Click for the problems.` };
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;
