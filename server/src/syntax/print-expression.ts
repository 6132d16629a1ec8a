// Expressions, types and messages as text, with as few parentheses as the grammar allows. Knows nothing of
// statements or layout. What is printed parses to the same tree, spans and the C spelling of calls aside.

import type { Argument, Binary, Call, Expression, Name, Template, TypeAtom, TypeNode } from "./ast.ts";

/** How tightly an expression holds together; the levels are those of the grammar. */
// biome-ignore format: a table
const level = {
  "or": 0, "and": 1, "not": 2, "==": 3, "!=": 3, "<": 3, "<=": 3, ">": 3, ">=": 3, "in": 3, "not in": 3,
  "is": 3, "|": 4, "&": 5, "+": 6, "-": 6, "*": 7, "/": 7, "%": 7, "minus": 8, "postfix": 9, "primary": 10,
} as const;

const arithmetic = level["|"];

/** What `all …: P` and `if … else P` get when something follows that P would swallow: always parentheses. */
const swallows = -1;

/**
 * What stands behind an expression. `end`: a delimiter, or nothing. `more`: something that an expression which is
 * open to the right, like the body of a quantifier, would take for its own.
 */
type Follows = "end" | "more";

const reserved = new Set(
  "none true false caller kernel NULL and or not in is if then else where new".split(" "),
);
const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A name that may not be a reserved word; quoted if it is none. */
export function printName(name: Name): string {
  return identifier.test(name.text) && !reserved.has(name.text) ? name.text : quote(name.text);
}

/** A name behind a dot or before a colon, where reserved words are names like any other. */
export function printIdent(name: Name): string {
  return identifier.test(name.text) ? name.text : quote(name.text);
}

/** A name of the topology or of a task: also `26`, or a quoted text. */
export function printAnyName(name: Name): string {
  return /^[A-Za-z0-9_]+$/.test(name.text) ? name.text : quote(name.text);
}

export function quote(value: string): string {
  return `"${escaped(value)}"`;
}

