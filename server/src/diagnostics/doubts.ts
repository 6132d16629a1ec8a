// What the sources leave open about the kernel's behaviour, and which reading the shipped proposals take. For
// `uapi explain doubts`. What is specific to a call stands in its doc comment; openInMails collects that.

import { membersOf, type ShippedText } from "./rules.ts";

export interface Doubt {
  readonly id: string;
  readonly question: string;
  /** What was taken for the answer, and where it shows. */
  readonly reading: string;
  readonly source: string;
}

const seed = "<20210610093842.6b9a4e5b.alex.williamson@redhat.com>";
const gate = "<20210611164529.GR1002214@nvidia.com>";
const labels = "<20210611153850.7c402f0b.alex.williamson@redhat.com>";
const goals = "<20210614140711.GI1002214@nvidia.com>";
const golden = "<20210614102814.43ada8df.alex.williamson@redhat.com>";
const scenarios = "<20210615101215.4ba67c86.alex.williamson@redhat.com>";
const splits = "<20210617151452.08beadae.alex.williamson@redhat.com>";
const answers = "<20210618001056.GB1002214@nvidia.com>";
const firmware = "<20210618095157.131eb309.alex.williamson@redhat.com>";
const stages = "<BN9PR11MB543382665D34E58155A9593C8C039@BN9PR11MB5433.namprd11.prod.outlook.com>";
const reversed = "<20210628170902.61c0aa1d.alex.williamson@redhat.com>";

const doubt = (id: string, question: string, reading: string, source: string): Doubt => ({
  id,
  question,
  reading,
  source,
});

