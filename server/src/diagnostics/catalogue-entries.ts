// The entries of the catalogue, one after the other:
//   NUMBER NAME: what must hold
//     @ where it is found, as catalogue.ts says; several places are divided by semicolons
//     # what is not modelled, and why; what is off

export const entries = `
A01 group-viable: No member of a group that is handed out has a driver that uses the kernel's DMA API.
  @ core.group_isolation; vfio.VFIO_GROUP_SET_CONTAINER EPERM; group_bind.VFIO_GROUP_BIND_IOASID_FD EPERM
  @ iommufd.VFIO_DEVICE_BIND_IOMMUFD EPERM; iommufd_compat.VFIO_GROUP_GET_DEVICE_FD EPERM
A02 one-owner-per-group: All members of a group belong to one context of one user.
  @ core.group_isolation; vfio.group_fd EBUSY; group_bind_automatic.VFIO_BIND_IOASID_FD EPERM
  @ iommufd.VFIO_DEVICE_BIND_IOMMUFD EPERM; ioasid_v2.VFIO_BIND_IOMMU_FD EPERM
A03 late-host-driver: No driver of the host binds to a member while a user owns the group.
  @ core.bind_driver EBUSY; core.group_isolation
A04 access-needs-secure-context: Registers are out of reach until the whole group is blocked or in its owner's context.
  @ core.secure_context; core.mmap EINVAL; core.read EINVAL; core.VFIO_DEVICE_GET_INFO EINVAL
A05 peers-before-access: Where each device is protected by itself, all members are, before the first access to one.
  @ core.secure_context
A06 context-gate-order: First the group, then the IOMMU type, then device files and mappings.
  @ vfio.VFIO_SET_IOMMU EINVAL; vfio.VFIO_GROUP_GET_DEVICE_FD EINVAL; vfio.VFIO_IOMMU_MAP_DMA EINVAL
A07 ownership-is-not-isolation: An open group, or one that says VIABLE, is claimed at best; nothing isolates it yet.
  @ vfio.claim_only
  # Off: every careful program asks for the status.
A08 group-xor-cdev: A group is used through its own file or through those of its devices, not both.
  @ iommufd.VFIO_DEVICE_BIND_IOMMUFD EBUSY; iommufd_objects.group_fd EBUSY
A09 single-open: A group is open once in the whole system; one file of a device is bound.
  @ vfio.group_fd EBUSY; iommufd.VFIO_DEVICE_BIND_IOMMUFD EINVAL
A10 double-bind: A file is bound once, a group is in one container.
  @ vfio.VFIO_GROUP_SET_CONTAINER EINVAL; iommufd.VFIO_DEVICE_BIND_IOMMUFD EINVAL
  @ group_bind.VFIO_GROUP_BIND_IOASID_FD EBUSY; ioasid_v1.VFIO_BIND_IOASID_FD EBUSY
A11 default-domain-exposure: "Not attached" may mean the default domain, and that may be all of memory.
  @ core.secure_context
  # The message names the host's domain: \`host default_domain = identity\`.
A12 mixed-noiommu: Groups with and without IOMMU never share a container.
  @ vfio.VFIO_GROUP_SET_CONTAINER EPERM; iommufd_compat.VFIO_GROUP_GET_DEVICE_FD EPERM
B01 detach-with-access: A device that can still be reached is not detached.
  @ core.secure_context; group_bind.detach_in_use; ioasid_v2.detach_in_use; iommufd.detach_in_use
  @ group_bind_detach_forbidden.VFIO_DEVICE_DETACH_IOASID EBUSY
B02 peer-detached: No member is outside the context while another one can be reached.
  @ core.secure_context; iommufd.detach_without_effect
  # Off in iommufd, where the detached one just follows its peers.
B03 non-atomic-move: A move is a replacement; detach and attach leave a gap.
  @ group_bind.detach_in_use; iommufd.detach_in_use; core.secure_context
B04 move-moves-peers: Where a group has one page table, moving a member moves all.
  @ iommufd.move_moves_peers
B05 context-released-while-open: The context is not released while a device is open.
  @ vfio.VFIO_GROUP_UNSET_CONTAINER EBUSY; iommufd_objects.IOMMU_DESTROY EBUSY; group_bind.IOASID_FREE EBUSY
  @ iommufd_compat.unset_while_open; lifetime
B06 close-is-not-revoke: Closing the context's file takes no access away.
  @ core.close_is_no_revoke
  # Off: closing in any order is legal.
B07 parked-member: A member that was closed stays with the group's owner until the last peer leaves.
  @ core.bind_driver EBUSY; iommufd.VFIO_DEVICE_BIND_IOMMUFD EPERM
B08 self-blocking-unbind: Taking a device from its driver waits until all its files are closed.
  @ core.unbind_driver EBUSY
  # The errno stands for a wait.
B09 last-group-wipes-maps: The last group takes the IOMMU type and all mappings of its container along.
  @ vfio.mappings_lost
  # Info, for it is how a teardown looks, too.
C01 use-after-close: A file that was closed, or an object that is gone, is not used.
  @ errno EBADF; errno ENOENT
C02 destroy-busy: Children go before parents; what is in use stays.
  @ iommufd_objects.IOMMU_DESTROY EBUSY; group_bind.IOASID_FREE EBUSY; ioasid_v1.IOASID_FREE EBUSY; lifetime
C03 foreign-or-wrong-id: Ids mean something in one context only, and have a type.
  @ iommufd.VFIO_DEVICE_ATTACH_IOMMUFD_PT ENOENT; iommufd.IOMMU_HWPT_ALLOC EINVAL
  @ group_bind.VFIO_DEVICE_ATTACH_IOASID ENOENT; ioasid_v2.IOMMU_IOASID_ALLOC ENOENT
C04 double-destroy: A thing is destroyed once.
  @ iommufd_objects.IOMMU_DESTROY ENOENT; errno ENOENT
C05 leak: What was opened or mapped is given back.
  @ core.leak
  # Off, and looked at only when a task ends: otherwise nobody says that it should be clean.
C06 fd-sharing: A file that was passed on lives on; memory belongs to the process that mapped it.
  # What memory holds and who has pinned it is not modelled. Who holds a file is: \`trace\` shows it.
C07 replace-without-attach: What is replaced was attached before.
  # No user can ask for it: the second attach is the replacement, the first is none.
C08 detach-noop: Detaching what is not attached does nothing.
  @ group_bind.VFIO_DEVICE_DETACH_IOASID EINVAL; ioasid_v1.VFIO_DETACH_IOASID EINVAL; iommufd.detach_nothing
  # Off in iommufd, which lets it pass.
C09 auto-page-tables: A page table that the kernel made goes with its last device.
  @ iommufd_objects.IOMMU_DESTROY ENOENT; iommufd.VFIO_DEVICE_ATTACH_IOMMUFD_PT ENOENT
D01 label-unique: A label names one device in its context.
  @ group_bind_labels.VFIO_BIND_IOASID_FD EEXIST; ioasid_v2.VFIO_BIND_IOMMU_FD EEXIST
D02 label-undefined: A label means something from bind to close.
  @ group_bind_label_attach.IOASID_ATTACH_DEVICE ENOENT; ioasid_v2.IOMMU_DEVICE_GET_INFO ENOENT
D03 relabel: A device keeps its label.
  @ group_bind_labels.VFIO_BIND_IOASID_FD EBUSY
D04 virtual-id-unique: A virtual id is unique in its vIOMMU, and a device has one.
  @ iommufd.IOMMU_VDEVICE_ALLOC EEXIST
E01 group-granularity: What the IOMMU cannot tell apart uses one address space.
  @ core.requester_id; group_bind.VFIO_DEVICE_ATTACH_IOASID EINVAL; iommufd.VFIO_DEVICE_ATTACH_IOMMUFD_PT EINVAL
  @ ioasid_v2.VFIO_ATTACH_IOASID EINVAL
E02 partial-attach: A group is attached as a whole.
  @ ioasid_v1.IOASID_MAP_DMA EDEADLK
  # iommufd needs no such rule: the group moves as one.
E03 iommu-compatibility: A page table fits the devices of one IOMMU.
  @ iommufd.VFIO_DEVICE_ATTACH_IOMMUFD_PT EINVAL; ioasid_v1.VFIO_ATTACH_IOASID EINVAL
E04 why-grouped: People are told why devices are one group.
  @ core.one_group_below_iommu
  # Topologies can say what joins devices (\`aliased\`, \`p2p\`); no kernel tells its user.
E05 one-guest-address-space: A group cannot serve two address spaces.
  @ vfio.VFIO_GROUP_SET_CONTAINER EINVAL; iommufd.VFIO_DEVICE_ATTACH_IOMMUFD_PT EINVAL
F01 map-overlap: No mapping is replaced by another.
  @ vfio.VFIO_IOMMU_MAP_DMA EEXIST; iommufd_objects.IOMMU_IOAS_MAP EEXIST; ioasid_v1.IOASID_MAP_DMA EEXIST
F02 map-unaligned: Mappings are made of the IOMMU's pages.
  @ vfio.VFIO_IOMMU_MAP_DMA EINVAL; iommufd_objects.IOMMU_IOAS_MAP EINVAL
  @ iommufd.VFIO_DEVICE_ATTACH_IOMMUFD_PT EADDRINUSE
F03 map-zero-or-wrap: A range has a size and does not wrap around.
  @ vfio.VFIO_IOMMU_MAP_DMA EINVAL; iommufd_objects.IOMMU_IOAS_MAP EOVERFLOW
F04 map-reserved: Nothing is mapped where the IOMMU cannot translate.
  @ vfio.VFIO_IOMMU_MAP_DMA EINVAL; vfio.VFIO_GROUP_SET_CONTAINER EINVAL
  @ iommufd.VFIO_DEVICE_ATTACH_IOMMUFD_PT EADDRINUSE
F05 map-permission: A mapping can be read or written, and a copy no more than its source.
  @ vfio.VFIO_IOMMU_MAP_DMA EINVAL; iommufd_objects.IOMMU_IOAS_COPY EPERM
F06 unmapped-dma: DMA to addresses that are not mapped goes nowhere.
  # The accesses of the device itself are no calls.
F07 partial-unmap: Mappings are unmapped whole.
  @ vfio.VFIO_IOMMU_UNMAP_DMA EINVAL; vfio.partial_unmap; iommufd_objects.IOMMU_IOAS_UNMAP ENOENT
F08 unmap-nothing: Something is there to unmap.
  @ vfio.unmap_nothing; iommufd_objects.IOMMU_IOAS_UNMAP ENOENT
  # Off in vfio, where it is no error.
F09 map-before-context: Mapping needs a context.
  @ vfio.VFIO_IOMMU_MAP_DMA EINVAL; ioasid_v1.IOASID_MAP_DMA EDEADLK
F10 stale-memory: Memory stays where it is until it is unmapped.
  # What memory holds and who has pinned it is not modelled.
F11 limits: Locked memory and the number of mappings are limited.
  @ vfio.VFIO_IOMMU_MAP_DMA ENOMEM; vfio.VFIO_IOMMU_MAP_DMA ENOSPC; iommufd_objects.IOMMU_IOAS_MAP ENOSPC
F12 double-accounting: Memory that is mapped twice is charged twice.
  @ vfio.VFIO_IOMMU_MAP_DMA ENOMEM
  # That it is the same memory cannot be seen; what it costs can.
F13 allowed-iova-conflict: What is allowed is not reserved.
  @ iommufd_objects.IOMMU_IOAS_ALLOW_IOVAS EADDRINUSE; iommufd.VFIO_DEVICE_ATTACH_IOMMUFD_PT EADDRINUSE
F14 mmio-map: Registers are mapped for DMA only where that can be taken back.
  @ vfio.registers_stay_in_context; iommufd_objects.IOMMU_IOAS_MAP EFAULT
  # The mapping itself is legal in vfio.
F15 ranges-stale: Usable addresses change with every attach.
  @ iommufd_objects.IOMMU_IOAS_MAP EINVAL; iommufd_objects.IOMMU_IOAS_IOVA_RANGES EMSGSIZE
F16 option-order: Options come before the objects that they change.
  @ iommufd_objects.IOMMU_OPTION EBUSY; iommufd_objects.IOMMU_OPTION EADDRINUSE
G01 cache-coherency: A device whose DMA cannot be kept coherent is not handed out.
  @ core.bind_driver EINVAL; iommufd.VFIO_DEVICE_BIND_IOMMUFD EINVAL
G02 no-snoop-mismatch: A page table that makes DMA snoop takes only devices that can be made to.
  @ ioasid_v2.VFIO_ATTACH_IOASID EINVAL
  # vfio answers VFIO_DMA_CC_IOMMU with 0 and goes on.
G03 guest-flushes-caches: A virtual machine knows of every device that evades the caches.
  @ vfio_kvm.guest_flushes_caches
G04 msi-isolation: Interrupts cannot be forged.
  @ vfio.VFIO_SET_IOMMU EPERM; vfio.VFIO_GROUP_SET_CONTAINER EPERM; iommufd.VFIO_DEVICE_BIND_IOMMUFD EPERM
  @ vfio.unsafe_interrupts
G05 firmware-direct-map: A device whose firmware needs memory mapped is never blocked, so not handed out.
  @ vfio.VFIO_GROUP_SET_CONTAINER EINVAL; iommufd.VFIO_DEVICE_BIND_IOMMUFD EINVAL
  @ group_bind.VFIO_GROUP_BIND_IOASID_FD EINVAL; ioasid_v2.VFIO_BIND_IOMMU_FD EINVAL
H01 nest-parent-kind: A user's page table needs a parent of the kernel's that was made for it.
  @ iommufd.IOMMU_HWPT_ALLOC EINVAL; ioasid_v2.IOMMU_IOASID_ALLOC EINVAL; ioasid_v1.IOASID_BIND_PGTABLE EINVAL
H02 nested-parent-lifetime: The parent outlives the child.
  @ iommufd_objects.IOMMU_DESTROY EBUSY; ioasid_v1.VFIO_ATTACH_IOASID EINVAL; lifetime
H03 invalidate: Only nested page tables have caches to invalidate.
  @ iommufd.IOMMU_HWPT_INVALIDATE ENOENT; ioasid_v1.IOASID_INVALIDATE_CACHE EINVAL
H04 parent-change: A parent does not change under a child that was merged with it.
  @ ioasid_v2.parent_changed; ioasid_v2.IOMMU_MAP_DMA EBUSY
H05 fault-queue: One answer for each fault, and queues go last.
  @ ioasid_v1.IOASID_COMPLETE_FAULT ENOENT; iommufd.IOMMU_HWPT_ALLOC EOPNOTSUPP; iommufd_objects.IOMMU_DESTROY EBUSY
  # In iommufd no fault is ever delivered.
H06 viommu-order: First the vIOMMU on a parent, then its devices, then what is attached to it.
  @ iommufd.IOMMU_VIOMMU_ALLOC EINVAL; iommufd.VFIO_DEVICE_ATTACH_IOMMUFD_PT ENOENT
  @ iommufd.IOMMU_VDEVICE_ALLOC EINVAL
H07 pasid-support: PASIDs need a device and page tables that can do them.
  @ iommufd.VFIO_DEVICE_ATTACH_IOMMUFD_PT EOPNOTSUPP; iommufd.VFIO_DEVICE_ATTACH_IOMMUFD_PT EINVAL
  @ ioasid_v1.VFIO_ATTACH_IOASID EINVAL
H08 virtual-pasids: Who manages PASIDs decides how they are attached.
  @ ioasid_v1.VFIO_ATTACH_IOASID EBUSY; ioasid_v2.VFIO_ATTACH_IOASID EINVAL
H09 enqcmd-mix: Devices that need PASIDs translated by the CPU, and those that must not have it, do not mix.
  @ ioasid_v2.pasid_mix; ioasid_v2.enqcmd EACCES
H10 per-group-pasid: A PASID is attached for the whole group.
  @ iommufd.VFIO_DEVICE_ATTACH_IOMMUFD_PT EINVAL
  # That peers move along is not reported.
I01 emulated-no-page-table: An emulated device has no page table: it attaches to an IOAS.
  @ iommufd.VFIO_DEVICE_ATTACH_IOMMUFD_PT ENOENT; iommufd.IOMMU_HWPT_ALLOC ENOENT; iommufd.pin_pages ENOENT
I02 emulated-unpin: The driver of an emulated device lets go of memory when it is told to.
  # A duty of kernel drivers, which no call can break.
I03 noiommu-taint: A device without IOMMU is not isolated from anything.
  @ core.noiommu_taint; core.secure_context; vfio.group_fd EPERM; vfio.VFIO_SET_IOMMU EPERM
  @ vfio.VFIO_IOMMU_MAP_DMA ENOTTY
I04 vf-token: Users of a PF and its VFs share a token.
  @ vfio.VFIO_GROUP_GET_DEVICE_FD EACCES; vfio.VFIO_GROUP_GET_DEVICE_FD EINVAL
I05 pf-with-vfs: A PF that has VFs is not handed out.
  @ core.bind_driver EBUSY
J01 p2p-between-tasks: Devices of two owners cannot reach each other below the IOMMU.
  @ core.one_group_below_iommu; core.group_isolation
J02 p2p-mapping-stale: Registers are not mapped for DMA longer than their device is owned.
  @ vfio.registers_stay_in_context
J03 alias-control: Nobody can be made to act by a device that he does not own.
  @ core.group_isolation; core.secure_context
J04 hot-reset-ownership: Who resets a bus owns all that is on it.
  @ vfio.VFIO_DEVICE_PCI_HOT_RESET EINVAL; vfio.VFIO_DEVICE_GET_PCI_HOT_RESET_INFO ENOSPC
J05 reset-disturbs-peers: A bus reset hits all that is on the bus.
  @ vfio.reset_hits_peers
  # Off: whether the others were put to rest cannot be seen.
J06 quiesce-before-release: A device rests before its memory is taken away.
  # The accesses of the device itself are no calls.
K01 kvm-before-open: KVM knows the device before it is opened.
  @ vfio_kvm.kvm_after_open; vfio_kvm.KVM_DEV_VFIO_FILE_ADD EINVAL; vfio_kvm.KVM_DEV_VFIO_FILE_ADD EEXIST
  @ vfio_kvm.KVM_CREATE_DEVICE EBUSY
K02 kvm-del-order: KVM forgets a file before it is closed.
  @ vfio_kvm.KVM_DEV_VFIO_FILE_DEL ENOENT; errno EBADF
K03 dirty-tracking: Tracking is started before it is read, where all can do it.
  @ vfio.VFIO_IOMMU_DIRTY_PAGES EINVAL; vfio.VFIO_IOMMU_DIRTY_PAGES EACCES
  @ iommufd.IOMMU_HWPT_SET_DIRTY_TRACKING EOPNOTSUPP; iommufd.IOMMU_HWPT_ALLOC EOPNOTSUPP
  @ vfio.VFIO_DEVICE_FEATURE_DMA_LOGGING_START E2BIG; vfio.VFIO_DEVICE_FEATURE_DMA_LOGGING_REPORT EINVAL
K04 migration-arc: A device's state moves along legal arcs only.
  @ vfio.VFIO_DEVICE_FEATURE_MIG_DEVICE_STATE EINVAL; vfio.VFIO_DEVICE_FEATURE_MIG_DEVICE_STATE ENOTTY
L01 capability: Some calls need a capability.
  @ vfio.group_fd EPERM; vfio.VFIO_SET_IOMMU EPERM
  # The modes of files (EACCES) are not modelled.
L02 topology-consistency: A topology is one that a machine can have.
  @ core.virtual_function; core.one_group_below_iommu; core.made_up_group; bad-topology
L03 redundant-op: Every call has an effect.
  # Not looked for: it would speak up in every scenario that shows what a call does not do.
L04 expectation-mismatch: A scenario expects what happens.
  @ expectation
L05 struct-rules: Flags are known ones.
  @ vfio.VFIO_IOMMU_MAP_DMA EINVAL; iommufd_objects.IOMMU_IOAS_MAP EOPNOTSUPP
  # Sizes and reserved fields of structs are not modelled.
`;
