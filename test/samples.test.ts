// What is shipped is clean; and without their expectations the samples show exactly what they are about: the list is
// test/cases/samples-stripped.txt, written anew by UPDATE_CASES=1.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { analyse } from "../server/src/analysis.ts";
import type { Finding } from "../server/src/base/finding.ts";
import { linesOf, positionAt } from "../server/src/base/lines.ts";
import { projectFiles, root } from "./support/project-files.ts";
import { withoutExpectations } from "./support/without-expectations.ts";

const golden = `${root}test/cases/samples-stripped.txt`;

const inFolder = (folder: string): string[] =>
  readdirSync(root + folder)
    .filter((name) => name.endsWith(".uapi"))
    .toSorted()
    .map((name) => `${folder}/${name}`);

const samples = inFolder("samples");

function shown(text: string, { code, message, start }: Finding): string {
  const { line } = positionAt(linesOf(text), start);
  return [line, code, ...(/fails with (E\w+)/.exec(message)?.slice(1) ?? [])].join(" ");
}

describe.each([...samples, ...inFolder("server/proposals")])("%s", (uri) => {
  test("is clean", () => {
    const { text, findings } = analyse(uri, projectFiles());
    expect(findings.map((finding) => `${shown(text, finding)} ${finding.message}`)).toEqual([]);
  });
});

test("without expectations, the samples say what they are about", () => {
  const list = samples.flatMap((uri) => {
    const text = withoutExpectations(readFileSync(root + uri, "utf8"));
    const { findings } = analyse(uri, projectFiles(new Map([[uri, text]])));
    return findings.map((finding) => `${uri.replace("samples/", "")}:${shown(text, finding)}`);
  });
  if (process.env.UPDATE_CASES === "1") writeFileSync(golden, `${list.join("\n")}\n`);
  expect(`${list.join("\n")}\n`).toBe(readFileSync(golden, "utf8"));
});
