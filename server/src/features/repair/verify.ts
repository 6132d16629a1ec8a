// A fix is offered only if the document that it makes was analysed: what it answers is gone, and nothing else came.

import type { View } from "../../analysis/view.ts";
import { inOrder, whatIf } from "../../analysis/what-if.ts";
import type { Finding } from "../../base/finding.ts";
import type { Edit } from "../../syntax/document.ts";

/** What an editor shows; hints are shades of text. */
const counts = ({ severity }: Finding): boolean => severity !== "hint";

/** Whether `answered` are gone after the edits, and no finding is new. */
export function isGood(view: View, edits: readonly Edit[], answered: readonly Finding[]): boolean {
  const sorted = inOrder(edits);
  const { findings, within } = whatIf(view, edits);
  const known = new Map<string, number>();
  for (const finding of view.analysis.findings) {
    const start = moved(sorted, finding.start);
    if (!counts(finding) || answered.includes(finding) || start < within.start || start >= within.end)
      continue;
    const key = keyAt(finding, start);
    known.set(key, (known.get(key) ?? 0) + 1);
  }
  return findings.filter(counts).every((finding) => {
    const key = keyAt(finding, finding.start);
    const left = known.get(key) ?? 0;
    known.set(key, left - 1);
    return left > 0;
  });
}

const keyAt = ({ code, severity }: Finding, start: number): string => `${code} ${severity} ${start}`;

/** Where an offset is after the edits; what is inserted at it pushes it on. */
export function moved(edits: readonly Edit[], offset: number): number {
  let by = 0;
  for (const { start, end, text } of edits) {
    if (end <= offset) by += text.length - (end - start);
    else if (start < offset) return start + by + text.length;
  }
  return offset + by;
}
