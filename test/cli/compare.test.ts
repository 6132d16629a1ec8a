// `uapi compare` and `uapi barriers`: what they print, and which status they end with, with the real analysis.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createSession } from "../../server/src/analysis/session.ts";
import { uapi as fake, type Outcome, type World } from "./fake-io.ts";

/** Two versions of one proposal; the second asks for something before it opens the second door. */
const doors = (name: string, check: string): string => `proposal ${name} extends core {
  fd door_fd is context opens "/dev/doors" { a: bool  b: bool }
  ioctl OPEN_A(f: door_fd) { f.a = true }
  ioctl SHUT_A(f: door_fd) { f.a = false }
  ioctl OPEN_B(f: door_fd) { ${check} f.b = true }
  rule one_door(t: task) "both doors are never open" {
    require not any f in door_fd: f.a and f.b else "both doors are open"
  }
  define owner(d: device): context? = none
  define may_access(f: device_fd): bool = false
  define dma(d: device): dma_target = blocked
}
`;
const barred = 'require not f.a else EBUSY "{f} has door a open"';
const lab = "topology lab { iommu vtd  group 8 behind vtd { device nic driver vfio_pci } }\n";
const sample = (name: string): string =>
  readFileSync(new URL(`../../samples/${name}`, import.meta.url), "utf8");

const files = {
  "old.uapi": doors("doors", ""),
  "new.uapi": doors("doors", barred),
  "maybe.uapi": `${doors("doors", barred.replace("require", "require?"))}${lab}verify doors on lab { safe  limit door_fd 1 }\n`,
  "none.uapi": `${doors("doors", "")}${lab}verify doors on lab { safe }\n`,
  "two.uapi": doors("one", "") + doors("two", barred),
  "lab.uapi": lab,
  "broken.uapi": "proposal broken extends core { ioctl }\n",
  "topologies.uapi": sample("topologies.uapi"),
  "13-which-checks.uapi": sample("13-which-checks.uapi"),
};

const tool: World["tool"] = {
  analyse: (uri, from) => createSession(from).analyse(uri),
  view: (uri, from) => createSession(from).view(uri),
};
const uapi = (...argv: readonly string[]): Promise<Outcome> => fake(argv, { files, tool });

describe("two versions of a proposal", () => {
  test("what the second refuses and no longer breaks, each with its shortest sequence", async () => {
    const { status, out, err } = await uapi("compare", "old.uapi", "new.uapi", "--limit", "door_fd=1");
    expect({ status, err }).toEqual({ status: 1, err: "" });
    expect(out).toMatch(/every sequence of the calls that they share was compared: \d+ pairs of states\n$/);
    expect(
      out.replace(/\n\nevery sequence.*/s, "\n"),
    ).toBe(`doors of new.uapi compared with doors of old.uapi, on two_functions

Newly refused by doors of new.uapi
  OPEN_B: EBUSY: door has door a open (new.uapi:5)
      door = open("/dev/doors")
      OPEN_A(door)
      OPEN_B(door)

Broken by both
  one_door: 3 calls with doors of old.uapi, 3 calls with doors of new.uapi
`);
  });

  test("the other way round it is allowed", async () => {
    const { out } = await uapi("compare", "two.uapi:two", "two.uapi:one", "--on", "lab.uapi");
    expect(out).toContain(
      "Newly allowed by one\n  OPEN_B; two says EBUSY: door has door a open (two.uapi:17)\n",
    );
  });

  test("with itself nothing is different", async () => {
    const { status, out } = await uapi("compare", "old.uapi", "old.uapi", "--limit", "door_fd=1");
    expect(status).toBe(0);
    expect(out).toContain("nothing different was found; every sequence");
  });

  test("what was not looked at is no sameness", async () => {
    const { status, out } = await uapi("compare", "old.uapi", "old.uapi", "--states", "2");
    expect(status).toBe(1);
    expect(out).toContain(
      "nothing different was found; there may be more: the budget is used up after 2\npairs of states; whether secure_context,",
    );
  });

  test("json", async () => {
    const { out } = await uapi(
      "compare",
      "two.uapi:one",
      "two.uapi:two",
      "--format",
      "json",
      "--limit",
      "door_fd=1",
    );
    expect(JSON.parse(out)).toMatchObject({
      names: ["one", "two"],
      differences: [
        {
          what: "refuses",
          name: "OPEN_B",
          errno: [null, "EBUSY"],
          steps: [{}, {}, {}].map(() => expect.any(String)),
        },
      ],
      compared: { why: null },
    });
  });

  test("markdown", async () => {
    const { out } = await uapi("compare", "two.uapi:one", "two.uapi:two", "--format", "markdown");
    expect(out).toContain("# two compared with one, on two\\_functions\n");
    expect(out).toContain('```uapi step\ndoor = open("/dev/doors")\nOPEN_A(door)\nOPEN_B(door)\n```');
  });
});

test("proposals with other calls are compared by what the hardware can come to", async () => {
  const { status, out } = await uapi("compare", "old.uapi", "group_bind", "--on", "lab.uapi");
  expect(status).toBe(1);
  expect(out).toContain(`What the hardware can come to only with group_bind
  a device not reachable, not owned, DMA through the host's domain
`);
  expect(out).toContain('  doors: open("/dev/doors"), OPEN_A, SHUT_A, OPEN_B\n');
  expect(out).toMatch(/they share no call of their own\n$/);
});

