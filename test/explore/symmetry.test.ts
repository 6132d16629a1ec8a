// Symmetry is exact: one state for all that are equal, and for no others.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lower } from "../../server/src/explore/lower/index.ts";
import { type Canonical, createCanonical } from "../../server/src/explore/packed/canonical.ts";
import { layoutOf, packInto } from "../../server/src/explore/packed/layout.ts";
import { MARK } from "../../server/src/explore/packed/marks.ts";
import { benchOf } from "../../server/src/explore/packed/search.ts";
import { symmetryOf } from "../../server/src/explore/packed/symmetry.ts";
import { type Action, ORDER, type Program } from "../../server/src/explore/program.ts";
import { posedIn } from "../support/problems.ts";
import { type Drawn, drawn, programOf } from "./packed-drawn.ts";
import { type Model, model, num } from "./packed-models.ts";
import { engines, exchanged, reachable, run } from "./packed-runs.ts";

/** Random programs with more states are left out. */
const MOST = 4_000;
/** Words of marks that are enough for all of them. */
const MOST_MARKS = 8;

interface Checked {
  readonly states: number;
  readonly symmetric: number;
}

/** How many things have each of the marks in the state that was settled last. */
function ties(canonical: Canonical): readonly number[] {
  const words = new Int32Array(MOST_MARKS);
  canonical.mark(words, 0);
  const counts = [0, 0, 0];
  for (const word of words)
    for (let bit = 0; bit < 32; bit += 2)
      counts[(word >>> bit) & MARK] = (counts[(word >>> bit) & MARK] ?? 0) + 1;
  return counts;
}

/** Explores a program with and without symmetry, and canonizes every state that there is by itself. */
function check(program: Program, isClosed: boolean): Checked {
  const all = { ...program, goals: [] };
  const plain = run(all, { symmetry: false, engine: "wasm" }, { states: MOST });
  if (plain.end === "states") return { states: 0, symmetric: 0 };
  const [one, other] = engines.map((engine) => run(all, { symmetry: true, engine }));
  if (one === undefined) throw new Error("no engine");
  expect(other).toEqual(one);
  const layout = layoutOf(program);
  const symmetry = symmetryOf(program, layout, 0);
  const states = reachable(program);
  expect(states).toHaveLength(plain.states);
  if (symmetry === null) {
    expect(one).toEqual(plain);
    return { states: plain.states, symmetric: one.states };
  }
  const bench = benchOf(program, layout);
  const canonical = createCanonical(symmetry);
  const forms = new Map<string, number>();
  for (const [i, words] of states.entries()) {
    const form = words.slice();
    const exchanges = canonical.settle(form);
    const tied = ties(canonical);
    forms.set(form.join(), symmetry.size / exchanges);
    // Whatever changes places, it is the same state; and it is its own form.
    const moved = exchanged(program, bench, symmetry, words, i);
    expect(canonical.settle(moved)).toBe(exchanges);
    // As many calls are left out: which of the equal states was found first does not matter.
    expect(ties(canonical)).toEqual(tied);
    expect(moved).toEqual(form);
    canonical.settle(moved);
    expect(moved).toEqual(form);
  }
  expect(forms.size).toBe(one.states);
  const orbits = [...forms.values()].reduce((sum, size) => sum + size, 0);
  expect(orbits).toBe(one.orbits);
  // Where new things take the lowest place, not every arrangement of places may come about.
  if (isClosed) expect(orbits).toBe(plain.states);
  else expect(orbits).toBeGreaterThanOrEqual(plain.states);
  return { states: plain.states, symmetric: one.states };
}

describe("models", () => {
  test.each<readonly [Model, number, number, number, number]>([
    ["grp", 1, 3, 2, 1],
    ["grp", 2, 1, 2, 2],
    ["grp", 3, 1, 2, 1],
    ["dev", 1, 2, 2, 2],
    ["dev", 2, 1, 3, 1],
    ["dev", 1, 3, 1, 2],
  ])("%s: %i x %i, contexts: %i, spaces: %i", (name, groups, devices, contexts, spaces) => {
    const { states, symmetric } = check(model(name, { groups, devices, contexts, spaces }), true);
    expect(symmetric).toBeLessThan(states / 2);
  });

  test("what has a name has no equals", () => {
    const program = model("grp", { groups: 1, devices: 2, contexts: 2, spaces: 2 });
    const device = program.places.find(({ kind }) => kind === "device")?.base ?? 0;
    const named = { ...program, named: [device] };
    const [{ symmetric: some }, { symmetric: all }] = [check(named, true), check(program, true)];
    expect(some).toBeGreaterThan(all);
  });

  test("calls that are tried of one of several tell it apart", () => {
    const program = model("grp", { groups: 1, devices: 2, contexts: 2, spaces: 1 });
    const context = program.places.find(({ kind }) => kind === "context")?.base ?? 0;
    const closing = program.functions.findIndex(({ name }) => name === "close context");
    const calls = program.calls.filter(({ fn, args }) => fn !== closing || args[0] !== context);
    const { states, symmetric } = check({ ...program, calls }, true);
    expect(symmetric).toBeGreaterThan(states / 2 - 1);
  });
});

