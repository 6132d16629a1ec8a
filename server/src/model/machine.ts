// The state of a System on a topology: one column of numbers per field, one row per instance. Every write goes
// through `write`, which remembers the old value (so that a failed call leaves no trace and a run can go back) and
// which step made the new one (so that a finding can say why).

import type { Check, Failure, Stmt } from "./ir.ts";
import type { Field, Kind, System, Topology } from "./system.ts";
import { HARDWARE } from "./system.ts";
import { NONE, reference } from "./values.ts";

/** The step that stands for the state at boot. */
export const BOOT = 0;

export interface Machine {
  readonly system: System;
  readonly topology: Topology;
  readonly tasks: readonly string[];
  /**
   * By kind: the field that says whose place a new file takes, so that there is one for each piece of hardware; -1, or
   * nothing said: the lowest free place.
   */
  readonly homes: readonly number[];
  /** cells[field][index]; instances that are not alive hold initial values. */
  readonly cells: readonly number[][];
  /** The step that last wrote the cell. */
  readonly writers: readonly number[][];
  /** Instances of each kind that were ever made: indices run below this. */
  readonly made: number[];
  /** No dead instance lies below this index. */
  readonly firstFree: number[];
  /** How often each field was written: what was found out from some fields holds while theirs are the same. */
  readonly versions: number[];
  /** All of them together. */
  writes: number;
  /** Values of defines by their arguments; see evaluate.ts. */
  readonly defined: {
    writes: number;
    version: number;
    readonly values: { version: number; value: number }[][];
  }[];
  /** Quadruples field, index, old value, old writer: the writes since it was last emptied. */
  journal: number[];
  step: number;
  caller: number;
  /** Files that lost a handle or a reference during this call: candidates for release. */
  readonly dropped: number[];
  /** Strong fields that were emptied because what they referred to died: field, index, what died, who wrote it. */
  readonly dangling: number[];
  /** What is dying just now, and what has died of this call already: `on` blocks may destroy and make things. */
  readonly dying: Set<number>;
  /** The call made and ended things without end, and was stopped. */
  runaway: boolean;
  /** Told of a refusal while the state still is what the check saw. */
  onRefusal: ((refusal: Refusal) => void) | null;
  /** Told of each hazard while the state still is what the check saw. */
  onHazard: ((hazard: HazardMet) => void) | null;
  /** Told of every check that a call makes, with its outcome, while the state still is what the check saw. */
  onCheck: ((check: Check, holds: boolean, locals: readonly number[]) => void) | null;
}

/** Why a call was refused: a require of the proposal with its locals, or a rule of the language itself. */
export type Refusal =
  | {
      readonly by: "check";
      readonly errno: string;
      readonly check: Check | Failure;
      readonly locals: readonly number[];
      /** The statements around it, for the lets. */
      readonly body: readonly Stmt[];
    }
  /** `dead`: the thing is gone; else the file is not open in the calling task. */
  | {
      readonly by: "handle";
      readonly errno: "EBADF" | "ENOENT";
      readonly ref: number;
      readonly dead: boolean;
    }
  | { readonly by: "exclusive"; readonly errno: "EBUSY"; readonly other: number };

/** A check that failed without refusing the call, with its locals and the statements around it. */
export interface HazardMet {
  readonly check: Check;
  readonly locals: readonly number[];
  readonly body: readonly Stmt[];
}

/** Files that one call releases, and things that end inside each other's `on` blocks: beyond it is a runaway. */
export const MOST_RELEASES = 10_000;
export const DEEPEST_END = 100;

/** At most this many tasks: the holders of a file are bits of one number. */
export const MAX_TASKS = 30;

export function createMachine(
  system: System,
  topology: Topology,
  tasks: readonly string[],
  homes: readonly number[] = [],
): Machine {
  const machine: Machine = {
    system,
    topology,
    tasks,
    homes,
    cells: system.fields.map(() => []),
    writers: system.fields.map(() => []),
    made: system.kinds.map(() => 0),
    firstFree: system.kinds.map(() => 0),
    versions: system.fields.map(() => 0),
    writes: 0,
    defined: [],
    journal: [],
    step: BOOT,
    caller: reference(HARDWARE.task, 0),
    dropped: [],
    dangling: [],
    dying: new Set(),
    runaway: false,
    onRefusal: null,
    onHazard: null,
    onCheck: null,
  };
  const counts = [1, ...[1, 2, 3].map((kind) => topology.names[kind]?.length ?? 0), tasks.length];
  counts.forEach((count, kind) => {
    for (let i = 0; i < count; i++) create(machine, kind);
  });
  for (const [field, index, value] of topology.initial) write(machine, field, index, value);
  machine.journal = [];
  return machine;
}

/** A machine in the same state that goes its own way; it has an empty journal. */
export function copyMachine(machine: Machine): Machine {
  return {
    ...machine,
    cells: machine.cells.map((cells) => cells.slice()),
    writers: machine.writers.map((writers) => writers.slice()),
    made: machine.made.slice(),
    firstFree: machine.firstFree.slice(),
    versions: machine.versions.slice(),
    defined: [],
    journal: [],
    dropped: [],
    dangling: [],
    dying: new Set(),
    onRefusal: null,
    onHazard: null,
    onCheck: null,
  };
}

