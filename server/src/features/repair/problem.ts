// A failing step as a question to the explorer: the state in front of it, the things that have names there, and whether
// the step would do what it should.

import { type Attempt, attempt } from "../../engine/attempt.ts";
import { kebab, type Outcome } from "../../engine/outcome.ts";
import { type Leaf, leavesOf } from "../../engine/parallel.ts";
import { runStep } from "../../engine/step.ts";
import { copyWorld, isLive, taskRef, type World } from "../../engine/world.ts";
import { footprintsOf, meets, readsIn } from "../../explore/footprint.ts";
import { reasonsOfBroken, reasonsOfRefusal } from "../../explore/reasons.ts";
import type { Goal, Verdict } from "../../explore/search.ts";
import { createSpace, type Space, type Surroundings } from "../../explore/space.ts";
import { openTable } from "../../model/paths.ts";
import type { System } from "../../model/system.ts";
import { HARDWARE } from "../../model/system.ts";
import { indexOf, kindOf, reference } from "../../model/values.ts";
import type { Call, CallStep } from "../../syntax/ast.ts";
import { type StepPlace, undone } from "../trial.ts";
import { inside } from "./expressions.ts";

export interface Problem {
  readonly world: World;
  readonly space: Space;
  readonly goal: Goal;
  /** How the script calls each thing, those that matter most first. */
  readonly names: ReadonlyMap<number, string>;
  readonly named: readonly number[];
}

type Hint = Surroundings["hints"][number];

const MOST_HINTS = 8;

/** A step that runs between the calls and the one to repair, and what it is to come to. */
export interface Between {
  readonly leaf: Leaf;
  readonly outcome: Outcome;
}

const MOST_BETWEEN = 8;

/** The steps from one on up to another of the same scenario; null when they are many, or run in parallel. */
export function stepsBetween(from: StepPlace, to: StepPlace): readonly Between[] | null {
  const { run } = to;
  const { tasks } = run.world.machine;
  const found: Between[] = [];
  for (let i = from.index; i < to.index; i++) {
    const result = run.results.at(i);
    if (result === undefined || result.context.block === "parallel" || found.length > MOST_BETWEEN)
      return null;
    const { row, context, outcome } = result;
    if (row.kind !== "step" || row.node === null) continue;
    for (const leaf of leavesOf(row.node, row.id, taskRef(context.task), tasks))
      found.push({ leaf, outcome });
  }
  return found;
}

/**
 * `world` stands in front of the step, or of the first `between`; it is not touched. Null when no call could help.
 */
export function problemOf(
  world: World,
  node: CallStep,
  task: number,
  between: readonly Between[] = [],
): Problem | null {
  const own: World = { ...copyWorld(world), isQuiet: true };
  const { machine, system } = own;
  machine.step = -1;
  machine.caller = task;
  const steps = [node, ...between.flatMap(({ leaf }) => (leaf.node.kind === "step" ? [leaf.node] : []))];
  const reads = readsOfCalls(
    own,
    steps.flatMap((each) => inside(each.value).calls),
  );
  const goal: Goal =
    between.length === 0
      ? { reads, judge: () => judge(own, node, task, reads), holds: () => holds(own, node, task) }
      : laterGoal(own, node, task, between, reads);
  const first = goal.judge();
  if (first.holds || first.fields.size === 0) return null;
  const names = namesOfThings(own);
  const named = inOrderOfUse(own, node, names);
  const around: Surroundings = {
    machine,
    openings: [...openTable(system, machine.topology)].map(([path, opening]) => ({ path, ...opening })),
    tasks: tasksFrom(own, task),
    named,
    hints: hintsOf(own, node),
    isAsked: (name) => own.asked.has(kebab(name)),
  };
  return { world: own, space: createSpace(around), goal, names, named };
}

/** The step succeeds after all those in between have come to what they come to now. */
function laterGoal(
  world: World,
  node: CallStep,
  task: number,
  between: readonly Between[],
  reads: ReadonlySet<number>,
): Goal {
  const later = (): boolean =>
    undone(world, () => {
      for (const { leaf, outcome } of between) {
        world.machine.caller = leaf.task;
        if (leaf.node.kind !== "step") continue;
        const ran = runStep(world, leaf.row, leaf.node).outcome;
        if (ran.kind !== outcome.kind || ran.names.join() !== outcome.names.join()) return false;
      }
      return holds(world, node, task);
    });
  // Which field matters is hard to say across several steps: any of them.
  return { reads, holds: later, judge: () => (later() ? { holds: true } : { holds: false, fields: reads }) };
}

function holds(world: World, node: CallStep, task: number): boolean {
  world.machine.caller = task;
  return attempt(world, node).is === "ok";
}

