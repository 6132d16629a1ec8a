// Values and cells in the words of the script.

import { evaluator, type Locals } from "../model/evaluate.ts";
import type { TemplatePart, ValueType } from "../model/ir.ts";
import { fieldAt, isAlive, kindAt, writerOf } from "../model/machine.ts";
import { HARDWARE } from "../model/system.ts";
import { indexOf, kindOf, NONE, reference } from "../model/values.ts";
import { isLive, type World } from "./world.ts";

/** The name of a thing: as the topology or the script calls it, else its kind and a number. `born` picks a dead one. */
export function nameOf(world: World, ref: number, born?: number): string {
  const { machine } = world;
  const kind = machine.system.kinds[kindOf(ref)];
  const index = indexOf(ref);
  if (kind === undefined) return "?";
  if (kind.id === HARDWARE.task) return machine.tasks[index] ?? "?";
  if (kind.sort === "hardware") return machine.topology.names[kind.id]?.[index] ?? "?";
  const names = [...world.slots].filter(
    ([, slot]) => typeof slot !== "string" && slot.is === "thing" && slot.ref === ref,
  );
  const live = names.filter(
    ([, slot]) => typeof slot !== "string" && slot.is === "thing" && isLive(machine, slot),
  );
  const exact = names.filter(
    ([, slot]) => typeof slot !== "string" && slot.is === "thing" && slot.born === born,
  );
  // Of several names the first by spelling: the same one, whatever was edited before.
  const [name] = ([exact, live, names].find(({ length }) => length > 0) ?? []).map(([key]) => key).sort();
  return name ?? `${kind.name} #${index + 1}`;
}

export function showValue(world: World, value: number, type: ValueType): string {
  const { values } = world.system;
  if (value === NONE && type !== "int") return "none";
  switch (type) {
    case "bool":
      return value === 1 ? "true" : "false";
    case "int":
      return showNumber(value);
    case "range": {
      const { start, size } = values.rangeOf(value);
      return `[${hex(start)}, ${hex(start + size)})`;
    }
    case "set":
      return `{${values
        .setOf(value)
        .map((element) => showValue(world, element, "name"))
        .join(", ")}}`;
    case "name":
      return value < 0 ? values.symbolText(value) : nameOf(world, value);
    default:
      return type satisfies never;
  }
}

const hex = (value: number): string => (Number.isFinite(value) ? `0x${value.toString(16)}` : String(value));
const showNumber = (value: number): string =>
  value >= 4096 && value % 1024 === 0 ? hex(value) : String(value);

export function renderTemplate(world: World, parts: readonly TemplatePart[], locals: Locals): string {
  return parts
    .map((part) => {
      if (typeof part === "string") return part;
      return showValue(world, evaluator(world.system, part.expr)(world.machine, [...locals]), part.type);
    })
    .join("");
}

/** A cell with its value: `dev0's ioasid is gpa`. */
export function describeCell(world: World, field: number, index: number, value: number): string {
  const { who, name, shown } = partsOf(world, field, index, value);
  return `${who}'s ${name} is ${shown}`;
}

/** How a cell came to matter, said at the step that wrote it: `ctx is opened here`, `g's context becomes ctx here`. */
export function describeWrite(world: World, field: number, index: number, value: number): string {
  const kind = kindAt(world.machine, fieldAt(world.machine, field).kind);
  const { who, name, shown } = partsOf(world, field, index, value);
  const writer = writerOf(world.machine, field, index);
  const isBirth =
    kind.sort !== "hardware" &&
    writer === writerOf(world.machine, kind.alive, index) &&
    isAlive(world.machine, kind.id, index);
  if (field === kind.alive || isBirth) {
    if (value === 1 || isBirth) return kind.sort === "fd" ? `${who} is opened here` : `${who} is made here`;
    return kind.sort === "fd" ? `${who} is gone since here` : `${who} is destroyed here`;
  }
  const { type } = fieldAt(world.machine, field);
  if (type.base === "bool") {
    const quality = name.replaceAll("_", " ");
    return value === 1 ? `${who} becomes ${quality} here` : `${who} is no longer ${quality} since here`;
  }
  if (field === kind.holders) return `the handles on ${who} change here`;
  return value === NONE ? `${who} has no ${name} since here` : `${who}'s ${name} becomes ${shown} here`;
}

function partsOf(
  world: World,
  field: number,
  index: number,
  value: number,
): { who: string; name: string; shown: string } {
  const { kind, name, type } = fieldAt(world.machine, field);
  const plain = nameOf(world, reference(kind, index));
  const valueType: ValueType =
    type.base === "string" || type.base === "value" || type.base === "unknown" ? "name" : type.base;
  const isGroup = valueType === "name" && value >= 0 && kindOf(value) === HARDWARE.group;
  const shown = showValue(world, value, valueType);
  return {
    who: kind === HARDWARE.group ? `group ${plain}` : plain,
    name,
    shown: isGroup ? `group ${shown}` : shown,
  };
}
