// Why is a condition false (or true)? The cells that decide it, found by walking the expression once more.

import { evaluator, type Locals, membersOf } from "./evaluate.ts";
import type { Expr, Stmt } from "./ir.ts";
import type { Machine } from "./machine.ts";
import { kindAt } from "./machine.ts";
import { indexOf, kindOf } from "./values.ts";

/** A cell that mattered, with the value it has. An index of ABSENT: there was no thing of the field's kind to look at. */
export interface Read {
  readonly field: number;
  readonly index: number;
  readonly value: number;
}

export const ABSENT = -1;

/** Bounded: an explanation of more cells helps nobody. */
const MOST_READS = 12;

/** The cells that make `condition` what it is, most telling first; `body` holds the lets that it may use. */
export function blame(machine: Machine, condition: Expr, locals: Locals, body: readonly Stmt[] = []): Read[] {
  const reads: Read[] = [];
  const lets = new Map(
    body.flatMap((statement) => (statement.do === "let" ? [[statement.slot, statement.value] as const] : [])),
  );
  const seen = new Set<string>();
  const note = (field: number, index: number, value: number): void => {
    const key = `${field}.${index}`;
    if (reads.length >= MOST_READS || seen.has(key)) return;
    seen.add(key);
    reads.push({ field, index, value });
  };
  const valueAt = (expr: Expr, at: Locals): number => evaluator(machine.system, expr)(machine, at);

  /** All that `expr` reads on the way to its value. */
  const walk = (expr: Expr, at: Locals): void => {
    if (reads.length >= MOST_READS) return;
    switch (expr.op) {
      case "const":
      case "caller":
      case "kernel":
        return;
      case "local": {
        const value = at === locals ? lets.get(expr.slot) : undefined;
        lets.delete(expr.slot);
        return value === undefined ? undefined : walk(value, at);
      }
      case "field": {
        const ref = valueAt(expr.of, at);
        const field = expr.fields.find((id) => ref >= 0 && machine.system.fields[id]?.kind === kindOf(ref));
        if (field !== undefined) note(field, indexOf(ref), valueAt(expr, at));
        return walk(expr.of, at);
      }
      case "and":
      case "or": {
        const decides = expr.op === "and" ? 0 : 1;
        const [left, right] = [valueAt(expr.left, at), valueAt(expr.right, at)];
        if (left === decides) return walk(expr.left, at);
        if (right === decides) return walk(expr.right, at);
        walk(expr.left, at);
        return walk(expr.right, at);
      }
      case "not":
      case "range-part":
        return walk(expr.of, at);
      case "compare":
      case "arithmetic":
      case "overlaps":
      case "contains":
        walk(expr.left, at);
        return walk(expr.right, at);
      case "if":
        walk(valueAt(expr.condition, at) === 1 ? expr.then : expr.otherwise, at);
        return walk(expr.condition, at);
      case "in":
        walk(expr.value, at);
        if (expr.set.set === "listed") for (const element of expr.set.elements) walk(element, at);
        if (expr.set.set === "value") walk(expr.set.of, at);
        return;
      case "is":
        return walk(expr.value, at);
      case "live":
        return walk(expr.of, at);
      case "referenced": {
        const ref = valueAt(expr.of, at);
        if (ref >= 0) noteReferrers(ref);
        return walk(expr.of, at);
      }
      case "all":
      case "any":
      case "count":
      case "first":
      case "sum":
        return walkMembers(expr, at);
      case "range":
        walk(expr.start, at);
        return walk(expr.size, at);
      case "holds": {
        const file = valueAt(expr.file, at);
        if (file >= 0) {
          const { holders } = kindAt(machine, kindOf(file));
          note(holders, indexOf(file), machine.cells[holders]?.[indexOf(file)] ?? 0);
        }
        return walk(expr.file, at);
      }
      case "set":
        for (const element of expr.elements) walk(element, at);
        return;
      case "define": {
        const body = machine.system.defines[expr.define]?.body;
        if (body !== undefined && body !== null) {
          walk(
            body,
            expr.args.map((arg) => valueAt(arg, at)),
          );
        }
        for (const arg of expr.args) walk(arg, at);
        return;
      }
      default:
        expr satisfies never;
    }
  };

  /** The deciding member alone where there is one, else every chosen member. */
  const walkMembers = (expr: Extract<Expr, { slot: number }>, at: Locals): void => {
    if (!("set" in expr)) return;
    const outcome = valueAt(expr, at);
    const members = membersOf(machine, expr.set, at);
    const decided =
      (expr.op === "any" && outcome === 1) || (expr.op === "all" && outcome === 0) || expr.op === "first";
    for (const member of members) {
      const inner = [...at];
      inner[expr.slot] = member;
      const chosen = expr.where === null || valueAt(expr.where, inner) === 1;
      if (!chosen) continue;
      if (expr.op === "all" && outcome === 0 && expr.body !== null && valueAt(expr.body, inner) === 1)
        continue;
      if (expr.op === "any" && outcome === 1 && expr.body !== null && valueAt(expr.body, inner) === 0)
        continue;
      noteBirth(member);
      if (expr.body !== null) walk(expr.body, inner);
      if (expr.where !== null) walk(expr.where, inner);
      if (decided) return;
    }
    if (expr.set.set === "having") walk(expr.set.of, at);
    if (expr.set.set === "value") walk(expr.set.of, at);
    // Nothing was chosen: a thing is missing, or what kept the first few out.
    if (outcome <= 0 && expr.op !== "all") {
      if (expr.set.set === "kinds") {
        for (const kind of expr.set.kinds) {
          if (machine.system.kinds[kind]?.sort !== "hardware") note(kindAt(machine, kind).alive, ABSENT, 0);
        }
      }
      for (const member of members.slice(0, 3)) {
        const inner = [...at];
        inner[expr.slot] = member;
        if (expr.where !== null) walk(expr.where, inner);
      }
    }
  };

  const noteBirth = (ref: number): void => {
    const kind = ref < 0 ? undefined : machine.system.kinds[kindOf(ref)];
    if (kind !== undefined && kind.sort !== "hardware") note(kind.alive, indexOf(ref), 1);
  };

  const noteReferrers = (ref: number): void => {
    for (const field of machine.system.fields) {
      if (!field.strong) continue;
      machine.cells[field.id]?.forEach((value, index) => {
        if (value === ref) note(field.id, index, value);
      });
    }
  };

  walk(condition, locals);
  return reads;
}
