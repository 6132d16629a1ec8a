// A machine with many devices, half of them in use.

export function crowded(groups: number, devices: number): string {
  const numbers = Array.from({ length: groups * devices }, (_, index) => index);
  const group = (index: number): string => {
    const own = numbers.slice(index * devices, (index + 1) * devices);
    return `  group ${index + 10} behind vtd { ${own.map((each) => `device nic${each} driver vfio_pci`).join("  ")} }`;
  };
  const use = (each: number): string => `  dev${each} = open("/dev/vfio/devices/nic${each}")
${each % 2 === 0 ? `  VFIO_DEVICE_BIND_IOMMUFD(dev${each}, f)\n  VFIO_DEVICE_ATTACH_IOMMUFD_PT(dev${each}, as)\n` : ""}`;
  return `use iommufd
topology crowded {
  iommu vtd
${Array.from({ length: groups }, (_, index) => group(index)).join("\n")}
}
scenario "crowded" on crowded {
  f = open("/dev/iommu")
  as = IOMMU_IOAS_ALLOC(f)
${numbers
  .slice(0, numbers.length / 2)
  .map(use)
  .join("")}}
`;
}
