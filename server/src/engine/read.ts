// Expressions of a script -> handles.

import { evaluator } from "../model/evaluate.ts";
import type { Type } from "../model/system.ts";
import { HARDWARE } from "../model/system.ts";
import { kindOf, NONE, reference } from "../model/values.ts";
import type { Scope } from "../semantics/context.ts";
import { BOOL, INT, optional, RANGE, referenceType, STRING, setType, UNKNOWN } from "../semantics/context.ts";
import { draftFrom } from "../semantics/draft.ts";
import { compileExpression } from "../semantics/expressions.ts";
import { namesOf } from "../semantics/topology.ts";
import { suggestion } from "../semantics/types.ts";
import type { Expression, FieldAccess, Name, Span } from "../syntax/ast.ts";
import type { Mistake } from "./arguments.ts";
import { type Handle, isLive, thing, type World } from "./world.ts";

export const UNKNOWN_HANDLE: Handle = { is: "unknown" };

export type Complain = (mistake: Mistake) => void;

/** A bare name: the script's own, the machine's, or a constant; null when there is none. */
function lookUp(world: World, name: string): Handle | null {
  const slot = world.slots.get(name);
  if (slot !== undefined && typeof slot !== "string") return slot;
  const { machine, system } = world;
  for (const kind of [HARDWARE.device, HARDWARE.iommu] as const) {
    const index = machine.topology.names[kind]?.indexOf(name) ?? -1;
    if (index !== -1) return thing(machine, reference(kind, index));
  }
  const task = machine.tasks.indexOf(name);
  if (task !== -1) return thing(machine, reference(HARDWARE.task, task));
  const number = system.constants.get(name);
  return number === undefined ? null : { is: "number", value: number };
}

function namesInReach(world: World): string[] {
  const { machine, system } = world;
  const own = [...world.slots.keys()].filter((key) => /^\w/.test(key));
  return [
    ...own,
    ...(machine.topology.names[HARDWARE.device] ?? []),
    ...machine.tasks,
    ...system.constants.keys(),
  ];
}

/** Names and literals; everything else is compiled and evaluated. Calls are the caller's business. */
export function readExpression(
  world: World,
  node: Expression,
  wanted: Type | null,
  complain: Complain,
): Handle {
  switch (node.kind) {
    case "number":
      return { is: "number", value: node.value };
    case "string":
      return { is: "text", text: node.value };
    case "set": {
      const elements = node.elements.map((element) =>
        readExpression(world, element, wanted?.element ?? null, complain),
      );
      return elements.some(({ is }) => is === "unknown") ? UNKNOWN_HANDLE : { is: "set", elements };
    }
    case "name":
      return lookUp(world, node.text) ?? word(world, node, wanted, complain);
    case "keyword":
      if (node.word === "none") return { is: "none" };
      if (node.word === "caller") return thing(world.machine, world.machine.caller);
      break;
    case "field": {
      const target = node.target.kind === "name" ? lookUp(world, node.target.text) : null;
      if (target?.is === "unknown") return UNKNOWN_HANDLE;
      if (target?.is === "struct") return structField(target, node.name, complain);
      break;
    }
    default:
      break;
  }
  return evaluateExpression(world, node, wanted ?? UNKNOWN, complain);
}

function word(world: World, node: Name, wanted: Type | null, complain: Complain): Handle {
  if (wanted?.base === "string" || wanted?.names.includes(node.text) === true)
    return { is: "text", text: node.text };
  complain({
    code: "unknown-name",
    span: node,
    message: `nothing is called \`${node.text}\` here`,
    help: suggestion(node.text, [...namesInReach(world), ...(wanted?.names ?? [])]),
  });
  return UNKNOWN_HANDLE;
}

/** `at.iova` of a struct becomes one name, whose value is the field's. */
function withoutStructs(
  world: World,
  node: Expression,
  fields: Map<string, Handle>,
  complain: Complain,
): Expression {
  const visit = (part: unknown): unknown => {
    if (typeof part !== "object" || part === null) return part;
    if (Array.isArray(part)) return part.map(visit);
    if (isField(part) && part.target.kind === "name") {
      const target = lookUp(world, part.target.text);
      if (target?.is === "struct") {
        const name = `${part.target.text}.${part.name.text}`;
        fields.set(name, structField(target, part.name, complain));
        return { kind: "name", text: name, start: part.start, end: part.end };
      }
    }
    if (isName(part) && lookUp(world, part.text)?.is === "struct") {
      complain({
        code: "type-mismatch",
        span: part,
        message: `\`${part.text}\` is a struct; a value here is one of its fields`,
        help: [],
      });
      return part;
    }
    return Object.fromEntries(
      Object.entries(part).map(([key, value]) => [
        key,
        key === "name" || key === "callee" ? value : visit(value),
      ]),
    );
  };
  return visit(node) as Expression;
}

const isField = (part: object): part is FieldAccess => "kind" in part && part.kind === "field";
const isName = (part: object): part is Name => "kind" in part && part.kind === "name";

