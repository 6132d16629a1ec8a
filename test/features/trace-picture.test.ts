// States as pictures: what is there, who reaches what, where DMA goes, what the step changed and what is broken.

import { describe, expect, test } from "vitest";
import { createSession } from "../../server/src/analysis/session.ts";
import type { Picture } from "../../server/src/features/trace-picture/picture.ts";
import { pictureOf, stepLines, traceAt, tracedScenarios } from "../../server/src/features/trace-picture.ts";
import { memoryFiles } from "../support/memory-files.ts";
import { pictureIn, sampleScenarios, scenariosIn } from "../support/pictures.ts";

/** The picture as people would tell it: each thing in its box, each edge as its sentence, with its marks. */
function told({ nodes, boxes, edges, changes, broken }: Picture): string {
  const mark = (of: { changed: boolean; broken: boolean }): string =>
    of.broken ? "! " : of.changed ? "* " : "";
  const thing = (of: Picture["nodes"][number] | Picture["boxes"][number]): string =>
    `${mark(of)}${of.kind} ${of.name} (${[of.note, ...of.facts].filter((each) => each !== "").join(", ")})`;
  const inside = (box: string | null): string[] => nodes.filter((node) => node.box === box).map(thing);
  return [
    ...inside(null),
    ...boxes.flatMap((box) => [thing(box), ...inside(box.id).map((line) => `  ${line}`)]),
    ...edges.map((edge) => `${mark(edge)}${edge.says}`),
    ...changes.map((change) => `changed: ${change}`),
    ...broken.map(({ rule, message, since }) => `broken since ${since}: ${rule}: ${message}`),
    "",
  ].join("\n");
}

const peer = sampleScenarios("05-peer-detached.uapi");
const name = "the peer is the host's again";

describe("the peer is detached", () => {
  test("at boot", () => {
    expect(told(pictureIn(peer, 0, name))).toBe(
      `
task main (task)
target host (the host's memory)
group group 26 (behind vtd)
  device nic0 (vfio_pci)
  device nic1 (vfio_pci)
DMA of nic0 goes to host
DMA of nic1 goes to host
`.slice(1),
    );
  });

  test("both attached", () => {
    expect(told(pictureIn(peer, 8, name))).toBe(
      `
task main (task)
group group 26 (behind vtd)
  file dev0 (device fd)
  file dev1 (device fd)
  file g (group fd)
  device nic0 (vfio_pci)
  device nic1 (vfio_pci)
context ctx (ioasid fd, open in main)
  space as (ioasid)
main has dev0 open
dev0 gives access to the registers of nic0
main has dev1 open
dev1 gives access to the registers of nic1
main has g open
DMA of nic0 goes to as
* DMA of nic1 goes to as
group 26 belongs to ctx
changed: DMA of nic1 goes to as now (was blocked)
`.slice(1),
    );
  });

  test("the step that breaks the rule", () => {
    expect(told(pictureIn(peer, 9, name))).toBe(
      `
task main (task)
! target host (the host's memory)
! group group 26 (behind vtd)
  file dev0 (device fd)
  * file dev1 (device fd, detached)
  file g (group fd)
  ! device nic0 (vfio_pci)
  ! device nic1 (vfio_pci)
context ctx (ioasid fd, open in main)
  space as (ioasid)
main has dev0 open
! dev0 gives access to the registers of nic0
main has dev1 open
! dev1 gives access to the registers of nic1
main has g open
DMA of nic0 goes to as
! DMA of nic1 goes to host
group 26 belongs to ctx
changed: dev1 is detached now
changed: DMA of nic1 goes to host now (was as)
broken since 9: secure_context: nic0 is accessible while nic1, in the same group 26, does DMA through the host's translated domain
broken since 9: secure_context: nic1 is accessible while its own DMA goes through the host's translated domain
`.slice(1),
    );
  });

  test("a rule that stays broken is told with the step that broke it", () => {
    const { broken } = pictureIn(peer, 10, name);
    expect(broken.map(({ rule, since }) => [rule, since])).toEqual([
      ["secure_context", 9],
      ["secure_context", 9],
    ]);
    expect(broken[0]?.causes.map(({ step, message }) => `${step} ${message}`)).toEqual([
      "3 g's context becomes ctx",
      "4 dev0 is opened",
      "5 dev1 is opened",
      "9 dev1 becomes detached",
    ]);
  });
});

