import type { Page } from "../page.ts";

export const wrongArguments: Page = {
  code: "wrong-arguments",
  title: "too few, too many or unknown arguments",
  severity: "error",
  what: `A call gives more arguments than there are parameters, leaves out one that has no default, gives one twice, or names
one that does not exist. The same goes for the fields of \`new\`.`,
  why: `Arguments go by position, by name (\`flags: 1\`), or come from a struct whose fields have the names of parameters. The
first parameter of an ioctl is the file that it is called on.`,
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
  VFIO_GROUP_SET_CONTAINER(g)
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
