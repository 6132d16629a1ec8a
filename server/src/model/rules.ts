// Rules over the states of a machine.

import { evaluator, type Locals } from "./evaluate.ts";
import { isMade } from "./execute.ts";
import type { Check } from "./ir.ts";
import type { Machine } from "./machine.ts";
import { column, kindAt } from "./machine.ts";
import type { Rule, System } from "./system.ts";
import { reference } from "./values.ts";

/** A rule that does not hold for these values of its parameters. */
export interface Broken {
  readonly rule: Rule;
  readonly bindings: readonly number[];
  readonly check: Check;
  readonly locals: Locals;
}

/** All bindings for which the rule does not hold now, in the order of the instances. */
export function brokenBindings(machine: Machine, rule: Rule): Broken[] {
  const broken: Broken[] = [];
  bindFrom(machine, rule, 0, [], broken);
  return broken;
}

/** Binds the parameters from `param` on to all live instances, and looks at the rule for each choice. */
function bindFrom(machine: Machine, rule: Rule, param: number, locals: Locals, broken: Broken[]): void {
  const kinds = rule.params[param]?.kinds;
  if (kinds === undefined) {
    const check = failingCheck(machine, rule, locals);
    if (check !== null)
      broken.push({ rule, bindings: locals.slice(0, rule.params.length), check, locals: [...locals] });
    return;
  }
  for (const kind of kinds) {
    const living = column(machine, kindAt(machine, kind).alive);
    for (let i = 0; i < living.length; i++) {
      if (living[i] !== 1) continue;
      locals[param] = reference(kind, i);
      bindFrom(machine, rule, param + 1, locals, broken);
    }
  }
}

function failingCheck(machine: Machine, rule: Rule, locals: Locals): Check | null {
  for (const statement of rule.body) {
    if (statement.do === "let") {
      locals[statement.slot] = evaluator(machine.system, statement.value)(machine, locals);
    } else if (statement.do === "require" && isMade(machine, statement)) {
      if (evaluator(machine.system, statement.condition)(machine, locals) !== 1) return statement;
    }
  }
  return null;
}

const readers = new WeakMap<System, readonly (readonly number[])[]>();

/** Field -> the rules that read it, by index; found once per System. */
function rulesByField(system: System): readonly (readonly number[])[] {
  let known = readers.get(system);
  if (known === undefined) {
    known = system.fields.map(({ id }) =>
      system.rules.flatMap(({ reads }, index) => (reads.has(id) ? [index] : [])),
    );
    readers.set(system, known);
  }
  return known;
}

/** The rules that read a field which the journal (from `start` on) wrote. */
export function affectedRules(machine: Machine, start: number): readonly Rule[] {
  const { system, journal } = machine;
  const byField = rulesByField(system);
  const affected: Rule[] = [];
  for (let i = start; i < journal.length; i += 4) {
    for (const index of byField[journal[i] ?? 0] ?? []) {
      const rule = system.rules[index];
      if (rule !== undefined && !affected.includes(rule)) affected.push(rule);
    }
  }
  return affected;
}
