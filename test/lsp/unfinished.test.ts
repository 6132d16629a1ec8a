// Long scenarios, of which not all is found out at once: what is said first says how far it goes, is right as far as
// that, and is of the newest version; whoever asks for more gets it; in the end all is as if nothing had been typed.

import { expect, test } from "vitest";
import type { Diagnostic, Hover, PublishDiagnosticsParams } from "vscode-languageserver";
import { createSession } from "../../server/src/analysis/session.ts";
import { createDocuments } from "../../server/src/lsp/documents.ts";
import { createPublisher } from "../../server/src/lsp/publish.ts";
import { ableClient, type Client, type MemoryClient, memoryClient } from "../support/lsp-client.ts";
import { memoryFiles } from "../support/memory-files.ts";

const uri = "file:///lab/long.uapi";
const bind = "VFIO_GROUP_BIND_IOASID_FD(g, ctx)";

const head = `use group_bind

topology dual {
  iommu vtd
  group 26 behind vtd { device nic0 driver vfio_pci }
}

scenario "long" on dual {
  ctx = open("/dev/ioasid")
  g = open("/dev/vfio/26")
  ${bind}
  dev = VFIO_GROUP_GET_DEVICE_FD(g, nic0)
  VFIO_GROUP_GET_DEVICE_FD(g, nic0)
`;

/** The last step is wrong only when the bind is right. */
const rounds = Array.from(
  { length: 1500 },
  (_, i) =>
    `  as${i} = IOASID_ALLOC(ctx)\n  VFIO_DEVICE_ATTACH_IOASID(dev, as${i})\n  VFIO_DEVICE_DETACH_IOASID(dev)\n`,
);
const sound = `${head}${rounds.join("")}  VFIO_DEVICE_DETACH_IOASID(dev)\n}\n`;
const broken = sound.replace(bind, `X${bind.slice(1)}`);
const lines = sound.split("\n");
const bindLine = lines.findIndex((line) => line.includes(bind));
const lastLine = lines.length - 3;

const letter = (text: string) => ({
  range: { start: { line: bindLine, character: 2 }, end: { line: bindLine, character: 3 } },
  text,
});

const isOpen = ({ diagnostics }: PublishDiagnosticsParams): boolean =>
  /still being checked/.test(String(diagnostics.at(-1)?.message));

const published = ({ received }: Client): PublishDiagnosticsParams[] =>
  received
    .filter(({ method }) => method === "textDocument/publishDiagnostics")
    .map(({ params }) => params as PublishDiagnosticsParams);

const complete = (client: Client, version: number): Promise<unknown> =>
  client.until(() => published(client).some((params) => params.version === version && !isOpen(params)));

async function started(): Promise<MemoryClient> {
  const client = memoryClient();
  await client.initialize({ capabilities: ableClient });
  return client;
}

/** Of a text that was never edited. Hints come later, and are left out. */
async function fromScratch(text: string): Promise<readonly Diagnostic[]> {
  const client = await started();
  client.open(uri, text);
  await complete(client, 1);
  const { diagnostics } = published(client).findLast((params) => !isOpen(params)) ?? { diagnostics: [] };
  await client.shutdown();
  return wrong(diagnostics);
}

const wrong = (all: readonly Diagnostic[]): readonly Diagnostic[] =>
  all.filter(({ severity }) => severity !== 4);

/** All that was published is right as far as it says. */
function checkAll(all: readonly PublishDiagnosticsParams[], expected: readonly Diagnostic[]): void {
  for (const params of all) {
    if (!isOpen(params)) {
      expect(wrong(params.diagnostics)).toEqual(expected);
      continue;
    }
    const line = params.diagnostics.at(-1)?.range.start.line ?? 0;
    expect(line).toBeLessThan(lastLine);
    expect(params.diagnostics.slice(0, -1)).toEqual(expected.filter(({ range }) => range.start.line < line));
  }
}

test("a long text that is opened: first what is known soon, then everything", async () => {
  const client = await started();
  client.open(uri, sound);
  await complete(client, 1);
  const all = published(client);
  expect(all.slice(0, 1).map(isOpen)).toEqual([true]);
  expect(all.find((params) => !isOpen(params))?.diagnostics).toMatchObject([
    { code: "errno", range: { start: { line: lastLine } } },
  ]);
  checkAll(published(client), await fromScratch(sound));
  await client.shutdown();
});

test("an early call breaks and is mended: each answer is right so far, and in the end", async () => {
  const client = await started();
  client.open(uri, sound);
  await complete(client, 1);
  const expected = [await fromScratch(broken), await fromScratch(sound)];
  expect(expected[0]?.length).toBeGreaterThan(0);
  for (let version = 2; version < 6; version++) {
    client.change(uri, [letter(version % 2 === 0 ? "X" : "V")]);
    await complete(client, version);
    const own = published(client).filter((params) => params.version === version);
    expect(isOpen(own[0] ?? { uri, diagnostics: [] })).toBe(true);
    checkAll(own, expected[version % 2] ?? []);
  }
  await client.shutdown();
});

