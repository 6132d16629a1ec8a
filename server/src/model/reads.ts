// Which fields can decide the value of an expression: found from its text alone, for all states.

import type { Expr, SetExpr, Stmt } from "./ir.ts";
import type { Define, Kind } from "./system.ts";

interface Known {
  readonly kinds: readonly Kind[];
  readonly defines: readonly Define[];
}

/** Every field that the statements of a rule can read, directly or through defines. */
export function fieldsRead(system: Known, body: readonly Stmt[]): ReadonlySet<number> {
  return collect(system, (visit) => {
    for (const statement of body) {
      if (statement.do === "require") visit(statement.condition);
      if (statement.do === "let") visit(statement.value);
    }
  }).fields;
}

/** The same for one expression; null when the caller matters too. */
export function fieldsOfExpression(system: Known, expr: Expr): readonly number[] | null {
  const { fields, caller } = collect(system, (visit) => visit(expr));
  return caller ? null : [...fields].sort((a, b) => a - b);
}

/** The value of an expression that is the same in all states, as far as its text says so plainly. */
function constantOf(system: Known, e: Expr): number | null {
  if (e.op === "const") return e.value;
  const body = e.op === "define" && e.args.length === 0 ? system.defines[e.define]?.body : null;
  return body == null ? null : constantOf(system, body);
}

function collect(
  system: Known,
  start: (visit: (expr: Expr) => void) => void,
): { fields: Set<number>; caller: boolean } {
  const found = new Set<number>();
  let caller = false;
  const seen = new Set<number>();

  const expr = (e: Expr): void => {
    switch (e.op) {
      case "const":
      case "local":
      case "kernel":
        return;
      case "caller":
        caller = true;
        return;
      case "field":
        for (const field of e.fields) found.add(field);
        return expr(e.of);
      case "not":
      case "range-part":
        return expr(e.of);
      case "live":
        for (const kind of system.kinds) found.add(kind.alive);
        return expr(e.of);
      case "referenced":
        for (const kind of system.kinds) found.add(kind.references);
        return expr(e.of);
      case "and":
      case "or":
      case "compare":
      case "arithmetic":
      case "overlaps":
      case "contains":
        expr(e.left);
        return expr(e.right);
      case "if": {
        const [then, otherwise] = [constantOf(system, e.then), constantOf(system, e.otherwise)];
        if (then !== null && then === otherwise) return;
        expr(e.condition);
        expr(e.then);
        return expr(e.otherwise);
      }
      case "in":
        expr(e.value);
        return set(e.set);
      case "is":
        return expr(e.value);
      case "all":
      case "any":
      case "count":
      case "first":
      case "sum":
        set(e.set);
        if (e.where !== null) expr(e.where);
        if (e.body !== null) expr(e.body);
        return;
      case "range":
        expr(e.start);
        return expr(e.size);
      case "holds":
        for (const kind of system.kinds) found.add(kind.holders);
        expr(e.task);
        return expr(e.file);
      case "set":
        return e.elements.forEach(expr);
      case "define": {
        e.args.forEach(expr);
        if (seen.has(e.define)) return;
        seen.add(e.define);
        const inner = system.defines[e.define]?.body;
        if (inner !== undefined && inner !== null) expr(inner);
        return;
      }
      default:
        e satisfies never;
    }
  };

  const set = (s: SetExpr): void => {
    switch (s.set) {
      case "kinds":
        for (const kind of s.kinds) found.add(system.kinds[kind]?.alive ?? -1);
        return;
      case "having":
        found.add(s.field);
        return expr(s.of);
      case "listed":
        return s.elements.forEach(expr);
      case "value":
        return expr(s.of);
      default:
        s satisfies never;
    }
  };

  start(expr);
  return { fields: found, caller };
}
