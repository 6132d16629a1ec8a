// In what the state of a run differs from the state that the old run had at the same place. When in nothing, the
// rest of the old run still holds.

import { column, writerOf } from "../model/machine.ts";
import { type Changes, cellKey, cellOf, type Slot, sameSlot, type World } from "./world.ts";

/** Values that the old run has where the new one may have others; `undefined` old values of slots are kept too. */
export class Difference {
  readonly #world: World;
  readonly #cells = new Map<number, { value: number; writer: number }>();
  readonly #slots = new Map<string, Slot | undefined>();
  /** What the steps since the last `settle` wrote: only these can have become equal. */
  readonly #touchedCells: number[] = [];
  readonly #touchedSlots: string[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  /** A step of the old run, in order. */
  before({ cells, slots, step }: Changes): void {
    for (let i = 0; i < cells.length; i += 5) {
      const key = cellKey(cells[i] ?? 0, cells[i + 1] ?? 0);
      this.#cells.set(key, { value: cells[i + 4] ?? 0, writer: step });
      this.#touchedCells.push(key);
    }
    for (const [key, , value] of slots) {
      this.#slots.set(key, value);
      this.#touchedSlots.push(key);
    }
  }

  /** The step of the new run in its place: what only the new run writes, the old one still has from before. */
  after({ cells, slots }: Changes): void {
    for (let i = 0; i < cells.length; i += 5) {
      const key = cellKey(cells[i] ?? 0, cells[i + 1] ?? 0);
      if (!this.#cells.has(key))
        this.#cells.set(key, { value: cells[i + 2] ?? 0, writer: cells[i + 3] ?? 0 });
      this.#touchedCells.push(key);
    }
    for (const [key, old] of slots) {
      if (!this.#slots.has(key)) this.#slots.set(key, old);
      this.#touchedSlots.push(key);
    }
  }

  /** Forgets what is equal again. */
  settle(): void {
    const { machine, slots } = this.#world;
    for (const key of this.#touchedCells) {
      const old = this.#cells.get(key);
      if (old === undefined) continue;
      const { value, writer } = old;
      const [field, index] = cellOf(key);
      // A cell that this run never made is as good as one that is not alive.
      const now = column(machine, field)[index] ?? value;
      if (now === value && writerOf(machine, field, index) === writer) this.#cells.delete(key);
    }
    for (const key of this.#touchedSlots) {
      const value = this.#slots.get(key);
      const now = slots.get(key);
      if (now === value || sameSlot(now, value)) this.#slots.delete(key);
    }
    this.#touchedCells.length = 0;
    this.#touchedSlots.length = 0;
  }

  /** From here on it is against another run, from which the one before differs in `jump`. */
  join(jump: Difference): void {
    for (const [key, cell] of jump.#cells) {
      this.#cells.set(key, cell);
      this.#touchedCells.push(key);
    }
    for (const [key, slot] of jump.#slots) {
      this.#slots.set(key, slot);
      this.#touchedSlots.push(key);
    }
  }

  isEmpty(): boolean {
    return this.#cells.size === 0 && this.#slots.size === 0;
  }
}
