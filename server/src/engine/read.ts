// Expressions of a script -> handles.

import { evaluator } from "../model/evaluate.ts";
import type { System, Type } from "../model/system.ts";
import { HARDWARE } from "../model/system.ts";
import { kindOf, NONE, reference } from "../model/values.ts";
import { compileExpression } from "../semantics/expressions.ts";
import type { Draft, Scope } from "../semantics/context.ts";
import { INT, optional, referenceType, STRING, UNKNOWN } from "../semantics/context.ts";
import { suggestion } from "../semantics/types.ts";
import type { Expression, Name, Span } from "../syntax/ast.ts";
import type { Mistake } from "./arguments.ts";
import { thing, type Handle, type World } from "./world.ts";

export const UNKNOWN_HANDLE: Handle = { is: "unknown" };

export type Complain = (mistake: Mistake) => void;

/** A bare name: the script's own, the machine's, or a constant; null when there is none. */
export function lookUp(world: World, name: string): Handle | null {
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

export function namesInReach(world: World): string[] {
  const { machine, system } = world;
  const own = [...world.slots.keys()].filter((key) => /^\w/.test(key));
  return [...own, ...(machine.topology.names[HARDWARE.device] ?? []), ...machine.tasks, ...system.constants.keys()];
}

/** Names and literals; everything else is compiled and evaluated. Calls are the caller's business. */
export function readExpression(world: World, node: Expression, wanted: Type | null, complain: Complain): Handle {
  switch (node.kind) {
    case "number":
      return { is: "number", value: node.value };
    case "string":
      return { is: "text", text: node.value };
    case "name":
      return lookUp(world, node.text) ?? word(world, node, wanted, complain);
    case "keyword":
      if (node.word === "none") return { is: "none" };
      if (node.word === "caller") return thing(world.machine, world.machine.caller);
      break;
    case "field": {
      const target = node.target.kind === "name" ? lookUp(world, node.target.text) : null;
      if (target?.is === "unknown") return UNKNOWN_HANDLE;
      if (target?.is === "struct") {
        const field = target.fields.get(node.name.text);
        if (field === undefined) {
          complain({
            code: "unknown-field",
            span: node.name,
            message: `the struct has no field \`${node.name.text}\` yet`,
            help: suggestion(node.name.text, target.fields.keys()),
          });
        }
        return field ?? UNKNOWN_HANDLE;
      }
      break;
    }
    default:
      break;
  }
  return evaluateExpression(world, node, wanted ?? UNKNOWN, complain);
}

function word(world: World, node: Name, wanted: Type | null, complain: Complain): Handle {
  if (wanted?.base === "string" || wanted?.names.includes(node.text) === true) return { is: "text", text: node.text };
  complain({
    code: "unknown-name",
    span: node,
    message: `nothing is called \`${node.text}\` here`,
    help: suggestion(node.text, [...namesInReach(world), ...(wanted?.names ?? [])]),
  });
  return UNKNOWN_HANDLE;
}

const drafts = new WeakMap<System, Omit<Draft, "problems">>();

/** A finished System as the compiler of expressions wants it. */
function draftOf(system: System): Omit<Draft, "problems"> {
  let draft = drafts.get(system);
  if (draft === undefined) {
    draft = {
      proposal: system.proposal,
      values: system.values,
      kinds: [...system.kinds],
      fields: [...system.fields],
      kindByName: new Map(system.kindByName),
      roles: new Map([...system.roles].map(([name, kinds]) => [name, [...kinds]])),
      aliases: new Map(),
      enumNames: new Set(system.fields.flatMap(({ type }) => type.names).concat(system.defines.flatMap(({ result }) => result.names))),
      constants: new Map(system.constants),
      defines: [...system.defines],
      defineByName: new Map(system.defineByName),
      effects: new Map(),
      operations: new Map(system.operations),
      rules: [],
    };
    drafts.set(system, draft);
  }
  return draft;
}

/** A scope in which the script's names are locals, with the values to put there. */
function scopeOf(world: World, node: Expression): { scope: Scope; locals: number[]; uncertain: boolean } {
  const draft: Draft = { ...draftOf(world.system), problems: [] };
  const scope: Scope = { draft, origin: { uri: "", item: 0 }, locals: new Map(), frame: { size: 0 }, within: [] };
  const locals: number[] = [];
  let uncertain = false;
  for (const name of namesIn(node)) {
    const handle = lookUp(world, name);
    if (handle === null) continue;
    if (handle.is === "unknown") uncertain = true;
    const slot = scope.frame.size++;
    const [value, type] = valueOf(world, handle);
    locals[slot] = value;
    scope.locals.set(name, { slot, type });
  }
  return { scope, locals, uncertain };
}

function valueOf(world: World, handle: Handle): [number, Type] {
  switch (handle.is) {
    case "thing":
      return [handle.ref, referenceType([kindOf(handle.ref)])];
    case "number":
      return [handle.value, INT];
    case "text":
      return [world.system.values.symbol(handle.text), STRING];
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
    if ("kind" in part && part.kind === "name" && "text" in part && typeof part.text === "string") found.add(part.text);
    for (const inner of Object.values(part)) visit(inner);
  };
  visit(node);
  return found;
}

/** An expression over the state in front of the step. */
export function evaluateExpression(world: World, node: Expression, wanted: Type, complain: Complain): Handle {
  const { scope, locals, uncertain } = scopeOf(world, node);
  const { expr, type } = compileExpression(scope, node, wanted);
  for (const { code, message, help, site } of scope.draft.problems) complain({ code, span: site, message, help: help ?? [] });
  if (uncertain || scope.draft.problems.length > 0 || type.base === "unknown") return UNKNOWN_HANDLE;
  const value = evaluator(world.system, expr)(world.machine, locals);
  if (type.base === "int" || type.base === "bool") return { is: "number", value };
  if (value === NONE) return { is: "none" };
  if (value < 0) return { is: "text", text: world.system.values.symbolText(value) };
  if (type.base === "value") return thing(world.machine, value);
  return UNKNOWN_HANDLE;
}

/** A condition over the state, with the Expr and locals to explain it by; null when it cannot be decided. */
export function evaluateCondition(
  world: World,
  node: Expression,
  complain: Complain,
): { readonly holds: boolean; readonly expr: ReturnType<typeof compileExpression>["expr"]; readonly locals: number[] } | null {
  const { scope, locals, uncertain } = scopeOf(world, node);
  const { expr, type } = compileExpression(scope, node);
  const mistakes: readonly { code: string; site: Span; message: string; help?: readonly string[] }[] = scope.draft.problems;
  for (const { code, message, help, site } of mistakes) complain({ code, span: site, message, help: help ?? [] });
  if (mistakes.length === 0 && type.base !== "bool" && type.base !== "unknown") {
    complain({ code: "type-mismatch", span: node, message: "`assert` wants a condition", help: [] });
    return null;
  }
  if (uncertain || mistakes.length > 0) return null;
  return { holds: evaluator(world.system, expr)(world.machine, locals) === 1, expr, locals };
}
