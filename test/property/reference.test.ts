// The engine against a second witness: test/reference, an interpreter written from grammar/README.md alone. Every step
// of every scenario has to end alike on both sides, and to be a finding on both or on none.
//
//   SEED=7 …   the random scenarios of that seed        SCENARIOS=100000 …   how many

import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { analyse, type Files } from "../../server/src/analysis.ts";
import { runBatch, shippedProposals } from "../reference/batch.ts";
import { compareFile, textsOver } from "../reference/compare.ts";
import { Loader } from "../reference/load.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

const files: Files = {
  resolve(from, path) {
    const target = posix.normalize(posix.join(posix.dirname(from), path));
    return path.startsWith("/") || target.startsWith("..") ? null : target;
  },
  siblings(from) {
    const folder = posix.dirname(from);
    const names = readdirSync(root + folder).filter((name) => name.endsWith(".uapi"));
    return names
      .map((name) => posix.join(folder, name))
      .filter((uri) => uri !== from)
      .toSorted();
  },
  read(uri) {
    try {
      // What is allowed with a reason is no concern of the language's: without it both sides say what happens.
      return { ok: true, text: readFileSync(root + uri, "utf8").replaceAll("uapi-allow", "uapi-other") };
    } catch {
      return { ok: false, code: "unreadable", message: "cannot read this file" };
    }
  },
};

function filesIn(folder: string): string[] {
  return readdirSync(root + folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".uapi"))
    .map((name) => posix.join(folder, name))
    .toSorted();
}

describe("the same outcome, step by step", () => {
  const folders = ["samples", "server/proposals"];
  for (const base of ["test/cases", "test/marked"]) {
    for (const entry of readdirSync(root + base, { withFileTypes: true })) {
      if (entry.isDirectory()) folders.push(`${base}/${entry.name}`);
    }
  }

  test.each(folders)("%s", { timeout: 120_000 }, (folder) => {
    const differences: string[] = [];
    for (const uri of filesIn(folder)) {
      const compared = compareFile(uri, analyse(uri, files), new Loader(textsOver(files)));
      for (const { scenario, lines } of compared?.differences ?? [])
        differences.push([`${uri} "${scenario}": reference, engine`, ...lines].join("\n"));
    }
    expect(differences.join("\n\n")).toBe("");
  });
});

describe("random scenarios", () => {
  const seed = Number(process.env.SEED ?? 20_210_610);
  const total = Number(process.env.SCENARIOS ?? 10_000);
  const proposals = shippedProposals();
  const each = Math.ceil(total / proposals.length);
  const batch = 400; // later scenarios begin where earlier ones got to

  test.each(proposals)(`%s, SEED=${seed}`, { timeout: 300_000 }, (proposal) => {
    const own = seed + proposals.indexOf(proposal) * 1_000_003;
    const differences: string[] = [];
    const illTyped: string[] = [];
    for (let done = 0; done < each && differences.length === 0; done += batch) {
      const report = runBatch(proposal, own + done, Math.min(batch, each - done));
      differences.push(...report.differences);
      illTyped.push(...report.illTyped);
    }
    expect(differences[0] ?? "", `${differences.length} differ; replay with SEED=${seed}`).toBe("");
    expect(illTyped.slice(0, 5), "the generator makes what is well typed").toEqual([]);
  });
});
