// A sequence that decides a claim, as a scenario: behind the file's text it runs clean in the engine of scenarios, and
// ends with what it was looked for.

import { describe, expect, test } from "vitest";
import { createSession } from "../../server/src/analysis/session.ts";
import { analyse } from "../../server/src/analysis.ts";
import type { Counterexample } from "../../server/src/features/verify/counterexample.ts";
import { memoryFiles } from "../support/memory-files.ts";
import { verdictsOf } from "../support/verdicts.ts";

const uri = "main.uapi";

const box = `topology box {
  iommu vtd
  group 26 behind vtd { device nic0 driver vfio_pci  device nic1 driver vfio_pci }
}
`;

/** What follows `use NAME`, the topology and the head of the block. */
const cases: Readonly<Record<string, string>> = {
  "group_bind reached": `reach "own": accessible(nic0) and accessible(nic1) and dma(nic0) != dma(nic1)`,
  "group_bind met": "breaks detach_in_use",
  "group_bind off": "breaks close_is_no_revoke",
  "group_bind_detach_default safe": "safe",
  "ioasid_v1 safe": "safe",
  "ioasid_v1 isolation": "breaks group_isolation",
  "ioasid_v1 leak": "breaks leak",
  "vfio tasks": "tasks 2  reach accessible(nic0, other) and not accessible(nic0, main)",
  "vfio passed": "tasks 2  reach accessible(nic0, main) and accessible(nic0, other)",
  "vfio unbound": "with unbind_driver  reach nic0.driver == none",
  "vfio bound": "with bind_driver, unbind_driver  reach host_driver(nic0.driver)",
  "vfio mapped": "reach any e in dma_entry: e.registers_of == none",
  "iommufd ids": "reach dma(nic0) is ioas  limit container_fd 0",
  "ioasid_v2 refused": "never any a in attachment: a.device_fd.device == nic1",
};

function scenarioOf(name: string): { readonly text: string; readonly scenario: Counterexample } {
  const [proposal = ""] = name.split(" ");
  const text = `use ${proposal}\n\n${box}\nverify ${proposal} on box {\n  ${cases[name]}\n}\n`;
  const [verified] = verdictsOf(text, { states: 200_000, bytes: 2 ** 30 });
  const scenario = verified?.claims[0]?.scenario ?? null;
  if (scenario === null) throw new Error(verified?.claims[0]?.says ?? "nothing was decided");
  return { text, scenario };
}

describe("is clean behind the file", () => {
  test.each(Object.keys(cases))("%s", (name) => {
    const { text, scenario } = scenarioOf(name);
    expect(scenario.runs).toBe(true);
    const analysis = analyse(uri, memoryFiles(new Map([[uri, `${text}\n${scenario.text}\n`]])));
    expect(analysis.findings).toEqual([]);
    expect(analysis.summary).toMatchObject({ scenarios: 1 });
    const outcomes = analysis.traces()[0]?.rows.map(({ outcome }) => outcome);
    expect(outcomes?.filter((outcome) => outcome === "unknown")).toEqual([]);
  });
});

test("what breaks stands at the last call, with the reason that the scenario itself gives", () => {
  const { scenario } = scenarioOf("group_bind_detach_default safe");
  expect(scenario.text).toMatchInlineSnapshot(`
    "scenario "group_bind_detach_default on box: not safe" on box with group_bind_detach_default {
      ctx = open("/dev/ioasid")
      g = open("/dev/vfio/26")
      as2 = IOASID_ALLOC(ctx)
      VFIO_GROUP_BIND_IOASID_FD(g, ctx)
      dev0 = VFIO_GROUP_GET_DEVICE_FD(g, nic0)
      VFIO_DEVICE_ATTACH_IOASID(dev0, as2)
      VFIO_DEVICE_DETACH_IOASID(dev0)  violates secure_context
    }"
  `);
  expect(scenario.finding?.message).toBe(
    "nic0 is accessible while its own DMA goes through the host's translated domain",
  );
  const { start = 0, end = 0 } = scenario.finding ?? {};
  expect(scenario.bare.slice(start, end)).toBe("VFIO_DEVICE_DETACH_IOASID(dev0)");
});

test("calls of other tasks stand in blocks", () => {
  expect(scenarioOf("vfio passed").scenario.text).toMatchInlineSnapshot(`
    "scenario "vfio on box: accessible(nic0, main) and accessible(nic0, other)" on box with vfio {
      task other {}
      c = open("/dev/vfio/vfio")
      g = open("/dev/vfio/26")
      VFIO_GROUP_SET_CONTAINER(g, c)
      VFIO_SET_IOMMU(c, VFIO_TYPE1_IOMMU)
      dev0 = VFIO_GROUP_GET_DEVICE_FD(g, nic0)
      send(dev0, other)
      assert accessible(nic0, main) and accessible(nic0, other)
    }"
  `);
});

test("numbers of objects are written as the names of these", () => {
  expect(scenarioOf("iommufd ids").scenario.text).toMatchInlineSnapshot(`
    "scenario "iommufd on box: dma(nic0) is ioas" on box with iommufd {
      dev0 = open("/dev/vfio/devices/nic0")
      ctx = open("/dev/iommu")
      ioas = IOMMU_IOAS_ALLOC(ctx)
      VFIO_DEVICE_BIND_IOMMUFD(dev0, ctx)
      VFIO_DEVICE_ATTACH_IOMMUFD_PT(dev0, 1)
      assert dma(nic0) is ioas
    }"
  `);
});

test("a task that only is sent something is named all the same", () => {
  const text = `use group_bind\n${box}\nverify group_bind on box { tasks 2  reach any g in group_fd: holds(main, g) and holds(other, g) }\n`;
  const scenario = verdictsOf(text)[0]?.claims[0]?.scenario;
  expect(scenario?.text).toContain("  task other {}\n");
  expect(scenario?.runs).toBe(true);
});

test("has a name that no other scenario has", () => {
  const { text, scenario } = scenarioOf("ioasid_v1 leak");
  const again = verdictsOf(`${text}\n${scenario.text}\n`)[0]?.claims[0]?.scenario;
  expect(again?.name).toBe(`${scenario.name} (2)`);
  expect(again?.runs).toBe(true);
});

test("a proposal that is only beside the file has to be put to use", () => {
  const text = `${box}\nverify ioasid_v1 on box { safe }\n`;
  const scenario = verdictsOf(text)[0]?.claims[0]?.scenario;
  expect(scenario?.use?.text).toContain("use ioasid_v1");
  expect(scenario?.runs).toBe(true);
  const session = createSession(memoryFiles(new Map([[uri, `use ioasid_v1\n${text}\n${scenario?.text}\n`]])));
  expect(session.analyse(uri).findings).toEqual([]);
});
