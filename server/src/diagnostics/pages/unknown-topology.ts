import type { Page } from "../page.ts";

export const unknownTopology: Page = {
  code: "unknown-topology",
  title: "a topology that is not to be found",
  severity: "error",
  what: `A scenario or a verify block runs \`on\` a topology that neither the file nor a file it uses declares.`,
  why: `The topology says which devices share a group, and that is what most rules are about. Topologies of another file are
known after \`use "machines.uapi"\`.`,
  bad: `use vfio

topology one_nic {
  iommu vtd
  group 8 behind vtd {
    device nic at "0000:01:00.0" driver vfio_pci
  }
}

scenario "a container" on one_nick {
  open("/dev/vfio/vfio")
}
`,
  good: `use vfio

topology one_nic {
  iommu vtd
  group 8 behind vtd {
    device nic at "0000:01:00.0" driver vfio_pci
  }
}

scenario "a container" on one_nic {
  open("/dev/vfio/vfio")
}
`,
};
