// What `uapi export tla` writes is TLA+, and says the same as the Machine: read and run by an evaluator that knows nothing
// of it (support/tla.ts).

import { describe, expect, test } from "vitest";
import type { Problem } from "../../server/src/explore/problem.ts";
import { walk } from "../../server/src/explore/walk.ts";
import { shippedNames, sideOf } from "../../server/src/features/compare/side.ts";
import { tla } from "../../server/src/interop/tla.ts";
import { NotInTla } from "../../server/src/interop/tla-names.ts";
import dev from "../cases/explore/dev.uapi";
import { memoryFiles } from "../support/memory-files.ts";
import { finish, posedIn, problemOf, unlimited } from "../support/problems.ts";
import { readTla, type TlaModule } from "../support/tla.ts";
import { textOf } from "../support/tla-values.ts";

interface Visited {
  readonly states: number;
  readonly transitions: number;
  /** By invariant: at what depth it was first broken. */
  readonly broken: Readonly<Record<string, number>>;
}

function visit(module: TlaModule, invariants: readonly string[]): Visited {
  const known = new Set<string>();
  const broken: Record<string, number> = {};
  let transitions = 0;
  let depth = 0;
  let found = [module.init()].filter((state) => !known.has(textOf(state)));
  while (found.length > 0) {
    const next: typeof found = [];
    for (const state of found) {
      const key = textOf(state);
      if (known.has(key)) continue;
      known.add(key);
      for (const name of invariants)
        if (broken[name] === undefined && module.value(name, state) !== true) broken[name] = depth;
      const successors = module.next(state);
      transitions += successors.length;
      next.push(...successors);
    }
    found = next;
    depth++;
  }
  return { states: known.size, transitions, broken };
}

const export_ = (problem: Problem) => tla({ problem, said: problem.goals.map(() => "so"), bounds: [] });

const invariantsOf = (config: string): string[] =>
  (/INVARIANTS\n((?: {2}.*\n)*)/.exec(config)?.[1] ?? "")
    .trim()
    .split(/\s+/)
    .filter((name) => name !== "");

function sameCounts(problem: Problem): Visited {
  const { module, config } = export_(problem);
  const visited = visit(readTla(module), invariantsOf(config));
  const { states, transitions } = finish(walk({ ...problem, goals: [] }, unlimited));
  expect({ states: visited.states, transitions: visited.transitions }).toEqual({ states, transitions });
  return visited;
}

describe("as many states and transitions as on the Machine", () => {
  test("a model that is only hardware", () => {
    const [first] = posedIn(dev);
    if (first === undefined) throw new Error("no model");
    expect(sameCounts(first.problem)).toEqual({ states: 162, transitions: 816, broken: {} });
  });

  test("files and objects, owners, numbers, weak fields, blocks, loops, what is kept of a failure, two tasks", () => {
    const problem = problemOf(everything);
    const { broken } = sameCounts(problem);
    const { found } = finish(walk(problem, unlimited));
    const lengths = found.map((path) => path?.length ?? null);
    // What happens on the way is asked of the state before.
    expect(broken).toEqual({
      small: lengths[0],
      lifetime: (lengths[1] ?? 0) - 1,
      never_odd: (lengths[2] ?? 0) - 1,
    });
  });

  test("ranges, in a shipped proposal", () => {
    const problem = problemOf(`use ioasid_v1
topology small {
  iommu vtd { aperture = range(0, 1G)  reserved = {range(1M, 64K)} }
  group 1 behind vtd { device a1 driver vfio_pci }
}
verify ioasid_v1 on small {
  safe
  limit ioasid_fd 1
  limit ioasid 1
  limit mapping 0
}
`);
    sameCounts(problem);
  });
});

const everything = `
proposal everything extends core {
  remove exit
  remove mmap
  remove munmap

  fd box_fd is context, address_space opens "/dev/box" {
    last: leaf?
    weak hint: leaf?
    spoilt: bool
    on close { self.last = none }
    on release { for g in group { g.count = 0 } }
  }
  state group { count: int }

  object leaf in box_fd numbered {
    kind: enum {plain, odd} = plain
    before: leaf?
    size: range = range(0, 1)
    on destroy { if self.kind == odd { self.box_fd.spoilt = true } }
  }

  ioctl ADD(b: box_fd, strange: bool) -> leaf {
    require count(l in leaf where l.box_fd == b) < (3 & 6 | 0) else ENOSPC "{b} is full"
    let first_one = first(l in leaf where l.box_fd == b)
    let made = new leaf { before: first_one, size: range(8, sum(l in leaf where l.box_fd == b: l.id & 3 | 4)) } in b
    if strange { made.kind = odd } else { b.hint = made }
    require made.kind != odd else warning odd "{made} is odd"
    if b.last == none { b.last = made }
    return made
  }
  ioctl DROP(b: box_fd, number: int) {
    let found = first(l in leaf where l.box_fd == b and l.id == number)
    require found != none else ENOENT "{b} has no {number}"
    destroy found
    if b.spoilt { fail EIO "{b} is spoilt" }
    b.last = none
  }
  ioctl CLEAR(leaves: set of leaf) {
    for l in leaves where l.kind == plain { destroy l }
    for g in group where overlaps(range(0, 2), range(g.count, 1)) { g.count = g.count + 1 }
  }
  hazard odd "a leaf is odd"

  rule small(g: group) "not every group was cleared twice" {
    let most = if g.count > 1 then g.count else 0
    require most == 0 else "{g} was cleared {most} times"
  }

  define may_access(f: device_fd): bool = false
  define owner(d: device): context? = none
  define dma(d: device): dma_target = blocked
}
topology t {
  iommu vtd
  group 1 behind vtd { device a1 driver vfio_pci }
}
verify everything on t {
  breaks small
  breaks lifetime
  breaks odd
  tasks 2
  limit box_fd 1
  limit leaf 2
}
`;

describe("every shipped proposal is TLA+", () => {
  const lab = `topology lab {
  iommu vtd { aperture = range(0, 1G)  reserved = {range(1M, 64K)} }
  group 1 behind vtd { device a1 driver vfio_pci   device a2 driver vfio_pci }
}
`;
  const files = memoryFiles(new Map([["lab.uapi", lab]]));
  const posed = (name: string, limits: readonly string[]): Problem => {
    const side = sideOf(files, {
      proposal: { file: null, name },
      topology: { file: "lab.uapi", name: "lab" },
      claim: "safe",
      bounds: ["limit mapping 0", ...limits],
    });
    if ("wrong" in side) throw new Error(side.wrong);
    return side.posed.problem;
  };

  /** With the calls left out that ask about numbers beyond what TLC counts, as the message says. */
  const exported = (name: string, limits: readonly string[] = []): ReturnType<typeof export_> => {
    try {
      return export_(posed(name, limits));
    } catch (error) {
      if (!(error instanceof NotInTla)) throw error;
      const hint = /^TLC counts to 2\^31 - 1, not to \d+; `(limit \w+ 0)` leaves out \w+, which asks for it$/;
      const [, limit = ""] = hint.exec(error.message) ?? [];
      if (limit === "" || limits.includes(limit)) throw error;
      return exported(name, [...limits, limit]);
    }
  };

  test.each(shippedNames())("%s", (name) => {
    const { module, config } = exported(name);
    const read = readTla(module);
    const state = read.init();
    for (const invariant of invariantsOf(config)) expect(read.value(invariant, state)).toBe(true);
    expect(read.next(state).length).toBeGreaterThan(0);
  });
});
