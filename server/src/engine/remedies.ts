// Which calls of the proposal could change what a refused call looked at. Read off the operations, not searched for:
// a hint where to look, no promise that the call then succeeds.

import type { Read } from "../model/explain.ts";
import type { Stmt } from "../model/ir.ts";
import { fieldAt, writerOf } from "../model/machine.ts";
import type { System } from "../model/system.ts";
import { NONE, reference } from "../model/values.ts";
import { nameOf } from "./render.ts";
import type { World } from "./world.ts";

interface Writers {
  /** Operations that give the field a value, and that take it away (none, false, 0). */
  readonly set: readonly string[];
  readonly clear: readonly string[];
}

const tables = new WeakMap<System, ReadonlyMap<number, Writers>>();

/** For the first field of `reads` that a call can change to the other side: which calls do. */
export function remedies(world: World, reads: readonly Read[], refused: string): string[] {
  const { machine, system } = world;
  const table = writersOf(system);
  for (const { field, index, value } of reads) {
    if (writerOf(machine, field, index) === machine.step) continue;
    const { name, kind } = fieldAt(machine, field);
    const writers = table.get(field);
    if (writers === undefined) continue;
    const isEmpty = value === NONE || value === 0;
    const calls = (isEmpty ? writers.set : writers.clear).filter((call) => call !== refused).slice(0, 3);
    if (calls.length === 0) continue;
    const list = calls.map((call) => `\`${call}\``).join(" or ");
    return [
      `${list} ${isEmpty ? "sets" : "clears"} the \`${name}\` of ${nameOf(world, reference(kind, index))}`,
    ];
  }
  return [];
}

function writersOf(system: System): ReadonlyMap<number, Writers> {
  const known = tables.get(system);
  if (known !== undefined) return known;
  const table = new Map<number, { set: string[]; clear: string[] }>();
  const add = (field: number, side: "set" | "clear", name: string): void => {
    const writers = table.get(field) ?? { set: [], clear: [] };
    table.set(field, writers);
    if (!writers[side].includes(name)) writers[side].push(name);
  };
  // Calls of the proposal before those of core that any machine has.
  const operations = [...system.operations.values()].sort(
    (a, b) => Number(a.form === "op") - Number(b.form === "op"),
  );
  for (const { name, body } of operations) {
    for (const statement of flatten(body)) {
      if (statement.do !== "assign") continue;
      const { value } = statement;
      const clears = value.op === "const" && (value.value === NONE || value.value === 0);
      for (const field of statement.fields) add(field, clears ? "clear" : "set", name);
    }
  }
  tables.set(system, table);
  return table;
}

function flatten(body: readonly Stmt[]): Stmt[] {
  return body.flatMap((statement) => {
    if (statement.do === "for") return [statement, ...flatten(statement.body)];
    if (statement.do === "if")
      return [statement, ...flatten(statement.then), ...flatten(statement.otherwise)];
    return [statement];
  });
}
