// Statements of operations, `on` blocks and rules -> Stmt.

import type { Expr, Stmt } from "../model/ir.ts";
import type { Type } from "../model/system.ts";
import type { Call, Expression, Name, NewExpression, Statement } from "../syntax/ast.ts";
import { argumentsByName } from "./calls.ts";
import type { Scope } from "./context.ts";
import { addLocal, innerScope, referenceType, report, showType, siteOf, UNKNOWN } from "./context.ts";
import { compileAs, compileCondition, compileExpression, compileSet, unknown } from "./expressions.ts";
import { compileTarget, fieldsOf, referField } from "./fields.ts";
import { narrow } from "./narrow.ts";
import { checkReachable, type Known } from "./reachable.ts";
import { checkErrno, compileRequire, compileTemplate } from "./requires.ts";
import { resolveType, suggestion } from "./types.ts";

export interface BodyOptions {
  /** What `return` must give; null: nothing. */
  readonly result: Type | null;
  /** Rules hold requires and lets only, and their requires have no errno. */
  readonly rule: boolean;
  /** Effects refuse and return nothing. */
  readonly effect?: true;
}

export function compileBody(scope: Scope, body: readonly Statement[], options: BodyOptions): Stmt[] {
  const known: Known = { conditions: new Map(), returned: false };
  return body.flatMap((statement) => {
    if (statement.kind === "error") return [];
    checkReachable(scope, statement, known);
    return compileStatement(scope, statement, options);
  });
}

function compileStatement(
  scope: Scope,
  node: Exclude<Statement, { kind: "error" }>,
  options: BodyOptions,
): Stmt[] {
  if (options.rule && node.kind !== "require" && node.kind !== "let") {
    report(scope, node, { code: "misplaced", message: "a rule only looks: it holds `require` and `let`" });
    return [];
  }
  if (
    options.effect === true &&
    (node.kind === "return" || (node.kind === "require" && node.hazard === null))
  ) {
    report(scope, node, {
      code: "misplaced",
      message: `an effect cannot ${node.kind === "return" ? "return" : "refuse"}: that is up to the call that uses it`,
    });
    return [];
  }
  switch (node.kind) {
    case "fail": {
      if (options.rule || options.effect === true) {
        report(scope, node, { code: "misplaced", message: "only a call can fail" });
        return [];
      }
      checkErrno(scope, node.errno);
      const message = node.message === null ? null : compileTemplate(scope, node.message);
      return [{ do: "fail", errno: node.errno.text, message, site: siteOf(scope.origin, node) }];
    }
    case "do":
      return compileDo(scope, node.call);
    case "require": {
      const check = compileRequire(scope, node, options);
      if (node.hazard === null) narrow(scope, node.condition, true);
      return [check];
    }
    case "let": {
      if (node.value.kind === "new") return compileNew(scope, node.value, node.name).statements;
      const { expr, type } = compileExpression(scope, node.value);
      return [{ do: "let", slot: addLocal(scope, node.name.text, type, node.name), value: expr }];
    }
    case "new":
      return compileNew(scope, node, null).statements;
    case "assign":
      return compileAssign(scope, node.target, node.value);
    case "destroy":
    case "close":
      return [{ do: node.kind, of: compileLive(scope, node.target, node.kind) }];
    case "give":
      return [
        {
          do: "give",
          of: compileLive(scope, node.target, "give"),
          to: compileAs(scope, node.to, referenceType([scope.draft.kindByName.get("task") ?? -1]), "`to`"),
        },
      ];
    case "for": {
      const { set, element } = compileSet(scope, node.set);
      const inner = innerScope(scope);
      const slot = addLocal(inner, node.variable.text, element, node.variable);
      const where = node.where === null ? null : compileCondition(inner, node.where);
      if (node.where !== null) narrow(inner, node.where, true);
      return [
        {
          do: "for",
          things: element.kinds.length > 0,
          slot,
          set,
          where,
          body: compileBody(inner, node.body, options),
        },
      ];
    }
    case "if": {
      const condition = compileCondition(scope, node.condition);
      const [yes, no] = [innerScope(scope), innerScope(scope)];
      narrow(yes, node.condition, true);
      narrow(no, node.condition, false);
      const otherwise = compileBody(no, node.otherwise ?? [], options);
      return [{ do: "if", condition, then: compileBody(yes, node.then, options), otherwise }];
    }
    case "return":
      return compileReturn(scope, node, options);
    default:
      return node satisfies never;
  }
}

