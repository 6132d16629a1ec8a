// The functions of a program as WebAssembly. Cells and tables lie in memory; every store goes through `put`, which
// remembers what was there.

import type { Action, Program, Value } from "../program.ts";
import { calledBy } from "./callees.ts";
import {
  block,
  type Code,
  call,
  choose,
  drop,
  get,
  giveBack,
  i32,
  i64,
  int,
  leave,
  leaveIf,
  load,
  loadLong,
  long,
  loop,
  set,
  tee,
  toInt,
  toLongU,
  type ValueType,
  when,
} from "./code.ts";
import { createModule, type ModuleBuilder, type Signature } from "./module.ts";
import type { Plan } from "./plan.ts";
import { definePut } from "./states.ts";

/** By function of the program: its number in the module. */
export type Compiled = ReadonlyMap<number, number>;

interface Context {
  readonly program: Program;
  readonly at: Plan;
  readonly numbers: ReadonlyMap<number, number>;
  readonly put: number;
  readonly locals: ValueType[];
}

/** How many blocks lie between a statement and the ends of the innermost loop: of its body, and of itself. */
interface Loop {
  readonly next: number;
  readonly end: number;
}

const typeIn = (program: Program): ValueType => (program.wide ? "i64" : "i32");

export const nameOf = (fn: number): string => `f${fn}`;

/** These functions as they come from another module, by the names given. */
export function importFunctions(
  program: Program,
  module: ModuleBuilder,
  named: Iterable<readonly [fn: number, name: string]>,
): Map<number, number> {
  const numbers = new Map<number, number>();
  for (const [fn, name] of named) numbers.set(fn, module.importAs(name, signatureOf(program, fn)));
  return numbers;
}

function signatureOf(program: Program, fn: number): Signature {
  const type = typeIn(program);
  const { params = 0 } = program.functions[fn] ?? {};
  return { params: Array.from({ length: params }, () => type), results: [type] };
}

/** A module of these functions; it exports them all, and imports others that they call. */
export function emitFunctions(program: Program, plan: Plan, own: readonly number[]): Uint8Array {
  const module = createModule();
  const type = typeIn(program);
  const outside = new Set(own.flatMap((fn) => [...calledBy(program.functions[fn])]));
  for (const fn of own) outside.delete(fn);
  const numbers = importFunctions(
    program,
    module,
    [...outside].map((fn) => [fn, nameOf(fn)]),
  );
  const put = definePut(module, program, plan);
  for (const fn of own) numbers.set(fn, module.declare(signatureOf(program, fn)));
  for (const number of own) {
    const fn = program.functions[number];
    if (fn === undefined) continue;
    const locals = Array.from({ length: fn.locals }, () => type);
    const context: Context = { program, at: plan, numbers, put, locals };
    const body = actions(context, fn.body, null);
    module.define(numbers.get(number) ?? 0, locals.slice(fn.params), [body, constant(context, 0)]);
    module.exportAs(nameOf(number), numbers.get(number) ?? 0);
  }
  return module.bytes();
}

/** A function that gives `value`, for goals and calls that are no more than that. */
export const callWith = (program: Program, compiled: Compiled, fn: number, args: readonly number[]): Code =>
  call(compiled.get(fn) ?? 0, ...args.map((arg) => (program.wide ? long(arg) : int(arg))));

const constant = ({ program }: Context, value: number): Code => (program.wide ? long(value) : int(value));

// ---------------------------------------------------------------- values

const compared = {
  "==": ["equal"],
  "!=": ["differ"],
  "<": ["lessS"],
  "<=": ["atMostS"],
  ">": ["moreS"],
  ">=": ["atLeastS"],
} as const;

const isComparison = (op: string): op is keyof typeof compared => op in compared;

function value(context: Context, of: Value): Code {
  const { program } = context;
  switch (of.v) {
    case "const":
      return constant(context, of.value);
    case "local":
      return get(of.local);
    case "cell":
      return read(context, of.at, context.at.cells);
    case "table":
      return read(context, of.at, context.at.tables[of.table] ?? 0);
    case "binary":
      return isComparison(of.op) ? truth(context, of) : arithmetic(context, of);
    case "not":
    case "and":
    case "or":
      return truth(context, of);
    case "if":
      return choose(
        program.wide ? "i64" : "i32",
        test(context, of.condition),
        value(context, of.then),
        value(context, of.otherwise),
      );
    case "tee":
      return tee(of.local, value(context, of.value));
    case "call":
      return invoke(context, of.fn, of.args);
    default:
      return of satisfies never;
  }
}

const truth = (context: Context, of: Value): Code =>
  context.program.wide ? toLongU(test(context, of)) : test(context, of);

const invoke = (context: Context, fn: number, args: readonly Value[]): Code =>
  call(context.numbers.get(fn) ?? 0, ...args.map((arg) => value(context, arg)));

/** A value that is 0 or 1, as 32 bits. */
function test(context: Context, of: Value): Code {
  switch (of.v) {
    case "binary": {
      if (!isComparison(of.op)) break;
      const [name] = compared[of.op];
      const ops = context.program.wide ? i64 : i32;
      return ops[name](value(context, of.left), value(context, of.right));
    }
    case "not": {
      const isTest = of.of.v === "not" || of.of.v === "and" || of.of.v === "or";
      if (isTest || (of.of.v === "binary" && isComparison(of.of.op))) return i32.isZero(test(context, of.of));
      return context.program.wide ? i64.isZero(value(context, of.of)) : i32.isZero(value(context, of.of));
    }
    case "and":
      return choose("i32", test(context, of.left), test(context, of.right), int(0));
    case "or":
      return choose("i32", test(context, of.left), int(1), test(context, of.right));
    default:
      break;
  }
  return context.program.wide ? i64.differ(value(context, of), long(0)) : value(context, of);
}

