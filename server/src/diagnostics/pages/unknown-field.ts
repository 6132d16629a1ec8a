import type { Page } from "../page.ts";

export const unknownField: Page = {
  code: "unknown-field",
  title: "a field that the thing does not have",
  severity: "error",
  what: `An expression asks for \`x.field\`, and no kind that \`x\` can be has such a field. Of a role only those fields are known
that all its members share.`,
  why: `An fd has the fields that it declares, and those its base declares; \`device_fd\` has \`device\`. A hole in a path, as in
\`opens "/dev/vfio/{group}"\`, makes a field of the same name. Hardware has the \`fact\` and \`state\` fields of the
proposals in use.`,
  bad: `proposal sketch extends vfio {
  ioctl SKETCH_RESET(f: device_fd) {
    require f.devise != none else ENODEV "no device"
  }
}
`,
  good: `proposal sketch extends vfio {
  ioctl SKETCH_RESET(f: device_fd) {
    require f.device.driver == vfio_pci else ENODEV "no device"
  }
}
`,
};
