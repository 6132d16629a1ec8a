// What the tree alone says about names: declarations, types, calls, named arguments. Names inside expressions need
// types and are told by the compiler (see Reference in semantics/context.ts).

import type { Origin } from "../../semantics/context.ts";
import type { Name, ProposalDeclaration, Span, TypeNode } from "../../syntax/ast.ts";
import {
  type Declared,
  entryOf,
  localKey,
  type Occurrence,
  occurrence,
  type Role,
  type Table,
} from "./names.ts";

export interface Sink {
  readonly table: Table;
  readonly origin: Origin;
  /** Added to spans: where the row stands in its item. */
  readonly shift: number;
  readonly out: Occurrence[];
}

export const moved = ({ start, end }: Span, by: number): Span => ({ start: start + by, end: end + by });

function note(
  sink: Sink,
  at: Span,
  entry: Pick<Declared, "key" | "role" | "deprecated">,
  access: Occurrence["access"] = "read",
): void {
  sink.out.push(occurrence(moved(at, sink.shift), entry, access));
}

const noteEntry = (sink: Sink, at: Name, name: string, access: Occurrence["access"] = "read"): void =>
  note(sink, at, entryOf(sink.table, name), access);

function declareLocal(sink: Sink, name: Name, role: Role): void {
  note(sink, name, { key: localKey(sink.origin, name.start + sink.shift), role }, "declare");
}

/** All members of a proposal. */
export function walkProposal(sink: Sink, { body }: ProposalDeclaration): void {
  for (const member of body) {
    switch (member.kind) {
      case "error":
        continue;
      case "remove": {
        const space = ["operation", "rule", "define", "const", "effect", "hazard"].find((each) =>
          sink.table.has(`${each} ${member.name.text}`),
        );
        if (space !== undefined) noteEntry(sink, member.name, `${space} ${member.name.text}`);
        continue;
      }
      case "state":
      case "fact":
        noteEntry(sink, member.target, `type ${member.target.text}`);
        walkFields(sink, member.target.text, member.body);
        continue;
      case "fd":
      case "object":
        noteEntry(sink, member.name, `type ${member.name.text}`, "declare");
        for (const role of member.roles) noteEntry(sink, role, `type ${role.text}`);
        if (member.kind === "object" && member.owner !== null)
          noteEntry(sink, member.owner, `type ${member.owner.text}`);
        walkFields(sink, member.name.text, member.body);
        continue;
      case "role":
        noteEntry(sink, member.name, `type ${member.name.text}`, "declare");
        continue;
      case "alias":
        noteEntry(sink, member.name, `type ${member.name.text}`, "declare");
        walkType(sink, member.type);
        continue;
      default:
        noteEntry(sink, member.name, `${member.kind} ${member.name.text}`, "declare");
    }
    if (member.kind === "operation" && member.resultField !== null)
      noteEntry(sink, member.resultField, `result ${member.name.text}.${member.resultField.text}`, "declare");
    if ("params" in member) walk(sink, member.params);
    if (member.kind === "operation") walk(sink, [member.result, member.body]);
    if (member.kind === "define") walk(sink, [member.type, member.body]);
    if (member.kind === "effect" || member.kind === "rule") walk(sink, member.body);
    if (member.kind === "const") walk(sink, member.value);
  }
}

function walkFields(
  sink: Sink,
  kind: string,
  body: Extract<ProposalDeclaration["body"][number], { kind: "fd" }>["body"],
): void {
  for (const item of body) {
    if (item.kind === "on") walk(sink, item.body);
    if (item.kind !== "field-declaration") continue;
    noteEntry(sink, item.name, `field ${kind}.${item.name.text}`, "declare");
    walk(sink, [item.type, item.value]);
  }
}

function walkType(sink: Sink, type: TypeNode): void {
  for (const atom of type.alternatives) {
    if (atom.kind === "name") noteEntry(sink, atom, `type ${atom.text}`);
    else if (atom.kind === "set-of") walkType(sink, atom.element);
    else for (const word of atom.members) noteEntry(sink, word, `word ${word.text}`, "declare");
  }
}

/** Statements and expressions, whatever holds them. */
export function walk(sink: Sink, part: unknown): void {
  if (typeof part !== "object" || part === null) return;
  if (Array.isArray(part)) {
    for (const each of part) walk(sink, each);
    return;
  }
  if (!isNode(part)) return;
  switch (part.kind) {
    case "type":
      return walkType(sink, part);
    case "parameter":
      declareLocal(sink, part.name, "parameter");
      return walk(sink, [part.type, part.value]);
    case "let":
      declareLocal(sink, part.name, "variable");
      return walk(sink, part.value);
    case "for":
      declareLocal(sink, part.variable, "variable");
      return walk(sink, [part.set, part.where, part.body]);
    case "quantifier":
      declareLocal(sink, part.variable, "variable");
      return walk(sink, [part.set, part.where, part.body]);
    case "is":
      noteEntry(sink, part.type, `type ${part.type.text}`);
      return walk(sink, part.operand);
    case "new":
      noteEntry(sink, part.type, `type ${part.type.text}`);
      return walk(sink, [part.fields.map(({ value }) => value), part.owner]);
    case "do":
      return walkCall(sink, part.call, "effect");
    case "call":
      return walkCall(sink, part, "define");
    case "require":
      if (part.hazard !== null) noteEntry(sink, part.hazard.name, `hazard ${part.hazard.name.text}`);
      return walk(sink, [part.condition, part.message]);
    default:
      return walk(sink, Object.values(part));
  }
}

function walkCall(
  sink: Sink,
  { callee, args }: Extract<Walked, { kind: "call" }>,
  space: "define" | "effect",
): void {
  if (sink.table.has(`${space} ${callee.text}`)) noteEntry(sink, callee, `${space} ${callee.text}`);
  for (const { name, value } of args) {
    const entry = name === null ? null : sink.table.get(`parameter ${space} ${callee.text}.${name.text}`);
    if (name !== null && entry !== null && entry !== undefined) note(sink, name, entry);
    walk(sink, value);
  }
}

type Walked =
  | import("../../syntax/ast.ts").Expression
  | import("../../syntax/ast.ts").Statement
  | import("../../syntax/ast.ts").Parameter
  | TypeNode;

// Everything below a statement or an expression that has a kind is one of these.
const isNode = (part: object): part is Walked => "kind" in part;
