// Expression nodes -> typed Expr. Every mistake is reported once, at its place; the rest goes on with UNKNOWN.

import type { Expr, SetExpr } from "../model/ir.ts";
import { HARDWARE, hardwareNames, type Type } from "../model/system.ts";
import { NONE, reference } from "../model/values.ts";
import type { Expression, Name, Quantifier, Span } from "../syntax/ast.ts";
import { compileCall } from "./calls.ts";
import type { Scope } from "./context.ts";
import {
  addLocal,
  BOOL,
  comparable,
  fits,
  INT,
  innerScope,
  NOTHING,
  plain,
  refer,
  referenceType,
  report,
  STRING,
  setType,
  showType,
  UNKNOWN,
  union,
} from "./context.ts";
import { compileField } from "./fields.ts";
import { narrow } from "./narrow.ts";
import { kindsNamed, suggestion } from "./types.ts";

export interface Typed {
  readonly expr: Expr;
  readonly type: Type;
}

export const constant = (value: number, type: Type): Typed => ({ expr: { op: "const", value }, type });
export const unknown = constant(NONE, UNKNOWN);

/** Compiles and checks that the value can stand where `wanted` is. */
export function compileAs(scope: Scope, node: Expression, wanted: Type, role: string): Expr {
  return compileTyped(scope, node, wanted, role).expr;
}

/** False where the value is none. */
function whereThere({ expr, type }: Typed, test: Expr): Expr {
  if (!type.optional) return test;
  const there: Expr = { op: "compare", with: "!=", left: expr, right: { op: "const", value: NONE } };
  return { op: "and", left: there, right: test };
}

function compileTyped(scope: Scope, node: Expression, wanted: Type, role: string): Typed {
  const { expr, type } = compileExpression(scope, node, wanted);
  if (!fits(type, wanted)) {
    report(scope, node, {
      code: "type-mismatch",
      message: `${role} wants ${showType(scope.draft, wanted)}, but this is ${showType(scope.draft, type)}`,
    });
  }
  return { expr, type };
}

export const compileCondition = (scope: Scope, node: Expression): Expr =>
  compileAs(scope, node, BOOL, "a condition");

/** `wanted` only helps to understand bare words (enum members, strings); it is not checked here. */
export function compileExpression(scope: Scope, node: Expression, wanted: Type = UNKNOWN): Typed {
  switch (node.kind) {
    case "number":
      return nameOfMachine(scope, node, wanted) ?? constant(node.value, INT);
    case "version":
      return constant(node.major * 1000 + node.minor, INT);
    case "string":
      return constant(scope.draft.values.symbol(node.value), STRING);
    case "keyword":
      return compileKeyword(node.word);
    case "name":
      return compileName(scope, node, wanted);
    case "field":
      return compileField(scope, node);
    case "call":
      return compileCall(scope, node);
    case "unary": {
      if (node.op === "not")
        return { expr: { op: "not", of: compileCondition(scope, node.operand) }, type: BOOL };
      const right = compileAs(scope, node.operand, INT, "`-`");
      return { expr: { op: "arithmetic", with: "-", left: { op: "const", value: 0 }, right }, type: INT };
    }
    case "binary":
      return compileBinary(scope, node);
    case "is": {
      const { expr } = compileExpression(scope, node.operand);
      const kinds = kindsNamed(scope.draft, node.type.text);
      if (kinds === null) {
        report(scope, node.type, {
          code: "unknown-type",
          message: `no fd, object or role is called \`${node.type.text}\``,
          help: suggestion(node.type.text, [...scope.draft.kindByName.keys(), ...scope.draft.roles.keys()]),
        });
        return { expr: unknown.expr, type: BOOL };
      }
      const test: Expr = { op: "is", value: expr, kinds };
      return { expr: node.negated ? { op: "not", of: test } : test, type: BOOL };
    }
    case "quantifier":
      return compileQuantifier(scope, node);
    case "conditional": {
      const condition = compileCondition(scope, node.condition);
      const [yes, no] = [innerScope(scope), innerScope(scope)];
      narrow(yes, node.condition, true);
      narrow(no, node.condition, false);
      const then = compileExpression(yes, node.then, wanted);
      const otherwise = compileExpression(no, node.otherwise, wanted);
      const type = union(then.type, otherwise.type);
      if (type === null)
        mismatch(scope, node, "the two values of this `if` have different types", then.type, otherwise.type);
      return {
        expr: { op: "if", condition, then: then.expr, otherwise: otherwise.expr },
        type: type ?? UNKNOWN,
      };
    }
    case "set": {
      const elements = node.elements.map((element) =>
        compileExpression(scope, element, wanted.element ?? UNKNOWN),
      );
      let type: Type | null = UNKNOWN;
      for (const element of elements) type = type === null ? null : union(type, element.type);
      if (type === null)
        report(scope, node, {
          code: "type-mismatch",
          message: "the elements of this set have different types",
        });
      const list = elements.map(({ expr }) => expr);
      const ranges = type?.base === "range" ? { of: "ranges" as const } : {};
      return { expr: { op: "set", elements: list, ...ranges }, type: setType(type ?? UNKNOWN) };
    }
    case "struct":
      report(scope, node, {
        code: "type-mismatch",
        message: "a struct can only be an argument of a call, or be given a name",
      });
      return unknown;
    case "new":
      report(scope, node, {
        code: "type-mismatch",
        message: "`new` makes something and is no value inside an expression",
        help: ["give it a name first: `let x = new …`"],
      });
      return unknown;
    default:
      return node satisfies never;
  }
}

