// The search finds the shortest way: as short as one that tries everything, and nothing in it can be left out.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { footprintsOf } from "../../server/src/explore/footprint.ts";
import { repairs } from "../../server/src/explore/repair.ts";
import type { Ending, Limits, Path } from "../../server/src/explore/search.ts";
import { birthsOf, namedIn } from "../../server/src/explore/space.ts";
import type { Problem } from "../../server/src/features/repair/problem.ts";
import { rollBack } from "../../server/src/model/machine.ts";
import { cellsOf, writersIn } from "../support/runs.ts";
import { naiveLength, pools, problemIn } from "./searching.ts";

const longest = 3;
const limits: Limits = { longest, tries: 1_000_000, isOver: () => false };

/** The first batch of repairs, or why there is none. */
function first({ space, named, goal }: Problem, within = limits): readonly Path[] | Ending {
  const { value } = repairs(space, named, goal, within).next();
  rollBack(space.machine);
  return value;
}

const shown = (found: readonly Path[] | Ending): string[] =>
  typeof found === "string"
    ? [found]
    : found.map(({ moves }) =>
        moves.map((move) => (move.do === "open" ? move.opening.path : move.operation.name)).join(" "),
      );

/** Some calls of a flow that would do, and one more: something is missing for it, mostly. */
const scripts = fc.constantFrom(...Object.keys(pools)).chain((proposal) => {
  const pool = [...(pools[proposal] ?? [])];
  return fc
    .tuple(fc.subarray(pool), fc.constantFrom(...pool))
    .map(([steps, last]) => ({ proposal, steps: [...steps, last] }));
});

test("is as short as a search that tries everything", () => {
  const lengths: (number | null)[] = [];
  fc.assert(
    fc.property(scripts, ({ proposal, steps }) => {
      const problem = problemIn(proposal, steps);
      if (problem === null) return;
      const depth = proposal === "iommufd" ? 2 : longest;
      const naive = naiveLength(problem, depth);
      const found = first(problem, { ...limits, longest: depth });
      const length = typeof found === "string" ? null : (found[0]?.moves.length ?? null);
      expect(length).toBe(naive);
      lengths.push(naive);
    }),
    { numRuns: 300 },
  );
  // Otherwise the scripts would show nothing.
  expect(new Set(lengths).size).toBeGreaterThan(2);
});

test("every call of a repair is needed, and the state is as before", () => {
  fc.assert(
    fc.property(scripts, ({ proposal, steps }) => {
      const problem = problemIn(proposal, steps);
      if (problem === null) return;
      const { space, goal } = problem;
      const before = [cellsOf(space.machine), writersIn(space.machine)];
      const found = first(problem, { ...limits, tries: 3000 });
      expect([cellsOf(space.machine), writersIn(space.machine)]).toEqual(before);
      for (const { moves } of typeof found === "string" ? [] : found) {
        for (const move of moves) expect(space.apply(move)).not.toBeNull();
        expect(goal.judge().holds).toBe(true);
        rollBack(space.machine);
        moves.forEach((_, left) => {
          const rest = moves.filter((_move, i) => i !== left);
          const done = rest.every((move) => space.apply(move) !== null);
          expect(done && goal.judge().holds).toBe(false);
          rollBack(space.machine);
        });
      }
    }),
    { numRuns: 150 },
  );
});

test("no call writes more than its footprint says", () => {
  fc.assert(
    fc.property(scripts, ({ proposal, steps }) => {
      const problem = problemIn(proposal, steps);
      if (problem === null) return;
      const { space, named } = problem;
      const { machine } = space;
      const { operations, opens } = footprintsOf(machine.system);
      const state = { named: namedIn(machine, named, birthsOf(machine, named), []) };
      for (const move of space.families.flatMap((family) => [...family.moves(state)])) {
        if (space.apply(move) === null) continue;
        const footprint = move.do === "open" ? opens[move.opening.kind] : operations.get(move.operation.name);
        const fields = machine.journal.filter((_, i) => i % 4 === 0);
        const name = (field: number): string | undefined => machine.system.fields[field]?.name;
        expect(fields.filter((field) => footprint?.writes.has(field) !== true).map(name)).toEqual([]);
        rollBack(machine);
      }
    }),
    { numRuns: 100 },
  );
});

describe("what is found", () => {
  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    [
      "vfio",
      ['g = open("/dev/vfio/26")', "VFIO_GROUP_GET_DEVICE_FD(g, nic0)"],
      [
        "/dev/vfio/vfio VFIO_GROUP_SET_CONTAINER VFIO_SET_IOMMU",
        "/dev/vfio/vfio VFIO_GROUP_SET_CONTAINER VFIO_SET_IOMMU",
      ],
    ],
    [
      "group_bind",
      ['g = open("/dev/vfio/26")', "VFIO_GROUP_GET_DEVICE_FD(g, nic0)"],
      ["/dev/ioasid VFIO_GROUP_BIND_IOASID_FD"],
    ],
    // A number is no file, whatever happens.
    ["group_bind", ["x = 3", "VFIO_GROUP_GET_DEVICE_FD(x, nic0)"], ["nothing to search for"]],
  ];
  test.each(cases)("%s %j", (proposal, steps, expected) => {
    const problem = problemIn(proposal, steps);
    expect(problem === null ? ["nothing to search for"] : shown(first(problem))).toEqual(expected);
  });

  test("is the same each time", () => {
    const again = (): string[] => {
      const problem = problemIn("iommufd", ['dev0 = open("/dev/vfio/devices/nic0")', "mmap(dev0)"]);
      return problem === null ? [] : shown(first(problem));
    };
    expect(again()).toEqual(again());
    expect(again()).toEqual(["/dev/iommu VFIO_DEVICE_BIND_IOMMUFD"]);
  });
});

describe("a budget", () => {
  const problem = (): Problem => {
    const found = problemIn("vfio", ['g = open("/dev/vfio/26")', "VFIO_GROUP_GET_DEVICE_FD(g, nic0)"]);
    if (found === null) throw new Error("this step should fail");
    return found;
  };

  test("of calls ends the search", () => {
    expect(first(problem(), { ...limits, tries: 20 })).toBe("budget");
  });

  test("of time ends it at the next look at the clock", () => {
    let looks = 0;
    expect(first(problem(), { ...limits, isOver: () => ++looks === 2 })).toBe("budget");
    expect(looks).toBe(2);
  });

  test("that suffices is not noticed", () => {
    expect(first(problem(), { ...limits, longest: 2 })).toBe("none");
  });
});
