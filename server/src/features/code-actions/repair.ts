// The shortest sequence of calls after which a failing step succeeds, and a few others.

import type { View } from "../../analysis/view.ts";
import type { Finding } from "../../base/finding.ts";
import { type Budget, type Repairs, repairsFor } from "../repair/repair.ts";
import { leafAt, type StepPlace, stepAt } from "../trial.ts";
import { type Action, type Ask, quickFix } from "./action.ts";

export function repairActions(ask: Ask): readonly Action[] {
  const { view, findings, budget, overBudget } = ask;
  const steps = new Set<number>();
  return findings.filter(isOfStep).flatMap((finding): Action[] => {
    const place = stepAt(view, finding.start);
    if (place === null || steps.has(finding.start)) return [];
    steps.add(finding.start);
    const { repairs, ending } = knownRepairs(view, place, finding, budget);
    if (repairs.length === 0 && ending === "budget")
      return [{ ...quickFix("insert what this step needs", [], [finding]), disabled: overBudget }];
    return repairs.map(({ title, edits, isSafe }, i) =>
      quickFix(title, edits, [finding], {
        preferred: i === 0 && isSafe,
        safety: isSafe ? "safe" : "needs-review",
      }),
    );
  });
}

/** By where the step starts: its repairs answer all its findings. */
const known = new WeakMap<View, Map<number, Repairs>>();

/** Editors ask again with every move of the cursor. What a clock has ended is tried again. */
function knownRepairs(view: View, place: StepPlace, finding: Finding, budget: () => Budget): Repairs {
  const ofView = known.get(view) ?? new Map<number, Repairs>();
  known.set(view, ofView);
  const step = place.start + (leafAt(place, finding.start)?.node.start ?? 0);
  const before = ofView.get(step);
  if (before !== undefined) return before;
  const limits = budget();
  const found = repairsFor(view, finding, limits);
  if (!limits.isOver()) ofView.set(step, found);
  return found;
}

/** Mistakes in the text have other answers. */
export const isOfStep = ({ code, severity }: Finding): boolean =>
  (severity === "error" || severity === "warning") && !ofText.has(code);

const ofText = new Set([
  ...["syntax", "too-deep", "unknown-name", "unknown-call", "unknown-errno", "unknown-rule", "unknown-field"],
  ...["wrong-arguments", "type-mismatch", "misplaced", "duplicate-name", "not-assignable", "assertion"],
  ...["unknown-topology", "unknown-proposal", "no-topology", "no-proposal", "not-established"],
]);
