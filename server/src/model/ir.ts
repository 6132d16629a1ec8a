// The compiled form of a proposal: typed, resolved, plain data. Interpreters, exporters and the explorer read it;
// it knows no syntax. A value is always a number:
//   none -1 · bool 0 or 1 · int itself · names and strings -2 - symbol · a reference kind * KIND + index
//   range and set: the index of an interned composite (see values.ts)

/** Where a piece of a proposal stands: an item of a file, and offsets relative to that item. */
export interface Site {
  readonly uri: string;
  readonly item: number;
  readonly start: number;
  readonly end: number;
}

export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=";
export type ArithmeticOperator = "+" | "-" | "*" | "/" | "%" | "|" | "&";

export type Expr =
  | { readonly op: "const"; readonly value: number }
  | { readonly op: "local"; readonly slot: number }
  | { readonly op: "caller" }
  | { readonly op: "kernel" }
  /** A field of `none` is `missing`: none, or 0 where the field is a bool. */
  | { readonly op: "field"; readonly fields: readonly number[]; readonly of: Expr; readonly missing: number }
  | { readonly op: "not"; readonly of: Expr }
  | { readonly op: "and" | "or"; readonly left: Expr; readonly right: Expr }
  | { readonly op: "compare"; readonly with: Comparison; readonly left: Expr; readonly right: Expr }
  | {
      readonly op: "arithmetic";
      readonly with: ArithmeticOperator;
      readonly left: Expr;
      readonly right: Expr;
    }
  | { readonly op: "if"; readonly condition: Expr; readonly then: Expr; readonly otherwise: Expr }
  | { readonly op: "in"; readonly value: Expr; readonly set: SetExpr }
  | { readonly op: "is"; readonly value: Expr; readonly kinds: readonly number[] }
  | Quantified
  | { readonly op: "range"; readonly start: Expr; readonly size: Expr }
  | { readonly op: "range-part"; readonly part: "start" | "size" | "end"; readonly of: Expr }
  | { readonly op: "overlaps" | "contains"; readonly left: Expr; readonly right: Expr }
  | { readonly op: "referenced" | "live"; readonly of: Expr }
  | { readonly op: "holds"; readonly task: Expr; readonly file: Expr }
  | { readonly op: "set"; readonly elements: readonly Expr[]; readonly of?: "ranges" }
  | { readonly op: "define"; readonly define: number; readonly args: readonly Expr[] };

export interface Quantified {
  readonly op: "all" | "any" | "count" | "first" | "sum";
  readonly slot: number;
  readonly set: SetExpr;
  readonly where: Expr | null;
  /** Null for `count` and `first`. */
  readonly body: Expr | null;
}

export type SetExpr =
  /** All live instances of these kinds. */
  | { readonly set: "kinds"; readonly kinds: readonly number[] }
  /** All live instances of the field's kind whose field is `of`: `group.devices`. */
  | { readonly set: "having"; readonly field: number; readonly of: Expr }
  | { readonly set: "listed"; readonly elements: readonly Expr[] }
  | { readonly set: "value"; readonly of: Expr };

export type TemplatePart = string | { readonly expr: Expr; readonly type: ValueType };

/** How to write a value for people. */
export type ValueType = "bool" | "int" | "name" | "range" | "set";

export interface Check {
  readonly do: "require";
  readonly condition: Expr;
  /** Empty in rules and hazards. */
  readonly errno: string;
  /** The call goes on, and this is reported; null for checks that refuse. */
  readonly hazard: string | null;
  readonly message: readonly TemplatePart[] | null;
  /** `require?`: not enforced. */
  readonly maybe: boolean;
  /** Kernel versions, major * 1000 + minor: made from `since` on, and before `until`. */
  readonly since: number;
  readonly until: number;
  readonly site: Site;
}

export type Stmt =
  | Check
  | { readonly do: "let"; readonly slot: number; readonly value: Expr }
  | { readonly do: "assign"; readonly fields: readonly number[]; readonly of: Expr; readonly value: Expr }
  | {
      readonly do: "new";
      readonly kind: number;
      readonly fields: readonly { readonly field: number; readonly value: Expr }[];
      readonly owner: Expr | null;
      /** The local that receives it. */
      readonly slot: number;
    }
  | { readonly do: "destroy" | "close"; readonly of: Expr }
  | { readonly do: "give"; readonly of: Expr; readonly to: Expr }
  | {
      readonly do: "for";
      /** The members are things, which may die while the loop goes on, and no numbers. */
      readonly things: boolean;
      readonly slot: number;
      readonly set: SetExpr;
      readonly where: Expr | null;
      readonly body: readonly Stmt[];
    }
  | {
      readonly do: "if";
      readonly condition: Expr;
      readonly then: readonly Stmt[];
      readonly otherwise: readonly Stmt[];
    }
  | { readonly do: "return"; readonly value: Expr | null }
  | Failure;

/** The call ends with an errno, and keeps what it did. */
export interface Failure {
  readonly do: "fail";
  readonly errno: string;
  readonly message: readonly TemplatePart[] | null;
  readonly site: Site;
}
