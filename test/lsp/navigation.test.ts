// Navigation, rename, structure, tokens and formatting over the protocol: the forms that clients can take.

import { expect, test } from "vitest";
import type {
  DocumentHighlight,
  DocumentLink,
  DocumentSymbol,
  FoldingRange,
  Location,
  SelectionRange,
  SemanticTokens,
  SemanticTokensDelta,
  SymbolInformation,
  TextEdit,
  WorkspaceEdit,
} from "vscode-languageserver";
import { difference } from "../../server/src/lsp/requests/semantic-tokens.ts";
import { ableClient, type MemoryClient, memoryClient } from "../support/lsp-client.ts";

const uri = "file:///lab/flow.uapi";
const machine = "file:///lab/machine.uapi";
const flow = `// see <20210609184940.GH1002214@nvidia.com>
use group_bind, "machine.uapi"

scenario "flow" on lab {
  ctx = open("/dev/ioasid")
  g = open("/dev/vfio/8")
  task other {
    VFIO_GROUP_BIND_IOASID_FD(g, ctx)  fails EBADF
  }
}
`;
const lab = "topology lab {\n  iommu vtd\n  group 8 behind vtd { device nic driver vfio_pci }\n}\n";
const textDocument = { uri };
const at = (line: number, character: number) => ({ textDocument, position: { line, character } });

async function started(capabilities: object): Promise<MemoryClient> {
  const client = memoryClient();
  await client.initialize({ capabilities });
  client.open(machine, lab);
  client.open(uri, flow);
  return client;
}

const starts = (found: readonly { range: { start: { line: number; character: number } } }[]): string[] =>
  found.map(({ range }) => `${range.start.line}:${range.start.character}`);

test("definitions lie in this file, in another, and in a shipped proposal", async () => {
  const client = await started(ableClient);
  const definition = (line: number, character: number) =>
    client.request<Location[]>("textDocument/definition", at(line, character));
  expect(await definition(7, 30)).toMatchObject([{ uri, range: { start: { line: 5, character: 2 } } }]);
  expect(await definition(3, 20)).toMatchObject([
    { uri: machine, range: { start: { line: 0, character: 9 } } },
  ]);
  expect(await definition(7, 10)).toMatchObject([
    { uri: expect.stringMatching(/^uapi-shipped:\/+group_bind\.uapi$/) },
  ]);
  expect(await client.request("textDocument/typeDefinition", at(5, 2))).toMatchObject([
    { uri: expect.stringMatching(/group_bind\.uapi$/) },
  ]);
  expect(await definition(9, 0)).toEqual([]);
  await client.shutdown();
});

test("references and highlights", async () => {
  const client = await started(ableClient);
  const context = { includeDeclaration: true };
  const found = await client.request<Location[]>("textDocument/references", { ...at(5, 22), context });
  expect(found.map((each) => each.uri)).toEqual([uri, machine]);
  const marks = await client.request<DocumentHighlight[]>("textDocument/documentHighlight", at(7, 30));
  expect(marks.map(({ kind }) => kind)).toEqual([3, 2]);
  expect(starts(marks)).toEqual(["5:2", "7:30"]);
  await client.shutdown();
});

test("a rename is an edit of all files, and says why when it is none", async () => {
  const client = await started(ableClient);
  expect(await client.request("textDocument/prepareRename", at(7, 30))).toEqual({
    range: { start: { line: 7, character: 30 }, end: { line: 7, character: 31 } },
    placeholder: "g",
  });
  const edit = await client.request<WorkspaceEdit>("textDocument/rename", { ...at(5, 22), newName: "9" });
  expect(edit.documentChanges).toMatchObject([
    { textDocument: { uri, version: 1 }, edits: [{ newText: "9" }] },
    { textDocument: { uri: machine, version: 1 }, edits: [{ newText: "9" }] },
  ]);
  await expect(client.request("textDocument/prepareRename", at(7, 10))).rejects.toThrow(
    "comes with the tool",
  );
  await expect(client.request("textDocument/rename", { ...at(5, 2), newName: "ctx" })).rejects.toThrow(
    "`ctx`",
  );
  await client.shutdown();
});

test("the blocks of a Markdown document are renamed in one edit", async () => {
  const client = await started({});
  const block = (name: string): string =>
    `\`\`\`uapi\nuse group_bind, "machine.uapi"\nscenario "${name}" on lab {\n  g = open("/dev/vfio/8")\n}\n\`\`\`\n`;
  const mail = "file:///lab/mail.md";
  client.open(mail, block("one") + block("two"), { languageId: "markdown" });
  const edit = await client.request<WorkspaceEdit>("textDocument/rename", { ...at(5, 22), newName: "9" });
  expect(starts(edit.changes?.[mail] ?? [])).toEqual(["3:22", "9:22"]);
  expect(Object.keys(edit.changes ?? {}).toSorted()).toEqual([uri, machine, mail]);
  await client.shutdown();
});

