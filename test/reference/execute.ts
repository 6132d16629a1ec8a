// Statements, and what lives and dies: grammar/README.md, "Proposal".

import type { NewExpression, Require, Statement } from "../../server/src/syntax/ast.ts";
import {
  bindArguments,
  type Context,
  coerce,
  evaluate,
  inner,
  isReferenced,
  isTrue,
  isWeakIn,
  kernelOf,
  setOf,
} from "./evaluate.ts";
import type { Kind, Program } from "./program.ts";
import { isOptional, namesOf } from "./program.ts";
import { addThing, liveFields, refTo, type State, type Thing, thingOf, without } from "./state.ts";
import { compare, isRef, type Value } from "./values.ts";

/** A `require` that fails; `errno` is null in rules. */
export class Refusal extends Error {
  readonly errno: string | null;
  constructor(errno: string | null) {
    super(errno ?? "broken");
    this.errno = errno;
  }
}

/** `fail`: the call ends with this errno and keeps what it did. */
export class Failure extends Error {
  readonly errno: string;
  constructor(errno: string) {
    super(errno);
    this.errno = errno;
  }
}

/** What `return` gives; null: the end was reached. */
export type Returned = { readonly value: Value } | null;

export function run(body: readonly Statement[], cx: Context): Returned {
  for (const statement of body) {
    const returned = execute(statement, cx);
    if (returned !== null) return returned;
  }
  return null;
}

function execute(node: Statement, cx: Context): Returned {
  switch (node.kind) {
    case "require":
      requireNow(node, cx);
      return null;
    case "let":
      cx.env.set(node.name.text, letValue(node.value, cx));
      return null;
    case "assign": {
      const value = letValue(node.value, cx);
      if (node.target.kind !== "field") throw new Error("cannot assign this");
      const owner =
        node.target.target.kind === "name" && node.target.target.text === "host" && !cx.env.has("host")
          ? hostThing(cx.state)
          : thingIn(evaluate(node.target.target, cx), cx);
      if (owner !== null) assign(owner, node.target.name.text, value, cx);
      return null;
    }
    case "new":
      create(node, cx);
      return null;
    case "destroy": {
      const thing = thingIn(evaluate(node.target, cx), cx);
      if (thing !== null) destroy(thing, cx);
      return null;
    }
    case "close": {
      const thing = thingIn(evaluate(node.target, cx), cx);
      if (thing !== null) closeFile(thing, cx.caller, cx);
      return null;
    }
    case "give": {
      const thing = thingIn(evaluate(node.target, cx), cx);
      const task = thingIn(evaluate(node.to, cx), cx);
      if (thing !== null && task !== null) thing.holders.add(task.id);
      return null;
    }
    case "for": {
      for (const one of setOf(node.set, cx)) {
        if (isRef(one) && !thingOf(cx.state, one).isLive) continue;
        const local = inner(cx, [...cx.env, [node.variable.text, one]]);
        if (!isTrue(node.where, local)) continue;
        const returned = run(node.body, local);
        if (returned !== null) return returned;
      }
      return null;
    }
    case "if": {
      const chosen = isTrue(node.condition, cx) ? node.then : (node.otherwise ?? []);
      return run(chosen, inner(cx));
    }
    case "return":
      return { value: node.value === null ? null : letValue(node.value, cx) };
    case "do": {
      const effect = cx.program.effects.get(node.call.callee.text);
      if (effect === undefined) throw new Error(`no effect ${node.call.callee.text}`);
      const given = node.call.args.map((one) => ({
        name: one.name?.text ?? null,
        value: evaluate(one.value, cx),
      }));
      run(effect.body, { ...cx, env: bindArguments(effect.params, given, cx) });
      return null;
    }
    case "fail":
      throw new Failure(node.errno.text);
    case "error":
      throw new Error(node.message);
  }
}

function requireNow(node: Require, cx: Context): void {
  if (node.maybe) return;
  const kernel = kernelOf(cx.state);
  if (node.since !== null && (compare(kernel, plain(node.since)) ?? 0) < 0) return;
  if (node.until !== null && (compare(kernel, plain(node.until)) ?? 0) >= 0) return;
  if (isTrue(node.condition, cx)) return;
  if (node.hazard === null) throw new Refusal(node.errno?.text ?? null);
  if (cx.program.hazards.has(node.hazard.name.text)) cx.hazards.add(node.hazard.name.text);
}

const plain = ({ major, minor }: { major: number; minor: number }) => ({ major, minor });

const letValue = (node: Extract<Statement, { kind: "let" }>["value"], cx: Context): Value =>
  node.kind === "new" ? create(node, cx) : evaluate(node, cx);

function thingIn(value: Value, cx: Context): Thing | null {
  return isRef(value) ? thingOf(cx.state, value) : null;
}

function hostThing(state: State): Thing | null {
  for (const thing of state.things.values()) if (thing.kind === "host") return thing;
  return null;
}

function assign(owner: Thing, field: string, value: Value, cx: Context): void {
  const type = cx.program.kinds.get(owner.kind)?.fields.get(field)?.type ?? null;
  owner.fields.set(field, type === null ? value : coerce(value, type, cx));
}

// ---------------------------------------------------------------- birth

