// What a client is told while a text changes.

import { expect, test } from "vitest";
import { ableClient, memoryClient } from "../support/lsp-client.ts";

const uri = "file:///lab/flow.uapi";

/** The device fd before the container has a type: line 10 fails with EINVAL. */
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

const at = (line: number, character: number, text: string) => ({
  range: { start: { line, character }, end: { line, character } },
  text,
});

test("a finding comes, goes and comes back", async () => {
  const client = memoryClient();
  await client.initialize({ capabilities: ableClient });
  client.open(uri, flow);
  const first = await client.published(uri);
  expect(first.diagnostics.map(({ code, range }) => [code, range.start.line])).toEqual([["errno", 11]]);
  expect(first.diagnostics[0]?.codeDescription?.href).toBe("uapi-page:/errno.md");
  client.change(uri, [at(11, 34, " fails EINVAL")]);
  expect((await client.published(uri)).diagnostics).toEqual([]);
  client.change(uri, flow);
  expect((await client.published(uri)).diagnostics).toEqual(first.diagnostics);
  expect(await client.shutdown()).toBe(0);
});
