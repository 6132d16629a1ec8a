// The examples of the pages are true. A fence `uapi` holds a whole file, without findings; `uapi member`, `uapi claim`
// and so on hold what the start rule of that name reads.

import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { expect, test } from "vitest";
import { analyse } from "../../server/src/analysis.ts";
import { linesOf, positionAt } from "../../server/src/base/lines.ts";
import { fencesIn, fragments } from "../../server/src/lsp/markdown.ts";
import { verifyFindings } from "../../server/src/report/verify-findings.ts";
import { parseChunk } from "../../server/src/syntax/parse.ts";
import { projectFiles, root } from "../support/project-files.ts";
import { verdictsOf } from "../support/verdicts.ts";

const pages = [
  "grammar/README.md",
  "README.md",
  "samples/README.md",
  "server/README.md",
  "server/proposals/README.md",
];
interface Example {
  /** What stands behind `uapi`. */
  readonly part: string;
  readonly line: number;
  readonly text: string;
}

function examplesIn(page: string): Example[] {
  const lines = linesOf(page);
  return fencesIn(page).map(({ start, end, part }) => ({
    part,
    text: page.slice(start, end),
    line: positionAt(lines, start).line - 1,
  }));
}

const found = pages
  .filter((page) => existsSync(root + page))
  .flatMap((page) => examplesIn(readFileSync(root + page, "utf8")).map((example) => ({ page, ...example })));

test("there are examples", () => {
  expect(found.filter(({ page }) => page === "grammar/README.md").length).toBeGreaterThan(4);
});

/** What is wrong with a whole file; what it claims has to be so. */
function findingsOf(page: string, text: string): string[] {
  const uri = posix.join(posix.dirname(page), "example.uapi");
  const { findings } = analyse(uri, projectFiles(new Map([[uri, text]])));
  const verdicts = /^verify\b/m.test(text) ? verifyFindings(verdictsOf(text)) : [];
  return [...findings, ...verdicts].map(
    ({ code, message, start }) => `${positionAt(linesOf(text), start).line} ${code}: ${message}`,
  );
}

function errorsOf(part: string, text: string): string[] {
  const rule = fragments[part];
  if (rule === undefined) return [`\`${part}\` is no start rule`];
  const node = parseChunk(rule, text);
  return "kind" in node && node.kind === "error" ? [node.message] : [];
}

test.each(found)("$page:$line", ({ page, part, text }) => {
  expect(part === "" ? findingsOf(page, text) : errorsOf(part, text)).toEqual([]);
});
