// `uapi trace --format …`: the forms besides the table, with the real analysis.

import { describe, expect, test } from "vitest";
import { createSession } from "../../server/src/analysis/session.ts";
import { uapi as fake, type World } from "./fake-io.ts";

const flow = `use vfio
topology lab { iommu vtd  group 8 behind vtd { device nic driver vfio_pci } }
scenario "early" on lab {
  g = open("/dev/vfio/8")
  VFIO_GROUP_GET_DEVICE_FD(g, nic) fails EINVAL
}
scenario "late" on lab { c = open("/dev/vfio/vfio") }
`;
const files = { "a.uapi": flow, "one.uapi": flow.slice(0, flow.indexOf('scenario "late"')) };

const tool: World["tool"] = {
  analyse: (uri, from) => createSession(from).analyse(uri),
  view: (uri, from) => createSession(from).view(uri),
};
const uapi = (...argv: readonly string[]): ReturnType<typeof fake> =>
  fake(["trace", ...argv], { files, tool });

describe("json", () => {
  test("every step of every scenario, with lines from 1", async () => {
    const { status, out, err } = await uapi("a.uapi", "--format", "json");
    expect({ status, err }).toEqual({ status: 0, err: "" });
    const read: unknown = JSON.parse(out);
    expect(read).toMatchObject([{ scenario: "early" }, { scenario: "late" }]);
    expect(read).toEqual([
      {
        scenario: "early",
        topology: "lab",
        proposal: "vfio",
        steps: [
          expect.objectContaining({ number: 1, text: 'g = open("/dev/vfio/8")', outcome: "ok", names: [] }),
          {
            number: 2,
            file: "a.uapi",
            range: { start: { line: 5, column: 3 }, end: { line: 5, column: 48 } },
            text: "VFIO_GROUP_GET_DEVICE_FD(g, nic) fails EINVAL",
            task: "main",
            outcome: "errno",
            names: ["EINVAL"],
            devices: [{ device: "nic", group: "8", accessible: [], owner: null, dma: "host" }],
          },
        ],
      },
      expect.anything(),
    ]);
  });

  test("one scenario", async () => {
    const { out } = await uapi("a.uapi", "--format", "json", "--scenario", "late");
    expect(JSON.parse(out)).toMatchObject([{ scenario: "late", steps: [{ number: 1 }] }]);
  });
});

describe("pictures", () => {
  test("behind the last step, or behind the one that is named", async () => {
    expect((await uapi("one.uapi", "--format", "mermaid")).out).toContain(
      "%% step 2 of 2: VFIO_GROUP_GET_DEVICE_FD",
    );
    expect((await uapi("one.uapi", "--format", "mermaid", "--step", "0")).out).toContain("%% at boot");
    const svg = (await uapi("a.uapi", "--format", "svg", "--scenario", "early", "--step", "1")).out;
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" /);
    expect(svg).toContain("step 1 of 2: g = open(");
  });

  test("the same command gives the same bytes", async () => {
    const [one, two] = [await uapi("one.uapi", "--format", "svg"), await uapi("one.uapi", "--format", "svg")];
    expect(one.out).toBe(two.out);
  });
});

test.each([
  [
    ["a.uapi", "--format", "svg"],
    'uapi: a picture is of one scenario: say which with --scenario; there are "early", "late"\n',
  ],
  [["one.uapi", "--format", "svg", "--step", "3"], 'uapi: "early" has 2 steps: there is no step 3\n'],
  [
    ["one.uapi", "--step", "1"],
    "uapi trace: --step is for pictures: add --format mermaid or --format svg\nTry `uapi trace --help`.\n",
  ],
  [
    ["one.uapi", "--format", "svg", "--step", "two"],
    "uapi trace: --step wants a number, not `two`\nTry `uapi trace --help`.\n",
  ],
  [
    ["one.uapi", "--format", "sgv"],
    "uapi trace: --format is one of text, json, mermaid, svg, not `sgv`; did you mean `svg`?\nTry `uapi trace --help`.\n",
  ],
])("%j", async (argv, err) => {
  expect(await uapi(...argv)).toMatchObject({ status: 2, out: "", err });
});