test("a newer key ends the work on an older text, and nothing older is said any more", async () => {
  const client = await started();
  client.open(uri, sound);
  const expected = [await fromScratch(broken), await fromScratch(sound)];
  for (let version = 2; version < 7; version++) {
    client.change(uri, [letter(version % 2 === 0 ? "X" : "V")]);
    await client.published(uri, version);
  }
  await complete(client, 6);
  const versions = published(client).map(({ version = 0 }) => version);
  expect(versions).toEqual(versions.toSorted((a, b) => a - b));
  for (const params of published(client)) checkAll([params], expected[(params.version ?? 0) % 2] ?? []);
  await client.shutdown();
});

test("a question about what is not known yet is answered in full, and before the rest is published", async () => {
  const client = await started();
  client.open(uri, sound);
  await complete(client, 1);
  client.change(uri, [letter("X")]);
  const position = { line: lastLine, character: 20 };
  const hover = await client.request<Hover>("textDocument/hover", { textDocument: { uri }, position });
  expect(published(client).map((params) => [params.version, isOpen(params)])).toContainEqual([2, true]);
  await complete(client, 2);
  const fresh = await started();
  fresh.open(uri, broken);
  await complete(fresh, 1);
  expect(hover).toEqual(await fresh.request("textDocument/hover", { textDocument: { uri }, position }));
  expect(JSON.stringify(hover.contents).length).toBeGreaterThan(20);
  await Promise.all([client.shutdown(), fresh.shutdown()]);
});

test("a lens and the verdict wait until all is known, and keys do not wait for them", async () => {
  const client = await started();
  client.open(uri, sound);
  await complete(client, 1);
  const textDocument = { uri };
  client.change(uri, [letter("X")]);
  const asked = [
    client.request<{ command: { title: string } }[]>("textDocument/codeLens", { textDocument }),
    client.request<{ steps: number }>("uapi/verdict", { textDocument }),
  ] as const;
  client.change(uri, [letter("V")]);
  const [lenses, verdict] = await Promise.all(asked);
  expect(published(client).at(-1)).toMatchObject({ version: 3 });
  expect(lenses[0]?.command.title).toBe(`4506 steps, 1 error: EINVAL at line ${lastLine + 1}`);
  expect(verdict).toMatchObject({ scenarios: 1, steps: 4506 });
  await client.shutdown();
});

test("closed half-way: nothing is said behind that, and nothing stays", async () => {
  const client = await started();
  client.open(uri, sound);
  client.change(uri, [letter("X")]);
  await client.published(uri, 2);
  const lens = client.request("textDocument/codeLens", { textDocument: { uri } });
  client.close(uri);
  expect(await lens).toEqual([]);
  await client.request("textDocument/hover", { textDocument: { uri }, position: { line: 0, character: 0 } });
  expect(published(client).at(-1)?.diagnostics).toEqual([]);
  const second = published(client).filter((params) => params.version === 2 && !isOpen(params));
  expect(second.map(({ diagnostics }) => diagnostics)).toEqual([[]]);
  expect(client.server.retained()).toBe(0);
  await client.shutdown();
});

test("a client that asks for diagnostics gets all of them", async () => {
  const client = memoryClient();
  await client.initialize({
    capabilities: { ...ableClient, textDocument: { ...ableClient.textDocument, diagnostic: {} } },
  });
  client.open(uri, broken);
  const { items } = await client.request<{ items: Diagnostic[] }>("textDocument/diagnostic", {
    textDocument: { uri },
  });
  expect(wrong(items)).toEqual(await fromScratch(broken));
  await client.shutdown();
});

test("when the rest cannot be found out, that is said, and whoever waits goes on", async () => {
  const documents = createDocuments(createSession(memoryFiles(new Map())), () => "utf-16");
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  const sent: string[] = [];
  let turns = 0;
  const publisher = createPublisher({
    documents,
    isBehind: () => false,
    isLoading: () => false,
    advance() {
      if (++turns === 3) throw new Error("boom");
      return false;
    },
    diagnose: () => [{ range, message: "so far" }],
    hasHints: () => false,
    send: ({ version }, diagnostics) =>
      void sent.push(`${version}: ${diagnostics.map(({ message }) => message)}`),
    failed: (_, error) => [{ range, message: String(error) }],
  });
  publisher.changed([documents.open({ uri, languageId: "uapi", version: 1, text: "" }).key]);
  expect(sent).toEqual(["1: so far"]);
  await publisher.settled(uri);
  expect(sent).toEqual(["1: so far", "1: Error: boom"]);
});
