// What many steps changed together: the way across a whole block of rows without a stop at each.

import { place } from "../model/machine.ts";
import { type Changes, cellKey, redo, undo, type World } from "./world.ts";

export interface Net {
  /** Sixes: field, index, old value, old writer, new value, new writer. */
  readonly cells: readonly number[];
  readonly slots: Changes["slots"];
}

const NOTHING: Changes = { step: 0, cells: [], slots: [] };

/** Of steps in order: of each cell and slot the first old value and the last new one. */
export function netOf(steps: readonly { readonly changes: Changes }[]): Net {
  const cells: number[] = [];
  const where = new Map<number, number>();
  for (const { changes } of steps) {
    const own = changes.cells;
    for (let i = 0; i < own.length; i += 5) {
      const [field = 0, index = 0, old = 0, writer = 0, value = 0] = [
        own[i],
        own[i + 1],
        own[i + 2],
        own[i + 3],
        own[i + 4],
      ];
      const key = cellKey(field, index);
      const known = where.get(key);
      if (known === undefined) {
        where.set(key, cells.length);
        cells.push(field, index, old, writer, value, changes.step);
      } else {
        cells[known + 4] = value;
        cells[known + 5] = changes.step;
      }
    }
  }
  return { cells, slots: mergedSlots(steps.flatMap(({ changes }) => changes.slots)) };
}

/** Of changes in order, those of the same slot as one. */
export function mergedSlots(changes: Changes["slots"]): Changes["slots"] {
  if (changes.length < 2) return changes;
  const slots = new Map<string, Changes["slots"][number]>();
  for (const change of changes) {
    const known = slots.get(change[0]);
    slots.set(change[0], known === undefined ? change : [change[0], known[1], change[2]]);
  }
  return slots.size === changes.length ? changes : [...slots.values()];
}

export function undoNet(world: World, { cells, slots }: Net): void {
  for (let i = 0; i < cells.length; i += 6)
    place(world.machine, cells[i] ?? 0, cells[i + 1] ?? 0, cells[i + 2] ?? 0, cells[i + 3] ?? 0);
  undo(world, { ...NOTHING, slots });
}

export function redoNet(world: World, { cells, slots }: Net): void {
  for (let i = 0; i < cells.length; i += 6)
    place(world.machine, cells[i] ?? 0, cells[i + 1] ?? 0, cells[i + 4] ?? 0, cells[i + 5] ?? 0);
  redo(world, { ...NOTHING, slots });
}
