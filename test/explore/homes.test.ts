// One file for each piece of hardware: the same states and transitions by all engines, whatever is implied by that.

import { expect, test } from "vitest";
import { lower } from "../../server/src/explore/lower/index.ts";
import { explore } from "../../server/src/explore/packed/index.ts";
import { walk } from "../../server/src/explore/walk.ts";
import { finish, problemOf, unlimited } from "../support/problems.ts";

const box = `topology box {
  iommu vtd
  group 1 behind vtd { device a driver vfio_pci  device b driver vfio_pci }
  group 2 behind vtd { device c driver vfio_pci }
}
`;

/** Groups and their devices have files; `more` are checks of the call that opens a device, `calls` other calls. */
const proposal = (more: string, calls = ""): string => `proposal pairs extends core {
  fd group_fd opens "/dev/vfio/{group}" { marked: bool = false }
  fd device_fd { group_file: group_fd  peer: group_fd? }
  ioctl GET(g: group_fd, d: device) -> device_fd {
    ${more}
    return new device_fd { device: d, group_file: g }
  }
  ioctl MARK(f: device_fd, g: group_fd) { f.group_file.marked = true  f.peer = g }
  ${calls}
  define owner(d: device): context?     = none
  define may_access(f: device_fd): bool = f.group_file.marked
  define dma(d: device): dma_target     = blocked
}
${box}verify pairs on box {
  never any f in device_fd: f.group_file.marked and f.group_file.group != f.device.group and f.peer == f.group_file
  limit mapping 0
}
`;

const own = `require d.group == g.group else ENODEV "{d} is in another group"`;

test.each([
  ["a device has the file of its group", proposal(own), 1],
  ["or of any", proposal(""), 0],
  [
    "unless it is another one",
    proposal(`require d.group != g.group else ENODEV "{d} is in the same group"`),
    0,
  ],
  [
    "in some cases",
    proposal(`require g.marked or d.group == g.group else ENODEV "{d} is in another group"`),
    0,
  ],
  ["files can be destroyed", proposal(own, "ioctl DROP(g: group_fd) { destroy g }"), 0],
  ["and by way of others", proposal(own, "ioctl DROP(f: device_fd) { let g = f.peer  destroy g }"), 0],
  ["which has nothing to do with other files", proposal(own, "ioctl DROP(f: device_fd) { destroy f }"), 1],
])("%s", (_, text, implied) => {
  const problem = problemOf(text, { whole: true });
  const program = lower(problem, { order: true });
  if ("unsupported" in program) throw new Error(program.unsupported);
  // Two for the devices and groups themselves.
  expect(program.columns.filter(({ role }) => role === "derived")).toHaveLength(2 + implied);
  const told = ({ end, states, transitions, found }: ReturnType<typeof finish>) => ({
    ...{ end, states, transitions },
    found: found.map((path) => path?.length ?? null),
  });
  const walked = told(finish(walk(problem, unlimited)));
  for (const engine of ["wasm", "closures"] as const) {
    expect(told(finish(explore(program, unlimited, { engine, symmetry: false })))).toEqual(walked);
    const reduced = finish(explore(program, unlimited, { engine, symmetry: true }));
    expect(told(reduced)).toMatchObject({ end: walked.end, found: walked.found });
    if (walked.end === "exhausted") expect(reduced.orbits).toBe(walked.states);
  }
});
