import type { Page } from "../page.ts";

export const unknownCall: Page = {
  code: "unknown-call",
  title: "a call that the proposal does not have",
  severity: "error",
  what: `A step calls an ioctl or op that is not in the proposal that the scenario runs on, or an expression calls a define
that does not exist. Ioctls and ops change things and are no values: they cannot be called in a condition.`,
  why: `Most often the scenario runs on another proposal than meant (\`with NAME\` says which), or the flow comes from a mail
whose uAPI had another name for the call. Nothing that uses the result of such a step is checked.`,
  bad: `use vfio

topology one_nic {
  iommu vtd
  group 8 behind vtd {
    device nic at "0000:01:00.0" driver vfio_pci
  }
}

scenario "a group enters a container" on one_nic {
  container = open("/dev/vfio/vfio")
  g = open("/dev/vfio/8")
  VFIO_GROUP_SET_CONTAINRE(g, container)
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