test("symbols are a tree, or a list for clients that know no trees", async () => {
  const able = await started(ableClient);
  const tree = await able.request<DocumentSymbol[]>("textDocument/documentSymbol", { textDocument });
  expect(tree).toMatchObject([{ name: "flow", detail: "on lab", children: [{ name: "other" }] }]);
  const found = await able.request<SymbolInformation[]>("workspace/symbol", { query: "nc" });
  expect(found).toMatchObject([{ name: "nic", containerName: "8", location: { uri: machine } }]);
  await able.shutdown();
  const plain = await started({});
  const list = await plain.request<SymbolInformation[]>("textDocument/documentSymbol", { textDocument });
  expect(list).toMatchObject([
    { name: "flow", location: { uri } },
    { name: "other", containerName: "flow" },
  ]);
  await plain.shutdown();
});

test("folds, selections and links", async () => {
  const client = await started(ableClient);
  const folds = await client.request<FoldingRange[]>("textDocument/foldingRange", { textDocument });
  expect(folds).toEqual([
    { startLine: 3, endLine: 8 },
    { startLine: 6, endLine: 7 },
  ]);
  const [selection] = await client.request<SelectionRange[]>("textDocument/selectionRange", {
    textDocument,
    positions: [{ line: 7, character: 30 }],
  });
  expect(selection?.range.end).toEqual({ line: 7, character: 31 });
  expect(selection?.parent?.range.start).toEqual({ line: 7, character: 4 });
  const links = await client.request<DocumentLink[]>("textDocument/documentLink", { textDocument });
  expect(links.map(({ target }) => target)).toEqual([
    "https://lore.kernel.org/r/20210609184940.GH1002214@nvidia.com",
    machine,
  ]);
  await client.shutdown();
});

test("semantic tokens in full, of a range, and what has changed", async () => {
  const client = await started(ableClient);
  const full = await client.request<SemanticTokens>("textDocument/semanticTokens/full", { textDocument });
  expect(full.data.length % 5).toBe(0);
  const range = { start: { line: 5, character: 0 }, end: { line: 6, character: 0 } };
  const part = await client.request<SemanticTokens>("textDocument/semanticTokens/range", {
    textDocument,
    range,
  });
  expect(part.data.slice(0, 3)).toEqual([5, 2, 1]);

  client.change(uri, [
    { range: { start: { line: 5, character: 2 }, end: { line: 5, character: 3 } }, text: "group" },
  ]);
  const delta = await client.request<SemanticTokensDelta>("textDocument/semanticTokens/full/delta", {
    textDocument,
    previousResultId: full.resultId,
  });
  const now = await client.request<SemanticTokens>("textDocument/semanticTokens/full", { textDocument });
  const data = [...full.data];
  for (const { start, deleteCount, data: inserted = [] } of delta.edits)
    data.splice(start, deleteCount, ...inserted);
  expect(data).toEqual(now.data);
  expect(delta.edits).toHaveLength(1);
  const unknown = await client.request("textDocument/semanticTokens/full/delta", {
    textDocument,
    previousResultId: "x",
  });
  expect(unknown).toMatchObject({ data: now.data });
  await client.shutdown();
});

test.each([
  [[], []],
  [
    [1, 2, 3],
    [1, 2, 3],
  ],
  [[], [1]],
  [
    [1, 1, 1],
    [1, 1],
  ],
  [
    [1, 2, 3, 4],
    [1, 9, 4],
  ],
])("the difference from %j to %j", (before, after) => {
  const data = [...before];
  for (const { start, deleteCount, data: inserted = [] } of difference(before, after))
    data.splice(start, deleteCount, ...inserted);
  expect(data).toEqual(after);
});

test("formatting touches white space only, in Markdown the blocks only", async () => {
  const client = await started(ableClient);
  const options = { tabSize: 2, insertSpaces: true };
  const messy = "use   group_bind\ntopology x {\niommu vtd }\n";
  client.change(uri, messy);
  const edits = await client.request<TextEdit[]>("textDocument/formatting", { textDocument, options });
  expect(edits).toEqual([
    { range: { start: { line: 0, character: 4 }, end: { line: 0, character: 6 } }, newText: "" },
    { range: { start: { line: 2, character: 0 }, end: { line: 2, character: 0 } }, newText: "  " },
  ]);
  const range = { start: { line: 2, character: 0 }, end: { line: 2, character: 1 } };
  const some = await client.request<TextEdit[]>("textDocument/rangeFormatting", {
    textDocument,
    range,
    options,
  });
  expect(some).toEqual(edits.slice(1));
  const typed = { ...at(2, 0), ch: "\n", options };
  expect(await client.request("textDocument/onTypeFormatting", typed)).toEqual(edits.slice(1));

  const mail = "file:///lab/mail.md";
  client.open(mail, `Hello   world\n\n\`\`\`uapi\n${messy}\`\`\`\n\nBye   all\n`, { languageId: "markdown" });
  const inBlock = await client.request<TextEdit[]>("textDocument/formatting", {
    textDocument: { uri: mail },
    options,
  });
  expect(starts(inBlock)).toEqual(["3:4", "5:0"]);
  await client.shutdown();
});

test("a client that can show files only gets the files of the shipped proposals, where there are some", async () => {
  const client = memoryClient({ proposals: "file:///package/proposals" });
  await client.initialize({ capabilities: {} });
  client.open(uri, flow);
  const [found] = await client.request<Location[]>("textDocument/definition", at(7, 10));
  expect(found?.uri).toBe("file:///package/proposals/group_bind.uapi");
  await client.shutdown();
});
