// The page of the trace view before anything runs in it, and the messages between the two sides.

import { expect, test } from "vitest";
import { readKept, readMessage } from "../../client/src/views/trace/messages.ts";
import { newNonce, pageHtml } from "../../client/src/views/trace/page.ts";

const parts = {
  cspSource: "https://*.example-webview.net",
  script: "https://file.example-webview.net/trace.js",
  style: "https://file.example-webview.net/trace.css",
  nonce: "0123456789abcdef",
};
const html = pageHtml(parts);

test("the policy allows its own script and style sheet, and nothing else", () => {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? "";
  expect(policy.split(";").map((part) => part.trim())).toEqual([
    "default-src 'none'",
    "style-src https://*.example-webview.net",
    "script-src 'nonce-0123456789abcdef'",
    "base-uri 'none'",
    "form-action 'none'",
  ]);
  expect(policy).not.toMatch(/unsafe|\*;|data:|blob:/);
});

test("every script has the nonce, nothing is inline, nothing comes from elsewhere", () => {
  const scripts = [...html.matchAll(/<script([^>]*)>([^<]*)<\/script>/g)];
  expect(scripts.map(([, attributes, text]) => [attributes?.trim(), text])).toEqual([
    [`nonce="${parts.nonce}" src="${parts.script}"`, ""],
  ]);
  expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:/);
  const sources = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, url]) => url);
  expect(sources).toEqual([parts.style, parts.script]);
});

test("a nonce is never the same, and cannot end its attribute", () => {
  const nonces = new Set(Array.from({ length: 100 }, newNonce));
  expect(nonces.size).toBe(100);
  for (const nonce of nonces) expect(nonce).toMatch(/^[0-9a-f]{32}$/);
  expect(pageHtml({ ...parts, nonce: '"><script>' })).not.toContain('"><script>');
});

test.each<readonly [unknown, unknown]>([
  [{ type: "ready", more: 1 }, { type: "ready" }],
  [
    { type: "step", step: 3 },
    { type: "step", step: 3 },
  ],
  [{ type: "step", step: -1 }, null],
  [{ type: "step", step: 1.5 }, null],
  [{ type: "step", step: "3" }, null],
  [
    { type: "scenario", index: 0 },
    { type: "scenario", index: 0 },
  ],
  [
    { type: "reveal", key: "a 1 2" },
    { type: "reveal", key: "a 1 2" },
  ],
  [{ type: "reveal", key: 7 }, null],
  [
    { type: "explain", code: "errno" },
    { type: "explain", code: "errno" },
  ],
  [
    { type: "copy", format: "svg" },
    { type: "copy", format: "svg" },
  ],
  [{ type: "copy", format: "pdf" }, null],
  [{ type: "constructor" }, null],
  [{}, null],
  [null, null],
  ["ready", null],
])("what the page says: %j", (value, read) => {
  expect(readMessage(value)).toEqual(read);
});

test.each<readonly [unknown, unknown]>([
  [
    { uri: "file:///a", scenario: { index: 1, name: "x" }, step: 2 },
    { uri: "file:///a", scenario: { index: 1, name: "x" }, step: 2 },
  ],
  [
    { uri: "file:///a", scenario: { index: "1", name: "x" }, step: 0 },
    { uri: "file:///a", scenario: null, step: 0 },
  ],
  [
    { uri: "file:///a", step: 0 },
    { uri: "file:///a", scenario: null, step: 0 },
  ],
  [{ uri: 1, step: 0 }, null],
  [undefined, null],
])("what was kept: %j", (value, read) => {
  expect(readKept(value)).toEqual(read);
});
