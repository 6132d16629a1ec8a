// The same for long texts through the text layer of the language server: a session that got every edit as the client
// sends it says what a fresh one says. Blocks of rows hold four here, and only three are open at a time, so that edits
// cross their borders and all else is packed.

import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { createSession } from "../../server/src/analysis/session.ts";
import { createDocuments } from "../../server/src/lsp/documents.ts";
import { positionAt } from "../../server/src/lsp/positions.ts";
import { parseDocument } from "../../server/src/syntax/document.ts";
import { type Action, actions, applied, editsOf } from "../support/edit-scripts.ts";
import { memoryFiles } from "../support/memory-files.ts";
import { type Start, starts } from "./incremental-texts.ts";

vi.mock("../../server/src/base/sequence.ts", async (load) =>
  (await import("../support/small-blocks.ts")).smallBlocks(await load<object>()),
);

const uri = "file:///main.uapi";
const soak = process.env.SOAK === "1";

const freshly = (text: string): unknown => {
  const { findings, summary } = createSession(memoryFiles(new Map([[uri, text]]))).analyse(uri);
  return { findings, summary };
};

/** The last scenario with lines from the pool, chosen by `picks`, at its end. */
function lengthened({ text, pool }: Start, picks: readonly number[]): string {
  const end = text.lastIndexOf("}");
  const steps = pool.filter((line) => line.startsWith("  ") && !/[{}]|\/\*|\*\//.test(line));
  const lines = picks.map((pick) => `${steps[pick % steps.length] ?? ""}\n`);
  return text.slice(0, end) + lines.join("") + text.slice(end);
}

/** Runs a script of edits; compares at the end of every action. */
function follow(from: string, pool: readonly string[], script: readonly Action[]): number {
  const session = createSession(memoryFiles(new Map()));
  const documents = createDocuments(session, () => "utf-16");
  documents.open({ uri, languageId: "uapi", version: 1, text: from });
  session.analyse(uri);
  let text = from;
  let version = 1;
  const before: string[] = [];
  for (const action of script) {
    const edits = editsOf(action, text, pool, before);
    before.push(text);
    edits.forEach((edit, i) => {
      const document = documents.get(uri);
      if (document === undefined) throw new Error("the document is closed");
      const range = {
        start: positionAt(document, edit.start, "utf-16"),
        end: positionAt(document, edit.end, "utf-16"),
      };
      documents.change(uri, ++version, [{ range, text: edit.text }]);
      text = applied(text, edit);
      if (i % 4 === 3) session.analyse(uri);
    });
    expect(documents.get(uri)?.text()).toBe(text);
    const { findings, summary } = session.analyse(uri);
    expect({ findings, summary }, text).toEqual(freshly(text));
  }
  return version - 1;
}

const texts = starts.filter(({ text }) => text.includes("\nscenario "));

let count = 0;

describe.each(texts)("$name", (start) => {
  test("an edited session and a fresh one agree", { timeout: soak ? 3_600_000 : 900_000 }, () => {
    const picks = fc.array(fc.nat({ max: 999 }), { minLength: 40, maxLength: 120, size: "max" });
    fc.assert(
      fc.property(picks, actions(30, "max"), (lines, script) => {
        count += follow(lengthened(start, lines), start.pool, script);
      }),
      { numRuns: Math.ceil((soak ? 1000 : 250) / texts.length) },
    );
  });
});

test("ten thousand edits were made, in texts of many blocks", () => {
  const [start] = texts;
  const lines = Array.from({ length: 40 }, (_, i) => i);
  const { items } = parseDocument(start === undefined ? "" : lengthened(start, lines));
  expect(items.at(-1)?.rows?.blocks.length).toBeGreaterThan(8);
  expect(count).toBeGreaterThan(10_000);
});
