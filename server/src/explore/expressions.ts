// Walks over the compiled form of calls: which expressions a statement holds, and what is inside an expression.

import type { Expr, SetExpr, Stmt } from "../model/ir.ts";

/** The expressions and sets directly inside an expression. */
export function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.op) {
    case "const":
    case "local":
    case "caller":
    case "kernel":
      return [];
    case "field":
    case "not":
    case "range-part":
    case "is":
      return expr.op === "is" ? [expr.value] : [expr.of];
    case "referenced":
    case "live":
      return [expr.of];
    case "and":
    case "or":
    case "compare":
    case "arithmetic":
    case "overlaps":
    case "contains":
      return [expr.left, expr.right];
    case "if":
      return [expr.condition, expr.then, expr.otherwise];
    case "in":
      return [expr.value, ...inSet(expr.set)];
    case "all":
    case "any":
    case "count":
    case "first":
    case "sum":
      return [...inSet(expr.set), ...present(expr.where), ...present(expr.body)];
    case "range":
      return [expr.start, expr.size];
    case "holds":
      return [expr.task, expr.file];
    case "set":
      return expr.elements;
    case "define":
      return expr.args;
    default:
      return expr satisfies never;
  }
}

const present = (expr: Expr | null): readonly Expr[] => (expr === null ? [] : [expr]);

function inSet(set: SetExpr): readonly Expr[] {
  switch (set.set) {
    case "kinds":
      return [];
    case "having":
    case "value":
      return [set.of];
    case "listed":
      return set.elements;
    default:
      return set satisfies never;
  }
}

/** The expressions directly inside a statement, without those of the statements inside it. */
export function expressionsOf(statement: Stmt): readonly Expr[] {
  switch (statement.do) {
    case "require":
      return [statement.condition];
    case "let":
      return [statement.value];
    case "assign":
      return [statement.of, statement.value];
    case "new":
      return [...statement.fields.map(({ value }) => value), ...present(statement.owner)];
    case "destroy":
    case "close":
      return [statement.of];
    case "give":
      return [statement.of, statement.to];
    case "for":
      return [...inSet(statement.set), ...present(statement.where)];
    case "if":
      return [statement.condition];
    case "return":
      return present(statement.value);
    case "fail":
      return [];
    default:
      return statement satisfies never;
  }
}

/** All statements of a body, those inside `if` and `for` included. */
export function flatten(body: readonly Stmt[]): Stmt[] {
  return body.flatMap((statement) => {
    if (statement.do === "for") return [statement, ...flatten(statement.body)];
    if (statement.do === "if")
      return [statement, ...flatten(statement.then), ...flatten(statement.otherwise)];
    return [statement];
  });
}
