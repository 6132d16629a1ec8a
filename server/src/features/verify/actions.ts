// A sequence that was found, written below its verify block as a scenario that expects what it shows. Offered only if it
// runs clean there.

import type { View } from "../../analysis/session.ts";
import type { Finding } from "../../base/finding.ts";
import type { Edit } from "../../syntax/document.ts";
import type { Action } from "../code-actions/action.ts";
import { isGood } from "../repair/verify.ts";
import type { KnownBlock } from "./blocks.ts";
import { type Counterexample, counterexample } from "./counterexample.ts";

interface Range {
  readonly start: number;
  readonly end: number;
}

/** For the claims that the range touches; `findings` are theirs. */
export function verifyActions(
  view: View,
  blocks: readonly KnownBlock[],
  range: Range,
  findings: readonly Finding[],
): Action[] {
  return blocks.flatMap((block) =>
    (block.parts ?? []).flatMap(({ posed, state }): Action[] => {
      if (state.is !== "decided") return [];
      return state.decisions.flatMap((decision): Action[] => {
        const { node } = decision.claim;
        const place = { start: block.start + node.start, end: block.start + node.end };
        if (decision.found === null || place.end < range.start || range.end < place.start) return [];
        const written = counterexample(view, posed, decision);
        if (written === null || !written.runs) return [];
        const isBad = decision.verdict === "fails";
        const count = decision.found.path.length;
        const calls = count === 1 ? "the call" : `the ${count} calls`;
        const where = (block.parts ?? []).length > 1 ? ` on ${posed.topology.text}` : "";
        return [
          {
            kind: isBad ? "quickfix" : "refactor.rewrite",
            title: `write ${calls} that ${isBad ? "break the claim" : "show it"}${where} as a scenario`,
            preferred: false,
            safety: "needs-review",
            answers: findings.filter(({ start, end }) => start === place.start && end === place.end),
            edits: () => edits(view, block, written),
          },
        ];
      });
    }),
  );
}

/** Below the block, as it would be typed there. */
function edits(view: View, { start, node }: KnownBlock, { text, use }: Counterexample): readonly Edit[] {
  const at = start + node.end;
  const lineBreak = /\r\n|\r|\n/.exec(view.document.text)?.[0] ?? "\n";
  const scenario = `\n\n${text}`.replaceAll("\n", lineBreak);
  const all: Edit[] = [...(use === null ? [] : [use]), { start: at, end: at, text: scenario }];
  return isGood(view, all, []) ? all : [];
}
