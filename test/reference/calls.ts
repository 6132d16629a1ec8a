// One call: handles, arguments, the body, what follows from it. The state is replaced when the call succeeds.

import type { Operation, Parameter, TypeNode } from "../../server/src/syntax/ast.ts";
import { bindArguments, type Context, type Given, liveOf } from "./evaluate.ts";
import { clearDangling, Failure, openBlock, Refusal, run, setInitialFields, settle } from "./execute.ts";
import { type Hole, holesOf, isA, isOptional, type Kind, namesOf, type Program } from "./program.ts";
import { addThing, copyState, refTo, type State, type Thing, thingOf } from "./state.ts";
import { equal, isRef, isSet, type Value, word } from "./values.ts";

export type CallResult =
  | { readonly errno: string; readonly kept: Kept | null }
  | (Kept & { readonly value: Value });

/** What a call leaves behind, and the hazards that it met. */
interface Kept {
  readonly state: State;
  readonly broken: readonly string[];
}

function context(program: Program, state: State, caller: number): Context {
  return { program, state, caller, env: new Map(), isScript: false, hazards: new Set() };
}

/** Calls an operation with arguments that are known. */
export function call(
  program: Program,
  before: State,
  caller: number,
  operation: Operation,
  given: readonly Given[],
): CallResult {
  const cx = context(program, copyState(before), caller);
  return guarded(cx, () => {
    const env = bindArguments(operation.params, given, cx);
    for (const param of operation.params) checkHandle(operation, param, env, cx);
    return run(operation.body, { ...cx, env })?.value ?? null;
  });
}

function guarded(cx: Context, body: () => Value): CallResult {
  try {
    const value = body();
    return { ...ended(cx), value };
  } catch (error) {
    if (error instanceof Failure) return { errno: error.errno, kept: ended(cx) };
    if (error instanceof Refusal) return { errno: error.errno ?? "?", kept: null };
    throw error;
  }
}

function ended(cx: Context): Kept {
  settle(cx);
  const isDangling = clearDangling(cx);
  settle(cx);
  return { state: cx.state, broken: [...cx.hazards, ...(isDangling ? ["lifetime"] : [])] };
}

/** A closed or foreign file gives EBADF, a dead object ENOENT; so does a plain number in their place. */
function checkHandle(operation: Operation, param: Parameter, env: Map<string, Value>, cx: Context): void {
  const names = handleNames(param.type, cx.program);
  if (names.length === 0) return;
  const name = param.name.text;
  const value = env.get(name) ?? null;
  if (value === null && isOptional(cx.program, param.type)) return;
  for (const one of isSet(value) ? value : [value]) {
    const refused = dead(one, names, cx) ?? foreign(one, cx);
    if (refused === null) continue;
    if (!cx.program.lateHandles.get(operation.name.text)?.has(name)) throw new Refusal(refused);
    env.set(name, null);
    return;
  }
}

/** The files, objects and roles of a type, those in a `set of` as well. */
function handleNames(type: TypeNode, program: Program): string[] {
  const inSets = type.alternatives.flatMap((atom) =>
    atom.kind === "set-of" ? handleNames(atom.element, program) : [],
  );
  return [...namesOf(program, type).filter((name) => isHandleName(name, program)), ...inSets];
}

function isHandleName(name: string, program: Program): boolean {
  const kind = program.kinds.get(name);
  return name === "fd" || program.roles.has(name) || (kind !== undefined && kind.sort !== "hardware");
}

function dead(value: Value, names: readonly string[], cx: Context): string | null {
  if (isRef(value)) {
    const thing = thingOf(cx.state, value);
    if (thing.isLive) return null;
    return cx.program.kinds.get(thing.kind)?.sort === "fd" ? "EBADF" : "ENOENT";
  }
  if (typeof value === "string") return null;
  const kinds = [...cx.program.kinds.values()].filter(({ name }) =>
    names.some((one) => isA(cx.program, name, one)),
  );
  return kinds.some(({ sort }) => sort === "fd") || names.includes("fd") ? "EBADF" : "ENOENT";
}

function foreign(value: Value, cx: Context): string | null {
  if (!isRef(value)) return null;
  const thing = thingOf(cx.state, value);
  const isFile = cx.program.kinds.get(thing.kind)?.sort === "fd";
  return isFile && !thing.holders.has(cx.caller) ? "EBADF" : null;
}

// ---------------------------------------------------------------- open

export function open(program: Program, before: State, caller: number, path: string): CallResult {
  const cx = context(program, copyState(before), caller);
  return guarded(cx, () => {
    for (const kind of program.kinds.values()) {
      const holes = kind.path === null ? null : match(kind.path, path, cx);
      if (holes !== null) return refTo(openFile(kind, holes, cx));
    }
    throw new Refusal("ENOENT");
  });
}

function openFile(kind: Kind, holes: ReadonlyMap<string, Value>, cx: Context): Thing {
  const file = addThing(cx.state, kind.name);
  for (const [name, value] of holes) file.fields.set(name, value);
  setInitialFields(file, cx);
  file.holders.add(cx.caller);
  openBlock(file, cx);
  if (kind.isExclusive)
    for (const other of cx.state.things.values()) {
      if (other === file || !other.isLive || other.kind !== kind.name) continue;
      if ([...holes].every(([name, value]) => equal(other.fields.get(name) ?? null, value)))
        throw new Refusal("EBUSY");
    }
  return file;
}

/** The values of the holes of a path, or null when the text is not of this form. */
function match(pattern: string, path: string, cx: Context): Map<string, Value> | null {
  const holes = holesOf(pattern);
  const source = pattern
    .split(/\{[^}]*\}/)
    .map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join("(.+)");
  const found = new RegExp(`^${source}$`).exec(path);
  if (found === null) return null;
  const values = new Map<string, Value>();
  for (const [index, hole] of holes.entries()) {
    const thing = filled(hole, found[index + 1] ?? "", cx);
    if (thing === null) return null;
    values.set(hole.kind, thing);
  }
  return values;
}

function filled(hole: Hole, text: string, cx: Context): Value {
  for (const ref of liveOf(hole.kind, cx)) {
    const thing = isRef(ref) ? thingOf(cx.state, ref) : null;
    if (thing === null) continue;
    if (hole.field === null ? thing.name === text : isSame(thing.fields.get(hole.field) ?? null, text))
      return ref;
  }
  return null;
}

const isSame = (value: Value, text: string): boolean =>
  typeof value === "number"
    ? String(value) === text
    : typeof value === "string" && word(value) === word(text);
