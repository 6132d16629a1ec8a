// What a verify block claims, as goals to look for: what `safe` means, which rule or hazard a name stands for, and
// conditions over the things that the topology has.

import type { Goal } from "../explore/problem.ts";
import { fieldsOfExpression } from "../model/reads.ts";
import type { System, Topology } from "../model/system.ts";
import { HARDWARE } from "../model/system.ts";
import { reference } from "../model/values.ts";
import type { Origin, Problem, Scope } from "../semantics/context.ts";
import { createScope, referenceType, siteOf } from "../semantics/context.ts";
import { draftFrom } from "../semantics/draft.ts";
import { compileCondition } from "../semantics/expressions.ts";
import type { Declared } from "../semantics/link.ts";
import { namesOf } from "../semantics/topology.ts";
import { suggestion } from "../semantics/types.ts";
import type { Claim, Expression } from "../syntax/ast.ts";

/** A claim on one topology. */
export interface ReadClaim {
  readonly node: Claim;
  /** Holds when one of its goals is reached; else when none is, whatever is called. */
  readonly wants: "reached" | "never";
  readonly goals: readonly Goal[];
  /** Of `reach` and `never`, also where it is said elsewhere. */
  readonly condition: Expression | null;
}

/** A condition that has a name, and where it stands. */
export interface NamedGoal {
  readonly condition: Expression;
  readonly origin: Origin;
}

/** What the `reach` claims of a file call their goals. */
export function goalsByName(declared: readonly Declared[]): ReadonlyMap<string, NamedGoal> {
  const named = new Map<string, NamedGoal>();
  for (const { declaration, origin } of declared) {
    if (declaration.kind !== "verify") continue;
    for (const item of declaration.body) {
      if (item.kind !== "claim" || item.name?.kind !== "string" || item.condition === null) continue;
      if (!named.has(item.name.value)) named.set(item.name.value, { condition: item.condition, origin });
    }
  }
  return named;
}

/** Everything that is an error when a scenario does it, whatever it is called. */
export function safetyGoals(system: System): Goal[] {
  const rules = system.rules.flatMap(({ severity }, index) => (severity === "error" ? [index] : []));
  const hazards = [...system.hazards.values()].filter(({ severity }) => severity === "error");
  return [
    { find: "broken-rule", rules, lifetime: true },
    ...hazards.map(({ name }): Goal => ({ find: "hazard", hazard: name })),
  ];
}

export interface ClaimContext {
  readonly system: System;
  readonly topology: Topology;
  readonly tasks: readonly string[];
  readonly named: ReadonlyMap<string, NamedGoal>;
  readonly problems: Problem[];
}

/** Null when something is wrong with it, which is then among the problems. */
export function readClaim(context: ClaimContext, node: Claim, origin: Origin): ReadClaim | null {
  const { system } = context;
  switch (node.claim) {
    case "safe":
      return { node, wants: "never", goals: safetyGoals(system), condition: null };
    case "breaks": {
      const goal = ruleOrHazard(context, node, origin);
      return goal === null ? null : { node, wants: "reached", goals: [goal], condition: null };
    }
    case "reach":
    case "never": {
      const named = node.name?.kind === "string" ? context.named.get(node.name.value) : undefined;
      const given = node.condition === null ? named : { condition: node.condition, origin };
      if (given === undefined) {
        const name = node.name?.kind === "string" ? node.name.value : "";
        context.problems.push({
          code: "unknown-name",
          site: siteOf(origin, node.name ?? node),
          message: `no \`reach\` of this file is named "${name}"`,
          help: [
            ...suggestion(name, context.named.keys()),
            `or say what must never be: \`never "${name}": CONDITION\``,
          ],
        });
        return null;
      }
      const goal = conditionGoal(context, given);
      return goal === null
        ? null
        : {
            node,
            wants: node.claim === "reach" ? "reached" : "never",
            goals: [goal],
            condition: given.condition,
          };
    }
    default:
      return node.claim satisfies never;
  }
}

function ruleOrHazard({ system, problems }: ClaimContext, node: Claim, origin: Origin): Goal | null {
  const name = node.name?.kind === "name" ? node.name.text : "";
  const rule = system.rules.findIndex((each) => each.name === name);
  if (rule !== -1) return { find: "broken-rule", rules: [rule], lifetime: false };
  if (name === "lifetime") return { find: "broken-rule", rules: [], lifetime: true };
  if (system.hazards.has(name)) return { find: "hazard", hazard: name };
  problems.push({
    code: "unknown-rule",
    site: siteOf(origin, node.name ?? node),
    message: `${system.proposal} has no rule or hazard \`${name}\``,
    help: suggestion(name, [...system.rules.map((each) => each.name), ...system.hazards.keys(), "lifetime"]),
  });
  return null;
}

/** The condition of a claim, in which devices, iommus and tasks go by their names. */
function conditionGoal(context: ClaimContext, { condition, origin }: NamedGoal): Goal | null {
  const { system, topology, tasks, problems } = context;
  const draft = draftFrom(system);
  const scope: Scope = { ...createScope(draft, origin), named: namesOf(topology.names) };
  const name = (kind: number, names: readonly string[]): void => {
    names.forEach((text, index) => {
      if (!scope.locals.has(text))
        scope.locals.set(text, { slot: -1, type: referenceType([kind]), value: reference(kind, index) });
    });
  };
  for (const kind of [HARDWARE.device, HARDWARE.iommu]) name(kind, topology.names[kind] ?? []);
  name(HARDWARE.task, tasks);
  const expr = compileCondition(scope, condition);
  if (draft.problems.length === 0 && fieldsOfExpression(system, expr) === null) {
    draft.problems.push({
      code: "unknown-name",
      site: siteOf(origin, condition),
      message: "between two calls there is no `caller`",
      help: ["ask about a task by its name, or about any: `any t in task: …`"],
    });
  }
  for (const problem of draft.problems)
    problems.push({ ...problem, message: problem.message.replace(/ here$/, ` on ${topology.name}`) });
  return draft.problems.length > 0 ? null : { find: "state", condition: expr, locals: scope.frame.size };
}
