// Expressions of a System as TLA+. A value is a number in a Machine whatever it means; TLA+ tells truth values, ranges
// and sets from numbers, so each expression is written as what is wanted of it.

import type { Problem } from "../explore/problem.ts";
import type { Expr, Quantified, SetExpr } from "../model/ir.ts";
import type { Type } from "../model/system.ts";
import { NONE } from "../model/values.ts";
import { type Names, NotInTla } from "./tla-names.ts";

/** `thing`: a thing, a name, or none; in the module it is a number, as an `int` is. A range is a pair. */
export type Form = "bool" | "thing" | "int" | "range" | "things" | "ints" | "ranges";

/** What a slot holds: a text and its form; a constant is written anew wherever it is used. */
export interface Local {
  readonly text: string;
  readonly form: Form;
  readonly constant?: Expr;
  /** A thing of these kinds for sure, and no none. */
  readonly kinds?: readonly number[];
}

export interface Scope {
  /** The text of the call under way. */
  readonly call: string;
  /** A name for what is bound in here. */
  readonly bind: (wanted: string) => string;
  readonly locals: ReadonlyMap<number, Local>;
}

/** Definitions that expressions need, made when they are first asked for. */
export interface Writer {
  readonly problem: Problem;
  readonly names: Names;
  readonly field: (fields: readonly number[], missing: number) => string;
  readonly define: (define: number) => string;
}

/** The most that TLC can count. */
const MOST = 2 ** 31 - 1;

export function formOf(type: Type | undefined): Form {
  switch (type?.base) {
    case "bool":
    case "range":
      return type.base;
    case "int":
      return "int";
    case "set":
      return many(formOf(type.element ?? undefined));
    default:
      return "thing";
  }
}

const many = (form: Form): Form => (form === "range" ? "ranges" : form === "int" ? "ints" : "things");
const one = (form: Form): Form => (form === "ranges" ? "range" : form === "ints" ? "int" : "thing");
/** Both are numbers in the module. */
const isNumber = (form: Form): boolean => form === "thing" || form === "int";

/** Null for a constant, which can be anything. */
export function formOfExpression(writer: Writer, expr: Expr, scope: Scope): Form | null {
  const { system } = writer.problem;
  switch (expr.op) {
    case "const":
      return null;
    case "local": {
      const local = scope.locals.get(expr.slot);
      return local === undefined || local.constant !== undefined ? null : local.form;
    }
    case "field":
      return formOf(system.fields[expr.fields[0] ?? -1]?.type);
    case "define":
      return formOf(system.defines[expr.define]?.result);
    case "if":
      return formOfExpression(writer, expr.then, scope) ?? formOfExpression(writer, expr.otherwise, scope);
    case "range":
      return "range";
    case "set":
      return expr.of === "ranges" ? "ranges" : formOfList(writer, expr.elements, scope);
    case "first":
      return one(formOfSet(writer, expr.set, scope) ?? "things");
    case "caller":
      return "thing";
    case "kernel":
    case "arithmetic":
    case "count":
    case "sum":
    case "range-part":
      return "int";
    default:
      return "bool";
  }
}

function formOfSet(writer: Writer, set: SetExpr, scope: Scope): Form | null {
  if (set.set === "value") return formOfExpression(writer, set.of, scope);
  return set.set === "listed" ? formOfList(writer, set.elements, scope) : "things";
}

function formOfList(writer: Writer, elements: readonly Expr[], scope: Scope): Form | null {
  const [form] = elements.flatMap((element) => formOfExpression(writer, element, scope) ?? []);
  return form === undefined ? null : many(form);
}

/** In parentheses unless it is one piece. */
export function write(writer: Writer, expr: Expr, scope: Scope, wanted: Form): string {
  const own = formOfExpression(writer, expr, scope);
  if (own === null || own === wanted || (isNumber(own) && isNumber(wanted)) || isSetOfNumbers(own, wanted))
    return writeAs(writer, expr, scope, wanted);
  const text = writeAs(writer, expr, scope, own);
  if (own === "bool" && isNumber(wanted)) return `(IF ${text} THEN 1 ELSE 0)`;
  if (isNumber(own) && wanted === "bool") return `(${text} = 1)`;
  throw new NotInTla(`a ${own} stands where a ${wanted} is wanted`);
}

