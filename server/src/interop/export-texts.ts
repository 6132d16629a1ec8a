// What exported models say to people: calls, bounds, and what is looked for.

import { thingName } from "../explore/calls.ts";
import type { Goal, GroundCall, Problem } from "../explore/problem.ts";
import type { Type } from "../model/system.ts";
import { indexOf, NONE } from "../model/values.ts";

/** What is exported, and how it is told to people. */
export interface Exported {
  readonly problem: Problem;
  /** By goal: how the file says it. */
  readonly said: readonly string[];
  /** A line for each sort of bound. */
  readonly bounds: readonly string[];
}

/** `main: VFIO_GROUP_BIND_IOASID_FD(group_fd#1, ioasid_fd#2)` */
export function callText(problem: Problem, call: GroundCall): string {
  const { system, topology, bounds } = problem;
  const task = bounds.tasks[call.task] ?? "";
  if (call.do === "open") {
    const path = system.kinds[call.kind]?.path ?? null;
    const hole = call.hole === NONE ? "" : holeText(problem, call.kind, call.hole);
    return `${task}: open(${JSON.stringify(`${path?.prefix ?? ""}${hole}${path?.suffix ?? ""}`)})`;
  }
  const { name, params } = call.operation;
  const args = call.args.map((value, i) => {
    const type = params[i]?.type;
    return type === undefined ? String(value) : valueText({ system, topology, bounds }, value, type);
  });
  return `${task}: ${name}(${args.join(", ")})`;
}

function holeText({ system, topology, bounds }: Problem, kind: number, hole: number): string {
  const by = system.kinds[kind]?.path?.hole?.by ?? -1;
  const named = topology.initial.find(([field, index]) => field === by && index === indexOf(hole));
  if (by !== -1 && named !== undefined) return system.values.symbolText(named[2]);
  return thingName(system, topology, bounds.tasks, hole);
}

type Around = Pick<Problem, "system" | "topology" | "bounds">;

function valueText({ system, topology, bounds }: Around, value: number, type: Type): string {
  const { values } = system;
  switch (type.base) {
    case "bool":
      return value === 1 ? "true" : "false";
    case "int":
      return String(value);
    case "range": {
      if (value === NONE) return "none";
      const { start, size } = values.rangeOf(value);
      return `range(${start}, ${size})`;
    }
    case "set": {
      if (value === NONE) return "none";
      const { element } = type;
      const members = values
        .setOf(value)
        .map((member) =>
          element === null ? String(member) : valueText({ system, topology, bounds }, member, element),
        );
      return `{${members.join(", ")}}`;
    }
    default:
      if (value === NONE) return "none";
      if (value < NONE) return values.symbolText(value);
      return thingName(system, topology, bounds.tasks, value);
  }
}

/** What is looked for; `said` is how the file puts it. */
export function goalText({ system }: Problem, goal: Goal, said: string): string {
  switch (goal.find) {
    case "broken-rule": {
      const rules = goal.rules.map((index) => system.rules[index]?.name ?? "");
      const names = [...rules, ...(goal.lifetime ? ["lifetime"] : [])];
      return names.length === 1 ? `the rule ${names[0]} is broken` : `a rule is broken: ${names.join(", ")}`;
    }
    case "hazard":
      return `the hazard ${goal.hazard} is met`;
    case "state":
      return said;
    default:
      return goal satisfies never;
  }
}
