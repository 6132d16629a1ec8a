// What a call does: statements, lifetimes, and the promise that a failed call changes nothing.

import { evaluator, holds, type Locals, membersOf } from "./evaluate.ts";
import type { Check, Stmt } from "./ir.ts";
import type { Machine, Refusal } from "./machine.ts";
import {
  column,
  create,
  DEEPEST_END,
  fieldAt,
  isAlive,
  kindAt,
  MOST_RELEASES,
  read,
  rollBack,
  write,
  writerOf,
} from "./machine.ts";
import type { Block, Field, Kind, Operation, System, Type } from "./system.ts";
import { indexOf, kindOf, NONE, reference } from "./values.ts";

export type Result =
  | { readonly ok: true; readonly value: number }
  | { readonly ok: false; readonly refusal: Refusal; readonly kept: boolean };

type Flow =
  | { readonly end: "refused" | "failed"; readonly refusal: Refusal }
  | { readonly end: "return"; readonly value: number }
  | null;

/**
 * Performs a call for `machine.caller`. The journal then holds its writes; after a refusal it is as before. A thing that
 * is dead, or a file of another task, is refused; where the body asks for that itself, it comes in as none.
 */
export function call(machine: Machine, operation: Operation, args: readonly number[]): Result {
  const start = machine.journal.length;
  const locals: Locals = [...args];
  for (let i = 0; i < args.length; i++) {
    const param = operation.params[i];
    const bad = param === undefined ? null : badHandle(machine, param.type, args[i] ?? NONE);
    if (bad === null) continue;
    if (param?.explicit !== true) return refuse(machine, start, bad);
    locals[i] = NONE;
  }
  const flow = run(machine, operation.body, locals);
  if (flow?.end === "refused") return refuse(machine, start, flow.refusal);
  if (flow?.end === "failed") machine.onRefusal?.(flow.refusal);
  reap(machine);
  if (flow?.end === "failed") return { ok: false, refusal: flow.refusal, kept: true };
  return { ok: true, value: flow?.end === "return" ? flow.value : NONE };
}

function refuse(machine: Machine, start: number, refusal: Refusal): Result {
  machine.onRefusal?.(refusal);
  rollBack(machine, start);
  return { ok: false, refusal, kept: false };
}

/** open(2) of a file type; `hole` is what the hole of its path was filled with, or NONE. */
export function open(machine: Machine, kindId: number, hole: number): Result {
  const start = machine.journal.length;
  const kind = kindAt(machine, kindId);
  const holeField = kind.path?.hole?.field;
  const file = createFile(machine, kind, [[holeField ?? NONE, hole]]);
  if (holeField !== undefined) assign(machine, holeField, indexOf(file), hole);
  const flow = kind.on.open === null ? null : run(machine, kind.on.open.body, [file]);
  if (flow?.end === "refused") return refuse(machine, start, flow.refusal);
  if (kind.exclusive) {
    const living = column(machine, kind.alive);
    const other = living.findIndex(
      (alive, i) =>
        alive === 1 &&
        i !== indexOf(file) &&
        (holeField === undefined || read(machine, holeField, i) === hole),
    );
    if (other !== -1)
      return refuse(machine, start, { by: "exclusive", errno: "EBUSY", other: reference(kindId, other) });
  }
  reap(machine);
  return { ok: true, value: file };
}

/** Why the caller cannot pass this: it is dead, or a file that is not open in this task. */
function badHandle(machine: Machine, type: Type, arg: number): Refusal | null {
  if (arg < 0) return null;
  if (type.base === "set" && type.element?.base === "value") {
    for (const member of machine.system.values.setOf(arg)) {
      const bad = badHandle(machine, type.element, member);
      if (bad !== null) return bad;
    }
    return null;
  }
  const kind = type.base === "value" ? machine.system.kinds[kindOf(arg)] : undefined;
  if (kind === undefined || kind.sort === "hardware") return null;
  if (!isAlive(machine, kind.id, indexOf(arg))) {
    return { by: "handle", errno: kind.sort === "fd" ? "EBADF" : "ENOENT", ref: arg, dead: true };
  }
  return kind.sort === "fd" && !holds(machine, machine.caller, arg)
    ? { by: "handle", errno: "EBADF", ref: arg, dead: false }
    : null;
}

/** Runs statements until one ends the call. */
function run(machine: Machine, body: readonly Stmt[], locals: Locals): Flow {
  for (const statement of body) {
    const flow = perform(machine, statement, locals, body);
    if (flow !== null) return flow;
  }
  return null;
}

/** Is this check made by the kernel that the machine runs? */
export function isMade(
  machine: Pick<Machine, "topology">,
  check: Pick<Check, "maybe" | "since" | "until">,
): boolean {
  const { kernel } = machine.topology;
  return !check.maybe && kernel >= check.since && kernel < check.until;
}

