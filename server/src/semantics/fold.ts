// Constant expressions -> values.

import { arithmetic } from "../model/evaluate.ts";
import type { Expr } from "../model/ir.ts";
import type { Values } from "../model/values.ts";

/** The value of an expression that depends on no state, or null. */
export function fold(values: Values, expr: Expr): number | null {
  switch (expr.op) {
    case "const":
      return expr.value;
    case "arithmetic": {
      const [left, right] = [fold(values, expr.left), fold(values, expr.right)];
      return left === null || right === null ? null : arithmetic(expr.with, left, right);
    }
    case "range": {
      const [start, size] = [fold(values, expr.start), fold(values, expr.size)];
      return start === null || size === null ? null : values.range(start, size);
    }
    case "set": {
      const elements = expr.elements.map((element) => fold(values, element));
      return elements.includes(null)
        ? null
        : values.set(
            elements.map((element) => element ?? 0),
            expr.of,
          );
    }
    default:
      return null;
  }
}
