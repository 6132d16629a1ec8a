// What always holds while scenarios run, for calls at random over several proposals.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { moveTo, type Run } from "../../server/src/engine/run.ts";
import { evaluator } from "../../server/src/model/evaluate.ts";
import type { Machine } from "../../server/src/model/machine.ts";
import { brokenNaively, naively, referencesTo } from "../support/naive-evaluate.ts";
import { cellsOf, runOf, slotsOf, writersIn } from "../support/runs.ts";
import {
  type Choice,
  choices,
  lineOf,
  type Step,
  scenarioOf,
  stepsOf as stepsFor,
} from "../support/step-scripts.ts";
import { starts } from "./incremental-texts.ts";

const KIND = 2 ** 20;
const soak = process.env.SOAK === "1";
const numRuns = soak ? 3000 : 30;
const timeout = soak ? 3_600_000 : 60_000;

const machine = `topology two {
  iommu vtd
  group 26 behind vtd { device nic0 driver vfio_pci, device nic1 driver vfio_pci }
  group 27 behind vtd aliased { device snd driver e1000e, device cap driver vfio_pci }
}
`;

/** Calls that lead somewhere: at random it takes long until a device is open. */
const vfioStart = [
  'container_fd_0 = open("/dev/vfio/vfio")',
  'group_fd_0 = open("/dev/vfio/26")',
  "VFIO_GROUP_SET_CONTAINER(group_fd_0, container_fd_0)",
  "VFIO_SET_IOMMU(container_fd_0, VFIO_TYPE1_IOMMU)",
  "device_fd_0 = VFIO_GROUP_GET_DEVICE_FD(group_fd_0, nic0)",
];
const groupStart = [
  'ioasid_fd_0 = open("/dev/ioasid")',
  'group_fd_0 = open("/dev/vfio/26")',
  "VFIO_GROUP_BIND_IOASID_FD(group_fd_0, ioasid_fd_0)",
  "device_fd_0 = VFIO_GROUP_GET_DEVICE_FD(group_fd_0, nic0)",
  "device_fd_1 = VFIO_GROUP_GET_DEVICE_FD(group_fd_0, nic1)",
  "ioasid_0 = IOASID_ALLOC(ioasid_fd_0)",
  "mapping_0 = mmap(device_fd_0)",
];
const ownStart = [
  'a_fd_0 = open("/dev/a")',
  'b_fd_0 = open("/dev/b/one")',
  "SET(a_fd_0, b_fd_0)",
  "o_0 = NEW(a_fd_0, 1)",
];

interface Head {
  readonly name: string;
  readonly head: string;
  readonly prefix: readonly string[];
}

const own = starts.find(({ name }) => name === "a proposal of its own")?.text ?? "";
const on = (name: string, prefix: readonly string[]): Head => ({
  name,
  head: `use ${name}\n${machine}\nscenario "s" on two with ${name} {`,
  prefix,
});
const heads: readonly Head[] = [
  on("vfio", vfioStart),
  on("group_bind", groupStart),
  on("group_bind_detach_default", groupStart),
  on("group_bind_unblocked", groupStart),
  on("group_bind_label_attach", [...groupStart, "VFIO_BIND_IOASID_FD(device_fd_0, 1)"]),
  on(
    "group_bind_automatic",
    groupStart.filter((line) => !line.startsWith("VFIO_GROUP_BIND")),
  ),
  {
    name: "a proposal of its own",
    head: `${own.slice(0, own.indexOf("\nscenario"))}\nscenario "s" on box {`,
    prefix: ownStart,
  },
];

/** The steps as text: names are resolved against the proposal of an empty run. */
function stepsOf({ head, prefix }: Head, script: readonly Choice[]): Step[] {
  const { system, topology } = runOf(scenarioOf(head, [])).world.machine;
  // Now and then from nothing.
  const given = script.length % 4 === 0 ? [] : prefix;
  const first = given.map((text) => ({ task: "main", text, target: /^\w+(?= =)/.exec(text)?.[0] ?? null }));
  const names = first.flatMap(({ target }) => (target === null ? [] : [target]));
  return [...first, ...stepsFor(system, topology, script, names)];
}