const isSetOfNumbers = (a: Form, b: Form): boolean =>
  (a === "things" || a === "ints") && (b === "things" || b === "ints");

function writeAs(writer: Writer, expr: Expr, scope: Scope, form: Form): string {
  const { problem, names } = writer;
  const bool = (inner: Expr): string => write(writer, inner, scope, "bool");
  const int = (inner: Expr): string => write(writer, inner, scope, "int");
  const thing = (inner: Expr): string => write(writer, inner, scope, "thing");
  const range = (inner: Expr): string => write(writer, inner, scope, "range");
  switch (expr.op) {
    case "const":
      return constant(writer, expr.value, form);
    case "local": {
      const local = scope.locals.get(expr.slot);
      if (local?.constant !== undefined) return writeAs(writer, local.constant, scope, form);
      return local?.text ?? constant(writer, NONE, form);
    }
    case "caller":
      return `${scope.call}.caller`;
    case "kernel":
      return numeral(problem.topology.kernel);
    case "field":
      return `${writer.field(expr.fields, expr.missing)}(${scope.call}, ${bare(thing(expr.of))})`;
    case "not":
      return `~${bool(expr.of)}`;
    case "and":
      return `(${bool(expr.left)} /\\ ${bool(expr.right)})`;
    case "or":
      return `(${bool(expr.left)} \\/ ${bool(expr.right)})`;
    case "compare": {
      const [left, right] = [expr.left, expr.right];
      const shared = formOfExpression(writer, left, scope) ?? formOfExpression(writer, right, scope) ?? "int";
      const mixed = formOfExpression(writer, right, scope) ?? shared;
      const both = mixed === shared || isNumber(mixed) === isNumber(shared) ? shared : "int";
      const sign = { "==": "=", "!=": "#", "<": "<", "<=": "<=", ">": ">", ">=": ">=" }[expr.with];
      return `(${write(writer, left, scope, both)} ${sign} ${write(writer, right, scope, both)})`;
    }
    case "arithmetic":
      return arithmetic(expr.with, int(expr.left), int(expr.right));
    case "if":
      return `(IF ${bare(bool(expr.condition))} THEN ${bare(write(writer, expr.then, scope, form))} ELSE ${bare(write(writer, expr.otherwise, scope, form))})`;
    case "in": {
      const set = formOfSet(writer, expr.set, scope);
      const value = formOfExpression(writer, expr.value, scope);
      const element = set === null ? (value ?? "thing") : one(set);
      return `(${write(writer, expr.value, scope, element)} \\in ${setText(writer, expr.set, scope, element)})`;
    }
    case "is": {
      const sets = expr.kinds.map((kind) => names.kinds[kind] ?? "{}");
      return `(${thing(expr.value)} \\in ${sets.length === 1 ? sets[0] : `(${sets.join(" \\cup ") || "{}"})`})`;
    }
    case "all":
    case "any":
    case "count":
    case "first":
    case "sum":
      return quantified(writer, expr, scope);
    case "range":
      return `<<${bare(int(expr.start))}, ${bare(int(expr.size))}>>`;
    case "range-part": {
      const of = range(expr.of);
      const part = { start: `${of}[1]`, size: `${of}[2]`, end: `(${of}[1] + ${of}[2])` }[expr.part];
      return `(IF ${of} = <<>> THEN none ELSE ${part})`;
    }
    case "overlaps":
    case "contains": {
      const [a, b] = [range(expr.left), range(expr.right)];
      const within =
        expr.op === "overlaps"
          ? `${a}[1] < ${b}[1] + ${b}[2] /\\ ${b}[1] < ${a}[1] + ${a}[2]`
          : `${a}[1] <= ${b}[1] /\\ ${b}[1] + ${b}[2] <= ${a}[1] + ${a}[2]`;
      return `(${a} # <<>> /\\ ${b} # <<>> /\\ ${within})`;
    }
    case "referenced":
      return `Referenced(${scope.call}, ${bare(thing(expr.of))})`;
    case "live":
      return `Alive(${scope.call}, ${bare(thing(expr.of))})`;
    case "holds":
      return `Holds(${scope.call}, ${bare(thing(expr.task))}, ${bare(thing(expr.file))})`;
    case "set":
      return `{${expr.elements.map((element) => bare(write(writer, element, scope, one(form)))).join(", ")}}`;
    case "define":
      return defineCall(writer, expr, scope);
    default:
      return expr satisfies never;
  }
}

