// Which of the checks that might be made are needed: against every set of them, tried one by one.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Barriers,
  type Decide,
  findBarriers,
  minimalHitting,
  type Place,
} from "../../server/src/explore/barriers.ts";
import { groundCalls } from "../../server/src/explore/calls.ts";
import { maybeChecks, systemWith } from "../../server/src/explore/checks.ts";
import { nameOf } from "../../server/src/explore/common-calls.ts";
import type { GroundCall } from "../../server/src/explore/problem.ts";
import { walk } from "../../server/src/explore/walk.ts";
import { finish, posedIn, unlimited } from "../support/problems.ts";
import "../support/seed.ts";

const decide: Decide = (problem) => walk(problem, unlimited);

function search(places: readonly Place[]): Barriers {
  const steps = findBarriers(places, decide);
  for (;;) {
    const next = steps.next();
    if (next.done === true) return next.value;
  }
}

/** A safe with three doors; `checks` bar them. */
const safe = (checks: Readonly<Record<string, string>>): string => `proposal safe extends core {
  fd safe_fd is context opens "/dev/safe" {
    open_a: bool = false
    open_b: bool = false
    closed: bool = false
    never: bool = false
    on open { ${checks.open ?? ""} }
  }
  ioctl A(f: safe_fd) { ${checks.a ?? ""} f.open_a = true }
  ioctl B(f: safe_fd) { ${checks.b ?? ""} f.open_b = true }
  ioctl CLOSE_A(f: safe_fd) { ${checks.close ?? ""} f.open_a = false  f.closed = true }
  rule one_door(t: task) "both doors are never open" {
    require not any f in safe_fd: f.open_a and f.open_b else "both are open"
  }
  define owner(d: device): context? = none
  define may_access(f: device_fd): bool = false
  define dma(d: device): dma_target = blocked
}
topology one { iommu vtd  group 1 behind vtd { device nic driver vfio_pci } }
topology two { kernel 5.1  iommu vtd  group 1 behind vtd { device nic driver vfio_pci } }
verify safe on one, two { safe  limit safe_fd 1 }
`;

/** All minimal sets of checks with which no problem reaches a goal, by trying them all. */
function byTrying(places: readonly Place[]): number[][] {
  const [first] = places;
  const checks = first === undefined ? [] : maybeChecks(first.problem.system);
  const safeSets: number[][] = [];
  const sets = Array.from({ length: 2 ** checks.length }, (_, bits) =>
    checks.flatMap((_, index) => ((bits & (1 << index)) === 0 ? [] : [index])),
  ).sort((a, b) => a.length - b.length || (a.join() < b.join() ? -1 : 1));
  for (const set of sets) {
    if (safeSets.some((smaller) => smaller.every((index) => set.includes(index)))) continue;
    const refusing = new Set(set.flatMap((index) => checks[index]?.check ?? []));
    const isSafe = places.every(({ problem, callsFor }) => {
      const system = systemWith(problem.system, { refusing, speaking: new Set() });
      const { found } = finish(decide({ ...problem, system, calls: callsFor(system, problem.goals) }));
      return found.every((path) => path === null);
    });
    if (isSafe) safeSets.push(set);
  }
  return safeSets;
}

const placesOf = (checks: Readonly<Record<string, string>>): Place[] =>
  posedIn(safe(checks)).map(({ problem, choice }) => ({
    problem,
    callsFor: (system, goals) => groundCalls(system, problem.topology, problem.bounds, { ...choice, goals }),
  }));

