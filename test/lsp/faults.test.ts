// What an editor, a disk or a person can do to a server, each on the built one as a process: it goes on, and says what
// is wrong where it can.

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ableClient, type Client, type ProcessClient, processClient } from "../support/lsp-client.ts";

let root = "";
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "uapi-faults-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const uriOf = (path: string): string => pathToFileURL(join(root, path)).href;

async function started(): Promise<ProcessClient> {
  const client = processClient();
  const workspaceFolders = [{ name: "lab", uri: pathToFileURL(root).href }];
  await client.initialize({ capabilities: ableClient, workspaceFolders });
  return client;
}

const codes = (client: Client, uri: string): string =>
  client
    .diagnostics(uri)
    .map(({ code }) => code)
    .join();
const becomes = (client: Client, uri: string, expected: string): Promise<void> =>
  client.until(() => codes(client, uri) === expected);

const topology = "topology lab {\n  iommu vtd\n}\n";

test("an unknown command is an error", async () => {
  const client = await started();
  await expect(
    client.request("workspace/executeCommand", { command: "uapi.nothing", arguments: [] }),
  ).rejects.toThrow();
  expect(await client.shutdown()).toBe(0);
});

test("a file is deleted while it is open: its text counts; closed, it is missed", async () => {
  const client = await started();
  const [base, user] = [uriOf("base.uapi"), uriOf("user.uapi")];
  writeFileSync(join(root, "base.uapi"), topology);
  client.open(user, 'use "base.uapi"\n');
  client.open(base, topology);
  await client.published(user);
  rmSync(join(root, "base.uapi"));
  const gone = { changes: [{ uri: base, type: 3 }] };
  client.notify("workspace/didChangeWatchedFiles", gone);
  client.change(user, 'use "base.uapi", nothing\n');
  await becomes(client, user, "unknown-proposal");
  client.close(base);
  await becomes(client, user, "use-not-found,unknown-proposal");
  expect(await client.shutdown()).toBe(0);
});

test("a file that cannot be read any more is a finding where it is used", async () => {
  const client = await started();
  const user = uriOf("user.uapi");
  writeFileSync(join(root, "part.uapi"), topology);
  client.open(user, 'use "part.uapi"\n');
  expect((await client.published(user)).diagnostics).toEqual([]);
  // A directory cannot be read by anyone; permissions are nothing to root.
  rmSync(join(root, "part.uapi"));
  mkdirSync(join(root, "part.uapi"));
  client.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: uriOf("part.uapi"), type: 2 }] });
  await becomes(client, user, "use-not-found");
  expect(client.diagnostics(user)[0]?.message).toContain("directory");
  rmSync(join(root, "part.uapi"), { recursive: true });
  writeFileSync(join(root, "part.uapi"), Buffer.of(0xff));
  chmodSync(join(root, "part.uapi"), 0o000);
  client.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: uriOf("part.uapi"), type: 2 }] });
  await client.until(() => !/directory/.test(String(client.diagnostics(user)[0]?.message ?? "directory")));
  expect(codes(client, user)).toBe("use-not-found");
  expect(await client.shutdown()).toBe(0);
});

test("files that use each other", async () => {
  const client = await started();
  const names = ["a", "b", "c"];
  for (const [i, name] of names.entries())
    client.open(uriOf(`${name}.uapi`), `use "${names[(i + 1) % 3]}.uapi"\n`);
  for (const name of names) await becomes(client, uriOf(`${name}.uapi`), "use-cycle");
  client.change(uriOf("c.uapi"), "");
  for (const name of names) await becomes(client, uriOf(`${name}.uapi`), "");
  expect(await client.shutdown()).toBe(0);
});

test("a document of 50 MB is said to be too large, and typing goes on in it and beside it", async () => {
  const client = await started();
  const [large, small] = [uriOf("large.uapi"), uriOf("small.uapi")];
  const line = `${"x".repeat(99)}\n`;
  client.open(large, line.repeat(500_000));
  expect((await client.published(large)).diagnostics).toMatchObject([{ code: "too-large" }]);
  const start = { line: 499_990, character: 50 };
  client.change(large, [{ range: { start, end: start }, text: "y" }]);
  expect((await client.published(large)).diagnostics).toMatchObject([{ code: "too-large" }]);
  client.open(small, "use nothing\n");
  expect((await client.published(small)).diagnostics).toMatchObject([{ code: "unknown-proposal" }]);
  const place = { textDocument: { uri: large }, position: start };
  expect(await client.request("textDocument/definition", place)).toEqual([]);
  // All but one line is deleted again.
  const rest = { start: { line: 1, character: 0 }, end: { line: 1e9, character: 0 } };
  client.change(large, [{ range: rest, text: "use nothing\n" }]);
  await client.until(() => codes(client, large).endsWith("unknown-proposal"));
  expect(await client.shutdown()).toBe(0);
});

test("200 open documents, of which all use one that is typed in", async () => {
  const client = await started();
  const base = uriOf("base.uapi");
  client.open(base, topology);
  const users = Array.from({ length: 200 }, (_, i) => uriOf(`user-${i}.uapi`));
  for (const uri of users) client.open(uri, 'use "base.uapi", vfio\nscenario "s" on lab {\n}\n');
  for (const uri of users) expect((await client.published(uri)).diagnostics).toEqual([]);
  client.change(base, topology.replace("lab", "la"));
  client.change(base, topology.replace("lab", "l"));
  await client.published(base);
  // What is typed comes first: an answer does not wait for the 200.
  expect(codes(client, users[199] ?? "")).toBe("");
  await client.request("textDocument/documentSymbol", { textDocument: { uri: base } });
  for (const uri of users) await becomes(client, uri, "unknown-topology");
  client.change(base, topology);
  for (const uri of users) await becomes(client, uri, "");
  expect(await client.shutdown()).toBe(0);
});

test("killed with -9: a new server that is told the same says the same", async () => {
  const uri = uriOf("typed.uapi");
  const first = await started();
  first.open(uri, "use nothing\n");
  const version = first.change(uri, [
    { range: { start: { line: 1, character: 0 }, end: { line: 1, character: 0 } }, text: "use more\n" },
  ]);
  const before = await first.published(uri, version);
  expect(before.diagnostics.length).toBe(2);
  first.child.kill("SIGKILL");
  await first.exited;
  const second = await started();
  second.open(uri, "use nothing\nuse more\n", { version });
  expect(await second.published(uri, version)).toEqual(before);
  expect(await second.shutdown()).toBe(0);
});

test("edits of the server are for the version that they were made for", async () => {
  const client = await started();
  const uri = uriOf("flow.uapi");
  client.open(
    uri,
    'use vfio\ntopology lab {\n  iommu vtd\n}\nscenario "s" on lab {\n  c = open("/dev/vfio/vfio")\n}\n',
  );
  client.change(uri, [
    { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, text: "\n" },
  ]);
  const place = { textDocument: { uri }, position: { line: 6, character: 2 } };
  expect(await client.request("textDocument/rename", { ...place, newName: "container" })).toMatchObject({
    documentChanges: [{ textDocument: { uri, version: 2 } }],
  });
  expect(await client.shutdown()).toBe(0);
});

test("a request that is cancelled is answered with that", async () => {
  const client = await started();
  const asked = client.request("workspace/symbol", { query: "" }, (id) => {
    client.notify("$/cancelRequest", { id });
  });
  const outcome = await asked.then(
    () => "answered",
    (error) => error.code,
  );
  // Whoever is quick has answered.
  expect(["answered", -32800]).toContain(outcome);
  expect(await client.shutdown()).toBe(0);
});
