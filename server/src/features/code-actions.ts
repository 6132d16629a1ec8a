// What can be done about a place in a text: one file in code-actions/ for each sort. Everything is found anew from the
// document and the range; what a client remembers of diagnostics is not needed. Preferred ones come first.

import type { View } from "../analysis/view.ts";
import type { Finding } from "../base/finding.ts";
import type { Action, ActionKind, Ask, Provider } from "./code-actions/action.ts";
import { declareActions } from "./code-actions/declare.ts";
import { didYouMeanActions } from "./code-actions/did-you-mean.ts";
import { expectationActions } from "./code-actions/expectation.ts";
import { fixAllActions } from "./code-actions/fix-all.ts";
import { leakActions } from "./code-actions/leaks.ts";
import { repairActions } from "./code-actions/repair.ts";
import { suppressionActions } from "./code-actions/suppression.ts";
import { unnecessaryActions } from "./code-actions/unnecessary.ts";
import { useActions } from "./code-actions/use.ts";
import type { Budget } from "./repair/repair.ts";

export type { Action, ActionKind } from "./code-actions/action.ts";
export type { Budget } from "./repair/repair.ts";

export interface ActionOptions {
  /** Kinds that are wanted, as prefixes (`quickfix`, `source`); null: all. */
  readonly only: readonly string[] | null;
  /** A fresh one for each search. */
  readonly budget: () => Budget;
  readonly overBudget: string;
}

/** Each with the kinds that it can come up with. */
const providers: readonly { readonly kinds: readonly ActionKind[]; readonly provide: Provider }[] = [
  { kinds: ["quickfix"], provide: didYouMeanActions },
  { kinds: ["quickfix"], provide: useActions },
  { kinds: ["quickfix"], provide: declareActions },
  { kinds: ["quickfix"], provide: repairActions },
  { kinds: ["quickfix"], provide: expectationActions },
  { kinds: ["quickfix"], provide: suppressionActions },
  { kinds: ["quickfix"], provide: unnecessaryActions },
  { kinds: ["refactor.rewrite"], provide: leakActions },
  { kinds: ["refactor.rewrite", "source.fixAll.uapi"], provide: fixAllActions },
];

export const actionKinds: readonly ActionKind[] = ["quickfix", "refactor.rewrite", "source.fixAll.uapi"];

export function actionsAt(
  view: View,
  range: { readonly start: number; readonly end: number },
  { only, budget, overBudget }: ActionOptions,
): readonly Action[] {
  const wanted = (kind: ActionKind): boolean =>
    only === null || only.some((each) => kind === each || kind.startsWith(`${each}.`) || each === "");
  const { analysis } = view;
  const findings = [...analysis.findings, ...analysis.hints()].filter((each) => touches(view, each, range));
  const { start, end } = range;
  const ask: Ask = { view, start, end, findings, budget, overBudget };
  const found: Action[] = [];
  for (const { kinds, provide } of providers) {
    if (kinds.some(wanted)) found.push(...provide(ask).filter(({ kind }) => wanted(kind)));
  }
  return onePreferred(found);
}

/** On its text, or anywhere on its line: editors ask with the cursor's place alone. */
function touches(
  { document }: View,
  finding: Finding,
  { start, end }: { start: number; end: number },
): boolean {
  if (finding.start <= end && start <= finding.end) return true;
  if (start !== end) return false;
  const [from, to] = [Math.min(start, finding.start), Math.max(start, finding.end)];
  if (to - from > LONGEST_LINE) return false;
  return !/[\r\n]/.test(document.text.slice(from, Math.max(finding.start, start)));
}

const LONGEST_LINE = 500;

/** The first preferred one is; what comes after it is an alternative. */
function onePreferred(actions: readonly Action[]): readonly Action[] {
  const best = actions.find(({ preferred }) => preferred);
  const rest = actions.filter((each) => each !== best);
  const plain = rest.map((each) => (each.preferred ? { ...each, preferred: false } : each));
  return best === undefined ? plain : [best, ...plain];
}
