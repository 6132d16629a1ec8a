// Which kinds of things have to be there for the checks of a call to pass, as far as their text says so: `any` of them,
// or a `first` that is not none. What only must not be there is nothing that a space needs.

import type { Expr, SetExpr, Stmt } from "../model/ir.ts";
import type { System } from "../model/system.ts";
import { NONE } from "../model/values.ts";
import { flatten } from "./expressions.ts";

/** Of each list one kind is enough. */
export function kindsWanted(system: System, body: readonly Stmt[]): readonly (readonly number[])[] {
  const found: (readonly number[])[] = [];
  const all = flatten(body);
  const lets = new Map(all.flatMap((each) => (each.do === "let" ? [[each.slot, each.value] as const] : [])));
  const none = new Map<number, Expr>();

  /** What has to be there for a condition to be `truth`. */
  const condition = (expr: Expr, truth: boolean, known: ReadonlyMap<number, Expr>): void => {
    switch (expr.op) {
      case "and":
      case "or": {
        const start = found.length;
        condition(expr.left, truth, known);
        const middle = found.length;
        // Where one of the two is enough, and one wants nothing, nothing is wanted.
        const isEither = (expr.op === "or") === truth;
        if (isEither && middle === start) return;
        condition(expr.right, truth, known);
        if (isEither && found.length === middle) found.length = start;
        return;
      }
      case "not":
        return condition(expr.of, !truth, known);
      case "any":
      case "all":
        if ((expr.op === "any") === truth) members(expr.set, known);
        if (expr.body !== null) condition(expr.body, truth, known);
        return;
      case "compare": {
        const isEqual = expr.with === "==" || expr.with === "!=";
        const [left, right] = [expr.left, expr.right];
        if (!isEqual) return truth && expr.with.startsWith(">") ? value(left, known) : undefined;
        const same = (expr.with === "==") === truth;
        if (isNone(left) || isNone(right)) {
          if (!same) value(isNone(left) ? right : left, known);
          return;
        }
        if (!same) return;
        value(left, known);
        return value(right, known);
      }
      case "is":
        return truth ? value(expr.value, known) : undefined;
      case "if":
        condition(expr.then, truth, known);
        return condition(expr.otherwise, truth, known);
      case "local": {
        const given = known.get(expr.slot);
        return given === undefined ? undefined : condition(given, truth, known);
      }
      case "define": {
        const inner = system.defines[expr.define]?.body ?? null;
        return inner === null ? undefined : condition(inner, truth, none);
      }
      default:
        return;
    }
  };

  /** What has to be there for a value not to be none. */
  const value = (expr: Expr, known: ReadonlyMap<number, Expr>): void => {
    switch (expr.op) {
      case "first":
      case "count":
      case "sum":
        members(expr.set, known);
        return expr.where === null ? undefined : condition(expr.where, true, known);
      case "field":
        return value(expr.of, known);
      case "if":
        value(expr.then, known);
        return value(expr.otherwise, known);
      case "local": {
        const given = known.get(expr.slot);
        return given === undefined ? undefined : value(given, known);
      }
      case "define": {
        const inner = system.defines[expr.define]?.body ?? null;
        return inner === null ? undefined : value(inner, none);
      }
      default:
        return;
    }
  };

  const members = (set: SetExpr, known: ReadonlyMap<number, Expr>): void => {
    if (set.set === "kinds") found.push(set.kinds);
    if (set.set === "having") value(set.of, known);
  };

  for (const each of all)
    if (each.do === "require" && each.hazard === null && !each.maybe) condition(each.condition, true, lets);
  return found;
}

const isNone = (expr: Expr): boolean => expr.op === "const" && expr.value === NONE;