function defineCall(writer: Writer, expr: Extract<Expr, { op: "define" }>, scope: Scope): string {
  const params = writer.problem.system.defines[expr.define]?.params ?? [];
  const args = expr.args.map((arg, i) => bare(write(writer, arg, scope, formOf(params[i]?.type))));
  return `${writer.define(expr.define)}(${[scope.call, ...args].join(", ")})`;
}

function arithmetic(sign: string, left: string, right: string): string {
  switch (sign) {
    case "/":
      return `(IF ${right} = 0 THEN 0 ELSE ${left} \\div ${right})`;
    case "%":
      return `(IF ${right} = 0 THEN ${left} ELSE ${left} - (${left} \\div ${right}) * ${right})`;
    case "|":
      return `BitOr(${bare(left)}, ${bare(right)})`;
    case "&":
      return `BitAnd(${bare(left)}, ${bare(right)})`;
    default:
      return `(${left} ${sign} ${right})`;
  }
}

function quantified(writer: Writer, expr: Quantified, scope: Scope): string {
  const element = one(formOfSet(writer, expr.set, scope) ?? "things");
  const inner = (text: string): Scope => ({
    ...scope,
    locals: new Map([...scope.locals, [expr.slot, { text, form: element }]]),
  });
  const where = (text: string): string | null =>
    expr.where === null ? null : write(writer, expr.where, inner(text), "bool");
  if (expr.set.set === "listed" && (expr.op === "count" || expr.op === "sum" || expr.op === "first")) {
    const members = expr.set.elements.map((member) => write(writer, member, scope, element));
    const each = (text: string): string =>
      expr.op === "sum" && expr.body !== null ? write(writer, expr.body, inner(text), "int") : "1";
    if (expr.op === "first")
      return members.reduceRight(
        (rest, text) => `(IF ${where(text) ?? "TRUE"} THEN ${text} ELSE ${rest})`,
        "none",
      );
    return `(${members.map((text) => `(IF ${where(text) ?? "TRUE"} THEN ${each(text)} ELSE 0)`).join(" + ") || "0"})`;
  }
  const name = scope.bind(boundName(writer, expr.set));
  const set = setText(writer, expr.set, scope, element);
  const filter = where(name);
  const body =
    expr.body === null ? null : write(writer, expr.body, inner(name), expr.op === "sum" ? "int" : "bool");
  const chosen = filter === null ? set : `{${name} \\in ${set} : ${bare(filter)}}`;
  switch (expr.op) {
    case "all":
      return `(\\A ${name} \\in ${set} : ${filter === null ? "" : `${filter} => `}${body ?? "TRUE"})`;
    case "any":
      return `(\\E ${name} \\in ${set} : ${[filter, body].filter((each) => each !== null).join(" /\\ ") || "TRUE"})`;
    case "count":
      return `Cardinality(${chosen})`;
    case "first":
      checkOrder(writer, expr.set);
      return `Least(${chosen})`;
    case "sum":
      return `Total({<<${name}, ${bare(body ?? "0")}>> : ${name} \\in ${chosen}})`;
    default:
      return expr.op satisfies never;
  }
}

/** After the first letter of what it ranges over. */
function boundName({ problem }: Writer, set: SetExpr): string {
  const kind =
    set.set === "kinds" && set.kinds.length === 1
      ? set.kinds[0]
      : set.set === "having"
        ? problem.system.fields[set.field]?.kind
        : undefined;
  const [letter = "e"] = problem.system.kinds[kind ?? -1]?.name ?? "e";
  return letter;
}

