// Expressions as closures: each Expr is turned once per System into a function of machine and locals.

import type { Expr, SetExpr } from "./ir.ts";
import type { Machine } from "./machine.ts";
import { column } from "./machine.ts";
import type { System } from "./system.ts";
import { indexOf, KIND, kindOf, NONE, reference, type Values } from "./values.ts";

export type Locals = number[];
export type Evaluate = (machine: Machine, locals: Locals) => number;
/** Puts the members into `into` and says how many there are. */
type Fill = (machine: Machine, locals: Locals, into: number[]) => number;

interface Linked {
  readonly evaluators: WeakMap<Expr, Evaluate>;
  readonly fillers: WeakMap<SetExpr, Fill>;
}

/** An Expr can stand in several Systems, in which defines and values are others. Each has values of its own. */
const linked = new WeakMap<Values, Linked>();
let last: Values | null = null;
let own: Linked = { evaluators: new WeakMap(), fillers: new WeakMap() };

function linkedIn({ values }: System): Linked {
  if (values === last) return own;
  last = values;
  own = linked.get(values) ?? { evaluators: new WeakMap(), fillers: new WeakMap() };
  linked.set(values, own);
  return own;
}

export function evaluator(system: System, expr: Expr): Evaluate {
  const { evaluators } = linkedIn(system);
  let known = evaluators.get(expr);
  if (known === undefined) {
    known = link(system, expr);
    evaluators.set(expr, known);
  }
  return known;
}

