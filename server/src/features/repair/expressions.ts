// What stands inside an expression of a script.

import type { Call, Expression, Name, NumberLiteral, StringLiteral } from "../../syntax/ast.ts";

export interface Inside {
  readonly calls: readonly Call[];
  readonly names: readonly Name[];
  readonly numbers: readonly NumberLiteral[];
  readonly strings: readonly StringLiteral[];
}

export function inside(expression: Expression): Inside {
  const calls: Call[] = [];
  const names: Name[] = [];
  const numbers: NumberLiteral[] = [];
  const strings: StringLiteral[] = [];
  const visit = (part: unknown): void => {
    if (typeof part !== "object" || part === null) return;
    if (isExpression(part)) {
      if (part.kind === "call") calls.push(part);
      if (part.kind === "name") names.push(part);
      if (part.kind === "number") numbers.push(part);
      if (part.kind === "string") strings.push(part);
    }
    for (const value of Object.values(part)) visit(value);
  };
  visit(expression);
  return { calls, names, numbers, strings };
}

const isExpression = (part: object): part is Expression =>
  "kind" in part && typeof part.kind === "string" && "start" in part;
