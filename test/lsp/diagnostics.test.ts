// What a client is told while texts change: the right thing, about the newest version, and nothing about what is closed.

import { expect, test } from "vitest";
import type { PublishDiagnosticsParams } from "vscode-languageserver";
import { createSession } from "../../server/src/analysis/session.ts";
import { createDocuments } from "../../server/src/lsp/documents.ts";
import { createPublisher } from "../../server/src/lsp/publish.ts";
import { pause } from "../../server/src/lsp/schedule.ts";
import type { Disk } from "../../server/src/lsp/workspace.ts";
import { ableClient, type Client, memoryClient } from "../support/lsp-client.ts";
import { memoryFiles } from "../support/memory-files.ts";

const uri = "file:///lab/flow.uapi";

/** The device fd before the container has a type: line 12 fails with EINVAL. */
const flow = `use vfio

topology lab {
  iommu vtd
  group 8 behind vtd { device nic driver vfio_pci }
}

scenario "too early" on lab {
  c = open("/dev/vfio/vfio")
  g = open("/dev/vfio/8")
  VFIO_GROUP_SET_CONTAINER(g, c)
  VFIO_GROUP_GET_DEVICE_FD(g, nic)
}
`;
const topologies = flow.slice(flow.indexOf("topology"), flow.indexOf("scenario"));

const at = (line: number, character: number, text: string) => ({
  range: { start: { line, character }, end: { line, character } },
  text,
});
const fails = at(11, 34, " fails EINVAL");

const publishes = ({ received }: Client, uri: string): PublishDiagnosticsParams[] =>
  received
    .filter(({ method }) => method === "textDocument/publishDiagnostics")
    .map(({ params }) => params as PublishDiagnosticsParams)
    .filter((params) => params.uri === uri);

const codes = ({ diagnostics }: PublishDiagnosticsParams): unknown[] => diagnostics.map(({ code }) => code);

async function started(disk: Disk | null = null): Promise<Client> {
  const client = memoryClient({ disk });
  await client.initialize({ capabilities: ableClient });
  return client;
}

/** Files by uri, in folders that nobody is kept from. */
const diskOf = (files: Map<string, string>): Disk => ({
  read: (uri) => {
    const text = files.get(uri);
    return text === undefined
      ? { ok: false, code: "unreadable", message: "no such file or directory" }
      : { ok: true, text };
  },
  list: (folder) => [...files.keys()].filter((uri) => uri.startsWith(`${folder}/`)).toSorted(),
  inside: () => true,
});

/** That nothing more comes: what is asked now is answered behind it. */
const settled = (client: Client): Promise<unknown> => client.request("uapi/page", { code: "errno" });

test("a finding comes, goes and comes back", async () => {
  const client = await started();
  client.open(uri, flow);
  const first = await client.published(uri);
  expect(first.diagnostics.map(({ code, range }) => [code, range.start.line])).toEqual([["errno", 11]]);
  expect(first.diagnostics[0]?.codeDescription?.href).toBe("uapi-page:/errno.md");
  client.change(uri, [fails]);
  expect((await client.published(uri)).diagnostics).toEqual([]);
  client.change(uri, flow);
  expect((await client.published(uri)).diagnostics).toEqual(first.diagnostics);
  expect(await client.shutdown()).toBe(0);
});

test("of edits that come at once only the last state is told, and no version comes before an older one", async () => {
  const client = await started();
  client.open(uri, flow);
  for (let round = 0; round < 20; round++) {
    for (let key = 0; key < 10; key++) client.change(uri, [at(0, 0, "x")]);
    client.change(uri, flow);
    await client.published(uri);
  }
  const versions = publishes(client, uri).map(({ version = 0 }) => version);
  expect(versions).toEqual(versions.toSorted((a, b) => a - b));
  expect(versions.at(-1)).toBe(221);
  expect(versions.length).toBeLessThan(60);
  await client.shutdown();
});

