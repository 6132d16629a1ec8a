// What names mean at the cursor: the locals of a proposal's body and the handles of a script, with their types. The
// statements in front of the cursor are parsed again (they are remembered), the one that is being typed is read by its tokens.

import type { Usable } from "../analysis/proposals.ts";
import type { World } from "../engine/world.ts";
import { HARDWARE, type System, type Type } from "../model/system.ts";
import { kindOf } from "../model/values.ts";
import {
  addLocal,
  createScope,
  INT,
  type Origin,
  RANGE,
  referenceType,
  type Scope,
  STRING,
  UNKNOWN,
} from "../semantics/context.ts";
import { draftFrom } from "../semantics/draft.ts";
import { compileExpression, compileSet } from "../semantics/expressions.ts";
import { compileTarget } from "../semantics/fields.ts";
import { narrow } from "../semantics/narrow.ts";
import { kindsNamed, resolveType } from "../semantics/types.ts";
import type { Member, Parameter, Statement } from "../syntax/ast.ts";
import { parseChunk } from "../syntax/parse.ts";
import type { Cursor } from "./cursor.ts";
import type { Token } from "./tokens.ts";

const NOWHERE: Origin = { uri: "", item: 0 };

function emptyScope({ system, links }: Pick<Usable, "system" | "links">): Scope {
  const draft = { ...draftFrom(system), aliases: new Map<string, Type>(), refer: null };
  const scope = createScope(draft, NOWHERE);
  for (const { declaration } of links)
    for (const member of declaration.body)
      if (member.kind === "alias") draft.aliases.set(member.name.text, resolveType(scope, member.type));
  return scope;
}

/** The names of a script, the hardware and the tasks. */
export function stepScope(chain: Pick<Usable, "system" | "links">, world: World): Scope {
  const scope = emptyScope(chain);
  const { machine } = world;
  for (const kind of [HARDWARE.device, HARDWARE.iommu] as const)
    for (const name of machine.topology.names[kind] ?? []) addLocal(scope, name, referenceType([kind]));
  for (const task of machine.tasks) addLocal(scope, task, referenceType([HARDWARE.task]));
  for (const [name, slot] of world.slots) {
    if (typeof slot === "string") continue;
    if (slot.is === "thing") addLocal(scope, name, referenceType([kindOf(slot.ref)]));
    else
      addLocal(
        scope,
        name,
        slot.is === "number" ? INT : slot.is === "range" ? RANGE : slot.is === "text" ? STRING : UNKNOWN,
      );
  }
  return scope;
}

/** The locals of the body that the cursor is in. */
export function bodyScope(chain: Pick<Usable, "system" | "links">, text: string, cursor: Cursor): Scope {
  const scope = emptyScope(chain);
  let kind: readonly number[] = [];
  cursor.heads.slice(1).forEach((head, i) => {
    const source = sourceOf(text, head);
    if (i === 0) {
      const member = parseChunk("Member", source);
      kind = kindsOf(scope, member);
      if ("params" in member) addParameters(scope, member.params);
    } else if (head[0]?.text === "on") addLocal(scope, "self", referenceType(kind));
    else if (head[0]?.text !== "}") enter(scope, parseChunk("Statement", source));
    for (const statement of cursor.earlier[i + 1] ?? []) pass(scope, parseChunk("Statement", statement));
  });
  addDefine(scope, text, cursor.tokens);
  addQuantified(scope, text, cursor.tokens);
  return scope;
}

const sourceOf = (text: string, tokens: readonly Token[]): string =>
  text.slice(tokens[0]?.start ?? 0, tokens.at(-1)?.end ?? 0);

function kindsOf({ draft }: Scope, member: Member): readonly number[] {
  if (member.kind === "fd" || member.kind === "object") return kindsNamed(draft, member.name.text) ?? [];
  return member.kind === "state" || member.kind === "fact"
    ? (kindsNamed(draft, member.target.text) ?? [])
    : [];
}

function addParameters(scope: Scope, params: readonly Parameter[]): void {
  for (const { name, type } of params) addLocal(scope, name.text, resolveType(scope, type, true));
}

