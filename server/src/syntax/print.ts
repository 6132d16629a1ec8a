// The syntax tree as canonical text, for whatever writes code: fixes, exporters, counterexamples. Comments are not
// in the tree, so this is no formatter (server/src/features/format.ts is). Parsing what is printed yields the tree
// again, but for its spans and the C spelling of calls.

import type {
  Attribute,
  CallStep,
  Claim,
  ClaimItem,
  Declaration,
  Entry,
  Expression,
  File,
  Member,
  Name,
  Outcome,
  Statement,
  Step,
  StringLiteral,
} from "./ast.ts";
import {
  digits,
  printAnyName,
  printArithmetic,
  printExpression,
  printIdent,
  printName,
  quote,
  unreachable,
} from "./print-expression.ts";
import { documented, memberLines, memberList } from "./print-member.ts";
import { block, errorLines, type Lines, statementLines } from "./print-statement.ts";

export { printExpression, printType } from "./print-expression.ts";

/** Texts of several lines have no line break at the end; that of a file has. */
export function printFile(node: File): string {
  return node.declarations
    .map((declaration, index) => {
      const previous = node.declarations[index - 1];
      const apart = previous !== undefined && !(previous.kind === "use" && declaration.kind === "use");
      return `${apart ? "\n" : ""}${printDeclaration(declaration)}\n`;
    })
    .join("");
}

export function printDeclaration(node: Declaration): string {
  return declarationLines(node).join("\n");
}

export function printMember(node: Member): string {
  return memberLines(node).join("\n");
}

export function printStatement(node: Statement): string {
  return statementLines(node).join("\n");
}

export function printStep(node: Step): string {
  return stepLines(node).join("\n");
}

export function printEntry(node: Entry): string {
  return entryLines(node).join("\n");
}

export function printClaim(node: ClaimItem): string {
  return claimText(node);
}

function declarationLines(node: Declaration): Lines {
  switch (node.kind) {
    case "use":
      return documented(node, [`use ${node.targets.map(nameOrString).join(", ")}`]);
    case "topology": {
      const head = `topology ${printAnyName(node.name)}`;
      return documented(node, block(head, node.body.flatMap(entryLines), node));
    }
    case "proposal": {
      const base = node.base === null ? "" : ` extends ${printName(node.base)}`;
      const head = `${node.abstract ? "abstract " : ""}proposal ${printName(node.name)}${base}`;
      return documented(node, block(head, memberList(node.body), node));
    }
    case "scenario": {
      const topology = node.topology === null ? "" : ` on ${printAnyName(node.topology)}`;
      const proposal = node.proposal === null ? "" : ` with ${printName(node.proposal)}`;
      const head = `scenario ${nameOrString(node.name)}${topology}${proposal}`;
      return documented(node, block(head, node.body.flatMap(stepLines), node));
    }
    case "verify": {
      const head = `verify ${printName(node.proposal)} on ${node.topologies.map(printAnyName).join(", ")}`;
      return documented(node, block(head, node.body.map(claimText), node));
    }
    case "error":
      return errorLines(node);
    default:
      return unreachable(node);
  }
}

function nameOrString(node: Name | StringLiteral): string {
  return node.kind === "string" ? quote(node.value) : printName(node);
}

// ---------------------------------------------------------------- topology

function entryLines(node: Entry): Lines {
  switch (node.kind) {
    case "device": {
      const address = node.address === null ? "" : ` at ${quote(node.address.value)}`;
      const driver = node.driver === null ? "" : ` driver ${printAnyName(node.driver)}`;
      return documented(node, [
        `device ${printAnyName(node.name)}${address}${driver}${flags(node.attributes, ["at", "driver"])}`,
      ]);
    }
    case "group": {
      const iommu = node.iommu === null ? "" : ` behind ${printAnyName(node.iommu)}`;
      const head = `group ${printAnyName(node.name)}${iommu}${flags(node.attributes, ["behind"])}`;
      return documented(node, block(head, node.body.flatMap(entryLines), node));
    }
    case "iommu": {
      const attributes = node.attributes.length === 0 ? "" : ` {${flags(node.attributes, [])} }`;
      return documented(node, [`iommu ${printAnyName(node.name)}${attributes}`]);
    }
    case "kernel":
      return documented(node, [`kernel ${digits(node.version.major)}.${digits(node.version.minor)}`]);
    case "host":
      return documented(node, [`host${flags(node.attributes, [])}`]);
    case "error":
      return errorLines(node);
    default:
      return unreachable(node);
  }
}

/** Attributes with the space before them. One that is named like a clause is kept apart by a comma. */
function flags(attributes: readonly Attribute[], clauses: readonly string[]): string {
  const [first] = attributes;
  if (first === undefined) return "";
  const texts = attributes.map(({ name, value }) =>
    value === null ? printIdent(name) : `${printIdent(name)} = ${printArithmetic(value)}`,
  );
  return `${clauses.includes(first.name.text) ? "," : ""} ${texts.join(", ")}`;
}

// ---------------------------------------------------------------- scenarios

function stepLines(node: Step): Lines {
  switch (node.kind) {
    case "step":
      return [callStepText(node)];
    case "task": {
      const attributes = node.attributes.length === 0 ? "" : ` with${flags(node.attributes, [])}`;
      return block(`task ${printAnyName(node.name)}${attributes}`, node.body.flatMap(stepLines), node);
    }
    case "parallel":
      return block("parallel", node.body.flatMap(stepLines), node);
    case "assert":
      return [`assert ${printExpression(node.condition)}`];
    case "error":
      return errorLines(node);
    default:
      return unreachable(node);
  }
}

function callStepText(node: CallStep): string {
  const expected = node.expected.length === 0 ? "" : ` ${node.expected.map(outcomeText).join(" or ")}`;
  const value = printExpression(node.value);
  if (node.target === null) return `${misread(node.value, value) ? `(${value})` : value}${expected}`;
  const target = printExpression(node.target);
  // Below a line without an expectation, `ok = …` reads as one; with a C type it cannot.
  return `${outcomeWord.test(target) ? "int " : ""}${target} = ${value}${expected}`;
}

const outcomeWord = /^(?:ok|fails|violates)\b/;
const stepWord = /^(?:-|(?:ok|fails|violates|task|parallel|assert)\b)/;

/** A lone word is the C type of a variable on the next line; others are the end of the line above, or a step. */
function misread(value: Expression, text: string): boolean {
  return value.kind === "name" || value.kind === "keyword" || stepWord.test(text);
}

function outcomeText(node: Outcome): string {
  return node.name === null ? node.outcome : `${node.outcome} ${printName(node.name)}`;
}

// ---------------------------------------------------------------- verify

function claimText(node: ClaimItem): string {
  switch (node.kind) {
    case "claim":
      return [node.claim, claimSubject(node)].filter((part) => part !== "").join(" ");
    case "bound":
      return [node.bound, ...(node.name === null ? [] : [printName(node.name)]), node.value.text].join(" ");
    case "in-full":
      return `with ${node.names.map(printName).join(", ")}`;
    case "error":
      return errorLines(node).join("\n");
    default:
      return unreachable(node);
  }
}

function claimSubject({ name, condition }: Claim): string {
  if (name !== null) {
    return condition === null ? nameOrString(name) : `${nameOrString(name)}: ${printExpression(condition)}`;
  }
  if (condition === null) return "";
  const text = printExpression(condition);
  return text.startsWith('"') ? `(${text})` : text; // a quoted text is the goal's name
}
