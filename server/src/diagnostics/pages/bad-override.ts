import type { Page } from "../page.ts";

export const badOverride: Page = {
  code: "bad-override",
  title: "an override that does not fit",
  severity: "error",
  what: `\`override\` or \`remove\` names something that no base declares; or a declaration replaces one of the base without saying
\`override\`.`,
  why: `A variant of a proposal is a few lines that differ. If the base renames a call, an override of the old name would
silently become a new call, and a declaration without \`override\` would silently replace one that its author did not
know of.`,
  bad: `proposal sketch extends vfio {
  override ioctl VFIO_DEVICE_REST(f: device_fd) {
    require may_access(f) else ENODEV "the device is gone"
  }
}
`,
  good: `proposal sketch extends vfio {
  override ioctl VFIO_DEVICE_RESET(f: device_fd) {
    require may_access(f) else ENODEV "the device is gone"
  }
}
`,
};
