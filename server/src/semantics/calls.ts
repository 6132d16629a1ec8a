// Calls inside expressions: defines and the built-in functions.

import type { Expr } from "../model/ir.ts";
import { HARDWARE, type Parameter, type Type } from "../model/system.ts";
import type { Argument, Call } from "../syntax/ast.ts";
import type { Scope } from "./context.ts";
import { BOOL, INT, RANGE, referenceType, report, UNKNOWN } from "./context.ts";
import { compileAs, type Typed, unknown } from "./expressions.ts";
import { suggestion } from "./types.ts";

interface BuiltIn {
  readonly params: readonly Type[];
  readonly result: Type;
  readonly make: (args: readonly Expr[]) => Expr;
}

const ANY = UNKNOWN;
const at = (args: readonly Expr[], index: number): Expr => args[index] ?? { op: "const", value: -1 };

const builtIns = new Map<string, BuiltIn>([
  [
    "range",
    { params: [INT, INT], result: RANGE, make: (a) => ({ op: "range", start: at(a, 0), size: at(a, 1) }) },
  ],
  [
    "overlaps",
    {
      params: [RANGE, RANGE],
      result: BOOL,
      make: (a) => ({ op: "overlaps", left: at(a, 0), right: at(a, 1) }),
    },
  ],
  [
    "contains",
    {
      params: [RANGE, RANGE],
      result: BOOL,
      make: (a) => ({ op: "contains", left: at(a, 0), right: at(a, 1) }),
    },
  ],
  ["referenced", { params: [ANY], result: BOOL, make: (a) => ({ op: "referenced", of: at(a, 0) }) }],
  ["live", { params: [ANY], result: BOOL, make: (a) => ({ op: "live", of: at(a, 0) }) }],
  [
    "holds",
    {
      params: [referenceType([HARDWARE.task]), ANY],
      result: BOOL,
      make: (a) => ({ op: "holds", task: at(a, 0), file: at(a, 1) }),
    },
  ],
]);

export const builtInNames = [...builtIns.keys()];

export function compileCall(scope: Scope, node: Call): Typed {
  const { draft } = scope;
  const builtIn = builtIns.get(node.callee.text);
  if (builtIn !== undefined) {
    if (node.args.length !== builtIn.params.length) {
      report(scope, node, {
        code: "wrong-arguments",
        message: `\`${node.callee.text}\` takes ${builtIn.params.length} arguments, not ${node.args.length}`,
      });
      return { expr: unknown.expr, type: builtIn.result };
    }
    const args = node.args.map((arg, i) =>
      compileAs(scope, arg.value, builtIn.params[i] ?? ANY, `\`${node.callee.text}\``),
    );
    return { expr: builtIn.make(args), type: builtIn.result };
  }
  const id = draft.defineByName.get(node.callee.text);
  const define = id === undefined ? undefined : draft.defines[id];
  if (id === undefined || define === undefined) {
    const isOperation = draft.operations.has(node.callee.text);
    report(scope, node.callee, {
      code: "unknown-call",
      message: isOperation
        ? `\`${node.callee.text}\` is a call that changes things; conditions and values can use defines only`
        : `no define is called \`${node.callee.text}\``,
      help: isOperation ? [] : suggestion(node.callee.text, [...builtInNames, ...draft.defineByName.keys()]),
    });
    return unknown;
  }
  const args = bindArguments(scope, node, node.callee.text, define.params);
  return { expr: { op: "define", define: id, args }, type: define.result };
}

/** The arguments of a call by the names of the parameters that they go to. */
export function argumentsByName(
  scope: Scope,
  node: Call,
  callee: string,
  names: readonly string[],
): ReadonlyMap<string, Argument> {
  const given = new Map<string, Argument>();
  node.args.forEach((arg, i) => {
    const name = arg.name?.text ?? names[i];
    if (name === undefined || !names.includes(name)) {
      report(scope, arg, {
        code: "wrong-arguments",
        message:
          arg.name === null
            ? `\`${callee}\` takes at most ${names.length} arguments`
            : `\`${callee}\` has no parameter \`${arg.name.text}\``,
        help: suggestion(arg.name?.text ?? "", names),
      });
    } else if (given.has(name)) {
      report(scope, arg, { code: "wrong-arguments", message: `\`${name}\` is given twice` });
    } else given.set(name, arg);
  });
  return given;
}

/** One Expr per parameter: by position, by name, or the parameter's own value. */
function bindArguments(scope: Scope, node: Call, callee: string, params: readonly Parameter[]): Expr[] {
  const names = params.map(({ name }) => name);
  const given = argumentsByName(scope, node, callee, names);
  const args: Expr[] = [];
  for (const param of params) {
    const arg = given.get(param.name);
    if (arg !== undefined) {
      args.push(compileAs(scope, arg.value, param.type, `\`${param.name}\` of \`${callee}\``));
    } else if (param.initial !== null) args.push(inCaller(scope, param.initial, args));
    else {
      report(scope, node, { code: "wrong-arguments", message: `\`${callee}\` also wants \`${param.name}\`` });
      args.push(unknown.expr);
    }
  }
  return args;
}

/** The value of a parameter, which may use the ones before it, as the caller has to compute it. */
function inCaller(scope: Scope, value: Expr, before: readonly Expr[]): Expr {
  const fresh = new Map<number, number>();
  const slotOf = (slot: number): number => {
    const known = fresh.get(slot) ?? scope.frame.size++;
    fresh.set(slot, known);
    return known;
  };
  const visit = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(visit);
    if (typeof part !== "object" || part === null) return part;
    if (isLocal(part)) return before[part.slot] ?? { ...part, slot: slotOf(part.slot) };
    const copy = Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, visit(inner)]));
    return typeof copy.slot === "number" ? { ...copy, slot: slotOf(copy.slot) } : copy;
  };
  return visit(value) as Expr; // the same shape, locals apart
}

const isLocal = (part: object): part is Extract<Expr, { op: "local" }> => "op" in part && part.op === "local";
