// Expressions: grammar/README.md, "Expressions". `Context` is where one is evaluated.

import type { Call, Expression, Parameter, Quantifier, TypeNode } from "../../server/src/syntax/ast.ts";
import { isA, isThingName, namesOf, type Program } from "./program.ts";
import { liveFields, mentions, named, refTo, type State, type Thing, thingOf } from "./state.ts";
import * as values from "./values.ts";
import { equal, isRange, isRef, isSet, isStruct, type Value } from "./values.ts";

export interface Context {
  readonly program: Program;
  readonly state: State;
  /** The calling task. */
  readonly caller: number;
  readonly env: Map<string, Value>;
  /** Names of the topology can be used, and an unknown value stops the evaluation. */
  readonly isScript: boolean;
  /** Hazards that were met. */
  readonly hazards: Set<string>;
}

/** Thrown in scenarios when a value is unknown. */
export class Unknown extends Error {}

export const inner = (cx: Context, env: Iterable<readonly [string, Value]> = cx.env): Context => ({
  ...cx,
  env: new Map(env),
});

export function evaluate(node: Expression, cx: Context): Value {
  switch (node.kind) {
    case "number":
      return node.value;
    case "version":
      return { major: node.major, minor: node.minor };
    case "string":
      return node.value;
    case "keyword":
      return keyword(node.word, cx);
    case "name":
      return alive(known(nameValue(node.text, cx), cx), cx);
    case "field":
      return known(fieldOf(node.target, node.name.text, cx), cx);
    case "call":
      return evaluateCall(node, cx);
    case "unary": {
      const operand = evaluate(node.operand, cx);
      if (node.op === "not") return operand !== true;
      return typeof operand === "number" ? -operand : null;
    }
    case "binary":
      return binary(node.op, node.left, node.right, cx);
    case "is": {
      const operand = evaluate(node.operand, cx);
      const matches = isRef(operand) && isA(cx.program, thingOf(cx.state, operand).kind, node.type.text);
      return matches !== node.negated;
    }
    case "quantifier":
      return quantify(node, cx);
    case "conditional":
      return evaluate(evaluate(node.condition, cx) === true ? node.then : node.otherwise, cx);
    case "set":
      return node.elements.reduce<readonly Value[]>((set, one) => values.union(set, [evaluate(one, cx)]), []);
    case "struct":
      return {
        fields: new Map(
          node.fields.map(({ name, value }): [string, Value] => [name?.text ?? "", evaluate(value, cx)]),
        ),
      };
    case "new":
      throw new Error("`new` is no expression");
  }
}

/** In scenarios a name of a dead thing is `none`, but as an argument it is what it was. */
const alive = (value: Value, cx: Context): Value =>
  cx.isScript && isRef(value) && !thingOf(cx.state, value).isLive ? null : value;

/** An argument of a call: also a handle on something dead. */
export function evaluateHandle(node: Expression, cx: Context): Value {
  return node.kind === "name" ? known(nameValue(node.text, cx), cx) : evaluate(node, cx);
}

export const isTrue = (node: Expression | null, cx: Context): boolean =>
  node === null || evaluate(node, cx) === true;

function known(value: Value, cx: Context): Value {
  if (value === values.unknown && cx.isScript) throw new Unknown();
  return value;
}

/** `kernel` without one in the topology is newer than all. */
const newest = { major: Number.POSITIVE_INFINITY, minor: 0 };
export const kernelOf = (state: State): values.Version => state.kernel ?? newest;

function keyword(text: string, cx: Context): Value {
  if (text === "true") return true;
  if (text === "false") return false;
  if (text === "caller") return { ref: cx.caller };
  return text === "kernel" ? kernelOf(cx.state) : null;
}

function nameValue(name: string, cx: Context): Value {
  const local = cx.env.get(name);
  if (local !== undefined) return local;
  if (cx.isScript)
    for (const kind of ["device", "group", "iommu", "task"]) {
      const found = named(cx.state, kind, name);
      if (found !== null) return found;
    }
  const constant = cx.program.consts.get(name);
  if (constant !== undefined) return evaluate(constant.value, inner(cx, []));
  const define = cx.program.defines.get(name);
  if (define !== undefined) return callDefine(name, [], cx);
  return name;
}

