// The names that a script gives, and what is in doubt because a call that should have touched it was skipped.

import { HARDWARE } from "../model/system.ts";
import { kindOf } from "../model/values.ts";
import type { Call, CallStep, Name } from "../syntax/ast.ts";
import type { Mistake } from "./arguments.ts";
import { type Handle, setSlot, type World } from "./world.ts";

/** Gives `handle` to a name, or to a field of a struct. */
export function store(
  world: World,
  target: NonNullable<CallStep["target"]>,
  handle: Handle,
  complain: (mistake: Mistake) => void,
): void {
  if (target.kind === "name") {
    if (nameIsTaken(world, target)) {
      complain({
        code: "duplicate-name",
        span: target,
        message: `\`${target.text}\` is a ${nameIsTaken(world, target)} here; give the result another name`,
        help: [],
      });
      return;
    }
    setSlot(world, target.text, handle);
    return;
  }
  const struct = target.target.kind === "name" ? target.target : null;
  if (struct === null) {
    complain({
      code: "not-assignable",
      span: target,
      message: "only a name or one of its fields can be set",
      help: [],
    });
    return;
  }
  const known = world.slots.get(struct.text);
  const fields =
    known !== undefined && typeof known !== "string" && known.is === "struct"
      ? known.fields
      : new Map<string, Handle>();
  setSlot(world, struct.text, { is: "struct", fields: new Map([...fields, [target.name.text, handle]]) });
}

function nameIsTaken(world: World, target: Name): string | null {
  const { machine } = world;
  if (machine.topology.names[HARDWARE.device]?.includes(target.text)) return "device of the topology";
  return world.system.constants.has(target.text) ? "constant" : null;
}

/** C callers find the result in the struct that they passed: `&alloc` then has `alloc.out_ioas_id`. */
export function storeInStruct(world: World, node: Call, handle: Handle, field: string): void {
  for (const { value } of node.args) {
    const slot = value.kind === "name" ? world.slots.get(value.text) : undefined;
    if (value.kind !== "name" || slot === undefined || typeof slot === "string" || slot.is !== "struct")
      continue;
    setSlot(world, value.text, {
      is: "struct",
      fields: new Map([...slot.fields, [field, handle]]),
    });
  }
}

const doubtKey = (handle: Handle): string | null =>
  handle.is === "thing" ? `?${handle.ref}:${handle.born}` : null;

export function doubt(world: World, handle: Handle): void {
  if (handle.is === "set") for (const element of handle.elements) doubt(world, element);
  const key = doubtKey(handle);
  const kind = handle.is === "thing" ? world.system.kinds[kindOf(handle.ref)] : undefined;
  if (key !== null && kind !== undefined && kind.sort !== "hardware") setSlot(world, key, "in doubt");
}

export function isDoubtful(world: World, handle: Handle): boolean {
  if (handle.is === "set") return handle.elements.some((element) => isDoubtful(world, element));
  const key = doubtKey(handle);
  return key !== null && world.slots.has(key);
}