function judge(world: World, node: CallStep, task: number, reads: ReadonlySet<number>): Verdict {
  const { machine } = world;
  machine.caller = task;
  let fields = reads;
  const found = attempt(world, node, (broke: Attempt) => {
    if (broke.is !== "broke") return;
    const [broken] = broke.broken;
    const [hazard] = broke.hazards;
    if (broken !== undefined) fields = reasonsOfBroken(machine, broken);
    else if (hazard !== undefined)
      fields = new Set([...reads, ...readsIn(machine.system, hazard.check.condition)]);
  });
  switch (found.is) {
    case "ok":
      return { holds: true };
    case "hopeless":
      return { holds: false, fields: new Set() };
    case "refused":
      if (found.nested && found.refusal.by === "check") return { holds: false, fields: reads };
      return { holds: false, fields: reasonsOfRefusal(machine, found.refusal, found.body) };
    case "broke":
      return { holds: false, fields };
    default:
      return found satisfies never;
  }
}

/** What the step's calls read, and the rules that they can break. */
function readsOfCalls(world: World, calls: readonly Call[]): ReadonlySet<number> {
  const { system, machine } = world;
  const footprints = footprintsOf(system);
  const opens = openTable(system, machine.topology);
  const reads = new Set<number>();
  for (const { callee, args, viaIoctl } of calls) {
    const path = callee.text === "open" && !viaIoctl ? args[0]?.value : undefined;
    const kind = path?.kind === "string" ? opens.get(path.value)?.kind : undefined;
    const footprint =
      kind === undefined ? footprints.operations.get(callee.text) : (footprints.opens[kind] ?? undefined);
    if (footprint === undefined) continue;
    for (const field of footprint.reads) reads.add(field);
    for (const rule of system.rules)
      if (meets(footprint.writes, rule.reads)) for (const field of rule.reads) reads.add(field);
  }
  return reads;
}

// ---------------------------------------------------------------- things with names

/** Things that the script has a live name for, or a field of a struct. */
function namesOfThings(world: World): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  const note = (ref: number, name: string): void => {
    const known = names.get(ref);
    if (known === undefined || name < known) names.set(ref, name);
  };
  for (const [key, slot] of world.slots) {
    if (typeof slot === "string" || !/^\w/.test(key)) continue;
    if (slot.is === "thing" && isLive(world.machine, slot)) note(slot.ref, key);
    if (slot.is !== "struct") continue;
    for (const [field, inner] of slot.fields)
      if (inner.is === "thing" && isLive(world.machine, inner)) note(inner.ref, `${key}.${field}`);
  }
  return names;
}

/** The step's own arguments first, then what they refer to, then the rest, newest first. */
function inOrderOfUse(world: World, node: CallStep, names: ReadonlyMap<number, string>): number[] {
  const { machine } = world;
  const words = new Set(inside(node.value).names.map(({ text }) => text));
  const byName = new Map([...names].map(([ref, name]) => [name, ref]));
  const used: number[] = [];
  for (const word of words) {
    const ref = byName.get(word) ?? deviceCalled(world, word);
    if (ref !== undefined) used.push(ref);
  }
  const near = used.flatMap((ref) => referredBy(world, ref));
  const rest = [...names.keys()].toReversed();
  return [
    ...new Set([
      ...used,
      ...near.filter((ref) => isHardware(machine.system, ref) || names.has(ref)),
      ...rest,
    ]),
  ];
}

function deviceCalled({ machine }: World, name: string): number | undefined {
  const index = machine.topology.names[HARDWARE.device]?.indexOf(name) ?? -1;
  return index === -1 ? undefined : reference(HARDWARE.device, index);
}

const isHardware = (system: System, ref: number): boolean => system.kinds[kindOf(ref)]?.sort === "hardware";

function referredBy({ machine, system }: World, ref: number): number[] {
  const kind = system.kinds[kindOf(ref)];
  return (kind?.fields ?? []).flatMap((field) => {
    const value = machine.cells[field]?.[indexOf(ref)] ?? -1;
    return system.fields[field]?.type.base === "value" && value >= 0 ? [value] : [];
  });
}

const tasksFrom = ({ machine }: World, own: number): number[] => [
  own,
  ...machine.tasks.map((_, i) => taskRef(i)).filter((task) => task !== own),
];

/** Numbers that stand in the step: what it wants to be there has to be made with the same ones. */
function hintsOf({ system }: World, node: CallStep): Surroundings["hints"] {
  const hints: Hint[] = [];
  for (const { callee, args } of inside(node.value).calls) {
    const params = system.operations.get(callee.text)?.params ?? [];
    args.forEach(({ name: written, value }, i) => {
      const name = written?.text ?? params[i]?.name ?? "";
      if (value.kind === "number") hints.push({ base: "int", value: value.value, name });
      if (value.kind === "string" && callee.text !== "open")
        hints.push({ base: "string", value: system.values.symbol(value.value), name });
    });
  }
  return hints.slice(0, MOST_HINTS);
}
