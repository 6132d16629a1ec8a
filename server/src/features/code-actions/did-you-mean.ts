// A name that nothing has, replaced by the one that was probably meant: help lines say which.

import type { Finding } from "../../base/finding.ts";
import { textIn } from "../../syntax/document.ts";
import { isGood } from "../repair/verify.ts";
import { type Action, type Ask, quickFix } from "./action.ts";

export function didYouMeanActions({ view, findings }: Ask): readonly Action[] {
  return findings.flatMap((finding): Action[] => {
    const meant = finding.help.flatMap((line) => /^did you mean `(.+)`\?$/.exec(line)?.slice(1) ?? [])[0];
    if (meant === undefined) return [];
    const edit = replacement(textIn(view.document, finding.start, finding.end), finding, meant);
    if (edit === null) return [];
    // A path is as likely to be meant as it stands, for a machine that has it.
    const isName = edit.start === finding.start;
    const good = isGood(view, [edit], [finding]);
    const options = good ? ({ preferred: true, safety: isName ? "safe" : "needs-review" } as const) : {};
    return [quickFix(`replace by \`${meant}\``, [edit], [finding], options)];
  });
}

/** A finding marks the name alone, or the quoted text that holds it. */
function replacement(
  marked: string,
  { start, end }: Finding,
  meant: string,
): { start: number; end: number; text: string } | null {
  if (/^"[^"]*"$/.test(marked)) return { start: start + 1, end: end - 1, text: meant };
  return /^[\w.-]+$/.test(marked) ? { start, end, text: meant } : null;
}