/** The members of a set now, as a copy: for loops that change what they walk over. */
export function membersOf(machine: Machine, set: SetExpr, locals: Locals): number[] {
  const members: number[] = [];
  members.length = filler(machine.system, set)(machine, locals, members);
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
    case "in":
      return linkMembership(system, expr);
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
    case "sum":
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
    case "live": {
      const inner = of(expr.of);
      return (machine, locals) => {
        const ref = inner(machine, locals);
        const kind = ref < 0 ? undefined : system.kinds[kindOf(ref)];
        return kind !== undefined && column(machine, kind.alive)[indexOf(ref)] === 1 ? 1 : 0;
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
      const { of: ranges } = expr;
      return (machine, locals) => {
        const values = elements.map((element) => element(machine, locals));
        return system.values.set(values, ranges);
      };
    }
    case "define":
      return linkDefine(system, expr);
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
  const fill = filler(system, expr.set);
  const where = expr.where === null ? null : evaluator(system, expr.where);
  const body = expr.body === null ? null : evaluator(system, expr.body);
  // There is no recursion, so no walk over these members can begin while another is under way.
  const members: number[] = [];
  const stopAt = op === "any" ? 1 : 0;
  return (machine, locals) => {
    const size = fill(machine, locals, members);
    let count = 0;
    for (let i = 0; i < size; i++) {
      const member = members[i] ?? NONE;
      locals[slot] = member;
      if (where !== null && where(machine, locals) !== 1) continue;
      if (op === "first") return member;
      if (op === "count") count++;
      else if (op === "sum") count += body === null ? 0 : body(machine, locals);
      else if ((body === null ? 1 : body(machine, locals)) === stopAt) return stopAt;
    }
    return op === "first" ? NONE : op === "count" || op === "sum" ? count : 1 - stopAt;
  };
}

function linkMembership(system: System, expr: Extract<Expr, { op: "in" }>): Evaluate {
  const value = evaluator(system, expr.value);
  if (expr.set.set === "listed") {
    const elements = expr.set.elements.map((element) => evaluator(system, element));
    return (machine, locals) => {
      const wanted = value(machine, locals);
      for (const element of elements) if (element(machine, locals) === wanted) return 1;
      return 0;
    };
  }
  const fill = filler(system, expr.set);
  const members: number[] = [];
  return (machine, locals) => {
    const wanted = value(machine, locals);
    const size = fill(machine, locals, members);
    for (let i = 0; i < size; i++) if (members[i] === wanted) return 1;
    return 0;
  };
}

function filler(system: System, set: SetExpr): Fill {
  const { fillers } = linkedIn(system);
  let known = fillers.get(set);
  if (known === undefined) {
    known = linkSet(system, set);
    fillers.set(set, known);
  }
  return known;
}

function linkSet(system: System, set: SetExpr): Fill {
  switch (set.set) {
    case "kinds": {
      const kinds = set.kinds.flatMap((kind) => system.kinds[kind] ?? []);
      return (machine, _, into) => {
        let size = 0;
        for (const { id, alive } of kinds) {
          const living = column(machine, alive);
          for (let i = 0; i < living.length; i++) if (living[i] === 1) into[size++] = reference(id, i);
        }
        return size;
      };
    }
    case "having": {
      const of = evaluator(system, set.of);
      const kind = system.fields[set.field]?.kind ?? 0;
      const alive = system.kinds[kind]?.alive ?? 0;
      return (machine, locals, into) => {
        const owner = of(machine, locals);
        if (owner === NONE) return 0;
        const [living, owners] = [column(machine, alive), column(machine, set.field)];
        let size = 0;
        for (let i = 0; i < living.length; i++)
          if (living[i] === 1 && owners[i] === owner) into[size++] = reference(kind, i);
        return size;
      };
    }
    case "listed": {
      const elements = set.elements.map((element) => evaluator(system, element));
      return (machine, locals, into) => {
        let size = 0;
        for (const element of elements) into[size++] = element(machine, locals);
        return size;
      };
    }
    case "value": {
      const of = evaluator(system, set.of);
      return (machine, locals, into) => {
        const value = of(machine, locals);
        if (value === NONE) return 0;
        let size = 0;
        for (const member of system.values.setOf(value)) into[size++] = member;
        return size;
      };
    }
    default:
      return set satisfies never;
  }
}

/**
 * A define is evaluated again only when a field that it reads was written since. Values are kept by the index of
 * the first argument and, in a row of its own, of the second; none counts as index -1.
 */
function linkDefine(system: System, expr: Extract<Expr, { op: "define" }>): Evaluate {
  const args = expr.args.map((arg) => evaluator(system, arg));
  const { define: id } = expr;
  const define = system.defines[id];
  const body = define?.body;
  if (define === undefined || body === undefined || body === null) return () => NONE;
  const { reads } = define;
  let linked: Evaluate | null = null;
  const evaluate = (machine: Machine, inner: Locals): number => {
    linked ??= evaluator(system, body);
    return linked(machine, inner);
  };
  if (reads === null || args.length > 2) {
    return (machine, locals) => {
      const inner: Locals = [];
      for (const arg of args) inner.push(arg(machine, locals));
      return evaluate(machine, inner);
    };
  }
  const [first = noArgument, second = noArgument] = args;
  const count = args.length;
  return (machine, locals) => {
    const known = knownValues(machine, id, reads);
    const a = first(machine, locals);
    const b = second(machine, locals);
    const row = b === NONE ? 0 : (b % KIND) + 1;
    const at = a === NONE ? 0 : (a % KIND) + 1;
    let values = known.values[row];
    if (values === undefined) {
      values = [];
      known.values[row] = values;
    }
    let entry = values[at];
    if (entry === undefined || entry.version !== known.version) {
      entry = {
        version: known.version,
        value: evaluate(machine, count === 2 ? [a, b] : count === 1 ? [a] : []),
      };
      values[at] = entry;
    }
    return entry.value;
  };
}

const noArgument: Evaluate = () => NONE;

/** What is known of a define; its version is the number of writes to the fields that it reads. */
function knownValues(machine: Machine, define: number, reads: readonly number[]): Machine["defined"][number] {
  let known = machine.defined[define];
  if (known === undefined) {
    known = { writes: -1, version: 0, values: [] };
    machine.defined[define] = known;
  }
  if (known.writes !== machine.writes) {
    known.writes = machine.writes;
    let version = 0;
    for (let i = 0; i < reads.length; i++) version += machine.versions[reads[i] ?? 0] ?? 0;
    known.version = version;
  }
  return known;
}
