// Two proposals side by side: against making every sequence of calls under both, without remembering any state.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { groundCalls } from "../../server/src/explore/calls.ts";
import { commonCalls, nameOf } from "../../server/src/explore/common-calls.ts";
import { brokenIn, type Comparison, compareSideBySide } from "../../server/src/explore/compare.ts";
import type { GroundCall, Problem } from "../../server/src/explore/problem.ts";
import { bootMachine, make } from "../../server/src/explore/walk.ts";
import type { Machine, Refusal } from "../../server/src/model/machine.ts";
import { copyMachine } from "../../server/src/model/machine.ts";
import "../support/seed.ts";
import { posedIn, unlimited } from "../support/problems.ts";

/** Boxes that hold things; `more` are members that one of the two proposals has besides. */
interface Shape {
  readonly put: string;
  readonly take: string;
  readonly free: string;
  readonly more: string;
}

const plain: Shape = { put: "", take: "", free: "", more: "" };

const boxes = (name: string, { put, take, free, more }: Shape): string => `proposal ${name} extends core {
  fd box_fd is context opens "/dev/box" { full: bool  used: bool }
  object item in box_fd { kept: bool }
  ioctl MAKE(f: box_fd) -> item { return new item {} in f }
  ioctl PUT(f: box_fd, i: item) { ${put} f.full = true  i.kept = true }
  ioctl TAKE(f: box_fd) { require f.full else EINVAL "empty" ${take} f.full = false  f.used = true }
  ioctl FREE(i: item) { ${free} destroy i }
  ioctl LOOK(f: box_fd) { require f.full else EAGAIN "empty" }
  rule used_once(t: task) "a box that was used is not full" {
    require not any f in box_fd: f.full and f.used else "used twice"
  }
  off hazard odd "…"
  ${more}
  define owner(d: device): context? = none
  define may_access(f: device_fd): bool = false
  define dma(d: device): dma_target = blocked
}
`;

function problemsOf(a: Shape, b: Shape, depth = ""): [Problem, Problem] {
  const text = `${boxes("a", a)}${boxes("b", b)}
topology one { iommu vtd  group 1 behind vtd { device nic driver vfio_pci } }
verify a on one { safe  limit item 1  limit box_fd 1  ${depth} }
verify b on one { safe  limit item 1  limit box_fd 1  ${depth} }
`;
  const all = posedIn(text).map(({ problem }): Problem => {
    const { system, topology, bounds } = problem;
    return { ...problem, goals: [], calls: groundCalls(system, topology, bounds, { idle: true }) };
  });
  const [one, two] = all;
  if (one === undefined || two === undefined) expect.unreachable();
  return [one, two];
}

function compared(problems: readonly [Problem, Problem]): Comparison {
  const steps = compareSideBySide(...problems, unlimited);
  for (;;) {
    const next = steps.next();
    if (next.done === true) return next.value;
  }
}

/** `refuses TAKE EBUSY 3`: what is different, and after how many calls at the earliest. */
const told = ({ differences }: Comparison): string[] =>
  differences.map((each) => {
    const errno =
      each.what === "allows" || each.what === "refuses"
        ? errnoOf(each.refusal)
        : each.what === "answers"
          ? `${errnoOf(each.refusals.a)}/${errnoOf(each.refusals.b)}`
          : "";
    const name = "call" in each ? each.call : "rule" in each ? each.rule : each.hazard;
    return `${each.what} ${name} ${errno} ${each.a.length}`;
  });

const errnoOf = (refusal: Refusal): string => (refusal.by === "check" ? refusal.check.errno : refusal.errno);

/** The same by trying; with one box and one item at a time, a thing has the same place on both sides. */
function byTrying([a, b]: readonly [Problem, Problem]): Map<string, number> {
  const { calls } = commonCalls(a, b);
  const first = new Map<string, number>();
  const note = (key: string, length: number): void => {
    first.set(key, Math.min(first.get(key) ?? Number.POSITIVE_INFINITY, length));
  };
  const go = (one: Machine, two: Machine, length: number): void => {
    if (length > 4) return;
    for (const common of calls) {
      const [left, right] = [attempt(one, common.a), attempt(two, common.b)];
      if (left === null || right === null) continue;
      const name = nameOf(a.system, common.a);
      if (left.errno !== null && right.errno !== null) {
        if (left.errno !== right.errno) note(`answers ${name} ${left.errno}/${right.errno}`, length);
      } else if (left.errno !== null) note(`allows ${name} ${left.errno}`, length);
      else if (right.errno !== null) note(`refuses ${name} ${right.errno}`, length);
      else {
        const [brokeA, brokeB] = [brokenIn(left.machine), brokenIn(right.machine)];
        for (const rule of brokeB) if (!brokeA.has(rule)) note(`breaks ${rule} `, length);
        for (const rule of brokeA) if (!brokeB.has(rule)) note(`mends ${rule} `, length);
        go(left.machine, right.machine, length + 1);
      }
    }
  };
  go(bootMachine(a), bootMachine(b), 1);
  return first;
}

