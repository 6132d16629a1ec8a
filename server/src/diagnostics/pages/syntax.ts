import type { Page } from "../page.ts";

export const syntax: Page = {
  code: "syntax",
  title: "the text does not follow the grammar",
  severity: "error",
  what: `A declaration, a member of a proposal, or a step could not be read. The message says what could have stood at the
marked place. Everything else in the file is still read and checked: one slip does not hide the others.`,
  why: `What is not understood is not checked. Calls that use the result of such a step are left out without a further
message, so that one slip gives one error.

Frequent slips: \`=\` where \`==\` is meant, \`&&\` and \`!\` (they are called \`and\` and \`not\`), a brace that is never closed,
a word of the language used as a name. \`grammar/README.md\` is the reference.`,
  bad: `proposal sketch extends vfio {
  ioctl SKETCH_RESET(f: device_fd) {
    require f.device.driver = vfio_pci else ENODEV "gone"
  }
}
`,
  good: `proposal sketch extends vfio {
  ioctl SKETCH_RESET(f: device_fd) {
    require f.device.driver == vfio_pci else ENODEV "gone"
  }
}
`,
};
