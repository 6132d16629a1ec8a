// Kinds and fields of a System from the declarations of a proposal.

import type { Field, Kind, OpenPath, Type } from "../model/system.ts";
import { HARDWARE, hardwareNames } from "../model/system.ts";
import { NONE } from "../model/values.ts";
import type { FdDeclaration, FieldDeclaration, Member, Name, ObjectDeclaration } from "../syntax/ast.ts";
import type { Draft, Origin } from "./context.ts";
import { BOOL, createScope, INT, referenceType, report, siteOf } from "./context.ts";
import { compileAs } from "./expressions.ts";
import { fold } from "./fold.ts";
import type { Placed } from "./members.ts";
import { parsePath } from "./paths.ts";
import { resolveType, suggestion } from "./types.ts";

type FieldOptions = Partial<Pick<Field, "constant" | "strong" | "birth" | "site">> & {
  readonly initial: number;
};

function addField(draft: Draft, kind: number, name: string, type: Type, options: FieldOptions): number {
  const id = draft.fields.length;
  const { initial, constant = false, strong = false, birth = false, site = null } = options;
  draft.fields.push({ id, name, kind, type, initial, constant, strong, birth, site });
  return id;
}

function addKind(draft: Draft, name: string, sort: Kind["sort"], more: Partial<Kind> = {}): Kind {
  const id = draft.kinds.length;
  const kind: Kind = {
    id,
    name,
    sort,
    fields: [],
    alive: addField(draft, id, "(alive)", BOOL, { initial: 0 }),
    holders: addField(draft, id, "(holders)", INT, { initial: 0 }),
    references: addField(draft, id, "(references)", INT, { initial: 0 }),
    ownerField: -1,
    ownerKind: -1,
    idField: -1,
    roles: [],
    path: null,
    exclusive: false,
    on: { open: null, close: null, release: null },
    doc: [],
    site: null,
    ...more,
  };
  draft.kinds.push(kind);
  draft.kindByName.set(name, id);
  return kind;
}

function ownField(draft: Draft, kind: Kind, name: string, type: Type, options: FieldOptions): number {
  const id = addField(draft, kind.id, name, type, options);
  kind.fields.push(id);
  return id;
}

export function addHardware(draft: Draft): void {
  const kinds = hardwareNames.map((name) => addKind(draft, name, "hardware"));
  const birth = { initial: NONE, birth: true };
  const [, , group, device] = kinds;
  if (group !== undefined) ownField(draft, group, "iommu", referenceType([HARDWARE.iommu]), birth);
  if (device !== undefined) ownField(draft, device, "group", referenceType([HARDWARE.group]), birth);
  draft.roles.set("fd", []);
}

/** All fds and objects with their roles and owners, then all aliases, then all fields. */
export function addDeclarations(draft: Draft, declarations: readonly Placed<Member>[]): void {
  for (const { member } of declarations) if (member.kind === "role") draft.roles.set(member.name.text, []);
  for (const placed of declarations) {
    if (placed.member.kind === "fd" || placed.member.kind === "object")
      declareKind(draft, placed.member, placed.origin);
  }
  for (const { member, origin } of declarations)
    if (member.kind === "object") declareOwner(draft, member, origin);
  for (const { member } of declarations)
    if (member.kind === "object" && member.numbered) declareNumber(draft, member);
  for (const { member, origin } of declarations) {
    if (member.kind === "alias")
      draft.aliases.set(member.name.text, resolveType({ draft, origin }, member.type));
  }
  for (const { member, origin } of declarations) {
    if (
      member.kind === "fd" ||
      member.kind === "object" ||
      member.kind === "state" ||
      member.kind === "fact"
    ) {
      declareFields(draft, member, origin);
    }
  }
  for (const { member, origin } of declarations) if (member.kind === "fd") declarePath(draft, member, origin);
}

function declareKind(draft: Draft, member: FdDeclaration | ObjectDeclaration, origin: Origin): void {
  const { name, kind: sort, doc } = member;
  const known = draft.kindByName.get(name.text);
  const before = known === undefined ? undefined : draft.kinds[known];
  if (before !== undefined && before.sort === "hardware") {
    report({ draft, origin }, name, {
      code: "duplicate-name",
      message: `\`${name.text}\` is a hardware kind of the language`,
    });
    return;
  }
  const kind = before ?? addKind(draft, name.text, sort, { doc, site: siteOf(origin, name) });
  if (before === undefined && sort === "fd") draft.roles.get("fd")?.push(kind.id);
  for (const role of member.roles) {
    const members = draft.roles.get(role.text);
    if (members === undefined || role.text === "fd") {
      report({ draft, origin }, role, {
        code: "unknown-type",
        message: `no role is called \`${role.text}\``,
        help: suggestion(role.text, draft.roles.keys()),
      });
    } else if (!members.includes(kind.id)) members.push(kind.id);
  }
  const roles = [...new Set([...kind.roles, ...member.roles.map(({ text }) => text)])];
  const exclusive = kind.exclusive || (member.kind === "fd" && member.exclusive);
  draft.kinds[kind.id] = { ...kind, roles, exclusive, doc: doc.length > 0 ? doc : kind.doc };
}

