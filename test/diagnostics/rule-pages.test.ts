// Every rule and hazard of a shipped proposal has a page in its doc comment, and the page tells the truth: the first
// example shows it, the second is clean.

import { describe, expect, test } from "vitest";
import type { Files } from "../../server/src/analysis.ts";
import { analyse } from "../../server/src/analysis.ts";
import { widthOf } from "../../server/src/base/columns.ts";
import type { Finding } from "../../server/src/base/finding.ts";
import { docParts, rulePages } from "../../server/src/diagnostics/rules.ts";
import { SHIPPED, shippedTexts } from "../../server/src/semantics/shipped.ts";

const shipped = [...shippedTexts].map(([name, text]) => ({ name: SHIPPED + name, text }));
const uri = "example.uapi";

function findingsIn(text: string, code: string): readonly Finding[] {
  const files: Files = {
    resolve: () => null,
    siblings: () => [],
    read: (name) =>
      name === uri
        ? { ok: true, text }
        : { ok: false, code: "unreadable", message: "no such file or directory" },
  };
  return analyse(uri, files, { asked: new Set([code]) }).findings.filter(
    ({ severity }) => severity !== "hint",
  );
}

describe.each(rulePages(shipped).map((page) => [`${page.proposal}.${page.name}`, page] as const))(
  "%s",
  (name, page) => {
    const parts = docParts(page.doc);
    const examples = parts.flatMap(({ kind, text }) => (kind === "example" ? [text] : []));
    const [bad = "", good = ""] = examples;
    const prose = parts.flatMap(({ kind, text }) => (kind === "text" ? [text] : [])).join("\n");

    test("says what, why, how it breaks, the fix and the sources", () => {
      expect(examples).toHaveLength(2);
      expect(prose).toMatch(/^[A-Z]/);
      const enforced = page.kind === "rule" ? ["Who sees to it:"] : [];
      for (const word of ["Why:", ...enforced, "Breaks:", "Fix:", "Source:"]) {
        expect(prose.match(new RegExp(`^${word}`, "gm")), word).toHaveLength(1);
      }
      expect(/\bOff\b/.test(prose.split("\n")[0] ?? ""), "what is off says so first").toBe(page.off);
    });

    test("the first example shows it, and nothing else", () => {
      const found = findingsIn(bad, page.code);
      expect(found.length).toBeGreaterThan(0);
      for (const { code, notes } of found) {
        // What breaks a rule at boot is a topology that no machine can have.
        if (code === "bad-topology") expect(notes.join("\n")).toContain(name);
        else expect(code).toBe(page.code);
      }
    });

    test("the second example is clean", () => {
      expect(findingsIn(good, page.code)).toEqual([]);
    });

    test("the examples fit a mail", () => {
      expect(`${bad}\n${good}`.split("\n").filter((line) => widthOf(line) > 72)).toEqual([]);
    });
  },
);
