// `require … else ERRNO "message"`: what makes a call fail, or reports a hazard, and the text that it comes with.

import type { Check, TemplatePart, ValueType } from "../model/ir.ts";
import type { Type } from "../model/system.ts";
import type { Name, Require, Template } from "../syntax/ast.ts";
import { report, type Scope, siteOf } from "./context.ts";
import { errnos } from "./errnos.ts";
import { compileCondition, compileExpression } from "./expressions.ts";
import type { BodyOptions } from "./statements.ts";
import { suggestion } from "./types.ts";

export function compileRequire(scope: Scope, node: Require, options: BodyOptions): Check {
  if (options.rule && node.errno !== null) {
    report(scope, node.errno, {
      code: "misplaced",
      message: "a rule refuses nothing, so its requires have no errno",
      help: ['write `else "message"`'],
    });
  }
  if (options.rule && node.hazard !== null) {
    report(scope, node.hazard.name, {
      code: "misplaced",
      message: "a rule has its own name and severity",
      help: ['write `else "message"`'],
    });
  }
  if (!options.rule && node.errno === null && node.hazard === null) {
    report(scope, node, {
      code: "wrong-arguments",
      message: "this require does not say which errno the call gives",
      help: ['write `require … else EINVAL "message"`'],
    });
  }
  if (node.hazard !== null && !options.rule) checkHazard(scope, node.hazard);
  if (node.errno !== null) checkErrno(scope, node.errno);
  const condition = compileCondition(scope, node.condition);
  return {
    do: "require",
    condition,
    errno: node.errno?.text ?? "",
    hazard: node.hazard?.name.text ?? null,
    message: node.message === null ? null : compileTemplate(scope, node.message),
    maybe: node.maybe,
    since: node.since === null ? 0 : node.since.major * 1000 + node.since.minor,
    until: node.until === null ? Number.POSITIVE_INFINITY : node.until.major * 1000 + node.until.minor,
    site: siteOf(scope.origin, node),
  };
}

export function checkErrno(scope: Scope, errno: Name): void {
  if (errnos.has(errno.text)) return;
  report(scope, errno, {
    code: "unknown-errno",
    severity: "warning",
    message: `Linux has no errno \`${errno.text}\``,
    help: suggestion(errno.text, errnos),
  });
}

function checkHazard(scope: Scope, { severity, name }: NonNullable<Require["hazard"]>): void {
  const declared = scope.draft.hazards.get(name.text);
  if (declared === undefined) {
    report(scope, name, {
      code: "unknown-rule",
      message: `no hazard is called \`${name.text}\``,
      help: [
        ...suggestion(name.text, scope.draft.hazards.keys()),
        `a hazard is declared in the proposal: \`hazard ${name.text} "why it matters"\``,
      ],
    });
  } else if (declared.severity !== severity && declared.site.uri === scope.origin.uri) {
    report(scope, name, {
      code: "type-mismatch",
      message: `\`${name.text}\` is declared as ${declared.severity}, not as ${severity}`,
      related: [{ site: declared.site, message: "declared here" }],
    });
  }
}

const valueType = (type: Type): ValueType =>
  type.base === "bool" || type.base === "int" || type.base === "range" || type.base === "set"
    ? type.base
    : "name";

export function compileTemplate(scope: Scope, template: Template): TemplatePart[] {
  return template.parts.map((part) => {
    if (typeof part === "string") return part;
    const { expr, type } = compileExpression(scope, part);
    return { expr, type: valueType(type) };
  });
}
