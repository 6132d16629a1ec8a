// Expressions as closures: each Expr is turned once per System into a function of machine and locals.

import type { Expr, SetExpr } from "./ir.ts";
import type { Machine } from "./machine.ts";
import { column } from "./machine.ts";
import type { System } from "./system.ts";
import { indexOf, KIND, kindOf, NONE, reference } from "./values.ts";

export type Locals = number[];
export type Evaluate = (machine: Machine, locals: Locals) => number;
/** Calls `visit` for each member until it returns true; says whether it did. */
type Visit = (machine: Machine, locals: Locals, visit: (member: number) => boolean) => boolean;

const cache = new WeakMap<System, WeakMap<object, Evaluate | Visit>>();

function memo<T extends Evaluate | Visit>(system: System, key: object, make: () => T): T {
  let known = cache.get(system);
  if (known === undefined) {
    known = new WeakMap();
    cache.set(system, known);
  }
  let made = known.get(key) as T | undefined;
  if (made === undefined) {
    made = make();
    known.set(key, made);
  }
  return made;
}

export function evaluator(system: System, expr: Expr): Evaluate {
  return memo(system, expr, () => link(system, expr));
}

/** The members of a set now, as a copy: for loops that change what they walk over. */
export function membersOf(machine: Machine, set: SetExpr, locals: Locals): number[] {
  const members: number[] = [];
  visitor(machine.system, set)(machine, locals, (member) => {
    members.push(member);
    return false;
  });
  return members;
}

function link(system: System, expr: Expr): Evaluate {
  const of = (inner: Expr): Evaluate => evaluator(system, inner);
  switch (expr.op) {
    case "const": {
      const { value } = expr;
      return () => value;
    }
    case "local": {
      const { slot } = expr;
      return (_, locals) => locals[slot] ?? NONE;
    }
    case "caller":
      return (machine) => machine.caller;
    case "kernel":
      return (machine) => machine.topology.kernel;
    case "field":
      return linkField(system, expr);
    case "not": {
      const inner = of(expr.of);
      return (machine, locals) => (inner(machine, locals) === 0 ? 1 : 0);
    }
    case "and": {
      const [left, right] = [of(expr.left), of(expr.right)];
      return (machine, locals) => (left(machine, locals) === 1 && right(machine, locals) === 1 ? 1 : 0);
    }
    case "or": {
      const [left, right] = [of(expr.left), of(expr.right)];
      return (machine, locals) => (left(machine, locals) === 1 || right(machine, locals) === 1 ? 1 : 0);
    }
    case "compare":
      return linkComparison(expr.with, of(expr.left), of(expr.right));
    case "arithmetic":
      return linkArithmetic(expr.with, of(expr.left), of(expr.right));
    case "if": {
      const [condition, then, otherwise] = [of(expr.condition), of(expr.then), of(expr.otherwise)];
      return (machine, locals) => (condition(machine, locals) === 1 ? then : otherwise)(machine, locals);
    }
    case "in": {
      const [value, visit] = [of(expr.value), visitor(system, expr.set)];
      return (machine, locals) => {
        const wanted = value(machine, locals);
        return visit(machine, locals, (member) => member === wanted) ? 1 : 0;
      };
    }
    case "is": {
      const [value, kinds] = [of(expr.value), new Set(expr.kinds)];
      return (machine, locals) => {
        const ref = value(machine, locals);
        return ref >= 0 && kinds.has(kindOf(ref)) ? 1 : 0;
      };
    }
    case "all":
    case "any":
    case "count":
    case "first":
      return linkQuantifier(system, expr);
    case "range": {
      const [start, size] = [of(expr.start), of(expr.size)];
      return (machine, locals) => system.values.range(start(machine, locals), size(machine, locals));
    }
    case "range-part": {
      const [inner, { part }] = [of(expr.of), expr];
      return (machine, locals) => {
        const value = inner(machine, locals);
        if (value === NONE) return NONE;
        const { start, size } = system.values.rangeOf(value);
        return part === "start" ? start : part === "size" ? size : start + size;
      };
    }
    case "overlaps":
    case "contains": {
      const [left, right, overlaps] = [of(expr.left), of(expr.right), expr.op === "overlaps"];
      return (machine, locals) => {
        const [one, two] = [left(machine, locals), right(machine, locals)];
        if (one === NONE || two === NONE) return 0;
        const [a, b] = [system.values.rangeOf(one), system.values.rangeOf(two)];
        const yes = overlaps
          ? a.start < b.start + b.size && b.start < a.start + a.size
          : a.start <= b.start && b.start + b.size <= a.start + a.size;
        return yes ? 1 : 0;
      };
    }
    case "referenced": {
      const inner = of(expr.of);
      return (machine, locals) => {
        const ref = inner(machine, locals);
        const kind = ref < 0 ? undefined : system.kinds[kindOf(ref)];
        return kind !== undefined && (column(machine, kind.references)[indexOf(ref)] ?? 0) > 0 ? 1 : 0;
      };
    }
    case "holds": {
      const [task, file] = [of(expr.task), of(expr.file)];
      return (machine, locals) => {
        const [who, what] = [task(machine, locals), file(machine, locals)];
        return who >= 0 && what >= 0 && holds(machine, who, what) ? 1 : 0;
      };
    }
    case "set": {
      const elements = expr.elements.map(of);
      return (machine, locals) => system.values.set(elements.map((element) => element(machine, locals)));
    }
    case "define": {
      const args = expr.args.map(of);
      const body = system.defines[expr.define]?.body;
      if (body === undefined || body === null) return () => NONE;
      let linked: Evaluate | null = null;
      return (machine, locals) => {
        linked ??= of(body);
        const inner: Locals = [];
        for (const arg of args) inner.push(arg(machine, locals));
        return linked(machine, inner);
      };
    }
    default:
      return expr satisfies never;
  }
}

