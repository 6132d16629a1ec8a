// Verify blocks are decided while somebody works: verdicts come, go with the text that they were about, and cost a
// keystroke nothing.

import { describe, expect, test } from "vitest";
import type { CodeLens } from "vscode-languageserver";
import { ableClient, type Client, memoryClient } from "../support/lsp-client.ts";

const uri = "file:///lab/doors.uapi";

/** Two doors, of which one has to be shut before the other opens; `check` is what the kernel asks for. */
const doors = (check: string, claims = "safe"): string => `proposal doors extends core {
  fd door_fd is context opens "/dev/doors" { a: bool  b: bool }
  ioctl OPEN_A(f: door_fd) { ${check} f.a = true }
  ioctl SHUT_A(f: door_fd) { f.a = false }
  ioctl OPEN_B(f: door_fd) { require not f.a else EBUSY "a is open"  f.b = true }
  rule one_door(t: task) "both doors are never open" {
    require not any f in door_fd: f.a and f.b else "both are open"
  }
  define owner(d: device): context? = none
  define may_access(f: device_fd): bool = false
  define dma(d: device): dma_target = blocked
}
topology one { iommu vtd  group 1 behind vtd { device nic driver vfio_pci } }

verify doors on one {
  ${claims}
}
`;
const barred = 'require not f.b else EBUSY "b is open"';

const lensesOf = async (client: Client): Promise<readonly string[]> => {
  const lenses = await client.request<readonly CodeLens[]>("textDocument/codeLens", {
    textDocument: { uri },
  });
  return lenses.map(({ range, command }) => `${range.start.line}: ${command?.title}`);
};

const refreshes = (client: Client): number =>
  client.received.filter(({ method }) => method === "workspace/codeLens/refresh").length;

/** Until all that is claimed is decided. */
async function decided(client: Client): Promise<readonly string[]> {
  for (;;) {
    const before = refreshes(client);
    const lenses = await lensesOf(client);
    if (!lenses.some((lens) => /being/.test(lens))) return lenses;
    await client.until(() => refreshes(client) > before);
  }
}

async function opened(text: string, host: Parameters<typeof memoryClient>[0] = {}): Promise<Client> {
  const client = memoryClient({ now: () => 0, ...host });
  await client.initialize({ capabilities: ableClient });
  client.open(uri, text);
  return client;
}

describe("without a worker", () => {
  test("a verdict appears", async () => {
    const client = await opened(doors(barred));
    expect(await decided(client)).toEqual([
      "14: 1 claim holds · 16 states · just now",
      "15: holds for every sequence of calls",
    ]);
    await client.shutdown();
  });
});