/** Nothing in it is called as in any shipped proposal. */
const own = `proposal shelves extends core {
  fd shelf is context opens "/dev/shelf" {}
  object drawer in shelf is address_space { below: drawer? }
  fd device_fd opens "/dev/key/{device}" { shelf: shelf?  drawer: drawer? }

  ioctl MAKE(s: shelf, below: drawer? = none) -> drawer { return new drawer { below: below } in s }
  ioctl TAKE(f: device_fd, s: shelf) {
    require f.shelf == none else EBUSY "{f.device} is on {f.shelf} already"
    f.shelf = s
  }
  ioctl PUT(f: device_fd, d: drawer) { f.drawer = d }

  define owner(d: device): context?     = first(f in device_fd where f.device == d and f.shelf != none).shelf
  define may_access(f: device_fd): bool = f.drawer != none
  define dma(d: device): dma_target =
    if any f in device_fd where f.device == d: f.drawer != none
    then first(f in device_fd where f.device == d and f.drawer != none).drawer
    else if owner(d) != none then blocked else host
  override define contained(target: dma_target, c: context?): bool =
    target == blocked or target is drawer and target.shelf == c
}

topology pair {
  iommu amd
  group 3 behind amd { device cat driver vfio_pci   device dog driver vfio_pci }
}

scenario "own words" on pair {
  s = open("/dev/shelf")
  k = open("/dev/key/cat")
  TAKE(k, s)
  TAKE(k, s) fails EBUSY
  low = MAKE(s)
  top = MAKE(s, low)
  PUT(k, top) violates secure_context
  m = mmap(k)
  close(k)
  TAKE(none_such, s)
}
`;

describe("a proposal of one's own", () => {
  const scenarios = scenariosIn(own);
  const at = (step: number): Picture => pictureIn(scenarios, step);

  test("devices of a group with different owners have an edge each, and address spaces lie in each other", () => {
    expect(
      told(at(7))
        .split("\n")
        .filter((line) => / k |cat|low|top|belongs/.test(line)),
    ).toEqual([
      "  file k (device fd)",
      "  ! device cat (vfio_pci)",
      "  space low (drawer)",
      "  space top (drawer)",
      "main has k open",
      "! k gives access to the registers of cat",
      "* DMA of cat goes to top",
      "the below of top is low",
      "cat belongs to s",
      "changed: main can access cat now",
      "changed: DMA of cat goes to top now (was blocked)",
      "broken since 7: secure_context: cat is accessible while dog, in the same group 3, does DMA through the host's translated domain",
    ]);
  });

  test("a refused call says why, and changes nothing", () => {
    const { step, changes } = at(4);
    expect(step).toMatchObject({ outcome: "errno", names: ["EBUSY"], message: "cat is on s already" });
    expect(changes).toEqual([]);
  });

  test("a file that is closed but mapped gives access without being open", () => {
    const { edges, nodes } = at(9);
    expect(nodes.find(({ name: each }) => each === "k")?.facts).toEqual(["open nowhere, still in use"]);
    expect(edges.filter(({ kind }) => kind === "access").map(({ says }) => says)).toContain(
      "main can access the registers of cat through m",
    );
  });

  test("what is not understood is said to be unknown", () => {
    const { step } = at(10);
    expect(step.outcome).toBe("unknown");
    expect(step.findings.map(({ message }) => message).join()).toContain("none_such");
  });

  test("everything that the text makes has its place there", () => {
    const { nodes, boxes } = at(8);
    const places = [...nodes, ...boxes].map(({ name: each, place }) => [
      each,
      place === null ? null : own.slice(place.start, place.end),
    ]);
    expect(Object.fromEntries(places)).toEqual({
      main: '"own words"',
      k: 'k = open("/dev/key/cat")',
      low: "low = MAKE(s)",
      top: "top = MAKE(s, low)",
      s: 's = open("/dev/shelf")',
      cat: "cat",
      dog: "dog",
      host: null,
      "group 3": "3",
    });
  });

  test("numbers outside of the scenario mean its ends", () => {
    expect([-5, 99, 2.9].map((step) => at(step).step.number)).toEqual([0, 10, 2]);
  });
});

describe("which step stands at an offset", () => {
  const view = (() => {
    const session = createSession(memoryFiles(new Map()));
    session.open("main.uapi", own);
    return session.view("main.uapi");
  })();
  const stepAt = (text: string): number | null =>
    view === null ? null : (traceAt(view, own.indexOf(text))?.step ?? null);

  test.each<readonly [text: string, step: number | null]>([
    ["topology", null],
    ["scenario", 0],
    ['own words"', 0],
    ['s = open("/dev/shelf")', 1],
    ['/dev/shelf")\n  k', 1],
    ["low = MAKE", 5],
    ["TAKE(none_such", 10],
  ])("%j", (text, step) => {
    expect(stepAt(text)).toBe(step);
  });
});

