import type { Page } from "../page.ts";

export const noProposal: Page = {
  code: "no-proposal",
  title: "a scenario does not say which uAPI it runs on",
  severity: "error",
  what: `A scenario has no \`with NAME\`, and the file uses or declares no proposal, or more than one.`,
  why: `The same calls end differently under different proposals; that difference is what the tool is for, so it does not pick
one. \`use vfio\` is enough when the file is about one proposal.`,
  bad: `use vfio, group_bind

topology lab {
  iommu vtd
  group 8 behind vtd { device nic driver vfio_pci }
}

scenario "the group is opened" on lab {
  open("/dev/vfio/8")
}
`,
  good: `use vfio, group_bind

topology lab {
  iommu vtd
  group 8 behind vtd { device nic driver vfio_pci }
}

scenario "the group is opened" on lab with group_bind {
  open("/dev/vfio/8")
}
`,
};
