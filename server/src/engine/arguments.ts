// The arguments of a call in a script -> values for the parameters of an operation.

import { evaluator, holds } from "../model/evaluate.ts";
import type { Refusal } from "../model/machine.ts";
import type { Operation, Parameter, Type } from "../model/system.ts";
import { HARDWARE } from "../model/system.ts";
import { NONE, reference } from "../model/values.ts";
import { showType } from "../semantics/context.ts";
import { defaultValue } from "../semantics/kinds.ts";
import { suggestion } from "../semantics/types.ts";
import type { Argument, Call, Expression, Span } from "../syntax/ast.ts";
import { type Handle, isLive, type World } from "./world.ts";

export interface Mistake {
  readonly code: string;
  readonly span: Span;
  readonly message: string;
  readonly help: readonly string[];
}

export type Bound =
  | { readonly is: "values"; readonly values: readonly number[]; readonly handles: readonly Handle[] }
  | {
      readonly is: "refused";
      readonly refusal: Refusal;
      readonly at: Span;
      readonly shown: string;
      readonly handles: readonly Handle[];
    }
  | { readonly is: "unknown"; readonly handles: readonly Handle[] }
  | { readonly is: "mistaken"; readonly mistakes: readonly Mistake[]; readonly handles: readonly Handle[] };

/** How an expression becomes a handle; nested calls run as they are met. */
export type Read = (node: Expression, wanted: Type | null) => Handle;

/** Sizes of C structs: they say nothing here, unless the call has a parameter of that name. */
const ignored = new Set(["argsz", "size"]);

interface Given {
  readonly handle: Handle;
  readonly node: Expression;
}

export function bind(world: World, operation: Operation, call: Call, read: Read): Bound {
  const { params } = operation;
  const given: (Given | undefined)[] = [];
  const mistakes: Mistake[] = [];
  const mistake = (span: Span, message: string, help: readonly string[] = []): void => {
    mistakes.push({ code: "wrong-arguments", span, message, help });
  };
  const give = (name: string, arg: Argument, handle: Handle): void => {
    const at = params.findIndex((param) => param.name === name);
    if (at !== -1 && given[at] !== undefined) mistake(arg, `\`${name}\` is given twice`);
    else if (at !== -1) given[at] = { handle, node: arg.value };
    else if (!ignored.has(name)) {
      const names = params.map((param) => param.name);
      mistake(
        arg,
        `\`${operation.name}\` has no parameter \`${name}\``,
        suggestionOr(name, names, signature(world, operation)),
      );
    }
  };

  let position = 0;
  for (const arg of call.args) {
    if (arg.name !== null) {
      give(arg.name.text, arg, read(arg.value, typeOf(params, arg.name.text)));
      continue;
    }
    const handle = read(arg.value, params[position]?.type ?? null);
    if (handle.is === "struct") {
      for (const [name, field] of handle.fields) give(name, { ...arg, name: null }, field);
      continue;
    }
    const at = position++;
    if (at >= params.length) mistake(arg, tooMany(operation), [signature(world, operation)]);
    else if (given[at] !== undefined) mistake(arg, `\`${params[at]?.name}\` is given twice`);
    else given[at] = { handle, node: arg.value };
  }
  return convertAll(world, operation, call, given, mistakes);
}

function convertAll(
  world: World,
  operation: Operation,
  call: Call,
  given: readonly (Given | undefined)[],
  mistakes: Mistake[],
): Bound {
  const { params } = operation;
  const handles: Handle[] = [];
  const values: number[] = [];
  let refused: Extract<Bound, { is: "refused" }> | null = null;
  let unknown = false;
  for (let i = 0; i < params.length; i++) {
    const param = params[i];
    const entry = given[i];
    if (param === undefined) continue;
    if (entry === undefined) {
      if (param.initial !== null)
        values.push(evaluator(world.system, param.initial)(world.machine, [...values]));
      else if (param.type.optional) values.push(defaultValue(world.system, param.type));
      else {
        mistakes.push({
          code: "wrong-arguments",
          span: call,
          message: `\`${operation.name}\` also wants \`${param.name}\`: ${showType(world.system, param.type)}`,
          help: [signature(world, operation)],
        });
      }
      continue;
    }
    handles.push(entry.handle);
    const value = param.explicit
      ? convertExplicit(world, entry.handle, param.type)
      : convert(world, entry.handle, param.type);
    if (typeof value === "number") {
      if (!param.explicit && refused === null && isForeign(world, value, entry.handle)) {
        refused = {
          ...refusedAt(world, entry, param.type, handles),
          refusal: { by: "handle", errno: "EBADF", ref: value, dead: false },
        };
      }
      values.push(value);
    } else if (value === "unknown") unknown = true;
    else if (value === "bad handle") {
      refused ??= refusedAt(world, entry, param.type, handles);
      values.push(NONE);
    } else {
      mistakes.push({
        code: "type-mismatch",
        span: entry.node,
        message: `\`${param.name}\` of \`${operation.name}\` wants ${showType(world.system, param.type)}, but this is ${showHandleType(world, entry.handle)}`,
        help: [signature(world, operation)],
      });
    }
  }
  if (mistakes.length > 0) return { is: "mistaken", mistakes, handles };
  if (unknown) return { is: "unknown", handles };
  return refused ?? { is: "values", values, handles };
}

function refusedAt(
  world: World,
  entry: Given,
  type: Type,
  handles: readonly Handle[],
): Extract<Bound, { is: "refused" }> {
  return {
    is: "refused",
    handles,
    refusal: badHandle(world, entry.handle, type),
    at: entry.node,
    shown: showHandle(entry),
  };
}

