// Hover, completion, signature help, inlay hints and code lenses over the protocol: the forms that clients can take.

import { expect, test } from "vitest";
import type {
  CodeLens,
  CompletionItem,
  Hover,
  InlayHint,
  MarkupContent,
  SignatureHelp,
} from "vscode-languageserver";
import { ableClient, type MemoryClient, memoryClient } from "../support/lsp-client.ts";

const uri = "file:///lab/flow.uapi";
const flow = `use group_bind

topology lab {
  iommu vtd
  group 8 behind vtd { device nic driver vfio_pci }
}

scenario "flow" on lab {
  ctx = open("/dev/ioasid")
  g = open("/dev/vfio/8")
  VFIO_GROUP_BIND_IOASID_FD(g, ctx)
  VFIO_
}
`;

const textDocument = { uri };
const call = { textDocument, position: { line: 10, character: 4 } };
const typed = { textDocument, position: { line: 11, character: 7 } };

async function started(capabilities: object, settings: object = {}): Promise<MemoryClient> {
  const client = memoryClient();
  await client.initialize({ capabilities, initializationOptions: settings });
  client.open(uri, flow);
  return client;
}

const named = (items: readonly CompletionItem[], label: string): CompletionItem | undefined =>
  items.find((item) => item.label === label);

test("a client that takes Markdown gets Markdown with links to lines", async () => {
  const client = await started(ableClient);
  const { contents, range } = await client.request<Hover>("textDocument/hover", call);
  const { kind, value } = contents as MarkupContent;
  expect(kind).toBe("markdown");
  expect(value).toContain("**ok here**");
  expect(value).toMatch(/\[group_bind\.uapi:\d+\]\(uapi-shipped:\/+group_bind\.uapi#L\d+\)/);
  expect(range).toEqual({ start: { line: 10, character: 2 }, end: { line: 10, character: 27 } });
  await client.shutdown();
});

test("a client that says nothing gets plain text", async () => {
  const client = await started({});
  const { contents } = await client.request<Hover>("textDocument/hover", call);
  const { kind, value } = contents as MarkupContent;
  expect(kind).toBe("plaintext");
  expect(value).toContain("\n\nok here\n\n");
  expect(value).not.toMatch(/[*`]|\]\(/);
  await client.shutdown();
});

test("completion has snippets and documentation for those who can show them", async () => {
  const client = await started(ableClient);
  const items = await client.request<CompletionItem[]>("textDocument/completion", typed);
  const item = named(items, "VFIO_GROUP_GET_DEVICE_FD");
  expect(item?.detail).toBe("(g, nic) ok");
  expect(item?.insertTextFormat).toBe(2);
  expect(item?.textEdit).toEqual({
    range: { start: { line: 11, character: 2 }, end: { line: 11, character: 7 } },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a snippet
    newText: "${1:dev} = VFIO_GROUP_GET_DEVICE_FD(${2:g}, ${3:nic})$0",
  });
  const resolved = await client.request<CompletionItem>("completionItem/resolve", item);
  expect((resolved.documentation as MarkupContent).kind).toBe("markdown");
  expect((resolved.documentation as MarkupContent).value).toContain("Opens a device of the group");
  await client.shutdown();
});

test("completion is plain text for those who cannot", async () => {
  const client = await started({});
  const items = await client.request<CompletionItem[]>("textDocument/completion", typed);
  const item = named(items, "VFIO_GROUP_GET_DEVICE_FD");
  expect(item?.textEdit).toMatchObject({ newText: "dev = VFIO_GROUP_GET_DEVICE_FD(g, nic)" });
  expect(items.filter(({ insertTextFormat, insertTextMode }) => insertTextFormat ?? insertTextMode)).toEqual(
    [],
  );
  await client.shutdown();
});

test("a space asks for nothing at the end of a call", async () => {
  const client = await started(ableClient);
  const context = { triggerKind: 2, triggerCharacter: " " };
  const behind = { textDocument, position: { line: 10, character: 29 }, context };
  expect(await client.request("textDocument/completion", behind)).toBe(null);
  await client.shutdown();
});

test("parameters are told by offsets, or by their text", async () => {
  const inside = { textDocument, position: { line: 10, character: 31 } };
  const able = await started(ableClient);
  const { signatures, activeParameter } = await able.request<SignatureHelp>(
    "textDocument/signatureHelp",
    inside,
  );
  expect(activeParameter).toBe(1);
  expect(signatures[0]?.parameters?.map(({ label }) => label)).toEqual([
    [26, 37],
    [39, 53],
  ]);
  const plain = await started({});
  const help = await plain.request<SignatureHelp>("textDocument/signatureHelp", inside);
  expect(help.signatures[0]?.parameters?.map(({ label }) => label)).toEqual([
    "g: group_fd",
    "ctx: ioasid_fd",
  ]);
  await able.shutdown();
  await plain.shutdown();
});

test("inlay hints, until they are switched off", async () => {
  const range = { start: { line: 0, character: 0 }, end: { line: 12, character: 0 } };
  const client = await started(ableClient);
  const hints = await client.request<InlayHint[]>("textDocument/inlayHint", { textDocument, range });
  expect(hints.map(({ label, position }) => [label, position])).toEqual([
    ["nic: DMA host → blocked, owner ctx", { line: 10, character: 35 }],
  ]);
  const quiet = await started(ableClient, { inlayHints: { enabled: false } });
  expect(await quiet.request("textDocument/inlayHint", { textDocument, range })).toEqual([]);
  await client.shutdown();
  await quiet.shutdown();
});

test("the trace is offered to the client that can show it", async () => {
  const titles = async (capabilities: object, settings: object = {}): Promise<string[]> => {
    const client = await started(capabilities, settings);
    client.answer("uapi/files", () => []);
    const lenses = await client.request<CodeLens[]>("textDocument/codeLens", { textDocument });
    await client.shutdown();
    return lenses.map(({ command }) => command?.title ?? "");
  };
  const verdict = "4 steps, 1 error: syntax at line 12";
  expect(await titles({ ...ableClient, experimental: {} })).toEqual([verdict]);
  expect(await titles({ ...ableClient, experimental: { uapiCommands: true } })).toEqual([
    verdict,
    "show trace",
  ]);
  expect(await titles(ableClient, { codeLens: { enabled: false } })).toEqual([]);
});