function structField(struct: Extract<Handle, { is: "struct" }>, name: Name, complain: Complain): Handle {
  const field = struct.fields.get(name.text);
  if (field !== undefined) return field;
  complain({
    code: "unknown-field",
    span: name,
    message: `the struct has no field \`${name.text}\` yet`,
    help: suggestion(name.text, struct.fields.keys()),
  });
  return UNKNOWN_HANDLE;
}

/** A scope in which the script's names are locals, with the values to put there. */
function scopeOf(
  world: World,
  written: Expression,
  complain: Complain,
): { scope: Scope; node: Expression; locals: number[]; uncertain: boolean } {
  const draft = draftFrom(world.system);
  const named = namesOf(world.machine.topology.names);
  const scope: Scope = {
    draft,
    origin: { uri: "", item: 0 },
    locals: new Map(),
    frame: { size: 0 },
    within: [],
    named,
  };
  const fields = new Map<string, Handle>();
  const node = withoutStructs(world, written, fields, complain);
  const locals: number[] = [];
  let uncertain = false;
  for (const name of namesIn(node)) {
    const handle = fields.get(name) ?? lookUp(world, name);
    if (handle === null) continue;
    if (handle.is === "unknown") uncertain = true;
    const slot = scope.frame.size++;
    const [value, type] = valueAndType(world, handle);
    locals[slot] = value;
    scope.locals.set(name, { slot, type });
  }
  return { scope, node, locals, uncertain };
}

function valueAndType(world: World, handle: Handle): [number, Type] {
  switch (handle.is) {
    case "thing":
      // A dead name is none, whatever took its place.
      return isLive(world.machine, handle)
        ? [handle.ref, referenceType([kindOf(handle.ref)])]
        : [NONE, optional(referenceType([kindOf(handle.ref)]))];
    case "number":
      return [handle.value, INT];
    case "range":
      return [handle.value, RANGE];
    case "text":
      return [world.system.values.symbol(handle.text), STRING];
    case "set": {
      const elements = handle.elements.map((element) => valueAndType(world, element));
      return [
        world.system.values.set(elements.map(([value]) => value)),
        setType(elements[0]?.[1] ?? UNKNOWN),
      ];
    }
    case "none":
    case "nothing":
    case "struct":
    case "unknown":
      return [NONE, optional(UNKNOWN)];
    default:
      return handle satisfies never;
  }
}

function namesIn(node: Expression): Set<string> {
  const found = new Set<string>();
  const visit = (part: unknown): void => {
    if (typeof part !== "object" || part === null) return;
    if ("kind" in part && part.kind === "name" && "text" in part && typeof part.text === "string")
      found.add(part.text);
    for (const inner of Object.values(part)) visit(inner);
  };
  visit(node);
  return found;
}

/** An expression over the state in front of the step. */
function evaluateExpression(world: World, written: Expression, wanted: Type, complain: Complain): Handle {
  let mistaken = false;
  const { scope, node, locals, uncertain } = scopeOf(world, written, (mistake) => {
    mistaken = true;
    complain(mistake);
  });
  if (mistaken) return UNKNOWN_HANDLE;
  const { expr, type } = compileExpression(scope, node, wanted);
  for (const { code, message, help, site } of scope.draft.problems)
    complain({ code, span: site, message, help: help ?? [] });
  if (uncertain || scope.draft.problems.length > 0 || type.base === "unknown") return UNKNOWN_HANDLE;
  const value = evaluator(world.system, expr)(world.machine, locals);
  if (type.base === "int" || type.base === "bool") return { is: "number", value };
  if (value === NONE) return { is: "none" };
  if (type.base === "range") return { is: "range", value };
  if (value < 0) return { is: "text", text: world.system.values.symbolText(value) };
  if (type.base === "value") return thing(world.machine, value);
  return UNKNOWN_HANDLE;
}

/** A condition over the state, with the Expr and locals to explain it by; null when it cannot be decided. */
export function evaluateCondition(
  world: World,
  written: Expression,
  complain: Complain,
): {
  readonly holds: boolean;
  readonly expr: ReturnType<typeof compileExpression>["expr"];
  readonly locals: number[];
} | null {
  let mistaken = false;
  const { scope, node, locals, uncertain } = scopeOf(world, written, (mistake) => {
    mistaken = true;
    complain(mistake);
  });
  if (mistaken) return null;
  const { expr, type } = compileExpression(scope, node, BOOL);
  const mistakes: readonly { code: string; site: Span; message: string; help?: readonly string[] }[] =
    scope.draft.problems;
  for (const { code, message, help, site } of mistakes)
    complain({ code, span: site, message, help: help ?? [] });
  if (mistakes.length === 0 && type.base !== "bool" && type.base !== "unknown") {
    complain({ code: "type-mismatch", span: node, message: "`assert` wants a condition", help: [] });
    return null;
  }
  if (uncertain || mistakes.length > 0) return null;
  return { holds: evaluator(world.system, expr)(world.machine, locals) === 1, expr, locals };
}
