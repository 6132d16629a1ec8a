// Texts to edit, each with lines that make sense somewhere in it.

export interface Start {
  readonly name: string;
  readonly text: string;
  readonly pool: readonly string[];
}

const topology = `topology two {
  iommu vtd
  group 26 behind vtd {
    device nic0 driver vfio_pci
    device nic1 driver vfio_pci
  }
  group 27 behind vtd { device snd driver e1000e }
}
`;

const shippedLines = [
  '  ctx = open("/dev/ioasid")',
  '  ctx2 = open("/dev/ioasid")',
  '  g = open("/dev/vfio/26")',
  '  g = open("/dev/vfio/26") fails EBUSY',
  '  g2 = open("/dev/vfio/26") ok or fails EBUSY',
  '  g3 = open("/dev/vfio/27")',
  "  VFIO_GROUP_BIND_IOASID_FD(g, ctx)",
  "  VFIO_GROUP_BIND_IOASID_FD(g, ctx2) fails EBUSY",
  "  dev = VFIO_GROUP_GET_DEVICE_FD(g, nic0)",
  "  dev1 = VFIO_GROUP_GET_DEVICE_FD(g, nic1)",
  "  dev1 = VFIO_GROUP_GET_DEVICE_FD(g, snd)",
  "  as = IOASID_ALLOC(ctx)",
  "  as2 = IOASID_ALLOC(ctx, as)",
  "  IOASID_FREE(as)",
  "  VFIO_DEVICE_ATTACH_IOASID(dev, as)",
  "  VFIO_DEVICE_ATTACH_IOASID(dev1, as2)",
  "  VFIO_DEVICE_DETACH_IOASID(dev)",
  "  VFIO_DEVICE_DETACH_IOASID(dev) violates secure_context",
  "  bar = mmap(dev)",
  "  bar2 = mmap(dev1)",
  "  munmap(bar)",
  "  close(dev)",
  "  close(dev1)",
  "  close(g)",
  "  close(ctx)",
  "  // uapi-allow errno: it may",
  "  close(g) // uapi-allow errno, secure_context: it may",
  "  /* open",
  "  // uapi-allow errno",
  "  b = ctx",
  "  c = ctx",
  "  ctx = g",
  "  ctx = 1",
  "  exit()",
  "  send(dev1, other)",
  "  send(dev, other)",
  "  task other { close(dev1) }",
  "  task other {",
  "  task main {",
  "  }",
  "  parallel {",
  "  parallel { task other { close(dev1) } task main { close(dev1) } }",
  '  parallel { task other { g2 = open("/dev/vfio/26") ok or fails } task main { close(g) } }',
  "  assert dma(nic0) == blocked",
  "  assert accessible(nic1, other) or owner(nic0) == ctx",
  "  assert count(x in fd) == 2",
  "  at = { .g = g, .ctx = ctx }",
  "  at.ctx = ctx2",
  "  VFIO_GROUP_BIND_IOASID_FD(at)",
  "  unbind_driver(nic1)",
  "  bind_driver(nic1, e1000e)",
  "  // a comment",
  "",
  "}",
  'scenario "another" on two with group_bind_detach_default {',
  'scenario "another" on two with group_bind {',
  "use group_bind_detach_default",
  "use group_bind",
  "    device cap driver none",
  "    device nic1 driver none",
];

const shipped = `use group_bind, group_bind_detach_default
${topology}
scenario "first" on two with group_bind_detach_default {
  ctx = open("/dev/ioasid")
  g = open("/dev/vfio/26")
  VFIO_GROUP_BIND_IOASID_FD(g, ctx)
  dev = VFIO_GROUP_GET_DEVICE_FD(g, nic0)
  dev1 = VFIO_GROUP_GET_DEVICE_FD(g, nic1)
  as = IOASID_ALLOC(ctx)
  VFIO_DEVICE_ATTACH_IOASID(dev, as)
  bar = mmap(dev)
  VFIO_DEVICE_DETACH_IOASID(dev)
  send(dev1, other)
  parallel {
    task other {
      close(dev1)
    }
    task main {
      close(dev1)
      munmap(bar)
    }
  }
  close(dev)
  assert accessible(nic0)
}

scenario "second" on two with group_bind {
  g = open("/dev/vfio/26")
  g2 = open("/dev/vfio/26")
  task other { open("/dev/vfio/26") fails EBUSY }
}
`;

