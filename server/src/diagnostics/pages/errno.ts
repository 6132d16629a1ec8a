import type { Page } from "../page.ts";

export const errno: Page = {
  code: "errno",
  title: "the kernel refuses a call",
  severity: "error",
  what: `A \`require\` of the proposal does not hold, so the call fails with that errno and changes nothing. The message says which
condition it was and which earlier step is the reason; the help says what is missing.`,
  why: `This is the kind of wrong that the kernel stops. In a scenario that shows how a uAPI is meant to be used, it is a
mistake in the order of calls. If the refusal is the point, say so behind the call: \`fails EINVAL\`. The step then is a
test of the proposal.`,
  bad: `use vfio

topology lab {
  iommu vtd
  group 8 behind vtd { device nic driver vfio_pci }
}

scenario "the device before its container has a type" on lab {
  container = open("/dev/vfio/vfio")
  g = open("/dev/vfio/8")
  VFIO_GROUP_SET_CONTAINER(g, container)
  VFIO_GROUP_GET_DEVICE_FD(g, nic)
}
`,
  good: `use vfio

topology lab {
  iommu vtd
  group 8 behind vtd { device nic driver vfio_pci }
}

scenario "the device after its container has a type" on lab {
  container = open("/dev/vfio/vfio")
  g = open("/dev/vfio/8")
  VFIO_GROUP_SET_CONTAINER(g, container)
  VFIO_SET_IOMMU(container, VFIO_TYPE1v2_IOMMU)
  VFIO_GROUP_GET_DEVICE_FD(g, nic)
}
`,
  sources: ["Documentation/driver-api/vfio.rst, VFIO Usage Example", "drivers/vfio/container.c"],
};
