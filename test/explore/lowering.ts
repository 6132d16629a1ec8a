// A lowered program beside the Machine: the same calls from the same states have to do the same.

import { boundsOf } from "../../server/src/explore/bounds.ts";
import { groundCalls } from "../../server/src/explore/calls.ts";
import { judgeOf } from "../../server/src/explore/judge.ts";
import { type Lowered, lowerWithNames } from "../../server/src/explore/lower/index.ts";
import type { Goal, GroundCall, Problem } from "../../server/src/explore/problem.ts";
import {
  BEYOND,
  DANGLING,
  DONE,
  FAILED,
  FLAGS,
  HAZARDS,
  HEADER,
  ORDER,
  REFUSED,
  RUNAWAY,
} from "../../server/src/explore/program.ts";
import { bootMachine } from "../../server/src/explore/walk.ts";
import { call, open } from "../../server/src/model/execute.ts";
import { type Machine, rollBack } from "../../server/src/model/machine.ts";
import { HARDWARE } from "../../server/src/model/system.ts";
import { reference } from "../../server/src/model/values.ts";
import { Random } from "../reference/random.ts";
import { posedIn } from "../support/problems.ts";
import { runProgram } from "../support/run-program.ts";

export interface Walked {
  readonly calls: number;
  readonly transitions: number;
  /** The first differences, each with the calls that lead to it. */
  readonly differences: readonly string[];
}

interface Result {
  readonly code: number;
  readonly dangling: boolean;
  readonly runaway: boolean;
  readonly hazards: readonly string[];
}

/** Makes random walks; in each state on the way all calls that are not refused, and a share of the others, are made both ways. */
export function walkBoth(
  problem: Problem,
  lowered: Lowered,
  seed: number,
  size: { readonly walks: number; readonly steps: number; readonly refused: number },
): Walked {
  const random = new Random(seed);
  const differences: string[] = [];
  const { program } = lowered;
  let [calls, transitions] = [0, 0];
  const notes = [...program.initial];
  for (let walk = 0; walk < size.walks; walk++) {
    const machine = bootMachine(problem);
    const judges = problem.goals.map((goal) => judgeOf(machine, goal));
    let cells = [...program.initial];
    const path: string[] = [];
    const differ = (what: string): void => {
      if (differences.length < 5) differences.push(`seed ${seed}: ${[...path, what].join("; ")}`);
    };
    const compareState = (own: readonly number[]): void => {
      for (const difference of stateDifferences(machine, lowered, own)) differ(difference);
      problem.goals.forEach((_, i) => {
        const goal = program.goals[i];
        const found = goal !== undefined && goal.fn !== -1 && runProgram(program, [...own], goal.fn) === 1;
        const expected = judges[i]?.state() === true;
        if (found !== expected) differ(`goal ${i} is ${found}, not ${expected}`);
      });
    };
    if (walk === 0) compareState(cells);
    for (let step = 0; step < size.steps; step++) {
      const next: (() => void)[] = [];
      problem.calls.forEach((ground, index) => {
        const lowerCall = program.calls[index];
        if (lowerCall === undefined) return;
        const expected = perform(machine, problem, ground);
        const isTried = expected.code !== REFUSED || random.chance(size.refused);
        if (isTried) {
          calls++;
          // What the call before left in the notes, or what was there at boot: neither may matter.
          const own = [
            ...cells.slice(0, lowered.notes),
            ...(random.chance(0.5) ? program.initial : notes).slice(lowered.notes),
          ];
          own.fill(0, 0, HEADER);
          const code = runProgram(program, own, lowerCall.fn, lowerCall.args);
          path.push(nameOf(problem, index));
          if (code !== expected.code && !(expected.code === REFUSED && code === BEYOND))
            differ(`gives ${code}, not ${expected.code}`);
          else if (code === DONE || code === FAILED) {
            transitions++;
            for (const difference of flagDifferences(problem, lowered, own, expected)) differ(difference);
            compareState(own);
            if (machine.journal.length > 0)
              next.push(() => {
                perform(machine, problem, ground);
                path.push(nameOf(problem, index));
                cells = own;
              });
          }
          notes.splice(0, notes.length, ...own);
          path.pop();
        }
        rollBack(machine);
        machine.runaway = false;
      });
      const chosen = random.maybe(next);
      if (chosen === null) break;
      chosen();
      machine.journal.length = 0;
      machine.dangling.length = 0;
      machine.runaway = false;
    }
  }
  return { calls, transitions, differences };
}

