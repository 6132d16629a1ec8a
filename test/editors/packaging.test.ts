// What is published: exactly the files that the extension needs, and not much more than 1 MB.

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
  "extension/dist/node/language-server.cjs",
  "extension/dist/node/prover.cjs",
  "extension/dist/node/server.cjs",
  "extension/dist/third-party.txt",
  "extension/dist/web/extension.js",
  "extension/dist/web/server.js",
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

// 1 MB is the aim; the explorer is in it twice, for Node and for the web.
test("it is at most 1.1 MB large", () => {
  expect(statSync(vsix).size).toBeLessThanOrEqual(1_100_000);
});