/** Null: a thing that nobody has, or one too many. */
function attempt(
  machine: Machine,
  call: GroundCall,
): { readonly machine: Machine; readonly errno: string | null } | null {
  const next = copyMachine(machine);
  const result = make(next, call);
  if (!result.ok && result.refusal.by === "handle") return null;
  const tooMany = next.made.some((made, kind) => made > (machine.made[kind] ?? 0));
  if (tooMany) return null;
  return { machine: next, errno: result.ok ? null : errnoOf(result.refusal) };
}

describe("what is different", () => {
  test.each<[string, Partial<Shape>, Partial<Shape>, readonly string[]]>([
    ["nothing", {}, {}, []],
    ["a check more", {}, { take: 'require not f.used else EBUSY "used"' }, ["refuses TAKE EBUSY 6"]],
    ["a check less", { put: 'require not f.full else EBUSY "full"' }, {}, ["allows PUT EBUSY 4"]],
    [
      "another errno",
      { put: 'require not i.kept else EBUSY "kept"' },
      { put: 'require not i.kept else EEXIST "kept"' },
      ["answers PUT EBUSY/EEXIST 4"],
    ],
    ["an item that may go", { free: 'require not i.kept else EBUSY "kept"' }, {}, ["allows FREE EBUSY 4"]],
    ["a hazard", {}, { put: 'require false or f.used else off odd "…"' }, ["warns odd  3"]],
  ])("%s", (_, a, b, expected) => {
    expect(told(compared(problemsOf({ ...plain, ...a }, { ...plain, ...b })))).toEqual(expected);
  });

  test("each cause once, with its shortest sequence; the calls as each side makes them", () => {
    const problems = problemsOf(plain, { ...plain, put: 'require not f.used else EBUSY "used"' });
    const comparison = compared(problems);
    expect(comparison.end).toBe("exhausted");
    expect(comparison.common).toContain("LOOK");
    expect(told(comparison)).toEqual(["refuses PUT EBUSY 5"]);
    const [only] = comparison.differences;
    const names = (calls: readonly GroundCall[] | undefined, { system }: Problem): string =>
      (calls ?? []).map((call) => nameOf(system, call)).join(", ");
    const sequence = 'open("/dev/box"), MAKE, PUT, TAKE, PUT';
    expect([names(only?.a, problems[0]), names(only?.b, problems[1])]).toEqual([sequence, sequence]);
    for (const call of only?.b ?? [])
      if (call.do === "call")
        expect(problems[1].system.operations.get(call.operation.name)).toBe(call.operation);
  });

  test("calls of one only, and calls with other parameters", () => {
    const { only } = compared(
      problemsOf(plain, { ...plain, more: "ioctl EMPTY(f: box_fd) { f.full = false }" }),
    );
    expect(only).toEqual({ a: [], b: ["EMPTY"] });
  });
});

test("any two shapes", () => {
  const check = (...conditions: readonly string[]): fc.Arbitrary<string> =>
    fc
      .option(
        fc.record({ condition: fc.constantFrom(...conditions), errno: fc.constantFrom("EBUSY", "EPERM") }),
      )
      .map((each) => (each === null ? "" : `require ${each.condition} else ${each.errno} "no"`));
  const shape: fc.Arbitrary<Shape> = fc.record({
    put: check("not f.used", "not f.full", "not i.kept", "i.kept"),
    take: check("not f.used", "f.used"),
    free: check("not i.kept", "i.kept"),
    more: fc.constant(""),
  });
  fc.assert(
    fc.property(shape, shape, (a, b) => {
      const problems = problemsOf(a, b, "depth 4");
      const found = new Map(
        told(compared(problems)).map((line) => [line.replace(/ \d+$/, ""), Number(/\d+$/.exec(line)?.[0])]),
      );
      expect(new Map([...found].sort())).toEqual(new Map([...byTrying(problems)].sort()));
    }),
    { numRuns: 40 },
  );
});
