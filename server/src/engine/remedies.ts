// Which calls of the proposal could change what a refused call looked at. Read off the operations, not searched for:
// a hint where to look, no promise that the call then succeeds.

import { ABSENT, type Read } from "../model/explain.ts";
import type { Stmt } from "../model/ir.ts";
import { fieldAt, writerOf } from "../model/machine.ts";
import type { System } from "../model/system.ts";
import { NONE, reference } from "../model/values.ts";
import { nameOf } from "./render.ts";
import type { World } from "./world.ts";

interface Writer {
  readonly call: string;
  /** A call that any machine has (`op`), which is rarely the answer. */
  readonly common: boolean;
}

/** Operations that give a field a value (or make a thing), and that take it away: none, false, 0. */
interface Writers {
  readonly set: Writer[];
  readonly clear: Writer[];
}

const tables = new WeakMap<System, ReadonlyMap<number, Writers>>();

/** What a call of the proposal, or else any call, could do about the first of `reads` for which there is one. */
export function remedies(world: World, reads: readonly Read[], refused: string): string[] {
  for (const common of [false, true]) {
    for (const read of reads) {
      const help = remedy(world, read, refused, common);
      if (help !== null) return [help];
    }
  }
  return [];
}

function remedy(
  world: World,
  { field, index, value }: Read,
  refused: string,
  common: boolean,
): string | null {
  const { machine, system } = world;
  if (index !== ABSENT && writerOf(machine, field, index) === machine.step) return null;
  const { name, kind } = fieldAt(machine, field);
  const isEmpty = index === ABSENT || value === NONE || value === 0;
  const writers = writersOf(system).get(field)?.[isEmpty ? "set" : "clear"] ?? [];
  const calls = writers.filter((writer) => writer.common === common && writer.call !== refused).slice(0, 3);
  if (calls.length === 0) return null;
  const list = calls.map(({ call }) => `\`${call}\``).join(" or ");
  if (index === ABSENT) return `${list} makes a new ${system.kinds[kind]?.name ?? "?"}`;
  return `${list} ${isEmpty ? "sets" : "clears"} the \`${name}\` of ${nameOf(world, reference(kind, index))}`;
}

function writersOf(system: System): ReadonlyMap<number, Writers> {
  const known = tables.get(system);
  if (known !== undefined) return known;
  const table = new Map<number, Writers>();
  for (const { name, form, body } of system.operations.values()) {
    const add = (field: number, side: keyof Writers): void => {
      const writers = table.get(field) ?? { set: [], clear: [] };
      table.set(field, writers);
      if (!writers[side].some(({ call }) => call === name))
        writers[side].push({ call: name, common: form === "op" });
    };
    for (const statement of flatten(body)) {
      if (statement.do === "new") add(system.kinds[statement.kind]?.alive ?? -1, "set");
      if (statement.do !== "assign") continue;
      const { value } = statement;
      const clears = value.op === "const" && (value.value === NONE || value.value === 0);
      for (const field of statement.fields) add(field, clears ? "clear" : "set");
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
