// The packed engines find what is known of models, agree with each other and with the Machine, and end as they are told.

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { replays } from "../../server/src/explore/decide.ts";
import { lower } from "../../server/src/explore/lower/index.ts";
import { explore } from "../../server/src/explore/packed/index.ts";
import type { Outcome } from "../../server/src/explore/problem.ts";
import type { Program } from "../../server/src/explore/program.ts";
import { walk } from "../../server/src/explore/walk.ts";
import { finish, posedIn, unlimited } from "../support/problems.ts";
import { runProgram } from "../support/run-program.ts";
import { type Model, model, type Sizes } from "./packed-models.ts";
import { counts, engines, run } from "./packed-runs.ts";

const size = (groups: number, devices: number): Sizes => ({ groups, devices, contexts: 2, spaces: 2 });

/** The same as other explorers find (test/cases/explore has them in the language). */
const known: readonly (readonly [
  Model,
  number,
  number,
  states: number,
  transitions: number,
  symmetric: number,
])[] = [
  ["grp", 1, 1, 236, 1_112, 71],
  ["grp", 1, 2, 1_032, 6_076, 176],
  ["grp", 2, 2, 52_328, 498_064, 2_552],
  ["grp", 3, 1, 24_464, 202_616, 1_423],
  ["dev", 1, 1, 324, 1_956, 100],
  ["dev", 1, 2, 2_168, 17_096, 356],
  ["dev", 3, 1, 61_152, 757_664, 3_344],
];

describe.each(engines)("%s", (engine) => {
  test.each(known)("all of %s, %i x %i", (name, groups, devices, states, transitions, symmetric) => {
    const program = { ...model(name, size(groups, devices)), goals: [] };
    const whole = run(program, { symmetry: false, engine });
    expect(whole).toMatchObject({ end: "exhausted", states, transitions, orbits: states });
    const reduced = run(program, { symmetry: true, engine });
    expect(reduced).toMatchObject({ end: "exhausted", states: symmetric, orbits: states });
  });

  test.each([false, true])("the shortest way to break a model, symmetry: %s", (symmetry) => {
    for (const [groups, devices] of [
      [1, 2],
      [2, 2],
    ] as const) {
      const program = model("dev", size(groups, devices));
      const { end, found } = run(program, { symmetry, engine });
      expect(end).toBe("found");
      expect(found[0]).toHaveLength(10);
      expect(breaksAtTheEnd(program, found[0] ?? [])).toBe(true);
    }
    expect(run(model("grp", size(1, 2)), { symmetry, engine }).found).toEqual([null]);
  });

  test("ends as it is told", () => {
    const program = model("grp", size(2, 2));
    const options = { symmetry: false, engine } as const;
    expect(run(program, options, { states: 5_000 })).toMatchObject({ end: "states", states: 5_000 });
    expect(run(program, options, { bytes: 300_000 })).toMatchObject({ end: "memory" });
    expect(run(program, { ...options, depth: 4 })).toMatchObject({ end: "depth", depth: 4 });
    expect(run(program, { ...options, depth: 0 })).toMatchObject({ end: "depth", states: 1, transitions: 0 });
    let asked = 0;
    const cancelled = run(program, options, { isCancelled: () => ++asked === 3 });
    expect(cancelled.end).toBe("cancelled");
    expect(cancelled.transitions).toBeLessThan(498_064);
  });

  test("goes on from slice to slice, and finds the same in every run", () => {
    const slices = (): readonly unknown[] => {
      const steps: unknown[] = [];
      const outcome = finish(
        explore(
          model("dev", size(2, 2)),
          { ...unlimited, onProgress: (progress) => steps.push(progress) },
          { symmetry: true, engine },
        ),
      );
      return [...steps, outcome];
    };
    expect(slices()).toEqual(slices());
  });

  test("a state at which nothing is possible, and nothing to look for", () => {
    const program = { ...model("grp", size(1, 1)), calls: [], goals: [] };
    const only = { end: "exhausted", states: 1, transitions: 0, depth: 0, found: [] };
    expect(run(program, { symmetry: false, engine })).toMatchObject(only);
    expect(run(program, { symmetry: true, engine })).toMatchObject(only);
  });

  test("a value that was not foreseen ends it", () => {
    const program = model("grp", size(1, 1));
    const columns = program.columns.map((column) =>
      column.name === "device.open" ? { ...column, values: [0] } : column,
    );
    const outcome = run({ ...program, columns }, { symmetry: false, engine });
    expect(outcome).toMatchObject({
      end: "unsupported",
      reason: "a field takes a value that was not foreseen for it",
    });
  });
});

test("engines go the same way, also where one state stands for many", () => {
  const outcomes = engines.map((engine) => run(model("dev", size(2, 2)), { symmetry: true, engine }));
  expect(outcomes[0]?.found[0]).toHaveLength(10);
  expect(outcomes[0]).toEqual(outcomes[1]);
});

/** Whether the first goal holds behind these calls and no sooner. */
function breaksAtTheEnd(program: Program, path: readonly number[]): boolean {
  const cells = [...program.initial];
  const goal = program.goals[0]?.fn ?? -1;
  return path.every((index, step) => {
    const call = program.calls[index];
    const isEarly = runProgram(program, [...cells], goal) === 1;
    const result = call === undefined ? 0 : runProgram(program, cells, call.fn, call.args);
    return (
      !isEarly && result === 1 && (runProgram(program, [...cells], goal) === 1) === (step === path.length - 1)
    );
  });
}

// ---------------------------------------------------------------- shipped proposals

const folder = new URL("../../server/proposals/", import.meta.url);
const proposals = readdirSync(folder)
  .filter((name) => name.endsWith(".uapi"))
  .flatMap((name) => [...readFileSync(new URL(name, folder), "utf8").matchAll(/^proposal (\w+)/gm)])
  .map(([, name = ""]) => name);

const topology = "iommu vtd { nesting }  group 26 behind vtd { device nic0 driver vfio_pci }";

describe("shipped proposals: as the Machine does", () => {
  test.each(proposals)("%s", (proposal) => {
    const text = `use ${proposal}\ntopology t {\n${topology}\n}\nverify ${proposal} on t { safe }\n`;
    for (const { problem } of posedIn(text)) {
      const [plain, ordered] = [lower(problem), lower(problem, { order: true })];
      if ("unsupported" in plain || "unsupported" in ordered) throw new Error("cannot be lowered");
      const limits = { states: 1_500 };
      const expected = counts(finish(walk(problem, { ...unlimited, ...limits })));
      const outcomes = engines.map((engine) => run(plain, { symmetry: false, engine }, limits));
      for (const outcome of outcomes) expect(counts(outcome)).toEqual(expected);
      expect(outcomes[0]?.found).toEqual(outcomes[1]?.found);
      const reduced = engines.map((engine) => run(ordered, { symmetry: true, engine }, limits));
      expect(reduced[0]).toEqual(reduced[1]);
      for (const outcome of [...outcomes, ...reduced]) expectReplays(outcome);
      // What is found is as short.
      if (outcomes[0]?.end === "found")
        expect(reduced[0]?.found.map((path) => path?.length)).toEqual(
          outcomes[0].found.map((path) => path?.length),
        );

      function expectReplays({ found }: Outcome): void {
        for (const [goal, path] of found.entries())
          if (path !== null) expect(replays(problem, goal, path)).toBe(true);
      }
    }
  });
});
