import type { Page } from "../page.ts";

export const unknownErrno: Page = {
  code: "unknown-errno",
  title: "an errno that Linux does not have",
  severity: "warning",
  what: `A step says that it \`fails ERRNO\` with an errno that is not in the lists of Linux. No kernel answers so.`,
  why: `User space tells the reasons of a failure apart by the errno alone, so a proposal has to choose among those that exist:
\`EBUSY\` for what another owner holds, \`EPERM\` for what is not allowed, \`EINVAL\` for the wrong order of calls, \`ENOENT\`
for ids that name nothing.`,
  bad: `use vfio

topology lab {
  iommu vtd
  group 8 behind vtd { device nic driver vfio_pci }
}

scenario "one opener at a time" on lab {
  open("/dev/vfio/8")
  open("/dev/vfio/8") fails EBUSSY or fails EBUSY
}
`,
  good: `use vfio

topology lab {
  iommu vtd
  group 8 behind vtd { device nic driver vfio_pci }
}

scenario "one opener at a time" on lab {
  open("/dev/vfio/8")
  open("/dev/vfio/8") fails EBUSY
}
`,
  sources: ["include/uapi/asm-generic/errno-base.h", "include/uapi/asm-generic/errno.h"],
};
