// The shortest sequence of calls after which a failing step succeeds, and a few others.

import type { Finding } from "../../base/finding.ts";
import { repairsFor } from "../repair/repair.ts";
import { stepAt } from "../trial.ts";
import { type Action, type Ask, quickFix } from "./action.ts";

export function repairActions(ask: Ask): readonly Action[] {
  const { view, findings, budget, overBudget } = ask;
  const steps = new Set<number>();
  return findings.filter(isOfStep).flatMap((finding): Action[] => {
    const place = stepAt(view, finding.start);
    if (place === null || steps.has(finding.start)) return [];
    steps.add(finding.start);
    const { repairs, ending } = repairsFor(view, finding, budget());
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

/** Mistakes in the text have other answers. */
export const isOfStep = ({ code, severity }: Finding): boolean =>
  (severity === "error" || severity === "warning") && !ofText.has(code);

const ofText = new Set([
  ...["syntax", "too-deep", "unknown-name", "unknown-call", "unknown-errno", "unknown-rule", "unknown-field"],
  ...["wrong-arguments", "type-mismatch", "misplaced", "duplicate-name", "not-assignable", "assertion"],
  ...["unknown-topology", "unknown-proposal", "no-topology", "no-proposal", "not-established"],
]);
