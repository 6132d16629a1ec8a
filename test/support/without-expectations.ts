// Scripts without what they expect: what was an expected outcome is a finding then.

import { itemStarts, parseDocument, rowStart } from "../../server/src/syntax/document.ts";
import { nodesIn } from "../syntax/support.ts";

/** The text with blanks where outcomes are expected: every line and column stays. */
export function withoutExpectations(text: string): string {
  const document = parseDocument(text);
  const starts = itemStarts(document);
  const units = text.split("");
  document.items.forEach((item, i) => {
    [...(item.rows ?? [])].forEach(({ node }, row) => {
      const base = (starts[i] ?? 0) + rowStart(item, row);
      for (const each of nodesIn(node)) {
        if (each.kind !== "step") continue;
        const outcomes = [...nodesIn(each.expected)].filter(({ kind }) => kind === "outcome");
        const [first, last] = [outcomes[0], outcomes.at(-1)];
        if (first === undefined || last === undefined) continue;
        units.fill(" ", base + first.start, base + last.end);
      }
    });
  });
  return units.join("");
}