const ran = ({ head }: Head, steps: readonly Step[]): Run => runOf(scenarioOf(head, steps.map(lineOf)));

/** Rows of steps, and the step that each is of. */
function rowsWithSteps(run: Run, steps: readonly Step[]): { readonly row: number; readonly step: Step }[] {
  const rows = [...run.results].flatMap(({ row }, index) => (row.kind === "step" ? [index] : []));
  const own = rows.slice(rows.length - steps.length);
  return own.map((row, i) => ({ row, step: steps[i] as Step }));
}

const stateOf = (run: Run) => ({
  cells: cellsOf(run.world.machine),
  writers: writersIn(run.world.machine),
  slots: slotsOf(run.world),
});

function checkCounts({ system, cells }: Machine, all: Machine): void {
  for (const { id, name, sort, alive, references, holders, fields } of system.kinds) {
    if (sort === "hardware") continue;
    cells[alive]?.forEach((lives, index) => {
      const ref = id * KIND + index;
      expect(cells[references]?.[index], `references to ${name} ${index}`).toBe(
        lives === 1 ? referencesTo(all, ref) : 0,
      );
      if (lives === 1 && sort === "fd") {
        const kept = (cells[holders]?.[index] ?? 0) !== 0 || (cells[references]?.[index] ?? 0) > 0;
        expect(kept, `${name} ${index} lives for a reason`).toBe(true);
      }
      if (lives === 1) return;
      for (const field of [...fields, holders]) {
        const initial = field === holders ? 0 : system.fields[field]?.initial;
        expect(cells[field]?.[index], `${name} ${index} is dead: ${system.fields[field]?.name}`).toBe(
          initial,
        );
      }
    });
  }
}

/** No live field refers to what is dead. */
function checkNothingDangles({ system, cells }: Machine): void {
  for (const { id, type, name } of system.fields) {
    if (type.base !== "value") continue;
    for (const value of cells[id] ?? []) {
      const kind = value < 0 ? undefined : system.kinds[Math.floor(value / KIND)];
      if (kind === undefined || kind.sort === "hardware") continue;
      expect(cells[kind.alive]?.[value % KIND], `${name} refers to a live ${kind.name}`).toBe(1);
    }
  }
}

/** Every define of things, for all of them: evaluated as the engine does, and from scratch. */
function checkDefines(at: Machine): void {
  const { system, cells } = at;
  const live = (kind: number): number[] =>
    (cells[system.kinds[kind]?.alive ?? -1] ?? []).flatMap((alive, i) =>
      alive === 1 ? [kind * KIND + i] : [],
    );
  for (const { id, name, params, body } of system.defines) {
    if (body === null || params.some(({ type }) => type.base !== "value")) continue;
    let bindings: number[][] = [[]];
    for (const { type } of params) {
      const values = [...type.kinds.flatMap(live), ...(type.optional ? [-1] : [])];
      bindings = bindings.flatMap((before) => values.map((value) => [...before, value]));
    }
    for (const args of bindings.slice(0, 40)) {
      const expr = {
        op: "define" as const,
        define: id,
        args: args.map((value) => ({ op: "const" as const, value })),
      };
      expect(evaluator(system, expr)(at, []), `${name}(${args.join()})`).toBe(naively(at, expr, []));
    }
  }
}

