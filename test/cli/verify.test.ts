// `uapi verify` with the real engines, on files that are a table.

import { describe, expect, test } from "vitest";
import { createSession } from "../../server/src/analysis/session.ts";
import type { Tool } from "../../server/src/commands/io.ts";
import { type Outcome, uapi, type World } from "./fake-io.ts";

const box = `topology box {
  iommu vtd
  group 26 behind vtd { device nic driver vfio_pci }
}
`;

const good = `use group_bind

${box}
verify group_bind on box {
  safe
  reach "own address space": dma(nic) is ioasid
}
`;

const bad = `use group_bind_detach_default

${box}
verify group_bind_detach_default on box {
  safe
  never dma(nic) is ioasid and owner(nic) == none
}
`;

const tool: Partial<Tool> = { view: (uri, files) => createSession(files).view(uri) };
const verify = (argv: readonly string[], world: World): Promise<Outcome> =>
  uapi(["verify", ...argv], { tool, ...world });

describe("text", () => {
  test("what holds, with what was covered", async () => {
    const { status, out, err } = await verify(["a.uapi"], { files: { "a.uapi": good } });
    expect([status, err]).toEqual([0, ""]);
    // How many states stand for all is the engines' own business.
    const masked = out
      .replace(/all \d+ states/, "all N states")
      .replace(/[\d ]+ calls succeeded/, " M calls succeeded");
    expect(masked.replace(/is \d+ calls/, "is L calls")).toBe(`group_bind on box  a.uapi:8

  holds  safe
    no sequence of calls breaks a rule
  holds  reach "own address space": dma(nic) is ioasid
    reached after 6 calls

  covered: all N states, which stand for 640; M calls succeeded there, the
    farthest state is L calls away
  within: any number of calls; 1 task; at a time at most one device_fd for each
    device, 1 mapping, 2 ioasid_fd, one group_fd for each group and 2 ioasid;
    not done meanwhile: bind_driver, unbind_driver; arguments that need not be
    given are not given

2 claims: 2 hold
`);
  });

  test("calls that never succeeded, and what could not be taken for equal", async () => {
    const text = `use group_bind, ioasid_v2
topology hosted { iommu vtd  group 26 behind vtd { device nic driver vfio_pci  device usb driver xhci_hcd } }
topology two { iommu vtd  group 26 behind vtd { device nic0 driver vfio_pci  device nic1 driver vfio_pci } }
verify group_bind on hosted { safe }
verify ioasid_v2_several_fds on two { breaks secure_context }
`;
    const { out } = await verify(["a.uapi"], { files: { "a.uapi": text } });
    expect(out).toContain(`
  never succeeded: VFIO_GROUP_BIND_IOASID_FD, VFIO_GROUP_GET_DEVICE_FD,
    VFIO_DEVICE_ATTACH_IOASID, VFIO_DEVICE_DETACH_IOASID, mmap, munmap
`);
    expect(out).toContain("\n  told apart, as their order decides something: bond\n");
    const [hosted, two] = JSON.parse(
      (await verify(["a.uapi", "--format", "json"], { files: { "a.uapi": text } })).out,
    );
    expect([hosted.neverSucceeded.length, hosted.toldApart]).toEqual([6, []]);
    expect([two.neverSucceeded, two.toldApart]).toEqual([[], ["bond"]]);
  });

  test("what fails, with the shortest sequence and why it is wrong", async () => {
    const { status, out } = await verify(["bad.uapi"], { files: { "bad.uapi": bad } });
    expect(status).toBe(1);
    expect(out).toContain(`  FAILS  safe
    secure_context breaks after 7 calls
  holds  never dma(nic) is ioasid and owner(nic) == none
    no sequence of calls gets there
`);
    expect(out).toContain(`
  VFIO_DEVICE_DETACH_IOASID(dev)  violates secure_context
}

error[secure-context]: nic is accessible while its own DMA goes through the
    host's translated domain
 --> counterexample:8:3
  |
`);
    expect(out).toMatch(/\n2 claims: 1 holds, 1 fails\n$/);
  });

  test("--all shows the sequences of claims that hold as well", async () => {
    const files = { "a.uapi": good };
    const [without, withAll] = [
      await verify(["a.uapi"], { files }),
      await verify(["a.uapi", "--all"], { files }),
    ];
    expect(without.out).not.toContain("scenario");
    expect(withAll.out).toContain(`scenario "group_bind on box: own address space" on box with group_bind {`);
    expect(withAll.out).toContain("  assert dma(nic) is ioasid\n}");
  });

  test("never more than 80 columns but for a line of a scenario", async () => {
    const { out } = await verify(["a.uapi", "bad.uapi", "--all"], {
      files: { "a.uapi": good, "bad.uapi": bad },
    });
    const long = out.split("\n").filter((line) => line.length > 80);
    expect(long.filter((line) => !line.startsWith("scenario "))).toEqual([]);
  });
});

