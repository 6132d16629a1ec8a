// Code actions as clients see them: edits with versions, lazily where that is possible, and never for another text than
// the one that they were found in. The actions themselves are in test/features/cases/code-actions.md.

import { describe, expect, test } from "vitest";
import type { ClientCapabilities, CodeAction, TextDocumentEdit, TextEdit } from "vscode-languageserver";
import { ableClient, type MemoryClient, memoryClient, ResponseError } from "../support/lsp-client.ts";

const uri = "file:///lab/flow.uapi";

const flow = `use iommufd

topology lab {
  iommu vtd
  group 8 behind vtd {
    device nic0 driver vfio_pci
    device nic1 driver vfio_pci
  }
}

scenario "too early" on lab {
  dev0 = open("/dev/vfio/devices/nic0")
  mmap(dev0)
  dev1 = open("/dev/vfio/devices/nic1")
  mmap(dev1)
}
`;

/** Line 12 is the first mmap. */
const failing = { start: { line: 12, character: 2 }, end: { line: 12, character: 2 } };

/** An editor that sends nothing back and resolves nothing. */
const plain: ClientCapabilities = {
  textDocument: {
    publishDiagnostics: { versionSupport: true },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } },
  },
};

/** No clock decides here: a busy machine would find less. */
const patient = { repairBudget: 60_000 };

async function opened(capabilities: ClientCapabilities, text = flow): Promise<MemoryClient> {
  const client = memoryClient();
  await client.initialize({ capabilities, initializationOptions: patient });
  client.open(uri, text);
  await client.published(uri);
  return client;
}

const ask = (client: MemoryClient, only?: readonly string[], range = failing): Promise<CodeAction[]> =>
  client.request<CodeAction[]>("textDocument/codeAction", {
    textDocument: { uri },
    range,
    context: { diagnostics: [], ...(only === undefined ? {} : { only }) },
  });

/** The text after edits that do not touch each other. */
function applied(text: string, edits: readonly TextEdit[]): string {
  const lines = text.split("\n");
  const offset = ({ line, character }: TextEdit["range"]["start"]): number =>
    lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0) + character;
  return [...edits]
    .sort((a, b) => offset(b.range.start) - offset(a.range.start))
    .reduce(
      (done, { range, newText }) =>
        done.slice(0, offset(range.start)) + newText + done.slice(offset(range.end)),
      text,
    );
}

const editOf = ({ edit }: CodeAction): TextDocumentEdit | undefined => {
  const [first] = edit?.documentChanges ?? [];
  return first !== undefined && "textDocument" in first ? first : undefined;
};

const edits = (action: CodeAction | undefined): TextEdit[] =>
  (action === undefined ? undefined : editOf(action)?.edits)?.filter(
    (each): each is TextEdit => "newText" in each,
  ) ?? [];

test("the preferred repair makes the diagnostic go", async () => {
  const client = await opened(ableClient);
  const actions = await ask(client, ["quickfix"]);
  const [best, ...others] = actions;
  expect(best?.title).toBe(
    'insert 2 calls before this step: `open("/dev/iommu")`, `VFIO_DEVICE_BIND_IOMMUFD(dev0, ctx)`',
  );
  expect(best?.isPreferred).toBe(true);
  expect(others.filter(({ isPreferred }) => isPreferred)).toEqual([]);
  expect(best === undefined ? undefined : editOf(best)?.textDocument).toEqual({ uri, version: 1 });
  const version = client.change(uri, applied(flow, edits(best)));
  const { diagnostics } = await client.published(uri, version);
  expect(diagnostics.map(({ range }) => range.start.line)).toEqual([16]);
  expect(await client.shutdown()).toBe(0);
});

test("without documentChanges the edits are plain", async () => {
  const client = await opened(plain);
  const [best] = await ask(client, ["quickfix"]);
  expect(best?.edit?.documentChanges).toBeUndefined();
  expect(Object.keys(best?.edit?.changes ?? {})).toEqual([uri]);
  expect(best).not.toHaveProperty("isPreferred");
  await client.shutdown();
});

