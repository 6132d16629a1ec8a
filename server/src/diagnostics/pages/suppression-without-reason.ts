import type { Page } from "../page.ts";

export const suppressionWithoutReason: Page = {
  code: "suppression-without-reason",
  title: "a comment that should hide a finding does not say why",
  severity: "warning",
  what: `A comment \`// uapi-allow CODE\` has no reason behind a colon. It hides nothing: the finding is shown as if it were
not there.`,
  why: `Who reads the file later has to know whether the finding was a mistake of the tool, something that was thought over, or
something that nobody had time for. One line is enough. What a step is expected to do is better said by \`fails\` and
\`violates\`, which are checked.`,
  bad: `use vfio

// uapi-allow unknown-attribute
topology lab {
  iommu vtd
  group 8 behind vtd { device nic driver vfio_pci }
}
`,
  good: `use vfio

topology lab {
  iommu vtd
  // uapi-allow unknown-attribute: for the next version of our proposal
  group 8 behind vtd { device nic driver vfio_pci msi_remap }
}
`,
};
