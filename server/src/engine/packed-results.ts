// What a block of rows came to, in few bytes: most rows say nothing but what they wrote, and most of that are small
// numbers. Steps are counted from the first of the block, or from the one that wrote.

import { pack, packed, Unpacker } from "../base/packed-numbers.ts";
import type { Row } from "../syntax/document.ts";
import { stepOfRow } from "./findings.ts";
import { mergedSlots, type Net } from "./net.ts";
import { OK, type Outcome, type StepFinding } from "./outcome.ts";
import { type Context, NO_CHANGES, NO_FINDINGS, type RowResult, START } from "./row-result.ts";
import type { Changes, Slot } from "./world.ts";

/** What is special about a row: most have nothing here. */
interface Special {
  readonly context: Context | null;
  readonly outcome: Outcome;
  readonly findings: readonly StepFinding[];
}

export interface PackedResults {
  /** Three parts behind each other: the net's cells, the slots of all rows, the cells of each row. */
  readonly bytes: Uint8Array;
  /** The step that others are counted from. */
  readonly first: number;
  /** Of each change of a slot, in order. */
  readonly keys: readonly string[];
  /** The slots that are no things. */
  readonly others: readonly Slot[];
  readonly context: Context;
  readonly special: ReadonlyMap<number, Special>;
}

type SlotChange = Changes["slots"][number];

const NO_KEYS: readonly string[] = [];
const NO_SLOTS: readonly Slot[] = [];
const NO_SPECIAL: ReadonlyMap<number, Special> = new Map();

// How a slot is spelled: a thing by its numbers.
const NOTHING = 0;
const THING = 1;
const OTHER = 2;

export function packResults(results: readonly RowResult[], net: Net): PackedResults {
  const first = stepOfRow(results[0]?.row.id ?? 0);
  const context = results[0]?.context ?? START;
  packNet(net, first);
  const keys: string[] = [];
  const others: Slot[] = [];
  packSlots(results, first, keys, others);
  const special = new Map<number, Special>();
  for (const [i, { row, changes, outcome, findings, context: own }] of results.entries()) {
    packCells(changes.cells, stepOfRow(row.id));
    if (own === context && outcome === OK && findings.length === 0) continue;
    special.set(i, { context: own === context ? null : own, outcome, findings });
  }
  return {
    bytes: packed(),
    first,
    keys: keys.length === 0 ? NO_KEYS : keys.slice(),
    others: others.length === 0 ? NO_SLOTS : others.slice(),
    context,
    special: special.size === 0 ? NO_SPECIAL : special,
  };
}

function packNet({ cells }: Net, first: number): void {
  pack(cells.length / 6);
  for (let i = 0; i < cells.length; i += 6) {
    pack(cells[i] ?? 0);
    pack(cells[i + 1] ?? 0);
    pack(cells[i + 2] ?? 0);
    pack(first - (cells[i + 3] ?? 0));
    pack(cells[i + 4] ?? 0);
    pack((cells[i + 5] ?? 0) - first);
  }
}

function packSlots(results: readonly RowResult[], first: number, keys: string[], others: Slot[]): void {
  const packSlot = (slot: Slot | undefined): void => {
    if (slot === undefined) pack(NOTHING);
    else if (typeof slot === "string" || slot.is !== "thing") {
      pack(OTHER);
      others.push(slot);
    } else {
      pack(THING);
      pack(slot.ref);
      pack(slot.born - first);
      pack(slot.id);
    }
  };
  pack(results.reduce((sum, { changes }) => sum + changes.slots.length, 0));
  let before = 0;
  for (const [i, { changes }] of results.entries())
    for (const [key, old, value] of changes.slots) {
      keys.push(key);
      pack(i - before);
      before = i;
      packSlot(old);
      packSlot(value);
    }
}

function packCells(cells: readonly number[], step: number): void {
  pack(cells.length / 5);
  for (let i = 0; i < cells.length; i += 5) {
    pack(cells[i] ?? 0);
    pack(cells[i + 1] ?? 0);
    pack(cells[i + 2] ?? 0);
    pack(step - (cells[i + 3] ?? 0));
    pack(cells[i + 4] ?? 0);
  }
}

export function unpackedNet(from: PackedResults): Net {
  const unpacker = new Unpacker(from.bytes);
  const cells = unpackNet(unpacker, from.first);
  const slots: SlotChange[] = [];
  unpackSlots(unpacker, from, (_, change) => slots.push(change));
  return { cells, slots: mergedSlots(slots) };
}

/** `rows` are those that the results are about. */
export function unpackedResults(from: PackedResults, rows: readonly Row[]): RowResult[] {
  const { first, context, special } = from;
  const unpacker = new Unpacker(from.bytes);
  unpackNet(unpacker, first);
  const slotsOf = new Map<number, SlotChange[]>();
  unpackSlots(unpacker, from, (i, change) => {
    const known = slotsOf.get(i);
    if (known === undefined) slotsOf.set(i, [change]);
    else known.push(change);
  });
  return rows.map((row, i) => {
    const step = stepOfRow(row.id);
    const cells = unpackCells(unpacker, step);
    const slots = slotsOf.get(i) ?? NO_CHANGES.slots;
    const own = special.get(i);
    return {
      row,
      context: own?.context ?? context,
      changes: cells.length + slots.length === 0 ? NO_CHANGES : { step, cells, slots },
      outcome: own?.outcome ?? OK,
      findings: own?.findings ?? NO_FINDINGS,
    };
  });
}

function unpackNet(unpacker: Unpacker, first: number): number[] {
  const cells: number[] = [];
  for (let count = unpacker.next(); count > 0; count--) {
    cells.push(unpacker.next(), unpacker.next(), unpacker.next());
    cells.push(first - unpacker.next(), unpacker.next(), first + unpacker.next());
  }
  return cells;
}

function unpackSlots(
  unpacker: Unpacker,
  { first, keys, others }: PackedResults,
  found: (row: number, change: SlotChange) => void,
): void {
  let next = 0;
  const unpackSlot = (): Slot | undefined => {
    switch (unpacker.next()) {
      case NOTHING:
        return undefined;
      case THING: {
        const [ref, born, id] = [unpacker.next(), unpacker.next(), unpacker.next()];
        return { is: "thing", ref, born: first + born, id };
      }
      default:
        return others[next++];
    }
  };
  const count = unpacker.next();
  let row = 0;
  for (let i = 0; i < count; i++) {
    row += unpacker.next();
    found(row, [keys[i] ?? "", unpackSlot(), unpackSlot()]);
  }
}

function unpackCells(unpacker: Unpacker, step: number): readonly number[] {
  const count = unpacker.next();
  if (count === 0) return NO_CHANGES.cells;
  const cells: number[] = [];
  for (let i = 0; i < count; i++) {
    cells.push(unpacker.next(), unpacker.next(), unpacker.next());
    cells.push(step - unpacker.next(), unpacker.next());
  }
  return cells;
}
