// Values of a program, made as small as they can be made on sight.

import { arithmetic } from "../../model/evaluate.ts";
import type { Binary, Value } from "../program.ts";

export const num = (value: number): Value => ({ v: "const", value });
export const ZERO = num(0);
export const ONE = num(1);

export const local = (index: number): Value => ({ v: "local", local: index });
export const cell = (at: Value): Value => ({ v: "cell", at });
export const entry = (table: number, at: Value): Value => ({ v: "table", table, at });
export const tee = (index: number, value: Value): Value => ({ v: "tee", local: index, value });

/** The same each time at no cost: a constant or a local. */
export const isSimple = ({ v }: Value): boolean => v === "const" || v === "local";

export const isNumber = (value: Value, wanted: number): boolean =>
  value.v === "const" && value.value === wanted;

const opposite: Partial<Record<Binary, Binary>> = {
  "==": "!=",
  "!=": "==",
  "<": ">=",
  ">=": "<",
  ">": "<=",
  "<=": ">",
};

export function plus(left: Value, right: number): Value {
  if (right === 0) return left;
  if (left.v === "const") return num(left.value + right);
  if (left.v === "binary" && left.op === "+" && left.right.v === "const")
    return plus(left.left, left.right.value + right);
  return { v: "binary", op: "+", left, right: num(right) };
}

export function binary(op: Binary, left: Value, right: Value): Value {
  if (left.v === "const" && right.v === "const") return num(compute(op, left.value, right.value));
  if (op === "+" && right.v === "const") return plus(left, right.value);
  if (op === "+" && left.v === "const") return plus(right, left.value);
  return { v: "binary", op, left, right };
}

function compute(op: Binary, a: number, b: number): number {
  switch (op) {
    case "==":
      return Number(a === b);
    case "!=":
      return Number(a !== b);
    case "<":
      return Number(a < b);
    case "<=":
      return Number(a <= b);
    case ">":
      return Number(a > b);
    case ">=":
      return Number(a >= b);
    case "<<":
      return a * 2 ** b;
    case ">>":
      return Math.floor(a / 2 ** b);
    default:
      return arithmetic(op, a, b);
  }
}

export const equal = (left: Value, right: Value): Value => binary("==", left, right);
export const isThere = (value: Value): Value => binary(">=", value, ZERO);

/** Of a value that is 0 or 1. */
export function not(of: Value): Value {
  if (of.v === "const") return of.value === 0 ? ONE : ZERO;
  if (of.v === "not") return of.of;
  const inverse = of.v === "binary" ? opposite[of.op] : undefined;
  if (of.v === "binary" && inverse !== undefined) return { ...of, op: inverse };
  return { v: "not", of };
}

export function and(left: Value, right: Value): Value {
  if (left.v === "const") return left.value === 0 ? ZERO : right;
  if (right.v === "const") return right.value === 0 ? ZERO : left;
  return { v: "and", left, right };
}

export function or(left: Value, right: Value): Value {
  if (left.v === "const") return left.value === 0 ? right : ONE;
  if (right.v === "const") return right.value === 0 ? left : ONE;
  return { v: "or", left, right };
}

export function choose(condition: Value, then: Value, otherwise: Value): Value {
  if (condition.v === "const") return condition.value === 0 ? otherwise : then;
  if (then.v === "const" && otherwise.v === "const") {
    if (then.value === otherwise.value) return then;
    if (then.value === 1 && otherwise.value === 0) return condition;
    if (then.value === 0 && otherwise.value === 1) return not(condition);
  }
  return { v: "if", condition, then, otherwise };
}

/** Is it one of `count` numbers from `base` on? The value is computed more than once. */
export const within = (value: Value, base: number, count: number): Value =>
  count === 1
    ? equal(value, num(base))
    : and(binary(">=", value, num(base)), binary("<", value, num(base + count)));