function perform(machine: Machine, { bounds }: Problem, ground: GroundCall): Result {
  machine.caller = reference(HARDWARE.task, ground.task);
  const hazards: string[] = [];
  machine.onHazard = ({ check }) => hazards.push(check.hazard ?? "");
  const result =
    ground.do === "open"
      ? open(machine, ground.kind, ground.hole)
      : call(machine, ground.operation, ground.args);
  machine.onHazard = null;
  const isBeyond = bounds.instances.some((most, kind) => (machine.made[kind] ?? 0) > most);
  bounds.instances.forEach((most, kind) => {
    machine.made[kind] = Math.min(most, machine.made[kind] ?? 0);
  });
  const isRefused = !result.ok && !result.kept;
  return {
    code: isRefused ? REFUSED : isBeyond ? BEYOND : result.ok ? DONE : FAILED,
    dangling: machine.dangling.length > 0,
    runaway: machine.runaway,
    hazards,
  };
}

function stateDifferences(
  machine: Machine,
  { program, fields, decode }: Lowered,
  cells: readonly number[],
): string[] {
  return program.columns.flatMap((column, i) => {
    const field = fields[i] ?? -1;
    const { base = 0, count = 0, kind = "" } = program.places[column.kind] ?? {};
    return Array.from({ length: count }, (_, place) => place).flatMap((place) => {
      const value = cells[column.start + place] ?? Number.NaN;
      const expected = machine.cells[field]?.[place];
      const name = `${kind}#${place} (${base + place}).${column.name}`;
      if (decode(field, value) !== expected) return [`${name} is ${decode(field, value)}, not ${expected}`];
      if (column.values !== null && !column.values.includes(value))
        return [`${name} is ${value}, which is none of ${column.values.join()}`];
      return [];
    });
  });
}

function flagDifferences(
  problem: Problem,
  { program, isOrdered }: Lowered,
  cells: readonly number[],
  expected: Result,
): string[] {
  const flags = cells[FLAGS] ?? 0;
  const found: string[] = [];
  const wanted = (expected.dangling ? DANGLING : 0) | (expected.runaway ? RUNAWAY : 0);
  if (flags !== wanted) found.push(`flags are ${flags}, not ${wanted}`);
  if (!isOrdered && cells[ORDER] !== 0) found.push("order is told of, though nobody asked");
  problem.goals.forEach((goal, i) => {
    if (goal.find !== "hazard") return;
    const [flag] = program.goals[i]?.flags ?? [];
    const isMet = ((cells[flag?.cell ?? HAZARDS] ?? 0) & (flag?.bits ?? 0)) !== 0;
    if (isMet !== expected.hazards.includes(goal.hazard)) found.push(`hazard ${goal.hazard}: ${isMet}`);
  });
  return found;
}

function nameOf({ calls, system }: Problem, index: number): string {
  const ground = calls[index];
  if (ground === undefined) return "?";
  if (ground.do === "open") return `open ${system.kinds[ground.kind]?.name} ${ground.hole}`;
  return `${ground.operation.name}(${ground.args.join()}) by ${ground.task}`;
}

/**
 * Everything that can be asked of the proposal of a text: all calls, all rules and hazards, few of each kind; where `most`
 * gives null, as many as there are if nobody says.
 */
export function wideProblem(
  text: string,
  tasks: number,
  most: (kind: string) => number | null = (kind) => (kind === "mapping" ? 1 : 2),
): Problem {
  const [posed] = posedIn(text, { whole: true });
  if (posed === undefined) throw new Error("nothing is asked");
  const { system, topology } = posed.problem;
  const goals: Goal[] = [
    ...system.rules.map((_, index): Goal => ({ find: "broken-rule", rules: [index], lifetime: index === 0 })),
    ...[...system.hazards.keys()].map((hazard): Goal => ({ find: "hazard", hazard })),
  ];
  const own = system.kinds.filter(({ sort }) => sort !== "hardware");
  const limits = new Map(
    own.flatMap(({ name }) => {
      const count = most(name);
      return count === null ? [] : [[name, count] as const];
    }),
  );
  const bounds = boundsOf(system, topology, goals, { tasks, limits });
  const short = [...system.operations.values()].filter(({ params }) => params.length <= 3);
  const also = new Set(short.map(({ name }) => name));
  const calls = groundCalls(system, topology, bounds, { also, idle: true });
  return { system, topology, bounds, calls, goals };
}

export function lowered(problem: Problem, order: boolean): Lowered {
  const made = lowerWithNames(problem, { order });
  if ("unsupported" in made) throw new Error(made.unsupported);
  return made;
}
