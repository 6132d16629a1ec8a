// The syntax tree: plain data, one interface per node. It knows nothing of names, types or meaning.
// Spans are offsets in UTF-16 units, relative to the start of the item that was parsed (a declaration, or a step
// of a scenario), so that an edit elsewhere in the file leaves them as they are.

import type {
  Call,
  ErrorNode,
  Expression,
  FieldAccess,
  Name,
  NewExpression,
  NumberLiteral,
  Parameter,
  Span,
  StringLiteral,
  Template,
  TypeNode,
  VersionLiteral,
} from "./ast-expressions.ts";

export type * from "./ast-expressions.ts";

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
  /** Null in rules and hazards. */
  readonly errno: Name | null;
  /** `else warning move_moves_peers "…"`: the call goes on, and that is reported. */
  readonly hazard: { readonly severity: Severity; readonly name: Name } | null;
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

/** `leave(g)`: the statements of an effect, here. */
export interface Do extends Span {
  readonly kind: "do";
  readonly call: Call;
}

/** `fail ENOENT "…"`: the call ends with this errno and keeps what it did. */
export interface Fail extends Span {
  readonly kind: "fail";
  readonly errno: Name;
  readonly message: Template | null;
}

export type Statement =
  | Fail
  | Do
  | Require
  | Assign
  | Let
  | Drop
  | Give
  | For
  | If
  | Return
  | NewExpression
  | ErrorNode;

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
export interface OnBlock extends Documented {
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
  /** Each has an `id`: the lowest number, from 1, that is free among the numbered objects of its owner. */
  readonly numbered: boolean;
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

/** Statements under a name, for several operations and `on` blocks. */
export interface Effect extends Documented {
  readonly kind: "effect";
  readonly override: boolean;
  readonly name: Name;
  readonly params: readonly Parameter[];
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

/** `off`: only when asked for. */
export type Severity = "error" | "warning" | "info" | "off";

/** What calls report with `require … else warning NAME`. */
export interface HazardDeclaration extends Documented {
  readonly kind: "hazard";
  readonly override: boolean;
  readonly severity: Severity;
  readonly name: Name;
  readonly why: StringLiteral | null;
}

export interface Rule extends Documented {
  readonly kind: "rule";
  readonly override: boolean;
  readonly severity: Severity;
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
  | Effect
  | Define
  | Rule
  | HazardDeclaration
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

/** `with bind_driver, IOASID_ALLOC`: calls to try with all their arguments, also such as nobody has to make or give. */
export interface InFull extends Span {
  readonly kind: "in-full";
  readonly names: readonly Name[];
}

export type ClaimItem = Claim | Bound | InFull | ErrorNode;

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
