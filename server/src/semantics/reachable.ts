// A `require` that no call can reach or fail says less than its author thinks.

import type { Expression, Statement } from "../syntax/ast.ts";
import { printExpression } from "../syntax/print.ts";
import type { Scope } from "./context.ts";
import { report, siteOf } from "./context.ts";

/** What is certain at a place of a body. */
export interface Known {
  /** The text of conditions that an earlier require of this block established. */
  readonly conditions: Map<string, Statement>;
  returned: boolean;
}

export function checkReachable(
  scope: Scope,
  node: Exclude<Statement, { kind: "error" }>,
  known: Known,
): void {
  if (known.returned) {
    report(scope, node, {
      code: "unreachable-require",
      message: `this ${node.kind === "require" ? "require" : "statement"} is never reached: the call has returned before`,
    });
    return;
  }
  if (node.kind === "return" || node.kind === "fail") known.returned = true;
  if (node.kind === "require") return checkRequire(scope, node, known);
  // Anything that changes the state may undo what was established.
  if (node.kind !== "let") known.conditions.clear();
}

function checkRequire(scope: Scope, node: Extract<Statement, { kind: "require" }>, known: Known): void {
  if (node.since !== null && node.until !== null && version(node.since) >= version(node.until)) {
    report(scope, node, {
      code: "unreachable-require",
      message: "no kernel makes this check: it ends before it begins",
    });
  }
  const text = printExpression(node.condition);
  const earlier = known.conditions.get(text);
  if (earlier !== undefined) {
    report(scope, node, {
      code: "unreachable-require",
      message: `this require can never fail: \`${text}\` is required above`,
      related: [{ site: siteOf(scope.origin, earlier), message: "already required here" }],
    });
  } else if (isConstant(scope, node.condition)) {
    report(scope, node, {
      code: "unreachable-require",
      message: `\`${text}\` does not depend on anything: the check is always the same`,
    });
  }
  if (node.hazard === null && !node.maybe && node.since === null && node.until === null)
    known.conditions.set(text, node);
}

const version = (v: { major: number; minor: number }): number => v.major * 1000 + v.minor;

/** True when no name, field or call can change it; `require x != none` of what is never none counts too. */
function isConstant(scope: Scope, node: Expression): boolean {
  switch (node.kind) {
    case "number":
    case "version":
    case "string":
      return true;
    case "keyword":
      return node.word !== "caller" && node.word !== "kernel";
    case "unary":
      return isConstant(scope, node.operand);
    case "binary": {
      const local = node.left.kind === "name" ? scope.locals.get(node.left.text) : undefined;
      const none = node.right.kind === "keyword" && node.right.word === "none";
      if (none && node.op === "!=" && local?.type.base === "value")
        return !local.type.optional && local.type.kinds.length > 0;
      return isConstant(scope, node.left) && isConstant(scope, node.right);
    }
    default:
      return false;
  }
}
