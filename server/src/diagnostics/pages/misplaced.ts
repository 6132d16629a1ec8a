import type { Page } from "../page.ts";

export const misplaced: Page = {
  code: "misplaced",
  title: "something stands where it means nothing",
  severity: "error",
  what: `An entry or a block is well-formed, but has no meaning at its place: a device outside a group, a group inside a group,
an \`on\` block for an event that does not exist, a task inside a task, an errno in a rule.`,
  why: `It would be ignored, and a reader would think that it counts. A device without a group cannot be passed through: the
group is the smallest set of devices that the IOMMU can tell from all others.`,
  bad: `topology loose_end {
  iommu vtd
  device nic at "0000:01:00.0" driver vfio_pci
}
`,
  good: `topology grouped {
  iommu vtd
  group 8 behind vtd {
    device nic at "0000:01:00.0" driver vfio_pci
  }
}
`,
  sources: ["Documentation/driver-api/vfio.rst, Groups, Devices, and IOMMUs"],
};