/** Does task `who` have an open handle on file `what`? */
export function holds(machine: Machine, who: number, what: number): boolean {
  const kind = machine.system.kinds[kindOf(what)];
  if (kind === undefined) return false;
  const bits = column(machine, kind.holders)[indexOf(what)] ?? 0;
  return ((bits >> indexOf(who)) & 1) === 1;
}

function linkField(system: System, expr: Extract<Expr, { op: "field" }>): Evaluate {
  const of = evaluator(system, expr.of);
  const { missing } = expr;
  const [only, ...more] = expr.fields;
  if (only !== undefined && more.length === 0) {
    const kind = system.fields[only]?.kind ?? -1;
    const base = kind * KIND;
    return (machine, locals) => {
      const ref = of(machine, locals);
      return ref >= base && ref < base + KIND ? (machine.cells[only]?.[ref - base] ?? missing) : missing;
    };
  }
  const byKind = new Map(expr.fields.map((field) => [system.fields[field]?.kind ?? -1, field]));
  return (machine, locals) => {
    const ref = of(machine, locals);
    const field = ref < 0 ? undefined : byKind.get(kindOf(ref));
    return field === undefined ? missing : (machine.cells[field]?.[indexOf(ref)] ?? missing);
  };
}

function linkComparison(op: string, left: Evaluate, right: Evaluate): Evaluate {
  switch (op) {
    case "==":
      return (machine, locals) => (left(machine, locals) === right(machine, locals) ? 1 : 0);
    case "!=":
      return (machine, locals) => (left(machine, locals) !== right(machine, locals) ? 1 : 0);
    case "<":
      return (machine, locals) => (left(machine, locals) < right(machine, locals) ? 1 : 0);
    case "<=":
      return (machine, locals) => (left(machine, locals) <= right(machine, locals) ? 1 : 0);
    case ">":
      return (machine, locals) => (left(machine, locals) > right(machine, locals) ? 1 : 0);
    default:
      return (machine, locals) => (left(machine, locals) >= right(machine, locals) ? 1 : 0);
  }
}

/** `|` and `&` bit by bit on non-negative integers below 2^53; division rounds down, by zero it gives 0. */
export function arithmetic(op: string, a: number, b: number): number {
  switch (op) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return b === 0 ? 0 : Math.floor(a / b);
    case "%":
      return b === 0 ? 0 : a - Math.floor(a / b) * b;
    default: {
      const [one, two] = [BigInt(Math.trunc(a)), BigInt(Math.trunc(b))];
      return Number(op === "|" ? one | two : one & two);
    }
  }
}

function linkArithmetic(op: string, left: Evaluate, right: Evaluate): Evaluate {
  return (machine, locals) => arithmetic(op, left(machine, locals), right(machine, locals));
}

function linkQuantifier(system: System, expr: Extract<Expr, { slot: number; set: SetExpr }>): Evaluate {
  const { slot, op } = expr;
  const visit = visitor(system, expr.set);
  const where = expr.where === null ? null : evaluator(system, expr.where);
  const body = expr.body === null ? null : evaluator(system, expr.body);
  const chosen = (machine: Machine, locals: Locals, member: number): boolean => {
    locals[slot] = member;
    return where === null || where(machine, locals) === 1;
  };
  if (op === "count") {
    return (machine, locals) => {
      let count = 0;
      visit(machine, locals, (member) => {
        if (chosen(machine, locals, member)) count++;
        return false;
      });
      return count;
    };
  }
  if (op === "first") {
    return (machine, locals) => {
      let found = NONE;
      visit(machine, locals, (member) => {
        if (!chosen(machine, locals, member)) return false;
        found = member;
        return true;
      });
      return found;
    };
  }
  const stopAt = op === "any" ? 1 : 0;
  return (machine, locals) => {
    const stopped = visit(
      machine,
      locals,
      (member) => chosen(machine, locals, member) && (body === null ? 1 : body(machine, locals)) === stopAt,
    );
    return stopped ? stopAt : 1 - stopAt;
  };
}

function visitor(system: System, set: SetExpr): Visit {
  return memo(system, set, () => linkSet(system, set));
}

function linkSet(system: System, set: SetExpr): Visit {
  switch (set.set) {
    case "kinds": {
      const kinds = set.kinds.flatMap((kind) => system.kinds[kind] ?? []);
      return (machine, _, visit) => {
        for (const { id, alive } of kinds) {
          const living = column(machine, alive);
          for (let i = 0; i < living.length; i++) if (living[i] === 1 && visit(reference(id, i))) return true;
        }
        return false;
      };
    }
    case "having": {
      const of = evaluator(system, set.of);
      const kind = system.fields[set.field]?.kind ?? 0;
      const alive = system.kinds[kind]?.alive ?? 0;
      return (machine, locals, visit) => {
        const owner = of(machine, locals);
        if (owner === NONE) return false;
        const [living, owners] = [column(machine, alive), column(machine, set.field)];
        for (let i = 0; i < living.length; i++) {
          if (living[i] === 1 && owners[i] === owner && visit(reference(kind, i))) return true;
        }
        return false;
      };
    }
    case "listed": {
      const elements = set.elements.map((element) => evaluator(system, element));
      return (machine, locals, visit) => elements.some((element) => visit(element(machine, locals)));
    }
    case "value": {
      const of = evaluator(system, set.of);
      return (machine, locals, visit) => {
        const value = of(machine, locals);
        return value !== NONE && system.values.setOf(value).some(visit);
      };
    }
    default:
      return set satisfies never;
  }
}