describe("a use case", () => {
  test("a table over proposals, with what goes wrong on the way", async () => {
    const goal = "any f in door_fd: f.b and f.a";
    const { status, out } = await uapi("compare", "--goal", goal, "two.uapi:one", "two.uapi:two");
    expect(status).toBe(0);
    const [head, , ...rows] = out.split("\n");
    expect(head).toBe("any f in door_fd: f.b and f.a, on two_functions");
    expect(rows.slice(0, 3).map((row) => row.replace(/ +\d+$/, ""))).toEqual([
      "proposal  reachable  calls  on the way         states",
      "one       yes        3      one_door (call 3)",
      "two       yes        3      one_door (call 3)",
    ]);
  });

  test("what cannot be reached, and what was not established", async () => {
    const goal = "any f in door_fd: f.b and not f.a";
    const never = await uapi("compare", "--goal", `${goal} and f.a`, "two.uapi:one", "--format", "json");
    expect(JSON.parse(never.out)).toMatchObject({ proposals: [{ reach: { is: "never" } }] });
    const open = await uapi("compare", "--goal", `${goal} and f.a`, "two.uapi:one", "--depth", "1");
    expect(open.status).toBe(1);
    expect(open.out).toContain("one: not established: longer sequences than 1 calls were not tried");
  });
});

test.each([
  [
    ["compare", "vfio"],
    "uapi compare: give two proposals, or --goal and any number of them\nTry `uapi compare --help`.\n",
  ],
  [
    ["compare", "vfi", "vfio"],
    /^uapi compare: a shipped proposal is one of vfio, .*, not `vfi`; did you mean `vfio`\?; a file ends in \.uapi\n/,
  ],
  [["compare", "vfio", "gone.uapi"], "uapi: gone.uapi: no such file or directory\n"],
  [["compare", "old.uapi", "two.uapi"], "uapi: two.uapi declares several: say `two.uapi:one`, or two\n"],
  [["compare", "old.uapi", "broken.uapi"], /^uapi: .*\n$/],
  [
    ["compare", "vfio", "vfio", "--on", "lab"],
    "uapi compare: --on lab: say of which file, as in lab.uapi:lab\nTry `uapi compare --help`.\n",
  ],
  [["compare", "vfio", "vfio", "--on", "lab.uapi:gone"], /^uapi: no topology is called `gone`/],
  [["compare", "vfio", "vfio", "--limit", "x"], /^uapi compare: --limit wants KIND=N, not `x`/],
  [["compare", "--goal", "dma(nic9) == host", "vfio"], /^uapi: .*`nic9`/],
  [["barriers", "old.uapi"], /^uapi: old\.uapi has no verify block/],
  [["barriers", "none.uapi"], /^uapi: no proposal of a verify block in none\.uapi has a `require\?`/],
  [["barriers", "--rule", "gone", "maybe.uapi"], "uapi: doors has no rule `gone`\n"],
])("%j", async (argv, expected) => {
  const { status, out, err } = await uapi(...argv);
  expect({ status, out }).toEqual({ status: 2, out: "" });
  if (typeof expected === "string") expect(err).toBe(expected);
  else expect(err).toMatch(expected);
});

describe("barriers", () => {
  test("no check is enough", async () => {
    const { status, out } = await uapi("barriers", "maybe.uapi");
    expect(status).toBe(1);
    expect(out).toBe(`which checks doors needs for every rule, on lab

Checks that might be made
  1. OPEN_B: not f.a, else EBUSY (maybe.uapi:5)

Without any of them (on lab)
  harm is done by
      door = open("/dev/doors")
      OPEN_A(door)
      OPEN_B(door)

No check refuses this (on lab)
  so no set of them is enough
      door = open("/dev/doors")
      OPEN_B(door)
      OPEN_A(door)

these are all minimal sets
`);
  });

  test("the sample: which checks the device-first plan needs", async () => {
    const { status, out } = await uapi("barriers", "13-which-checks.uapi", "--format", "json");
    expect(status).toBe(0);
    const [report] = JSON.parse(out);
    const named = ({ call, condition }: { call: string; condition: string }): string =>
      `${call}: ${condition}`;
    expect(report.minimal.map(({ checks }: { checks: [] }) => checks.map(named))).toEqual([
      [
        "open of device_fd: hosted == none",
        "VFIO_BIND_IOASID_FD: split == none",
        "VFIO_UNBIND_IOASID_FD: not accessible(f.device)",
      ],
      [
        "VFIO_BIND_IOASID_FD: hosted == none",
        "VFIO_BIND_IOASID_FD: split == none",
        "VFIO_UNBIND_IOASID_FD: not accessible(f.device)",
      ],
    ]);
    expect(report.unneeded.map(named)).toEqual(["VFIO_DETACH_IOASID: not accessible(f.device)"]);
    expect(
      report.minimal[0].forbids.map(({ steps, isHarm }: { steps: []; isHarm: boolean }) => [
        steps.length,
        isHarm,
      ]),
    ).toEqual([
      [1, false],
      [6, true],
      [6, false],
    ]);
  });
});
