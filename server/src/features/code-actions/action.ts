// What an editor can offer at a place, as plain data: a title, and edits that are known or found when asked for.

import type { View } from "../../analysis/view.ts";
import type { Finding } from "../../base/finding.ts";
import type { Edit } from "../../syntax/document.ts";
import type { Budget } from "../repair/repair.ts";

export type ActionKind = "quickfix" | "refactor.rewrite" | "source.fixAll.uapi";

export interface Action {
  readonly kind: ActionKind;
  readonly title: string;
  /** The best answer to its findings, and safe to take without reading. */
  readonly preferred: boolean;
  /** `needs-review` changes what the author wrote: order, expectations, steps that go. Never part of fixing all. */
  readonly safety: "safe" | "needs-review";
  readonly answers: readonly Finding[];
  /** Long searches wait until the action is chosen; none are left when nothing came of them. */
  readonly edits: readonly Edit[] | (() => readonly Edit[]);
  /** Why it cannot be taken. */
  readonly disabled?: string;
}

export interface Ask {
  readonly view: View;
  /** What is marked, or twice the cursor. */
  readonly start: number;
  readonly end: number;
  /** The findings that touch it. */
  readonly findings: readonly Finding[];
  /** A fresh one for each search. */
  readonly budget: () => Budget;
  /** What is said when a search took too long. */
  readonly overBudget: string;
}

export type Provider = (ask: Ask) => readonly Action[];

/** A fix whose edits are known. */
export function quickFix(
  title: string,
  edits: readonly Edit[],
  answers: readonly Finding[],
  { preferred = false, safety = "needs-review" }: { preferred?: boolean; safety?: Action["safety"] } = {},
): Action {
  return { kind: "quickfix", title, preferred: preferred && safety === "safe", safety, answers, edits };
}
