import type { Page } from "../page.ts";

export const unknownErrno: Page = {
  code: "unknown-errno",
  title: "an errno that Linux does not have",
  severity: "warning",
  what: `\`else ERRNO\` of a require, or \`fails ERRNO\` of a step, names an errno that is not in the lists of Linux.`,
  why: `User space tells the reasons of a failure apart by the errno alone, so a proposal has to choose among those that exist:
\`EBUSY\` for what another owner holds, \`EPERM\` for what is not allowed, \`EINVAL\` for the wrong order of calls, \`ENOENT\`
for ids that name nothing.`,
  bad: `proposal sketch extends vfio {
  ioctl SKETCH_RESET(f: device_fd) {
    require f.device.driver == vfio_pci else EBUSSY "in use"
  }
}
`,
  good: `proposal sketch extends vfio {
  ioctl SKETCH_RESET(f: device_fd) {
    require f.device.driver == vfio_pci else EBUSY "in use"
  }
}
`,
  sources: ["include/uapi/asm-generic/errno-base.h", "include/uapi/asm-generic/errno.h"],
};