describe("budgets", () => {
  const files = { "a.uapi": good };

  test("--states", async () => {
    const { status, out } = await verify(["a.uapi", "--states", "9"], { files });
    expect(status).toBe(1);
    expect(out).toContain(`  not established  safe
    the budget of 9 states is used up after sequences of up to`);
    expect(out).toContain("2 claims: 2 are not established");
    expect(out).toContain("not all there are");
  });

  test("--time is asked of the clock, and of nothing else", async () => {
    let now = 0;
    const io = {
      now: () => {
        now += 600;
        return now;
      },
    };
    const slow = await verify(["big.uapi", "--time", "1"], { files: { "big.uapi": big }, io });
    expect(slow.status).toBe(1);
    expect(slow.out).toContain("the 1 s are over after");
  });

  test.each([
    ["--states", "0"],
    ["--states", "many"],
    ["--memory", "-1"],
    ["--time", "1s"],
    ["--format", "github"],
  ])("%s %s is no budget", async (option, value) => {
    const { status, out, err } = await verify(["a.uapi", option, value], { files });
    expect([status, out]).toEqual([2, ""]);
    expect(err).toContain(value);
  });
});

/** More than one slice of work. */
const big = `use group_bind
topology two {
  iommu vtd
  group 26 behind vtd { device nic0 driver vfio_pci  device nic1 driver vfio_pci }
  group 27 behind vtd { device nic2 driver vfio_pci  device nic3 driver vfio_pci }
}
verify group_bind on two { safe  limit device_fd 4 }
`;

describe("what cannot be decided", () => {
  test("errors in a block are shown, and no verdict", async () => {
    const text = `use vfio\n${box}verify vfio on box { safe  limit device 2 }\n`;
    const { status, out } = await verify(["a.uapi"], { files: { "a.uapi": text } });
    expect(status).toBe(1);
    expect(out).toContain("error[bad-claim]: how many of `device` there are is said by the topology");
    expect(out).toMatch(/1 claim: 1 is not established\n$/);
  });

  test("what does not parse may hide a block", async () => {
    const text = `${good}\nverify on box { safe }\n`;
    const { status, out } = await verify(["a.uapi"], { files: { "a.uapi": text } });
    expect(status).toBe(1);
    expect(out).toContain("error[syntax]: which proposal is this about?");
    expect(out).toContain("2 claims: 2 hold");
  });

  test("a failing step of a scenario is in nobody's way", async () => {
    const text = `${good}\nscenario "fails" on box { close(none) }\n`;
    expect((await verify(["a.uapi"], { files: { "a.uapi": text } })).status).toBe(0);
  });

  test("without a block there is nothing to decide", async () => {
    const found = await verify(["a.uapi"], { files: { "a.uapi": `use vfio\n${box}` } });
    expect(found).toMatchObject({ status: 2, out: "", err: "uapi: there is no `verify` block in a.uapi\n" });
  });

  test("a file that is not there", async () => {
    const { status, out } = await verify(["none.uapi"], {});
    expect(status).toBe(2);
    expect(out).toContain("error[unreadable]");
  });

  test("a directory may have files without a block", async () => {
    const files = { "a.uapi": good, "b.uapi": `use vfio\n${box}` };
    const { status } = await verify(["dir"], { files, directories: { dir: ["a.uapi", "b.uapi"] } });
    expect(status).toBe(0);
  });
});

describe("other forms", () => {
  const files = { "a.uapi": good, "bad.uapi": bad };

  test("json", async () => {
    const { status, out } = await verify(["--format", "json", "a.uapi", "bad.uapi"], { files });
    expect(status).toBe(1);
    const told: unknown = JSON.parse(out);
    expect(told).toMatchObject([
      {
        file: "a.uapi",
        proposal: "group_bind",
        topology: "box",
        ended: "exhausted",
        claims: [{ verdict: "holds" }, {}],
      },
      {
        file: "bad.uapi",
        range: { start: { line: 8, column: 37 } },
        claims: [
          {
            claim: "safe",
            verdict: "fails",
            range: { start: { line: 9, column: 3 }, end: { line: 9, column: 7 } },
            breaks: { code: "secure-context" },
          },
          { verdict: "holds", calls: null, scenario: null, breaks: null },
        ],
      },
    ]);
  });

  test("sarif", async () => {
    const { status, out } = await verify(["--format", "sarif", "a.uapi", "bad.uapi"], { files });
    expect(status).toBe(1);
    const told: unknown = JSON.parse(out);
    expect(told).toMatchObject({
      version: "2.1.0",
      runs: [
        {
          tool: { driver: { rules: [{ id: "claim-fails", defaultConfiguration: { level: "error" } }] } },
          results: [
            {
              ruleId: "claim-fails",
              level: "error",
              locations: [
                { physicalLocation: { artifactLocation: { uri: "bad.uapi" }, region: { startLine: 9 } } },
              ],
            },
          ],
        },
      ],
    });
  });
});

test("a terminal is told how far it is, and the line is taken away again", async () => {
  let now = 0;
  const io = {
    errIsTerminal: true,
    now: () => {
      now += 1000;
      return now;
    },
  };
  const { err, out } = await verify(["big.uapi", "--states", "20000"], { files: { "big.uapi": big }, io });
  const [first, ...lines] = err.split("\r\x1b[K");
  expect([first, lines.pop()]).toEqual(["", ""]);
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) expect(line).toMatch(/^group_bind on two: [\d ]+ states, \d+ calls in a row$/);
  expect(out).toContain("not established");
});

test("the same in every run", async () => {
  const runs = await Promise.all(
    [1, 2].map(() => verify(["bad.uapi", "--all"], { files: { "bad.uapi": bad } })),
  );
  expect(runs[0]).toEqual(runs[1]);
});
