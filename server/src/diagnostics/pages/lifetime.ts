import type { Page } from "../page.ts";

const lab = `topology lab {
  iommu vtd
  group 8 behind vtd { device nic driver vfio_pci }
}
`;

export const lifetime: Page = {
  code: "lifetime",
  title: "something that is in use went away",
  severity: "error",
  what: `A file or an object died while a field of something live still referred to it. The field is \`none\` from then on.`,
  why: `In a kernel this is a pointer to freed memory. A file that a field refers to lives on by itself, whoever closes it; an
object does not, so the call that destroys it has to look first (\`require not referenced(x) else EBUSY\`), or end what
uses it. A field that is only a note of what was there, and may become \`none\` at any time, is declared \`weak\`. The rule
is called \`core.lifetime\` in \`violates\`, comes with the language, and holds for every proposal.`,
  bad: `use group_bind

proposal careless extends group_bind {
  override ioctl IOASID_FREE(as: ioasid) { destroy as }
}

${lab}
scenario "freed while attached" on lab with careless {
  ctx = open("/dev/ioasid")
  g = open("/dev/vfio/8")
  VFIO_GROUP_BIND_IOASID_FD(g, ctx)
  dev = VFIO_GROUP_GET_DEVICE_FD(g, nic)
  as = IOASID_ALLOC(ctx)
  VFIO_DEVICE_ATTACH_IOASID(dev, as)
  IOASID_FREE(as)
}
`,
  good: `use group_bind

${lab}
scenario "freed while attached" on lab {
  ctx = open("/dev/ioasid")
  g = open("/dev/vfio/8")
  VFIO_GROUP_BIND_IOASID_FD(g, ctx)
  dev = VFIO_GROUP_GET_DEVICE_FD(g, nic)
  as = IOASID_ALLOC(ctx)
  VFIO_DEVICE_ATTACH_IOASID(dev, as)
  IOASID_FREE(as)  fails EBUSY
}
`,
  sources: ["drivers/iommu/iommufd/main.c iommufd_object_remove", "<20210614140711.GI1002214@nvidia.com>"],
};
