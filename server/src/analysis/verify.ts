// `verify` blocks as far as the text goes: their names and bounds are checked. What they claim is decided elsewhere, for
// that can take long.

import { byPlace, type Finding } from "../base/finding.ts";
import type { Problem } from "../semantics/context.ts";
import type { Declared, Visible } from "../semantics/link.ts";
import { itemStarts } from "../syntax/document.ts";
import type { View, Work } from "./session.ts";
import { hasSuppressions } from "./suppressions.ts";
import { syntaxFindings } from "./syntax-findings.ts";
import { posedBlock } from "./verify-problems.ts";

export function verifyFindings(work: Work, visible: Visible, declared: readonly Declared[]): Problem[] {
  return declared.flatMap(({ declaration, origin }) =>
    declaration.kind === "verify"
      ? posedBlock({ work, visible, declared }, declaration, origin).problems
      : [],
  );
}

/**
 * What is wrong inside the blocks of a text, and what does not parse: a block may hide behind it. `problems` are those of
 * its blocks. Nothing else is looked for, unless comments may hide some of it, or steps may turn out to be none.
 */
export function claimFindings(view: View, problems: readonly Problem[]): readonly Finding[] {
  const { work, uri, document } = view;
  const isMore = hasSuppressions(document) || document.items.some(({ rows }) => rows !== null);
  const found = isMore
    ? view.analysis.findings
    : [...syntaxFindings(uri, document), ...problems.map(work.places.finding)].sort(byPlace);
  const starts = itemStarts(document);
  const blocks = document.items.flatMap(({ declaration }, i) =>
    declaration?.kind === "verify"
      ? [{ start: declaration.start + (starts[i] ?? 0), end: declaration.end + (starts[i] ?? 0) }]
      : [],
  );
  return found.filter(
    (finding) =>
      finding.uri === uri &&
      (finding.code === "syntax" ||
        blocks.some(({ start, end }) => finding.start >= start && finding.start <= end)),
  );
}
