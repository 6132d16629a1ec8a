// Programs do what the Machine does: calls from states all over the space of each shipped proposal.

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { lowered, walkBoth, wideProblem } from "./lowering.ts";

const folder = new URL("../../server/proposals/", import.meta.url);
const proposals = readdirSync(folder)
  .filter((name) => name.endsWith(".uapi"))
  .flatMap((name) => [...readFileSync(new URL(name, folder), "utf8").matchAll(/^proposal (\w+)/gm)])
  .map(([, name = ""]) => name);

const topologies: Readonly<Record<string, string>> = {
  "two by two": `
    iommu vtd { nesting }
    group 26 behind vtd { device nic0 driver vfio_pci   device nic1 driver vfio_pci }
    group 27 behind vtd { device nic2 driver vfio_pci   device nic3 driver e1000e }`,
  mixed: `
    kernel 6.8
    host default_domain = identity
    iommu vtd
    iommu smmu { nesting, page_size = 64K }
    group 26 behind vtd { device nic0 driver vfio_pci   device nic1 driver none }
    group 6 behind smmu aliased { device nic2 driver vfio_pci pasids = 4   device nic3 driver vfio_pci coherent = false }
    group 7 behind vtd emulated { device nic4 driver vfio_mdev }`,
};

/** Each proposal on one machine with one number of tasks; SOAK=1: with all. */
const cases = proposals.flatMap((proposal, i) => {
  const all = Object.keys(topologies).flatMap((topology) =>
    [1, 2].map((tasks) => ({ proposal, topology, tasks })),
  );
  return process.env.SOAK === "1" ? all : all.slice(i % all.length, (i % all.length) + 1);
});

describe("lowered programs do what the Machine does", () => {
  test.each(cases)("$proposal on $topology, tasks: $tasks", ({ proposal, topology, tasks }) => {
    const problem = wideProblem(
      `use ${proposal}\ntopology t {${topologies[topology]}}\nverify ${proposal} on t { tasks ${tasks}  safe }\n`,
      tasks,
      (kind) => (kind === "mapping" ? 1 : tasks === 1 && kind.endsWith("_fd") ? null : 2),
    );
    // With one task a device has one file, with two any two of them.
    if (tasks === 1) expect(problem.bounds.homes.some((home) => home !== -1)).toBe(true);
    const seed = proposals.indexOf(proposal) * 4 + tasks;
    const walked = walkBoth(problem, lowered(problem, tasks > 1), seed, {
      walks: 1,
      steps: 8,
      refused: 0.02,
    });
    expect(walked.differences).toEqual([]);
    expect(walked.transitions).toBeGreaterThan(20);
  });
});
