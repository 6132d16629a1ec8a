import type { Page } from "../page.ts";

export const unknownAttribute: Page = {
  code: "unknown-attribute",
  title: "an attribute that no proposal asks for",
  severity: "warning",
  what: `A topology or a task has an attribute that is neither a \`fact\` nor a \`state\` field of that kind in the proposal that
the scenario runs on. It has no effect.`,
  why: `An attribute is a statement about the machine: \`aliased\`, \`page_size = 4K\`, \`coherent = false\`. If it is misspelt, the
machine that is checked is not the one that was meant. If only another proposal knows it, the warning can be switched
off: \`--severity unknown-attribute=off\`.`,
  bad: `use vfio

topology one_nic {
  iommu vtd
  group 8 behind vtd alliased {
    device nic at "0000:01:00.0" driver vfio_pci
  }
}

scenario "a container" on one_nic {
  open("/dev/vfio/vfio")
}
`,
  good: `use vfio

topology one_nic {
  iommu vtd
  group 8 behind vtd aliased {
    device nic at "0000:01:00.0" driver vfio_pci
  }
}

scenario "a container" on one_nic {
  open("/dev/vfio/vfio")
}
`,
};