/** The head of a block inside of the body. */
function enter(scope: Scope, node: Statement): void {
  if (node.kind === "if") narrow(scope, node.condition, true);
  if (node.kind !== "for") return;
  addLocal(scope, node.variable.text, compileSet(scope, node.set).element);
  if (node.where !== null) narrow(scope, node.where, true);
}

/** A statement that has ended. */
function pass(scope: Scope, node: Statement): void {
  if (node.kind === "require" && node.hazard === null) narrow(scope, node.condition, true);
  if (node.kind !== "let") return;
  const type =
    node.value.kind === "new"
      ? referenceType(kindsNamed(scope.draft, node.value.type.text) ?? [])
      : compileExpression(scope, node.value).type;
  addLocal(scope, node.name.text, type);
}

/** `define owner(d: device): context? = …` is one statement: its parameters are in front of the cursor. */
function addDefine(scope: Scope, text: string, tokens: readonly Token[]): void {
  const at = tokens.findIndex(({ text: word }) => word === "define");
  if (at === -1 || at > 1 || tokens[at + 2]?.text !== "(") return;
  let depth = 0;
  const end = tokens.findIndex((token, i) => {
    if (token.text === "(") depth++;
    if (token.text === ")") depth--;
    return i > at + 2 && depth === 0;
  });
  const member = end === -1 ? null : parseChunk("Member", sourceOf(text, tokens.slice(at, end + 1)));
  if (member !== null && "params" in member) addParameters(scope, member.params);
}

const quantifiers = new Set(["all", "any", "count", "first", "sum", "for"]);

/** `any x in SET where …`: x, from there on. */
function addQuantified(scope: Scope, text: string, tokens: readonly Token[]): void {
  tokens.forEach(({ text: word }, at) => {
    const [variable, before] = [tokens[at - 1], tokens[at - 2]];
    if (word !== "in" || variable?.kind !== "word" || before === undefined) return;
    const named = before.text === "(" ? tokens[at - 3] : before;
    if (named === undefined || !quantifiers.has(named.text)) return;
    let depth = 0;
    const length = tokens.slice(at + 1).findIndex(({ text: next }) => {
      if (depth === 0 && (next === "where" || next === ":" || next === "{" || next === ")")) return true;
      if (next === "(") depth++;
      if (next === ")") depth--;
      return false;
    });
    if (length <= 0) return;
    const node = parseChunk("Expression", sourceOf(text, tokens.slice(at + 1, at + 1 + length)));
    if (!isError(node)) addLocal(scope, variable.text, compileSet(scope, node).element);
  });
}

const isError = <T extends { readonly kind: string }>(
  node: T,
): node is Extract<T, { readonly kind: "error" }> => node.kind === "error";

/** The type of an expression, or null for one that cannot be understood. */
export function typeOf(scope: Scope, source: string): Type | null {
  const node = parseChunk("Expression", source);
  if (isError(node)) return null;
  const { type } = compileTarget(scope, node);
  return type.base === "unknown" ? null : type;
}

/** The text of the operand that ends with the last of these tokens: `g.group`, `owner(d)`. */
export function operandBefore(text: string, tokens: readonly Token[]): string {
  let i = tokens.length - 1;
  for (;;) {
    if (tokens[i]?.text === ")") {
      let depth = 0;
      for (; i >= 0; i--) {
        if (tokens[i]?.text === ")") depth++;
        if (tokens[i]?.text === "(" && --depth === 0) break;
      }
      if (tokens[i - 1]?.kind === "word") i--;
    }
    const dot = tokens[i - 1];
    if (dot?.text !== "." && dot?.text !== "->") break;
    i -= 2;
  }
  return i < 0 ? "" : sourceOf(text, tokens.slice(i));
}

/** The fields that a value of this type has. */
export function fieldsOfType(system: System, type: Type): System["fields"] {
  const names = new Set<string>();
  return type.kinds.flatMap((kind) =>
    (system.kinds[kind]?.fields ?? []).flatMap((id) => {
      const field = system.fields[id];
      if (field === undefined || names.has(field.name)) return [];
      names.add(field.name);
      return [field];
    }),
  );
}
