// What is left out of a space must not be missed in it: proposals with and without it.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Outcome } from "../../server/src/explore/problem.ts";
import { walk } from "../../server/src/explore/walk.ts";
import { randomProposal } from "../reference/proposals.ts";
import { finish, problemOf, unlimited } from "../support/problems.ts";

const limits = { ...unlimited, states: 1500 };
const both = (text: string): readonly Outcome[] =>
  [{ whole: true }, {}].map((options) => finish(walk(problemOf(text, options), limits)));
const lengths = (outcome: Outcome | undefined): unknown => outcome?.found.map((path) => path?.length ?? null);

describe("without fields that nothing depends on", () => {
  test("each goal is as many calls away, in no more states", () => {
    let compared = 0;
    fc.assert(
      fc.property(fc.gen(), fc.constantFrom("secure_context", "group_isolation", "lifetime"), (g, rule) => {
        const { text } = randomProposal((below) => g(fc.nat, { max: below - 1 }));
        const bounds = "limit ctx 2  limit device_fd 2  limit space 2";
        const [whole, sliced] = both(`${text}\nverify random on box { breaks ${rule}  ${bounds} }\n`);
        if (whole === undefined || sliced === undefined || whole.end === "states") return;
        compared++;
        expect(sliced.end).toBe(whole.end);
        expect(lengths(sliced)).toEqual(lengths(whole));
        expect(sliced.states).toBeLessThanOrEqual(whole.states);
      }),
      { numRuns: 40 },
    );
    expect(compared).toBeGreaterThan(10);
  });

  test("a device that was detached is as one that never was attached, where both are blocked", () => {
    const box = "topology box { iommu vtd  group 26 behind vtd { device nic driver vfio_pci } }";
    const [whole, sliced] = both(`use group_bind\n${box}\nverify group_bind on box { safe }\n`);
    expect([whole?.end, sliced?.end]).toEqual(["exhausted", "exhausted"]);
    expect([whole?.states, sliced?.states]).toEqual([952, 640]);
    const other = "group_bind_detach_default";
    const [all, some] = both(
      `use ${other}\n${box}\nverify ${other} on box { safe  breaks secure_context }\n`,
    );
    expect(lengths(some)).toEqual(lengths(all));
    expect(some?.states).toBe(all?.states);
  });
});
