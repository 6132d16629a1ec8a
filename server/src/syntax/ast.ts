// The syntax tree: plain data, one interface per node. It knows nothing of names, types or meaning.
// Spans are offsets in UTF-16 units, relative to the start of the item that was parsed (a declaration, or a step
// of a scenario), so that an edit elsewhere in the file leaves them as they are.

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

/** `all x in SET where P: Q`, `any …`, `count(x in SET where P)`, `first(x in SET where P)`. */
export interface Quantifier extends Span {
  readonly kind: "quantifier";
  readonly quantifier: "all" | "any" | "count" | "first";
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

// ---------------------------------------------------------------- statements of operations and rules

export interface Require extends Span {
  readonly kind: "require";
  /** `require?`: a check that the kernel might make. */
  readonly maybe: boolean;
  /** `since 6.17`: made by kernels from this version on. */
  readonly since: VersionLiteral | null;
  /** `until 6.17`: made by kernels before this version only. */
  readonly until: VersionLiteral | null;
  readonly condition: Expression;
  /** Null in rules. */
  readonly errno: Name | null;
  readonly message: Template | null;
}

export interface Assign extends Span {
  readonly kind: "assign";
  readonly target: Expression;
  readonly value: Expression;
}

export interface Let extends Span {
  readonly kind: "let";
  readonly name: Name;
  readonly value: Expression;
}

/** `destroy x`, `close f`: an object dies; the caller's handle on a file is dropped. */
export interface Drop extends Span {
  readonly kind: "destroy" | "close";
  readonly target: Expression;
}

/** `give f to t`: task t gets a handle on the same open file. */
export interface Give extends Span {
  readonly kind: "give";
  readonly target: Expression;
  readonly to: Expression;
}

export interface For extends Span {
  readonly kind: "for";
  readonly variable: Name;
  readonly set: Expression;
  readonly where: Expression | null;
  readonly body: readonly Statement[];
  readonly open: boolean;
}

export interface If extends Span {
  readonly kind: "if";
  readonly condition: Expression;
  readonly then: readonly Statement[];
  readonly otherwise: readonly Statement[] | null;
  readonly open: boolean;
}

export interface Return extends Span {
  readonly kind: "return";
  readonly value: Expression | null;
}

export type Statement = Require | Assign | Let | Drop | Give | For | If | Return | NewExpression | ErrorNode;

// ---------------------------------------------------------------- members of proposals

interface Documented extends Span {
  /** The text of the `///` lines above, without the slashes. */
  readonly doc: readonly string[];
}

export interface FieldDeclaration extends Documented {
  readonly kind: "field-declaration";
  readonly weak: boolean;
  readonly name: Name;
  readonly type: TypeNode;
  readonly value: Expression | null;
}

/** `on open { … }`, `on close { … }`, `on release { … }`, `on destroy { … }`. */
export interface OnBlock extends Span {
  readonly kind: "on";
  readonly event: Name;
  readonly body: readonly Statement[];
  readonly open: boolean;
}

export type FieldItem = FieldDeclaration | OnBlock | ErrorNode;

export interface FdDeclaration extends Documented {
  readonly kind: "fd";
  readonly name: Name;
  readonly roles: readonly Name[];
  readonly path: StringLiteral | null;
  readonly exclusive: boolean;
  readonly body: readonly FieldItem[];
  readonly open: boolean;
}

export interface ObjectDeclaration extends Documented {
  readonly kind: "object";
  readonly name: Name;
  readonly roles: readonly Name[];
  readonly owner: Name | null;
  readonly body: readonly FieldItem[];
  readonly open: boolean;
}

/** Mutable state (`state`) or constant facts of the topology (`fact`) of a hardware kind. */
export interface KindFields extends Documented {
  readonly kind: "state" | "fact";
  readonly target: Name;
  readonly body: readonly FieldItem[];
  readonly open: boolean;
}

export interface Operation extends Documented {
  readonly kind: "operation";
  readonly form: "ioctl" | "op";
  readonly override: boolean;
  readonly name: Name;
  readonly params: readonly Parameter[];
  readonly result: TypeNode | null;
  /** `-> ioas as out_ioas_id`: the struct field in which C callers find the result. */
  readonly resultField: Name | null;
  readonly body: readonly Statement[];
  readonly open: boolean;
}

export interface Define extends Documented {
  readonly kind: "define";
  readonly override: boolean;
  readonly name: Name;
  readonly params: readonly Parameter[];
  readonly type: TypeNode | null;
  /** Null: an observable that every proposal has to define. */
  readonly body: Expression | null;
}

export interface Rule extends Documented {
  readonly kind: "rule";
  readonly override: boolean;
  readonly severity: "error" | "warning" | "info";
  readonly name: Name;
  readonly params: readonly Parameter[];
  readonly why: StringLiteral | null;
  readonly body: readonly Statement[];
  readonly open: boolean;
}

export interface ConstDeclaration extends Documented {
  readonly kind: "const";
  readonly override: boolean;
  readonly name: Name;
  readonly value: Expression;
}

export interface RoleDeclaration extends Documented {
  readonly kind: "role";
  readonly name: Name;
}

export interface TypeAlias extends Documented {
  readonly kind: "alias";
  readonly name: Name;
  readonly type: TypeNode;
}

/** `remove IOASID_FREE`: a variant without that operation or rule. */
export interface Remove extends Documented {
  readonly kind: "remove";
  readonly name: Name;
}

export type Member =
  | FdDeclaration
  | ObjectDeclaration
  | KindFields
  | Operation
  | Define
  | Rule
  | ConstDeclaration
  | RoleDeclaration
  | TypeAlias
  | Remove
  | ErrorNode;

// ---------------------------------------------------------------- topology

export interface Attribute extends Span {
  readonly kind: "attribute";
  readonly name: Name;
  readonly value: Expression | null;
}

export interface DeviceEntry extends Documented {
  readonly kind: "device";
  readonly name: Name;
  readonly address: StringLiteral | null;
  readonly driver: Name | null;
  readonly attributes: readonly Attribute[];
}

export interface GroupEntry extends Documented {
  readonly kind: "group";
  readonly name: Name;
  readonly iommu: Name | null;
  readonly attributes: readonly Attribute[];
  readonly body: readonly Entry[];
  readonly open: boolean;
}

export interface IommuEntry extends Documented {
  readonly kind: "iommu";
  readonly name: Name;
  readonly attributes: readonly Attribute[];
}

export interface KernelEntry extends Documented {
  readonly kind: "kernel";
  readonly version: VersionLiteral;
}

/** `host default_domain = identity`: facts of the whole machine. */
export interface HostEntry extends Documented {
  readonly kind: "host";
  readonly attributes: readonly Attribute[];
}

export type Entry = DeviceEntry | GroupEntry | IommuEntry | KernelEntry | HostEntry | ErrorNode;

// ---------------------------------------------------------------- scenarios

/** `fails EBUSY`, `fails`, `violates secure_context`, `ok`. */
export interface Outcome extends Span {
  readonly kind: "outcome";
  readonly outcome: "ok" | "fails" | "violates";
  readonly name: Name | null;
}

/** `x = OP(a, b) fails EBUSY`, `at.flags = 1`, `OP(a)`. */
export interface CallStep extends Span {
  readonly kind: "step";
  /** What takes the result: a name, or a field of a struct. */
  readonly target: Name | FieldAccess | null;
  readonly value: Expression;
  /** One of these must come true; empty when nothing is expected. */
  readonly expected: readonly Outcome[];
}

export interface TaskStep extends Span {
  readonly kind: "task";
  readonly name: Name;
  readonly attributes: readonly Attribute[];
  readonly body: readonly Step[];
  readonly open: boolean;
}

export interface ParallelStep extends Span {
  readonly kind: "parallel";
  readonly body: readonly Step[];
  readonly open: boolean;
}

/** `assert dma(nic0) == blocked`: must be true here. */
export interface AssertStep extends Span {
  readonly kind: "assert";
  readonly condition: Expression;
}

export type Step = CallStep | TaskStep | ParallelStep | AssertStep | ErrorNode;

// ---------------------------------------------------------------- verify

export interface Claim extends Span {
  readonly kind: "claim";
  readonly claim: "safe" | "breaks" | "reach" | "never";
  /** The rule of `breaks`, or the quoted goal of `reach` and `never`. */
  readonly name: Name | StringLiteral | null;
  readonly condition: Expression | null;
}

/** `tasks 2`, `depth 12`, `limit ioasid 2`. */
export interface Bound extends Span {
  readonly kind: "bound";
  readonly bound: "tasks" | "depth" | "limit";
  readonly name: Name | null;
  readonly value: NumberLiteral;
}

export type ClaimItem = Claim | Bound | ErrorNode;

// ---------------------------------------------------------------- files

export interface UseDeclaration extends Documented {
  readonly kind: "use";
  /** A shipped proposal or one of this workspace by name, or a file by its quoted path. */
  readonly targets: readonly (Name | StringLiteral)[];
}

export interface TopologyDeclaration extends Documented {
  readonly kind: "topology";
  readonly name: Name;
  readonly body: readonly Entry[];
  readonly open: boolean;
}

export interface ProposalDeclaration extends Documented {
  readonly kind: "proposal";
  readonly abstract: boolean;
  readonly name: Name;
  readonly base: Name | null;
  readonly body: readonly Member[];
  readonly open: boolean;
}

export interface ScenarioDeclaration extends Documented {
  readonly kind: "scenario";
  readonly name: Name | StringLiteral;
  readonly topology: Name | null;
  /** `with vfio`: which of the used proposals; null: the one that the file uses. */
  readonly proposal: Name | null;
  readonly body: readonly Step[];
  readonly open: boolean;
}

export interface VerifyDeclaration extends Documented {
  readonly kind: "verify";
  readonly proposal: Name;
  readonly topologies: readonly Name[];
  readonly body: readonly ClaimItem[];
  readonly open: boolean;
}

export type Declaration =
  | UseDeclaration
  | TopologyDeclaration
  | ProposalDeclaration
  | ScenarioDeclaration
  | VerifyDeclaration
  | ErrorNode;

export interface File extends Span {
  readonly kind: "file";
  readonly declarations: readonly Declaration[];
}
