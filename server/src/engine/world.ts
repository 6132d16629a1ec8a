// What a scenario runs in: a Machine, the names that the script has given, and a record of every change, so that
// the run can go back to any step.

import type { Machine } from "../model/machine.ts";
import {
  becomeMachine,
  column,
  copyMachine,
  createMachine,
  place,
  restore,
  writerOf,
} from "../model/machine.ts";
import { brokenBindings } from "../model/rules.ts";
import type { Rule, System, Topology } from "../model/system.ts";
import { HARDWARE } from "../model/system.ts";
import { indexOf, kindOf } from "../model/values.ts";

/**
 * What a name in a script stands for. `born` tells a thing from a later one in the same place; `id` is the number of
 * a numbered object, which C programs hold and may use when the object is long gone; 0 for all others.
 */
export type Handle =
  | { readonly is: "thing"; readonly ref: number; readonly born: number; readonly id: number }
  | { readonly is: "number"; readonly value: number }
  /** The value of a range. */
  | { readonly is: "range"; readonly value: number }
  | { readonly is: "text"; readonly text: string }
  | { readonly is: "struct"; readonly fields: ReadonlyMap<string, Handle> }
  | { readonly is: "set"; readonly elements: readonly Handle[] }
  | { readonly is: "none" }
  /** The result of a call that returns nothing: C's 0. */
  | { readonly is: "nothing" }
  /** The result of a call that failed or was not understood. */
  | { readonly is: "unknown" };

/** Names (`ctx`), doubts (`?ref:born`) and what each rule is broken for (`!rule`). */
export type Slot = Handle | string;

export interface World {
  readonly system: System;
  readonly machine: Machine;
  readonly slots: Map<string, Slot>;
  /** Rules and hazards (in kebab case) that are looked at although they are off. */
  readonly asked: ReadonlySet<string>;
  /** How many slots are doubts: most runs have none, and need not look. */
  doubts: number;
  /** What calls come to is asked many times over, and nobody reads why. */
  readonly isQuiet?: boolean;
  /** Old values of slots: the counterpart of the machine's journal. */
  slotJournal: [key: string, old: Slot | undefined][];
}

export function createWorld(
  system: System,
  topology: Topology,
  tasks: readonly string[],
  asked: ReadonlySet<string> = new Set(),
): World {
  const machine = createMachine(system, topology, tasks);
  const world: World = { system, machine, slots: new Map(), asked, doubts: 0, slotJournal: [] };
  for (const rule of system.rules) world.slots.set(ruleKey(rule), bindingsKey(brokenBindings(machine, rule)));
  return world;
}

/** A world in the same state that goes its own way. */
export const copyWorld = (world: World): World => ({
  ...world,
  machine: copyMachine(world.machine),
  slots: new Map(world.slots),
  slotJournal: [],
});

/** Puts a world into the state of another one, which stays as it is. */
export function becomeWorld(world: World, other: World): void {
  becomeMachine(world.machine, other.machine);
  world.slots.clear();
  for (const [key, slot] of other.slots) world.slots.set(key, slot);
  world.doubts = other.doubts;
}

const ruleKeys = new WeakMap<Rule, string>();

/** The slot that holds for which bindings the rule is broken. */
export function ruleKey(rule: Rule): string {
  const known = ruleKeys.get(rule) ?? `!${rule.name}`;
  ruleKeys.set(rule, known);
  return known;
}

const isDoubt = (key: string): boolean => key.charCodeAt(0) === 63; // "?"

export const bindingsKey = (broken: readonly { readonly bindings: readonly number[] }[]): string =>
  broken.map(({ bindings }) => `(${bindings.join(",")})`).join(" ");

export function setSlot(world: World, key: string, value: Slot): void {
  const old = world.slots.get(key);
  if (old !== undefined && sameSlot(old, value)) return;
  world.slotJournal.push([key, old]);
  if (old === undefined && isDoubt(key)) world.doubts++;
  world.slots.set(key, value);
}

function placeSlot(world: World, key: string, value: Slot | undefined): void {
  if (isDoubt(key)) world.doubts += Number(value !== undefined) - Number(world.slots.has(key));
  if (value === undefined) world.slots.delete(key);
  else world.slots.set(key, value);
}

export function sameSlot(a: Slot | undefined, b: Slot | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined || typeof a === "string" || typeof b === "string") return false;
  if (a.is !== b.is) return false;
  switch (a.is) {
    case "thing":
      return b.is === "thing" && a.ref === b.ref && a.born === b.born && a.id === b.id;
    case "number":
    case "range":
      return b.is === a.is && a.value === b.value;
    case "text":
      return b.is === "text" && a.text === b.text;
    case "struct":
      return (
        b.is === "struct" &&
        a.fields.size === b.fields.size &&
        [...a.fields].every(([name, field]) => sameSlot(field, b.fields.get(name)))
      );
    case "set":
      return (
        b.is === "set" &&
        a.elements.length === b.elements.length &&
        a.elements.every((element, i) => sameSlot(element, b.elements[i]))
      );
    case "none":
    case "nothing":
    case "unknown":
      return true;
    default:
      return a satisfies never;
  }
}

