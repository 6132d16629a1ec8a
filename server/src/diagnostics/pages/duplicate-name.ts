import type { Page } from "../page.ts";

export const duplicateName: Page = {
  code: "duplicate-name",
  title: "two things have one name",
  severity: "error",
  what: `Two declarations, parameters or fields of the same kind share a name, or a step gives its result a name that a device
already has. The message points at the first.`,
  why: `Whatever uses the name could mean either. A proposal that wants to change what its base declares says so with
\`override\`; an fd of a base may be declared again to add fields to it.`,
  bad: `topology lab {
  iommu vtd
}

topology lab {
  iommu smmu
}
`,
  good: `topology lab {
  iommu vtd
}

topology lab_arm {
  iommu smmu
}
`,
};