test.each(engines)("where the order of places decides something, they are told apart: %s", (engine) => {
  const program = { ...model("grp", { groups: 2, devices: 1, contexts: 2, spaces: 1 }), goals: [] };
  const kind = program.places.findIndex((places) => places.kind === "context");
  const { base = 0, count = 0 } = program.places[kind] ?? {};
  const told: Action = { a: "store", at: num(ORDER), value: num(1 << kind) };
  const functions = program.functions.map((fn) =>
    fn.name === "bind group" ? { ...fn, body: [...fn.body.slice(0, -1), told, ...fn.body.slice(-1)] } : fn,
  );
  const options = { symmetry: true, engine } as const;
  const named = Array.from({ length: count }, (_, i) => base + i);
  const outcome = run({ ...program, functions }, options);
  expect(outcome).toEqual({ ...run({ ...program, named }, options), ordered: ["context"] });
  expect(outcome.states).toBeGreaterThan(run(program, options).states);
});

test("random programs", () => {
  let [states, symmetric] = [0, 0];
  fc.assert(
    fc.property(drawn, (given: Drawn) => {
      const checked = check(programOf(given), false);
      states += checked.states;
      symmetric += checked.symmetric;
    }),
    { numRuns: 60 },
  );
  expect(states).toBeGreaterThan(2_000);
  expect(symmetric).toBeLessThan(states / 2);
});

test("what is tried as the first counts once", () => {
  const group = (g: number): string =>
    `group ${g} behind vtd { device a${g} driver vfio_pci  device b${g} driver vfio_pci }`;
  const [posed] = posedIn(`use group_bind
topology t { iommu vtd  ${[1, 2, 3].map(group).join("  ")} }
verify group_bind on t { safe }
`);
  const program = posed === undefined ? { unsupported: "" } : lower(posed.problem, { order: true });
  if ("unsupported" in program) throw new Error(program.unsupported);
  const thing = (kind: string, place = 0): number =>
    (program.places.find((each) => each.kind === kind)?.base ?? 0) + place;
  const [one, other] = [thing("ioasid"), thing("ioasid", 1)];
  // Of three groups in one context the second has a device in each of the two address spaces.
  const cells: Readonly<Record<string, readonly number[]>> = {
    "ioasid_fd.(alive)": [1, 0],
    "ioasid.(alive)": [1, 1],
    "ioasid.ioasid_fd": [thing("ioasid_fd"), thing("ioasid_fd")],
    "group_fd.(alive)": [1, 1, 1],
    "group_fd.context": [thing("ioasid_fd"), thing("ioasid_fd"), thing("ioasid_fd")],
    "device_fd.(alive)": [1, 1, 1, 1, 1, 1],
    "device_fd.(holders)": [1, 1, 1, 1, 1, 1],
    "device_fd.ioasid": [one, one, one, other, other, other],
  };
  const layout = layoutOf(program);
  const words = new Int32Array(layout.words);
  for (const slot of layout.slots) packInto(slot, program.initial[slot.cell] ?? 0, words, 0);
  for (const { name, kind, start } of program.columns)
    for (const [place, value] of (cells[`${program.places[kind]?.kind}.${name}`] ?? []).entries())
      for (const slot of layout.slots) if (slot.cell === start + place) packInto(slot, value, words, 0);
  const symmetry = symmetryOf(program, layout, 0);
  if (symmetry === null) throw new Error("nothing is symmetric");
  expect(createCanonical(symmetry).settle(words)).toBe(8);
});

/** On a small machine, with few things. */
const shipped = ["group_bind", "group_bind_all_labelled", "ioasid_v1", "ioasid_v2", "vfio"] as const;

test.each(shipped)("%s", (proposal) => {
  const text = `use ${proposal}
topology t {
  iommu vtd
  group 1 behind vtd { device a driver vfio_pci   device b driver vfio_pci }
}
verify ${proposal} on t { depth 6  tasks 2  safe }
`;
  for (const { problem } of posedIn(text)) {
    const program = lower(problem, { order: true });
    if ("unsupported" in program) throw new Error(program.unsupported);
    const layout = layoutOf(program);
    const symmetry = symmetryOf(program, layout, 0);
    if (symmetry === null) throw new Error("nothing is symmetric");
    const bench = benchOf(program, layout);
    const canonical = createCanonical(symmetry);
    for (const [i, words] of reachable(program, 2_000).entries()) {
      const [form, moved] = [words.slice(), exchanged(program, bench, symmetry, words, i)];
      expect(canonical.settle(moved)).toBe(canonical.settle(form));
      expect(moved).toEqual(form);
    }
  }
});