/** `none`, `false`, `0`, the first of the enum or the empty set. */
function initial(type: Kind["fields"] extends Map<string, infer F> ? F : never, cx: Context): Value {
  if (type.value !== null) {
    const value = evaluate(type.value, { ...inner(cx, []), isScript: false });
    return type.type === null ? value : coerce(value, type.type, cx);
  }
  if (type.type === null || isOptional(cx.program, type.type)) return null;
  const names = namesOf(cx.program, type.type);
  if (names.includes("bool")) return false;
  if (names.includes("int")) return 0;
  if (names.includes("set")) return [];
  return firstMember(type.type, cx.program);
}

function firstMember(type: { readonly alternatives: readonly unknown[] }, program: Program): Value {
  for (const atom of type.alternatives as Parameters<typeof namesOf>[1]["alternatives"]) {
    if (atom.kind === "enum") return atom.members[0]?.text ?? null;
    const alias = atom.kind === "name" ? program.aliases.get(atom.text) : undefined;
    const found = alias === undefined ? null : firstMember(alias, program);
    if (found !== null) return found;
  }
  return null;
}

export function setInitialFields(thing: Thing, cx: Context): void {
  for (const field of cx.program.kinds.get(thing.kind)?.fields.values() ?? [])
    if (!thing.fields.has(field.name)) thing.fields.set(field.name, initial(field, cx));
}

function create(node: NewExpression, cx: Context): Value {
  const kind = cx.program.kinds.get(node.type.text);
  if (kind === undefined) throw new Error(`no kind ${node.type.text}`);
  const given = node.fields.map(({ name, value }): [string, Value] => [
    name?.text ?? "",
    evaluate(value, cx),
  ]);
  const owner = node.owner === null ? null : evaluate(node.owner, cx);
  const thing = addThing(cx.state, kind.name, { owner: isRef(owner) ? owner.ref : null });
  if (kind.owner !== null) thing.fields.set(kind.owner, owner);
  if (kind.isNumbered) thing.fields.set("id", freeNumber(thing, cx));
  setInitialFields(thing, cx);
  for (const [name, value] of given) {
    const type = kind.fields.get(name)?.type ?? null;
    thing.fields.set(name, type === null ? value : coerce(value, type, cx));
  }
  if (kind.sort === "fd") thing.holders.add(cx.caller);
  return refTo(thing);
}

/** The lowest number, from 1, that is free among the numbered objects of its owner, of whatever kind. */
function freeNumber(thing: Thing, cx: Context): number {
  const taken = new Set<Value>();
  for (const other of cx.state.things.values())
    if (other.isLive && other.owner === thing.owner && cx.program.kinds.get(other.kind)?.isNumbered)
      taken.add(other.fields.get("id") ?? null);
  let number = 1;
  while (taken.has(number)) number++;
  return number;
}

// ---------------------------------------------------------------- death

function block(thing: Thing, event: string, cx: Context): void {
  const found = cx.program.kinds.get(thing.kind)?.blocks.get(event);
  if (found !== undefined) run(found.body, inner(cx, [["self", refTo(thing)]]));
}

function closeFile(file: Thing, task: number, cx: Context): void {
  if (!file.holders.delete(task)) return;
  if (file.holders.size === 0) block(file, "close", cx);
}

export function openBlock(file: Thing, cx: Context): void {
  block(file, "open", cx);
}

function destroy(thing: Thing, cx: Context): void {
  if (!thing.isLive || thing.isDying) return;
  die(thing, cx.program.kinds.get(thing.kind)?.sort === "fd" ? "release" : "destroy", cx);
}

function die(thing: Thing, event: string, cx: Context): void {
  for (const dead of dying(thing, event, cx)) dead.isLive = false;
}

/** Runs the blocks of a thing and of all that lives in it; they die together. */
function dying(thing: Thing, event: string, cx: Context): Thing[] {
  thing.isDying = true;
  block(thing, event, cx);
  const dead = [thing];
  for (const other of [...cx.state.things.values()])
    if (other.owner === thing.id && other.isLive && !other.isDying) dead.push(...dying(other, "destroy", cx));
  return dead;
}

/** The end of a call: files without a handle that nothing refers to die. */
export function settle(cx: Context): void {
  for (;;) {
    const dead = [...cx.state.things.values()].find(
      (thing) =>
        thing.isLive &&
        !thing.isDying &&
        thing.holders.size === 0 &&
        cx.program.kinds.get(thing.kind)?.sort === "fd" &&
        !isReferenced(thing.id, cx),
    );
    if (dead === undefined) return;
    die(dead, "release", cx);
  }
}

/** A live field that still refers to a dead thing becomes `none`. Whether one of them was not weak. */
export function clearDangling(cx: Context): boolean {
  let isBroken = false;
  for (const { thing, field, value, weak } of [...liveFields(cx.state, isWeakIn(cx.program))]) {
    const kept = without(value, (ref) => !thingOf(cx.state, ref).isLive);
    if (kept === value || (Array.isArray(kept) && Array.isArray(value) && kept.length === value.length))
      continue;
    thing.fields.set(field, kept);
    isBroken ||= !weak;
  }
  return isBroken;
}
