// The requires of a call with their truth values: which hold in the state in front of a step, which one refuses the
// call, and which are not reached.

import { renderTemplate } from "../../engine/render.ts";
import type { World } from "../../engine/world.ts";
import { isMade } from "../../model/execute.ts";
import type { Check, Site } from "../../model/ir.ts";
import type { Expression, Let, Require, Statement } from "../../syntax/ast.ts";
import { printExpression } from "../../syntax/print.ts";
import { code, type Inline, strong } from "../markup.ts";

/** What a run of the call saw of a check. */
export interface Seen {
  readonly check: Check;
  readonly holds: boolean;
  /** With the values that it had; empty if the check says nothing or holds. */
  readonly message: string;
}

const keyOf = ({ uri, item, start }: Pick<Site, "uri" | "item" | "start">): string =>
  `${uri} ${item} ${start}`;

/** Listens to the checks that `act` makes in this world. */
export function watchChecks(world: World, act: () => void): ReadonlyMap<string, Seen> {
  const seen = new Map<string, Seen>();
  world.machine.onCheck = (check, holds, locals) => {
    const message =
      holds || check.message === null ? "" : renderTemplate(world, check.message, locals.slice());
    seen.set(keyOf(check.site), { check, holds, message });
  };
  act();
  world.machine.onCheck = null;
  return seen;
}

interface Placed {
  readonly node: Require;
  /** The conditions of the blocks that it stands in. */
  readonly under: readonly string[];
  /** What was named in front of it and is used in it first. */
  readonly lets: readonly Let[];
}

function requiresIn(
  body: readonly Statement[],
  under: readonly string[] = [],
  named: Map<string, Let> = new Map(),
): Placed[] {
  return body.flatMap((statement): Placed[] => {
    switch (statement.kind) {
      case "let":
        named.set(statement.name.text, statement);
        return [];
      case "require":
        return statement.maybe
          ? []
          : [{ node: statement, under, lets: takeUsed(named, statement.condition) }];
      case "if": {
        const condition = printExpression(statement.condition);
        return [
          ...requiresIn(statement.then, [...under, condition], named),
          ...requiresIn(statement.otherwise ?? [], [...under, `not (${condition})`], named),
        ];
      }
      case "for":
        return requiresIn(
          statement.body,
          [...under, `each ${statement.variable.text} in ${printExpression(statement.set)}`],
          named,
        );
      default:
        return [];
    }
  });
}

/** The lets whose names an expression mentions; each is told once. */
function takeUsed(named: Map<string, Let>, condition: Expression): Let[] {
  const words = new Set(printExpression(condition).match(/\w+/g));
  const used = [...named.values()].filter(({ name }) => words.has(name.text));
  for (const { name } of used) named.delete(name.text);
  return used;
}

/** `seen` and `world` are null where there is no state to look at. */
export function checkItems(
  body: readonly Statement[],
  origin: Pick<Site, "uri" | "item">,
  seen: ReadonlyMap<string, Seen> | null,
  world: World | null,
): Inline[][] {
  let refused = false;
  return requiresIn(body).map(({ node, under, lets }) => {
    const named = lets.flatMap(({ name, value }, i): Inline[] => [
      i === 0 ? ", where " : ", ",
      code(`${name.text} = ${printExpression(value)}`),
    ]);
    const what = [...whenOf(node, under), code(printExpression(node.condition)), ...named];
    const answer = node.errno?.text ?? node.hazard?.name.text ?? "";
    const otherwise: Inline[] =
      answer === "" ? [] : [" else ", node.hazard === null ? answer : `reports ${answer}`];
    if (seen === null) return [...what, ...otherwise, ...messageOf(node)];
    const found = seen.get(keyOf({ ...origin, start: node.start }));
    if (found === undefined) {
      const made = world === null || madeHere(world, node);
      const why = refused
        ? "not reached"
        : !made
          ? "not made by this kernel"
          : under.length > 0
            ? "branch not taken"
            : "not reached";
      return ["· ", ...what, ...otherwise, `, ${why}`];
    }
    if (found.holds) return ["✓ ", ...what, ...otherwise];
    if (node.hazard === null) refused = true;
    const message = found.message === "" ? [] : [` - ${found.message}`];
    return ["✗ ", ...what, " - ", strong(answer), ...message];
  });
}

function madeHere({ machine }: World, { maybe, since, until }: Require): boolean {
  const version = (at: Require["since"], none: number): number =>
    at === null ? none : at.major * 1000 + at.minor;
  const bounds = { maybe, since: version(since, 0), until: version(until, Number.POSITIVE_INFINITY) };
  return isMade(machine, bounds);
}

function whenOf({ since, until }: Require, under: readonly string[]): Inline[] {
  const version = (word: string, at: Require["since"]): Inline[] =>
    at === null ? [] : [`${word} ${at.major}.${at.minor} `];
  const block = under.at(-1);
  return [
    ...version("since", since),
    ...version("until", until),
    ...(block === undefined ? [] : ["if ", code(block), ": "]),
  ];
}

function messageOf({ message }: Require): Inline[] {
  if (message === null) return [];
  const shown = message.parts.map((part) => (typeof part === "string" ? part : `{${printExpression(part)}}`));
  return [` - ${shown.join("")}`];
}

/** The errnos of a body, each once, in the order in which they are looked for. */
export function errnosIn(body: readonly Statement[]): string[] {
  const found = body.flatMap((statement): string[] => {
    switch (statement.kind) {
      case "require":
        return statement.errno === null || statement.maybe ? [] : [statement.errno.text];
      case "fail":
        return [statement.errno.text];
      case "if":
        return [...errnosIn(statement.then), ...errnosIn(statement.otherwise ?? [])];
      case "for":
        return errnosIn(statement.body);
      default:
        return [];
    }
  });
  return [...new Set(found)];
}

/** The requires of a body that answer with this errno. */
export function requiresWith(body: readonly Statement[], errno: string): Require[] {
  return requiresIn(body).flatMap(({ node }) => (node.errno?.text === errno ? [node] : []));
}
