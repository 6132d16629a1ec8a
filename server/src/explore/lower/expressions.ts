// Expressions: what depends on facts alone is folded, the rest becomes values, with actions before them where a value has
// no words for it.

import type { Comparison, Expr } from "../../model/ir.ts";
import { HARDWARE } from "../../model/system.ts";
import { indexOf, kindOf, NONE } from "../../model/values.ts";
import type { Value } from "../program.ts";
import { inside, keep, newLocal, set } from "./builder.ts";
import { fold, tagIn } from "./constants.ts";
import { computed, type Frame, known, type Low, truth, Unsupported, valueAs } from "./context.ts";
import { callDefine } from "./defines.ts";
import { cellOf, isOfKind, readField } from "./fields.ts";
import { existence, isLookup } from "./lets.ts";
import { lowerMembership, lowerProjection, lowerQuantifier } from "./quantifiers.ts";
import { isNone, lowerRangePart, lowerRangeTest, partsOf } from "./ranges.ts";
import { referencedFunction } from "./references.ts";
import { and, binary, choose, equal, isThere, local, not, num, ONE, or, plus, ZERO } from "./values.ts";

export function lower(frame: Frame, expr: Expr): Low {
  switch (expr.op) {
    case "const":
      return known(expr.value);
    case "local":
      return frame.env.get(expr.slot) ?? known(NONE);
    case "caller":
      return frame.caller;
    default:
      return fold(frame, expr) ?? lowerOpen(frame, expr);
  }
}

type Open = Exclude<Expr, { op: "const" | "local" | "caller" }>;

function lowerOpen(frame: Frame, expr: Open): Low {
  const { lowering } = frame;
  switch (expr.op) {
    case "kernel":
      return known(lowering.problem.topology.kernel);
    case "field":
      return (
        lowerProjection(frame, expr) ?? readField(frame, lower(frame, expr.of), expr.fields, expr.missing)
      );
    case "not":
      return truth(not(conditionIsZero(frame, expr.of)));
    case "and":
      return truth(conjunction(frame, test(frame, expr.left), () => test(frame, expr.right)));
    case "or":
      return truth(disjunction(frame, test(frame, expr.left), () => test(frame, expr.right)));
    case "compare":
      return lowerComparison(frame, expr);
    case "arithmetic": {
      const [left, right] = [number(frame, expr.left), number(frame, expr.right)];
      const value = binary(expr.with, left, right);
      lowering.sums = true;
      if (expr.with === "*") lowering.largest = Math.max(lowering.largest, 2 ** 31);
      return value.v === "const" ? known(value.value) : computed(value);
    }
    case "if":
      return lowerChoice(frame, expr, lower);
    case "in":
      return lowerMembership(frame, expr);
    case "is":
      return lowerKindTest(frame, lower(frame, expr.value), expr.kinds);
    case "all":
    case "any":
    case "count":
    case "first":
    case "sum":
      return lowerQuantifier(frame, expr);
    case "range": {
      const [start, size] = [lower(frame, expr.start), lower(frame, expr.size)];
      if (start.is === "known" && size.is === "known")
        return known(lowering.system.values.range(start.raw, size.raw));
      return { is: "pair", start: valueAs(lowering, start, "plain"), size: valueAs(lowering, size, "plain") };
    }
    case "range-part":
      return lowerProjection(frame, expr) ?? lowerRangePart(frame, lower(frame, expr.of), expr.part);
    case "overlaps":
    case "contains":
      return lowerRangeTest(frame, expr.op, lower(frame, expr.left), lower(frame, expr.right));
    case "referenced":
      return lowerReferenced(frame, lower(frame, expr.of));
    case "live":
      return lowerLive(frame, lower(frame, expr.of));
    case "holds":
      return lowerHolds(frame, lower(frame, expr.task), lower(frame, expr.file));
    case "set":
      throw new Unsupported("a set whose members are not known beforehand is kept");
    case "define":
      return callDefine(frame, expr);
    default:
      return expr satisfies never;
  }
}

/** 1 where the expression is true, else 0. */
export function test(frame: Frame, expr: Expr): Value {
  return asTest(lower(frame, expr));
}

export function asTest(low: Low): Value {
  if (low.is === "known") return low.raw === 1 ? ONE : ZERO;
  if (low.is === "pair") return ZERO;
  return low.bool ? low.value : equal(low.value, ONE);
}

/** For `not`: 0 where the expression is 0, else 1. */
function conditionIsZero(frame: Frame, expr: Expr): Value {
  const low = lower(frame, expr);
  if (low.is === "known") return low.raw === 0 ? ZERO : ONE;
  if (low.is === "pair") return ONE;
  return low.bool ? low.value : binary("!=", low.value, ZERO);
}

const number = (frame: Frame, expr: Expr): Value => valueAs(frame.lowering, lower(frame, expr), "plain");