function declareOwner(draft: Draft, member: ObjectDeclaration, origin: Origin): void {
  const id = draft.kindByName.get(member.name.text);
  const kind = id === undefined ? undefined : draft.kinds[id];
  if (member.owner === null || kind === undefined || kind.sort === "hardware") return;
  const ownerId = draft.kindByName.get(member.owner.text);
  const owner = ownerId === undefined ? undefined : draft.kinds[ownerId];
  if (owner === undefined || owner.sort === "hardware") {
    report({ draft, origin }, member.owner, {
      code: "unknown-type",
      message: `an object lives in an fd or another object, and none is called \`${member.owner.text}\``,
      help: suggestion(
        member.owner.text,
        draft.kinds.filter(({ sort }) => sort !== "hardware").map(({ name }) => name),
      ),
    });
    return;
  }
  if (kind.ownerKind !== -1) return;
  if (ownerChain(draft, owner.id).includes(kind.id)) {
    report({ draft, origin }, member.owner, {
      code: "type-mismatch",
      message: `${kind.name} would live in itself`,
    });
    return;
  }
  const ownerField = ownField(draft, kind, owner.name, referenceType([owner.id]), {
    initial: NONE,
    birth: true,
  });
  draft.kinds[kind.id] = { ...kind, ownerField, ownerKind: owner.id };
}

function declareNumber(draft: Draft, member: ObjectDeclaration): void {
  const kind = draft.kinds[draft.kindByName.get(member.name.text) ?? -1];
  if (kind === undefined || kind.sort !== "object" || kind.idField !== -1) return;
  const idField = ownField(draft, kind, "id", INT, { initial: 0, birth: true });
  draft.kinds[kind.id] = { ...kind, idField };
}

function ownerChain(draft: Draft, kind: number): number[] {
  const chain: number[] = [];
  for (let at = kind; at !== -1 && !chain.includes(at); at = draft.kinds[at]?.ownerKind ?? -1) chain.push(at);
  return chain;
}

type WithFields = Extract<Member, { kind: "fd" | "object" | "state" | "fact" }>;

function declareFields(draft: Draft, member: WithFields, origin: Origin): void {
  const kind = targetKind(draft, member, origin);
  if (kind === null) return;
  for (const item of member.body)
    if (item.kind === "field-declaration") declareField(draft, kind, item, member.kind, origin);
}

function targetKind(draft: Draft, member: WithFields, origin: Origin): Kind | null {
  const name: Name = member.kind === "fd" || member.kind === "object" ? member.name : member.target;
  const kind = draft.kinds[draft.kindByName.get(name.text) ?? -1];
  if (
    kind !== undefined &&
    (kind.sort === "hardware") === (member.kind === "state" || member.kind === "fact")
  )
    return kind;
  if (member.kind === "state" || member.kind === "fact") {
    report({ draft, origin }, name, {
      code: "unknown-type",
      message: `\`${member.kind}\` adds fields to ${hardwareNames.join(", ")}; \`${name.text}\` is none of them`,
      help: suggestion(name.text, hardwareNames),
    });
  }
  return null;
}

function declareField(
  draft: Draft,
  kind: Kind,
  node: FieldDeclaration,
  form: WithFields["kind"],
  origin: Origin,
): void {
  const place = { draft, origin };
  const twin = draft.fields.find((field) => field.kind === kind.id && field.name === node.name.text);
  if (twin !== undefined) {
    report(place, node.name, {
      code: "duplicate-name",
      message: `${kind.name} already has a field \`${node.name.text}\``,
      ...(twin.site === null ? {} : { related: [{ site: twin.site, message: "first declared here" }] }),
    });
    return;
  }
  const type = resolveType(place, node.type);
  let initial = defaultValue(draft, type);
  if (node.value !== null) {
    const value = fold(
      draft.values,
      compileAs(createScope(draft, origin), node.value, type, `\`${node.name.text}\``),
    );
    if (value === null) {
      report(place, node.value, {
        code: "type-mismatch",
        message: "the value of a field at birth must be a constant",
      });
    } else initial = value;
  }
  const refers = type.base === "value" && type.kinds.some((id) => draft.kinds[id]?.sort !== "hardware");
  ownField(draft, kind, node.name.text, type, {
    initial,
    constant: form === "fact",
    // State of the machine points at files without keeping them open.
    strong: refers && !node.weak && kind.sort !== "hardware",
    site: siteOf(origin, node.name),
  });
}

export function defaultValue(draft: Pick<Draft, "values">, type: Type): number {
  if (type.optional) return NONE;
  switch (type.base) {
    case "bool":
    case "int":
      return 0;
    case "string":
      return draft.values.symbol("");
    case "range":
      return draft.values.range(0, 0);
    case "set":
      return draft.values.set([]);
    case "value":
      return type.kinds.length > 0 || type.names[0] === undefined ? NONE : draft.values.symbol(type.names[0]);
    case "unknown":
      return NONE;
    default:
      return type.base satisfies never;
  }
}

function declarePath(draft: Draft, member: FdDeclaration, origin: Origin): void {
  const kind = draft.kinds[draft.kindByName.get(member.name.text) ?? -1];
  if (member.path === null || kind === undefined || kind.sort !== "fd") return;
  const parts = parsePath({ draft, origin }, member.path);
  if (parts === null) return;
  const { prefix, suffix, hole } = parts;
  let path: OpenPath = { prefix, suffix, hole: null };
  if (hole !== null) {
    const name = hardwareNames[hole.kind] ?? "";
    const declared = draft.fields.find((field) => field.kind === kind.id && field.name === name);
    const field =
      declared?.id ?? ownField(draft, kind, name, referenceType([hole.kind]), { initial: NONE, birth: true });
    path = { prefix, suffix, hole: { ...hole, field } };
  }
  const twin = draft.kinds.find(
    (other) =>
      other.id !== kind.id &&
      other.path !== null &&
      other.path.prefix === prefix &&
      other.path.suffix === suffix &&
      (other.path.hole === null) === (hole === null),
  );
  if (twin !== undefined) {
    report({ draft, origin }, member.path, {
      code: "bad-path",
      message: `${twin.name} already opens this path, so open() could not tell which is meant`,
    });
  }
  draft.kinds[kind.id] = { ...kind, path };
}
