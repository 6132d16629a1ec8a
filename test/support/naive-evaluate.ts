// Expressions the slow way: one recursive function over the compiled form, nothing remembered. The second witness for
// server/src/model/evaluate.ts, written from the meaning of the language.

import type { Expr, SetExpr } from "../../server/src/model/ir.ts";
import type { Machine } from "../../server/src/model/machine.ts";
import type { Rule } from "../../server/src/model/system.ts";

const KIND = 2 ** 20;
const NONE = -1;

const placed = (locals: readonly number[], slot: number, value: number): readonly number[] => {
  const copy = [...locals];
  copy[slot] = value;
  return copy;
};

export function naively(machine: Machine, expr: Expr, locals: readonly number[]): number {
  const { system, cells } = machine;
  const of = (inner: Expr, at: readonly number[] = locals): number => naively(machine, inner, at);
  const truth = (yes: boolean): number => (yes ? 1 : 0);
  const cell = (field: number, ref: number): number | undefined => cells[field]?.[ref % KIND];
  const kindAt = (ref: number) => system.kinds[Math.floor(ref / KIND)];
  switch (expr.op) {
    case "const":
      return expr.value;
    case "local":
      return locals[expr.slot] ?? NONE;
    case "caller":
      return machine.caller;
    case "kernel":
      return machine.topology.kernel;
    case "field": {
      const ref = of(expr.of);
      const field = expr.fields.find((id) => ref >= 0 && system.fields[id]?.kind === kindAt(ref)?.id);
      return field === undefined ? expr.missing : (cell(field, ref) ?? expr.missing);
    }
    case "not":
      return truth(of(expr.of) !== 1);
    case "and":
      return truth(of(expr.left) === 1 && of(expr.right) === 1);
    case "or":
      return truth(of(expr.left) === 1 || of(expr.right) === 1);
    case "compare": {
      const [a, b] = [of(expr.left), of(expr.right)];
      const orders = { "==": a === b, "!=": a !== b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b };
      return truth(orders[expr.with]);
    }
    case "arithmetic": {
      const [a, b] = [of(expr.left), of(expr.right)];
      switch (expr.with) {
        case "+":
          return a + b;
        case "-":
          return a - b;
        case "*":
          return a * b;
        case "/":
          return b === 0 ? 0 : Math.floor(a / b);
        case "%":
          return b === 0 ? 0 : a - b * Math.floor(a / b);
        case "|":
          return Number(BigInt(a) | BigInt(b));
        default:
          return Number(BigInt(a) & BigInt(b));
      }
    }
    case "if":
      return of(expr.condition) === 1 ? of(expr.then) : of(expr.otherwise);
    case "in":
      return truth(members(machine, expr.set, locals).includes(of(expr.value)));
    case "is": {
      const ref = of(expr.value);
      return truth(ref >= 0 && expr.kinds.includes(Math.floor(ref / KIND)));
    }
    case "all":
    case "any":
    case "count":
    case "first":
    case "sum": {
      const { slot, where, body } = expr;
      const chosen = members(machine, expr.set, locals)
        .map((member) => ({ member, at: placed(locals, slot, member) }))
        .filter(({ at }) => where === null || of(where, at) === 1);
      const values = chosen.map(({ at }) => (body === null ? 1 : of(body, at)));
      if (expr.op === "first") return chosen[0]?.member ?? NONE;
      if (expr.op === "count") return chosen.length;
      if (expr.op === "sum") return values.reduce((total, value) => total + value, 0);
      return truth(expr.op === "all" ? values.every((value) => value === 1) : values.includes(1));
    }
    case "range":
      return system.values.range(of(expr.start), of(expr.size));
    case "range-part": {
      const value = of(expr.of);
      if (value === NONE) return NONE;
      const { start, size } = system.values.rangeOf(value);
      return { start, size, end: start + size }[expr.part];
    }
    case "overlaps":
    case "contains": {
      const [left, right] = [of(expr.left), of(expr.right)];
      if (left === NONE || right === NONE) return 0;
      const [a, b] = [system.values.rangeOf(left), system.values.rangeOf(right)];
      const [endA, endB] = [a.start + a.size, b.start + b.size];
      return truth(
        expr.op === "overlaps" ? a.start < endB && b.start < endA : a.start <= b.start && endB <= endA,
      );
    }
    case "live": {
      const ref = of(expr.of);
      const alive = ref < 0 ? undefined : kindAt(ref)?.alive;
      return truth(alive !== undefined && cell(alive, ref) === 1);
    }
    case "referenced": {
      const ref = of(expr.of);
      return truth(ref >= 0 && referencesTo(machine, ref) > 0);
    }
    case "holds": {
      const [task, file] = [of(expr.task), of(expr.file)];
      const holders = file < 0 ? undefined : kindAt(file)?.holders;
      if (task < 0 || holders === undefined) return 0;
      return Math.floor((cell(holders, file) ?? 0) / 2 ** (task % KIND)) % 2;
    }
    case "set":
      return system.values.set(expr.elements.map((element) => of(element)));
    case "define": {
      const define = system.defines[expr.define];
      const body = define?.body;
      return body === undefined || body === null
        ? NONE
        : naively(
            machine,
            body,
            expr.args.map((arg) => of(arg)),
          );
    }
    default:
      return expr satisfies never;
  }
}