function compileKeyword(word: "none" | "true" | "false" | "caller" | "kernel"): Typed {
  switch (word) {
    case "none":
      return constant(NONE, NOTHING);
    case "true":
      return constant(1, BOOL);
    case "false":
      return constant(0, BOOL);
    case "caller":
      return { expr: { op: "caller" }, type: referenceType([HARDWARE.task]) };
    case "kernel":
      return { expr: { op: "kernel" }, type: INT };
    default:
      return word satisfies never;
  }
}

function compileName(scope: Scope, node: Name, wanted: Type): Typed {
  const { draft } = scope;
  const local = scope.locals.get(node.text);
  if (local !== undefined) {
    refer(scope, node, "local", node.text, { declared: local.site ?? null });
    if (local.value !== undefined) return constant(local.value, local.type);
    return { expr: { op: "local", slot: local.slot }, type: local.type };
  }
  if (wanted.names.includes(node.text)) return word(scope, node);
  const thing = nameOfMachine(scope, node, wanted);
  if (thing !== null) return thing;
  const number = draft.constants.get(node.text);
  if (number !== undefined) {
    refer(scope, node, "const", node.text);
    return constant(number, INT);
  }
  if (wanted.base === "string") return constant(draft.values.symbol(node.text), STRING);
  const define = draft.defineByName.get(node.text);
  if (define !== undefined && draft.defines[define]?.params.length === 0) {
    refer(scope, node, "define", node.text);
    return { expr: { op: "define", define, args: [] }, type: draft.defines[define]?.result ?? UNKNOWN };
  }
  if (draft.enumNames.has(node.text)) return word(scope, node);
  if (node.text === "host") return constant(reference(HARDWARE.host, 0), referenceType([HARDWARE.host]));
  if (kindsNamed(draft, node.text) !== null) {
    report(scope, node, {
      code: "type-mismatch",
      message: `\`${node.text}\` is a type, which stands for all of its kind only after \`in\``,
      help: [`for example \`any x in ${node.text}: …\` or \`first(x in ${node.text} where …)\``],
    });
    return unknown;
  }
  const names = [
    ...scope.locals.keys(),
    ...draft.constants.keys(),
    ...draft.defineByName.keys(),
    ...draft.enumNames,
  ];
  report(scope, node, {
    code: "unknown-name",
    message: `nothing is called \`${node.text}\` here`,
    help: suggestion(node.text, names),
  });
  return unknown;
}

/** A device, group or iommu of the topology, where one is wanted. */
function nameOfMachine(scope: Scope, node: Span & { readonly text: string }, wanted: Type): Typed | null {
  for (const kind of wanted.kinds) {
    const ref = kind > HARDWARE.task ? null : (scope.named?.(kind, node.text) ?? null);
    if (ref === null) continue;
    refer(scope, node, "machine", `${hardwareNames[kind] ?? ""} ${node.text}`);
    return constant(ref, referenceType([kind]));
  }
  return null;
}

function word(scope: Scope, node: Name): Typed {
  const { text } = node;
  refer(scope, node, "word", text);
  return constant(scope.draft.values.symbol(text), { ...plain("value"), names: [text] });
}

function compileBinary(scope: Scope, node: Extract<Expression, { kind: "binary" }>): Typed {
  const { op } = node;
  switch (op) {
    case "and":
    case "or": {
      const left = compileCondition(scope, node.left);
      const right = innerScope(scope);
      narrow(right, node.left, op === "and");
      return { expr: { op, left, right: compileCondition(right, node.right) }, type: BOOL };
    }
    case "in":
    case "not in": {
      const { value, set } = compileMembership(scope, node.left, node.right);
      const test: Expr = { op: "in", value, set };
      return { expr: op === "in" ? test : { op: "not", of: test }, type: BOOL };
    }
    case "==":
    case "!=": {
      const [left, right] = compilePair(scope, node.left, node.right);
      if (!comparable(left.type, right.type))
        mismatch(scope, node, "these two can never be equal", left.type, right.type);
      return { expr: { op: "compare", with: op, left: left.expr, right: right.expr }, type: BOOL };
    }
    case "<":
    case "<=":
    case ">":
    case ">=": {
      const left = compileTyped(scope, node.left, INT, `\`${op}\``);
      const right = compileTyped(scope, node.right, INT, `\`${op}\``);
      const compare: Expr = { op: "compare", with: op, left: left.expr, right: right.expr };
      return { expr: whereThere(left, whereThere(right, compare)), type: BOOL };
    }
    case "+":
    case "-":
    case "*":
    case "/":
    case "%":
    case "|":
    case "&": {
      const left = compileAs(scope, node.left, INT, `\`${op}\``);
      const right = compileAs(scope, node.right, INT, `\`${op}\``);
      return { expr: { op: "arithmetic", with: op, left, right }, type: INT };
    }
    default:
      return op satisfies never;
  }
}