function fieldOf(target: Expression, name: string, cx: Context): Value {
  const isHost = target.kind === "name" && target.text === "host" && !cx.env.has("host");
  const value = isHost ? hostOf(cx.state) : evaluate(target, cx);
  if (isRange(value))
    return name === "start" ? value.start : name === "size" ? value.size : value.start + value.size;
  if (isStruct(value)) return value.fields.get(name) ?? values.unknown;
  if (!isRef(value)) return noField(name, cx);
  const thing = thingOf(cx.state, value);
  if (thing.kind === "group" && name === "devices") return members(cx.state, "device", "group", value);
  if (thing.kind === "iommu" && name === "groups") return members(cx.state, "group", "iommu", value);
  return readField(thing, name, cx);
}

/** A field that refers to a dead thing is `none`. */
function readField(thing: Thing, name: string, cx: Context): Value {
  const value = thing.fields.get(name);
  if (value === undefined) return noField(name, cx);
  if (isRef(value) && !thingOf(cx.state, value).isLive && name !== cx.program.kinds.get(thing.kind)?.owner)
    return null;
  return value;
}

const noField = (name: string, cx: Context): Value => (cx.program.boolFields.has(name) ? false : null);

function hostOf(state: State): Value {
  for (const thing of state.things.values()) if (thing.kind === "host") return refTo(thing);
  return null;
}

function members(state: State, kind: string, field: string, of: Value): Value[] {
  const found: Value[] = [];
  for (const thing of state.things.values())
    if (thing.kind === kind && equal(thing.fields.get(field) ?? null, of)) found.push(refTo(thing));
  return found;
}

function binary(op: string, left: Expression, right: Expression, cx: Context): Value {
  if (op === "and") return isTrue(left, cx) && isTrue(right, cx);
  if (op === "or") return isTrue(left, cx) || isTrue(right, cx);
  const a = evaluate(left, cx);
  if (op === "in") return setOf(right, cx).some((one) => same(a, one, cx));
  if (op === "not in") return !setOf(right, cx).some((one) => same(a, one, cx));
  const b = evaluate(right, cx);
  if (op === "==") return same(a, b, cx);
  if (op === "!=") return !same(a, b, cx);
  if (!["<", "<=", ">", ">="].includes(op)) return values.arithmetic(op, a, b);
  const order = values.compare(a, b);
  if (order === null) return false;
  return op === "<" ? order < 0 : op === "<=" ? order <= 0 : op === ">" ? order > 0 : order >= 0;
}

/** Equality, where a number or text may be the name of a group, task or device, or stand for a numbered object. */
function same(a: Value, b: Value, cx: Context): boolean {
  if (isRef(a) && (typeof b === "number" || typeof b === "string")) return isNamed(a, b, cx);
  if (isRef(b) && (typeof a === "number" || typeof a === "string")) return isNamed(b, a, cx);
  return equal(a, b);
}

function isNamed(ref: values.Ref, name: number | string, cx: Context): boolean {
  const thing = thingOf(cx.state, ref);
  if (typeof name === "number" && thing.fields.has("id")) return thing.fields.get("id") === name;
  return thing.name !== null && (thing.name === String(name) || thing.address === name);
}

/** The elements of a SET: all live things of a name, or a set value. */
export function setOf(node: Expression, cx: Context): readonly Value[] {
  if (node.kind === "name" && !cx.env.has(node.text) && isThingName(cx.program, node.text))
    return liveOf(node.text, cx);
  const value = evaluate(node, cx);
  return isSet(value) ? value : [];
}

/** All live things of a name: kind by kind, in the order of their places (the page is silent on the order). */
export function liveOf(name: string, cx: Context): Value[] {
  const found: Thing[] = [];
  for (const thing of cx.state.things.values())
    if (thing.isLive && isA(cx.program, thing.kind, name)) found.push(thing);
  if (found.length < 2) return found.map(refTo);
  const kinds = [...cx.program.kinds.keys()];
  const order = (a: Thing, b: Thing): number =>
    a.kind === b.kind ? a.place - b.place : kinds.indexOf(a.kind) - kinds.indexOf(b.kind);
  return found.toSorted(order).map(refTo);
}

