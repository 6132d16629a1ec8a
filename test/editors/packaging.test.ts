// What is published: exactly the files that the extension needs, and at most 1 MB.

import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { expect, test } from "vitest";
import { vsix } from "./support/place.ts";

const wanted = [
  "[Content_Types].xml",
  "extension.vsixmanifest",
  "extension/LICENSE.txt",
  "extension/changelog.md",
  "extension/readme.md",
  "extension/package.json",
  "extension/client/snippets.json",
  "extension/dist/node/extension.cjs",
  "extension/dist/node/prover.cjs",
  "extension/dist/node/server.cjs",
  "extension/dist/server.js",
  "extension/dist/third-party.txt",
  "extension/dist/web/extension.js",
  "extension/dist/webview/trace.css",
  "extension/dist/webview/trace.js",
  "extension/grammar/language-configuration.json",
  "extension/grammar/markdown-fence.tmLanguage.json",
  "extension/grammar/uapi.tmLanguage.json",
];
/** Pictures may come and go. */
const picture = /^extension\/client\/media\/[\w-]+\.(?:png|svg)$/;

test("the package holds what the extension needs, and nothing else", () => {
  const files = execFileSync("unzip", ["-Z1", vsix], { encoding: "utf8" }).trim().split("\n");
  expect(files.filter((file) => !picture.test(file)).sort()).toEqual([...wanted].sort());
});

test("it is at most 1 MB large", () => {
  expect(statSync(vsix).size).toBeLessThanOrEqual(1_000_000);
});
