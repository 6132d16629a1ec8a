// Programs of the explorer run as they are written: slow, and plain enough to be believed.

import type { Action, Binary, Program, Value } from "../../server/src/explore/program.ts";

type Ending = { readonly value: number } | "break" | "continue" | null;

/** Runs a function over `cells`, which it changes. */
export function runProgram(
  program: Program,
  cells: number[],
  fn: number,
  args: readonly number[] = [],
): number {
  const body = program.functions[fn];
  if (body === undefined || body.params !== args.length) throw new Error(`no function ${fn}(${args.length})`);
  const locals = [...args, ...new Array<number>(body.locals - body.params).fill(0)];
  const call = (inner: number, values: readonly Value[]): number =>
    runProgram(program, cells, inner, values.map(value));

  const at = (list: readonly number[], index: number): number => {
    const found = list[index];
    if (found === undefined) throw new RangeError(`${index} of ${list.length} in ${body.name}`);
    return found;
  };

  function value(of: Value): number {
    switch (of.v) {
      case "const":
        return of.value;
      case "local":
        return at(locals, of.local);
      case "cell":
        return at(cells, value(of.at));
      case "table":
        return at(program.tables[of.table] ?? [], value(of.at));
      case "binary":
        return binary(of.op, value(of.left), value(of.right));
      case "not":
        return value(of.of) === 0 ? 1 : 0;
      case "and":
        return value(of.left) === 0 ? 0 : truth(value(of.right));
      case "or":
        return value(of.left) === 0 ? truth(value(of.right)) : 1;
      case "if":
        return value(truth(value(of.condition)) === 1 ? of.then : of.otherwise);
      case "tee":
        locals[of.local] = value(of.value);
        return at(locals, of.local);
      case "call":
        return call(of.fn, of.args);
      default:
        return of satisfies never;
    }
  }

  function all(actions: readonly Action[]): Ending {
    for (const action of actions) {
      const ending = perform(action);
      if (ending !== null) return ending;
    }
    return null;
  }

  function perform(of: Action): Ending {
    switch (of.a) {
      case "set":
        locals[of.local] = value(of.value);
        return null;
      case "store": {
        const address = value(of.at);
        at(cells, address);
        cells[address] = value(of.value);
        return null;
      }
      case "if":
        return all(truth(value(of.condition)) === 1 ? of.then : of.otherwise);
      case "loop": {
        const to = value(of.to);
        for (let i = value(of.from); i < to; i++) {
          locals[of.local] = i;
          const ending = all(of.body);
          if (ending === "break") return null;
          if (ending !== null && ending !== "continue") return ending;
        }
        return null;
      }
      case "break":
      case "continue":
        return of.a;
      case "return":
        return { value: value(of.value) };
      case "call": {
        const result = call(of.fn, of.args);
        if (of.into !== null) locals[of.into] = result;
        return null;
      }
      default:
        return of satisfies never;
    }
  }

  const ending = all(body.body);
  return ending !== null && typeof ending === "object" ? ending.value : 0;
}

/** Tests give 0 or 1, and nothing else is tested. */
function truth(value: number): number {
  if (value !== 0 && value !== 1) throw new Error(`${value} is no truth`);
  return value;
}

function binary(op: Binary, a: number, b: number): number {
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
      return b === 0 ? a : a - Math.floor(a / b) * b;
    case "&":
      return Number(BigInt(a) & BigInt(b));
    case "|":
      return Number(BigInt(a) | BigInt(b));
    case "<<":
      return Number(BigInt(a) << BigInt(b));
    case ">>":
      return Number(BigInt(a) >> BigInt(b));
    case "==":
      return Number(a === b);
    case "!=":
      return Number(a !== b);
    case "<":
      return Number(a < b);
    case "<=":
      return Number(a <= b);
    case ">":
      return Number(a > b);
    case ">=":
      return Number(a >= b);
    default:
      return op satisfies never;
  }
}