test("closing clears, and nothing comes behind it", async () => {
  const client = await started();
  client.open(uri, flow);
  await client.published(uri);
  client.change(uri, [at(0, 0, "x")]);
  client.close(uri);
  await settled(client);
  expect(publishes(client, uri).at(-1)?.diagnostics).toEqual([]);
  const count = publishes(client, uri).length;
  client.notify("workspace/didChangeConfiguration", { settings: null });
  await settled(client);
  expect(publishes(client, uri).length).toBe(count);
  await client.shutdown();
});

test("the causes of a finding are told in order, in the file that they are in", async () => {
  const client = await started();
  client.open(uri, flow.replace("VFIO_GROUP_GET_DEVICE_FD(g, nic)", 'h = open("/dev/vfio/8")'));
  const { diagnostics } = await client.published(uri);
  expect(diagnostics).toMatchObject([
    { code: "errno", relatedInformation: [{ location: { uri, range: { start: { line: 9 } } } }] },
  ]);
  await client.shutdown();
});

test("a client that cannot show causes reads them in the message", async () => {
  const client = memoryClient();
  await client.initialize();
  client.open(uri, flow.replace("VFIO_GROUP_GET_DEVICE_FD(g, nic)", 'h = open("/dev/vfio/8")'));
  await client.waitFor(({ method }) => method === "textDocument/publishDiagnostics");
  const [diagnostic, ...more] = client.diagnostics(uri);
  expect(more).toEqual([]);
  expect(diagnostic).not.toHaveProperty("relatedInformation");
  expect(diagnostic).not.toHaveProperty("codeDescription");
  expect(diagnostic?.message).toMatch(/^at line 10: /m);
  await client.shutdown();
});

test("who uses a file is told again when it changes, in the editor or on the disk", async () => {
  const base = "file:///lab/base.uapi";
  const files = new Map<string, string>();
  const client = await started(diskOf(files));
  const becomes = (...expected: string[]): Promise<void> =>
    client.until(() => `${client.diagnostics(uri).map(({ code }) => code)}` === `${expected}`);
  const user = flow.replace(topologies, "").replace("use vfio", 'use vfio, "base.uapi"');
  client.open(uri, user);
  await client.published(uri);
  await becomes("use-not-found", "unknown-topology");

  client.open(base, topologies);
  await becomes("errno");
  client.change(base, topologies.replace("topology lab", "topology other"));
  await becomes("unknown-topology");
  files.set(base, topologies);
  client.close(base);
  await becomes("errno");

  files.delete(base);
  client.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: base, type: 3 }] });
  await becomes("use-not-found", "unknown-topology");
  files.set(base, topologies);
  client.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: base, type: 1 }] });
  await becomes("errno");
  await client.shutdown();
});

test("a client that does not watch files: saving looks again", async () => {
  const base = "file:///lab/base.uapi";
  const files = new Map<string, string>();
  const client = memoryClient({ disk: diskOf(files) });
  await client.initialize();
  client.open(uri, 'use "base.uapi"\n');
  await client.waitFor(({ method }) => method === "textDocument/publishDiagnostics");
  await client.until(() => client.diagnostics(uri)[0]?.code === "use-not-found");
  files.set(base, topologies);
  client.notify("textDocument/didSave", { textDocument: { uri } });
  await client.until(() => client.diagnostics(uri).length === 0);
  await client.shutdown();
});

test("no more than the maximum is sent, errors first, and one that counts the rest", async () => {
  const client = memoryClient();
  await client.initialize({ capabilities: ableClient, initializationOptions: { maxDiagnostics: 5 } });
  const lines = Array.from({ length: 50 }, (_, i) => `use nothing_${i}\n`);
  client.open(uri, lines.join(""));
  const { diagnostics } = await client.published(uri);
  expect(diagnostics.length).toBe(6);
  expect(diagnostics.at(-1)).toMatchObject({
    message: "and 45 more findings in this file, which are not shown",
  });
  await client.shutdown();
});

