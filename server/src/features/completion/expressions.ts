// What can stand in an expression: in an `assert`, and in the bodies of proposals.

import type { System, Type } from "../../model/system.ts";
import type { Scope } from "../../semantics/context.ts";
import { showType } from "../../semantics/context.ts";
import { builtInDocs } from "../keyword-docs.ts";
import { fieldsOfType, operandBefore, typeOf } from "../scope.ts";
import type { Token } from "../tokens.ts";
import { filled, type Item, item, keywords, type Piece } from "./item.ts";

const operators = new Set(["==", "!=", "<", "<=", ">", ">="]);

/** `tokens` are those of the statement in front of the word; `source` is the text that they stand in. */
export function expressionItems(
  system: System,
  scope: Scope,
  tokens: readonly Token[],
  source: string,
): Item[] {
  const last = tokens.at(-1);
  const wanted = wantedType(scope, tokens, source);
  const sets = last?.text === "in" ? setItems(system) : [];
  const types =
    last?.text === "is" || (last?.text === "not" && tokens.at(-2)?.text === "is") ? setItems(system) : [];
  if (types.length > 0) return types;
  const fitting = wanted === null ? [] : wanted.names.map((name) => item(name, "value", { rank: 1 }));
  return [
    ...sets,
    ...fitting,
    ...localItems(system, scope, wanted),
    ...defineItems(system, wanted),
    ...[...system.constants].map(([name, value]) =>
      item(name, "constant", { detail: String(value), rank: 5, about: { proposal: system.proposal, name } }),
    ),
    ...[...builtInDocs].map(([name, { head, doc }]) =>
      item(name, "define", {
        detail: `${head}: ${doc}`,
        ...filled([`${name}(`, { stop: "" }, ")"]),
        rank: 6,
        about: { word: name },
      }),
    ),
    ...quantifiers,
    ...keywords(
      last === undefined || last.text === ")" || last.kind === "word" || last.kind === "number"
        ? ["and", "or", "in", "is", "not", "none", "true", "false", "caller", "kernel", "if"]
        : ["not", "none", "true", "false", "caller", "kernel", "if"],
      7,
    ),
  ];
}

const quantifier = (label: string, pieces: readonly Piece[]): Item =>
  item(label, "keyword", { ...filled(pieces), rank: 7, about: { word: label } });

const quantifiers: readonly Item[] = [
  quantifier("all", ["all ", { stop: "x" }, " in ", { stop: "SET" }, ": ", { stop: "COND" }]),
  quantifier("any", ["any ", { stop: "x" }, " in ", { stop: "SET" }, ": ", { stop: "COND" }]),
  quantifier("first", ["first(", { stop: "x" }, " in ", { stop: "SET" }, " where ", { stop: "COND" }, ")"]),
  quantifier("count", ["count(", { stop: "x" }, " in ", { stop: "SET" }, " where ", { stop: "COND" }, ")"]),
];

/** Of the other side of a comparison. */
function wantedType(scope: Scope, tokens: readonly Token[], source: string): Type | null {
  const brace = tokens.findLastIndex(({ text }) => text === "{");
  const inSet =
    brace > 0 && tokens[brace - 1]?.text === "in" && !tokens.slice(brace).some(({ text }) => text === "}");
  const at = inSet ? brace - 1 : tokens.length - 1;
  const operator = tokens[at]?.text ?? "";
  if (!inSet && !operators.has(operator)) return null;
  const left = tokens.slice(0, operator === "in" && tokens[at - 1]?.text === "not" ? at - 1 : at);
  const operand = operandBefore(source, left);
  return operand === "" ? null : typeOf(scope, operand);
}

function localItems(system: System, { locals }: Scope, wanted: Type | null): Item[] {
  return [...locals].map(([name, { type }]) =>
    item(name, "handle", { detail: showType(system, type), rank: suits(type, wanted) ? 2 : 4 }),
  );
}

/** A value of the type could be equal to what is wanted, or lead to it by a field. */
const suits = (type: Type, wanted: Type | null): boolean =>
  wanted === null ||
  (type.base === wanted.base &&
    (type.base !== "value" || type.kinds.some((kind) => wanted.kinds.includes(kind))));

function defineItems(system: System, wanted: Type | null): Item[] {
  return system.defines.map(({ name, params, result }) => {
    const needed = params.filter(({ initial }) => initial === null);
    const args = needed.flatMap((param, i): Piece[] => [i === 0 ? "" : ", ", { stop: param.name }]);
    const shown = params.map((param) => `${param.name}: ${showType(system, param.type)}`).join(", ");
    return item(name, "define", {
      detail: `(${shown}): ${showType(system, result)}`,
      ...(params.length === 0 ? {} : filled([`${name}(`, ...args, ")"])),
      rank: wanted !== null && suits(result, wanted) ? 2 : 3,
      about: { proposal: system.proposal, name },
    });
  });
}

/** What stands behind `in` or `is`: kinds and roles. */
export function setItems(system: System): Item[] {
  const about = (name: string): Partial<Item> => ({ about: { proposal: system.proposal, name } });
  return [
    ...system.kinds
      .filter(({ name }) => name !== "host")
      .map(({ name, sort }) =>
        item(name, "type", { detail: sort, rank: sort === "hardware" ? 2 : 1, ...about(name) }),
      ),
    ...[...system.roles.keys()].map((name) =>
      item(name, "type", { detail: "role", rank: 2, ...about(name) }),
    ),
  ];
}

/** Types, where a parameter or a field is declared. */
export function typeItems(system: System, aliases: readonly string[]): Item[] {
  return [
    ...setItems(system),
    ...aliases.map((name) =>
      item(name, "type", { detail: "type", rank: 2, about: { proposal: system.proposal, name } }),
    ),
    ...["bool", "int", "string", "range"].map((name) => item(name, "type", { rank: 3 })),
    item("set of", "keyword", { insert: "set of ", rank: 4, about: { word: "set" } }),
    item("enum", "keyword", {
      ...filled(["enum {", { stop: "a, b" }, "}"]),
      rank: 4,
      about: { word: "enum" },
    }),
  ];
}

/** What stands behind the dot. */
export function fieldItems(system: System, type: Type | null): Item[] {
  if (type === null) return [];
  if (type.base === "range")
    return ["start", "size", "end"].map((name) => item(name, "field", { detail: "int" }));
  const kinds = type.kinds.map((kind) => system.kinds[kind]?.name);
  const members = [
    ...(kinds.includes("group")
      ? [item("devices", "field", { detail: "the devices of the group, to walk over" })]
      : []),
    ...(kinds.includes("iommu")
      ? [item("groups", "field", { detail: "the groups behind it, to walk over" })]
      : []),
  ];
  const fields = fieldsOfType(system, type).map((field) =>
    item(field.name, "field", {
      detail: showType(system, field.type),
      rank: field.constant || field.birth ? 3 : 2,
    }),
  );
  return [...fields, ...members];
}