describe("fix all", () => {
  const only = ["source.fixAll"];

  test("is resolved when it is chosen", async () => {
    const client = await opened(ableClient);
    const [all, ...rest] = await ask(client, only);
    expect(rest).toEqual([]);
    expect(all?.kind).toBe("source.fixAll.uapi");
    expect(all).not.toHaveProperty("edit");
    const resolved = await client.request<CodeAction>("codeAction/resolve", all);
    const version = client.change(uri, applied(flow, edits(resolved)));
    expect((await client.published(uri, version)).diagnostics).toEqual([]);
    await client.shutdown();
  });

  test("comes with its edits for a client that cannot resolve", async () => {
    const client = await opened(plain);
    const [all] = await ask(client, only);
    const version = client.change(uri, applied(flow, all?.edit?.changes?.[uri] ?? []));
    expect((await client.published(uri, version)).diagnostics).toEqual([]);
    await client.shutdown();
  });

  test("is refused when the document has changed since", async () => {
    const client = await opened(ableClient);
    const [all] = await ask(client, only);
    client.change(uri, `// changed\n${flow}`);
    const refused = await client
      .request<CodeAction>("codeAction/resolve", all)
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ResponseError);
    expect(refused).toMatchObject({ code: -32801 });
    await client.shutdown();
  });
});

describe("kinds", () => {
  const cases: readonly (readonly [only: string[] | undefined, kinds: readonly string[]])[] = [
    [["quickfix"], ["quickfix"]],
    [["refactor"], ["refactor.rewrite"]],
    [["source"], ["source.fixAll.uapi"]],
    [["source.organizeImports"], []],
  ];
  test.each(cases)("only %s", async (only, kinds) => {
    const client = await opened(ableClient);
    const actions = await ask(client, only);
    expect([...new Set(actions.map(({ kind }) => kind))]).toEqual(kinds);
    await client.shutdown();
  });
});

/** Detaching opens a hole that no call of the script closes. */
const hopeless = `use group_bind_detach_default

topology lab {
  iommu vtd
  group 26 behind vtd {
    device nic0 driver vfio_pci
    device nic1 driver vfio_pci
  }
}

scenario "the peer is the host's again" on lab {
  ctx = open("/dev/ioasid")
  g = open("/dev/vfio/26")
  VFIO_GROUP_BIND_IOASID_FD(g, ctx)
  dev0 = VFIO_GROUP_GET_DEVICE_FD(g, nic0)
  dev1 = VFIO_GROUP_GET_DEVICE_FD(g, nic1)
  as = IOASID_ALLOC(ctx)
  VFIO_DEVICE_ATTACH_IOASID(dev0, as)
  VFIO_DEVICE_ATTACH_IOASID(dev1, as)
  VFIO_DEVICE_DETACH_IOASID(dev1)
  VFIO_DEVICE_ATTACH_IOASID(dev1, as)
}
`;

test("a search that takes too long says so", async () => {
  const range = { start: { line: 19, character: 4 }, end: { line: 19, character: 4 } };
  const codeAction = { ...ableClient.textDocument?.codeAction, disabledSupport: true };
  const able = { ...ableClient, textDocument: { ...ableClient.textDocument, codeAction } };
  const client = await opened(able, hopeless);
  const actions = await ask(client, ["quickfix"], range);
  expect(actions.map(({ title, disabled }) => disabled?.reason ?? title)).toEqual([
    "no repair was found within the budget of 60000 ms",
    "expect `violates secure_context`",
    "allow `secure-context` here, with a reason",
  ]);
  await client.shutdown();
  const poor = await opened(plain, hopeless);
  expect((await ask(poor, ["quickfix"], range)).map(({ title }) => title)).toEqual([
    "expect `violates secure_context`",
    "allow `secure-context` here, with a reason",
  ]);
  await poor.shutdown();
});

test("in a block of a Markdown document", async () => {
  const client = memoryClient();
  await client.initialize({ capabilities: ableClient, initializationOptions: patient });
  const page = "file:///lab/page.md";
  const text = `# Page\n\n\`\`\`uapi\n${flow}\`\`\`\n`;
  client.open(page, text, { languageId: "markdown" });
  await client.published(page);
  const [best] = await client.request<CodeAction[]>("textDocument/codeAction", {
    textDocument: { uri: page },
    range: { start: { line: 15, character: 4 }, end: { line: 15, character: 4 } },
    context: { diagnostics: [] },
  });
  expect(best === undefined ? undefined : editOf(best)?.textDocument.uri).toBe(page);
  expect(edits(best).map(({ range }) => range.start.line)).toEqual([15]);
  await client.shutdown();
});
