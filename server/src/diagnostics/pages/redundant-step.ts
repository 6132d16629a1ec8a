import type { Page } from "../page.ts";

export const redundantStep: Page = {
  code: "redundant-step",
  title: "a call that changes nothing here",
  severity: "hint",
  what: `A call that is there to change something succeeds, and leaves every file, object and device as it was: a detach of what
is not attached, a second attach to the same address space. Without the step every later one would see the same.
Calls that only ask (\`VFIO_DEVICE_GET_INFO\`) are not meant, nor are steps of a \`parallel\` block, where another order may
make the difference. Editors fade the step; \`uapi check\` does not mention it.`,
  why: `Either it can go, or it should have had an effect and an earlier step is missing. If it is there to show that nothing
happens, write \`ok\` behind it: then that is checked.`,
  bad: `use iommufd

topology lab {
  iommu vtd
  group 8 behind vtd { device nic driver vfio_pci }
}

scenario "detached twice" on lab {
  f = open("/dev/iommu")
  dev = open("/dev/vfio/devices/nic")
  VFIO_DEVICE_BIND_IOMMUFD(dev, f)
  as = IOMMU_IOAS_ALLOC(f)
  VFIO_DEVICE_ATTACH_IOMMUFD_PT(dev, as)
  VFIO_DEVICE_DETACH_IOMMUFD_PT(dev)
  VFIO_DEVICE_DETACH_IOMMUFD_PT(dev)
}
`,
  good: `use iommufd

topology lab {
  iommu vtd
  group 8 behind vtd { device nic driver vfio_pci }
}

scenario "detaching twice does no harm" on lab {
  f = open("/dev/iommu")
  dev = open("/dev/vfio/devices/nic")
  VFIO_DEVICE_BIND_IOMMUFD(dev, f)
  as = IOMMU_IOAS_ALLOC(f)
  VFIO_DEVICE_ATTACH_IOMMUFD_PT(dev, as)
  VFIO_DEVICE_DETACH_IOMMUFD_PT(dev)
  VFIO_DEVICE_DETACH_IOMMUFD_PT(dev)  ok
}
`,
};
