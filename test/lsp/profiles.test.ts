// What real editors get: everything that they can use, and nothing that they have not asked for.

import { describe, expect, test } from "vitest";
import type { CodeAction, CompletionItem, Diagnostic } from "vscode-languageserver";
import { type Profile, profiles } from "../support/client-profiles.ts";
import { type MemoryClient, memoryClient } from "../support/lsp-client.ts";

const uri = "file:///lab/flow.uapi";

/** Refused in line 12 (`g2`), because of line 10; the last line does nothing. */
const flow = `use vfio // é𝄞

topology lab {
  iommu vtd
  group 8 behind vtd { device nic driver vfio_pci }
}

scenario "twice" on lab {
  c = open("/dev/vfio/vfio")
  g = open("/dev/vfio/8")
  VFIO_GROUP_SET_CONTAINER(g, c)
  g2 = open("/dev/vfio/8")
  VFIO_GROUP_GET_DEVICE_FD(g, nic)
}
`;

async function started({ capabilities }: Profile): Promise<MemoryClient> {
  const client = memoryClient();
  await client.initialize({ capabilities, initializationOptions: { repairBudget: 500 } });
  client.open(uri, flow);
  return client;
}

async function diagnosticsOf(client: MemoryClient, profile: Profile): Promise<readonly Diagnostic[]> {
  if (profile.can("pull")) {
    const report = await client.request<{ items: Diagnostic[] }>("textDocument/diagnostic", {
      textDocument: { uri },
    });
    return report.items;
  }
  await client.until(() => client.diagnostics(uri).length > 0);
  return client.diagnostics(uri);
}

/** All objects of an answer. */
function partsOf(answer: unknown): object[] {
  if (typeof answer !== "object" || answer === null) return [];
  return [answer, ...Object.values(answer).flatMap(partsOf)];
}

const having = (answer: unknown, key: string): number => partsOf(answer).filter((part) => key in part).length;

describe.each(profiles)("$name", (profile) => {
  const { can } = profile;

  test("diagnostics", async () => {
    const client = await started(profile);
    const found = await diagnosticsOf(client, profile);
    expect(found.map(({ code }) => code)).toContain("errno");
    expect(having(found, "relatedInformation") > 0).toBe(can("related"));
    expect(having(found, "codeDescription") > 0).toBe(can("codeDescription"));
    if (!can("tags")) expect(having(found, "tags")).toBe(0);
    if (!can("dataSupport")) expect(having(found, "data")).toBe(0);
    const causes = found.some(({ message }) => /^at line \d+: /m.test(String(message)));
    expect(causes).toBe(!can("related"));
    const publishes = client.received.filter(({ method }) => method === "textDocument/publishDiagnostics");
    if (can("pull")) expect(publishes).toEqual([]);
    else expect(having(publishes, "version") > 0).toBe(can("versions"));
    await client.shutdown();
  });

  test("the server asks for nothing that the client does not know", async () => {
    const client = await started(profile);
    await diagnosticsOf(client, profile);
    client.notify("workspace/didChangeConfiguration", { settings: { uapi: { maxDiagnostics: "x" } } });
    client.notify("textDocument/didSave", { textDocument: { uri } });
    await client.request("workspace/symbol", { query: "lab" });
    const asked = new Set(
      client.received.flatMap(({ id, method }) => (id !== undefined && method !== undefined ? [method] : [])),
    );
    const known = [
      ...(can("configuration") ? ["workspace/configuration"] : []),
      ...(can("watchedFiles") ? ["client/registerCapability"] : []),
    ];
    expect([...asked].filter((method) => !known.includes(method))).toEqual([]);
    await client.shutdown();
  });

  test("code actions, renames and completions", async () => {
    const client = await started(profile);
    const diagnostics = await diagnosticsOf(client, profile);
    const refused = diagnostics.find(({ code }) => code === "errno");
    if (refused === undefined) throw new Error("nothing is refused");
    // A client that does not keep `data` sends the diagnostic back without it.
    const { data: _, ...plain } = refused;
    const actions = await client.request<CodeAction[]>("textDocument/codeAction", {
      textDocument: { uri },
      range: refused.range,
      context: { diagnostics: [can("dataSupport") ? refused : plain] },
    });
    expect(actions.length).toBeGreaterThan(0);
    if (!can("preferred")) expect(having(actions, "isPreferred")).toBe(0);
    if (!can("resolveEdit")) {
      for (const { edit, command } of actions) expect(edit ?? command).toBeDefined();
      expect(having(actions, "data")).toBe(0);
    }
    const rename = await client.request("textDocument/rename", {
      textDocument: { uri },
      position: { line: 8, character: 2 },
      newName: "container",
    });
    const edits = [rename, ...actions.flatMap(({ edit }) => (edit === undefined ? [] : [edit]))];
    for (const edit of edits) {
      expect("documentChanges" in Object(edit)).toBe(can("documentChanges"));
      expect("changes" in Object(edit)).toBe(!can("documentChanges"));
    }
    const completion = await client.request<{ items: CompletionItem[] } | CompletionItem[]>(
      "textDocument/completion",
      { textDocument: { uri }, position: { line: 11, character: 2 }, context: { triggerKind: 1 } },
    );
    const items = Array.isArray(completion) ? completion : completion.items;
    expect(items.length).toBeGreaterThan(0);
    if (!can("snippets")) {
      expect(items.filter(({ insertTextFormat }) => insertTextFormat === 2)).toEqual([]);
      expect(items.filter(({ insertText = "" }) => insertText.includes("${"))).toEqual([]);
    }
    await client.shutdown();
  });

  test("positions are in the encoding that was agreed on", async () => {
    const client = memoryClient();
    const result = await client.initialize({ capabilities: profile.capabilities });
    const encodings = profile.capabilities.general?.positionEncodings;
    expect(result.capabilities.positionEncoding).toBe(encodings?.[0]);
    client.open(uri, "/* é𝄞 */ use nothing\n");
    const [found] = await diagnosticsOf(client, profile);
    const column = encodings?.[0] === "utf-32" ? 13 : 14;
    expect(found?.range.start).toEqual({ line: 0, character: column });
    await client.shutdown();
  });
});
