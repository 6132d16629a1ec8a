import { expect, test } from "vitest";
import type { DeviceState, Trace, TraceRow } from "../../server/src/analysis.ts";
import { widthOf } from "../../server/src/base/columns.ts";
import { traceTable } from "../../server/src/report/trace.ts";

type Facts = readonly [accessible: string, owner: string, dma: string];

function row(
  text: string,
  outcome: TraceRow["outcome"],
  detail: string,
  devices: Readonly<Record<string, Facts>>,
): TraceRow {
  const states = Object.entries(devices).map(
    ([device, [accessible, owner, dma]]): DeviceState => ({
      device,
      group: "1",
      accessible: accessible === "" ? [] : accessible.split(" "),
      owner,
      dma,
    }),
  );
  return { place: { uri: "a.uapi", start: 0, end: 0 }, text, task: "main", outcome, detail, devices: states };
}

const host: Facts = ["", "-", "host"];
const taken: Facts = ["main", "ctx", "ctx"];
const rows = [
  row('ctx = open("/dev/tiny")', "ok", "", { nic: host }),
  row("mmap(dev)", "errno", "EINVAL", { nic: host }),
  row("TAKE(dev, ctx)", "ok", "", { nic: taken }),
  row("LEAVE(dev)", "violation", "secure_context", { nic: ["main", "-", "host"] }),
  row("TAKE(x, ctx)", "unknown", "", { nic: ["main", "-", "host"] }),
];
const one: Trace = { scenario: "leaving", topology: "one_nic", proposal: "tiny", rows };

test("one device: a column for each fact", () => {
  expect(traceTable(one, 80)).toBe(
    `
scenario "leaving"
  topology one_nic, proposal tiny

                                             | nic, group 1
#  call                     outcome          | accessible  owner  DMA target
---------------------------------------------+------------------------------
1  ctx = open("/dev/tiny")  ok               | -           -      host
2  mmap(dev)                EINVAL           | -           -      host
3  TAKE(dev, ctx)           ok               |*main       *ctx   *ctx
4  LEAVE(dev)               ! secure_context | main       *-     *host
5  TAKE(x, ctx)             ?                | main        -      host

* changed by this step   ! breaks a rule   ? not known
`.slice(1),
  );
});

const two: Trace = {
  ...one,
  rows: rows.map((entry) => ({
    ...entry,
    devices: [
      ...entry.devices,
      ...entry.devices.map((state) => ({ ...state, device: "nic1", accessible: [] })),
    ],
  })),
};

test("more devices than fit: those that a step has changed, below it", () => {
  expect(traceTable(two, 72)).toBe(
    `
scenario "leaving"
  topology one_nic, proposal tiny

#  call                                      outcome
     device   accessible   owner   DMA target
-------------------------------------------------------------
1  ctx = open("/dev/tiny")                   ok
     nic      -            -       host
     nic1     -            -       host
2  mmap(dev)                                 EINVAL
3  TAKE(dev, ctx)                            ok
     nic     *main        *ctx    *ctx
     nic1     -           *ctx    *ctx
4  LEAVE(dev)                                ! secure_context
     nic      main        *-      *host
     nic1     -           *-      *host
5  TAKE(x, ctx)                              ?

* changed by this step   ! breaks a rule   ? not known
`.slice(1),
  );
});

test("two devices side by side where there is room", () => {
  const table = traceTable(two, 120);
  expect(table).toContain("| nic, group 1 ");
  expect(table).toContain("| nic1, group 1\n");
  expect(Math.max(...table.split("\n").map(widthOf))).toBeLessThanOrEqual(120);
});

test("with several tasks every step says whose it is", () => {
  const tasks = {
    ...one,
    rows: rows.map((entry, index) => ({ ...entry, task: index === 2 ? "vmm" : "main" })),
  };
  expect(traceTable(tasks, 100)).toContain("\n3  vmm: TAKE(dev, ctx) ");
});

test("long steps are cut, odd names are escaped, an empty trace has a head", () => {
  const long = {
    ...two,
    scenario: "a\nb\x1b",
    rows: [row(`CALL(${"x, ".repeat(40)})`, "ok", "", { nic: host, 日本: host })],
  };
  const table = traceTable(long, 80);
  expect(table).toMatch(/^scenario "a b\\x1b"\n/);
  expect(table).toContain("…  ok\n");
  expect(Math.max(...table.split("\n").map(widthOf))).toBeLessThanOrEqual(80);
  expect(traceTable({ ...one, rows: [] }, 80)).toContain("#  call");
});
