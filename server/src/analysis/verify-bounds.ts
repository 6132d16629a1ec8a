// What a verify block says about bounds, and what is wrong with that.

import { MAX_TASKS } from "../model/machine.ts";
import type { System } from "../model/system.ts";
import type { Origin, Problem } from "../semantics/context.ts";
import { siteOf } from "../semantics/context.ts";
import { suggestion } from "../semantics/types.ts";
import type { Bound, Name, Span, VerifyDeclaration } from "../syntax/ast.ts";

export interface SaidBounds {
  readonly tasks: number | undefined;
  readonly depth: number | undefined;
  /** By kind. */
  readonly limits: ReadonlyMap<string, number>;
  /** Calls with `limit CALL 0`. */
  readonly without: ReadonlySet<string>;
  /** Calls of `with CALL`. */
  readonly also: ReadonlySet<string>;
}

/** More at a time than anybody can wait for. */
const MOST_INSTANCES = 64;

export function readBounds(
  system: System,
  node: VerifyDeclaration,
  origin: Origin,
): { readonly bounds: SaidBounds; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const said = new Map<string, Bound>();
  const limits = new Map<string, number>();
  const without = new Set<string>();
  const problem = (span: Span, code: string, message: string, more: Partial<Problem> = {}): void => {
    problems.push({ code, site: siteOf(origin, span), message, ...more });
  };
  const checkCount = (bound: Bound, most: number): boolean => {
    const { value } = bound.value;
    if (Number.isInteger(value) && value >= 1 && value <= most) return true;
    const what =
      bound.bound === "depth" ? "a sequence has at least one call" : `there are 1 to ${most} tasks`;
    problem(bound.value, "bad-claim", `\`${bound.bound} ${bound.value.text}\`: ${what}`);
    return false;
  };
  const also = new Set<string>();
  let tasks: number | undefined;
  let depth: number | undefined;
  for (const item of node.body) {
    if (item.kind === "in-full") for (const name of item.names) readInFull(name);
    if (item.kind !== "bound") continue;
    const key = item.bound === "limit" ? `limit ${item.name?.text}` : item.bound;
    const first = said.get(key);
    if (first !== undefined) {
      const same = first.value.value === item.value.value;
      problem(item, "bad-claim", `${key} is said twice${same ? "" : ", and differently"}`, {
        related: [{ site: siteOf(origin, first), message: `${first.value.text} here` }],
      });
      continue;
    }
    said.set(key, item);
    if (item.bound === "tasks") {
      if (checkCount(item, MAX_TASKS)) tasks = item.value.value;
    } else if (item.bound === "depth") {
      if (checkCount(item, Number.MAX_SAFE_INTEGER)) depth = item.value.value;
    } else readLimit(item);
  }
  return { bounds: { tasks, depth, limits, without, also }, problems };

  function readInFull(name: Name): void {
    if (system.operations.has(name.text)) also.add(name.text);
    else
      problem(name, "unknown-call", `${system.proposal} has no call \`${name.text}\``, {
        help: suggestion(name.text, system.operations.keys()),
      });
  }

  function readLimit({ name, value }: Bound): void {
    if (name === null) return;
    const kind = system.kinds[system.kindByName.get(name.text) ?? -1];
    if (system.operations.has(name.text) && kind === undefined) {
      if (value.value === 0) without.add(name.text);
      else
        problem(value, "bad-claim", `\`${name.text}\` is a call, which is made any number of times`, {
          help: [`\`limit ${name.text} 0\` leaves it out`],
        });
    } else if (kind === undefined) {
      const kinds = system.kinds.filter(({ sort }) => sort !== "hardware").map((each) => each.name);
      const isRole = system.roles.has(name.text);
      problem(
        name,
        "unknown-type",
        isRole
          ? `\`${name.text}\` is a role; a limit is for one fd or object`
          : `${system.proposal} has no fd, object or call \`${name.text}\``,
        { help: suggestion(name.text, [...kinds, ...system.operations.keys()]) },
      );
    } else if (kind.sort === "hardware") {
      problem(name, "bad-claim", `how many of \`${name.text}\` there are is said by the topology`, {
        help: name.text === "task" ? ["`tasks N` says how many tasks make calls"] : [],
      });
    } else if (!Number.isInteger(value.value) || value.value < 0 || value.value > MOST_INSTANCES) {
      problem(value, "bad-claim", `a limit is a number from 0 to ${MOST_INSTANCES}`);
    } else limits.set(name.text, value.value);
  }
}