const asked: readonly Doubt[] = [
  doubt(
    "Q1",
    "What keeps a device out of reach until its whole group is safe?",
    "A flag on the file, which the bind sets: `may_access`. In `iommufd` that is VFIO_DEVICE_BIND_IOMMUFD, not the attach; in `group_bind` the bind of the group; its variants try the other answers.",
    `${seed}; ${gate}; drivers/vfio/vfio_main.c vfio_device_fops_mmap`,
  ),
  doubt(
    "Q2",
    "Does an open group prove that its devices are isolated?",
    "No. It is a claim; the claim is checked where the IOMMU core hands over the group. Rules never look at group files, only at owners and DMA.",
    `${seed}; drivers/iommu/iommu.c iommu_group_claim_dma_owner`,
  ),
  doubt(
    "Q3",
    "If devices come before groups, how is a group made safe afterwards?",
    "The first device that is bound brings its whole group; whoever binds does not see how. `group_bind_automatic` is the reading in which the last one does it.",
    `${gate}; ${stages}; drivers/iommu/iommu.c iommu_device_claim_dma_owner`,
  ),
  doubt(
    "Q4",
    "Must vfio know whether a device is attached?",
    "No. From the first bind to the last unbind a group is blocked or in an address space of its owner, so owning it is enough: `owner` and `dma` are separate.",
    `${seed}; drivers/iommu/iommu.c __iommu_take_dma_ownership`,
  ),
  doubt(
    "Q5",
    "Can the context's file move a device, behind the back of the device's file?",
    "Not in what was merged: attach and detach are calls on the device file. `group_bind_label_attach` is the other reading.",
    `${labels}; ${goals}; drivers/vfio/device_cdev.c`,
  ),
  doubt(
    "Q6",
    "Where does DMA go after a detach?",
    "It is blocked; access stays. `group_bind_detach_default` and `ioasid_v1` send it back to the host, `group_bind_detach_forbidden` refuses.",
    `${seed}; drivers/iommu/iommu.c __iommu_group_set_core_domain`,
  ),
  doubt(
    "Q7",
    "Is moving a device a normal thing to do, and is there a gap?",
    "It is normal; what was merged replaces without one, for the whole group. In `group_bind` there is a gap, which the hazard `detach_in_use` reports when it matters.",
    `${seed}; drivers/iommu/iommu.c iommu_replace_group_handle`,
  ),
  doubt(
    "Q8",
    "May the other devices of a group be used while one is detached?",
    "Yes where the detached one is blocked or stays where its peers are. Where it is the host's again, `secure_context` breaks for all of them.",
    `${seed}; ${goals}; ${golden}`,
  ),
  doubt(
    "Q9",
    "Can the devices of one group have address spaces of their own?",
    "Not in `iommufd`: one page table for each group and PASID. `group_bind` allows it for devices that have requester IDs of their own, as the mail asks for, and refuses it for aliased groups.",
    `${seed}; ${splits}; drivers/iommu/iommufd/device.c iommufd_hw_pagetable_attach`,
  ),
  doubt(
    "Q10",
    "Would binding the group and attaching the device have worked?",
    "It breaks no rule as long as bind and detach both block: that is `group_bind` as shipped. It was not adopted; the bind of a device does the same for its group.",
    `${seed}; ${gate}`,
  ),
  doubt(
    "Q11",
    "What exactly is to be enforced?",
    "Three things: a device does DMA only within its context, nobody else controls it, nobody else's device reaches the context. They are the rules `secure_context` and `group_isolation`; a context is the file, not one address space.",
    `${goals}; ${golden}`,
  ),
  doubt(
    "Q12",
    "Who gives a device its label?",
    "In the drafts the user, so two can clash (EEXIST is a choice of ours); in `iommufd` the kernel, so they cannot.",
    `${labels}; RFC v2 of /dev/iommu, 2.2; include/uapi/linux/vfio.h out_devid`,
  ),
  doubt(
    "Q13",
    "Can a device be bound to several contexts, or a group be split over two?",
    "No, with one exception: `ioasid_v2_several_fds`, for the text allowed it. The rule `group_isolation` breaks then.",
    `${gate}; ${splits}`,
  ),
  doubt(
    "Q14",
    "Who holds what, when the context is in one file and the access in another?",
    "The device's file holds the context. Closing the context's file ends nothing; closing the device's file detaches, unbinds, and lets go.",
    `${seed}; drivers/vfio/device_cdev.c vfio_df_unbind_iommufd`,
  ),
  doubt(
    "Q15",
    "Should there be device files without a group file at all?",
    "Yes, as nodes that are of no use before the bind (6.6). Here a node is there while a vfio driver has the device.",
    `${seed}; drivers/vfio/device_cdev.c`,
  ),
  doubt(
    "Q16",
    "What stops DMA from one task's device to another's?",
    "That groups contain all that can reach each other, and have one owner. What the machine does below the IOMMU is said by the fact `p2p`, and a topology that contradicts it is refused.",
    `${seed}; drivers/iommu/iommu.c pci_device_group`,
  ),
];