/** `right` is made, and computed, only where `left` leaves it open. */
function conjunction(frame: Frame, left: Value, right: () => Value): Value {
  if (left.v === "const") return left.value === 0 ? ZERO : right();
  const { builder } = frame;
  let value: Value = ZERO;
  const before = inside(builder, () => {
    value = right();
  });
  if (before.length === 0 || (value.v === "const" && value.value === 0)) return and(left, value);
  const result = newLocal(builder);
  set(builder, result, ZERO);
  builder.out.push({
    a: "if",
    condition: left,
    then: [...before, { a: "set", local: result, value }],
    otherwise: [],
  });
  return local(result);
}

function disjunction(frame: Frame, left: Value, right: () => Value): Value {
  if (left.v === "const") return left.value === 0 ? right() : ONE;
  const { builder } = frame;
  let value: Value = ZERO;
  const before = inside(builder, () => {
    value = right();
  });
  if (before.length === 0 || (value.v === "const" && value.value === 1)) return or(left, value);
  const result = newLocal(builder);
  set(builder, result, ONE);
  builder.out.push({
    a: "if",
    condition: not(left),
    then: [...before, { a: "set", local: result, value }],
    otherwise: [],
  });
  return local(result);
}

// ---------------------------------------------------------------- comparisons

function lowerComparison(frame: Frame, expr: Extract<Expr, { op: "compare" }>): Low {
  const { left, right } = expr;
  if ((expr.with === "==" || expr.with === "!=") && right.op === "const" && right.value === NONE) {
    if (isLookup(frame, left)) {
      const found = existence(frame, left);
      return expr.with === "!=" ? found : truth(not(asTest(found)));
    }
  }
  return compare(frame, expr.with, lower(frame, left), lower(frame, right));
}

export function compare(frame: Frame, op: Comparison, left: Low, right: Low): Low {
  const { lowering } = frame;
  if (left.is === "known" && right.is === "known") return truth(binary(op, num(left.raw), num(right.raw)));
  if (left.is === "value" && left.tag === "exists") return truth(op === "!=" ? left.value : not(left.value));
  if (right.is === "value" && right.tag === "exists")
    return truth(op === "!=" ? right.value : not(right.value));
  if (left.is === "pair" || right.is === "pair") return comparePairs(frame, op, left, right);
  const tag = left.is === "value" ? left.tag : right.is === "value" ? right.tag : "plain";
  if ((op === "==" || op === "!=") && canNotMeet(left, right)) return known(op === "==" ? 0 : 1);
  return truth(binary(op, valueAs(lowering, left, tag), valueAs(lowering, right, tag)));
}

function canNotMeet(left: Low, right: Low): boolean {
  if (left.is === "known" && right.is === "value") return canNotMeet(right, left);
  if (left.is !== "value" || left.tag !== "thing") return false;
  if (right.is === "known") return right.raw < 0 ? !left.maybe : !left.kinds.includes(kindOf(right.raw));
  if (right.is !== "value" || right.tag !== "thing") return false;
  return !(left.maybe && right.maybe) && !left.kinds.some((kind) => right.kinds.includes(kind));
}

function comparePairs(frame: Frame, op: Comparison, left: Low, right: Low): Low {
  if (isNone(left) || isNone(right)) return known(op === "!=" ? 1 : 0);
  const [a, b] = [partsOf(frame, left), partsOf(frame, right)];
  const same = and(equal(a.start, b.start), equal(a.size, b.size));
  return truth(op === "==" ? same : not(same));
}

function lowerKindTest(frame: Frame, of: Low, kinds: readonly number[]): Low {
  if (of.is === "known") return known(of.raw >= 0 && kinds.includes(kindOf(of.raw)) ? 1 : 0);
  if (of.is === "pair") return known(0);
  const found = of.kinds.filter((kind) => kinds.includes(kind));
  if (found.length === 0) return known(0);
  if (found.length === of.kinds.length) return of.maybe ? truth(isThere(of.value)) : known(1);
  const value = keep(frame.builder, of.value);
  return truth(found.map((kind) => isOfKind(frame.lowering, value, kind)).reduce((a, b) => or(a, b)));
}

// ---------------------------------------------------------------- if

/** `part` says what of the two is wanted. */
export function lowerChoice(
  frame: Frame,
  expr: Extract<Expr, { op: "if" }>,
  part: (frame: Frame, expr: Expr) => Low,
): Low {
  const { builder } = frame;
  const before = { length: builder.out.length, known: builder.known && new Map(builder.known) };
  const condition = test(frame, expr.condition);
  if (condition.v === "const") return part(frame, condition.value === 1 ? expr.then : expr.otherwise);
  const branch = (of: Expr): { low: Low; before: ReturnType<typeof inside> } => {
    let low: Low = known(NONE);
    const before = inside(builder, () => {
      low = part(frame, of);
    });
    return { low, before };
  };
  const [then, otherwise] = [branch(expr.then), branch(expr.otherwise)];
  const tag = part === lower ? (tagIn(frame, expr) ?? "plain") : "plain";
  const [a, b] = [then.low, otherwise.low];
  if (a.is === "known" && b.is === "known" && a.raw === b.raw) {
    // Nobody wants to know the condition.
    builder.out.length = before.length;
    builder.known = before.known;
    return a;
  }
  const [one, two] = [valueAs(frame.lowering, a, tag), valueAs(frame.lowering, b, tag)];
  if (then.before.length === 0 && otherwise.before.length === 0)
    return joined(a, b, tag, choose(condition, one, two));
  const result = newLocal(builder);
  builder.out.push({
    a: "if",
    condition,
    then: [...then.before, { a: "set", local: result, value: one }],
    otherwise: [...otherwise.before, { a: "set", local: result, value: two }],
  });
  return joined(a, b, tag, local(result));
}