/** Two sides of a comparison: a bare word on one side is understood through the type of the other. */
function compilePair(scope: Scope, leftNode: Expression, rightNode: Expression): [Typed, Typed] {
  if (leftNode.kind === "name" && !scope.locals.has(leftNode.text)) {
    const right = compileExpression(scope, rightNode);
    return [compileExpression(scope, leftNode, right.type), right];
  }
  const left = compileExpression(scope, leftNode);
  return [left, compileExpression(scope, rightNode, left.type)];
}

function compileMembership(
  scope: Scope,
  valueNode: Expression,
  setNode: Expression,
): { value: Expr; set: SetExpr } {
  if (setNode.kind === "set") {
    const value = compileExpression(scope, valueNode);
    const elements = setNode.elements.map((element) => {
      const typed = compileExpression(scope, element, value.type);
      if (!comparable(value.type, typed.type))
        mismatch(scope, element, "this is never in the set", value.type, typed.type);
      return typed.expr;
    });
    return { value: value.expr, set: { set: "listed", elements } };
  }
  const { set, element } = compileSet(scope, setNode);
  const value = compileExpression(scope, valueNode, element);
  if (!comparable(value.type, element))
    mismatch(scope, valueNode, "this is never in the set", value.type, element);
  return { value: value.expr, set };
}

function mismatch(scope: Scope, node: Expression, message: string, left: Type, right: Type): void {
  report(scope, node, {
    code: "type-mismatch",
    message: `${message}: ${showType(scope.draft, left)} and ${showType(scope.draft, right)}`,
  });
}

/** The SET of a quantifier, a loop or `in`. */
export function compileSet(
  scope: Scope,
  node: Expression,
): { readonly set: SetExpr; readonly element: Type } {
  const { draft } = scope;
  if (node.kind === "name" && !scope.locals.has(node.text)) {
    const kinds = kindsNamed(draft, node.text);
    if (kinds !== null) {
      refer(scope, node, "type", node.text);
      return { set: { set: "kinds", kinds }, element: referenceType(kinds) };
    }
  }
  if (node.kind === "field") {
    const having = node.name.text === "devices" ? "group" : node.name.text === "groups" ? "iommu" : null;
    const target = having === null ? null : compileExpression(scope, node.target);
    const member = having === "group" ? HARDWARE.device : HARDWARE.group;
    const owner = having === "group" ? HARDWARE.group : HARDWARE.iommu;
    if (target?.type.kinds.length === 1 && target.type.kinds[0] === owner) {
      const field = draft.fields.find(({ kind, name }) => kind === member && name === having);
      return {
        set: { set: "having", field: field?.id ?? -1, of: target.expr },
        element: referenceType([member]),
      };
    }
  }
  if (node.kind === "set") {
    const { expr, type } = compileExpression(scope, node);
    if (expr.op === "set")
      return { set: { set: "listed", elements: expr.elements }, element: type.element ?? UNKNOWN };
  }
  const { expr, type } = compileExpression(scope, node);
  if (type.base !== "set" && type.base !== "unknown") {
    report(scope, node, {
      code: "type-mismatch",
      message: `a set is wanted after \`in\`, but this is ${showType(draft, type)}`,
      help: ["a set is the name of an fd, object, role or kind, a set field, `group.devices`, or `{a, b}`"],
    });
  }
  return { set: { set: "value", of: expr }, element: type.element ?? UNKNOWN };
}

function compileQuantifier(scope: Scope, node: Quantifier): Typed {
  const { set, element } = compileSet(scope, node.set);
  const inner = innerScope(scope);
  const slot = addLocal(inner, node.variable.text, element, node.variable);
  const where = node.where === null ? null : compileCondition(inner, node.where);
  if (node.where !== null) narrow(inner, node.where, true);
  const sum = node.quantifier === "sum";
  const body =
    node.body === null
      ? null
      : sum
        ? compileAs(inner, node.body, INT, "`sum`")
        : compileCondition(inner, node.body);
  const type =
    node.quantifier === "count" || sum
      ? INT
      : node.quantifier === "first"
        ? { ...element, optional: true }
        : BOOL;
  return { expr: { op: node.quantifier, slot, set, where, body }, type };
}