test("tasks, and a box for each group", () => {
  const scenarios = sampleScenarios("06-two-tasks-one-group.uapi");
  const { nodes, edges } = pictureIn(scenarios, 9, "a group shared out");
  expect(nodes.filter(({ kind }) => kind === "task").map(({ name: each, broken }) => [each, broken])).toEqual(
    [
      ["main", true],
      ["other", true],
    ],
  );
  expect(edges.filter(({ kind }) => kind === "holds").map(({ says }) => says)).toEqual([
    "main has dev0 open",
    "other has dev1 open",
    "main has g open",
  ]);
});

/** Twelve groups of two devices, all of them in one container. */
function large(): string {
  const groups = Array.from({ length: 12 }, (_, index) => index + 1);
  const devices = (group: number): string =>
    `device a${group} driver vfio_pci device b${group} driver vfio_pci`;
  return [
    "use vfio",
    `topology large {\n  iommu vtd\n${groups.map((group) => `  group ${group} behind vtd { ${devices(group)} }`).join("\n")}\n}`,
    'scenario "large" on large {\n  c = open("/dev/vfio/vfio")',
    ...groups.map(
      (group) => `  g${group} = open("/dev/vfio/${group}")\n  VFIO_GROUP_SET_CONTAINER(g${group}, c)`,
    ),
    "  VFIO_SET_IOMMU(c, VFIO_TYPE1v2_IOMMU)\n}",
  ].join("\n");
}

test("on a large machine what holds for a whole group is told once", () => {
  const { edges, boxes } = pictureIn(scenariosIn(large()), 26);
  const dma = edges.filter(({ kind }) => kind === "dma");
  expect(dma).toHaveLength(12);
  expect(dma[0]).toMatchObject({ label: "DMA of 2", says: "DMA of a1 goes to c; DMA of b1 goes to c" });
  expect(edges.filter(({ kind }) => kind === "owner")).toEqual([]);
  expect(boxes[0]?.facts).toEqual(["owner c"]);
});

test("a step of ten thousand", () => {
  const calls = Array.from(
    { length: 5000 },
    () => `  dev = VFIO_GROUP_GET_DEVICE_FD(g, nic)\n  close(dev)\n`,
  );
  const [scenario] = scenariosIn(`use vfio
topology one { iommu vtd  group 8 behind vtd { device nic driver vfio_pci } }
scenario "long" on one {
  c = open("/dev/vfio/vfio")
  g = open("/dev/vfio/8")
  VFIO_GROUP_SET_CONTAINER(g, c)
  VFIO_SET_IOMMU(c, VFIO_TYPE1v2_IOMMU)
${calls.join("")}}
`);
  if (scenario === undefined) throw new Error("there is no scenario");
  const texts = (steps: readonly number[]): string[] =>
    steps.map((step) => {
      const { step: here, edges } = pictureOf(scenario, step);
      return `${here.number} ${here.text} ${edges.filter(({ kind }) => kind === "access").length}`;
    });
  expect(scenario.steps.count).toBe(10_004);
  expect(texts([10_004, 9_999, 5, 6, 5_001])).toEqual([
    "10004 close(dev) 0",
    "9999 dev = VFIO_GROUP_GET_DEVICE_FD(g, nic) 1",
    "5 dev = VFIO_GROUP_GET_DEVICE_FD(g, nic) 1",
    "6 close(dev) 0",
    "5001 dev = VFIO_GROUP_GET_DEVICE_FD(g, nic) 1",
  ]);
  expect(stepLines(scenario, 9_000, 9_003).map(({ number }) => number)).toEqual([9_000, 9_001, 9_002]);
  expect(stepLines(scenario, 10_003, 10_100)).toHaveLength(2);
});

test("looking at states leaves the run as it is", () => {
  const session = createSession(memoryFiles(new Map()));
  session.open("main.uapi", own);
  const findings = session.analyse("main.uapi").findings;
  const view = session.view("main.uapi");
  for (const scenario of view === null ? [] : tracedScenarios(view)) {
    for (const step of [7, 2, 0, 10]) pictureOf(scenario, step);
  }
  expect(session.analyse("main.uapi").findings).toEqual(findings);
  session.edit("main.uapi", { start: own.length, end: own.length, text: "\n" });
  expect(session.analyse("main.uapi").findings).toEqual(findings);
});
