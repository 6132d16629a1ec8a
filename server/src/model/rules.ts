// Rules over the states of a machine.

import { evaluator, type Locals } from "./evaluate.ts";
import { isMade } from "./execute.ts";
import type { Check } from "./ir.ts";
import type { Machine } from "./machine.ts";
import { column, kindAt } from "./machine.ts";
import type { Rule } from "./system.ts";
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
  const locals: Locals = [];
  const bind = (param: number): void => {
    const kinds = rule.params[param]?.kinds;
    if (kinds === undefined) {
      const check = failingCheck(machine, rule, locals);
      if (check !== null) {
        broken.push({ rule, bindings: locals.slice(0, rule.params.length), check, locals: [...locals] });
      }
      return;
    }
    for (const kind of kinds) {
      const living = column(machine, kindAt(machine, kind).alive);
      for (let i = 0; i < living.length; i++) {
        if (living[i] !== 1) continue;
        locals[param] = reference(kind, i);
        bind(param + 1);
      }
    }
  };
  bind(0);
  return broken;
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

/** The rules that read a field which the journal (from `start` on) wrote. */
export function affectedRules(machine: Machine, start: number): readonly Rule[] {
  const written = new Set<number>();
  for (let i = start; i < machine.journal.length; i += 4) written.add(machine.journal[i] ?? -1);
  if (written.size === 0) return [];
  return machine.system.rules.filter(({ reads }) => {
    for (const field of written) if (reads.has(field)) return true;
    return false;
  });
}
