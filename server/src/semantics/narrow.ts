// What a condition tells about the names in it: after `x is T` or `x != none` a name has a smaller type.

import type { Expression } from "../syntax/ast.ts";
import type { Scope } from "./context.ts";
import { kindsNamed } from "./types.ts";

/** Changes the types of names in `scope` by what is known where `condition` is `truth`. */
export function narrow(scope: Scope, condition: Expression, truth: boolean): void {
  switch (condition.kind) {
    case "unary":
      if (condition.op === "not") narrow(scope, condition.operand, !truth);
      return;
    case "binary":
      if (condition.op === (truth ? "and" : "or")) {
        narrow(scope, condition.left, truth);
        narrow(scope, condition.right, truth);
      } else if (condition.op === (truth ? "!=" : "==") && isNone(condition.right)) {
        retype(scope, condition.left, (type) => ({ ...type, optional: false }));
      }
      return;
    case "is": {
      const kinds = kindsNamed(scope.draft, condition.type.text);
      if (kinds === null) return;
      const positive = truth !== condition.negated;
      retype(scope, condition.operand, (type) => ({
        ...type,
        optional: positive ? false : type.optional,
        names: positive ? [] : type.names,
        kinds: positive
          ? kinds.filter((kind) => type.base === "unknown" || type.kinds.includes(kind))
          : type.kinds.filter((kind) => !kinds.includes(kind)),
      }));
      return;
    }
    default:
      return;
  }
}

const isNone = (node: Expression): boolean => node.kind === "keyword" && node.word === "none";

type Local = NonNullable<ReturnType<Scope["locals"]["get"]>>;

function retype(scope: Scope, node: Expression, change: (type: Local["type"]) => Local["type"]): void {
  const local = node.kind === "name" ? scope.locals.get(node.text) : undefined;
  if (node.kind === "name" && local !== undefined) {
    scope.locals.set(node.text, { ...local, type: change(local.type) });
  }
}
