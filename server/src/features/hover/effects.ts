// What a call does, in words, read off its declaration.

import type { Expression, NewExpression, Statement } from "../../syntax/ast.ts";
import { printExpression } from "../../syntax/print.ts";
import { code, type Inline } from "../markup.ts";

/** One line for each effect; empty for a call that only looks. */
export function effectItems(body: readonly Statement[]): Inline[][] {
  return body.flatMap((statement): Inline[][] => {
    switch (statement.kind) {
      case "assign": {
        const target = code(printExpression(statement.target));
        if (isEmpty(statement.value)) return [["clears ", target]];
        return statement.value.kind === "new"
          ? [["makes ", ...made(statement.value), " and sets ", target, " to it"]]
          : [["sets ", target, " to ", code(printExpression(statement.value))]];
      }
      case "new":
        return [["makes ", ...made(statement)]];
      case "let":
        return statement.value.kind === "new"
          ? [["makes ", ...made(statement.value), ", called ", code(statement.name.text)]]
          : [];
      case "destroy":
        return [["destroys ", code(printExpression(statement.target))]];
      case "close":
        return [["closes ", code(printExpression(statement.target))]];
      case "give":
        return [
          ["gives ", code(printExpression(statement.target)), " to ", code(printExpression(statement.to))],
        ];
      case "do":
        return [["does ", code(printExpression(statement.call))]];
      case "fail":
        return [["fails with ", statement.errno.text, ", keeping what it did"]];
      case "return":
        if (statement.value === null) return [];
        return statement.value.kind === "new"
          ? [["returns ", ...made(statement.value)]]
          : [["returns ", code(printExpression(statement.value))]];
      case "for": {
        const where = statement.where === null ? "" : ` where ${printExpression(statement.where)}`;
        const set = `${statement.variable.text} in ${printExpression(statement.set)}${where}`;
        return effectItems(statement.body).map((item) => ["for each ", code(set), ": ", ...item]);
      }
      case "if": {
        const condition = code(printExpression(statement.condition));
        return [
          ...effectItems(statement.then).map((item) => ["if ", condition, ": ", ...item]),
          ...effectItems(statement.otherwise ?? []).map((item) => ["unless ", condition, ": ", ...item]),
        ];
      }
      case "require":
      case "error":
        return [];
      default:
        return statement satisfies never;
    }
  });
}

const made = ({ type, owner }: NewExpression): Inline[] => [
  "a new ",
  code(type.text),
  ...(owner === null ? [] : [" in ", code(printExpression(owner))]),
];

const isEmpty = (value: Expression): boolean =>
  value.kind === "keyword" && (value.word === "none" || value.word === "false");
