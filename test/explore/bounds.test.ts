// How much a claim is about unless it says so itself: enough of what it asks about, and nothing else.

import { expect, test } from "vitest";
import { problemOf } from "../support/problems.ts";

const box = `topology box {
  iommu vtd
  group 26 behind vtd { device nic0 driver vfio_pci  device nic1 driver vfio_pci }
  group 27 behind vtd { device nic2 driver vfio_pci }
}
`;

function boundsOf(proposal: string, block: string): string {
  const { system, bounds } = problemOf(`use ${proposal}\n${box}verify ${proposal} on box { ${block} }\n`);
  return system.kinds
    .filter(({ sort, id }) => sort !== "hardware" && (bounds.instances[id] ?? 0) > 0)
    .map(({ id, name }) => {
      const home = system.fields[bounds.homes[id] ?? -1]?.type.kinds[0];
      return `${bounds.instances[id]} ${name}${home === undefined ? "" : ` by ${system.kinds[home]?.name}`}`;
    })
    .toSorted()
    .join(", ");
}

test.each([
  ["group_bind", "safe", "1 mapping, 2 group_fd by group, 2 ioasid, 2 ioasid_fd, 3 device_fd by device"],
  ["vfio", "safe", "1 dma_entry, 1 mapping, 2 container_fd, 2 group_fd by group, 3 device_fd by device"],
  ["ioasid_v1", "safe", "1 mapping, 2 ioasid, 2 ioasid_fd, 3 attachment, 3 device_fd by device"],
  // What a check wants to be there is there, also where the claim does not ask about it.
  ["vfio", "reach accessible(nic0)", "1 mapping, 2 container_fd, 2 group_fd by group, 3 device_fd by device"],
  [
    "ioasid_v2",
    "reach any a in attachment: a.device_fd.device == nic0",
    "2 ioasid, 2 iommu_fd, 3 attachment, 3 bond, 3 device_fd by device",
  ],
  // What somebody says counts: so many in all, of whatever they are.
  [
    "group_bind",
    "safe  limit device_fd 3",
    "1 mapping, 2 group_fd by group, 2 ioasid, 2 ioasid_fd, 3 device_fd",
  ],
  [
    "group_bind",
    "safe  limit ioasid 5  limit mapping 0",
    "2 group_fd by group, 2 ioasid_fd, 3 device_fd by device, 5 ioasid",
  ],
  [
    "ioasid_v1",
    "safe  limit kvm_fd 1",
    "1 kvm_fd, 1 mapping, 2 ioasid, 2 ioasid_fd, 3 attachment, 3 device_fd by device",
  ],
])("%s: %s", (proposal, block, bounds) => {
  expect(boundsOf(proposal, block)).toBe(bounds);
});

test("tasks have names that nothing else has", () => {
  const text = `use vfio
topology box { iommu other  group 1 behind other { device main driver vfio_pci  device nic driver vfio_pci } }
verify vfio on box { safe  tasks 3 }
`;
  expect(problemOf(text).bounds.tasks).toEqual(["main_", "other_", "task3"]);
});

test("calls that nobody makes are not among them, unless they are asked for", () => {
  const called = (block: string): Set<string> =>
    new Set(
      problemOf(`use group_bind\n${box}verify group_bind on box { ${block} }\n`).calls.map((call) =>
        call.do === "open" ? "open" : call.operation.name,
      ),
    );
  const usual = called("safe");
  for (const name of ["bind_driver", "unbind_driver", "read", "VFIO_DEVICE_RESET", "send"])
    expect(usual.has(name), name).toBe(false);
  expect(called("safe  with bind_driver").has("bind_driver")).toBe(true);
  expect(called("safe  tasks 2").has("send")).toBe(true);
  expect(called("safe  limit mmap 0").has("mmap")).toBe(false);
});