test("Markdown: each uapi block is a document, places are those of the Markdown text", async () => {
  const page = "file:///lab/page.md";
  const client = await started();
  const text = `# A page\n\n\`\`\`uapi\n${flow}\`\`\`\n\nand\n\n\`\`\`c\nint main;\n\`\`\`\n\n\`\`\`uapi step\ng = open(\n\`\`\`\n\n\`\`\`uapi ignore\nnonsense\n\`\`\`\n`;
  client.open(page, text, { languageId: "markdown" });
  const { diagnostics } = await client.published(page);
  const lines = text.split("\n");
  expect(diagnostics.map(({ code, range }) => [code, lines[range.start.line]])).toEqual([
    ["errno", "  VFIO_GROUP_GET_DEVICE_FD(g, nic)"],
    ["syntax", "g = open("],
  ]);
  const line = lines.indexOf("  VFIO_GROUP_GET_DEVICE_FD(g, nic)");
  client.change(page, [at(line, 34, " fails EINVAL")]);
  expect(codes(await client.published(page))).toEqual(["syntax"]);
  client.change(page, [at(2, 3, "no ")]);
  expect(codes(await client.published(page))).toEqual(["syntax"]);
  client.change(page, "");
  expect(codes(await client.published(page))).toEqual([]);
  await client.shutdown();
});

test("1000 documents opened and closed leave nothing behind", async () => {
  const client = memoryClient();
  await client.initialize({ capabilities: ableClient });
  for (let i = 0; i < 1000; i++) {
    const each = `file:///lab/flow-${i}.uapi`;
    client.open(each, flow);
    client.close(each);
  }
  await settled(client);
  expect([...client.server.documents.all()]).toEqual([]);
  expect(client.server.retained()).toBe(0);
  await client.shutdown();
});

test("when an analysis fails, what was found before does not stay", () => {
  const documents = createDocuments(createSession(memoryFiles(new Map())), () => "utf-16");
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  const sent: string[] = [];
  let isBroken = false;
  const publisher = createPublisher({
    documents,
    isBehind: () => false,
    isLoading: () => false,
    advance: () => true,
    diagnose() {
      if (isBroken) throw new Error("boom");
      return [{ range, message: "found" }];
    },
    hasHints: () => false,
    send: ({ version }, diagnostics) =>
      void sent.push(`${version}: ${diagnostics.map(({ message }) => message)}`),
    failed: (_, error) => [{ range, message: String(error) }],
  });
  publisher.changed([documents.open({ uri, languageId: "uapi", version: 1, text: "" }).key]);
  isBroken = true;
  documents.change(uri, 2, [{ text: "x" }]);
  publisher.changed([uri]);
  expect(sent).toEqual(["1: found", "2: Error: boom"]);
});

test("hints come behind what is wrong, and do not blink", async () => {
  const documents = createDocuments(createSession(memoryFiles(new Map())), () => "utf-16");
  const sent: string[] = [];
  let hints = ["could go"];
  const publisher = createPublisher({
    documents,
    isBehind: () => false,
    isLoading: () => false,
    advance: () => true,
    diagnose: (_, withHints) =>
      ["wrong", ...(withHints ? hints : [])].map((message) => ({ range: at(0, 0, "").range, message })),
    hasHints: () => hints.length > 0,
    send: ({ version }, diagnostics) =>
      void sent.push(`${version}: ${diagnostics.map(({ message }) => message)}`),
    failed: () => [],
  });
  const told = async (): Promise<readonly string[]> => {
    publisher.changed([uri]);
    await pause();
    return sent.splice(0);
  };
  const change = (version: number) => documents.change(uri, version, [{ text: "x" }]);
  documents.open({ uri, languageId: "uapi", version: 1, text: "" });
  expect(await told()).toEqual(["1: wrong", "1: wrong,could go"]);
  change(2);
  expect(await told()).toEqual(["2: wrong,could go"]);
  change(3);
  hints = [];
  expect(await told()).toEqual(["3: wrong"]);
  change(4);
  expect(await told()).toEqual(["4: wrong"]);
});
