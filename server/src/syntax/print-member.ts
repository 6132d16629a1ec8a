// Members of proposals as lines of text. Knows nothing of scenarios or whole files.

import type { Expression, FieldItem, Member, Name, Parameter } from "./ast.ts";
import { printExpression, printIdent, printName, printType, quote, unreachable } from "./print-expression.ts";
import { block, errorLines, type Lines, statementList } from "./print-statement.ts";

/** A node with its doc comment above it. */
export function documented({ doc }: { readonly doc: readonly string[] }, lines: Lines): Lines {
  return [...doc.map((text) => (text === "" ? "///" : `/// ${text}`)), ...lines];
}

/** Members of one line stand close together, all others apart. */
export function memberList(members: readonly Member[]): Lines {
  const texts = members.map(memberLines);
  return texts.flatMap((lines, index) => {
    const previous = texts[index - 1];
    const apart = previous !== undefined && (previous.length > 1 || lines.length > 1);
    return apart ? ["", ...lines] : lines;
  });
}

export function memberLines(node: Member): Lines {
  if (node.kind === "error") return errorLines(node);
  return documented(node, bareMemberLines(node));
}

function bareMemberLines(node: Exclude<Member, { readonly kind: "error" }>): Lines {
  switch (node.kind) {
    case "fd": {
      const path = node.path === null ? "" : ` opens ${quote(node.path.value)}`;
      const head = `fd ${printName(node.name)}${rolesText(node.roles)}${path}${node.exclusive ? " exclusive" : ""}`;
      return node.body.length === 0 && !node.open ? [head] : block(head, node.body.flatMap(fieldLines), node);
    }
    case "object": {
      const owner = node.owner === null ? "" : ` in ${printName(node.owner)}`;
      const numbered = node.numbered ? " numbered" : "";
      const head = `object ${printName(node.name)}${owner}${numbered}${rolesText(node.roles)}`;
      return node.body.length === 0 && !node.open ? [head] : block(head, node.body.flatMap(fieldLines), node);
    }
    case "state":
    case "fact":
      return block(`${node.kind} ${printName(node.target)}`, node.body.flatMap(fieldLines), node);
    case "operation": {
      const result = node.result === null ? "" : ` -> ${printType(node.result)}`;
      const field = node.resultField === null ? "" : ` as ${printIdent(node.resultField)}`;
      const head = `${override(node)}${node.form} ${printName(node.name)}(${parametersText(node.params)})`;
      return block(`${head}${result}${field}`, statementList(node.body), node);
    }
    case "effect": {
      const head = `${override(node)}effect ${printName(node.name)}(${parametersText(node.params)})`;
      return block(head, statementList(node.body), node);
    }
    case "define": {
      const params = node.params.length === 0 ? "" : `(${parametersText(node.params)})`;
      const type = node.type === null ? "" : `: ${printType(node.type)}`;
      return [`${override(node)}define ${printName(node.name)}${params}${type}${valueText(node.body)}`];
    }
    case "rule": {
      const severity = node.severity === "error" ? "" : `${node.severity} `;
      const params = node.params.length === 0 ? "" : `(${parametersText(node.params)})`;
      const why = node.why === null ? "" : ` ${quote(node.why.value)}`;
      const head = `${override(node)}${severity}rule ${printName(node.name)}${params}${why}`;
      return block(head, statementList(node.body), node);
    }
    case "hazard": {
      const severity = node.severity === "warning" ? "" : `${node.severity} `;
      const why = node.why === null ? "" : ` ${quote(node.why.value)}`;
      return [`${override(node)}${severity}hazard ${printName(node.name)}${why}`];
    }
    case "const":
      return [`${override(node)}const ${printName(node.name)}${valueText(node.value)}`];
    case "role":
    case "remove":
      return [`${node.kind} ${printName(node.name)}`];
    case "alias":
      return [`type ${printName(node.name)} = ${printType(node.type)}`];
    default:
      return unreachable(node);
  }
}

function override(node: { readonly override: boolean }): string {
  return node.override ? "override " : "";
}

function rolesText(roles: readonly Name[]): string {
  return roles.length === 0 ? "" : ` is ${roles.map(printName).join(", ")}`;
}

function valueText(value: Expression | null): string {
  return value === null ? "" : ` = ${printExpression(value)}`;
}

function parametersText(params: readonly Parameter[]): string {
  return params
    .map((param) => `${printIdent(param.name)}: ${printType(param.type)}${valueText(param.value)}`)
    .join(", ");
}

function fieldLines(node: FieldItem): Lines {
  switch (node.kind) {
    case "field-declaration": {
      const name = `${node.weak ? "weak " : ""}${printIdent(node.name)}`;
      return documented(node, [`${name}: ${printType(node.type)}${valueText(node.value)}`]);
    }
    case "on":
      return documented(node, block(`on ${printIdent(node.event)}`, statementList(node.body), node));
    case "error":
      return errorLines(node);
    default:
      return unreachable(node);
  }
}
