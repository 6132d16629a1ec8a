import type { Page } from "../page.ts";

export const expectation: Page = {
  code: "expectation",
  title: "a step ended otherwise than expected",
  severity: "error",
  what: `A step says what must happen (\`fails EBUSY\`, \`violates secure_context\`, \`ok\`), and something else did. The message says
what.`,
  why: `An expected failure is a test: it holds until the proposal changes. When it breaks, either the proposal now answers
differently, or the flow before the step does. \`fails\` without a name accepts any errno, and alternatives are joined by
\`or\`: \`ok or fails EBUSY\`.`,
  bad: `use vfio

topology lab {
  iommu vtd
  group 8 behind vtd { device nic driver vfio_pci }
}

scenario "a second container is fine" on lab {
  open("/dev/vfio/vfio")
  open("/dev/vfio/vfio") fails EBUSY
}
`,
  good: `use vfio

topology lab {
  iommu vtd
  group 8 behind vtd { device nic driver vfio_pci }
}

scenario "a second open of the group is not" on lab {
  open("/dev/vfio/8")
  open("/dev/vfio/8") fails EBUSY
}
`,
  sources: ["drivers/vfio/group.c, vfio_group_fops_open"],
};