/** `leave(g)`: the statements of the effect, with its parameters as locals. */
function compileDo(scope: Scope, node: Call): Stmt[] {
  const { draft } = scope;
  const name = node.callee.text;
  const effect = draft.effects.get(name);
  if (effect === undefined) {
    report(scope, node.callee, {
      code: "unknown-call",
      message: `no effect is called \`${name}\``,
      help: suggestion(name, draft.effects.keys()),
    });
    return [];
  }
  if (scope.within.includes(name)) {
    report(scope, node.callee, {
      code: "recursive-define",
      message: `the effect \`${name}\` is part of itself`,
    });
    return [];
  }
  const { member, origin } = effect;
  const inner: Scope = {
    draft,
    origin,
    locals: new Map(),
    frame: scope.frame,
    within: [...scope.within, name],
  };
  // What is wrong with the effect itself was said where it is declared; circles are not.
  const quiet: Scope = { ...inner, draft: { ...draft, problems: [] } };
  const given = argumentsByName(
    scope,
    node,
    name,
    member.params.map((param) => param.name.text),
  );
  const lets = member.params.map((param): Stmt => {
    const type = resolveType(quiet, param.type, true);
    const arg = given.get(param.name.text);
    const role = `\`${param.name.text}\` of \`${name}\``;
    let value = unknown.expr;
    if (arg !== undefined) value = compileAs(scope, arg.value, type, role);
    else if (param.value !== null) value = compileAs(quiet, param.value, type, role);
    else
      report(scope, node, {
        code: "wrong-arguments",
        message: `\`${name}\` also wants \`${param.name.text}\``,
      });
    return { do: "let", slot: addLocal(quiet, param.name.text, type, param.name), value };
  });
  const body = compileBody(quiet, member.body, { result: null, rule: false, effect: true });
  for (const circle of quiet.draft.problems.filter(({ code }) => code === "recursive-define").slice(0, 1)) {
    report(scope, node.callee, { code: circle.code, message: circle.message });
  }
  return [...lets, ...body];
}

function compileReturn(
  scope: Scope,
  node: Extract<Statement, { kind: "return" }>,
  options: BodyOptions,
): Stmt[] {
  if (node.value === null) {
    if (options.result !== null) {
      report(scope, node, {
        code: "type-mismatch",
        message: `this call gives ${showType(scope.draft, options.result)}, but returns nothing here`,
      });
    }
    return [{ do: "return", value: null }];
  }
  if (options.result === null) {
    report(scope, node, {
      code: "type-mismatch",
      message: "this returns a value, but the declaration names no result type",
      help: ["add `-> TYPE` after the parameters"],
    });
  }
  const wanted = options.result ?? UNKNOWN;
  if (node.value.kind !== "new")
    return [{ do: "return", value: compileAs(scope, node.value, wanted, "the result") }];
  const { statements, slot, type } = compileNew(scope, node.value, null);
  if (
    !wanted.kinds.some((kind) => type.kinds.includes(kind)) &&
    wanted.base !== "unknown" &&
    type.base !== "unknown"
  ) {
    report(scope, node.value, {
      code: "type-mismatch",
      message: `the result is ${showType(scope.draft, wanted)}, but this makes ${showType(scope.draft, type)}`,
    });
  }
  return [...statements, { do: "return", value: { op: "local", slot } }];
}

function compileLive(scope: Scope, node: Expression, action: "destroy" | "close" | "give"): Expr {
  const { expr, type } = compileExpression(scope, node);
  const sorts = type.kinds.map((kind) => scope.draft.kinds[kind]?.sort);
  const fine =
    type.base === "unknown" ||
    (sorts.length > 0 && sorts.every((sort) => sort === "fd" || (action === "destroy" && sort === "object")));
  if (!fine) {
    report(scope, node, {
      code: "type-mismatch",
      message: `\`${action}\` wants ${action === "destroy" ? "an object" : "an fd"}, but this is ${showType(scope.draft, type)}`,
    });
  }
  return expr;
}

