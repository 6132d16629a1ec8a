import type { Page } from "../page.ts";

export const assertion: Page = {
  code: "assertion",
  title: "an assert is false",
  severity: "error",
  what: `The condition of an \`assert\` does not hold after the steps before it. The message shows the values of both sides.`,
  why: `An assert is what the author of a flow believes about the machine at that point: where DMA goes, who owns a device.
It reads the same observables as the rules, so a false one is a difference between what the uAPI is meant to do and
what it does.`,
  bad: `use vfio

topology lab {
  iommu vtd
  group 8 behind vtd { device nic driver vfio_pci }
}

scenario "an open group isolates nothing" on lab {
  g = open("/dev/vfio/8")
  assert dma(nic) == blocked
}
`,
  good: `use vfio

topology lab {
  iommu vtd
  group 8 behind vtd { device nic driver vfio_pci }
}

scenario "an open group isolates nothing" on lab {
  g = open("/dev/vfio/8")
  assert dma(nic) == host
}
`,
  sources: ["<20210610093842.6b9a4e5b.alex.williamson@redhat.com>"],
};
