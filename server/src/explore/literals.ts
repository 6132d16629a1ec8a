// Which plain values are worth trying for a parameter: those that the proposal compares it with, be it as a constant
// or as a field that has a value now.

import type { Expr, SetExpr, Stmt } from "../model/ir.ts";
import { perOperation } from "../model/same-code.ts";
import { childrenOf, expressionsOf, flatten } from "./expressions.ts";

/** For one parameter. */
export interface Compared {
  /** Constants that it is, or is not, to be. */
  readonly equal: ReadonlySet<number>;
  /** Constants that it is to be more or less than, or a multiple of. */
  readonly bounds: ReadonlySet<number>;
  /** Fields that it is compared with, or becomes the value of. */
  readonly fields: ReadonlySet<number>;
  /** Only those that it is to be, or not to be, the same as. */
  readonly matched: ReadonlySet<number>;
}

type Note = (param: number | undefined, other: Expr, how: "equal" | "bounds" | "kept") => void;

/** Defines inside defines are looked into so far. */
const DEEPEST = 4;

/** By parameter. */
export const comparedWith = perOperation((system, operation): readonly Compared[] => {
  const found = operation.params.map(() => ({
    equal: new Set<number>(),
    bounds: new Set<number>(),
    fields: new Set<number>(),
    matched: new Set<number>(),
  }));
  const note: Note = (param, other, how) => {
    const into = param === undefined ? undefined : found[param];
    if (into === undefined) return;
    if (other.op === "const" && how !== "kept") into[how].add(other.value);
    if (other.op === "field") {
      for (const field of other.fields) into.fields.add(field);
      if (how === "equal") for (const field of other.fields) into.matched.add(field);
    }
    if (other.op === "range-part" || other.op === "if" || other.op === "arithmetic")
      for (const inner of childrenOf(other)) note(param, inner, how);
  };
  const visit = (expr: Expr, params: ReadonlyMap<number, number>, depth: number): void => {
    const paramOf = (side: Expr): number | undefined =>
      side.op === "local" ? params.get(side.slot) : undefined;
    if (expr.op === "compare" || (expr.op === "arithmetic" && (expr.with === "%" || expr.with === "&"))) {
      const how = expr.with === "==" || expr.with === "!=" ? "equal" : "bounds";
      note(paramOf(expr.left), expr.right, how);
      note(paramOf(expr.right), expr.left, how);
    }
    if (expr.op === "in")
      for (const element of elementsOf(expr.set)) note(paramOf(expr.value), element, "equal");
    for (const child of childrenOf(expr)) visit(child, params, depth);
    const inner = expr.op === "define" ? system.defines[expr.define]?.body : undefined;
    if (expr.op !== "define" || inner === undefined || inner === null || depth === 0) return;
    const passed = expr.args.flatMap((arg, slot) => {
      const param = paramOf(arg);
      return param === undefined ? [] : [[slot, param] as const];
    });
    if (passed.length > 0) visit(inner, new Map(passed), depth - 1);
  };
  const own = new Map(operation.params.map((_, slot) => [slot, slot]));
  for (const statement of flatten(operation.body))
    for (const expr of expressionsOf(statement)) visit(expr, own, DEEPEST);
  for (const statement of flatten(operation.body)) noteAssigned(statement, own, note);
  return found;
});

/** What a parameter becomes the value of: other values of that field are of its sort. */
function noteAssigned(statement: Stmt, params: ReadonlyMap<number, number>, note: Note): void {
  const field = (id: number): Expr => ({ op: "field", fields: [id], of: { op: "caller" }, missing: 0 });
  const paramOf = (expr: Expr): number | undefined =>
    expr.op === "local" ? params.get(expr.slot) : undefined;
  if (statement.do === "assign")
    for (const id of statement.fields) note(paramOf(statement.value), field(id), "kept");
  if (statement.do === "new")
    for (const init of statement.fields) note(paramOf(init.value), field(init.field), "kept");
}

const elementsOf = (set: SetExpr): readonly Expr[] =>
  set.set === "listed"
    ? set.elements
    : set.set === "value" && set.of.op === "set"
      ? set.of.elements
      : set.set === "value"
        ? [set.of]
        : [];
