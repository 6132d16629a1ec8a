// The rules that are broken in a state: what they say, what they name, and the steps that led there.

import { kebab } from "../../engine/outcome.ts";
import { describeWrite, renderTemplate } from "../../engine/render.ts";
import type { Run } from "../../engine/run.ts";
import { ruleKey } from "../../engine/world.ts";
import { evaluator } from "../../model/evaluate.ts";
import { ABSENT, blame } from "../../model/explain.ts";
import { BOOT, writerOf } from "../../model/machine.ts";
import { type Broken, brokenBindings } from "../../model/rules.ts";
import type { Rule } from "../../model/system.ts";

export interface BrokenState {
  readonly rule: Rule;
  readonly code: string;
  readonly message: string;
  /** References and symbols that the message names, and what the rule is about. */
  readonly named: ReadonlySet<number>;
  /** The index of the row that broke it; -1: it was broken at boot. */
  readonly since: number;
  /** Steps of the world (see engine/findings.ts) with what they did; for the first of several bindings. */
  readonly causes: readonly { readonly step: number; readonly message: string }[];
}

/** A rule can be broken for every device of a machine: more than these say nothing new. */
const mostBindings = 8;
const mostCauses = 4;

/** In the state behind row `at - 1`, where the run's world stands. */
export function brokenStates(run: Run, at: number): BrokenState[] {
  const { world } = run;
  return world.system.rules.flatMap((rule): BrokenState[] => {
    if (rule.severity === "off" && !world.asked.has(kebab(rule.name))) return [];
    const known = world.slots.get(ruleKey(rule));
    if (known === undefined || known === "") return [];
    const since = brokenSince(run, rule, at);
    return brokenBindings(world.machine, rule)
      .slice(0, mostBindings)
      .map((broken, index) => ({
        ...{ rule, code: kebab(rule.name), since },
        message: messageOf(run, broken),
        named: namedBy(run, broken),
        causes: index === 0 ? causesOf(run, broken) : [],
      }));
  });
}

function brokenSince(run: Run, rule: Rule, at: number): number {
  const key = ruleKey(rule);
  for (let index = at - 1; index >= 0; index--) {
    if (run.results.at(index)?.changes.slots.some(([name]) => name === key) === true) return index;
  }
  return -1;
}

function messageOf({ world }: Run, { rule, check, locals }: Broken): string {
  return check.message === null
    ? `the rule ${rule.name} is broken`
    : renderTemplate(world, check.message, [...locals]);
}

function namedBy({ world }: Run, { check, bindings, locals }: Broken): Set<number> {
  const named = new Set(bindings);
  for (const part of check.message ?? []) {
    if (typeof part === "string" || part.type !== "name") continue;
    named.add(evaluator(world.system, part.expr)(world.machine, [...locals]));
  }
  return named;
}

function causesOf({ world }: Run, { rule, check, locals }: Broken): BrokenState["causes"] {
  const { machine } = world;
  const byStep = new Map<number, string>();
  for (const { field, index, value } of blame(machine, check.condition, [...locals], rule.body)) {
    const step = index === ABSENT ? BOOT : writerOf(machine, field, index);
    if (step === BOOT || byStep.has(step) || byStep.size === mostCauses) continue;
    byStep.set(step, describeWrite(world, field, index, value));
  }
  return [...byStep].map(([step, message]) => ({ step, message: message.replace(/(?: since)? here$/, "") }));
}
