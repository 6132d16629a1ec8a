// The names that a chain of proposals declares, as a table. Knows the tree only: what names mean where they are used
// is in proposal.ts.

import type { Origin } from "../../semantics/context.ts";
import { siteOf } from "../../semantics/context.ts";
import type { Link } from "../../semantics/members.ts";
import type { FieldItem, Member, Name, Parameter, TypeNode } from "../../syntax/ast.ts";
import { type Declared, localKey, type Role, type Table } from "./names.ts";

export function tableOf(links: readonly Link[]): Table {
  const table = new Map<string, Declared>();
  for (const { declaration, origin } of links) {
    const builder: Builder = { table, origin, proposal: declaration.name.text };
    for (const member of declaration.body) addMember(builder, member);
  }
  return table;
}

interface Builder {
  readonly table: Map<string, Declared>;
  readonly origin: Origin;
  readonly proposal: string;
}

/** What a base declares and a derived proposal replaces is one symbol with two declarations. */
function add(
  { table, origin, proposal }: Builder,
  name: string,
  role: Role,
  at: Name,
  doc: readonly string[] = [],
): void {
  const known = table.get(name);
  const key = known?.key ?? `${origin.uri}|${proposal}|${name}`;
  const sites = [...(known?.sites ?? []), siteOf(origin, at)];
  const deprecated = known?.deprecated === true || doc.some((line) => /^deprecated\b/i.test(line));
  table.set(name, { key, role: known?.role ?? role, sites, ...(deprecated ? { deprecated } : {}) });
}

function addMember(builder: Builder, member: Member): void {
  switch (member.kind) {
    case "error":
    case "remove":
      return;
    case "fd":
    case "object":
      add(builder, `type ${member.name.text}`, member.kind, member.name, member.doc);
      return addFields(builder, member.name.text, member.body);
    case "state":
    case "fact":
      return addFields(builder, member.target.text, member.body);
    case "role":
      return add(builder, `type ${member.name.text}`, "role", member.name, member.doc);
    case "alias":
      add(builder, `type ${member.name.text}`, "alias", member.name, member.doc);
      return addWords(builder, member.type);
    case "operation":
      if (member.resultField !== null)
        add(builder, `result ${member.name.text}.${member.resultField.text}`, "result", member.resultField);
      if (member.result !== null) addWords(builder, member.result);
      break;
    case "define":
      if (member.type !== null) addWords(builder, member.type);
      break;
    case "effect":
    case "rule":
    case "hazard":
    case "const":
      break;
    default:
      member satisfies never;
  }
  add(builder, `${member.kind} ${member.name.text}`, member.kind, member.name, member.doc);
  if ("params" in member)
    for (const param of member.params)
      addParameter(builder, `parameter ${member.kind} ${member.name.text}`, param);
}

/** A parameter belongs to its declaration: the call that replaces another has its own. */
function addParameter({ table, origin, ...rest }: Builder, owner: string, param: Parameter): void {
  const { name, type } = param;
  const key = localKey(origin, name.start);
  table.set(`${owner}.${name.text}`, { key, role: "parameter", sites: [siteOf(origin, name)] });
  addWords({ table, origin, ...rest }, type);
}

function addFields(builder: Builder, kind: string, body: readonly FieldItem[]): void {
  for (const item of body) {
    if (item.kind !== "field-declaration") continue;
    add(builder, `field ${kind}.${item.name.text}`, "field", item.name, item.doc);
    addWords(builder, item.type);
  }
}

/** The words of enums: equal ones are one symbol, for types are compared by their words. */
function addWords(builder: Builder, type: TypeNode): void {
  for (const atom of type.alternatives) {
    if (atom.kind === "set-of") addWords(builder, atom.element);
    if (atom.kind === "enum")
      for (const word of atom.members) add(builder, `word ${word.text}`, "word", word);
  }
}