const own = `/// Three calls.
proposal mine extends core {
  role holder
  fd a_fd is holder opens "/dev/a" exclusive {
    n: int = 1
    next: b_fd?
    on open { require host.limit > 0 else ENOSPC "limit {host.limit}" }
    on release { host.log = host.log + 1 }
  }
  fd b_fd is holder opens "/dev/b/{device.node}" { weak last: a_fd?  mode: enum { slow, fast } }
  object o in a_fd { of: b_fd?  id: int }
  state host { log: int, limit: int = 3 }
  fact device { node: string?, tags: set of string = {red, blue} }
  const LIMIT = 2
  ioctl SET(f: a_fd, b: b_fd?, n: int = LIMIT) {
    require n < 9 else EINVAL "{n} is too much for {f.next}"
    f.n = n
    f.next = b
  }
  ioctl NOTE(b: b_fd, a: a_fd) { b.last = a }
  ioctl NEW(f: a_fd, id: int) -> o as out {
    require not any x in o: x.id == id else EEXIST "id {id} is taken"
    return new o { id: id, of: f.next } in f
  }
  op DROP(x: o) { destroy x }
  op TAG(d: device, tag: string) {
    require tag in d.tags else EINVAL "{d} has {d.tags}, and {first(t in d.tags)} first"
  }
  define size: int = count(x in o)
  define may_access(f: device_fd): bool = true
  define owner(d: device): context? = none
  define dma(d: device): dma_target = if host.log > 1 then host else blocked
  rule few(f: a_fd) "few is good" { require f.n < 4 or size < 2 else "{f} has {f.n} and {size}" }
  warning rule no_orphans(b: b_fd) { require b.last == none or b.last.next == b else "{b} is an orphan of {b.last}" }
}

topology box {
  iommu vtd
  group 1 behind vtd { device nic node = one, device snd node = two tags = {green, red} }
  host limit = 2
}

scenario "tour" on box {
  a = open("/dev/a")
  b = open("/dev/b/one")
  SET(a, b)
  NOTE(b, a)
  x = NEW(a, 1)
  y = NEW(a, 1)
  SET(a, none, n: 5)
  TAG(nic, red)
  TAG(snd, blue)
  task t {
    c = open("/dev/a")
    d = open("/dev/b/two")
  }
  parallel {
    task t {
      NOTE(d, a)
      close(d)
    }
    task main {
      z = NEW(a, 2)
      close(a)
    }
  }
  DROP(x)
  close(b)
}
`;

const ownLines = [
  '  a = open("/dev/a")',
  '  a2 = open("/dev/a") fails EBUSY',
  '  b = open("/dev/b/one")',
  '  b = open("/dev/b/two")',
  "  SET(a, b)",
  "  SET(a, none)",
  "  SET(a, b, n: 9)",
  "  SET(a, b, 5) violates few",
  "  NOTE(b, a)",
  "  x = NEW(a, 1)",
  "  y = NEW(a, 2)",
  "  z = NEW(a, 3) fails EEXIST",
  "  at = { .f = a, .id = 7 }",
  "  ioctl(a, NEW, &at);",
  "  assert at.id == 7",
  "  DROP(x)",
  "  DROP(y)",
  "  DROP(at.out)",
  "  close(a)",
  "  close(b)",
  "  p = a",
  "  q = a",
  "  a = b",
  "  a = none",
  "  TAG(nic, green)",
  "  TAG(snd, yellow)",
  "  TAG(nic, violet)",
  "  TAG(snd, none)",
  "  TAG(snd, zebra)",
  "  send(a, t)",
  "  exit()",
  "  assert size == 1 and host.log == 0",
  "  assert first(t in snd.tags) == red",
  "  task t { close(a) }",
  "  task t with level = 2 {",
  "  task t {",
  "  parallel {",
  "  parallel { task t { close(a) } task main { SET(a, b) } }",
  "  }",
  "}",
  "  const LIMIT = 3",
  "  ioctl SET(f: a_fd, b: b_fd?, n: int = LIMIT) {",
  "    f.n = n + 1",
  "    require f.n > 0 else EPERM",
  "    mode: enum { slow, fast, stopped }",
  "  weak last: b_fd?",
  "  state task { level: int }",
  "  remove few",
  '  rule few(f: a_fd) { require f.n < 3 else "{f}" }',
  "  define size: int = count(x in o where x.id > 1)",
  "  group 1 behind vtd { device nic node = one, device snd node = two tags = {yellow, red, green} }",
  "  group 1 behind vtd { device nic node = one tags = {violet, green, blue}, device snd node = two }",
  "  group 1 behind vtd { device nic node = one, device snd node = two tags = {zebra, blue} }",
  "  group 1 behind vtd { device nic node = one, device snd node = two tags = {blue, zebra} }",
  "  host limit = 0",
  "  kernel 6.12",
  'scenario "more" on box {',
  "topology box {",
  "abstract proposal mine extends core {",
  "proposal mine extends core {",
  "proposal other extends mine {",
  "verify mine on box { safe }",
  "/// Documentation",
  "// a comment",
  "",
];

