import type { Page } from "../page.ts";

export const claimFails: Page = {
  code: "claim-fails",
  title: "what a verify block claims is not so",
  severity: "error",
  what: `\`uapi verify\` has found a sequence of calls after which \`safe\` or \`never\` is broken, and none that is shorter; or it
has tried all sequences within the bounds and found none for \`breaks\` or \`reach\`.`,
  why: `A scenario shows what one program does; a claim is about all programs. The sequence that is told is a scenario: put it
into a file (in an editor it is one keystroke away), and \`uapi check\` shows step by step what happens, and \`uapi trace\` who
can reach what. Then the proposal needs another \`require\`, or the claim was wrong.`,
  bad: `use group_bind_detach_default

topology lab {
  iommu vtd
  group 8 behind vtd { device nic driver vfio_pci }
}

verify group_bind_detach_default on lab {
  safe
}
`,
  good: `use group_bind_detach_default

topology lab {
  iommu vtd
  group 8 behind vtd { device nic driver vfio_pci }
}

verify group_bind_detach_default on lab {
  breaks secure_context
  never dma(nic) == host and owner(nic) == none and accessible(nic)
}
`,
};