/** The address of a cell or entry, less what is given as offset. */
function read(context: Context, at: Value, start: number): Code {
  const { wide } = context.program;
  const [address, offset] = place(context, at, start);
  return wide ? loadLong(address, offset) : load(address, offset);
}

function place(context: Context, at: Value, start: number): readonly [Code, number] {
  const size = context.program.wide ? 8 : 4;
  if (at.v === "const") return [int(0), start + at.value * size];
  if (at.v === "binary" && at.op === "+") {
    // One of the two can be negative, so that they have to be added before they are an offset.
    const [fixed, rest] = at.left.v === "const" ? [at.left, at.right] : [at.right, at.left];
    if (fixed.v === "const") return [i32.add(index(context, rest), int(start + fixed.value * size)), 0];
  }
  return [index(context, at), start];
}

const index = (context: Context, of: Value): Code =>
  context.program.wide
    ? i32.shiftLeft(toInt(value(context, of)), int(3))
    : i32.shiftLeft(value(context, of), int(2));

function arithmetic(context: Context, of: Extract<Value, { v: "binary" }>): Code {
  const ops = context.program.wide ? i64 : i32;
  const [left, right] = [value(context, of.left), value(context, of.right)];
  switch (of.op) {
    case "+":
      return ops.add(left, right);
    case "-":
      return ops.subtract(left, right);
    case "*":
      return ops.multiply(left, right);
    case "&":
      return ops.and(left, right);
    case "|":
      return ops.or(left, right);
    case "<<":
      return ops.shiftLeft(left, right);
    case ">>":
      return ops.shiftRightS(left, right);
    case "/":
    case "%":
      return division(context, of.op, left, right);
    default:
      return constant(context, 0);
  }
}

/** Rounds down; WebAssembly rounds towards 0 and traps at 0. */
function division(context: Context, op: "/" | "%", left: Code, right: Code): Code {
  const type = typeIn(context.program);
  const ops = context.program.wide ? i64 : i32;
  const [a, b, r] = [local(context), local(context), local(context)];
  const zero = constant(context, 0);
  const isZero = (of: Code): Code => ops.isZero(of);
  // The remainder has the sign of the left side; where that is not the right side's, it is one step off.
  const isOff = choose(
    "i32",
    isZero(get(r)),
    int(0),
    i32.differ(ops.lessS(get(r), zero), ops.lessS(get(b), zero)),
  );
  const isMinusOne = ops.equal(get(b), constant(context, -1));
  const remainder = [
    set(r, choose(type, isMinusOne, zero, ops.remainderS(get(a), get(b)))),
    choose(type, isOff, ops.add(get(r), get(b)), get(r)),
  ];
  const exact = (): Code => {
    const off = ops.subtract(get(a), remainder);
    return choose(type, isMinusOne, ops.subtract(zero, get(a)), ops.divideS(off, get(b)));
  };
  return [
    set(a, left),
    set(b, right),
    op === "%"
      ? choose(type, isZero(get(b)), get(a), remainder)
      : choose(type, isZero(get(b)), zero, exact()),
  ];
}

function local(context: Context): number {
  return context.locals.push(typeIn(context.program)) - 1;
}

// ---------------------------------------------------------------- actions

const actions = (context: Context, all: readonly Action[], within: Loop | null): Code =>
  all.map((each) => action(context, each, within));

const deeper = (within: Loop | null): Loop | null =>
  within === null ? null : { next: within.next + 1, end: within.end + 1 };

function action(context: Context, of: Action, within: Loop | null): Code {
  switch (of.a) {
    case "set":
      return set(of.local, value(context, of.value));
    case "store": {
      const [address, offset] = place(context, of.at, context.at.cells);
      const whole = offset === 0 ? address : i32.add(address, int(offset));
      return call(context.put, whole, value(context, of.value));
    }
    case "if":
      return when(
        test(context, of.condition),
        actions(context, of.then, deeper(within)),
        actions(context, of.otherwise, deeper(within)),
      );
    case "loop":
      return counted(context, of);
    case "break":
      return within === null ? [] : leave(within.end);
    case "continue":
      return within === null ? [] : leave(within.next);
    case "return":
      return giveBack(value(context, of.value));
    case "call": {
      const result = invoke(context, of.fn, of.args);
      return of.into === null ? drop(result) : set(of.into, result);
    }
    default:
      return of satisfies never;
  }
}

/** The count is kept apart from the local, so that nothing in the body can change how often it runs. */
function counted(context: Context, of: Extract<Action, { a: "loop" }>): Code {
  const ops = context.program.wide ? i64 : i32;
  const [at, to] = [local(context), local(context)];
  return [
    set(at, value(context, of.from)),
    set(to, value(context, of.to)),
    block(
      loop([
        leaveIf(ops.atLeastS(get(at), get(to)), 1),
        set(of.local, get(at)),
        block(actions(context, of.body, { next: 0, end: 2 })),
        set(at, ops.add(get(at), constant(context, 1))),
        leave(0),
      ]),
    ),
  ];
}