const flat = `use vfio
${topology}
scenario "flat" on two {
  c = open("/dev/vfio/vfio")
  g = open("/dev/vfio/26")
  VFIO_GROUP_SET_CONTAINER(g, c)
  VFIO_SET_IOMMU(c, VFIO_TYPE1_IOMMU)
  VFIO_IOMMU_MAP_DMA(c, 0, 4K)
  VFIO_IOMMU_MAP_DMA(c, 4K, 4K)
  VFIO_IOMMU_MAP_DMA(c, 8K, 4K)
  n = VFIO_IOMMU_UNMAP_DMA(c, 0, 8K)
  assert n == 8K
  dev = VFIO_GROUP_GET_DEVICE_FD(g, nic0)
  bar = mmap(dev)
  close(c)
  close(g)
  close(dev)
  munmap(bar)
  assert count(x in fd) == 0
}
`;

const flatLines = [
  '  c = open("/dev/vfio/vfio")',
  '  d = open("/dev/vfio/vfio")',
  '  g = open("/dev/vfio/26")',
  '  h = open("/dev/vfio/26") fails EBUSY',
  '  h = open("/dev/vfio/26") // uapi-allow errno: it may',
  "  // uapi-allow errno: it may",
  "  VFIO_GROUP_SET_CONTAINER(g, c)",
  "  VFIO_GROUP_SET_CONTAINER(g, d)",
  "  VFIO_GROUP_UNSET_CONTAINER(g)",
  "  VFIO_SET_IOMMU(c, VFIO_TYPE1_IOMMU)",
  "  VFIO_IOMMU_MAP_DMA(c, 0, 4K)",
  "  VFIO_IOMMU_MAP_DMA(c, 4K, 8K)",
  "  VFIO_IOMMU_MAP_DMA(c, 64K, 4K)",
  "  n = VFIO_IOMMU_UNMAP_DMA(c, 0, 8K)",
  "  n = VFIO_IOMMU_UNMAP_DMA(c, 0, 0, flags: 2)",
  "  assert n == 4K",
  "  assert count(e in dma_entry) == 2",
  "  assert dma(nic0) == c and dma(snd) == host",
  "  dev = VFIO_GROUP_GET_DEVICE_FD(g, nic0)",
  "  dev = VFIO_GROUP_GET_DEVICE_FD(g, nic1)",
  "  dev = VFIO_GROUP_GET_DEVICE_FD(g, snd)",
  "  bar = mmap(dev)",
  "  munmap(bar)",
  "  read(dev)",
  "  close(c)",
  "  close(g)",
  "  close(dev)",
  "  close(d)",
  "  exit()",
  "  task other { exit() }",
  "  x = c",
  "  c = d",
  "  at = { .iova = 16K, .size = 4K }",
  "  VFIO_IOMMU_MAP_DMA(c, at)",
  "  ioctl(c, VFIO_IOMMU_UNMAP_DMA, &at);",
  "  assert at.size == 4K",
  "  unbind_driver(nic0)",
  "  bind_driver(nic0, e1000e)",
  "  }",
  "}",
  'scenario "more" on two {',
  "",
];

/** What is less than some lines away from an edit is read again, and all that hangs on it is done again. */
const padding = `\nabstract proposal far_away {\n${"  // far away\n".repeat(80)}}\n`;
const far = (text: string): string => text.replace("\nscenario ", `${padding}\nscenario `);

export const starts: readonly Start[] = [
  { name: "shipped proposals", text: shipped, pool: shippedLines },
  { name: "shipped proposals, far away", text: far(shipped), pool: shippedLines },
  { name: "a proposal of its own", text: own, pool: ownLines },
  { name: "a proposal of its own, far away", text: far(own), pool: ownLines },
  { name: "one long scenario, far away", text: far(flat), pool: flatLines },
];
