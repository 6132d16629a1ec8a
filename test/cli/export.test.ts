// `uapi export` with the real engines, on files that are a table.

import { describe, expect, test } from "vitest";
import { createSession } from "../../server/src/analysis/session.ts";
import type { Tool } from "../../server/src/commands/io.ts";
import { type Outcome, uapi } from "./fake-io.ts";

const topology = (name: string): string => `topology ${name} {
  iommu vtd
  group 26 behind vtd { device nic driver vfio_pci }
}
`;

const claimed = `use group_bind
${topology("one")}${topology("two")}
verify group_bind on one, two {
  reach "{set} */ *) 'up'": dma(nic) is ioasid
  tasks 2
  depth 4
}
`;

const files = {
  "claimed.uapi": claimed,
  "plain.uapi": `${topology("one")}`,
  "own.uapi": `proposal mine extends group_bind {}
proposal yours extends group_bind {}
${topology("one")}${topology("two")}`,
  "wrong.uapi": `use vfio
${topology("one")}verify vfio on one { safe  limit nothing 1 }
`,
  "empty.uapi": "use vfio\n",
};

const tool: Partial<Tool> = {
  view: (uri, from) => createSession(from).view(uri),
  analyse: (uri, from) => createSession(from).analyse(uri),
};
const run = (line: string): Promise<Outcome> => uapi(["export", ...line.split(" ")], { files, tool });

describe("what is exported", () => {
  test("a verify block on one of its topologies: claims, tasks and depth are in the model", async () => {
    const { status, out, err } = await run("promela claimed.uapi --topology two");
    expect([status, err]).toEqual([0, ""]);
    expect(out).toMatch(/^\/\* group_bind on two, as a model for SPIN 6\.\n/);
    expect(out).toContain(`     reach "{set} * / *) 'up'": dma(nic) is ioasid\n`);
    expect(out).toContain("2 tasks: main, other");
    expect(out).toContain("if (depth >= 4) return 0;");
    expect(out).toContain('/* other: open("/dev/vfio/26") */');
    // What a model says in C has no sign that SPIN would trip over.
    expect(out).toContain(
      '"reach \\042\\173set\\175 \\052\\057 \\052) \\047up\\047\\042: dma(nic) is ioasid"',
    );
    expect(out.match(/\*\//g)?.length).toBe(out.match(/\/\*/g)?.length);
  });

  test("the same for TLC, and what goes with it", async () => {
    const { status, out } = await run("tla claimed.uapi --topology two");
    expect(status).toBe(0);
    expect(out).toMatch(/^-{32} MODULE group_bind_on_two -{32}\n\(\* group_bind on two\./);
    expect(out).toContain(`     reach "{set} */ * ) 'up'": dma(nic) is ioasid\n`);
    expect(out).toContain('Bounded == TLCGet("level") <= 4\n');
    const config = await run("tla --config claimed.uapi --topology two");
    expect(config.out).toBe(`\\* For group_bind_on_two.tla.
SPECIFICATION Spec
INVARIANTS
  never_so
CONSTRAINT Bounded
CHECK_DEADLOCK FALSE
\\* No SYMMETRY: things are numbers, because calls take the first of several. The explorer of uapi does without the
\\* symmetry of what a proposal tells apart by order, and uses all the rest.
`);
  });

  test("without a block it is what `safe` means", async () => {
    const { status, out, err } = await run("promela plain.uapi --proposal group_bind");
    expect([status, err]).toEqual([0, ""]);
    expect(out).toContain("     a rule is broken: secure_context, group_isolation, ");
  });

  test("the same in every run", async () => {
    expect(await run("tla plain.uapi --proposal group_bind")).toEqual(
      await run("tla plain.uapi --proposal group_bind"),
    );
  });
});

test.each([
  [
    "promela claimed.uapi",
    "claimed.uapi has several verify blocks: say which with --proposal and --topology; there are group_bind on one, group_bind on two",
  ],
  ["promela plain.uapi", "plain.uapi declares no proposal: say which one is meant with --proposal"],
  ["promela own.uapi", "own.uapi has several proposals: say which with --proposal; there are mine, yours"],
  [
    "promela own.uapi --proposal mine",
    "own.uapi has several topologies: say which with --topology; there are one, two",
  ],
  ["promela empty.uapi --proposal vfio", "empty.uapi has no topology to explore a proposal on"],
  ["promela wrong.uapi", "vfio has no fd, object or call `nothing`"],
  ["promela nothing.uapi", "nothing.uapi: no such file or directory"],
  [
    "tla plain.uapi --proposal vfio",
    "vfio on one: TLC counts to 2^31 - 1, not to 18446744073709552000; `limit VFIO_IOMMU_MAP_DMA 0` leaves out VFIO_IOMMU_MAP_DMA, which asks for it",
  ],
  [
    "tla plain.uapi --proposal ioasid_v2",
    "ioasid_v2 on one: aperture of vtd: TLC counts to 2^31 - 1, not to 281474976710656; a topology can give it a smaller value; `limit VFIO_ATTACH_IOASID 0` leaves out VFIO_ATTACH_IOASID, which asks for it",
  ],
])("%s", async (line, message) => {
  const { status, out, err } = await run(line);
  expect({ status, out }).toEqual({ status: 2, out: "" });
  expect(err).toBe(`uapi: ${message}\n`);
});

test.each([
  ["promela", "give a form and one file: promela FILE, or tla FILE"],
  ["spin a.uapi", "the form is one of promela, tla, not `spin`"],
  ["promela --config a.uapi", "--config is for tla: a Promela model is one file"],
])("%s is wrong usage", async (line, message) => {
  const { status, err } = await run(line);
  expect(status).toBe(2);
  expect(err).toBe(`uapi export: ${message}\nTry \`uapi export --help\`.\n`);
});
