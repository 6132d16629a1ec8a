// Defines: small ones are put where they are used, the others are functions, one for each sort of arguments.

import type { Expr } from "../../model/ir.ts";
import { fieldsOfExpression } from "../../model/reads.ts";
import { HARDWARE } from "../../model/system.ts";
import { kindOf, NONE } from "../../model/values.ts";
import { childrenOf } from "../expressions.ts";
import type { Value } from "../program.ts";
import { createBuilder, giveBack, keep, newLocal } from "./builder.ts";
import {
  addFunction,
  computed,
  type Frame,
  known,
  type Low,
  type Lowering,
  notes,
  tagOf,
  valueAs,
} from "./context.ts";
import { lower } from "./expressions.ts";
import { cell, isSimple, local, num } from "./values.ts";

/** A define for one sort of arguments. */
export interface Instance {
  readonly fn: number;
  /** What it gives; `known` needs no call. */
  readonly gives: Low;
}

/** Larger ones are functions. */
const SMALL = 12;

/** Expressions inside, those of other defines included; a walk over a set counts as large. */
function sizeOf(lowering: Lowering, expr: Expr): number {
  const seen = lowering.sizes.get(expr);
  if (seen !== undefined) return seen;
  let size = isWalk(lowering, expr) ? SMALL : 1;
  for (const child of childrenOf(expr)) if (size <= SMALL) size += sizeOf(lowering, child);
  const body = expr.op === "define" ? (lowering.system.defines[expr.define]?.body ?? null) : null;
  if (body !== null) size += sizeOf(lowering, body);
  lowering.sizes.set(expr, size);
  return size;
}

/** Where there is one file for each piece of hardware, that of one piece is not walked to. */
function isWalk({ problem }: Lowering, expr: Expr): boolean {
  if (!("set" in expr) || expr.op === "in" || typeof expr.set === "string") return false;
  const of = expr.set;
  return of.set !== "kinds" || of.kinds.some((kind) => problem.bounds.homes[kind] === -1);
}

/** How much of its value is wanted. */
export type Part = (frame: Frame, expr: Expr) => Low;

export function callDefine(frame: Frame, expr: Extract<Expr, { op: "define" }>, part: Part = lower): Low {
  const { lowering, builder } = frame;
  const define = lowering.system.defines[expr.define];
  if (define === undefined || define.body === null) return known(-1);
  const args = expr.args.map((arg) => lower(frame, arg));
  if (sizeOf(lowering, define.body) <= SMALL) {
    const env = new Map(args.map((arg, slot) => [slot, kept(frame, arg)]));
    return part({ ...frame, env, name: define.name, uses: null }, define.body);
  }
  const { fn, gives } = instanceOf(frame, expr.define, args, part);
  if (gives.is !== "value") return gives;
  const values = args.flatMap((arg, i) => passed(frame, arg, tagOf(define.params[i]?.type ?? null)));
  const value: Value = { v: "call", fn, args: values };
  if (builder.known === null || !values.every(isSimple)) return { ...gives, value };
  const key = `${fn}(${values.map((each) => (each.v === "const" ? each.value : each.v === "local" ? `l${each.local}` : "")).join()})`;
  let result = builder.known.get(key);
  if (result === undefined) {
    result = keep(builder, value);
    builder.known.set(key, result);
  }
  return { ...gives, value: result };
}

/** A value that can be used more than once. */
export function kept({ builder }: Frame, low: Low): Low {
  if (low.is === "known") return low;
  if (low.is === "pair") return { ...low, start: keep(builder, low.start), size: keep(builder, low.size) };
  return { ...low, value: keep(builder, low.value) };
}

/** Things are passed, all else that is known makes a function of its own. */
const isPassed = (low: Low, isThing: boolean): boolean => low.is !== "known" || (isThing && low.raw >= 0);

function passed({ lowering }: Frame, low: Low, tag: ReturnType<typeof tagOf>): Value[] {
  if (low.is === "pair") return [low.start, low.size];
  return isPassed(low, tag === "thing") ? [valueAs(lowering, low, tag)] : [];
}

function instanceOf(frame: Frame, id: number, args: readonly Low[], part: Part): Instance {
  const { lowering } = frame;
  const define = lowering.system.defines[id];
  let key = `${id} ${part === lower ? "" : "?"}`;
  const isThing = (i: number): boolean => tagOf(define?.params[i]?.type ?? null) === "thing";
  args.forEach((arg, i) => {
    if (!isPassed(arg, isThing(i))) key += arg.is === "known" ? ` =${arg.raw}` : "";
    else if (arg.is === "known") key += ` ${kindOf(arg.raw)}`;
    else if (arg.is === "pair") key += " ..";
    else key += ` ${arg.tag === "thing" ? arg.kinds.join("|") : arg.tag}${arg.bool ? "b" : ""}`;
  });
  let instance = lowering.instances.get(key);
  if (instance === undefined) {
    instance = makeInstance(frame, id, args, isThing, part);
    lowering.instances.set(key, instance);
  }
  return instance;
}

function makeInstance(
  frame: Frame,
  id: number,
  args: readonly Low[],
  isThing: (i: number) => boolean,
  part: Part,
): Instance {
  const { lowering } = frame;
  const define = lowering.system.defines[id];
  const builder = createBuilder(0);
  builder.known = new Map();
  const param = (): Value => local(newLocal(builder));
  const env = new Map(
    args.map((arg, i): [number, Low] => {
      if (arg.is === "pair") return [i, { is: "pair", start: param(), size: param() }];
      if (!isPassed(arg, isThing(i))) return [i, arg];
      if (arg.is === "known") return [i, computed(param(), { tag: "thing", kinds: [kindOf(arg.raw)] })];
      return [i, { ...arg, value: param(), flow: null, maybe: true, live: true }];
    }),
  );
  const params = builder.locals;
  const body = define?.body ?? null;
  const name = define?.name ?? "";
  const inner: Frame = { ...frame, builder, env, name, caller: callerInside(frame, body), uses: null };
  const gives = body === null ? known(-1) : part(inner, body);
  if (gives.is === "known") return { fn: -1, gives };
  giveBack(builder, valueAs(lowering, gives, part === lower ? tagOf(define?.result ?? null) : "plain"));
  return { fn: addFunction(lowering, name, params, builder), gives };
}

/** In other functions than that of the call, the caller is read from a note. */
function callerInside({ lowering, caller }: Frame, body: Expr | null): Low {
  if (caller.is === "known" || body === null) return caller;
  if (fieldsOfExpression(lowering.system, body) !== null) return known(NONE);
  const value = cell(num(notes(lowering, "caller")));
  return computed(value, { tag: "thing", kinds: [HARDWARE.task], maybe: false });
}
