// A proposal with everything that it has from its bases, as plain tables: grammar/README.md, "Proposal".

import type {
  ConstDeclaration,
  Define,
  Effect,
  Expression,
  HazardDeclaration,
  Member,
  OnBlock,
  Operation,
  ProposalDeclaration,
  Rule,
  Statement,
  TypeNode,
} from "../../server/src/syntax/ast.ts";

export interface Field {
  readonly name: string;
  readonly type: TypeNode | null;
  /** The kind of thing that a built-in field refers to. */
  readonly builtin: string | null;
  readonly weak: boolean;
  readonly value: Expression | null;
}

/** A file type, a kind of object, or a kind of hardware. */
export interface Kind {
  readonly name: string;
  readonly sort: "fd" | "object" | "hardware";
  readonly roles: Set<string>;
  readonly fields: Map<string, Field>;
  readonly blocks: Map<string, OnBlock>;
  path: string | null;
  isExclusive: boolean;
  owner: string | null;
  isNumbered: boolean;
}

export interface Program {
  readonly name: string;
  readonly isAbstract: boolean;
  readonly kinds: Map<string, Kind>;
  readonly roles: Set<string>;
  readonly operations: Map<string, Operation>;
  readonly effects: Map<string, Effect>;
  readonly defines: Map<string, Define>;
  readonly rules: Map<string, Rule>;
  readonly hazards: Map<string, HazardDeclaration>;
  readonly consts: Map<string, ConstDeclaration>;
  readonly aliases: Map<string, TypeNode>;
  /** `namesOf` of types that were asked for. */
  readonly typeNames: Map<TypeNode, readonly string[]>;
  /** Parameters of an operation whose handles its body looks at itself: `require live(f) else …`. */
  readonly lateHandles: Map<string, ReadonlySet<string>>;
  /** Names of fields that are `bool` wherever they are declared. */
  readonly boolFields: Set<string>;
}

const hardware: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  ["iommu", []],
  ["group", [["iommu", "iommu"]]],
  ["device", [["group", "group"]]],
  ["task", []],
  ["host", []],
];

function kind(name: string, sort: Kind["sort"]): Kind {
  return {
    ...{ name, sort, roles: new Set<string>(), fields: new Map(), blocks: new Map() },
    ...{ path: null, isExclusive: false, owner: null, isNumbered: false },
  };
}

const builtinField = (name: string, target: string): Field => ({
  ...{ name, type: null, builtin: target, weak: true, value: null },
});

/** `chain`: from core down to the proposal itself. */
export function programOf(chain: readonly ProposalDeclaration[]): Program {
  const last = chain.at(-1);
  if (last === undefined) throw new Error("no proposal");
  const program: Program = {
    ...{ name: last.name.text, isAbstract: last.abstract, kinds: new Map(), roles: new Set<string>() },
    ...{ operations: new Map(), effects: new Map(), defines: new Map() },
    ...{ rules: new Map(), hazards: new Map() },
    ...{ consts: new Map(), aliases: new Map(), lateHandles: new Map(), boolFields: new Set<string>() },
    typeNames: new Map(),
  };
  for (const [name, fields] of hardware) {
    const made = kind(name, "hardware");
    for (const [field, target] of fields) made.fields.set(field, builtinField(field, target));
    program.kinds.set(name, made);
  }
  for (const proposal of chain) {
    // The order of declarations does not matter: what is removed was in a base.
    for (const member of proposal.body) if (member.kind === "remove") remove(program, member.name.text);
    for (const member of proposal.body) add(program, member);
  }
  for (const [name, operation] of program.operations)
    program.lateHandles.set(name, liveParameters(operation.body));
  findBoolFields(program);
  return program;
}

function remove(program: Program, name: string): void {
  const { operations, effects, defines, rules, hazards, consts, kinds } = program;
  for (const table of [operations, effects, defines, rules, hazards, consts, kinds]) table.delete(name);
}

function add(program: Program, member: Member): void {
  switch (member.kind) {
    case "fd":
    case "object": {
      const made = program.kinds.get(member.name.text) ?? kind(member.name.text, member.kind);
      program.kinds.set(made.name, made);
      for (const role of member.roles) made.roles.add(role.text);
      if (member.kind === "fd") {
        made.path = member.path?.value ?? made.path;
        made.isExclusive ||= member.exclusive;
        for (const hole of holesOf(made.path ?? ""))
          made.fields.set(hole.kind, builtinField(hole.kind, hole.kind));
      } else {
        made.owner = member.owner?.text ?? made.owner;
        made.isNumbered ||= member.numbered;
        if (made.owner !== null) made.fields.set(made.owner, builtinField(made.owner, made.owner));
      }
      addFields(made, member.body);
      break;
    }
    case "state":
    case "fact": {
      const target = program.kinds.get(member.target.text);
      if (target !== undefined) addFields(target, member.body);
      break;
    }
    case "operation":
      program.operations.set(member.name.text, member);
      break;
    case "effect":
      program.effects.set(member.name.text, member);
      break;
    case "define":
      program.defines.set(member.name.text, member);
      break;
    case "rule":
      program.rules.set(member.name.text, member);
      break;
    case "hazard":
      program.hazards.set(member.name.text, member);
      break;
    case "const":
      program.consts.set(member.name.text, member);
      break;
    case "role":
      program.roles.add(member.name.text);
      break;
    case "alias":
      program.aliases.set(member.name.text, member.type);
      break;
    default:
  }
}