// A line break has no spelling but `\n`; the grammar never yields "\r".
function escaped(value: string): string {
  return value
    .replace(/["\\]/g, "\\$&")
    .replace(/\r\n?|\n/g, "\\n")
    .replace(/\t/g, "\\t");
}

export function printExpression(node: Expression): string {
  return at(node, level.or, "end");
}

/** An expression where only arithmetic may stand, as the value of an attribute. */
export function printArithmetic(node: Expression): string {
  return at(node, arithmetic, "more");
}

/** An expression where only a name, a call, a field or something in parentheses may stand. */
export function printPostfix(node: Expression): string {
  return at(node, level.postfix, "more");
}

export function printTemplate(node: Template): string {
  const parts = node.parts.map((part) => {
    if (typeof part === "string") return escaped(part).replaceAll("{", "{{");
    const hole = printExpression(part);
    return `{${hole.startsWith("{") ? " " : ""}${hole}}`; // `{{` would be a brace
  });
  return `"${parts.join("")}"`;
}

export function printType(node: TypeNode): string {
  return node.alternatives.map(printTypeAtom).join(" | ") + (node.optional ? "?" : "");
}

function printTypeAtom(node: TypeAtom): string {
  switch (node.kind) {
    case "name":
      return printName(node);
    case "enum":
      return `enum {${node.members.map(printName).join(", ")}}`;
    case "set-of":
      return `set of ${printType(node.element)}`;
    default:
      return unreachable(node);
  }
}

/** `{ a: b, c }` of `new`, with the space before it; empty when there are no fields. */
function printFields(fields: readonly Argument[]): string {
  return fields.length === 0 ? "" : ` { ${fields.map(printArgument).join(", ")} }`;
}

function printArgument(node: Argument): string {
  const value = printExpression(node.value);
  return node.name === null ? value : `${printIdent(node.name)}: ${value}`;
}

function at(node: Expression, least: number, follows: Follows): string {
  return levelOf(node, follows) < least ? `(${write(node, "end")})` : write(node, follows);
}

function levelOf(node: Expression, follows: Follows): number {
  switch (node.kind) {
    case "binary":
      return level[node.op];
    case "is":
      return level.is;
    case "unary":
      return node.op === "not" ? level.not : level.minus;
    case "field":
      return level.postfix;
    case "conditional":
      return follows === "end" ? level.primary : swallows;
    case "quantifier":
      return node.body === null || follows === "end" ? level.primary : swallows;
    case "new":
      return level.or;
    default:
      return level.primary;
  }
}

function write(node: Expression, follows: Follows): string {
  switch (node.kind) {
    case "name":
      return printName(node);
    case "number":
      return node.text;
    case "version":
      return `${digits(node.major)}.${digits(node.minor)}`;
    case "string":
      return quote(node.value);
    case "keyword":
      return node.word;
    case "field":
      return writeFields(node);
    case "call":
      return writeCall(node);
    case "unary":
      return node.op === "not"
        ? `not ${at(node.operand, level.not, follows)}`
        : `-${at(node.operand, level.minus, follows)}`;
    case "binary":
      return writeBinary(node, follows);
    case "is":
      return `${at(node.operand, arithmetic, "more")} is ${node.negated ? "not " : ""}${printName(node.type)}`;
    case "quantifier": {
      const where = node.where === null ? "" : ` where ${at(node.where, level.or, "more")}`;
      const range = `${printName(node.variable)} in ${at(node.set, arithmetic, "more")}${where}`;
      return node.body === null
        ? `${node.quantifier}(${range})`
        : node.quantifier === "sum"
          ? `sum(${range}: ${printExpression(node.body)})`
          : `${node.quantifier} ${range}: ${at(node.body, level.or, follows)}`;
    }
    case "conditional":
      return `if ${printExpression(node.condition)} then ${printExpression(node.then)} else ${at(node.otherwise, level.or, follows)}`;
    case "set":
      return `{${node.elements.map(printExpression).join(", ")}}`;
    case "struct":
      return `{ ${node.fields.map(writeStructField).join(", ")} }`;
    case "new": {
      const owner = node.owner === null ? "" : ` in ${printPostfix(node.owner)}`;
      return `new ${printName(node.type)}${printFields(node.fields)}${owner}`;
    }
    default:
      return unreachable(node);
  }
}

function writeStructField(field: Argument): string {
  const value = printExpression(field.value);
  return field.name === null ? value : `.${printIdent(field.name)} = ${value}`;
}

// Chains are as long as a line may be: walked, not recursed into.
function writeFields(node: Expression): string {
  const names: string[] = [];
  let head = node;
  for (; head.kind === "field"; head = head.target) names.push(`.${printIdent(head.name)}`);
  return printPostfix(head) + names.reverse().join("");
}

function writeBinary(node: Binary, follows: Follows): string {
  const parts: string[] = [];
  let outer = node;
  let behind = follows;
  for (;;) {
    const own = level[outer.op];
    const leftmost = own === level["=="] ? arithmetic : own; // comparisons do not chain
    parts.push(at(outer.right, own + 1, behind), outer.op);
    const { left } = outer;
    if (left.kind !== "binary" || level[left.op] < leftmost) {
      parts.push(at(left, leftmost, "more"));
      return parts.reverse().join(" ");
    }
    outer = left;
    behind = "more";
  }
}

function writeCall(node: Call): string {
  const args = node.args.map((arg, index) =>
    readsDifferently(node, index) ? `(${printArgument(arg)})` : printArgument(arg),
  );
  return `${printName(node.callee)}(${args.join(", ")})`;
}

/** An argument that, left bare, would make `count(x in s)` a quantifier or `ioctl(fd, OP)` a call of OP. */
function readsDifferently({ callee, args }: Call, index: number): boolean {
  const arg = args[index];
  if (arg === undefined || arg.name !== null) return false;
  if (callee.text === "ioctl") return index === 1 && arg.value.kind === "name";
  if (callee.text !== "count" && callee.text !== "first") return false;
  return (
    args.length === 1 &&
    arg.value.kind === "binary" &&
    arg.value.op === "in" &&
    arg.value.left.kind === "name"
  );
}

/** The digits of a whole number of any size. */
export function digits(value: number): string {
  return Number.isFinite(value) ? BigInt(Math.trunc(value)).toString() : "9".repeat(310);
}

export function unreachable(node: never): never {
  throw new TypeError(`no such node: ${JSON.stringify(node)}`);
}
