// The catalogue of what can go wrong: complete, and every place that it names is there.

import { describe, expect, test } from "vitest";
import { widthOf } from "../../server/src/base/columns.ts";
import { catalogue, topics } from "../../server/src/diagnostics/catalogue.ts";
import { doubts, openInMails } from "../../server/src/diagnostics/doubts.ts";
import { explain } from "../../server/src/diagnostics/explain.ts";
import { finder } from "../../server/src/diagnostics/find.ts";
import { rulePages } from "../../server/src/diagnostics/rules.ts";
import { SHIPPED, shippedTexts } from "../../server/src/semantics/shipped.ts";

const shipped = [...shippedTexts].map(([name, text]) => ({ name: SHIPPED + name, text }));
const find = finder(shipped);

/** How many entries each topic has. */
const counts = { A: 12, B: 9, C: 9, D: 4, E: 5, F: 16, G: 5, H: 10, I: 5, J: 6, K: 4, L: 5 };
const ids = Object.entries(counts).flatMap(([letter, count]) =>
  Array.from({ length: count }, (_, index) => `${letter}${String(index + 1).padStart(2, "0")}`),
);

test("every number has an entry, in order", () => {
  expect(catalogue().map(({ id }) => id)).toEqual(ids);
  expect(Object.keys(topics)).toEqual(Object.keys(counts));
  expect(new Set(catalogue().map(({ name }) => name)).size).toBe(ids.length);
});

describe.each(catalogue())("$id $name", ({ id, where, note, text }) => {
  test("is found where it says, or says why not", () => {
    expect(where.filter((place) => find(place) === null)).toEqual([]);
    expect(new Set(where).size).toBe(where.length);
    if (where.length === 0) expect(note).toMatch(/^[A-Z].*\.$/s);
    if (where.some((place) => find(place)?.off)) expect(note).toMatch(/\b[Oo]ff\b/);
    expect(text).toMatch(/^["A-Z].*\.$/);
  });

  test("is explained in 80 columns", () => {
    const found = explain(id, shipped);
    if (!found.ok) throw new Error(found.message);
    expect(found.text).toMatch(new RegExp(`^${id} `));
    expect(found.text.split("\n").filter((line) => widthOf(line) > 80 || line.endsWith(" "))).toEqual([]);
    expect(explain(id.toLowerCase(), shipped)).toEqual(found);
  });
});

test("every rule and hazard of a shipped proposal is in the catalogue", () => {
  const places = new Set(catalogue().flatMap(({ where }) => where));
  const named = rulePages(shipped).map(({ proposal, name }) => `${proposal}.${name}`);
  expect(named.filter((name) => !places.has(name))).toEqual([]);
});

test("a place that is not there is not found", () => {
  for (const where of ["core.no_rule", "vfio.VFIO_SET_IOMMU ENOENT", "vfio.NO_CALL EINVAL", "no-code"]) {
    expect(find(where)).toBeNull();
  }
});

describe("doubts", () => {
  test("each open question has its reading and its source", () => {
    const entries = doubts.flatMap((section) => section.entries);
    const questions = Array.from({ length: 31 }, (_, index) => `Q${index + 1}`);
    expect(entries.map(({ id }) => id).filter((id) => id.startsWith("Q"))).toEqual(questions);
    for (const { question, reading, source } of entries) {
      expect.soft(question).toMatch(/^[A-Z].*[.?]$/);
      expect.soft(reading).toMatch(/^[A-Z].*\.$/);
      expect.soft(source).toMatch(/^<|^RFC|^drivers|^include|^virt/);
    }
  });

  test("the page fits 80 columns and has what the proposals say themselves", () => {
    const found = explain("doubts", shipped);
    if (!found.ok) throw new Error(found.message);
    expect(found.text.split("\n").filter((line) => line.endsWith(" "))).toEqual([]);
    const { length } = openInMails(shipped);
    expect(length).toBeGreaterThan(5);
    expect(found.text.match(/^ {4}\* [a-z_0-9]+\.[A-Za-z_0-9]+: /gm)).toHaveLength(length);
  });
});