function members(machine: Machine, set: SetExpr, locals: readonly number[]): readonly number[] {
  const { system, cells } = machine;
  const live = (kind: number): number[] =>
    (cells[system.kinds[kind]?.alive ?? -1] ?? []).flatMap((alive, i) =>
      alive === 1 ? [kind * KIND + i] : [],
    );
  switch (set.set) {
    case "kinds":
      return set.kinds.flatMap(live);
    case "having": {
      const owner = naively(machine, set.of, locals);
      const kind = system.fields[set.field]?.kind ?? -1;
      return owner === NONE ? [] : live(kind).filter((ref) => cells[set.field]?.[ref % KIND] === owner);
    }
    case "listed":
      return set.elements.map((element) => naively(machine, element, locals));
    case "value": {
      const value = naively(machine, set.of, locals);
      return value === NONE ? [] : system.values.setOf(value);
    }
    default:
      return set satisfies never;
  }
}

/** How many fields of live files and objects refer to `ref` and are not weak: counted, not kept. */
export function referencesTo({ system, cells }: Machine, ref: number): number {
  let count = 0;
  for (const { id, strong, kind } of system.fields) {
    if (!strong) continue;
    const alive = cells[system.kinds[kind]?.alive ?? -1] ?? [];
    cells[id]?.forEach((value, index) => {
      if (value === ref && alive[index] === 1) count++;
    });
  }
  return count;
}

/** The bindings for which a rule is broken, as `1,2`. */
export function brokenNaively(machine: Machine, rule: Rule): string[] {
  const broken: string[] = [];
  const bind = (locals: readonly number[]): void => {
    const kinds = rule.params[locals.length]?.kinds;
    if (kinds === undefined) {
      if (!holds(machine, rule, locals)) broken.push(locals.join());
      return;
    }
    for (const ref of members(machine, { set: "kinds", kinds }, [])) bind([...locals, ref]);
  };
  bind([]);
  return broken;
}

function holds(machine: Machine, rule: Rule, bindings: readonly number[]): boolean {
  const { kernel } = machine.topology;
  let locals = bindings;
  for (const statement of rule.body) {
    if (statement.do === "let")
      locals = placed(locals, statement.slot, naively(machine, statement.value, locals));
    if (
      statement.do !== "require" ||
      statement.maybe ||
      kernel < statement.since ||
      kernel >= statement.until
    )
      continue;
    if (naively(machine, statement.condition, locals) !== 1) return false;
  }
  return true;
}
