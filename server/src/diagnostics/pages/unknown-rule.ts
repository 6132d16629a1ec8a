import type { Page } from "../page.ts";

export const unknownRule: Page = {
  code: "unknown-rule",
  title: "a rule that the proposal does not have",
  severity: "error",
  what: `\`violates RULE\` in a scenario, or \`breaks RULE\` in a verify block, names a rule that neither the proposal nor its bases
declare.`,
  why: `Such an expectation can never be met. \`uapi explain\` lists the rules of the shipped proposals; \`_\` and \`-\` are the same
in their names.`,
  bad: `use vfio

topology one_nic {
  iommu vtd
  group 8 behind vtd {
    device nic at "0000:01:00.0" driver vfio_pci
  }
}

scenario "a hole that is not there" on one_nic {
  open("/dev/vfio/8") violates secure_contxt or ok
}
`,
  good: `use vfio

topology one_nic {
  iommu vtd
  group 8 behind vtd {
    device nic at "0000:01:00.0" driver vfio_pci
  }
}

scenario "a hole that is not there" on one_nic {
  open("/dev/vfio/8") violates secure_context or ok
}
`,
};
