// The functions of a program as closures: for places where no WebAssembly may be compiled, and to replay.

import type { Action, Binary, Fn, Program, Value } from "../program.ts";
import { type Memory, put } from "./memory.ts";

/** Runs a function with its arguments. */
export type Runner = (args: readonly number[]) => number;

/** Computes with the locals from `frame` on of the stack. */
type Compute = (frame: number) => number;

/** What comes behind an action: the next one, or the end of a loop's body, a loop or the function. */
type Flow = 0 | 1 | 2 | 3;
const NEXT = 0;
const BREAK = 1;
const CONTINUE = 2;
const RETURN = 3;
type Perform = (frame: number) => Flow;

interface Context {
  readonly program: Program;
  readonly memory: Memory;
  stack: Float64Array;
  /** What the last `return` gave. */
  result: number;
  readonly bodies: (Perform | undefined)[];
}

const FIRST_STACK = 4096;

export function closuresOf(program: Program, memory: Memory): readonly Runner[] {
  const context: Context = {
    ...{ program, memory, bodies: [] },
    ...{ stack: new Float64Array(FIRST_STACK), result: 0 },
  };
  return program.functions.map((fn, number) => (args) => {
    for (let i = 0; i < fn.params; i++) context.stack[i] = args[i] ?? 0;
    return enter(context, number, fn, 0);
  });
}

/** The parameters lie at the start of the frame already. */
function enter(context: Context, number: number, fn: Fn, frame: number): number {
  let body = context.bodies[number];
  if (body === undefined) {
    // Functions may call each other in a circle, so a body is linked when it is first run.
    body = sequence(context, fn, fn.body);
    context.bodies[number] = body;
  }
  const { stack } = context;
  if (frame + 2 * fn.locals + 64 > stack.length) grow(context);
  for (let i = fn.params; i < fn.locals; i++) context.stack[frame + i] = 0;
  return body(frame) === RETURN ? context.result : 0;
}

/** Deeper than any stack of frames may get: what runs away is told of like any other error. */
const LARGEST_STACK = 2 ** 22;

function grow(context: Context): void {
  const size = context.stack.length * 2;
  if (size > LARGEST_STACK) throw new RangeError("functions of a program call each other without end");
  const larger = new Float64Array(size);
  larger.set(context.stack);
  context.stack = larger;
}

// ---------------------------------------------------------------- values

function compute(context: Context, fn: Fn, of: Value): Compute {
  const { memory, program } = context;
  switch (of.v) {
    case "const": {
      const { value } = of;
      return () => value;
    }
    case "local": {
      const { local } = of;
      return (frame) => context.stack[frame + local] ?? 0;
    }
    case "cell": {
      const { cells } = memory;
      if (of.at.v === "const") {
        const { value } = of.at;
        return () => cells[value] ?? 0;
      }
      // A field of what a local stands for.
      if (of.at.v === "binary" && of.at.op === "+" && of.at.left.v === "local" && of.at.right.v === "const") {
        const [{ local }, { value }] = [of.at.left, of.at.right];
        return (frame) => cells[(context.stack[frame + local] ?? 0) + value] ?? 0;
      }
      const at = compute(context, fn, of.at);
      return (frame) => cells[at(frame)] ?? 0;
    }
    case "table": {
      const table = Float64Array.from(program.tables[of.table] ?? []);
      const at = compute(context, fn, of.at);
      return (frame) => table[at(frame)] ?? 0;
    }
    case "binary":
      return binary(context, fn, of);
    case "not": {
      const inner = compute(context, fn, of.of);
      return (frame) => (inner(frame) === 0 ? 1 : 0);
    }
    case "and": {
      const [left, right] = [compute(context, fn, of.left), compute(context, fn, of.right)];
      return (frame) => (left(frame) === 0 ? 0 : right(frame));
    }
    case "or": {
      const [left, right] = [compute(context, fn, of.left), compute(context, fn, of.right)];
      return (frame) => (left(frame) === 0 ? right(frame) : 1);
    }
    case "if": {
      const condition = compute(context, fn, of.condition);
      const [then, otherwise] = [compute(context, fn, of.then), compute(context, fn, of.otherwise)];
      return (frame) => (condition(frame) === 0 ? otherwise(frame) : then(frame));
    }
    case "tee": {
      const { local } = of;
      const value = compute(context, fn, of.value);
      return (frame) => {
        const given = value(frame);
        context.stack[frame + local] = given;
        return given;
      };
    }
    case "call":
      return invoke(context, fn, of.fn, of.args);
    default:
      return of satisfies never;
  }
}

function invoke(context: Context, caller: Fn, number: number, given: readonly Value[]): Compute {
  const fn = context.program.functions[number];
  if (fn === undefined) return () => 0;
  const args = given.map((arg) => compute(context, caller, arg));
  const size = caller.locals;
  // Arguments may call functions themselves, whose frames lie where this one will: it is filled when all are there.
  return (frame) => {
    const own = frame + size;
    if (own + 2 * args.length + fn.locals + 64 > context.stack.length) grow(context);
    if (args.length === 1) {
      const only = args[0]?.(frame) ?? 0;
      context.stack[own] = only;
    } else if (args.length === 2) {
      const first = args[0]?.(frame) ?? 0;
      const second = args[1]?.(frame) ?? 0;
      context.stack[own] = first;
      context.stack[own + 1] = second;
    } else if (args.length > 2) {
      const values = args.map((arg) => arg(frame));
      for (let i = 0; i < values.length; i++) context.stack[own + i] = values[i] ?? 0;
    }
    return enter(context, number, fn, own);
  };
}

