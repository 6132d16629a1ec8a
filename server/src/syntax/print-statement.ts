// Statements of operations and rules as lines of text. Knows nothing of proposals or scenarios.

import type { ErrorNode, Expression, If, Require, Statement } from "./ast.ts";
import {
  digits,
  printArithmetic,
  printExpression,
  printName,
  printPostfix,
  printTemplate,
  unreachable,
} from "./print-expression.ts";

/** Lines without their line breaks, indented relative to the node that they print. */
export type Lines = readonly string[];

/** A `require` that is longer has its `else` on a line of its own. */
const longestRequire = 96;

/** Words with which a statement starts: an assignment whose target starts with one needs parentheses. */
const statementWord = /^(?:require|let|destroy|close|give|for|if|return|new)\b/;

function indented(lines: Lines): Lines {
  return lines.map((line) => (line === "" ? "" : `  ${line}`));
}

/** `head { … }`. A block that is still open, as while a line is typed, has no closing brace. */
export function block(head: string, body: Lines, { open }: { readonly open: boolean }): Lines {
  if (body.length === 0 && !open) return [`${head} {}`];
  return [`${head} {`, ...indented(body), ...(open ? [] : ["}"])];
}

/** The text of a part that did not parse is not in the tree: a comment says that it was there. */
export function errorLines(node: ErrorNode): Lines {
  return [`// ${node.message.replace(/\s+/g, " ")}`];
}

export function statementList(statements: readonly Statement[]): Lines {
  return statements.flatMap((statement, index) => {
    // A bare `return` would take the next line for its value.
    const bare = statement.kind === "return" && statement.value === null && index < statements.length - 1;
    return bare ? ["return;"] : statementLines(statement);
  });
}

export function statementLines(node: Statement): Lines {
  switch (node.kind) {
    case "require":
      return requireLines(node);
    case "assign":
      return [`${targetText(node.target)} = ${printExpression(node.value)}`];
    case "let":
      return [`let ${printName(node.name)} = ${printExpression(node.value)}`];
    case "destroy":
    case "close":
      return [`${node.kind} ${printExpression(node.target)}`];
    case "give":
      return [`give ${printPostfix(node.target)} to ${printPostfix(node.to)}`];
    case "for": {
      const where = node.where === null ? "" : ` where ${printExpression(node.where)}`;
      const head = `for ${printName(node.variable)} in ${printArithmetic(node.set)}${where}`;
      return block(head, statementList(node.body), node);
    }
    case "if":
      return ifLines(node);
    case "return":
      return [node.value === null ? "return" : `return ${printExpression(node.value)}`];
    case "fail":
      return [
        `fail ${printName(node.errno)}${node.message === null ? "" : ` ${printTemplate(node.message)}`}`,
      ];
    case "do":
      return [printExpression(node.call)];
    case "new":
      return [printExpression(node)];
    case "error":
      return errorLines(node);
    default:
      return unreachable(node);
  }
}

function requireLines(node: Require): Lines {
  const since = node.since === null ? "" : ` since ${digits(node.since.major)}.${digits(node.since.minor)}`;
  const until = node.until === null ? "" : ` until ${digits(node.until.major)}.${digits(node.until.minor)}`;
  const check = `require${node.maybe ? "?" : ""}${since}${until} ${printExpression(node.condition)}`;
  const refusal = [
    ...(node.errno === null ? [] : [printName(node.errno)]),
    ...(node.hazard === null ? [] : [`${node.hazard.severity} ${printName(node.hazard.name)}`]),
    ...(node.message === null ? [] : [printTemplate(node.message)]),
  ];
  if (refusal.length === 0) return [check];
  const otherwise = `else ${refusal.join(" ")}`;
  const line = `${check} ${otherwise}`;
  return line.length <= longestRequire ? [line] : [check, `  ${otherwise}`];
}

function ifLines(node: If): Lines {
  const lines: string[] = [];
  let head = `if ${printExpression(node.condition)} {`;
  for (let branch = node; ; ) {
    lines.push(head, ...indented(statementList(branch.then)));
    const { otherwise, open } = branch;
    if (otherwise === null) return open ? lines : [...lines, "}"];
    const [only] = otherwise;
    if (otherwise.length === 1 && only?.kind === "if" && only.open === open) {
      head = `} else if ${printExpression(only.condition)} {`;
      branch = only;
      continue;
    }
    lines.push("} else {", ...indented(statementList(otherwise)));
    return open ? lines : [...lines, "}"];
  }
}

function targetText(target: Expression): string {
  const text = printPostfix(target);
  return /^[A-Za-z_]/.test(text) && !statementWord.test(text) ? text : `(${text})`;
}
