// `uapi/trace` and `uapi/traceText`: what a trace view asks while somebody types.

import { expect, test } from "vitest";
import type { Trace, TraceText } from "../../server/src/lsp/protocol.ts";
import { ableClient, type Client, memoryClient } from "../support/lsp-client.ts";

const uri = "file:///lab/flow.uapi";
const flow = `use vfio
topology lab { iommu vtd  group 8 behind vtd { device nic driver vfio_pci } }
scenario "one" on lab {
  c = open("/dev/vfio/vfio")
  g = open("/dev/vfio/8")
  VFIO_GROUP_SET_CONTAINER(g, c)
}

scenario "two" on lab { g = open("/dev/vfio/8") }
`;

async function opened(text = flow, more: { languageId?: string } = {}): Promise<Client> {
  const client = memoryClient();
  await client.initialize({ capabilities: ableClient });
  client.open(uri, text, more);
  return client;
}

const textDocument = { uri };
const ask = (client: Client, params: object): Promise<Trace | null> =>
  client.request("uapi/trace", { textDocument, ...params });
const at = (line: number, character = 2): object => ({ position: { line, character } });

/** `scenario step: text (version)`, or what there is to choose from. */
function told(trace: Trace | null): string | null {
  if (trace === null) return null;
  if (trace.shown === null) return `none of ${trace.scenarios.join(", ")} (${trace.version})`;
  const { scenario, step } = trace.shown.picture;
  return `${scenario} ${step.number}: ${step.text} (${trace.version})`;
}

test("the step at the cursor", async () => {
  const client = await opened();
  const answers = [];
  for (const line of [0, 2, 3, 4, 7, 8]) answers.push(told(await ask(client, at(line, 30))));
  expect(answers).toEqual([
    "none of one, two (1)",
    "one 0:  (1)",
    'one 1: c = open("/dev/vfio/vfio") (1)',
    'one 2: g = open("/dev/vfio/8") (1)',
    "one 3: VFIO_GROUP_SET_CONTAINER(g, c) (1)",
    'two 1: g = open("/dev/vfio/8") (1)',
  ]);
});

test("a step that is named, and the places of what is in its picture", async () => {
  const client = await opened();
  const trace = await ask(client, { scenario: { index: 0, name: "one" }, step: 2 });
  expect(told(trace)).toBe('one 2: g = open("/dev/vfio/8") (1)');
  const file = trace?.shown?.picture.nodes.find(({ name }) => name === "g");
  const place = file?.place;
  if (place === undefined || place === null) expect.unreachable("g has no place");
  expect(trace?.shown?.locations[`${place.uri} ${place.start} ${place.end}`]).toEqual({
    uri,
    range: { start: { line: 4, character: 2 }, end: { line: 4, character: 25 } },
  });
  expect(trace?.shown?.steps.map(({ number }) => number)).toEqual([1, 2, 3]);
});

test("after an edit the answer is about the new text, and a scenario is found by its name", async () => {
  const client = await opened();
  const inserted = { range: { start: { line: 2, character: 0 }, end: { line: 2, character: 0 } } };
  const version = client.change(uri, [{ ...inserted, text: 'scenario "new" on lab { }\n' }]);
  const trace = await ask(client, { scenario: { index: 0, name: "one" }, step: 99 });
  expect(told(trace)).toBe(`one 3: VFIO_GROUP_SET_CONTAINER(g, c) (${version})`);
  expect(trace?.shown?.index).toBe(1);
});

test("a scenario that is gone", async () => {
  const client = await opened();
  expect(told(await ask(client, { scenario: { index: 5, name: "gone" }, step: 1 }))).toBe(
    "none of one, two (1)",
  );
});

test("a block of a Markdown document", async () => {
  const client = await opened(`# Notes\n\n\`\`\`uapi\n${flow}\`\`\`\n`, { languageId: "markdown" });
  expect(told(await ask(client, at(0)))).toBe("none of one, two (1)");
  const trace = await ask(client, at(6, 10));
  expect(told(trace)).toBe('one 1: c = open("/dev/vfio/vfio") (1)');
  const lines = Object.values(trace?.shown?.locations ?? {}).map(({ uri: file, range }) => [
    file,
    range.start.line,
  ]);
  expect(lines).toContainEqual([uri, 6]);
});

test("the texts to copy", async () => {
  const client = await opened();
  const copy = async (format: string): Promise<string> => {
    const params = { textDocument, scenario: { index: 1, name: "two" }, step: 1, format };
    return (await client.request<TraceText | null>("uapi/traceText", params))?.text ?? "";
  };
  expect(await copy("text")).toContain('scenario "two"\n  topology lab, proposal vfio\n');
  expect(await copy("mermaid")).toMatch(/^flowchart TD\n/);
  expect(await copy("svg")).toMatch(/^<svg /);
});

test.each<readonly [string, object, string]>([
  ["uapi/trace", {}, "textDocument has no uri"],
  ["uapi/trace", { textDocument, position: { line: "0" } }, "position is no position"],
  ["uapi/trace", { textDocument, step: "9" }, "step is no number"],
  ["uapi/trace", { textDocument, scenario: { name: 1 } }, "scenario has no name or index"],
  ["uapi/traceText", { textDocument, format: "pdf" }, "format is none of text, svg, mermaid"],
])("%s %j", async (method, params, message) => {
  const client = await opened();
  await expect(client.request(method, params)).rejects.toThrow(message);
});

test("a document that is not of the language", async () => {
  const client = await opened();
  const answer = await client.request("uapi/trace", { textDocument: { uri: "file:///lab/other.txt" } });
  expect(answer).toBeNull();
});