/** What is true of both. */
export function joined(a: Low, b: Low, tag: Extract<Low, { is: "value" }>["tag"], value: Value): Low {
  const [one, two] = [asComputed(a, tag), asComputed(b, tag)];
  return computed(value, {
    tag,
    kinds: [...new Set([...one.kinds, ...two.kinds])].sort((x, y) => x - y),
    maybe: one.maybe || two.maybe,
    bool: one.bool && two.bool,
    live: one.live && two.live,
    flow:
      one.flow === null || two.flow === null
        ? null
        : {
            values: [...new Set([...one.flow.values, ...two.flow.values])],
            fields: [...new Set([...one.flow.fields, ...two.flow.fields])],
          },
  });
}

/** What a constant is, said as of something that is computed. */
export function asComputed(
  low: Low,
  tag: Extract<Low, { is: "value" }>["tag"],
): Extract<Low, { is: "value" }> {
  if (low.is === "value") return low;
  if (low.is === "pair") return computed(ZERO, { tag: "range" });
  const isThing = tag === "thing" && low.raw >= 0;
  return computed(ZERO, {
    tag,
    kinds: isThing ? [kindOf(low.raw)] : [],
    maybe: !isThing,
    bool: low.raw === 0 || low.raw === 1,
    live: !isThing || kindOf(low.raw) <= HARDWARE.task,
    flow: { values: [low.raw], fields: [] },
  });
}

// ---------------------------------------------------------------- things

function lowerReferenced(frame: Frame, of: Low): Low {
  const { lowering, builder } = frame;
  if (of.is === "pair" || (of.is === "known" && of.raw < 0)) return known(0);
  const low = asComputed(of, "thing");
  const value = keep(builder, valueAs(lowering, of, "thing"));
  let result: Value = ZERO;
  for (const kind of low.kinds) {
    const fn = referencedFunction(lowering, kind);
    if (fn === null) continue;
    const inKind = low.kinds.length === 1 && !low.maybe ? ONE : isOfKind(lowering, value, kind);
    result = or(result, and(inKind, { v: "call", fn, args: [value] }));
  }
  return truth(result);
}

function lowerLive(frame: Frame, of: Low): Low {
  if (of.is === "pair" || (of.is === "known" && of.raw < 0)) return known(0);
  const low = asComputed(of, "thing");
  return truth(isAliveValue(frame, low, valueAs(frame.lowering, of, "thing")));
}

/** 1 if it is a thing that is alive. */
export function isAliveValue(frame: Frame, low: Extract<Low, { is: "value" }>, of: Value): Value {
  const { lowering, builder } = frame;
  const value = keep(builder, of);
  let result: Value = ZERO;
  for (const kind of low.kinds) {
    const { alive, sort } = lowering.system.kinds[kind] ?? { alive: 0, sort: "hardware" };
    const inKind = low.kinds.length === 1 && !low.maybe ? ONE : isOfKind(lowering, value, kind);
    result = or(result, sort === "hardware" ? inKind : and(inKind, cellOf(lowering, alive, value)));
  }
  return result;
}

/** The bit of a task among the holders of a file. */
export function bitOf(frame: Frame, task: Low): Value {
  if (task.is === "known") return num(task.raw < 0 ? 0 : 1 << indexOf(task.raw));
  const base = frame.lowering.layout.places[HARDWARE.task]?.base ?? 0;
  return binary("<<", ONE, plus(valueAs(frame.lowering, task, "thing"), -base));
}

function lowerHolds(frame: Frame, task: Low, file: Low): Low {
  const { lowering, builder } = frame;
  if (file.is === "pair" || (file.is === "known" && file.raw < 0) || (task.is === "known" && task.raw < 0))
    return known(0);
  const low = asComputed(file, "thing");
  const who = task.is === "value" && task.maybe ? keep(builder, task.value) : null;
  const value = keep(builder, valueAs(lowering, file, "thing"));
  let result: Value = ZERO;
  for (const kind of low.kinds) {
    const { holders, sort } = lowering.system.kinds[kind] ?? { holders: 0, sort: "hardware" };
    if (sort !== "fd") continue;
    const inKind = low.kinds.length === 1 && !low.maybe ? ONE : isOfKind(lowering, value, kind);
    result = or(result, and(inKind, holdsBit(frame, cellOf(lowering, holders, value), task)));
  }
  return truth(who === null ? result : and(isThere(who), result));
}

/** Is the task's bit set? With one task there is no other bit. */
export function holdsBit(frame: Frame, holders: Value, task: Low): Value {
  if (frame.lowering.problem.bounds.tasks.length === 1) return holders;
  return binary("!=", binary("&", holders, bitOf(frame, task)), ZERO);
}
