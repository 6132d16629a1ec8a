// The explorers against a second witness: test/reference/explore.ts, which walks every sequence of calls with the
// reference interpreter, on plain objects. Random small proposals and topologies; the same states, the same
// transitions, and the same shortest ways to break each rule, also by calls that the explorer leaves out.
//
//   FC_SEED=7 …   other proposals        PROPOSALS=1000 …   how many

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lower } from "../../server/src/explore/lower/index.ts";
import { explore } from "../../server/src/explore/packed/index.ts";
import type { Outcome, Problem } from "../../server/src/explore/problem.ts";
import { walk } from "../../server/src/explore/walk.ts";
import type { Type } from "../../server/src/model/system.ts";
import { indexOf, kindOf, NONE } from "../../server/src/model/values.ts";
import { shipped } from "../reference/compare.ts";
import { exploreNaively, type PlannedCall, type PlannedValue } from "../reference/explore.ts";
import { type Loaded, Loader, type Texts } from "../reference/load.ts";
import { randomProposal } from "../reference/proposals.ts";
import { finish, problemOf, unlimited } from "../support/problems.ts";

const count = Number(process.env.PROPOSALS ?? 30);
const most = 400;

/** The language's own rule, and one more goal that nothing reaches: an explorer stops when all are found. */
const lifetime = { find: "broken-rule", rules: [], lifetime: true } as const;
const never = { find: "state", condition: { op: "const", value: 0 }, locals: 0 } as const;

/** In the order in which the claims ask. */
const rules = ["secure_context", "group_isolation", "lifetime"];

describe("a naive reference explorer agrees", () => {
  test("on random proposals", () => {
    let [compared, homed] = [0, 0];
    const property = fc.property(fc.gen(), fc.integer({ min: 1, max: 2 }), fc.boolean(), (g, tasks, each) => {
      const { text, devices } = randomProposal((below) => g(fc.nat, { max: below - 1 }));
      const limits = { ctx: 2, device_fd: each ? devices.length : 2, space: tasks === 1 ? 2 : 1 };
      // Where nothing is said, there is one file for each device.
      const said = Object.entries(limits).filter(([kind]) => kind !== "device_fd" || !each);
      const bounds = said.map(([kind, limit]) => `limit ${kind} ${limit}`);
      const claims = rules.slice(0, -1).map((rule) => `breaks ${rule}`);
      const problem = problemOf(
        `${text}
verify random on box { ${[...claims, ...bounds, `tasks ${tasks}`].join("  ")} }
`,
        { whole: true },
      );
      const reference = loaded(text);
      const within = {
        tasks: problem.bounds.tasks,
        most: (kind: string) => limits[kind as keyof typeof limits] ?? 0,
        home: (kind: string) => (each && kind === "device_fd" ? "device" : null),
      };
      const all = exploreNaively(reference.program, reference.topology, { ...within, calls: null }, most);
      const naive = exploreNaively(
        reference.program,
        reference.topology,
        { ...within, calls: plannedCalls(problem) },
        most,
      );
      if (all === null || naive === null) return;
      compared++;
      if (problem.bounds.homes.some((home) => home !== -1)) homed++;
      const wanted = { ...problem, goals: [...problem.goals, lifetime, never] };
      const told = (outcome: Outcome) => ({
        text,
        end: outcome.end,
        states: outcome.states,
        transitions: outcome.transitions,
        shortest: outcome.found.slice(0, -1).map((path) => path?.length ?? null),
      });
      const expected = {
        text,
        end: "exhausted",
        states: naive.states,
        transitions: naive.transitions,
        shortest: rules.map((rule) => all.broken.get(rule) ?? null),
      };
      expect(told(finish(walk(wanted, unlimited))), "on the Machine").toEqual(expected);
      const packed = (engine: "wasm" | "closures", symmetry: boolean): Outcome => {
        const program = lower(wanted, { order: symmetry });
        if ("unsupported" in program) throw new Error(program.unsupported);
        return finish(explore(program, unlimited, { engine, symmetry }));
      };
      for (const engine of ["closures", "wasm"] as const) {
        expect(told(packed(engine, false)), engine).toEqual(expected);
        const reduced = packed(engine, true);
        const { end, shortest } = told(reduced);
        expect({ text, end, shortest }, `${engine}, by symmetry`).toEqual({
          ...{ text, end: "exhausted", shortest: expected.shortest },
        });
        // Of the states that one stands for some may not be reachable: a new thing takes the lowest place.
        expect(reduced.states).toBeLessThanOrEqual(naive.states);
        expect(reduced.orbits).toBeGreaterThanOrEqual(naive.states);
      }
    });
    fc.assert(property, { numRuns: count, endOnFailure: true });
    expect(compared, "most of them are small enough").toBeGreaterThan(count / 2);
    expect(homed, "in some a device has one file").toBeGreaterThan(count / 10);
  });
});

/** The calls of a problem for the reference explorer. */
function plannedCalls({ system, topology, calls }: Problem): PlannedCall[] {
  const planned = (value: number, { base }: Type): PlannedValue => {
    if (base === "bool") return value === 1;
    if (value === NONE) return null;
    if (value < NONE) return system.values.symbolText(value);
    return { kind: system.kinds[kindOf(value)]?.name ?? "", place: indexOf(value) };
  };
  return calls.map((call) => {
    if (call.do === "call") {
      const { name, params } = call.operation;
      // Numbers have their defaults.
      const args = call.args.flatMap((value, i) => {
        const type = params[i]?.type;
        return type === undefined || type.base === "int" ? [] : [planned(value, type)];
      });
      return { task: call.task, operation: name, path: "", args };
    }
    const path = system.kinds[call.kind]?.path;
    const hole = call.hole === NONE ? "" : topology.names[kindOf(call.hole)]?.[indexOf(call.hole)];
    return {
      ...{ task: call.task, operation: null, args: [] },
      path: `${path?.prefix}${hole}${path?.suffix}`,
    };
  });
}

/** The proposal and the topology of a text, as the reference interpreter reads them. */
function loaded(text: string): Pick<Loaded["scenarios"][number], "program" | "topology"> {
  const texts: Texts = {
    read: (path) =>
      path === "main.uapi" ? `${text}\nscenario "nothing" on box {}\n` : (shipped.get(path) ?? null),
    resolve: (_, path) => path,
    shipped: [...shipped.keys()],
  };
  const scenario = new Loader(texts).load("main.uapi")?.scenarios[0];
  if (scenario === undefined) throw new Error("the reference interpreter cannot read this");
  return scenario;
}
