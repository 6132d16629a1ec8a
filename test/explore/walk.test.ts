// The explorer on the Machine: where it stops and why, what it counts, what it looks for.

import { describe, expect, test } from "vitest";
import type { Goal, Limits, Outcome, Problem } from "../../server/src/explore/problem.ts";
import { walk } from "../../server/src/explore/walk.ts";
import { finish, problemOf, unlimited } from "../support/problems.ts";

/** A file that is marked at most twice, and may refer to what dies. */
const tiny = `proposal tiny extends core {
  fd tiny_fd is context, address_space opens "/dev/tiny" { marks: int  peer: part? }
  object part in tiny_fd { name: int = 7 }
  ioctl MARK(f: tiny_fd) {
    require f.marks < 2 else EBUSY "marked already"
    require f.marks == 0 else warning twice "marked twice"
    f.marks = f.marks + 1
  }
  ioctl MAKE(f: tiny_fd) -> part { f.peer = new part {} in f }
  ioctl DROP(p: part) { destroy p }
  ioctl HALF(f: tiny_fd) { f.marks = 5  fail EIO "half done" }
  warning hazard twice "once is enough"
  rule few(f: tiny_fd) "few marks" { require f.marks < 5 else "{f} has many marks" }
  define owner(d: device): context?     = none
  define may_access(f: device_fd): bool = false
  define dma(d: device): dma_target     = host
}
topology box { iommu vtd  group 1 behind vtd { device nic driver vfio_pci } }
`;

const problem = (block: string): Problem =>
  problemOf(`${tiny}verify tiny on box { ${block} }\n`, { whole: true });
const run = (of: Problem, limits: Partial<Limits> = {}): Outcome =>
  finish(walk(of, { ...unlimited, ...limits }));
const names = (of: Problem, path: readonly number[] | null | undefined): string[] | undefined =>
  path?.map((index) => {
    const call = of.calls[index];
    return call?.do === "call" ? call.operation.name : "open";
  });

test("every state and every call that succeeds, breadth first", () => {
  const asked = problem("never any f in tiny_fd: f.marks == 9  limit tiny_fd 1  limit part 0  limit HALF 0");
  // Closed; open with 0, 1 and 2 marks. From each open one: close and exit; MARK but from the last. exit when closed.
  expect(run(asked)).toEqual({
    end: "exhausted",
    reason: null,
    found: [null],
    orbits: null,
    states: 4,
    transitions: 10,
    depth: 3,
    // Everything is tried, and close and exit succeed as well.
    succeeded: asked.calls.map(() => true),
    ordered: [],
  });
});

describe("goals", () => {
  test.each([
    ["breaks few", ["open", "HALF"]],
    ["breaks twice", ["open", "MARK", "MARK"]],
    ["breaks lifetime", ["open", "MAKE", "DROP"]],
    ["reach any f in tiny_fd: f.marks == 2", ["open", "MARK", "MARK"]],
    ["reach not any f in tiny_fd: f.marks == 2", []],
    ["safe", ["open", "HALF"]],
  ])("%s", (claim, path) => {
    const asked = problem(claim);
    const outcome = run(asked);
    expect(outcome.end).toBe("found");
    expect(names(asked, outcome.found[0])).toEqual(path);
  });

  test("several are looked for together, each by its own shortest way", () => {
    const asked = problem("breaks few  breaks twice  breaks lifetime");
    expect(run(asked).found.map((path) => path?.length)).toEqual([2, 3, 3]);
  });

  test("without any, everything is explored", () => {
    const asked = problem("breaks few  limit tiny_fd 1");
    const all = run({ ...asked, goals: [] });
    expect(all.end).toBe("exhausted");
    expect(all.states).toBeGreaterThan(run(asked).states);
  });

  test("a state that breaks a rule is explored like any other", () => {
    const asked = problem("breaks few  reach any f in tiny_fd: f.marks == 5 and f.peer != none");
    const goals: Goal[] = [...asked.goals];
    expect(names(asked, run({ ...asked, goals }).found[1])).toEqual(["open", "MAKE", "HALF"]);
  });
});

describe("ends", () => {
  const wide = problem("never any f in tiny_fd: f.marks == 9 and f.peer != none  limit tiny_fd 3");

  test("a bound of depth: the states there are judged, and their calls not tried", () => {
    const asked = problem("breaks few  never any f in tiny_fd: f.marks == 9  depth 2");
    const outcome = run(asked);
    expect(outcome.end).toBe("depth");
    expect(outcome.found.map((path) => path?.length ?? null)).toEqual([2, null]);
    expect(outcome.depth).toBe(2);
    expect(
      run(problem("breaks few  never any f in tiny_fd: f.marks == 9 and f.peer != none  depth 1")).found,
    ).toEqual([null, null]);
  });

  test("a depth that nothing reaches is as none", () => {
    expect(
      run(problem("never any f in tiny_fd: f.marks == 9 and f.peer != none  limit tiny_fd 1  depth 60")).end,
    ).toBe("exhausted");
  });

  test("a budget of states", () => {
    expect(run(wide, { states: 100 })).toMatchObject({ end: "states", states: 100 });
  });

  test("a budget of memory", () => {
    expect(run(wide, { bytes: 50_000 }).end).toBe("memory");
  });

  test("when it is cancelled", () => {
    let asked = 0;
    const outcome = run(wide, { isCancelled: () => ++asked > 3 });
    expect(outcome).toMatchObject({ end: "cancelled", found: [null] });
  });

  test("what is told on the way only grows", () => {
    const told: number[] = [];
    const outcome = run(wide, { onProgress: ({ transitions }) => told.push(transitions) });
    expect(told.length).toBeGreaterThan(3);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(outcome.transitions).toBeGreaterThanOrEqual(told.at(-1) ?? 0);
  });
});

test("a call that needs more than the bounds allow is none, and leaves no trace", () => {
  const one = run(
    problem(
      "never any f in tiny_fd: f.marks == 9 and f.peer != none  limit tiny_fd 1  limit part 1  limit HALF 0",
    ),
  );
  const again = run(
    problem(
      "never any f in tiny_fd: f.marks == 9 and f.peer != none  limit tiny_fd 1  limit part 1  limit HALF 0",
    ),
  );
  expect(again).toEqual(one);
  const none = run(
    problem(
      "never any f in tiny_fd: f.marks == 9 and f.peer != none  limit tiny_fd 1  limit part 0  limit HALF 0",
    ),
  );
  expect(none.states).toBeLessThan(one.states);
});

test("tasks pass files, and use only their own", () => {
  const asked = problem(
    "tasks 2  reach holds(other, first(f in tiny_fd)) and not holds(main, first(f in tiny_fd))",
  );
  expect(names(asked, run(asked).found[0])).toEqual(["open"]);
  const passed = problem("tasks 2  reach any f in tiny_fd: holds(main, f) and holds(other, f)");
  expect(names(passed, run(passed).found[0])).toEqual(["open", "send"]);
});

test("the same in every run", () => {
  const asked = problem(
    "safe  breaks twice  never any f in tiny_fd: f.marks == 9 and f.peer != none  limit tiny_fd 2",
  );
  expect(run(asked)).toEqual(run(asked));
});
