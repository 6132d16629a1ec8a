// The cells of a program while calls are tried in one state: what a call stores is remembered until it is put back.

import { HEADER, type Program } from "../program.ts";

export interface Memory {
  readonly cells: Int32Array | Float64Array;
  /** From here on lie the notes of calls, which nobody puts back. */
  readonly notes: number;
  /** By cell: the call that changed it first. */
  readonly mark: Uint32Array;
  /** The cells that the present call changed, each once, and what they held. */
  readonly changed: Int32Array;
  readonly before: Int32Array | Float64Array;
  /** How many were changed. */
  count: number;
  /** The present call, counted. */
  epoch: number;
}

export function createMemory(program: Program): Memory {
  const size = program.initial.length;
  const numbers = (): Int32Array | Float64Array =>
    program.wide ? new Float64Array(size) : new Int32Array(size);
  const cells = numbers();
  cells.set(program.initial);
  return {
    cells,
    notes: notesOf(program),
    mark: new Uint32Array(size),
    changed: new Int32Array(size),
    before: numbers(),
    count: 0,
    epoch: 1,
  };
}

/** The first cell behind the columns. */
export const notesOf = ({ columns, places }: Program): number =>
  columns.reduce((end, { start, kind }) => Math.max(end, start + (places[kind]?.count ?? 0)), HEADER);

export function put(memory: Memory, at: number, value: number): void {
  const { cells, mark, epoch } = memory;
  const old = cells[at] ?? 0;
  if (old === value) return;
  if (at < memory.notes && mark[at] !== epoch) {
    mark[at] = epoch;
    memory.changed[memory.count] = at;
    memory.before[memory.count++] = old;
  }
  cells[at] = value;
}

/** Puts everything back as it was before the call. */
export function restore(memory: Memory): void {
  const { cells, changed, before } = memory;
  for (let i = 0; i < memory.count; i++) cells[changed[i] ?? 0] = before[i] ?? 0;
  next(memory);
}

/** What was changed stays, and the next call begins. */
export function next(memory: Memory): void {
  memory.count = 0;
  if (++memory.epoch < 2 ** 32) return;
  memory.mark.fill(0);
  memory.epoch = 1;
}