function binary(context: Context, fn: Fn, of: Extract<Value, { v: "binary" }>): Compute {
  const left = compute(context, fn, of.left);
  if (of.right.v === "const") {
    const { value } = of.right;
    if (of.op === "==") return (frame) => (left(frame) === value ? 1 : 0);
    if (of.op === "!=") return (frame) => (left(frame) !== value ? 1 : 0);
    if (of.op === "+") return (frame) => left(frame) + value;
    if (of.op === "-") return (frame) => left(frame) - value;
  }
  const right = compute(context, fn, of.right);
  switch (of.op) {
    case "+":
      return (frame) => left(frame) + right(frame);
    case "-":
      return (frame) => left(frame) - right(frame);
    case "*":
      return (frame) => left(frame) * right(frame);
    case "==":
      return (frame) => (left(frame) === right(frame) ? 1 : 0);
    case "!=":
      return (frame) => (left(frame) !== right(frame) ? 1 : 0);
    case "<":
      return (frame) => (left(frame) < right(frame) ? 1 : 0);
    case "<=":
      return (frame) => (left(frame) <= right(frame) ? 1 : 0);
    case ">":
      return (frame) => (left(frame) > right(frame) ? 1 : 0);
    case ">=":
      return (frame) => (left(frame) >= right(frame) ? 1 : 0);
    default: {
      const { op } = of;
      const combine = context.program.wide ? wideBits : narrowBits;
      return (frame) => combine(op, left(frame), right(frame));
    }
  }
}

const quotient = (a: number, b: number): number => (b === 0 ? 0 : Math.floor(a / b));
const remainder = (a: number, b: number): number => (b === 0 ? a : a - Math.floor(a / b) * b);

function narrowBits(op: Binary, a: number, b: number): number {
  switch (op) {
    case "/":
      return quotient(a, b);
    case "%":
      return remainder(a, b);
    case "&":
      return a & b;
    case "|":
      return a | b;
    case "<<":
      return a << b;
    case ">>":
      return a >> b;
    default:
      return 0;
  }
}

function wideBits(op: Binary, a: number, b: number): number {
  switch (op) {
    case "/":
      return quotient(a, b);
    case "%":
      return remainder(a, b);
    case "&":
      return Number(BigInt(a) & BigInt(b));
    case "|":
      return Number(BigInt(a) | BigInt(b));
    case "<<":
      return a * 2 ** b;
    case ">>":
      return Math.floor(a / 2 ** b);
    default:
      return 0;
  }
}

// ---------------------------------------------------------------- actions

function sequence(context: Context, fn: Fn, all: readonly Action[]): Perform {
  const steps = all.map((each) => perform(context, fn, each));
  const [first, second, third] = steps;
  if (first === undefined) return () => NEXT;
  if (second === undefined) return first;
  if (third === undefined)
    return (frame) => {
      const flow = first(frame);
      return flow === NEXT ? second(frame) : flow;
    };
  return (frame) => {
    for (let i = 0; i < steps.length; i++) {
      const flow = steps[i]?.(frame) ?? NEXT;
      if (flow !== NEXT) return flow;
    }
    return NEXT;
  };
}

function perform(context: Context, fn: Fn, of: Action): Perform {
  const { memory } = context;
  switch (of.a) {
    case "set": {
      const { local } = of;
      const value = compute(context, fn, of.value);
      return (frame) => {
        const given = value(frame);
        context.stack[frame + local] = given;
        return NEXT;
      };
    }
    case "store": {
      const [at, value] = [compute(context, fn, of.at), compute(context, fn, of.value)];
      return (frame) => {
        put(memory, at(frame), value(frame));
        return NEXT;
      };
    }
    case "if": {
      const condition = compute(context, fn, of.condition);
      const [then, otherwise] = [sequence(context, fn, of.then), sequence(context, fn, of.otherwise)];
      return (frame) => (condition(frame) === 0 ? otherwise(frame) : then(frame));
    }
    case "loop":
      return counted(context, fn, of);
    case "break":
      return () => BREAK;
    case "continue":
      return () => CONTINUE;
    case "return": {
      const value = compute(context, fn, of.value);
      return (frame) => {
        context.result = value(frame);
        return RETURN;
      };
    }
    case "call": {
      const value = invoke(context, fn, of.fn, of.args);
      const { into } = of;
      return (frame) => {
        const given = value(frame);
        if (into !== null) context.stack[frame + into] = given;
        return NEXT;
      };
    }
    default:
      return of satisfies never;
  }
}

function counted(context: Context, fn: Fn, of: Extract<Action, { a: "loop" }>): Perform {
  const { local } = of;
  const [from, to] = [compute(context, fn, of.from), compute(context, fn, of.to)];
  const body = sequence(context, fn, of.body);
  return (frame) => {
    const start = from(frame);
    const end = to(frame);
    for (let i = start; i < end; i++) {
      context.stack[frame + local] = i;
      const flow = body(frame);
      if (flow === BREAK) break;
      if (flow === RETURN) return RETURN;
    }
    return NEXT;
  };
}
