// One safe fix after the other, from the top, until nothing is left that has one: for a scenario, or a whole file. The
// result is the same as taking the preferred fixes by hand in the order of the text.

import { scenarioAt, type View } from "../../analysis/view.ts";
import { editedDocument, series } from "../../analysis/what-if.ts";
import type { Finding } from "../../base/finding.ts";
import type { Edit } from "../../syntax/document.ts";
import { difference } from "../repair/difference.ts";
import type { Budget } from "../repair/repair.ts";
import type { Action, Ask, Provider } from "./action.ts";
import { didYouMeanActions } from "./did-you-mean.ts";
import { isOfStep, repairActions } from "./repair.ts";
import { useActions } from "./use.ts";

/** Each goes through the findings once. */
const MOST_ROUNDS = 10;

export function fixAllActions(ask: Ask): readonly Action[] {
  const { view } = ask;
  if (!view.analysis.findings.some(isFixable)) return [];
  const scenario = scenarioAt(view, ask.start);
  const inside = (finding: Finding): boolean =>
    scenario !== null &&
    finding.start >= scenario.start &&
    finding.end <= scenario.start + scenario.item.length;
  const own = view.analysis.findings.filter((finding) => isFixable(finding) && inside(finding));
  const all: Action = {
    kind: "source.fixAll.uapi",
    title: "insert what is missing in this file",
    preferred: false,
    safety: "safe",
    answers: [],
    edits: () => fixedAll(view, ask.budget, everywhere, null),
  };
  // For one finding there is its own fix.
  if (scenario === null || own.length < 2) return [all];
  return [
    {
      kind: "refactor.rewrite",
      title: "insert what is missing in this scenario",
      preferred: false,
      safety: "safe",
      answers: own,
      edits: () => fixedAll(view, ask.budget, [repairActions], scenario.item.id),
    },
    all,
  ];
}

const isFixable = (finding: Finding): boolean =>
  isOfStep(finding) ||
  finding.code === "unknown-proposal" ||
  finding.help.some((line) => line.startsWith("did you mean"));

const everywhere: readonly Provider[] = [didYouMeanActions, useActions, repairActions];

/** The text of a document with all safe fixes. */
export const fixedText = (view: View, budget: () => Budget): string =>
  editedDocument(view.document, fixedAll(view, budget, everywhere, null)).text;

/** The edits that all fixes together come to; `item` is the scenario, or null for the whole file. */
function fixedAll(
  view: View,
  budget: () => Budget,
  providers: readonly Provider[],
  item: number | null,
): readonly Edit[] {
  let round = 0;
  let from = 0;
  let applied = false;
  const fixed = series(view, (current) => {
    const starts = boundsOf(current, item);
    for (;;) {
      const inOrder = current.analysis.findings.filter(
        (each) => isFixable(each) && each.start >= starts.start && each.end <= starts.end,
      );
      for (const finding of inOrder) {
        if (finding.start < from) continue;
        from = finding.start + 1;
        const edits = preferredFix(current, finding, budget, providers);
        if (edits === null) continue;
        applied = true;
        // The finding that was answered is behind what was inserted in front of it.
        from += edits.reduce(
          (sum, { start, end, text }) => sum + (start < from ? text.length - (end - start) : 0),
          0,
        );
        return edits;
      }
      if (!applied || ++round === MOST_ROUNDS || budget().isOver()) return null;
      [from, applied] = [0, false];
    }
  });
  return difference(view.document.text, fixed.document.text);
}

function boundsOf({ document }: View, item: number | null): { start: number; end: number } {
  if (item === null) return { start: 0, end: document.length };
  let start = 0;
  for (const each of document.items) {
    if (each.id === item) return { start, end: start + each.length };
    start += each.length;
  }
  return { start: 0, end: 0 };
}

function preferredFix(
  view: View,
  finding: Finding,
  budget: () => Budget,
  providers: readonly Provider[],
): readonly Edit[] | null {
  const { start, end } = finding;
  const ask: Ask = { view, start, end, findings: [finding], budget, overBudget: "" };
  for (const provider of providers) {
    const best = provider(ask).find(({ preferred, safety }) => preferred && safety === "safe");
    if (best !== undefined && typeof best.edits !== "function") return best.edits;
  }
  return null;
}
