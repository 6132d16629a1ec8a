// Cases of editor features: Markdown files of sections, each with a text that holds `$0` where the cursor stands, and
// the answer that is expected there. UPDATE_CASES=1 writes the answers anew.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { createSession, type View } from "../../server/src/analysis/session.ts";
import { memoryFiles } from "../support/memory-files.ts";

export interface Case {
  readonly title: string;
  readonly text: string;
  readonly expected: string;
}

const section = /^## (.+)\n\n(?:[^`][^\n]*\n\n?)*```uapi\n([\s\S]*?)^```\n\n~~~text\n([\s\S]*?)^~~~$/gm;

const uri = "case.uapi";

/** The view of a text, which stands beside a library file `box.uapi`. */
export function viewOf(text: string): View {
  const session = createSession(memoryFiles(new Map()));
  session.open(uri, text);
  const view = session.view(uri);
  if (view === null) throw new Error("there is no view");
  return view;
}

/** The text without its cursor, and where that stood. */
function cut(text: string): { readonly text: string; readonly offset: number } {
  const offset = text.indexOf("$0");
  if (offset === -1) throw new Error("a case needs $0");
  return { text: text.slice(0, offset) + text.slice(offset + 2), offset };
}

/** Runs every section of `cases/NAME.md`; `answer` gives the text to compare. */
export function runCases(
  name: string,
  least: number,
  answer: (view: View, offset: number, title: string) => string,
): void {
  const path = fileURLToPath(new URL(`./cases/${name}.md`, import.meta.url));
  const file = readFileSync(path, "utf8");
  const cases = [...file.matchAll(section)].map(
    ([, title = "", text = "", expected = ""]): Case => ({ title, text, expected }),
  );
  const answered = (text: string, title: string): string => {
    const { text: bare, offset } = cut(text);
    const given = answer(viewOf(bare), offset, title).trimEnd();
    return given === "" ? "" : `${given}\n`;
  };
  if (process.env.UPDATE_CASES === "1") {
    const updated = file.replace(section, (whole, title: string, text: string) =>
      whole.replace(/~~~text\n[\s\S]*$/, () => `~~~text\n${answered(text, title)}~~~`),
    );
    writeFileSync(path, updated);
    return test("cases are written anew", () => expect(cases.length).toBeGreaterThanOrEqual(least));
  }
  describe(name, () => {
    test("there are enough cases", () => {
      expect(cases.length).toBeGreaterThanOrEqual(least);
      expect(cases.length).toBe(file.match(/^## /gm)?.length);
    });
    test.each(cases)("$title", ({ title, text, expected }) => {
      expect(answered(text, title)).toBe(expected);
    });
  });
}
