// What every offered fix keeps, on texts that were not written for it: the cases in test/marked, and the samples without
// what they expect (every third; with SOAK=1 all). Each fix is applied to the text, and the result is analysed from scratch.

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createSession, type View } from "../../server/src/analysis/session.ts";
import { editedDocument } from "../../server/src/analysis/what-if.ts";
import { analyse } from "../../server/src/analysis.ts";
import type { Finding } from "../../server/src/base/finding.ts";
import { type Action, actionsAt, type Budget } from "../../server/src/features/code-actions.ts";
import { moved } from "../../server/src/features/repair/verify.ts";
import type { Edit } from "../../server/src/syntax/document.ts";
import { stripMarkers } from "../support/markers.ts";
import { projectFiles, root } from "../support/project-files.ts";
import { withoutExpectations } from "../support/without-expectations.ts";

/** No clock; and less than an editor tries, for there are hundreds of searches here. */
const budget = (): Budget => ({ tries: 800, isOver: () => false });
const options = { budget, overBudget: "" };

interface Case {
  readonly uri: string;
  readonly text: string;
}

const soak = process.env.SOAK === "1";

const files = (folder: string): string[] =>
  readdirSync(root + folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".uapi"))
    .toSorted()
    .map((name) => `${folder}/${name}`);

const cases: readonly Case[] = [
  ...files("test/marked").map((uri) => ({ uri, text: stripMarkers(readFileSync(root + uri, "utf8")).text })),
  ...files("samples")
    .filter((_, i) => soak || i % 3 === 0)
    .map((uri) => ({ uri, text: withoutExpectations(readFileSync(root + uri, "utf8")) })),
];

function viewOf({ uri, text }: Case): View {
  const session = createSession(projectFiles(new Map([[uri, text]])));
  session.open(uri, text);
  const view = session.view(uri);
  if (view === null) throw new Error(`${uri} cannot be read`);
  return view;
}

const findingsOf = ({ uri }: Case, text: string): readonly Finding[] =>
  analyse(uri, projectFiles(new Map([[uri, text]]))).findings;

const isMark = ({ severity }: Finding): boolean => severity !== "hint";

/** What is wrong with the text that a fix makes; nothing, for a good one. */
function complaints(each: Case, view: View, action: Action, edits: readonly Edit[]): string[] {
  const after = editedDocument(view.document, edits).text;
  const found = findingsOf(each, after).filter(isMark);
  const sorted = [...edits].sort((a, b) => a.start - b.start);
  const key = ({ code }: Finding, start: number): string => `${code} at ${start}`;
  const before = view.analysis.findings
    .filter((finding) => isMark(finding) && !action.answers.includes(finding))
    .map((finding) => key(finding, moved(sorted, finding.start)));
  const fresh = found.filter((finding) => !before.includes(key(finding, finding.start)));
  const answered = action.answers.map((finding) => key(finding, moved(sorted, finding.start)));
  const isOther = (finding: Finding): boolean => before.includes(key(finding, finding.start));
  const left = found.filter((finding) => answered.includes(key(finding, finding.start)) && !isOther(finding));
  const isUnsure = action.title.startsWith("replace by") && !action.preferred;
  return [
    ...left.map((finding) => `${finding.code} is still there: ${finding.message}`),
    ...(isUnsure ? [] : fresh.map((finding) => `${finding.code} is new: ${finding.message}`)),
    ...(/expect/.test(action.title) || expectationsIn(after) >= expectationsIn(view.document.text)
      ? []
      : ["an expectation is gone"]),
  ];
}

const expectationsIn = (text: string): number => text.match(/\b(?:fails|violates)\b/g)?.length ?? 0;

describe.each(cases.filter(({ text, uri }) => findingsOf({ text, uri }, text).length > 0))("$uri", (each) => {
  test("each fix answers its findings and brings no others", () => {
    const view = viewOf(each);
    const wrong = view.analysis.findings.flatMap((finding) =>
      actionsAt(view, finding, { ...options, only: ["quickfix"] }).flatMap((action) => {
        if (action.disabled !== undefined) return [];
        const edits = typeof action.edits === "function" ? action.edits() : action.edits;
        return complaints(each, view, action, edits).map((problem) => `${action.title}: ${problem}`);
      }),
    );
    expect(wrong).toEqual([]);
    expect(view.analysis.findings).toEqual(findingsOf(each, each.text));
  });

  test("fixing all is the same as one fix after the other, and leaves nothing to fix", () => {
    const view = viewOf(each);
    const all = fixAll(view);
    const after = editedDocument(view.document, all).text;
    expect(after).toBe(oneByOne(each));
    expect(fixAll(viewOf({ ...each, text: after }))).toEqual([]);
  });
});

function fixAll(view: View): readonly Edit[] {
  const [action] = actionsAt(view, { start: 0, end: 0 }, { ...options, only: ["source.fixAll"] });
  return typeof action?.edits === "function" ? action.edits() : (action?.edits ?? []);
}

/** Takes the first preferred safe fix of the text, again and again. */
function oneByOne(each: Case): string {
  let { text } = each;
  for (;;) {
    const view = viewOf({ ...each, text });
    const best = view.analysis.findings
      .map((finding) =>
        actionsAt(view, finding, { ...options, only: ["quickfix"] }).find(
          (action) => action.preferred && action.safety === "safe",
        ),
      )
      .find((action) => action !== undefined);
    if (best === undefined || typeof best.edits === "function") return text;
    text = editedDocument(view.document, best.edits).text;
  }
}
