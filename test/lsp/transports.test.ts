// One session, the same over every way to the server: in this process, over streams, as `uapi lsp`, over Node's channel.

import { readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { canonicalUri } from "../../server/src/lsp/uris.ts";
import { ableClient, type Client, ipcClient, memoryClient, processClient } from "../support/lsp-client.ts";
import { root } from "../support/project-files.ts";
import { aboutDocuments, atPlaces } from "../support/server-requests.ts";

const commandLine = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const uri = "untitled:Untitled-1";
const text = readFileSync(`${root}samples/05-peer-detached.uapi`, "utf8").replace(
  '"topologies.uapi"',
  "vfio",
);

/** All that is said, in an order that does not depend on who is quick. */
async function session(client: Client): Promise<unknown[]> {
  const said: unknown[] = [];
  const { serverInfo, ...initialized } = await client.initialize({ capabilities: ableClient });
  said.push(serverInfo?.name, initialized);
  client.open(uri, text);
  said.push(await client.published(uri));
  const place = { line: 26, character: 4 };
  for (const { method, params } of [...aboutDocuments, ...atPlaces]) {
    said.push(
      await client.request(method, params(uri, place)).then(
        (result) => ({ method, result }),
        (error) => ({ method, code: error.code }),
      ),
    );
  }
  client.change(uri, [{ range: { start: place, end: place }, text: "é" }]);
  said.push(await client.published(uri));
  said.push(await client.request("uapi/page", { code: "secure-context" }));
  client.close(uri);
  await client.until(() => client.diagnostics(uri).length === 0);
  said.push(await client.shutdown());
  return said;
}

// Over Node's channel speaks our own extension, which shows the shipped proposals itself; other editors get files.
const files = session(
  memoryClient({ proposals: canonicalUri(pathToFileURL(`${root}server/proposals`).href) }),
);
const ownPages = session(memoryClient({ proposals: null }));

test.each([
  ["streams", () => processClient(), files],
  ["uapi lsp", () => processClient([commandLine, "lsp"]), files],
  ["uapi lsp --stdio", () => processClient([commandLine, "lsp", "--stdio", "--clientProcessId=1"]), files],
  ["Node's channel", () => ipcClient(), ownPages],
])("%s", async (_, start, inMemory) => {
  const expected = await inMemory;
  expect(expected.length).toBeGreaterThan(20);
  expect(await session(start())).toEqual(expected);
});

test("a parent that cuts Node's channel ends the server", async () => {
  const client = ipcClient();
  await client.initialize();
  client.child.disconnect();
  expect(await client.exited).toBe(1);
});
