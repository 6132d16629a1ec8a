// Files by the uris of editors: encoded or not, on drives, on no disk at all; `use` by uri, and never out of the folder.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canonicalUri, resolveUri } from "../../server/src/lsp/uris.ts";
import { createWorkspace } from "../../server/src/lsp/workspace.ts";
import { ableClient, memoryClient, processClient } from "../support/lsp-client.ts";

test.each([
  ["file:///lab/a.uapi", "file:///lab/a.uapi"],
  ["file:///lab/caf%C3%A9%20b.uapi", "file:///lab/café b.uapi"],
  ["file:///c%3A/lab/a.uapi", "file:///C:/lab/a.uapi"],
  ["file:///c%3a/lab/a.uapi", "file:///c:/lab/a.uapi"],
  ["file://server/share/a.uapi", "FILE://server/share/a.uapi"],
  ["vscode-vfs://github/o/r/a%23b.uapi", "vscode-vfs://github/o/r/a%23b.uapi"],
  ["untitled:Untitled-1", "untitled:Untitled-1"],
  ["untitled:/lab/new.uapi", "untitled:/lab/new.uapi"],
  ["file:///lab/100%25.uapi", "file:///lab/100%.uapi"],
  ["file:///lab/a%2Bb%28c%29.uapi", "file:///lab/a+b(c).uapi"],
])("%s is also %s", (one, two) => {
  expect(canonicalUri(two)).toBe(canonicalUri(one));
  expect(canonicalUri(canonicalUri(one))).toBe(canonicalUri(one));
});

test.each([
  ["file:///lab/a.uapi", "b.uapi", "file:///lab/b.uapi"],
  ["file:///lab/a.uapi", "./x y/é.uapi", "file:///lab/x%20y/%C3%A9.uapi"],
  ["file:///lab/sub/a.uapi", "../b.uapi", "file:///lab/b.uapi"],
  ["file:///c%3A/lab/a.uapi", "b.uapi", "file:///c%3A/lab/b.uapi"],
  ["vscode-vfs://github/o/r/a.uapi", "lib/b.uapi", "vscode-vfs://github/o/r/lib/b.uapi"],
  ["file:///lab/page.md#uapi-2", "b.uapi", "file:///lab/b.uapi"],
  ["file:///lab/a.uapi", "../../../b.uapi", null],
  ["file:///lab/a.uapi", "/etc/passwd", null],
  ["file:///lab/a.uapi", "C:\\b.uapi", null],
  ["untitled:Untitled-1", "b.uapi", null],
])("%s uses %j", (from, path, expected) => {
  expect(resolveUri(from, path)).toBe(expected);
});

test("a use stays in the innermost folder of the workspace, or beside its file", () => {
  const { files, setFolders } = createWorkspace(null, () => []);
  setFolders(["vscode-vfs://github/o/r", "vscode-vfs://github/o/r/inner/"]);
  const resolve = (from: string, path: string) => files.resolve(`vscode-vfs://github/o/${from}`, path);
  expect(resolve("r/a.uapi", "inner/b.uapi")).toBe("vscode-vfs://github/o/r/inner/b.uapi");
  expect(resolve("r/sub/a.uapi", "../b.uapi")).toBe("vscode-vfs://github/o/r/b.uapi");
  expect(resolve("r/a.uapi", "../other/b.uapi")).toBe(null);
  expect(resolve("r/inner/a.uapi", "../b.uapi")).toBe(null);
  expect(resolve("elsewhere/a.uapi", "b.uapi")).toBe("vscode-vfs://github/o/elsewhere/b.uapi");
  expect(resolve("elsewhere/a.uapi", "../r/b.uapi")).toBe(null);
});

