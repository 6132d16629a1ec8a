// The corpus of real-world sequences: every file is clean, and every sequence has one file, or one line that says why not.

import { readdirSync, readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { analyse } from "../server/src/analysis.ts";
import { diskFiles } from "../server/src/node.ts";

const folder = fileURLToPath(new URL("cases/sequences/", import.meta.url));

/** All sequences. Numbers that are missing were never given. */
const ids = [
  // vfio
  1, 2, 4, 5, 7, 8, 10, 11, 13, 14, 16, 17, 19, 20, 22, 23, 25, 26, 28, 29, 31, 32, 34, 35, 37, 38, 40, 41,
  // the device first
  43, 44, 46, 47, 49, 50, 52, 53, 55, 56, 58, 59, 61, 62, 64, 65,
  // the group bound, the device attached; and the scenarios of the thread
  67, 68, 70, 71, 73, 74, 76, 77, 79,
  // iommufd, the container that it can be, and a protocol without kernel
  80, 82, 83, 85, 86, 88, 89, 91, 92, 94, 95, 97, 98, 100, 101, 103, 104, 106, 107, 109, 110, 112, 113, 115,
  116, 118, 119, 121, 122, 124, 125, 127, 128, 130, 131, 133, 134, 136, 137, 139,
];

const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".uapi"))
  .toSorted();
const notExpressed = readFileSync(`${folder}not-expressed.md`, "utf8");

const idOfFile = (name: string) => Number(/^seq-(\d{3})-/.exec(basename(name))?.[1] ?? 0);

/** Where a sequence is dealt with. */
function placesOf(id: number): string[] {
  const title = `| SEQ-${String(id).padStart(3, "0")} `;
  return [
    ...files.filter((name) => idOfFile(name) === id),
    ...notExpressed.split("\n").filter((line) => line.startsWith(title)),
  ];
}

test("every sequence is there once", () => {
  expect(ids.map((id) => [id, placesOf(id).length])).toEqual(ids.map((id) => [id, 1]));
});

describe("sequence", () => {
  test.each(files)("%s", (name) => {
    const path = resolve(folder, name);
    const text = readFileSync(path, "utf8");
    const { findings, summary } = analyse(path, diskFiles(folder, { cwd: folder }));
    expect(findings.map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
    expect(text.match(/^scenario /gm)?.length ?? 0).toBe(summary.scenarios);

    const id = idOfFile(name);
    if (id === 0) return;
    const [header = ""] = text.split("\n\n", 1);
    const title = new RegExp(`^// SEQ-${String(id).padStart(3, "0")}, (positive|negative|mixed)[.,] `).exec(
      header,
    );
    expect(header).toContain("// Source: ");
    // The first scenario is the sequence itself; further ones are its twins.
    const [sequence = ""] = text.split(/^scenario /m).slice(1);
    if (title?.[1] === "positive") expect(sequence).not.toMatch(/\bviolates\b/);
    else expect(text, header).toMatch(/\b(?:fails|violates)\b/);
    expect(title).not.toBeNull();
  });
});
