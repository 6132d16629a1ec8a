// Corners of the language that no shipped proposal has: blocks that make, end and close things while others end, calls
// without end, loops that change what they walk over, numbers of objects, sets.

import { describe, expect, test } from "vitest";
import { lowered, walkBoth, wideProblem } from "./lowering.ts";

const topology = `topology box {
  iommu vtd
  group 1 behind vtd { device nic0 driver vfio_pci   device nic1 driver vfio_pci }
  group 2 behind vtd { device nic2 driver vfio_pci }
}
`;

/** What every proposal has to say. */
const observables = `
  define may_access(f: device_fd): bool = true
  define owner(d: device): context? = none
  define dma(d: device): dma_target = blocked
`;

const bodies: Readonly<Record<string, string>> = {
  "blocks that end each other": `
    fd ctx is context opens "/dev/ctx" {
      weak peer: ctx?
      on release { if peer_of(self) != none { destroy peer_of(self) } }
    }
    define peer_of(c: ctx): ctx? = c.peer
    object part in ctx numbered {
      weak next: part?
      on destroy {
        let n = self.next
        if n != none { destroy n }
      }
    }
    ioctl PEER(a: ctx, b: ctx) { a.peer = b }
    ioctl MAKE(c: ctx) -> part { return new part {} in c }
    ioctl LINK(a: part, b: part) { a.next = b }
    ioctl END(p: part) { destroy p }`,
  "blocks that make and close": `
    fd ctx is context opens "/dev/ctx" {
      count: int
      on close { self.count = self.count + 1 }
      on release {
        let fresh = new log {}
        close fresh
      }
    }
    fd log { on close { } }
    object part in ctx { on destroy { for p in part where p.ctx == self.ctx and p != self { destroy p } } }
    ioctl MAKE(c: ctx) -> part { return new part {} in c }
    ioctl END(p: part) { destroy p }`,
  "without end": `
    fd ctx is context opens "/dev/ctx" {
      on release {
        let fresh = new ctx {}
        close fresh
      }
    }
    ioctl NOTHING(c: ctx) {}`,
  "strong and weak": `
    fd ctx is context opens "/dev/ctx" { best: part?   weak worst: part?   other: ctx? }
    object part in ctx { inner: part?   weak outer: part? }
    ioctl MAKE(c: ctx) -> part { return new part { inner: c.best } in c }
    ioctl BEST(c: ctx, p: part?) { c.best = p }
    ioctl WORST(c: ctx, p: part?) { c.worst = p }
    ioctl OTHER(c: ctx, o: ctx?) { c.other = o }
    ioctl OUTER(p: part, q: part) { p.outer = q }
    ioctl END(p: part) { destroy p }
    ioctl SWAP(p: part, c: ctx) {
      destroy p
      c.best = none
    }
    ioctl HALF(p: part, c: ctx) {
      p.inner = none
      if c.best == p { fail EBUSY "half-way" }
      destroy p
    }
    define used(p: part): bool = referenced(p)
    ioctl CHECKED(p: part) {
      require not used(p) else EBUSY "in use"
      destroy p
    }`,
  "loops over what they change": `
    fd ctx is context opens "/dev/ctx" { next: ctx?   done: bool }
    object part in ctx { weak home: ctx?   mode: enum {idle, busy} }
    ioctl MAKE(c: ctx) -> part { return new part { home: c } in c }
    ioctl DOUBLE(c: ctx) { for p in part where p.ctx == c { new part { home: p.home, mode: busy } in c } }
    ioctl MOVE(c: ctx, d: ctx) { for p in part where p.home == c { p.home = d } }
    ioctl FIRST(c: ctx) {
      for p in part where p.ctx == c {
        if first(q in part where q.ctx == c) == p { p.mode = busy } else { p.mode = idle }
      }
    }
    ioctl STOP(c: ctx) {
      for p in part where p.home == c {
        if p.mode == busy { return }
        p.mode = busy
      }
      c.done = true
    }
    ioctl CLOSE_ALL() { for c in ctx where holds(caller, c) { close c } }
    ioctl GIVE(c: ctx, t: task) { give c to t }`,
  "numbers and sets": `
    fd ctx is context opens "/dev/ctx" {}
    object a in ctx numbered {}
    object b in ctx numbered { of: a? }
    ioctl MAKE_A(c: ctx) -> a { return new a {} in c }
    ioctl MAKE_B(c: ctx, id: int) -> b {
      let found = first(x in a where x.ctx == c and x.id == id)
      require found != none or id == 1 else ENOENT "no such a"
      return new b { of: found } in c
    }
    ioctl END(c: ctx, id: int) {
      for x in a where x.ctx == c and x.id == id { destroy x }
      for x in b where x.ctx == c and x.id == id { destroy x }
    }
    ioctl END_ALL(some: set of a) { for x in some { destroy x } }
    ioctl LATE(c: ctx, x: a?) {
      require x == none or not live(x) or x.ctx == c else EINVAL "of another"
      if live(x) { destroy x }
    }
    ioctl COUNT(c: ctx, n: int) { require count(x in a where x.ctx == c) + count(x in b) == n else EINVAL "not as many" }`,
};

const cases = Object.keys(bodies).flatMap((name) => [1, 2].map((tasks) => ({ name, tasks })));

describe("corners of the language", () => {
  test.each(cases)("$name, tasks: $tasks", ({ name, tasks }) => {
    const text = `proposal corner extends core {${bodies[name]}${observables}}\n${topology}verify corner on box { tasks ${tasks}  safe }\n`;
    const problem = wideProblem(text, tasks, (kind) => (kind === "part" ? 3 : kind === "mapping" ? 1 : 2));
    for (const order of [false, true]) {
      const walked = walkBoth(problem, lowered(problem, order), 7, { walks: 2, steps: 10, refused: 0.2 });
      expect(walked.differences).toEqual([]);
      expect(walked.transitions).toBeGreaterThan(20);
    }
  });
});
