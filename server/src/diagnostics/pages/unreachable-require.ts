import type { Page } from "../page.ts";

export const unreachableRequire: Page = {
  code: "unreachable-require",
  title: "a check that can never make a difference",
  severity: "error",
  what: `A \`require\` stands behind a \`return\`, repeats what was required before, does not depend on anything, or is made by no
kernel version at all.`,
  why: `In a proposal every require is a promise to user space: this call can fail with this errno. A check that never fails
promises nothing, and usually another condition was meant.`,
  bad: `proposal sketch extends vfio {
  ioctl SKETCH_RESET(f: device_fd) {
    require f.device.driver == vfio_pci else ENODEV "no device"
    require f.device.driver == vfio_pci else EBUSY "in use"
  }
}
`,
  good: `proposal sketch extends vfio {
  ioctl SKETCH_RESET(f: device_fd) {
    require f.device.driver == vfio_pci else ENODEV "no device"
    require may_access(f)               else EINVAL "no access yet"
  }
}
`,
};