/**
 * Puts a machine into a state that it had before, that of `other`, which stays as it is. What was made since is as it is
 * when it has just been made and does not live.
 */
export function becomeMachine(machine: Machine, other: Machine): void {
  for (const kind of machine.system.kinds)
    for (const field of fieldsOf(kind)) {
      const [cells, writers] = [column(machine, field), machine.writers[field] ?? []];
      const initial = initialOf(machine, kind, field);
      cells.fill(initial);
      writers.fill(BOOT);
      column(other, field).forEach((value, index) => {
        cells[index] = value;
        writers[index] = writerOf(other, field, index);
      });
      machine.versions[field] = (machine.versions[field] ?? 0) + 1;
    }
  other.firstFree.forEach((index, kind) => {
    machine.firstFree[kind] = index;
  });
  machine.writes++;
}

const fieldsOf = ({ fields, alive, holders, references }: Kind): readonly number[] => [
  ...fields,
  alive,
  holders,
  references,
];

const initialOf = (machine: Machine, { alive, holders, references }: Kind, field: number): number =>
  field === alive || field === holders || field === references ? 0 : fieldAt(machine, field).initial;

export function column(machine: Machine, field: number): number[] {
  return machine.cells[field] ?? [];
}

export function read(machine: Machine, field: number, index: number): number {
  return machine.cells[field]?.[index] ?? NONE;
}

export function writerOf(machine: Machine, field: number, index: number): number {
  return machine.writers[field]?.[index] ?? BOOT;
}

export function kindAt(machine: Machine, kind: number): Kind {
  const found = machine.system.kinds[kind];
  if (found === undefined) throw new RangeError(`no kind ${kind}`);
  return found;
}

export function fieldAt(machine: Machine, field: number): Field {
  const found = machine.system.fields[field];
  if (found === undefined) throw new RangeError(`no field ${field}`);
  return found;
}

export function isAlive(machine: Machine, kind: number, index: number): boolean {
  return read(machine, kindAt(machine, kind).alive, index) === 1;
}

/** Writes a cell as it is, without counting references. */
export function write(machine: Machine, field: number, index: number, value: number): void {
  const cells = column(machine, field);
  const writers = machine.writers[field] ?? [];
  const old = cells[index] ?? NONE;
  if (old === value) return;
  machine.journal.push(field, index, old, writers[index] ?? BOOT);
  cells[index] = value;
  writers[index] = machine.step;
  machine.versions[field] = (machine.versions[field] ?? 0) + 1;
  machine.writes++;
}

/** Undoes the journal from its end down to `length` entries. */
export function rollBack(machine: Machine, length = 0): void {
  const journal = machine.journal;
  restore(machine, journal, length);
  journal.length = length;
  machine.dropped.length = 0;
  machine.dangling.length = 0;
}

/** Puts back the old values of a journal, newest first. */
export function restore(machine: Machine, journal: readonly number[], from = 0): void {
  for (let i = journal.length - 4; i >= from; i -= 4) {
    const [field = 0, index = 0, old = 0, writer = 0] = [
      journal[i],
      journal[i + 1],
      journal[i + 2],
      journal[i + 3],
    ];
    place(machine, field, index, old, writer);
  }
}

/** Sets a cell and its writer without a journal: to move a machine along a recorded run. */
export function place(machine: Machine, field: number, index: number, value: number, writer: number): void {
  column(machine, field)[index] = value;
  machine.versions[field] = (machine.versions[field] ?? 0) + 1;
  machine.writes++;
  const writers = machine.writers[field];
  if (writers !== undefined) writers[index] = writer;
  const kind = machine.system.fields[field]?.kind ?? 0;
  if (value === 0 && machine.system.kinds[kind]?.alive === field && index < (machine.firstFree[kind] ?? 0)) {
    machine.firstFree[kind] = index;
  }
}

/**
 * A new instance with initial values; returns the reference. It takes the place that is wanted or, where that is not
 * free, one that nothing had before; null: the lowest free one.
 */
export function create(machine: Machine, kind: number, wanted: number | null = null): number {
  const of = kindAt(machine, kind);
  const living = column(machine, of.alive);
  const made = machine.made[kind] ?? 0;
  let index = machine.firstFree[kind] ?? 0;
  if (wanted === null) {
    while (living[index] === 1) index++;
    machine.firstFree[kind] = index + 1;
  } else index = wanted >= 0 && wanted < made && living[wanted] !== 1 ? wanted : made;
  if (index >= made) {
    machine.made[kind] = index + 1;
    for (const field of fieldsOf(of)) {
      column(machine, field)[index] = initialOf(machine, of, field);
      (machine.writers[field] ?? [])[index] = BOOT;
    }
  }
  write(machine, of.alive, index, 1);
  return reference(kind, index);
}
