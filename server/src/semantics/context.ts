// What the checking of one proposal (or scenario) knows while it goes: kinds, fields, names, and where it stands.

import type { Site } from "../model/ir.ts";
import type { Base, Define, Field, Hazard, Kind, Operation, Rule, Type } from "../model/system.ts";
import type { Values } from "../model/values.ts";
import type { Effect, Span } from "../syntax/ast.ts";

/** The file and item that a node's span is relative to. */
export interface Origin {
  readonly uri: string;
  readonly item: number;
}

export function siteOf(origin: Origin, span: Span): Site {
  return { uri: origin.uri, item: origin.item, start: span.start, end: span.end };
}

/** A finding whose places are still relative to items. */
export interface Problem {
  readonly code: string;
  readonly site: Site;
  readonly message: string;
  readonly severity?: "error" | "warning" | "info";
  readonly label?: string;
  readonly related?: readonly { readonly site: Site; readonly message: string }[];
  readonly help?: readonly string[];
  readonly notes?: readonly string[];
}

/**
 * What a name in an expression stands for. `name` is `KIND.FIELD` for fields, `KIND NAME` for what a topology has;
 * `declared` is where a local is declared, if the text has a place for that.
 */
export interface Reference {
  readonly site: Site;
  readonly to: "local" | "field" | "type" | "const" | "define" | "word" | "machine";
  readonly name: string;
  readonly declared: Site | null;
  readonly access: "read" | "write";
}

/** The parts of a System while it is being made. */
export interface Draft {
  readonly proposal: string;
  readonly values: Values;
  readonly kinds: Kind[];
  readonly fields: Field[];
  readonly kindByName: Map<string, number>;
  readonly roles: Map<string, number[]>;
  readonly aliases: Map<string, Type>;
  /** Every word that some enum declares. */
  readonly enumNames: Set<string>;
  readonly constants: Map<string, number>;
  readonly defines: Define[];
  readonly defineByName: Map<string, number>;
  readonly effects: Map<string, PlacedEffect>;
  readonly operations: Map<string, Operation>;
  readonly rules: Rule[];
  readonly hazards: Map<string, Hazard>;
  readonly problems: Problem[];
  /** Is told what names stand for, while they are understood anyway. */
  readonly refer: ((reference: Reference) => void) | null;
}

/** An effect is compiled anew wherever it is used. */
export interface PlacedEffect {
  readonly member: Effect;
  readonly origin: Origin;
}

export interface Local {
  readonly slot: number;
  readonly type: Type;
  readonly site?: Site;
  /** A name for something that is known beforehand: it takes no slot. */
  readonly value?: number;
}

/** The names at one place of a body. Blocks copy `locals`; all blocks of a body share `frame`. */
export interface Scope {
  readonly draft: Draft;
  readonly origin: Origin;
  readonly locals: Map<string, Local>;
  readonly frame: { size: number };
  /** The effects whose bodies are being compiled, outermost first. */
  readonly within: readonly string[];
  /** Where a topology is known: the thing of this hardware kind with this name. */
  readonly named?: (kind: number, text: string) => number | null;
}

export function createScope(draft: Draft, origin: Origin): Scope {
  return { draft, origin, locals: new Map(), frame: { size: 0 }, within: [] };
}

export function innerScope(scope: Scope): Scope {
  return { ...scope, locals: new Map(scope.locals) };
}

/** `declared`: where the name stands, if the text has it. */
export function addLocal(scope: Scope, name: string, type: Type, declared?: Span): number {
  const slot = scope.frame.size++;
  const site = declared === undefined ? {} : { site: siteOf(scope.origin, declared) };
  scope.locals.set(name, { slot, type, ...site });
  return slot;
}

export function report(
  scope: Pick<Scope, "draft" | "origin">,
  span: Span,
  problem: Pick<Problem, "code" | "message"> & Partial<Problem>,
): void {
  scope.draft.problems.push({ ...problem, site: siteOf(scope.origin, span) });
}

