import type { Page } from "../page.ts";

export const typeMismatch: Page = {
  code: "type-mismatch",
  title: "a value of the wrong type",
  severity: "error",
  what: `A value stands where another type is wanted: an fd of the wrong file for a parameter, a comparison of two things that
can never be equal, a number as a condition.`,
  why: `In C all handles are an \`int\`, and the kernel finds out at run time with EBADF or EINVAL. Here the difference between a
group file and a container file is known while you type.`,
  bad: `use vfio

topology one_nic {
  iommu vtd
  group 8 behind vtd {
    device nic at "0000:01:00.0" driver vfio_pci
  }
}

scenario "arguments in the wrong order" on one_nic {
  container = open("/dev/vfio/vfio")
  g = open("/dev/vfio/8")
  VFIO_GROUP_SET_CONTAINER(container, g)
}
`,
  good: `use vfio

topology one_nic {
  iommu vtd
  group 8 behind vtd {
    device nic at "0000:01:00.0" driver vfio_pci
  }
}

scenario "arguments in the right order" on one_nic {
  container = open("/dev/vfio/vfio")
  g = open("/dev/vfio/8")
  VFIO_GROUP_SET_CONTAINER(g, container)
}
`,
};
