export const sample = `// A tour
use vfio, "./x.uapi"

/// Two functions.
topology dual_function {
  iommu vtd { nesting, snoop_control }
  group 26 behind vtd {                       // non-isolated
    device nic0 at "0000:06:0d.0" driver vfio_pci
    device nic1 at "0000:06:0d.1" driver none
  }
  group 27 behind vtd aliased { device snd at "0000:07:00.0" driver snd_hda_intel, device cap }
  kernel 6.12
  host default_domain = identity
}

/// Counter-proposal
/// Source: x
proposal group_bind extends core {

  /// ctx
  fd ioasid_fd opens "/dev/ioasid"

  fd group_fd opens "/dev/vfio/{group}" exclusive {
    context: ioasid_fd?
    weak mode: enum { a, b } = a, n: int
    on release {
      if context == none { destroy context } else if context is ioasid_fd { n = 1 } else { n = 2; close context }
    }
  }
  object ioasid in ioasid_fd is a, b {
    /// the parent
    parent: ioasid?
  }
  state device { busy: bool = false }

  ioctl VFIO_GROUP_BIND_IOASID_FD(g: group_fd, ctx: ioasid_fd) {
    require g.context == none                              else EBUSY "group {g.group} is already bound to {g.context}"
    require all d in g.group.devices: d.driver in {vfio_pci, none}
                                                           else EPERM "{d} is still driven by {d.driver}"
    g.context = ctx
    for x in {a, b} where x.y {
      if x.z == none {
        let y = new ioasid { parent: x } in ctx
      } else if x {
        give x to y
      }
      else {
        return
      }
    }
  }
  ioctl IOASID_ALLOC(ctx: ioasid_fd, parent: ioasid? = none) -> ioasid as out { return new ioasid { parent: parent } in ctx }
  op mmap(
    f: device_fd,
    n: int
  )
  {
    require? since 6.12 f.n < 3 else EINVAL
  }
  define dma(d: device): enum {host, blocked} = if d.x then host else blocked
  override error rule secure(d: device) "why" {
    require not d.busy or
      d.x else "m {d}"
  }
  const MAX = 2M
  role r
  type t = a | b
  remove FOO
}

scenario "a vIOMMU" on dual_function with vfio {
  ctx  = open("/dev/ioasid")
  g    = open("/dev/vfio/26"); h = open("x")

  VFIO_GROUP_BIND_IOASID_FD(g, ctx)
  mmap(dev0) violates secure_context             // nic1 is in the same group
  struct foo at = { .ioasid = gpa,
    .flags = 1 };
  at.flags = 0x1000 | 3
  ioctl(g, VFIO_GROUP_BIND, &at)
    fails EBUSY or fails EINVAL
  task vmm with uid = 1 {
    x = f(a,
      b); fails EBUSY
    parallel { task a { y = g(); } task "b c" { z = h() ok } }
  }
  assert dma(nic0) == blocked
    and not x
}

verify group_bind on dual_function, other { safe, breaks secure_context; tasks 2 }
verify vfio on t {
  never "own"
  reach "a": accessible(nic0)
    and x
  limit ioasid 2
}
`;
