// Every check, effect and definition of the shipped proposals matters to some scenario: without it, at least one file of
// samples, test/cases or test/marked ends otherwise. What none of them notices is listed in survivors.txt, each with its reason,
// or as "no scenario yet": a gap in the corpus, to be closed.

import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { createCorpus, shipped } from "./corpus.ts";
import { mutantsOf } from "./mutants.ts";

const list = new URL("survivors.txt", import.meta.url);
/** UPDATE_SURVIVORS=1 writes the list anew: reasons are kept, and what has none says so. */
const updates = process.env.UPDATE_SURVIVORS === "1";
const noScenario = "no scenario yet";

/** `MUTANT | reason`; lines of `#` are comments. */
function readSurvivors(): Map<string, string> {
  const text = readFileSync(list, "utf8");
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(" | ");
      return at < 0 ? [line, ""] : [line.slice(0, at).trim(), line.slice(at + 3).trim()];
    }),
  );
}

describe("a mutant is noticed, or known not to be", () => {
  const corpus = createCorpus();
  const known = readSurvivors();
  const mutants = [...shipped].flatMap(([file, text]) => mutantsOf(file, text));
  const proposals = [...new Set(mutants.map(({ proposal }) => proposal))];

  const lines = readFileSync(list, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("#"));
  afterAll(() => {
    if (updates) writeFileSync(list, `${lines.join("\n")}\n`);
  });

  test("the list names mutants, each once and with a reason", () => {
    if (updates) return;
    const names = new Set(mutants.map(({ name }) => name));
    expect(names.size).toBe(mutants.length);
    expect([...known.keys()].filter((name) => !names.has(name))).toEqual([]);
    expect([...known].filter(([, reason]) => reason === "").map(([name]) => name)).toEqual([]);
  });

  test.each(proposals)("%s", { timeout: 600_000 }, (proposal) => {
    const all = mutants.filter((mutant) => mutant.proposal === proposal);
    const survivors = all.filter((mutant) => corpus.noticed(mutant) === null).map(({ name }) => name);
    console.log(`${proposal}: ${all.length - survivors.length} / ${all.length} mutants are noticed`);
    if (updates) {
      lines.push(...survivors.map((name) => `${name} | ${known.get(name) ?? noScenario}`));
      return;
    }
    const listed = all.map(({ name }) => name).filter((name) => known.has(name));
    expect(
      survivors.filter((name) => !known.has(name)),
      "nobody notices",
    ).toEqual([]);
    expect(
      listed.filter((name) => !survivors.includes(name)),
      "listed, but noticed",
    ).toEqual([]);
  });
});
