import type { Page } from "../page.ts";

export const notEstablished: Page = {
  code: "not-established",
  title: "a claim was neither proved nor refuted",
  severity: "info",
  what: `A \`parallel\` block has more interleavings than the tool tries; or a \`verify\` claim was not decided: within its bounds
there is more to try than anybody could wait for, a budget has run out, or what it is about has errors. What was looked at
is clean; the rest is not known.`,
  why: `"No error found" and "there is none" are different things, and a tool about security must not mix them up. Make the
block smaller, or divide it: two tasks of four steps have 70 interleavings, two of eight have 12 870. A verify block gets
smaller with the topology, and with \`tasks\` and \`limit\`.`,
  bad: `use vfio

topology lab {
  iommu vtd
  group 8 behind vtd { device nic driver vfio_pci }
}

verify vfio on lab {
  safe
  tasks 30
  limit container_fd 64
  limit group_fd 64
}
`,
  good: `use vfio

topology lab {
  iommu vtd
  group 8 behind vtd { device nic driver vfio_pci }
}

verify vfio on lab {
  safe
  tasks 2
}
`,
};
