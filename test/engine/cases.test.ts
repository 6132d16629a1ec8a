// Every case of test/marked has the findings that its markers say, and no others. UPDATE_CASES=1 writes the markers anew.

import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { analyse } from "../../server/src/analysis.ts";
import { compared, markedFindings, readMarkers, stripMarkers, updateMarkers } from "../support/markers.ts";
import { memoryFiles } from "../support/memory-files.ts";

const folder = fileURLToPath(new URL("../marked/", import.meta.url));
const isUpdate = process.env.UPDATE_CASES === "1";

/** Folders with cases; the other ones hold cases of another form. */
const topics = [
  "names",
  "types",
  "proposals",
  "files",
  "topologies",
  "steps",
  "handles",
  "lifetimes",
  "rules",
  "tasks",
  "suppressions",
  "verify",
];

/** A file alone, or all files of a folder, which may use each other. */
function textsOf(path: string): Map<string, string> {
  if (!statSync(path).isDirectory()) return new Map([["main.uapi", readFileSync(path, "utf8")]]);
  const names = readdirSync(path, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".uapi"),
  );
  return new Map(names.toSorted().map((name) => [name, readFileSync(`${path}/${name}`, "utf8")]));
}

function casesOf(topic: string): string[] {
  return readdirSync(folder + topic).toSorted();
}

describe.each(topics)("%s", (topic) => {
  test.each(casesOf(topic))("%s", (name) => {
    const path = `${folder}${topic}/${name}`;
    const texts = textsOf(path);
    const files = memoryFiles(texts);
    for (const [uri, text] of texts) {
      const alone = (other: string) => analyse(uri, memoryFiles(new Map([...texts, [uri, other]])));
      const updated = isUpdate ? updateMarkers(text, alone) : text;
      if (updated !== text) {
        texts.set(uri, updated);
        writeFileSync(name.endsWith(".uapi") ? path : `${path}/${uri}`, updated);
      }
      const analysis = analyse(uri, files);
      const { found, expected } = compared(markedFindings(analysis), readMarkers(updated));
      expect(found).toEqual(expected);

      const bare = stripMarkers(updated);
      const atLines = markedFindings(alone(bare.text)).map(
        ({ line, code }) => `${(bare.lineOf[line - 1] ?? -1) + 1} ${code}`,
      );
      expect(atLines, "markers are comments, and change nothing").toEqual(
        markedFindings(analysis).map(({ line, code }) => `${line} ${code}`),
      );
    }
  });
});