const typeOf = (params: readonly Parameter[], name: string): Type | null =>
  params.find((param) => param.name === name)?.type ?? null;

const suggestionOr = (name: string, candidates: readonly string[], otherwise: string): readonly string[] => {
  const near = suggestion(name, candidates);
  return near.length > 0 ? near : [otherwise];
};

function tooMany({ name, params }: Operation): string {
  const count = params.length;
  return count === 0
    ? `\`${name}\` takes no arguments`
    : `\`${name}\` takes ${count === 1 ? "one argument" : `${count} arguments`}`;
}

function signature(world: World, { name, params, result }: Operation): string {
  const list = params.map((param) => `${param.name}: ${showType(world.system, param.type)}`).join(", ");
  return `it is \`${name}(${list})${result === null ? "" : ` -> ${showType(world.system, result)}`}\``;
}

function showHandleType(world: World, handle: Handle): string {
  switch (handle.is) {
    case "thing":
      return world.system.kinds[Math.floor(handle.ref / 2 ** 20)]?.name ?? "?";
    case "number":
      return `the number ${handle.value}`;
    case "text":
      return `the text "${handle.text}"`;
    case "range":
      return "a range";
    case "struct":
      return "a struct";
    case "set":
      return "a set";
    case "none":
      return "none";
    case "nothing":
      return "the result of a call that returns nothing";
    case "unknown":
      return "unknown";
    default:
      return handle satisfies never;
  }
}

const showHandle = ({ handle, node }: Given): string =>
  handle.is === "none"
    ? "none"
    : handle.is === "number"
      ? String(handle.value)
      : node.kind === "name"
        ? node.text
        : "";

/** For a parameter whose body asks `live`: what is dead, or not open in this task, comes in as none. */
function convertExplicit(world: World, handle: Handle, type: Type): ReturnType<typeof convert> {
  const value = convert(world, handle, type);
  if (value === "bad handle") return NONE;
  return typeof value === "number" && isForeign(world, value, handle) ? NONE : value;
}

/** A file that is open, but not in the calling task. */
function isForeign(world: World, value: number, handle: Handle): boolean {
  if (value < 0 || handle.is !== "thing") return false;
  const isFile = world.system.kinds[Math.floor(value / 2 ** 20)]?.sort === "fd";
  return isFile && !holds(world.machine, world.machine.caller, value);
}

/** A value, "bad handle" for a number or a dead thing in the place of a file or object, or "wrong". */
function convert(world: World, handle: Handle, type: Type): number | "bad handle" | "wrong" | "unknown" {
  const { system, machine } = world;
  const comesAndGoes = type.kinds.some((kind) => system.kinds[kind]?.sort !== "hardware");
  switch (handle.is) {
    case "unknown":
      return "unknown";
    case "thing": {
      if (type.base === "int" && handle.id !== 0) return handle.id;
      if (!type.kinds.includes(Math.floor(handle.ref / 2 ** 20)) && type.base !== "unknown") return "wrong";
      return isLive(machine, handle) ? handle.ref : "bad handle";
    }
    case "number": {
      if (type.base === "int") return handle.value;
      if (type.base === "bool") return handle.value === 0 ? 0 : 1;
      if (type.base === "string") return system.values.symbol(String(handle.value));
      if (type.kinds.includes(HARDWARE.group)) {
        const group = machine.topology.names[HARDWARE.group]?.indexOf(String(handle.value)) ?? -1;
        if (group !== -1) return reference(HARDWARE.group, group);
      }
      return comesAndGoes ? "bad handle" : "wrong";
    }
    case "text": {
      if (type.base === "string") return system.values.symbol(handle.text);
      if (type.names.includes(handle.text)) return system.values.symbol(handle.text);
      const device = type.kinds.includes(HARDWARE.device)
        ? machine.topology.addresses.get(handle.text)
        : undefined;
      return device === undefined ? "wrong" : reference(HARDWARE.device, device);
    }
    case "range":
      return type.base === "range" ? handle.value : "wrong";
    case "none":
      return type.optional ? NONE : comesAndGoes ? "bad handle" : "wrong";
    case "set": {
      if (type.base !== "set" || type.element === null) return "wrong";
      const values: number[] = [];
      for (const element of handle.elements) {
        const value = convert(world, element, type.element);
        if (typeof value !== "number") return value;
        if (isForeign(world, value, element)) return "bad handle";
        values.push(value);
      }
      return system.values.set(values, type.element.base === "range" ? "ranges" : undefined);
    }
    case "nothing":
      return type.base === "int" ? 0 : "wrong";
    case "struct":
      return "wrong";
    default:
      return handle satisfies never;
  }
}

function badHandle(world: World, handle: Handle, type: Type): Refusal {
  if (handle.is === "set") {
    const element = type.element ?? type;
    const bad = handle.elements.find((each) => {
      const value = convert(world, each, element);
      return typeof value !== "number" || isForeign(world, value, each);
    });
    return badHandle(world, bad ?? { is: "none" }, element);
  }
  const file = type.kinds.some((kind) => world.system.kinds[kind]?.sort === "fd");
  const dead =
    handle.is === "thing" ? world.system.kinds[Math.floor(handle.ref / 2 ** 20)]?.sort === "fd" : file;
  return {
    by: "handle",
    errno: dead ? "EBADF" : "ENOENT",
    ref: handle.is === "thing" ? handle.ref : NONE,
    dead: true,
  };
}
