import type { Page } from "../page.ts";

export const unknownName: Page = {
  code: "unknown-name",
  title: "a name that nothing has",
  severity: "error",
  what: `An expression or an argument uses a name that is not known here: no parameter, variable, result of an earlier step,
device, or constant is called that way.`,
  why: `Names of steps are known from the step that makes them until the end of the scenario, in order. In a place that wants a
driver or a value of an enum a bare word is that value, so there a slip may also show as a condition that never holds.`,
  bad: `use vfio

topology one_nic {
  iommu vtd
  group 8 behind vtd {
    device nic at "0000:01:00.0" driver vfio_pci
  }
}

scenario "a group enters a container" on one_nic {
  c = open("/dev/vfio/vfio")
  g = open("/dev/vfio/8")
  VFIO_GROUP_SET_CONTAINER(g, container)
}
`,
  good: `use vfio

topology one_nic {
  iommu vtd
  group 8 behind vtd {
    device nic at "0000:01:00.0" driver vfio_pci
  }
}

scenario "a group enters a container" on one_nic {
  container = open("/dev/vfio/vfio")
  g = open("/dev/vfio/8")
  VFIO_GROUP_SET_CONTAINER(g, container)
}
`,
};