function quantify(node: Quantifier, cx: Context): Value {
  const local = inner(cx);
  let count = 0;
  for (const one of setOf(node.set, cx)) {
    local.env.set(node.variable.text, one);
    if (!isTrue(node.where, local)) continue;
    if (node.quantifier === "first") return one;
    if (node.quantifier === "count") count++;
    else if (node.body !== null) {
      const value = evaluate(node.body, local);
      if (node.quantifier === "sum") count += typeof value === "number" ? value : 0;
      else if ((value === true) === (node.quantifier === "any")) return value === true;
    }
  }
  if (node.quantifier === "first") return null;
  return node.quantifier === "all" ? true : node.quantifier === "any" ? false : count;
}

function evaluateCall(node: Call, cx: Context): Value {
  const name = node.callee.text;
  if (cx.program.defines.has(name)) return callDefine(name, node.args, cx);
  if (name === "sizeof") return 0;
  const args = node.args.map(({ value }) => evaluate(value, cx));
  const [a = null, b = null] = args;
  switch (name) {
    case "range":
      return { start: Number(a), size: Number(b) };
    case "overlaps":
      return values.overlaps(a, b);
    case "contains":
      return values.contains(a, b);
    case "live":
      return isRef(a) && thingOf(cx.state, a).isLive;
    case "referenced":
      return isRef(a) && isReferenced(a.ref, cx);
    case "holds":
      return isRef(a) && isRef(b) && thingOf(cx.state, b).holders.has(a.ref);
    default:
      throw new Error(`no define ${name}`);
  }
}

export const isWeakIn =
  (program: Program) =>
  (kind: string, field: string): boolean =>
    program.kinds.get(kind)?.fields.get(field)?.weak ?? true;

export function isReferenced(id: number, cx: Context): boolean {
  for (const { value, weak } of liveFields(cx.state, isWeakIn(cx.program)))
    if (!weak && mentions(value, id)) return true;
  return false;
}

function callDefine(name: string, args: Call["args"], cx: Context): Value {
  const define = cx.program.defines.get(name);
  if (define === undefined || define.body === null) throw new Error(`no define ${name}`);
  const env = bindArguments(
    define.params,
    args.map((one) => ({ name: one.name?.text ?? null, value: evaluate(one.value, cx) })),
    cx,
  );
  return evaluate(define.body, { ...cx, env, isScript: false });
}

export interface Given {
  readonly name: string | null;
  readonly value: Value;
}

/** Arguments by position or by name; what is not given has its value, or is `none`. */
export function bindArguments(
  params: readonly Parameter[],
  given: readonly Given[],
  cx: Context,
): Map<string, Value> {
  const env = new Map<string, Value>();
  const byPosition = given.filter(({ name }) => name === null);
  params.forEach((param, index) => {
    const name = param.name.text;
    const one = given.find((other) => other.name === name) ?? byPosition[index];
    if (one !== undefined) env.set(name, coerce(one.value, param.type, cx));
    else {
      const value =
        param.value === null ? null : evaluate(param.value, { ...inner(cx, env), isScript: false });
      env.set(name, coerce(value, param.type, cx));
    }
  });
  return env;
}

/** A value in a place that wants a type: names of hardware, numbers of groups, ids of numbered objects. */
export function coerce(value: Value, type: TypeNode, cx: Context): Value {
  const names = namesOf(cx.program, type);
  if (isRef(value)) {
    const thing = thingOf(cx.state, value);
    if (names.includes("int") && !names.some((name) => isA(cx.program, thing.kind, name)))
      return thing.fields.get("id") ?? value;
    // A word that is also the name of something.
    if (names.includes("string") && thing.name !== null) return thing.name;
    return value;
  }
  if (typeof value !== "number" && typeof value !== "string") return value;
  if (typeof value === "number" && names.includes("int")) return value;
  if (names.includes("string")) return value;
  for (const name of names) {
    if (name === "host" && value === "host") return hostOf(cx.state);
    if (cx.program.kinds.get(name)?.sort !== "hardware") continue;
    const found = named(cx.state, name, String(value));
    if (found !== null) return found;
  }
  return value;
}
