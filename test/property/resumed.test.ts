// Runs that are left half-way, by anybody at any place, while edits come: what is known then is right as far as it goes,
// what is asked for is found out, and in the end all is as a fresh session says. Blocks of rows hold four here, and only
// three are open at a time, so that a scenario is left and gone on with at many places.

import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { createSession, type View } from "../../server/src/analysis/session.ts";
import { hoverAt } from "../../server/src/features/hover.ts";
import { type Action, actions, applied, editsOf } from "../support/edit-scripts.ts";
import { memoryFiles } from "../support/memory-files.ts";
import { type Start, starts } from "./incremental-texts.ts";

vi.mock("../../server/src/base/sequence.ts", async (load) =>
  (await import("../support/small-blocks.ts")).smallBlocks(await load<object>()),
);

const uri = "main.uapi";
const soak = process.env.SOAK === "1";

/** What is done between two edits; numbers are taken modulo what there is. */
interface Look {
  /** Steps in each of these turns. */
  readonly turns: readonly number[];
  readonly then: "leave" | "hover" | "finish";
  readonly at: number;
}

const looks: fc.Arbitrary<Look> = fc.record({
  turns: fc.array(fc.nat({ max: 12 }), { maxLength: 4 }),
  then: fc.constantFrom<Look["then"][]>("leave", "leave", "hover", "finish"),
  at: fc.nat({ max: 9999 }),
});

const freshView = (text: string): View => {
  const session = createSession(memoryFiles(new Map()));
  session.open(uri, text);
  const view = session.view(uri);
  if (view === null) throw new Error("no view");
  return view;
};

const texts = (findings: readonly object[]): string[] => findings.map((each) => JSON.stringify(each));

/** Nothing wrong is said, and all that there is in front of the rest; comments are judged at the end. */
function checkSoFar({ analysis, document }: View, complete: View["analysis"]): boolean {
  const { findings, rest } = analysis.soFar();
  if (rest === null) {
    expect(findings, document.text).toEqual(complete.findings);
    return false;
  }
  const [known, all] = [new Set(texts(findings)), new Set(texts(complete.findings))];
  const inFront = complete.findings.filter(
    ({ start, code }) => start < rest.start && code !== "unneeded-suppression",
  );
  expect({ wrong: [...known].filter((each) => !all.has(each)) }, document.text).toEqual({ wrong: [] });
  expect({ missing: texts(inFront).filter((each) => !known.has(each)) }, document.text).toEqual({
    missing: [],
  });
  return true;
}

function checkComplete({ analysis, document }: View, complete: View["analysis"]): void {
  const { findings, summary } = analysis;
  expect({ findings, summary, hints: analysis.hints() }, document.text).toEqual({
    findings: complete.findings,
    summary: complete.summary,
    hints: complete.hints(),
  });
}

/** The last scenario with lines from the pool, chosen by `picks`, at its end. */
function lengthened({ text, pool }: Start, picks: readonly number[]): string {
  const end = text.lastIndexOf("}");
  const steps = pool.filter((line) => line.startsWith("  ") && !/[{}]|\/\*|\*\//.test(line));
  const lines = picks.map((pick) => `${steps[pick % steps.length] ?? ""}\n`);
  return text.slice(0, end) + lines.join("") + text.slice(end);
}

/** `left`: how often a run was left half-way when the next edit came. */
const count = { edits: 0, left: 0 };

function follow(from: string, pool: readonly string[], script: readonly (readonly [Action, Look])[]): void {
  const session = createSession(memoryFiles(new Map()));
  session.open(uri, from);
  let text = from;
  const before: string[] = [];
  for (const [action, { turns, then, at }] of script) {
    const edits = editsOf(action, text, pool, before);
    before.push(text);
    edits.forEach((edit, i) => {
      text = applied(text, edit);
      session.edit(uri, edit);
      count.edits++;
      // A line that is typed letter by letter would be most of the test.
      if (i % 8 === 1) session.view(uri)?.analysis.advance({ steps: at % 5, findings: 2 });
    });
    const view = session.view(uri);
    if (view === null) throw new Error("no view");
    const fresh = freshView(text);
    let isLeft = checkSoFar(view, fresh.analysis);
    for (const steps of turns) {
      view.analysis.advance({ steps, findings: 1 + (at % 3) });
      isLeft = checkSoFar(view, fresh.analysis);
    }
    if (then === "hover") {
      const offset = at % (text.length + 1);
      expect(hoverAt(view, offset), text).toEqual(hoverAt(fresh, offset));
    }
    if (then === "finish") checkComplete(view, fresh.analysis);
    else if (isLeft) count.left++;
  }
  const last = session.view(uri);
  if (last !== null) checkComplete(last, freshView(text).analysis);
}

describe.each(starts.filter(({ text }) => text.includes("\nscenario ")))("$name", (start) => {
  test("what is left half-way is right so far, and in the end", {
    timeout: soak ? 3_600_000 : 120_000,
  }, () => {
    const picks = fc.array(fc.nat({ max: 999 }), { minLength: 10, maxLength: 60, size: "max" });
    const script = fc.array(fc.tuple(actions(1, "small"), looks), {
      minLength: 1,
      maxLength: 8,
      size: "max",
    });
    fc.assert(
      fc.property(picks, script, (lines, pairs) => {
        const all = pairs.flatMap(([[action], look]) =>
          action === undefined ? [] : [[action, look] as const],
        );
        follow(lengthened(start, lines), start.pool, all);
      }),
      { numRuns: soak ? 1000 : 12 },
    );
  });
});

test("often an edit met a run that was left half-way", () => {
  expect(count.left).toBeGreaterThan(count.edits / 20);
});
