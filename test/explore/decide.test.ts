// What decides: the engines say the same, and no path is told that the Machine does not go.

import { describe, expect, test } from "vitest";
import { decide, replays, withReplayed } from "../../server/src/explore/decide.ts";
import type { Outcome } from "../../server/src/explore/problem.ts";
import { finish, posedIn, problemOf, unlimited } from "../support/problems.ts";

const box = `topology box { iommu vtd  group 26 behind vtd { device nic0 driver vfio_pci  device nic1 driver vfio_pci } }
`;
const text = `use group_bind, group_bind_detach_default, ioasid_v1, ioasid_v2, vfio
${box}
verify group_bind on box { safe  reach dma(nic0) is ioasid }
verify group_bind_detach_default on box { safe  breaks secure_context }
verify ioasid_v1 on box { safe  breaks group_isolation }
verify ioasid_v2 on box { safe  breaks detach_in_use  limit device_fd 1 }
verify vfio on box { safe  reach accessible(nic0) and accessible(nic1) }
`;

const told = ({ end, found }: Outcome): unknown => ({
  end,
  lengths: found.map((path) => path?.length ?? null),
});

describe("every engine gives the same verdicts, by ways of the same length", () => {
  test.each(posedIn(text))("$problem.system.proposal", ({ problem }) => {
    const [walked, closures, wasm] = (["walk", "closures", "wasm"] as const).map((engine) =>
      finish(decide(problem, unlimited, { engine })),
    );
    if (walked === undefined || closures === undefined || wasm === undefined) throw new Error("no outcome");
    expect(told(closures)).toEqual(told(walked));
    expect(told(wasm)).toEqual(told(walked));
    // Of the states that one stands for some may not be reachable.
    if (walked.end === "exhausted") expect(wasm.orbits ?? wasm.states).toBeGreaterThanOrEqual(walked.states);
  });
});

describe("a path that does not show is not told", () => {
  const problem = problemOf(
    `use group_bind\n${box}\nverify group_bind on box { reach dma(nic0) is ioasid }\n`,
  );
  const outcome = finish(decide(problem, unlimited));
  const [path] = outcome.found;
  if (path === null || path === undefined) throw new Error("it is reached");

  test("the right one is", () => {
    expect(replays(problem, 0, path)).toBe(true);
    expect(withReplayed(problem, outcome)).toBe(outcome);
  });

  test.each([
    ["with a call too few", path.slice(0, -1)],
    ["with a call too many", [...path, path[0] ?? 0]],
    ["in another order", path.toReversed()],
    ["with a call that there is not", [...path.slice(0, -1), problem.calls.length]],
  ])("%s", (_, wrong) => {
    expect(replays(problem, 0, wrong)).toBe(false);
    expect(withReplayed(problem, { ...outcome, found: [wrong] })).toMatchObject({
      end: "unsupported",
      found: [null],
    });
  });
});
