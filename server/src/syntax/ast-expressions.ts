// The expressions and types of the syntax tree; ast.ts has the rest and what holds for all nodes.

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A part that did not parse. `found` spans the text that was skipped. */
export interface ErrorNode extends Span {
  readonly kind: "error";
  readonly message: string;
}

export interface Name extends Span {
  readonly kind: "name";
  readonly text: string;
}

// ---------------------------------------------------------------- expressions

export interface NumberLiteral extends Span {
  readonly kind: "number";
  readonly value: number;
  /** As written: `0x1000`, `2M`. */
  readonly text: string;
}

/** `6.12`, compared as kernel versions are. */
export interface VersionLiteral extends Span {
  readonly kind: "version";
  readonly major: number;
  readonly minor: number;
}

export interface StringLiteral extends Span {
  readonly kind: "string";
  readonly value: string;
}

export interface Keyword extends Span {
  readonly kind: "keyword";
  readonly word: "none" | "true" | "false" | "caller" | "kernel";
}

export interface FieldAccess extends Span {
  readonly kind: "field";
  readonly target: Expression;
  readonly name: Name;
}

/** `name: value`, `.name = value` or just a value. */
export interface Argument extends Span {
  readonly kind: "argument";
  readonly name: Name | null;
  readonly value: Expression;
}

/** A call of a define, a built-in or an operation. `ioctl(fd, OP, arg)` has callee `OP` and `viaIoctl`. */
export interface Call extends Span {
  readonly kind: "call";
  readonly callee: Name;
  readonly args: readonly Argument[];
  readonly viaIoctl: boolean;
}

export interface Unary extends Span {
  readonly kind: "unary";
  readonly op: "not" | "-";
  readonly operand: Expression;
}

export type BinaryOperator =
  | "or"
  | "and"
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "in"
  | "not in"
  | "|"
  | "&"
  | "+"
  | "-"
  | "*"
  | "/"
  | "%";

export interface Binary extends Span {
  readonly kind: "binary";
  readonly op: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/** `f is container`: true when the value is of that kind; narrows a plain name. */
export interface IsTest extends Span {
  readonly kind: "is";
  readonly operand: Expression;
  readonly negated: boolean;
  readonly type: Name;
}

/** `all x in SET where P: Q`, `any …`, `count(x in SET where P)`, `first(x in SET where P)`, `sum(x in SET where P: N)`. */
export interface Quantifier extends Span {
  readonly kind: "quantifier";
  readonly quantifier: "all" | "any" | "count" | "first" | "sum";
  readonly variable: Name;
  readonly set: Expression;
  readonly where: Expression | null;
  /** Null for `count` and `first`. */
  readonly body: Expression | null;
}

export interface Conditional extends Span {
  readonly kind: "conditional";
  readonly condition: Expression;
  readonly then: Expression;
  readonly otherwise: Expression;
}

export interface SetLiteral extends Span {
  readonly kind: "set";
  readonly elements: readonly Expression[];
}

/** `{ .ioasid = gpa, .flags = 0 }`: scenarios only. */
export interface StructLiteral extends Span {
  readonly kind: "struct";
  readonly fields: readonly Argument[];
}

/** `new ioasid { parent: p } in ctx`: the value of an assignment, a let, a return or a statement. */
export interface NewExpression extends Span {
  readonly kind: "new";
  readonly type: Name;
  readonly fields: readonly Argument[];
  readonly owner: Expression | null;
}

export type Expression =
  | NumberLiteral
  | VersionLiteral
  | StringLiteral
  | Keyword
  | Name
  | FieldAccess
  | Call
  | Unary
  | Binary
  | IsTest
  | Quantifier
  | Conditional
  | SetLiteral
  | StructLiteral
  | NewExpression;

/** A message with holes: `"{d} is driven by {d.driver}"`. */
export interface Template extends Span {
  readonly kind: "template";
  readonly parts: readonly (string | Expression)[];
}

// ---------------------------------------------------------------- types

export type TypeAtom =
  | Name
  | (Span & { readonly kind: "enum"; readonly members: readonly Name[] })
  | (Span & { readonly kind: "set-of"; readonly element: TypeNode });

/** `ioasid?`, `container | iommufd`, `enum {host, blocked}`, `set of range`. */
export interface TypeNode extends Span {
  readonly kind: "type";
  readonly alternatives: readonly TypeAtom[];
  readonly optional: boolean;
}

export interface Parameter extends Span {
  readonly kind: "parameter";
  readonly name: Name;
  readonly type: TypeNode;
  readonly value: Expression | null;
}
