// Runs that are left half-way and gone on with behind the next edit: every walk over a few edits that matter to each
// other, with pauses in different places. Blocks of rows hold four here, so that a run of some rows can be left anywhere.

import { describe, expect, test, vi } from "vitest";
import { createSession, type Session, type View } from "../../server/src/analysis/session.ts";
import { scenariosOf, worldBefore } from "../../server/src/analysis/view.ts";
import { everything } from "../../server/src/engine/run.ts";
import { difference } from "../support/edit-scripts.ts";
import { memoryFiles } from "../support/memory-files.ts";

vi.mock("../../server/src/base/sequence.ts", async (load) =>
  (await import("../support/small-blocks.ts")).smallBlocks(await load<object>()),
);

const uri = "main.uapi";

/** What is near an edit is read again: this keeps the head of the scenario away, and so rows the same. */
const far = "  // far away\n".repeat(40);

/** Each changes one place; together they are all texts that are looked at. */
const edits = [
  "bind is misspelled",
  "comment at the top",
  "free is left out",
  "one more in the middle",
  "parallel in the middle",
  "end is refused",
] as const;

const round = (i: number): string[] => [
  `as${i} = IOASID_ALLOC(ctx)`,
  `VFIO_DEVICE_ATTACH_IOASID(dev, as${i})`,
  "VFIO_DEVICE_DETACH_IOASID(dev)",
  `IOASID_FREE(as${i})`,
];

function textOf(made: ReadonlySet<(typeof edits)[number]>): string {
  const has = (edit: (typeof edits)[number]): boolean => made.has(edit);
  const lines = [
    ...(has("comment at the top") ? ["// here it begins"] : []),
    'ctx = open("/dev/ioasid")',
    'g = open("/dev/vfio/26")',
    `VFIO_GROUP_BIND_IOASID_FD(${has("bind is misspelled") ? "h" : "g"}, ctx)`,
    "dev = VFIO_GROUP_GET_DEVICE_FD(g, nic)",
    ...round(1),
    ...round(2).slice(0, has("free is left out") ? 3 : 4),
    ...(has("one more in the middle") ? ["more = IOASID_ALLOC(ctx)"] : []),
    ...round(3),
    ...(has("parallel in the middle")
      ? ["parallel {", "task a { close(more) }", "task b { close(g) }", "}"]
      : []),
    ...round(4),
    ...round(5),
    "VFIO_DEVICE_ATTACH_IOASID(dev, as5)",
    ...(has("end is refused") ? ["close(ctx)", "close(ctx)"] : ["close(dev)"]),
  ];
  return `use group_bind
topology one { iommu vtd  group 26 behind vtd { device nic driver vfio_pci } }
scenario "s" on one {
${far}${lines.map((line) => `  ${line}\n`).join("")}}
`;
}

function viewOf(session: Session): View {
  const view = session.view(uri);
  if (view === null) throw new Error("no view");
  return view;
}

function opened(text: string): Session {
  const session = createSession(memoryFiles(new Map()));
  session.open(uri, text);
  return session;
}

/** What a session says that saw nothing else, and the state behind every row. */
interface Told {
  readonly findings: unknown;
  readonly hints: unknown;
  readonly states: readonly string[];
}

function told(view: View): Told {
  const { findings } = view.analysis;
  const hints = view.analysis.hints();
  const states = scenariosOf(view).flatMap(({ run }) =>
    run === null ? [] : [...run.results, null].map((_, row) => stateOf(worldBefore(run, row))),
  );
  return { findings, hints, states };
}

/** Cells of what is alive, and what names stand for; steps are numbered by who was there first, and left out. */
function stateOf({ machine, system, slots }: ReturnType<typeof worldBefore>): string {
  const cells = system.kinds.map(({ fields, alive }) =>
    (machine.cells[alive] ?? []).map((lives, index) =>
      lives === 1 ? fields.map((field) => machine.cells[field]?.[index]) : [],
    ),
  );
  const names = [...slots].map(([name, slot]) => [name.replace(/:.*/, ""), slot] as const);
  return JSON.stringify([cells.map((all) => all.flat()), names.sort()], (key, value: unknown) =>
    key === "born" ? undefined : value,
  );
}

const fresh = new Map<string, Told>();

function freshly(text: string): Told {
  const known = fresh.get(text) ?? told(viewOf(opened(text)));
  fresh.set(text, known);
  return known;
}

function walk(steps: readonly (typeof edits)[number][], pauses: readonly number[]): void {
  const made = new Set<(typeof edits)[number]>();
  let text = textOf(made);
  const session = opened(text);
  viewOf(session).analysis.advance({ ...everything(), steps: pauses[0] ?? 0 });
  steps.forEach((edit, i) => {
    if (!made.delete(edit)) made.add(edit);
    const next = textOf(made);
    session.edit(uri, difference(text, next));
    text = next;
    viewOf(session).analysis.advance({ ...everything(), steps: pauses[i + 1] ?? 0 });
  });
  expect(told(viewOf(session)), `${steps.join(", ")}; ${pauses.join(", ")}`).toEqual(freshly(text));
}

const forever = Number.POSITIVE_INFINITY;

describe.each([[[forever, 8, 8, 8]], [[forever, 16, 4, 20]], [[52, 4, 20, 12]]])(
  "pauses behind %j steps",
  (pauses) => {
    test.each(edits)("%s, and every two edits behind it", (first) => {
      for (const second of edits) for (const third of edits) walk([first, second, third], pauses);
    });
  },
);

test("what was found out before is not found out again", () => {
  const [bind, comment] = edits;
  const [sound, broken, noted] = [new Set<typeof bind>(), new Set([bind]), new Set([bind, comment])].map(
    textOf,
  );
  if (sound === undefined || broken === undefined || noted === undefined) throw new Error("no text");
  const stepsFor = (session: Session, from: string, to: string, most: number): number => {
    session.edit(uri, difference(from, to));
    const budget = { ...everything(), steps: most };
    viewOf(session).analysis.advance(budget);
    return most - budget.steps;
  };
  const session = opened(sound);
  viewOf(session).analysis.advance(everything());
  expect(stepsFor(session, sound, broken, 8)).toBeGreaterThanOrEqual(8);
  expect(viewOf(session).analysis.soFar().rest).not.toBeNull();
  // Mended before all was run: what follows is as it was.
  expect(stepsFor(session, broken, sound, 1000)).toBeLessThan(16);
  stepsFor(session, sound, broken, 16);
  const before = viewOf(session).analysis.soFar().rest?.start ?? 0;
  // Something else, which changes nothing, far in front of where the run was left: that is gone on with.
  expect(stepsFor(session, broken, noted, 1)).toBeLessThan(9);
  expect(viewOf(session).analysis.soFar().rest?.start).toBeGreaterThan(before);
});