const after: readonly Doubt[] = [
  doubt(
    "Q17",
    "Must the user bind and attach every member of a group?",
    "No. Members that nobody opened move along. Only `ioasid_v1` refuses commands while one is missing, with an errno (EDEADLK) that a review asked for.",
    `${gate}; RFC v1 of /dev/ioasid, 3`,
  ),
  doubt(
    "Q18",
    "Is there an unbind while the device is open?",
    "Only in `ioasid_v1`, whose text has the call and no condition; `ioasid_v1_unbind_forbidden` is what the review wanted. Everywhere else closing is the only way.",
    `${stages}`,
  ),
  doubt(
    "Q19",
    "What happens when a driver of the host takes a device of a group in use?",
    "The probe fails with EBUSY since 5.19; earlier kernels let it through and then stopped with a BUG.",
    `${answers}; drivers/iommu/iommu.c iommu_device_use_default_domain`,
  ),
  doubt(
    "Q20",
    "Is a viable group isolated, with `iommu=pt` and members without a driver?",
    "Not before it is claimed: then all members are blocked, whatever the default domain was. `host default_domain = identity` shows it.",
    `${labels}; drivers/iommu/iommu.c __iommu_take_dma_ownership`,
  ),
  doubt(
    "Q21",
    "What of devices whose firmware must always reach some memory?",
    "They cannot be claimed (EINVAL), nor can their groups. Regions that may be given up do not count as `require_direct`.",
    `${firmware}; drivers/iommu/iommu.c __iommu_device_set_domain`,
  ),
  doubt(
    "Q22",
    "What do DMA aliases do while a device moves?",
    "Whatever the group does. No state of theirs is modelled, only that they are `aliased`.",
    `${scenarios}; drivers/iommu/iommu.c get_pci_alias_group`,
  ),
  doubt(
    "Q23",
    "Who owns a member that was closed while its peers are open?",
    "The owner of the group; it can be opened again there, and nowhere else.",
    `${answers}; drivers/iommu/iommu.c iommu_device_release_dma_owner`,
  ),
  doubt(
    "Q24",
    "How does the user learn that a group is attached in part?",
    "No kernel tells. This tool does: that is what messages, causes and this command are for.",
    `${stages}`,
  ),
  doubt(
    "Q25",
    "Should the iommufd take the device, rather than the device the iommufd?",
    "Merged is the latter, and all proposals here follow it but `group_bind_label_attach`.",
    `${reversed}`,
  ),
  doubt(
    "Q26",
    "Does the container stay?",
    "Yes, twice: as it was (`vfio`), and played by an iommufd (`iommufd_compat`), which looks for some things later and for others not at all.",
    "drivers/vfio/container.c; drivers/iommu/iommufd/vfio_compat.c",
  ),
  doubt(
    "Q27",
    "Does the user decide about snooping?",
    "No. It is enforced where the IOMMU can, and KVM is told where it cannot: `vfio_kvm` has the rule. `ioasid_v2` has the attribute of the RFC.",
    "RFC v2 of /dev/iommu, 1.5; drivers/iommu/iommufd/hw_pagetable.c; virt/kvm/vfio.c",
  ),
  doubt(
    "Q28",
    "Are address spaces nested in software?",
    "Only in the RFCs. Copying mappings, which shares the pinned memory, took that place.",
    "RFC v1 of /dev/ioasid; drivers/iommu/iommufd/ioas.c iommufd_ioas_copy",
  ),
  doubt(
    "Q29",
    "How are a guest's PASIDs translated for ENQCMD?",
    "As in the RFCs there; nothing of it was merged, and the attach of later kernels takes the PASID as it is. Whether the KVM side was taken further elsewhere was not looked for.",
    "RFC v2 of /dev/iommu, 1.4 and 4.5",
  ),
  doubt(
    "Q30",
    "How do page faults reach the user?",
    "The RFCs left it open, so a fault is a call here that stands for the event. In `iommufd` a file is read; no fault is ever delivered there in this model.",
    "RFC v2 of /dev/iommu, 4.6; drivers/iommu/iommufd/fault.c",
  ),
  doubt(
    "Q31",
    "Who may reset a bus when there are no group files?",
    "Whoever has bound all devices on it to one iommufd, or a device of their groups. With group files: who has them all.",
    "drivers/vfio/pci/vfio_pci_core.c vfio_pci_dev_set_hot_reset",
  ),
];

