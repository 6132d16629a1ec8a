// What a scenario could do without, taken away: a step that changes nothing, a name that nothing uses.

import type { Finding } from "../../base/finding.ts";
import type { Edit } from "../../syntax/document.ts";
import { removal } from "../repair/rows.ts";
import { isGood } from "../repair/verify.ts";
import { stepAt } from "../trial.ts";
import { type Action, type Ask, quickFix } from "./action.ts";

export function unnecessaryActions({ view, findings }: Ask): readonly Action[] {
  return findings.flatMap((finding): Action[] => {
    const offered = offer(finding);
    return offered !== null && isGood(view, [offered.edit], [finding])
      ? [quickFix(offered.title, [offered.edit], [finding])]
      : [];
  });

  function offer(finding: Finding): { readonly title: string; readonly edit: Edit } | null {
    const { code, start, end } = finding;
    if (code === "unused-handle")
      return { title: "remove the name, keep the call", edit: { start, end, text: "" } };
    const place = code === "redundant-step" ? stepAt(view, start) : null;
    if (place === null || place.row.node?.kind !== "step") return null;
    return { title: "remove this step, which changes nothing", edit: removal(place) };
  }
}
