// A search that goes on after an edit tells the same as one from the beginning, and tries fewer calls.

import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lower } from "../../server/src/explore/lower/index.ts";
import { explore } from "../../server/src/explore/packed/index.ts";
import { renewalOf } from "../../server/src/explore/packed/renewal.ts";
import { shapeOf } from "../../server/src/explore/packed/shape.ts";
import type { Outcome } from "../../server/src/explore/problem.ts";
import { type Fn, type Program, REFUSED } from "../../server/src/explore/program.ts";
import { finish, posedIn, unlimited } from "../support/problems.ts";
import { type Edit, edit, edited } from "./edits.ts";
import { drawn, programOf } from "./packed-drawn.ts";
import { model, type Sizes } from "./packed-models.ts";
import { engines, run } from "./packed-runs.ts";

let forms = 0;
/** The same program, of a form that was never seen. */
const unseen = (program: Program): Program => ({ ...program, tables: [...program.tables, [forms++]] });

/** Where equals can change places, it depends on the order of states which one's call it is that succeeded. */
const told = ({ calls }: Program, { succeeded, ...others }: Outcome): unknown => ({
  ...others,
  succeeded: [...new Set(calls.flatMap(({ fn }, call) => (succeeded[call] ? [fn] : [])))].sort(),
});

const isProof = ({ end, found }: Outcome): boolean =>
  end === "exhausted" && found.every((path) => path === null);

/** Where there are more, there is no proof: it ends in the same way as well. */
const most = { states: 4_000 };

interface Options {
  readonly engine: (typeof engines)[number];
  readonly symmetry: boolean;
}

/** Explores a program and what edits make of it, one out of the other; gives how many searches could go on. */
function follow(program: Program, edits: readonly Edit[], options: Options): number {
  let now = unseen(program);
  let before: Outcome | null = null;
  let renewals = 0;
  for (const each of [null, ...edits]) {
    const last = now;
    if (each !== null) now = edited(now, each);
    const outcome = run(now, options, most);
    expect(told(now, outcome)).toEqual(told(now, run(unseen(now), options, most)));
    const isOfOneForm = shapeOf(last) === shapeOf(now) && each?.do !== "claim";
    if (before !== null && isOfOneForm && isProof(before) && isProof(outcome)) renewals++;
    before = outcome;
  }
  return renewals;
}

/** With a claim that some states of some of these programs break. */
function claiming(program: Program, at: number): Program {
  const columns = program.columns.filter(({ role }) => role === "state");
  const differ = [0, 1].map((i) => {
    const { start = 0, initial = 0 } = columns[(at + i) % columns.length] ?? {};
    const left = { v: "cell", at: { v: "const", value: start } } as const;
    return { v: "binary", op: "!=", left, right: { v: "const", value: initial } } as const;
  });
  const [left, right] = differ;
  if (left === undefined || right === undefined) return program;
  const goal: Fn = {
    ...{ name: "goal", params: 0, locals: 0 },
    body: [{ a: "return", value: { v: "and", left, right } }],
  };
  // It tells of the first things of kinds, so these have no equals.
  const named = program.places.map(({ base }) => base);
  return {
    ...{ ...program, named, functions: [...program.functions, goal] },
    // Nothing is ever the second, so that the first does not end it.
    goals: [program.functions.length, -1].map((fn) => ({ fn, flags: [] })),
  };
}

const edits = fc.array(edit, { minLength: 2, maxLength: 5 });
const size: Sizes = { groups: 2, devices: 1, contexts: 2, spaces: 2 };

describe.each(engines)("%s", (engine) => {
  test.each([true, false])("random programs after random edits, symmetry: %s", (symmetry) => {
    let renewals = 0;
    fc.assert(
      fc.property(drawn, fc.option(fc.nat({ max: 9 })), edits, (of, claim, list) => {
        const program = programOf(of);
        renewals += follow(claim === null ? program : claiming(program, claim), list, { engine, symmetry });
      }),
      { numRuns: symmetry ? 80 : 40 },
    );
    expect(renewals).toBeGreaterThan(20);
  });

  test("a model after random edits", () => {
    let renewals = 0;
    fc.assert(
      fc.property(edits, (list) => {
        renewals += follow(model("grp", size), list, { engine, symmetry: true });
      }),
      { numRuns: 20 },
    );
    expect(renewals).toBeGreaterThan(20);
  });

  test("a proof goes on behind a counterexample, when the check is back", () => {
    const program = unseen(model("grp", size));
    const options = { engine, symmetry: true };
    const limits = { states: 10_000, bytes: 10_000_000, depth: null };
    const first = run(program, options);
    expect(isProof(first)).toBe(true);
    const less = Array.from({ length: 60 }, (_, at) => edited(program, { at, do: "weaken" }));
    const broken = less.filter((each) => !isProof(run(unseen(each), options)));
    expect(broken.length).toBeGreaterThan(1);
    run(program, options);
    for (const each of broken) {
      expect(told(each, run(each, options))).toEqual(told(each, run(unseen(each), options)));
      const renewal = renewalOf(program, shapeOf(program).form(0), engine, limits);
      while (renewal?.engine.run(10_000) === null);
      const ended = renewal?.conclude();
      expect([ended?.states(), ended?.transitions(), ended?.orbits()]).toEqual([
        first.states,
        first.transitions,
        first.orbits,
      ]);
      expect(renewal?.engine.transitions()).toBeLessThan(first.transitions / 2);
    }
  });

  test("an edit of one call tries that call only", () => {
    const program = unseen(model("grp", size));
    const first = run(program, { engine, symmetry: true });
    const [call] = program.calls;
    const functions = program.functions.map((fn, i) =>
      i === call?.fn
        ? {
            ...fn,
            body: [{ a: "set", local: fn.params, value: { v: "const", value: 1 } }, ...fn.body] as const,
          }
        : fn,
    );
    const after = { ...program, functions };
    const form = shapeOf(after).form(0);
    const renewal = renewalOf(after, form, engine, { states: 10_000, bytes: 10_000_000, depth: null });
    while (renewal?.engine.run(10_000) === null);
    const ended = renewal?.conclude();
    expect(ended?.transitions()).toBe(first.transitions);
    expect(ended?.states()).toBe(first.states);
    expect(renewal?.engine.transitions()).toBeLessThan(first.transitions / 5);
  });
});

