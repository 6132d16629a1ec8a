import type { Page } from "../page.ts";

export const noTopology: Page = {
  code: "no-topology",
  title: "a scenario does not say which machine it runs on",
  severity: "error",
  what: `A scenario has no \`on NAME\`, and the file knows no topology, or more than one.`,
  why: `Whether a call is safe depends on which devices share a group, so there is no machine that would do for all scenarios.`,
  bad: `use vfio

topology one_group {
  iommu vtd
  group 8 behind vtd { device nic driver vfio_pci }
}

topology two_groups {
  iommu vtd
  group 8 behind vtd { device nic driver vfio_pci }
  group 9 behind vtd { device snd driver vfio_pci }
}

scenario "the group is opened" {
  open("/dev/vfio/8")
}
`,
  good: `use vfio

topology one_group {
  iommu vtd
  group 8 behind vtd { device nic driver vfio_pci }
}

topology two_groups {
  iommu vtd
  group 8 behind vtd { device nic driver vfio_pci }
  group 9 behind vtd { device snd driver vfio_pci }
}

scenario "the group is opened" on two_groups {
  open("/dev/vfio/8")
}
`,
};
