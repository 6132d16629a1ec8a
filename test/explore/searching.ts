// Small failing scripts as problems for the explorer, and a search that knows no short cuts.

import { leavesOf } from "../../server/src/engine/parallel.ts";
import { moveTo } from "../../server/src/engine/run.ts";
import { taskRef } from "../../server/src/engine/world.ts";
import { birthsOf, type Move, namedIn } from "../../server/src/explore/space.ts";
import { type Problem, problemOf } from "../../server/src/features/repair/problem.ts";
import { rollBack } from "../../server/src/model/machine.ts";
import { cellsOf, runOf } from "../support/runs.ts";

const box = `topology box {
  iommu vtd
  group 26 behind vtd {
    device nic0 driver vfio_pci
    device nic1 driver vfio_pci
  }
}
`;

/** Calls of a proposal from which scripts are put together. */
export const pools: Readonly<Record<string, readonly string[]>> = {
  group_bind: [
    'ctx = open("/dev/ioasid")',
    'g = open("/dev/vfio/26")',
    "VFIO_GROUP_BIND_IOASID_FD(g, ctx)",
    "dev0 = VFIO_GROUP_GET_DEVICE_FD(g, nic0)",
    "dev1 = VFIO_GROUP_GET_DEVICE_FD(g, nic1)",
    "as = IOASID_ALLOC(ctx)",
    "VFIO_DEVICE_ATTACH_IOASID(dev0, as)",
    "VFIO_DEVICE_DETACH_IOASID(dev0)",
    "IOASID_FREE(as)",
    "bar = mmap(dev0)",
    "close(dev0)",
    "close(g)",
  ],
  vfio: [
    'c = open("/dev/vfio/vfio")',
    'g = open("/dev/vfio/26")',
    "VFIO_GROUP_SET_CONTAINER(g, c)",
    "VFIO_SET_IOMMU(c, VFIO_TYPE1v2_IOMMU)",
    "dev0 = VFIO_GROUP_GET_DEVICE_FD(g, nic0)",
    "VFIO_GROUP_UNSET_CONTAINER(g)",
    "VFIO_IOMMU_MAP_DMA(c, 0, 4096)",
    "unbind_driver(nic1)",
    "close(g)",
  ],
  iommufd: [
    'f = open("/dev/iommu")',
    'dev0 = open("/dev/vfio/devices/nic0")',
    "VFIO_DEVICE_BIND_IOMMUFD(dev0, f)",
    "i = IOMMU_IOAS_ALLOC(f)",
    "VFIO_DEVICE_ATTACH_IOMMUFD_PT(dev0, i)",
    "VFIO_DEVICE_DETACH_IOMMUFD_PT(dev0)",
    "IOMMU_DESTROY(f, i)",
    "mmap(dev0)",
    "close(dev0)",
  ],
};

/** The last of the steps as a problem; null when it does not fail, or nothing can be done about it. */
export function problemIn(proposal: string, steps: readonly string[]): Problem | null {
  const lines = steps.map((step) => `  ${step}\n`).join("");
  const run = runOf(`use ${proposal}\n${box}scenario "s" on box {\n${lines}}\n`);
  const last = [...run.results].findLastIndex(({ row }) => row.kind === "step");
  const row = run.results.at(last)?.row;
  moveTo(run, last);
  const leaf =
    row?.node == null ? undefined : leavesOf(row.node, row.id, taskRef(0), run.world.machine.tasks)[0];
  return leaf?.node.kind === "step" ? problemOf(run.world, leaf.node, leaf.task) : null;
}

/** The length of the shortest sequence of calls after which the goal holds, by trying all; null: longer than `longest`. */
export function naiveLength({ space, goal, named }: Problem, longest: number): number | null {
  const { machine } = space;
  const births = birthsOf(machine, named);
  let states: { moves: readonly Move[]; made: readonly number[] }[] = [{ moves: [], made: [] }];
  const seen = new Set<string>();
  for (let length = 1; length <= longest; length++) {
    const next: typeof states = [];
    for (const { moves, made } of states) {
      rollBack(machine);
      for (const move of moves) space.apply(move);
      const start = machine.journal.length;
      const state = { named: namedIn(machine, named, births, made) };
      for (const move of space.families.flatMap((family) => [...family.moves(state)])) {
        const done = space.apply(move);
        if (done === null) continue;
        if (goal.judge().holds) {
          rollBack(machine);
          return length;
        }
        const isThing = move.do === "open" || move.operation.result?.base === "value";
        const things = isThing ? [...made, done.result] : made;
        const key = JSON.stringify([cellsOf(machine), namedIn(machine, named, births, things).sort()]);
        if (!seen.has(key)) next.push({ moves: [...moves, move], made: things });
        seen.add(key);
        rollBack(machine, start);
      }
    }
    states = next;
  }
  rollBack(machine);
  return null;
}
