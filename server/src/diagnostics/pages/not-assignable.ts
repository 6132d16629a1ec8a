import type { Page } from "../page.ts";

export const notAssignable: Page = {
  code: "not-assignable",
  title: "this cannot be assigned to",
  severity: "error",
  what: `The left side of \`=\` is no field, or it is one that never changes: a \`fact\` of the machine, the device that a device
file was opened for, a parameter.`,
  why: `Only state changes: fields of fds and objects, and \`state\` fields of hardware kinds. A call that could move a device
file to another device, or change what the IOMMU can do, would be no uAPI that a kernel can have. A new name for a value
is made with \`let\`.`,
  bad: `proposal sketch extends vfio {
  ioctl SKETCH_SPLIT(f: device_fd) {
    f.device.group.aliased = false
  }
}
`,
  good: `proposal sketch extends vfio {
  state group { split: bool }

  ioctl SKETCH_SPLIT(f: device_fd) {
    f.device.group.split = true
  }
}
`,
};
