// Two short cuts in front of a fix, held against an analysis of the whole text: what is not asked about because the steps
// behind it show harm, and what is said about the changed scenario alone. On every way to rearrange the failing steps of
// the samples without what they expect.

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createSession, type View } from "../../server/src/analysis/session.ts";
import { editedDocument, whatIf } from "../../server/src/analysis/what-if.ts";
import { analyse } from "../../server/src/analysis.ts";
import type { Finding } from "../../server/src/base/finding.ts";
import { isOfStep } from "../../server/src/features/code-actions/repair.ts";
import { isHarmful, rearrangements } from "../../server/src/features/repair/rearrange.ts";
import { findingsOf } from "../../server/src/features/repair/repair.ts";
import { isGood } from "../../server/src/features/repair/verify.ts";
import { leafAt, stepAt } from "../../server/src/features/trial.ts";
import type { Edit } from "../../server/src/syntax/document.ts";
import { projectFiles, root } from "../support/project-files.ts";
import { withoutExpectations } from "../support/without-expectations.ts";

interface Tried {
  readonly title: string;
  readonly edits: readonly Edit[];
  readonly harmful: boolean;
  readonly good: boolean;
}

function* triedIn(view: View): Iterable<Tried> {
  for (const finding of view.analysis.findings.filter(isOfStep)) {
    const place = stepAt(view, finding.start);
    const node = place === null ? undefined : leafAt(place, finding.start)?.node;
    if (place === null || node?.kind !== "step" || place.row.node !== node) continue;
    const answered = findingsOf(view, place, node);
    for (const way of rearrangements(view, place, node, answered)) {
      const { title, edits } = way;
      yield { title, edits, harmful: isHarmful(place, way), good: isGood(view, edits, answered) };
    }
  }
}

const shown = ({ code, severity, start, message }: Finding): string =>
  `${start} ${severity} ${code} ${message}`;

const samples = readdirSync(`${root}samples`).filter((name) => /^0\d.*\.uapi$/.test(name));

describe.each(samples)("%s", (name) => {
  const uri = `samples/${name}`;
  const text = withoutExpectations(readFileSync(root + uri, "utf8"));
  const session = createSession(projectFiles(new Map([[uri, text]])));
  session.open(uri, text);
  const view = session.view(uri);
  if (view === null) throw new Error(`${uri} cannot be read`);

  test("what is sure to do harm is not good", () => {
    const tried = [...triedIn(view)];
    expect(tried.filter(({ harmful, good }) => harmful && good).map(({ title }) => title)).toEqual([]);
    // Otherwise this would show nothing.
    expect(tried.some(({ harmful }) => harmful)).toBe(true);
  });

  test("what an edit of a scenario is told to come to is what an analysis from scratch says", () => {
    for (const { edits } of [...triedIn(view)].filter((_, i) => i % 3 === 0)) {
      const { findings, within } = whatIf(view, edits);
      const after = editedDocument(view.document, edits).text;
      const fresh = analyse(uri, projectFiles(new Map([[uri, after]]))).findings.filter(
        ({ start }) => start >= within.start && start < within.end,
      );
      expect(findings.map(shown).toSorted()).toEqual(fresh.map(shown).toSorted());
    }
  });
});
