import type { Page } from "../page.ts";

export const badClaim: Page = {
  code: "bad-claim",
  title: "a verify block claims nothing, or within bounds that cannot be",
  severity: "error",
  what: `A \`verify\` block has no claim in it; a bound is said twice, or is a number that makes no sense (no task, sequences
without a call); or \`limit\` is about something that it cannot limit: hardware, of which there is what the topology has, or
a call, which can only be left out (\`limit CALL 0\`).`,
  why: `A verdict is worth as much as the bounds that are told with it. Where two of them contradict each other, whoever reads
the verdict would believe the wrong one; so nothing is decided.`,
  bad: `use vfio

topology lab {
  iommu vtd
  group 8 behind vtd { device nic driver vfio_pci }
}

verify vfio on lab {
  safe
  limit mapping 1
  limit mapping 2
}
`,
  good: `use vfio

topology lab {
  iommu vtd
  group 8 behind vtd { device nic driver vfio_pci }
}

verify vfio on lab {
  safe
  limit mapping 2
}
`,
};