function perform(machine: Machine, statement: Stmt, locals: Locals, body: readonly Stmt[]): Flow {
  const value = (expr: Parameters<typeof evaluator>[1]): number =>
    evaluator(machine.system, expr)(machine, locals);
  switch (statement.do) {
    case "require": {
      if (!isMade(machine, statement)) return null;
      const isTrue = value(statement.condition) === 1;
      machine.onCheck?.(statement, isTrue, locals);
      if (isTrue) return null;
      if (statement.hazard !== null) {
        machine.onHazard?.({ check: statement, locals: [...locals], body });
        return null;
      }
      return {
        end: "refused",
        refusal: { by: "check", errno: statement.errno, check: statement, locals: [...locals], body },
      };
    }
    case "let":
      locals[statement.slot] = value(statement.value);
      return null;
    case "assign": {
      const target = value(statement.of);
      const field = statement.fields.find(
        (id) => target >= 0 && fieldAt(machine, id).kind === kindOf(target),
      );
      // What has died in this call takes nothing any more: its place belongs to the next.
      if (field !== undefined && isAlive(machine, kindOf(target), indexOf(target))) {
        assign(machine, field, indexOf(target), value(statement.value));
      }
      return null;
    }
    case "new": {
      const kind = kindAt(machine, statement.kind);
      const values = statement.fields.map((init) => [init.field, value(init.value)] as const);
      const owner = statement.owner === null ? NONE : value(statement.owner);
      const made = kind.sort === "fd" ? createFile(machine, kind, values) : create(machine, kind.id);
      if (kind.ownerField !== -1) assign(machine, kind.ownerField, indexOf(made), owner);
      if (kind.idField !== -1) assign(machine, kind.idField, indexOf(made), freeNumber(machine, kind, owner));
      for (const [field, init] of values) assign(machine, field, indexOf(made), init);
      locals[statement.slot] = made;
      return null;
    }
    case "destroy": {
      const target = value(statement.of);
      if (target >= 0) kill(machine, target);
      return null;
    }
    case "close": {
      const file = value(statement.of);
      if (file >= 0) closeHandle(machine, machine.caller, file);
      return null;
    }
    case "give": {
      const [file, task] = [value(statement.of), value(statement.to)];
      if (file >= 0 && task >= 0) {
        const { holders } = kindAt(machine, kindOf(file));
        write(machine, holders, indexOf(file), read(machine, holders, indexOf(file)) | (1 << indexOf(task)));
      }
      return null;
    }
    case "for": {
      for (const member of membersOf(machine, statement.set, locals)) {
        locals[statement.slot] = member;
        if (statement.things && (member < 0 || !isAlive(machine, kindOf(member), indexOf(member)))) continue;
        if (statement.where !== null && value(statement.where) !== 1) continue;
        const flow = run(machine, statement.body, locals);
        if (flow !== null) return flow;
      }
      return null;
    }
    case "if":
      return run(machine, value(statement.condition) === 1 ? statement.then : statement.otherwise, locals);
    case "fail":
      return {
        end: "failed",
        refusal: { by: "check", errno: statement.errno, check: statement, locals: [...locals], body },
      };
    case "return":
      return { end: "return", value: statement.value === null ? NONE : value(statement.value) };
    default:
      return statement satisfies never;
  }
}

/** The lowest number, from 1, that no other numbered object of the same owner has. */
function freeNumber(machine: Machine, kind: Kind, owner: number): number {
  const taken = new Set<number>();
  for (const other of machine.system.kinds) {
    if (other.idField === -1 || other.ownerKind !== kind.ownerKind) continue;
    column(machine, other.idField).forEach((number, index) => {
      if (
        isAlive(machine, other.id, index) &&
        (other.ownerField === -1 || read(machine, other.ownerField, index) === owner)
      ) {
        taken.add(number);
      }
    });
  }
  let number = 1;
  while (taken.has(number)) number++;
  return number;
}

/** `values` are those of its fields. */
function createFile(
  machine: Machine,
  kind: Kind,
  values: readonly (readonly [field: number, value: number])[],
): number {
  const home = machine.homes[kind.id] ?? -1;
  const [, of = NONE] = values.find(([field]) => field === home) ?? [];
  const file = create(machine, kind.id, home === -1 ? null : of < 0 ? NONE : indexOf(of));
  write(machine, kind.holders, indexOf(file), 1 << indexOf(machine.caller));
  return file;
}

/** Writes a field and keeps the count of strong references; what is dead is as none. */
function assign(machine: Machine, field: number, index: number, given: number): void {
  const { strong, type } = fieldAt(machine, field);
  const value =
    given >= 0 && type.base === "value" && !isAlive(machine, kindOf(given), indexOf(given)) ? NONE : given;
  const old = read(machine, field, index);
  if (machine.dangling.length > 0) forgive(machine, field, index);
  if (old === value) return;
  if (strong) {
    countReference(machine, value, 1);
    countReference(machine, old, -1);
  }
  write(machine, field, index, value);
}