function addFields(target: Kind, body: Extract<Member, { kind: "fd" }>["body"]): void {
  for (const item of body) {
    if (item.kind === "on") target.blocks.set(item.event.text, item);
    if (item.kind !== "field-declaration") continue;
    const { type, weak, value } = item;
    target.fields.set(item.name.text, { name: item.name.text, type, builtin: null, weak, value });
  }
}

/** `off` rules and hazards are looked at only where something expects them. */
export function expecting(program: Program, expected: ReadonlySet<string>): Program {
  const isOn = ([name, { severity }]: readonly [string, { readonly severity: string }]): boolean =>
    severity !== "off" || expected.has(name);
  return {
    ...program,
    rules: new Map([...program.rules].filter(isOn)),
    hazards: new Map([...program.hazards].filter(isOn)),
  };
}

export interface Hole {
  readonly kind: string;
  /** `{device.FIELD}` */
  readonly field: string | null;
}

export function holesOf(path: string): Hole[] {
  return [...path.matchAll(/\{(\w+)(?:\.(\w+))?\}/g)].map((match) => ({
    kind: match[1] ?? "",
    field: match[2] ?? null,
  }));
}

/** The names of a type, with aliases looked through: `fd`, `int`, `ioasid` … Enums and sets are `enum` and `set`. */
export function namesOf(program: Program, type: TypeNode): readonly string[] {
  const known = program.typeNames.get(type);
  if (known !== undefined) return known;
  const names = type.alternatives.flatMap((atom) => {
    if (atom.kind === "enum") return ["enum"];
    if (atom.kind === "set-of") return ["set"];
    const alias = program.aliases.get(atom.text);
    return alias === undefined ? [atom.text] : namesOf(program, alias);
  });
  program.typeNames.set(type, names);
  return names;
}

export function isOptional(program: Program, type: TypeNode): boolean {
  return (
    type.optional ||
    type.alternatives.some((atom) => {
      const alias = atom.kind === "name" ? program.aliases.get(atom.text) : undefined;
      return alias !== undefined && isOptional(program, alias);
    })
  );
}

/** Whether things of this kind are what the name (a kind, an fd, an object, a role, `fd`) stands for. */
export function isA(program: Program, of: string, name: string): boolean {
  if (of === name) return true;
  const made = program.kinds.get(of);
  return made !== undefined && (made.roles.has(name) || (name === "fd" && made.sort === "fd"));
}

/** Whether a value of a type with this name can be a thing. */
export function isThingName(program: Program, name: string): boolean {
  return name === "fd" || program.kinds.has(name) || program.roles.has(name);
}

function findBoolFields(program: Program): void {
  const others = new Set<string>();
  for (const { fields } of program.kinds.values())
    for (const { name, type } of fields.values()) {
      const isBool = type !== null && !type.optional && namesOf(program, type).join() === "bool";
      (isBool ? program.boolFields : others).add(name);
    }
  for (const name of others) program.boolFields.delete(name);
}

function liveParameters(body: readonly Statement[]): Set<string> {
  const found = new Set<string>();
  visit(body, (node) => {
    if (node.kind !== "require" || node.condition === undefined) return;
    visit(node.condition, (inner) => {
      if (inner.kind !== "call" || inner.callee?.text !== "live") return;
      const name = inner.args?.[0]?.value;
      if (name?.kind === "name" && name.text !== undefined) found.add(name.text);
    });
  });
  return found;
}

interface AnyNode {
  readonly kind?: string;
  readonly condition?: AnyNode;
  readonly callee?: { readonly text: string };
  readonly args?: readonly { readonly value: AnyNode }[];
  readonly text?: string;
}

/** Calls `look` for every node of a tree. */
export function visit(tree: unknown, look: (node: AnyNode) => void): void {
  if (typeof tree !== "object" || tree === null) return;
  if ("kind" in tree) look(tree as AnyNode);
  for (const part of Object.values(tree)) visit(part, look);
}