describe.each(heads)("$name", (head) => {
  test("what a scenario leaves behind holds together, at every step", { timeout }, () => {
    fc.assert(
      fc.property(choices(25), (script) => {
        const steps = stepsOf(head, script);
        const run = ran(head, steps);
        moveTo(run, 0);
        for (const { row, step } of rowsWithSteps(run, steps)) {
          moveTo(run, row);
          const before = {
            cells: cellsOf(run.world.machine),
            slots: slotsOf(run.world, [step.target ?? ""]),
          };
          moveTo(run, row + 1);
          const { machine: at } = run.world;
          const outcome = run.results.at(row)?.outcome;
          if (outcome?.kind === "errno") {
            const after = { cells: cellsOf(at), slots: slotsOf(run.world, [step.target ?? ""]) };
            expect(after, step.text).toEqual(before);
          }
          checkCounts(at, at);
          checkNothingDangles(at);
          checkDefines(at);
          for (const rule of at.system.rules) {
            if (rule.severity === "off") continue;
            const known = String(run.world.slots.get(`!${rule.name}`)).replaceAll(/[()]/g, "");
            expect(known, `${rule.name} after ${step.text}`).toBe(brokenNaively(at, rule).join(" "));
          }
        }
      }),
      { numRuns },
    );
  });

  test("going back and forth restores every state; running again gives the same", { timeout }, () => {
    fc.assert(
      fc.property(choices(20), fc.array(fc.nat({ max: 40 }), { maxLength: 12 }), (script, stops) => {
        const steps = stepsOf(head, script);
        const run = ran(head, steps);
        const count = run.results.length;
        const states = [stateOf(run)];
        for (let at = count - 1; at >= 0; at--) {
          moveTo(run, at);
          states[at] = stateOf(run);
        }
        states[count] = states[count] ?? stateOf(run);
        moveTo(run, count);
        states[count] = stateOf(run);
        for (const stop of stops) {
          moveTo(run, stop % (count + 1));
          expect(stateOf(run)).toEqual(states[stop % (count + 1)]);
        }
        moveTo(run, count);
        const again = ran(head, steps);
        expect(stateOf(again).cells).toEqual(stateOf(run).cells);
        expect([...again.results].map(({ findings }) => findings)).toEqual(
          [...run.results].map(({ findings }) => findings),
        );
        // A shorter run is a state of the longer one.
        const half = Math.floor(steps.length / 2);
        const shorter = ran(head, steps.slice(0, half));
        moveTo(run, rowsWithSteps(run, steps)[half]?.row ?? count);
        expect(cellsOf(run.world.machine)).toEqual(cellsOf(shorter.world.machine));
      }),
      { numRuns },
    );
  });

  test("trying every order leaves the state as the written order makes it", { timeout }, () => {
    fc.assert(
      fc.property(choices(8), choices(3), choices(3), (script, left, right) => {
        const all = stepsOf(head, [...script, ...left, ...right]);
        const [second, third] = [all.length - left.length - right.length, all.length - right.length];
        const first = all.slice(0, second).map(lineOf);
        const one = all.slice(second, third).map(({ text }) => text);
        const two = all.slice(third).map(({ text }) => text);
        const block = (task: string, lines: readonly string[]): string =>
          `  task ${task} {\n${lines.join("\n")}\n  }`;
        const both = [block("one", one), block("main", two)];
        const written = runOf(scenarioOf(head.head, [...first, ...both]));
        const tried = runOf(scenarioOf(head.head, [...first, "  parallel {", ...both, "  }"]));
        const inline = runOf(
          scenarioOf(head.head, [
            ...first,
            `  parallel { task one { ${one.join("; ")} } task main { ${two.join("; ")} } }`,
          ]),
        );
        const state = (run: Run) => ({
          cells: cellsOf(run.world.machine),
          names: slotsOf(run.world)
            .filter((text) => !text.startsWith("?"))
            .map((text) => text.replace(/"born":\d+/, "")),
        });
        expect(state(tried)).toEqual(state(written));
        expect(state(inline)).toEqual(state(written));
        const last = tried.results.length;
        const before = stateOf(tried);
        moveTo(tried, 0);
        moveTo(tried, last);
        expect(stateOf(tried)).toEqual(before);
      }),
      { numRuns },
    );
  });
});
