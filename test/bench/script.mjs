// The text that the benchmarks check: a long scenario on group_bind.

const head = `use group_bind

topology dual {
  iommu vtd
  group 26 behind vtd {
    device nic0 driver vfio_pci
    device nic1 driver vfio_pci
  }
}

scenario "long" on dual {
  ctx = open("/dev/ioasid")
  g = open("/dev/vfio/26")
  VFIO_GROUP_BIND_IOASID_FD(g, ctx)
  dev0 = VFIO_GROUP_GET_DEVICE_FD(g, nic0)
  dev1 = VFIO_GROUP_GET_DEVICE_FD(g, nic1)
  gpa = IOASID_ALLOC(ctx)
  VFIO_DEVICE_ATTACH_IOASID(dev1, gpa)
`;

/** `steps` steps; with `distinct` hardly any two lines are the same. */
export function scenarioText(steps, { distinct }) {
  const lines = [];
  for (let i = 0; lines.length < steps - 7; i++) {
    const name = distinct ? `as${i}` : "as";
    lines.push(
      `  ${name} = IOASID_ALLOC(ctx)`,
      `  VFIO_DEVICE_ATTACH_IOASID(dev0, ${name})`,
      `  VFIO_DEVICE_GET_INFO(dev${i % 2})`,
      `  VFIO_DEVICE_DETACH_IOASID(dev0)`,
      `  IOASID_FREE(${name})`,
    );
  }
  return `${head}${lines.slice(0, steps - 7).join("\n")}\n}\n`;
}