/** Tells who asks what the name at `span` stands for. */
export function refer(
  scope: Pick<Scope, "draft" | "origin">,
  span: Span,
  to: Reference["to"],
  name: string,
  more: Partial<Pick<Reference, "declared" | "access">> = {},
): void {
  if (scope.draft.refer === null) return;
  const site = siteOf(scope.origin, span);
  scope.draft.refer({ site, to, name, declared: null, access: "read", ...more });
}

// ---------------------------------------------------------------- types

export const plain = (base: Base): Type => ({ base, kinds: [], names: [], optional: false, element: null });
export const BOOL = plain("bool");
export const INT = plain("int");
export const STRING = plain("string");
export const RANGE = plain("range");
/** The type of what could not be understood: fits everywhere, so that one mistake gives one error. */
export const UNKNOWN = plain("unknown");
export const NOTHING: Type = { ...plain("value"), optional: true };

export const referenceType = (kinds: readonly number[]): Type => ({ ...plain("value"), kinds });
export const optional = (type: Type): Type => (type.optional ? type : { ...type, optional: true });
export const setType = (element: Type): Type => ({ ...plain("set"), element });

const isNothing = (type: Type): boolean =>
  type.base === "value" && type.kinds.length === 0 && type.names.length === 0;

/** Can a value of type `from` stand where `to` is wanted? Optional values may: none then flows on. */
export function fits(from: Type, to: Type): boolean {
  if (from.base === "unknown" || to.base === "unknown") return true;
  if (isNothing(from) && from.optional) return to.optional;
  if (from.base !== to.base) return false;
  if (from.base === "set")
    return from.element === null || to.element === null || fits(from.element, to.element);
  return (
    from.kinds.every((kind) => to.kinds.includes(kind)) && from.names.every((name) => to.names.includes(name))
  );
}

/** Can values of these types ever be equal? */
export function comparable(left: Type, right: Type): boolean {
  if (left.base === "unknown" || right.base === "unknown") return true;
  if (left.optional && right.optional) return true;
  if (isNothing(left)) return right.optional;
  if (isNothing(right)) return left.optional;
  if (left.base !== right.base) return false;
  if (left.base !== "value") return true;
  return (
    left.kinds.some((kind) => right.kinds.includes(kind)) ||
    left.names.some((name) => right.names.includes(name))
  );
}

/** The smallest type that both fit, or null. */
export function union(left: Type, right: Type): Type | null {
  if (left.base === "unknown") return right;
  if (right.base === "unknown") return left;
  if (isNothing(left)) return optional(right);
  if (isNothing(right)) return optional(left);
  if (left.base !== right.base) return null;
  return {
    ...left,
    kinds: [...new Set([...left.kinds, ...right.kinds])],
    names: [...new Set([...left.names, ...right.names])],
    optional: left.optional || right.optional,
    element: left.element ?? right.element,
  };
}

/** What naming a type needs: a Draft or a System. */
interface Namer {
  readonly kinds: readonly Kind[];
  readonly roles: ReadonlyMap<string, readonly number[]>;
}

export function showType(draft: Namer, type: Type): string {
  const mark = type.optional && !isNothing(type) ? "?" : "";
  switch (type.base) {
    case "value": {
      if (isNothing(type)) return "none";
      const role = [...draft.roles].find(
        ([, kinds]) => kinds.length > 1 && sameKinds(kinds, type.kinds),
      )?.[0];
      const kinds = role === undefined ? type.kinds.map((kind) => draft.kinds[kind]?.name ?? "?") : [role];
      const names = type.names.length === 0 ? [] : [`enum {${type.names.join(", ")}}`];
      return [...kinds, ...names].join(" | ") + mark;
    }
    case "set":
      return `set of ${type.element === null ? "anything" : showType(draft, type.element)}${mark}`;
    case "unknown":
      return "unknown";
    case "bool":
    case "int":
    case "string":
    case "range":
      return type.base + mark;
    default:
      return type.base satisfies never;
  }
}

const sameKinds = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((kind) => b.includes(kind));