/** Where the order matters, it has to be that of the numbers. */
export function checkOrder({ problem }: Writer, set: SetExpr): void {
  if (set.set === "kinds" && set.kinds.some((kind, i) => kind < (set.kinds[i - 1] ?? -1)))
    throw new NotInTla("the order of kinds matters");
  if (set.set !== "value" || set.of.op !== "field") return;
  const element = problem.system.fields[set.of.fields[0] ?? -1]?.type.element;
  if (element?.base !== "value" || element.names.length > 0)
    throw new NotInTla("the order of names or ranges in a set matters");
}

export function setText(writer: Writer, set: SetExpr, scope: Scope, element: Form): string {
  const { names, problem } = writer;
  switch (set.set) {
    case "kinds": {
      const kinds = set.kinds.map((kind) => names.kinds[kind] ?? "{}");
      const all = kinds.length === 1 ? `${kinds[0]}` : `(${kinds.join(" \\cup ") || "{}"})`;
      const isHardware = set.kinds.every((kind) => problem.system.kinds[kind]?.sort === "hardware");
      return isHardware ? all : `Live(${scope.call}, ${bare(all)})`;
    }
    case "having": {
      const field = problem.system.fields[set.field];
      const kind = names.kinds[field?.kind ?? -1] ?? "{}";
      const isHardware = problem.system.kinds[field?.kind ?? -1]?.sort === "hardware";
      const owner = write(writer, set.of, scope, "thing");
      const name = scope.bind(kind[0] ?? "e");
      const of = `${writer.field([set.field], NONE)}(${scope.call}, ${name})`;
      const all = isHardware ? kind : `Live(${scope.call}, ${kind})`;
      return `{${name} \\in ${all} : ${owner} # none /\\ ${of} = ${owner}}`;
    }
    case "listed":
      return `{${set.elements.map((each) => bare(write(writer, each, scope, element))).join(", ")}}`;
    case "value":
      return write(writer, set.of, scope, many(element));
    default:
      return set satisfies never;
  }
}

export function constant(writer: Writer, value: number, form: Form): string {
  const { values } = writer.problem.system;
  switch (form) {
    case "bool":
      return value === 1 ? "TRUE" : "FALSE";
    case "range": {
      if (value === NONE) return "<<>>";
      const { start, size } = values.rangeOf(value);
      return `<<${numeral(start)}, ${numeral(size)}>>`;
    }
    case "things":
    case "ints":
    case "ranges": {
      const members = value === NONE ? [] : values.setOf(value);
      return `{${members.map((member) => constant(writer, member, one(form))).join(", ")}}`;
    }
    case "int":
      return numeral(value);
    case "thing":
      return writer.names.value(value);
    default:
      return form satisfies never;
  }
}

/** A plain number. */
function numeral(value: number): string {
  if (value > MOST) throw new NotInTla(`TLC counts to 2^31 - 1, not to ${value}`);
  return value < 0 ? `(${value})` : String(value);
}

/** Not: without a second `~`. */
export function negated(text: string): string {
  const inner = text.startsWith("~") ? bare(text.slice(1)) : null;
  if (inner !== null && (isOnePiece(text.slice(1)) || inner !== text.slice(1))) return inner;
  return isOnePiece(text) ? `~${text}` : `~(${text})`;
}

/** A name, applied or not. */
function isOnePiece(text: string): boolean {
  const match = /^\w+(\(.*\))?$/s.exec(text);
  return match !== null && (match[1] === undefined || bare(match[1]) !== match[1]);
}

/** Without the parentheses around all of it. */
export function bare(text: string): string {
  if (!text.startsWith("(") || !text.endsWith(")")) return text;
  let depth = 0;
  for (let i = 0; i < text.length - 1; i++) {
    depth += text[i] === "(" ? 1 : text[i] === ")" ? -1 : 0;
    if (depth === 0) return text;
  }
  return text.slice(1, -1);
}