function compileAssign(scope: Scope, target: Expression, value: Expression): Stmt[] {
  if (target.kind !== "field") {
    report(scope, target, {
      code: "not-assignable",
      message: "only a field can be assigned: `x.field = value`",
      help: target.kind === "name" ? [`to name a value, write \`let ${target.text} = …\``] : [],
    });
    return [];
  }
  const owner = compileTarget(scope, target.target);
  const fields = fieldsOf(scope.draft, owner.type.kinds, target.name.text);
  const first = fields[0];
  if (owner.type.base === "unknown") return [];
  if (first === undefined) {
    report(scope, target.name, {
      code: "unknown-field",
      message: `${showType(scope.draft, { ...owner.type, optional: false })} has no field \`${target.name.text}\``,
      help: suggestion(
        target.name.text,
        fieldsOf(scope.draft, owner.type.kinds).map(({ name }) => name),
      ),
    });
    return [];
  }
  referField(scope, target.name, fields, "write");
  const fixed = fields.find((field) => field.constant || field.birth);
  if (fixed !== undefined) {
    report(scope, target, {
      code: "not-assignable",
      message: fixed.birth
        ? `\`${fixed.name}\` is given at birth and never changes`
        : `\`${fixed.name}\` is a fact of the machine, which no call changes`,
      help: fixed.birth ? [] : ["declare it with `state` instead of `fact`"],
    });
  }
  const ids = fields.map(({ id }) => id);
  if (value.kind === "new") {
    const made = compileNew(scope, value, null);
    return [
      ...made.statements,
      { do: "assign", fields: ids, of: owner.expr, value: { op: "local", slot: made.slot } },
    ];
  }
  return [
    {
      do: "assign",
      fields: ids,
      of: owner.expr,
      value: compileAs(scope, value, first.type, `\`${first.name}\``),
    },
  ];
}

interface Made {
  readonly statements: Stmt[];
  readonly slot: number;
  readonly type: Type;
}

function compileNew(scope: Scope, node: NewExpression, name: Name | null): Made {
  const { draft } = scope;
  const id = draft.kindByName.get(node.type.text);
  const kind = id === undefined ? undefined : draft.kinds[id];
  if (kind === undefined || kind.sort === "hardware") {
    report(scope, node.type, {
      code: "unknown-type",
      message: `no fd or object is called \`${node.type.text}\``,
      help: suggestion(
        node.type.text,
        draft.kinds.filter(({ sort }) => sort !== "hardware").map((known) => known.name),
      ),
    });
    return {
      statements: [],
      slot: addLocal(scope, name?.text ?? "", UNKNOWN, name ?? undefined),
      type: UNKNOWN,
    };
  }
  const owner = compileOwner(scope, node, kind);
  const fields = fieldsOf(draft, [kind.id]).filter((field) => field.id !== kind.ownerField);
  const seen = new Set<string>();
  const inits = node.fields.flatMap((init) => {
    const field = fields.find((candidate) => candidate.name === init.name?.text);
    if (field !== undefined && seen.has(field.name)) {
      report(scope, init, { code: "wrong-arguments", message: `\`${field.name}\` is given twice` });
    }
    seen.add(field?.name ?? "");
    if (field !== undefined && init.name !== null) referField(scope, init.name, [field], "write");
    if (field !== undefined)
      return [{ field: field.id, value: compileAs(scope, init.value, field.type, `\`${field.name}\``) }];
    report(scope, init, {
      code: init.name === null ? "wrong-arguments" : "unknown-field",
      message:
        init.name === null ? "write `field: value`" : `\`${kind.name}\` has no field \`${init.name.text}\``,
      help: suggestion(
        init.name?.text ?? "",
        fields.map((field) => field.name),
      ),
    });
    return [];
  });
  const given = new Set(inits.map(({ field }) => field));
  const missing = fields.filter(
    ({ id: field, type, initial }) => needsValue(type) && initial < 0 && !given.has(field),
  );
  if (missing.length > 0) {
    report(scope, node, {
      code: "wrong-arguments",
      message: `a new ${kind.name} also needs ${missing.map((field) => `\`${field.name}\``).join(" and ")}`,
    });
  }
  const type = referenceType([kind.id]);
  const slot = name === null ? scope.frame.size++ : addLocal(scope, name.text, type, name);
  return { statements: [{ do: "new", kind: kind.id, fields: inits, owner, slot }], slot, type };
}

const needsValue = (type: Type): boolean => type.base === "value" && type.kinds.length > 0 && !type.optional;

function compileOwner(scope: Scope, node: NewExpression, kind: Scope["draft"]["kinds"][number]): Expr | null {
  if (kind.ownerKind === -1) {
    if (node.owner !== null) {
      report(scope, node.owner, {
        code: "wrong-arguments",
        message: `${kind.name} lives in nothing: it is declared without \`in\``,
      });
    }
    return null;
  }
  const ownerName = scope.draft.kinds[kind.ownerKind]?.name ?? "";
  if (node.owner === null) {
    report(scope, node, {
      code: "wrong-arguments",
      message: `a new ${kind.name} lives in ${ownerName}`,
      help: [`write \`new ${kind.name} { … } in …\``],
    });
    return unknown.expr;
  }
  return compileAs(scope, node.owner, referenceType([kind.ownerKind]), "`in`");
}
