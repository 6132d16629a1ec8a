// Which fields keep a condition false now: as long as no call writes one of them, it stays false. Exact about fields,
// generous about everything else: what it leaves out need not be tried.

import { evaluator, type Locals } from "../model/evaluate.ts";
import type { Check, Expr, Stmt } from "../model/ir.ts";
import type { Machine, Refusal } from "../model/machine.ts";
import { kindAt } from "../model/machine.ts";
import type { Broken } from "../model/rules.ts";
import { kindOf, NONE } from "../model/values.ts";
import { flatten } from "./expressions.ts";
import { readsIn, readsOf } from "./footprint.ts";

/** The fields without whose change the refusal stays; empty when nothing can be done about it. */
export function reasonsOfRefusal(
  machine: Machine,
  refusal: Refusal,
  body: readonly Stmt[],
): ReadonlySet<number> {
  switch (refusal.by) {
    case "check": {
      const { check, locals } = refusal;
      if (check.do === "fail" || !isPlain(body, check)) return readsOf(machine.system, body);
      const fields = reasons(machine, check.condition, [...locals], body);
      // An earlier block that ends the call would do as well.
      for (const earlier of body.slice(0, body.indexOf(check)))
        if (earlier.do === "if")
          for (const field of readsIn(machine.system, earlier.condition)) fields.add(field);
      return fields;
    }
    case "exclusive": {
      const kind = kindAt(machine, kindOf(refusal.other));
      return new Set([kind.alive]);
    }
    case "handle": {
      if (refusal.dead || refusal.ref === NONE) return new Set();
      return new Set([kindAt(machine, kindOf(refusal.ref)).holders]);
    }
    default:
      return refusal satisfies never;
  }
}

export function reasonsOfBroken(machine: Machine, { check, locals, rule }: Broken): ReadonlySet<number> {
  return reasons(machine, check.condition, [...locals], rule.body);
}

/** The check stands in the body itself, and nothing in front of it changes the state. */
export function isPlain(body: readonly Stmt[], check: Check): boolean {
  const at = body.indexOf(check);
  const before = flatten(body.slice(0, at));
  return (
    at !== -1 &&
    before.every(
      (each) => each.do === "require" || each.do === "let" || each.do === "if" || each.do === "return",
    )
  );
}

function reasons(machine: Machine, condition: Expr, locals: Locals, body: readonly Stmt[]): Set<number> {
  const fields = new Set<number>();
  const lets = new Map(
    body.flatMap((statement) => (statement.do === "let" ? [[statement.slot, statement.value] as const] : [])),
  );
  const valueAt = (expr: Expr, at: Locals): number => evaluator(machine.system, expr)(machine, at);
  const all = (expr: Expr): void => {
    for (const field of readsIn(machine.system, expr)) fields.add(field);
    for (const local of localsIn(expr)) {
      const value = lets.get(local);
      lets.delete(local);
      if (value !== undefined) all(value);
    }
  };
  const walk = (expr: Expr, at: Locals): void => {
    switch (expr.op) {
      case "local": {
        const value = at === locals ? lets.get(expr.slot) : undefined;
        lets.delete(expr.slot);
        return value === undefined ? undefined : walk(value, at);
      }
      case "and":
      case "or": {
        const decides = expr.op === "and" ? 0 : 1;
        if (valueAt(expr.left, at) === decides) return walk(expr.left, at);
        if (valueAt(expr.right, at) === decides) return walk(expr.right, at);
        walk(expr.left, at);
        return walk(expr.right, at);
      }
      case "not":
        return walk(expr.of, at);
      case "compare":
        walk(expr.left, at);
        return walk(expr.right, at);
      case "field":
        for (const field of expr.fields) fields.add(field);
        return walk(expr.of, at);
      case "define": {
        const inner = machine.system.defines[expr.define]?.body ?? null;
        for (const arg of expr.args) walk(arg, at);
        if (inner === null) return;
        return walk(
          inner,
          expr.args.map((arg) => valueAt(arg, at)),
        );
      }
      case "if":
        walk(expr.condition, at);
        return walk(valueAt(expr.condition, at) === 1 ? expr.then : expr.otherwise, at);
      default:
        return all(expr);
    }
  };
  walk(condition, locals);
  return fields;
}

/** The locals that it uses. */
export function localsIn(expr: Expr): number[] {
  const found: number[] = [];
  const stack: unknown[] = [expr];
  while (stack.length > 0) {
    const part = stack.pop();
    if (typeof part !== "object" || part === null) continue;
    if ("op" in part && part.op === "local" && "slot" in part && typeof part.slot === "number")
      found.push(part.slot);
    stack.push(...Object.values(part));
  }
  return found;
}