export function thing(machine: Machine, ref: number): Handle {
  const kind = machine.system.kinds[kindOf(ref)];
  if (kind === undefined) return { is: "thing", ref, born: 0, id: 0 };
  const id = kind.idField === -1 ? 0 : (column(machine, kind.idField)[indexOf(ref)] ?? 0);
  return { is: "thing", ref, born: writerOf(machine, kind.alive, indexOf(ref)), id };
}

/** Is the thing that this handle was given for still there? */
export function isLive(machine: Machine, handle: Extract<Handle, { is: "thing" }>): boolean {
  const kind = machine.system.kinds[kindOf(handle.ref)];
  if (kind === undefined) return false;
  if (kind.sort === "hardware") return true;
  const index = indexOf(handle.ref);
  return column(machine, kind.alive)[index] === 1 && writerOf(machine, kind.alive, index) === handle.born;
}

// ---------------------------------------------------------------- going back and forth

/** All that one row changed: cells as (field, index, old, old writer, new), slots as (key, old, new). */
export interface Changes {
  readonly step: number;
  readonly cells: readonly number[];
  readonly slots: readonly (readonly [key: string, old: Slot | undefined, value: Slot | undefined])[];
}

const CELL = 2 ** 20;

/** A cell as one number. */
export const cellKey = (field: number, index: number): number => field * CELL + index;
export const cellOf = (key: number): [field: number, index: number] => [Math.floor(key / CELL), key % CELL];

/** Shared by all steps that change nothing. */
const NOTHING: never[] = [];
/** From this length of the journal on a set is quicker than looking through the cells. */
const MANY = 400;

function isIn(cells: readonly number[], field: number, index: number): boolean {
  for (let i = 0; i < cells.length; i += 5) if (cells[i] === field && cells[i + 1] === index) return true;
  return false;
}

/** Takes the journals as the changes of the current step and empties them. */
export function takeChanges(world: World): Changes {
  const { machine } = world;
  const { journal } = machine;
  if (journal.length === 0 && world.slotJournal.length === 0)
    return { step: machine.step, cells: NOTHING, slots: NOTHING };
  const cells: number[] = [];
  const seen = journal.length > MANY ? new Set<number>() : null;
  for (let i = 0; i < journal.length; i += 4) {
    const field = journal[i] ?? 0;
    const index = journal[i + 1] ?? 0;
    const known = seen === null ? isIn(cells, field, index) : seen.has(cellKey(field, index));
    if (known) continue;
    seen?.add(cellKey(field, index));
    cells.push(field, index, journal[i + 2] ?? 0, journal[i + 3] ?? 0, column(machine, field)[index] ?? 0);
  }
  const slots: [string, Slot | undefined, Slot | undefined][] = world.slotJournal.length === 0 ? NOTHING : [];
  for (const [key, old] of world.slotJournal) {
    if (!slots.some(([known]) => known === key)) slots.push([key, old, world.slots.get(key)]);
  }
  if (journal.length > 0) machine.journal = [];
  if (world.slotJournal.length > 0) world.slotJournal = [];
  return { step: machine.step, cells, slots };
}

export function undo(world: World, changes: Changes): void {
  const { cells, slots } = changes;
  for (let i = 0; i < cells.length; i += 5) {
    place(world.machine, cells[i] ?? 0, cells[i + 1] ?? 0, cells[i + 2] ?? 0, cells[i + 3] ?? 0);
  }
  for (const [key, old] of slots) placeSlot(world, key, old);
}

export function redo(world: World, changes: Changes): void {
  const { cells, slots, step } = changes;
  for (let i = 0; i < cells.length; i += 5) {
    place(world.machine, cells[i] ?? 0, cells[i + 1] ?? 0, cells[i + 4] ?? 0, step);
  }
  for (const [key, , value] of slots) placeSlot(world, key, value);
}

/** Undoes what the journals hold since they had these lengths. */
export function rollBackTo(world: World, cells: number, slots: number): void {
  restore(world.machine, world.machine.journal, cells);
  world.machine.journal.length = cells;
  while (world.slotJournal.length > slots) {
    const [key, old] = world.slotJournal.pop() ?? ["", undefined];
    placeSlot(world, key, old);
  }
}

export const taskRef = (index: number): number => HARDWARE.task * 2 ** 20 + index;