/** A call that empties or sets a field after what it referred to has died leaves nothing dangling. */
function forgive(machine: Machine, field: number, index: number): void {
  const { dangling } = machine;
  for (let i = 0; i < dangling.length; i += 4) {
    if (dangling[i] !== field || dangling[i + 1] !== index) continue;
    dangling.splice(i, 4);
    return;
  }
}

function countReference(machine: Machine, ref: number, change: 1 | -1): void {
  if (ref < 0) return;
  const { references } = kindAt(machine, kindOf(ref));
  write(machine, references, indexOf(ref), read(machine, references, indexOf(ref)) + change);
  if (change === -1) machine.dropped.push(ref);
}

function closeHandle(machine: Machine, task: number, file: number): void {
  const { holders, on } = kindAt(machine, kindOf(file));
  const before = read(machine, holders, indexOf(file));
  const after = before & ~(1 << indexOf(task));
  if (after === before) return;
  write(machine, holders, indexOf(file), after);
  if (after !== 0) return;
  runBlock(machine, on.close, file);
  machine.dropped.push(file);
}

function runBlock(machine: Machine, block: Block | null, self: number): void {
  if (block !== null) run(machine, block.body, [self]);
}

/** Releases the files that nothing keeps alive any more; what they referred to may follow. */
function reap(machine: Machine): void {
  for (let i = 0; i < machine.dropped.length; i++) {
    if (i > MOST_RELEASES) {
      machine.runaway = true;
      break;
    }
    const ref = machine.dropped[i] ?? NONE;
    const kind = kindAt(machine, kindOf(ref));
    const index = indexOf(ref);
    if (kind.sort !== "fd" || !isAlive(machine, kind.id, index)) continue;
    if (read(machine, kind.holders, index) === 0 && read(machine, kind.references, index) === 0)
      kill(machine, ref);
  }
  machine.dropped.length = 0;
}

/** The end of a file or object, and of all that lives in it: their last effects, their references, references to them. */
function kill(machine: Machine, ref: number): void {
  const dying: number[] = [];
  collectDying(machine, ref, dying);
  for (const each of dying) {
    const { fields } = kindAt(machine, kindOf(each));
    for (const field of fields) assign(machine, field, indexOf(each), fieldAt(machine, field).initial);
  }
  for (const each of dying) {
    const kind = kindAt(machine, kindOf(each));
    const index = indexOf(each);
    write(machine, kind.holders, index, 0);
    write(machine, kind.alive, index, 0);
    machine.firstFree[kind.id] = Math.min(machine.firstFree[kind.id] ?? 0, index);
  }
  for (const each of dying) machine.dying.delete(each);
  // Things that die together may refer to each other: nothing of them is left that could.
  for (const each of dying) forget(machine, each);
}

/** A thing and what lives in it, outer first; each runs its `on release` or `on destroy` as it is met. */
function collectDying(machine: Machine, ref: number, dying: number[]): void {
  const kind = kindAt(machine, kindOf(ref));
  const index = indexOf(ref);
  if (kind.sort === "hardware" || machine.dying.has(ref) || !isAlive(machine, kind.id, index)) return;
  if (machine.dying.size > DEEPEST_END && dying.length === 0) {
    machine.runaway = true;
    return;
  }
  dying.push(ref);
  machine.dying.add(ref);
  runBlock(machine, kind.on.release, ref);
  for (const inner of machine.system.kinds) {
    if (inner.ownerKind !== kind.id) continue;
    const owners = column(machine, inner.ownerField);
    for (let i = 0; i < owners.length; i++) {
      if (owners[i] === ref && isAlive(machine, inner.id, i))
        collectDying(machine, reference(inner.id, i), dying);
    }
  }
}

const referring = new WeakMap<System, readonly (readonly Field[])[]>();

/** The fields that can refer to a kind, found once per System. */
function referringFields(system: System, kind: number): readonly Field[] {
  let known = referring.get(system);
  if (known === undefined) {
    known = system.kinds.map(({ id }) =>
      system.fields.filter(({ type, birth }) => !birth && type.base === "value" && type.kinds.includes(id)),
    );
    referring.set(system, known);
  }
  return known[kind] ?? [];
}

/** Empties the fields that still refer to a dead thing; strong ones are remembered as dangling. */
function forget(machine: Machine, dead: number): void {
  const kindId = kindOf(dead);
  const counted = read(machine, kindAt(machine, kindId).references, indexOf(dead));
  for (const field of referringFields(machine.system, kindId)) {
    if (field.strong && counted === 0) continue;
    const cells = column(machine, field.id);
    for (let i = 0; i < cells.length; i++) {
      if (cells[i] !== dead) continue;
      const writer = writerOf(machine, field.id, i);
      assign(machine, field.id, i, NONE);
      if (field.strong) machine.dangling.push(field.id, i, dead, writer);
    }
  }
}