const still: readonly Doubt[] = [
  doubt(
    "S1",
    "Why devices are in one group is nowhere to be asked.",
    "The facts `aliased` and `p2p` say it in topologies; messages name the group.",
    `${stages}; drivers/iommu/iommu.c pci_device_group`,
  ),
  doubt(
    "S2",
    "Functions without isolation from each other cannot have address spaces of their own.",
    "See Q9: only in `group_bind`.",
    `${splits}`,
  ),
  doubt(
    "S3",
    "Detaching one of several attached members changes nothing that its DMA sees.",
    "So `dma` of a detached member is what its peers have.",
    "drivers/iommu/iommufd/device.c iommufd_hw_pagetable_detach",
  ),
  doubt(
    "S4",
    "Detaching what is not attached succeeds.",
    "In `iommufd`, as in the kernel; the drafts have EINVAL, a choice of ours.",
    "drivers/vfio/iommufd.c vfio_iommufd_physical_detach_ioas",
  ),
  doubt(
    "S5",
    "Type 1 keeps registers mapped when their device is gone.",
    "The rule `registers_stay_in_context` breaks then. Newer kernels may take such mappings back; that was not looked for.",
    `${golden}; drivers/vfio/vfio_iommu_type1.c`,
  ),
  doubt(
    "S6",
    "With an iommufd in the container's place, a group can leave while its devices are open.",
    "As in the kernel, with the hazard `unset_while_open`.",
    "drivers/vfio/group.c vfio_group_ioctl_unset_container",
  ),
  doubt(
    "S7",
    "Two modules have a parameter `allow_unsafe_interrupts`.",
    "Here it is one fact of the host.",
    "drivers/vfio/vfio_iommu_type1.c; drivers/iommu/iommufd/device.c",
  ),
  doubt(
    "S8",
    "A range that wraps around: EINVAL or EOVERFLOW from type 1?",
    "EINVAL, as in 6.12; newer trees changed it.",
    "drivers/vfio/vfio_iommu_type1.c vfio_dma_do_map",
  ),
  doubt(
    "S9",
    "A token that is given with a PF is set even when the open fails afterwards.",
    "Here a failed call changes nothing, so it is not.",
    "drivers/vfio/pci/vfio_pci_core.c vfio_pci_core_match",
  ),
  doubt(
    "S10",
    "Where does the DMA of a device without IOMMU go?",
    'To `host`, for that is the value that says "not contained"; in truth it goes past every domain. So `secure_context` breaks at the first access, which no proposal can help.',
    "drivers/vfio/group.c vfio_noiommu_group_alloc",
  ),
  doubt(
    "S11",
    "Is a mediated device in its owner's context?",
    "It sends no DMA, so `dma` is `blocked` for `vfio`; what its driver pins is not followed.",
    "drivers/vfio/vfio_iommu_type1.c vfio_iommu_type1_pin_pages",
  ),
  doubt(
    "S12",
    "Whether a bus can be reset at all depends on the bus, and on every driver on it.",
    "The fact `reset_scope` says which devices go together; without it there is no such reset (ENODEV).",
    "drivers/vfio/pci/vfio_pci_core.c vfio_pci_ioctl_pci_hot_reset",
  ),
  doubt(
    "S13",
    "How long does taking a device from its driver take while somebody has it open?",
    "For as long as it is open. A call cannot wait here, so EBUSY stands for it.",
    "drivers/vfio/vfio_main.c vfio_unregister_group_dev",
  ),
];

export const doubts: readonly { readonly title: string; readonly entries: readonly Doubt[] }[] = [
  { title: "Asked in the mail of 10 June 2021", entries: asked },
  { title: "Asked right after it", entries: after },
  { title: "Open to this day, or settled by us", entries: still },
];

export interface OpenNote {
  /** `group_bind.VFIO_GROUP_BIND_IOASID_FD`. */
  readonly where: string;
  readonly text: string;
}

const marks = /^(?:Open in the mails?|Not modelled|Left out|Doubt):\s/;

/** What the doc comments of the shipped proposals say is open or left out. */
export function openInMails(shipped: readonly ShippedText[]): OpenNote[] {
  return membersOf(shipped).flatMap(({ proposal, member }) => {
    if (!("doc" in member) || !("name" in member)) return [];
    const sentences = member.doc
      .join(" ")
      .replace(/ +/g, " ")
      .split(/(?<=[.?)])\s+(?=[A-Z])/);
    const where = `${proposal}.${member.name.text}`;
    return sentences.flatMap((text) => (marks.test(text) ? [{ where, text }] : []));
  });
}