const folder = new URL("../../server/proposals/", import.meta.url);
const proposals = readdirSync(folder)
  .filter((name) => name.endsWith(".uapi"))
  .flatMap((name) => [...readFileSync(new URL(name, folder), "utf8").matchAll(/^proposal (\w+)/gm)])
  .map(([, name = ""]) => name);

const topology =
  "iommu vtd { nesting }  group 26 behind vtd { device nic0 driver vfio_pci device nic1 driver vfio_pci }";

test.each(engines)("limits are those of the last search, %s", (engine) => {
  const program = unseen(model("grp", size));
  const options = { engine, symmetry: true };
  const { states, depth } = run(program, options);
  for (const limits of [{ states: states - 1 }, { bytes: 1_000 }, { states }])
    for (const deepest of [null, depth - 1, depth]) {
      const each = { ...options, depth: deepest };
      expect(told(program, run(program, each, limits))).toEqual(
        told(program, run(unseen(program), each, limits)),
      );
      run(program, options);
    }
});

test.each(engines)("what a call calls counts as well, %s", (engine) => {
  const program = unseen(model("grp", size));
  const options = { engine, symmetry: true };
  const asked = program.functions.length;
  /** The first call is refused unless another function says so. */
  const asking = (answer: number): Program => {
    const condition = { v: "not", of: { v: "call", fn: asked, args: [] } } as const;
    const refuse = { a: "return", value: { v: "const", value: REFUSED } } as const;
    const functions = program.functions.map((fn, i) =>
      i === program.calls[0]?.fn
        ? { ...fn, body: [{ a: "if", condition, then: [refuse], otherwise: [] } as const, ...fn.body] }
        : fn,
    );
    const answers = { a: "return", value: { v: "const", value: answer } } as const;
    return { ...program, functions: [...functions, { name: "ask", params: 0, locals: 0, body: [answers] }] };
  };
  const outcomes = [1, 0, 1].map((answer) => run(asking(answer), options));
  expect(outcomes[1]).toEqual(run(unseen(asking(0)), options));
  expect(outcomes[2]).toEqual(outcomes[0]);
  expect(outcomes[1]?.states).toBeLessThan(outcomes[0]?.states ?? 0);
});

test.each(engines)("searches that take turns, and one that is left, %s", (engine) => {
  const program = unseen(model("grp", size));
  const after = edited(program, { at: 3, do: "replace" });
  const options = { engine, symmetry: true };
  const expected = run(unseen(after), options);
  run(program, options);
  // The first goes on with what was known, the second begins anew.
  const [one, left] = [explore(after, unlimited, options), explore(after, unlimited, options)];
  const step = one.next();
  left.next();
  expect(told(after, run(after, options))).toEqual(told(after, expected));
  expect(told(after, step.done === true ? step.value : finish(one))).toEqual(told(after, expected));
  expect(told(after, run(after, options))).toEqual(told(after, expected));
});

describe("shipped proposals after random edits", () => {
  test.each(proposals)("%s", (proposal) => {
    const text = `use ${proposal}\ntopology t {\n${topology}\n}\nverify ${proposal} on t { safe }\n`;
    const [posed] = posedIn(text);
    const program = posed === undefined ? null : lower(posed.problem, { order: true });
    if (program === null || "unsupported" in program) throw new Error(`${proposal} cannot be lowered`);
    // Most of them are not safe: without the claim their proofs go on.
    for (const each of [program, { ...program, goals: [] }])
      fc.assert(
        fc.property(edits, (list) => {
          follow(each, list, { engine: "wasm", symmetry: true });
        }),
        { numRuns: 1 },
      );
  });
});
