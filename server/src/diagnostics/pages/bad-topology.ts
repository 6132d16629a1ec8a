import type { Page } from "../page.ts";

export const badTopology: Page = {
  code: "bad-topology",
  title: "a machine that cannot exist",
  severity: "error",
  what: `A device is in two groups, two devices have the same address, or a group stands behind an iommu that the topology does
not have.`,
  why: `A group is what the IOMMU cannot tell apart, so each device is in exactly one, and each group behind exactly one IOMMU.
Checks on a machine that breaks this would prove nothing about a real one.`,
  bad: `topology lab {
  iommu vtd
  group 8 behind vtd { device nic driver vfio_pci }
  group 9 behind vtd { device nic driver vfio_pci }
}
`,
  good: `topology lab {
  iommu vtd
  group 8 behind vtd { device nic0 driver vfio_pci }
  group 9 behind vtd { device nic1 driver vfio_pci }
}
`,
  sources: ["Documentation/driver-api/vfio.rst, Groups, Devices, and IOMMUs"],
};