describe("on a disk", () => {
  const topology = "topology lab {\n  iommu vtd\n}\n";
  let root = "";
  const uriOf = (path: string): string => pathToFileURL(join(root, path)).href;

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "uapi-lsp-"));
    for (const folder of ["one", "two", "outside"]) mkdirSync(join(root, folder));
    writeFileSync(join(root, "one/lab é.uapi"), topology);
    writeFileSync(join(root, "two/lab.uapi"), topology);
    writeFileSync(join(root, "outside/secret.uapi"), topology);
    writeFileSync(join(root, "one/bytes.uapi"), Buffer.of(0x61, 0xff));
    symlinkSync(join(root, "outside/secret.uapi"), join(root, "one/link.uapi"));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  test.each([
    ['use "lab é.uapi"', []],
    ['use "gone.uapi"', ["use-not-found"]],
    ['use "../outside/secret.uapi"', ["use-outside"]],
    ['use "../two/lab.uapi"', ["use-outside"]],
    ['use "link.uapi"', ["use-outside"]],
    ['use "bytes.uapi"', ["use-not-found"]],
  ])("%s", async (text, codes) => {
    const client = processClient();
    const workspaceFolders = ["one", "two"].map((name) => ({ name, uri: uriOf(name) }));
    await client.initialize({ capabilities: ableClient, workspaceFolders });
    const uri = uriOf("one/new.uapi");
    client.open(uri, `${text}\n`);
    expect((await client.published(uri)).diagnostics.map(({ code }) => code)).toEqual(codes);
    expect(await client.shutdown()).toBe(0);
  });

  test("a folder that is removed is no home any more, one that is added is", async () => {
    const client = processClient();
    const [one, all] = [uriOf("one"), uriOf(".").replace(/\/\.$/, "")].map((uri) => ({ name: "x", uri }));
    await client.initialize({ capabilities: ableClient, workspaceFolders: [one as never] });
    const uri = uriOf("one/new.uapi");
    client.open(uri, 'use "../two/lab.uapi"\n');
    expect((await client.published(uri)).diagnostics).toMatchObject([{ code: "use-outside" }]);
    const event = { added: [all], removed: [one] };
    client.notify("workspace/didChangeWorkspaceFolders", { event });
    await client.waitFor(
      ({ params }) =>
        Array.isArray(Reflect.get(params ?? {}, "diagnostics")) && client.diagnostics(uri).length === 0,
    );
    expect(await client.shutdown()).toBe(0);
  });
});

test("of a client that reads the files itself", async () => {
  const client = memoryClient();
  const files = new Map([["vscode-vfs://github/o/r/lab.uapi", "topology lab {\n  iommu vtd\n}\n"]]);
  client.answer("uapi/files", () => [...files.keys()]);
  client.answer("uapi/read", (params) => files.get((params as { uri: string }).uri) ?? null);
  await client.initialize({
    capabilities: { ...ableClient, experimental: { uapiFiles: true } },
    workspaceFolders: [{ name: "r", uri: "vscode-vfs://github/o/r" }],
  });
  const uri = "vscode-vfs://github/o/r/new.uapi";
  client.open(uri, 'use "lab.uapi", "other.uapi"\n');
  // Nothing is said before the files are there.
  expect((await client.published(uri)).diagnostics).toMatchObject([{ code: "use-not-found" }]);
  files.set("vscode-vfs://github/o/r/other.uapi", "");
  const changes = [{ uri: "vscode-vfs://github/o/r/other.uapi", type: 1 }];
  client.notify("workspace/didChangeWatchedFiles", { changes });
  await client.waitFor(
    ({ params }) =>
      Array.isArray(Reflect.get(params ?? {}, "diagnostics")) && client.diagnostics(uri).length === 0,
  );
  await client.shutdown();
});

test("a shipped proposal is a document that can be opened, and is the one that is meant", async () => {
  const client = memoryClient();
  await client.initialize({ capabilities: ableClient });
  const uri = "untitled:Untitled-1";
  client.open(
    uri,
    'use vfio\ntopology t {\n  iommu vtd\n}\nscenario "s" on t {\n  c = open("/dev/vfio/vfio")\n}\n',
  );
  const place = { textDocument: { uri }, position: { line: 0, character: 5 } };
  const [found] = await client.request<{ uri: string; range: unknown }[]>("textDocument/definition", place);
  expect(found?.uri).toBe("uapi-shipped:/vfio.uapi");
  const text = await client.request<string>("uapi/page", { code: "vfio.uapi" });
  expect(text).toContain("proposal vfio");
  client.open("uapi-shipped:/vfio.uapi", text);
  const { diagnostics } = await client.published("uapi-shipped:/vfio.uapi");
  expect(diagnostics.filter(({ severity = 1 }) => severity < 3)).toEqual([]);
  expect(await client.request("textDocument/definition", place)).toEqual([found]);
  await client.shutdown();
});
