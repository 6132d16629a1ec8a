// `x.name`: fields of kinds, parts of ranges.

import { HARDWARE, type Type } from "../model/system.ts";
import { NONE, reference } from "../model/values.ts";
import type { Expression, FieldAccess, Span } from "../syntax/ast.ts";
import type { Draft, Reference, Scope } from "./context.ts";
import { INT, refer, referenceType, report, setType, showType, UNKNOWN, union } from "./context.ts";
import { compileExpression, compileSet, constant, type Typed, unknown } from "./expressions.ts";
import { suggestion } from "./types.ts";

export function fieldsOf(draft: Draft, kinds: readonly number[], name?: string): Draft["fields"] {
  return draft.fields.filter(
    (field) => kinds.includes(field.kind) && (name === undefined || field.name === name),
  );
}

/** The field that says where a thing lives has the name of a kind, and stands for that. */
export function referField(
  scope: Pick<Scope, "draft" | "origin">,
  span: Span,
  fields: Draft["fields"],
  access: Reference["access"] = "read",
): void {
  const { kinds, refer: told } = scope.draft;
  if (told === null) return;
  for (const { id, kind, name } of fields) {
    const owned = kinds[kind]?.ownerField === id;
    if (owned) refer(scope, span, "type", name, { access });
    else refer(scope, span, "field", `${kinds[kind]?.name ?? ""}.${name}`, { access });
  }
}

/** `host.field`: the one machine, even where an enum has a member `host`. */
const theHost = (): Typed => constant(reference(HARDWARE.host, 0), referenceType([HARDWARE.host]));
const isHost = (scope: Scope, node: Expression): boolean =>
  node.kind === "name" && node.text === "host" && !scope.locals.has("host");

/** What stands in front of a dot. */
export const compileTarget = (scope: Scope, node: Expression): Typed =>
  isHost(scope, node) ? theHost() : compileExpression(scope, node);

export function compileField(scope: Scope, node: FieldAccess): Typed {
  const { draft } = scope;
  const target = compileTarget(scope, node.target);
  const name = node.name.text;
  if (target.type.base === "unknown") return unknown;
  if (target.type.base === "range" && (name === "start" || name === "size" || name === "end")) {
    return { expr: { op: "range-part", part: name, of: target.expr }, type: INT };
  }
  const { kinds } = target.type;
  if (
    (name === "devices" && kinds[0] === HARDWARE.group) ||
    (name === "groups" && kinds[0] === HARDWARE.iommu)
  ) {
    const { element } = compileSet(scope, node);
    report(scope, node, {
      code: "type-mismatch",
      message: `\`${name}\` can only be walked over: \`any d in ….${name}: …\``,
    });
    return { expr: unknown.expr, type: setType(element) };
  }
  const found = fieldsOf(draft, kinds, name);
  if (found.length === 0) {
    report(scope, node.name, {
      code: "unknown-field",
      message: `${showType(draft, { ...target.type, optional: false })} has no field \`${name}\``,
      help: suggestion(
        name,
        fieldsOf(draft, kinds).map((field) => field.name),
      ),
    });
    return unknown;
  }
  referField(scope, node.name, found);
  const type = found.reduce<Type | null>(
    (joined, field) => (joined === null ? null : union(joined, field.type)),
    UNKNOWN,
  );
  if (type === null) {
    report(scope, node.name, {
      code: "type-mismatch",
      message: `\`${name}\` has different types on the kinds that this can be: ${showType(draft, referenceType(kinds))}`,
    });
    return unknown;
  }
  const incomplete = target.type.optional || found.length < kinds.length;
  const missing = type.base === "bool" ? 0 : NONE;
  return {
    expr: { op: "field", fields: found.map(({ id }) => id), of: target.expr, missing },
    type: incomplete && type.base !== "bool" ? { ...type, optional: true } : type,
  };
}
