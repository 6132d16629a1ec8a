// Diagnostics for a client that asks for them: the same as are pushed, one word when nothing changed, and no push.

import { expect, test } from "vitest";
import type {
  ClientCapabilities,
  DocumentDiagnosticReport,
  WorkspaceDiagnosticReport,
} from "vscode-languageserver";
import { ableClient, type MemoryClient, memoryClient } from "../support/lsp-client.ts";

const pulling: ClientCapabilities = {
  ...ableClient,
  workspace: { ...ableClient.workspace, diagnostics: { refreshSupport: true } },
  textDocument: {
    ...ableClient.textDocument,
    diagnostic: { relatedInformation: true, codeDescriptionSupport: true },
  },
};
const uri = "file:///lab/a.uapi";
const other = "file:///lab/b.uapi";
const onDisk = "file:///lab/c.uapi";

async function started(): Promise<MemoryClient> {
  const client = memoryClient({
    disk: {
      read: (uri) =>
        uri === onDisk
          ? { ok: true, text: "use nothing\n" }
          : { ok: false, code: "unreadable", message: "no such file or directory" },
      list: () => [onDisk],
      inside: () => true,
    },
  });
  const workspaceFolders = [{ name: "lab", uri: "file:///lab" }];
  const { capabilities } = await client.initialize({ capabilities: pulling, workspaceFolders });
  expect(capabilities.diagnosticProvider).toMatchObject({ workspaceDiagnostics: true });
  return client;
}

const pull = (client: MemoryClient, uri: string, previousResultId?: string) =>
  client.request<DocumentDiagnosticReport>("textDocument/diagnostic", {
    textDocument: { uri },
    ...(previousResultId === undefined ? {} : { previousResultId }),
  });

const codes = (report: DocumentDiagnosticReport): unknown =>
  report.kind === "full" ? report.items.map(({ code }) => code) : report.kind;

test("a document: in full, unchanged, changed; nothing is pushed", async () => {
  const client = await started();
  client.open(uri, "use nothing\n");
  const first = await pull(client, uri);
  expect(codes(first)).toEqual(["unknown-proposal"]);
  const again = await pull(client, uri, first.resultId);
  expect(again).toEqual({ kind: "unchanged", resultId: first.resultId });
  expect(codes(await pull(client, uri))).toEqual(["unknown-proposal"]);
  client.change(uri, 'use "b.uapi"\n');
  expect(codes(await pull(client, uri, first.resultId))).toEqual(["use-not-found"]);
  client.open(other, "");
  expect(codes(await pull(client, uri))).toEqual([]);
  client.close(uri);
  await client.request("uapi/page", { code: "errno" });
  expect(client.received.filter(({ method }) => method === "textDocument/publishDiagnostics")).toEqual([]);
  await client.shutdown();
});

test("the workspace: open documents and files", async () => {
  const client = await started();
  client.open(uri, "use nothing, more\n");
  const first = await client.request<WorkspaceDiagnosticReport>("workspace/diagnostic", {
    previousResultIds: [],
  });
  expect(first.items.map((item) => [item.uri, item.version, codes(item)])).toEqual([
    [uri, 1, ["unknown-proposal", "unknown-proposal"]],
    [onDisk, null, ["unknown-proposal"]],
  ]);
  const previousResultIds = first.items.map(({ uri, resultId = "" }) => ({ uri, value: resultId }));
  client.change(uri, "");
  client.close(uri);
  const second = await client.request<WorkspaceDiagnosticReport>("workspace/diagnostic", {
    previousResultIds,
  });
  expect(second.items.map((item) => [item.uri, codes(item)])).toEqual([
    [onDisk, "unchanged"],
    [uri, []],
  ]);
  await client.shutdown();
});

test("when files or settings change the client is asked to ask", async () => {
  const client = await started();
  const asked = (): number =>
    client.received.filter(({ method }) => method === "workspace/diagnostic/refresh").length;
  const before = asked();
  client.answer("workspace/configuration", () => [{ severity: { "unknown-proposal": "off" } }]);
  client.notify("workspace/didChangeConfiguration", {});
  await client.until(() => asked() > before);
  client.open(uri, "use nothing\n");
  expect(codes(await pull(client, uri))).toEqual([]);
  const then = asked();
  client.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: onDisk, type: 2 }] });
  await client.until(() => asked() > then);
  await client.shutdown();
});

test("a walk over many files shows how far it is", async () => {
  const files = Array.from({ length: 120 }, (_, i) => `file:///lab/${i}.uapi`);
  const client = memoryClient({
    disk: { read: () => ({ ok: true, text: "use nothing\n" }), list: () => files, inside: () => true },
  });
  await client.initialize({
    capabilities: pulling,
    workspaceFolders: [{ name: "lab", uri: "file:///lab" }],
  });
  const { items } = await client.request<WorkspaceDiagnosticReport>("workspace/diagnostic", {
    previousResultIds: [],
  });
  expect(items.length).toBe(120);
  const kinds = client.received.flatMap(({ method, params }) =>
    method === "$/progress" ? [(params as { value: { kind: string } }).value.kind] : [],
  );
  expect([kinds[0], kinds.at(-1)]).toEqual(["begin", "end"]);
  await client.shutdown();
});

test("a walk that is cancelled ends with that", async () => {
  const files = Array.from({ length: 5000 }, (_, i) => `file:///lab/${i}.uapi`);
  let read = 0;
  const client = memoryClient({
    disk: {
      read: () => {
        read++;
        return { ok: true, text: "use nothing\n" };
      },
      list: () => files,
      inside: () => true,
    },
  });
  await client.initialize({ workspaceFolders: [{ name: "lab", uri: "file:///lab" }] });
  const walk = client.request("workspace/diagnostic", { previousResultIds: [] }, (id) => {
    client.notify("$/cancelRequest", { id });
  });
  await expect(walk).rejects.toMatchObject({ code: -32800 });
  expect(read).toBeLessThan(5000);
  await client.shutdown();
});
