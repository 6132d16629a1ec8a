// Every page of the catalogue tells the truth: its bad example shows exactly its code, its good one is clean.

import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Files } from "../../server/src/analysis.ts";
import { analyse } from "../../server/src/analysis.ts";
import { widthOf } from "../../server/src/base/columns.ts";
import type { Finding } from "../../server/src/base/finding.ts";
import { pages } from "../../server/src/diagnostics/index.ts";
import type { Page } from "../../server/src/diagnostics/page.ts";
import { verifyFindings } from "../../server/src/report/verify-findings.ts";
import { verdictsOf } from "../support/verdicts.ts";

/** The pages' examples are all called so: the one about `use` uses itself. */
const uri = "example.uapi";

function onlyFile(text: string): Files {
  return {
    resolve: (_, path) => (path.startsWith("/") || path.includes("..") ? null : path),
    siblings: () => [],
    read: (name) =>
      name === uri
        ? { ok: true, text }
        : { ok: false, code: "unreadable", message: "no such file or directory" },
  };
}

/** With the hints of editors where the page is about one; other examples may leave names unused. And with verdicts. */
function shownOf({ severity, code }: Page, text: string): Finding[] {
  const { findings, hints } = analyse(uri, onlyFile(text));
  const verdicts = code === "claim-fails" ? verifyFindings(verdictsOf(text)) : [];
  return [...findings, ...(severity === "hint" ? hints() : []), ...verdicts];
}

const codesOf = (page: Page, text: string): string[] => [
  ...new Set(shownOf(page, text).map(({ code }) => code)),
];

test("each page is a file of its name, and in the index once", () => {
  const folder = new URL("../../server/src/diagnostics/pages/", import.meta.url);
  const files = readdirSync(folder).map((name) => name.replace(/\.ts$/, ""));
  expect(pages.map(({ code }) => code).toSorted()).toEqual(files.toSorted());
});

/** What is wrong with a file as such is found before there is a text. */
const withoutText = ["unreadable", "not-utf8", "nul-byte", "too-large"];

describe.each(pages)("$code", (page) => {
  const { bad, good } = page;

  test("has the form of a page", () => {
    expect(page.code).toMatch(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/);
    expect(page.title).toMatch(/^[a-z`].*[^.]$/);
    expect(page.what.trim().length).toBeGreaterThan(60);
    expect(page.why.trim().length).toBeGreaterThan(60);
    expect(bad === undefined, "an example, unless no text can show it").toBe(withoutText.includes(page.code));
    expect(good === undefined).toBe(bad === undefined);
  });

  if (bad === undefined || good === undefined) return;

  test("the bad example shows it, and nothing else", () => {
    expect(codesOf(page, bad)).toEqual([page.code]);
  });

  test("its severity is that of the page", () => {
    const severities = shownOf(page, bad)
      .filter(({ code }) => code === page.code)
      .map(({ severity }) => severity);
    expect(new Set(severities)).toEqual(new Set([page.severity]));
  });

  test("the good example is clean", () => {
    expect(codesOf(page, good)).toEqual([]);
  });

  test("the examples fit a mail", () => {
    // The one that is too deep is as wide as it is deep.
    const lines = (page.code === "too-deep" ? good : `${bad}\n${good}`).split("\n");
    expect(lines.filter((line) => widthOf(line) > 72)).toEqual([]);
  });
});