describe("all minimal sets", () => {
  const shut = 'require? not f.open_b else EBUSY "b is open"';
  const other = 'require? not f.open_a else EBUSY "a is open"';
  test.each([
    ["one of two checks is enough alone for nothing", { a: shut, b: other }, ["0 1"]],
    [
      "never opening one door is another way",
      { a: shut, b: `${other}\n require? f.never else EPERM "never"` },
      ["2", "0 1"],
    ],
    ["a check that is made is none that might be", { a: shut.replace("?", ""), b: other }, ["0"]],
    ["nobody gets in", { open: 'require? self.never else EPERM "no"', a: shut, b: other }, ["0", "1 2"]],
    ["a check that refuses nothing that matters is in no set", { a: shut, b: other, close: other }, ["0 1"]],
    ["no set helps", { a: shut }, []],
    [
      "only where the kernel is old",
      { a: shut, b: 'require? since 6.0 not f.open_a else EBUSY "a is open"' },
      [],
    ],
    ["nothing to do", { a: 'require f.never else EPERM "no"' }, [""]],
  ] as const)("%s", (_, checks, expected) => {
    const places = placesOf(checks);
    const found = search(places);
    expect(found.incomplete).toBe(null);
    expect(found.minimal.map(({ set }) => set.join(" "))).toEqual(expected);
    expect(byTrying(places)).toEqual(found.minimal.map(({ set }) => set));
  });

  test("any mix of checks", () => {
    const check = fc.record({
      field: fc.constantFrom("open_a", "open_b", "closed", "never"),
      is: fc.constantFrom("", "not "),
      maybe: fc.constantFrom("", "?"),
    });
    // What was required once can be required no second time: that is an error of the text.
    const checks = fc
      .uniqueArray(check, { maxLength: 2, selector: ({ field }) => field })
      .map((all) =>
        all.map(({ field, is, maybe }) => `require${maybe} ${is}f.${field} else EBUSY "no"`).join("\n "),
      );
    fc.assert(
      fc.property(fc.record({ a: checks, b: checks, close: checks }), (mix) => {
        const places = placesOf(mix);
        expect(search(places).minimal.map(({ set }) => set)).toEqual(byTrying(places));
      }),
      { numRuns: 60 },
    );
  });
});

test("what each check forbids, and whether that does harm", () => {
  const [place] = placesOf({
    a: 'require? not f.open_b else EBUSY "b is open"',
    b: 'require? not f.closed else EBUSY "a was open"\n require? not f.open_a else EBUSY "a is open"',
  });
  if (place === undefined) expect.unreachable();
  const { minimal, harms } = search([place]);
  const told = (calls: readonly GroundCall[]): string =>
    calls.map((call) => nameOf(place.problem.system, call)).join(", ");
  expect(
    minimal.map(({ set, forbids }) => [set, forbids.map((each) => each && [told(each.calls), each.isHarm])]),
  ).toEqual([
    [
      [0, 2],
      [
        ['open("/dev/safe"), B, A', true],
        ['open("/dev/safe"), A, B', true],
      ],
    ],
  ]);
  expect(harms.map(({ despite, calls, refusedBy }) => [despite, told(calls), refusedBy])).toEqual([
    [[], 'open("/dev/safe"), A, B', [2]],
    [[2], 'open("/dev/safe"), B, A', [0]],
  ]);
});

test("what was not decided is not safe", () => {
  const places = placesOf({ a: 'require? not f.open_b else EBUSY "b is open"' });
  const cut = findBarriers(places, (problem) => walk(problem, { ...unlimited, states: 2 }));
  for (let next = cut.next(); ; next = cut.next()) {
    if (next.done !== true) continue;
    expect(next.value).toMatchObject({ minimal: [], incomplete: { set: [], end: "states" } });
    break;
  }
});

test("minimal hitting sets are those that trying all subsets finds", () => {
  const families = fc.array(fc.integer({ min: 1, max: 63 }), { maxLength: 6 });
  fc.assert(
    fc.property(families, (sets) => {
      const hits = (each: number): boolean => sets.every((set) => (set & each) !== 0);
      const all = Array.from({ length: 64 }, (_, each) => each).filter(hits);
      const minimal = all.filter((each) => !all.some((other) => other !== each && (other & each) === other));
      expect([...minimalHitting(sets)].sort((a, b) => a - b)).toEqual(minimal);
    }),
    { numRuns: 300 },
  );
});
