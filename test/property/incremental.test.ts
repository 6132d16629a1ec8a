// A session that saw every edit says what a fresh one says about the same text: findings and traces.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSession } from "../../server/src/analysis/session.ts";
import { type Action, actions, applied, difference, editsOf } from "../support/edit-scripts.ts";
import { memoryFiles } from "../support/memory-files.ts";
import { type Start, starts } from "./incremental-texts.ts";

const uri = "main.uapi";
const soak = process.env.SOAK === "1";

function freshly(text: string): unknown {
  const analysis = createSession(memoryFiles(new Map([[uri, text]]))).analyse(uri);
  const { findings, summary } = analysis;
  return { findings, hints: analysis.hints(), traces: analysis.traces(), summary };
}

/** Runs a script; compares after every edit, traces after every action. Returns the number of edits. */
function follow({ text: from, pool }: Start, script: readonly Action[]): number {
  const session = createSession(memoryFiles(new Map()));
  session.open(uri, from);
  session.analyse(uri);
  let text = from;
  let whole = from;
  let count = 0;
  const before: string[] = [];
  for (const action of script) {
    const isBroken = session.analyse(uri).findings.some(({ code }) => code === "syntax");
    if (!isBroken) whole = text;
    // Who broke a brace mends it soon, most of the time.
    const edits =
      isBroken && action.pick % 3 !== 0 ? [difference(text, whole)] : editsOf(action, text, pool, before);
    before.push(text);
    edits.forEach((edit, i) => {
      text = applied(text, edit);
      session.edit(uri, edit);
      count++;
      // Typing is looked at now and then only, and at its end.
      if (edits.length > 3 && i % 5 !== 0 && i < edits.length - 1) {
        session.analyse(uri);
        return;
      }
      const analysis = session.analyse(uri);
      const { findings, summary } = analysis;
      const hints = analysis.hints();
      const traces = analysis.traces();
      expect({ findings, hints, traces, summary }, text).toEqual(freshly(text));
      expect(session.analyse(uri).findings, "asked again").toEqual(findings);
    });
  }
  return count;
}

describe.each(starts)("$name", (start) => {
  test("an edited session and a fresh one agree", { timeout: soak ? 3_600_000 : 120_000 }, () => {
    fc.assert(
      fc.property(actions(30, soak ? "max" : "small"), (script) => {
        follow(start, script);
      }),
      { numRuns: Math.ceil((soak ? 1000 : 300) / starts.length) },
    );
  });
});
