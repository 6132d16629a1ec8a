import type { Page } from "../page.ts";

export const unneededSuppression: Page = {
  code: "unneeded-suppression",
  title: "a comment hides a finding that is not there",
  severity: "warning",
  what: `A comment \`// uapi-allow CODE: reason\` names a code that is not reported on its line, or, if it stands alone, on the next
line with code. Or it names one that is always shown: \`syntax\`, \`too-deep\` and \`not-established\`, for what the tool
could not understand or decide.`,
  why: `What it was written for is gone, and the next mistake in that line would be hidden with it. Delete it. While a file has
errors of syntax, or something in it could not be decided, this is not looked at: nobody knows what would be found.`,
  bad: `use vfio

topology lab {
  iommu vtd
  // uapi-allow unknown-attribute: for the next version of our proposal
  group 8 behind vtd { device nic driver vfio_pci }
}
`,
  good: `use vfio

topology lab {
  iommu vtd
  group 8 behind vtd { device nic driver vfio_pci }
}
`,
};
