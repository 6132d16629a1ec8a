import type { Page } from "../page.ts";

export const unusedHandle: Page = {
  code: "unused-handle",
  title: "a name that no step uses",
  severity: "hint",
  what: `The result of a call gets a name, and no later step, argument or assert says that name. The call itself counts all the
same: an open file is open, whatever it is called. Editors fade the name; \`uapi check\` does not mention it.`,
  why: `Often another handle was meant in one of the steps below. If not, the call can stand without a name. A name may also be
for the reader, or for messages, which call things by it: then leave it.`,
  bad: `use group_bind

topology lab {
  iommu vtd
  group 8 behind vtd { device nic driver vfio_pci }
}

scenario "two contexts, one of them for nothing" on lab {
  ctx = open("/dev/ioasid")
  spare = open("/dev/ioasid")
  g = open("/dev/vfio/8")
  VFIO_GROUP_BIND_IOASID_FD(g, ctx)
}
`,
  good: `use group_bind

topology lab {
  iommu vtd
  group 8 behind vtd { device nic driver vfio_pci }
}

scenario "one context" on lab {
  ctx = open("/dev/ioasid")
  g = open("/dev/vfio/8")
  VFIO_GROUP_BIND_IOASID_FD(g, ctx)
}
`,
};
