// Rules: must hold after every call, for every binding of the parameters.

import type { Rule, TypeNode } from "../../server/src/syntax/ast.ts";
import { type Context, liveOf } from "./evaluate.ts";
import { Refusal, run } from "./execute.ts";
import { isOptional, isThingName, namesOf, type Program } from "./program.ts";
import type { State } from "./state.ts";
import { isRef, type Value } from "./values.ts";

/** `rule 3 5` for every rule and binding that does not hold now. */
export function brokenBindings(program: Program, state: State, caller: number): Map<string, string> {
  const broken = new Map<string, string>();
  const cx: Context = { program, state, caller, env: new Map(), isScript: false, hazards: new Set() };
  for (const rule of program.rules.values())
    for (const binding of bindings(rule, cx)) {
      if (holds(rule, { ...cx, env: new Map(binding) })) continue;
      const key = binding.map(([, value]) => (isRef(value) ? value.ref : String(value))).join(" ");
      broken.set(`${rule.name.text} ${key}`, rule.name.text);
    }
  return broken;
}

function holds(rule: Rule, cx: Context): boolean {
  try {
    run(rule.body, cx);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

function bindings(rule: Rule, cx: Context): [string, Value][][] {
  let all: [string, Value][][] = [[]];
  for (const { name, type } of rule.params) {
    const values = valuesOf(type, cx);
    all = all.flatMap((one) => values.map((value): [string, Value][] => [...one, [name.text, value]]));
  }
  return all;
}

function valuesOf(type: TypeNode, cx: Context): Value[] {
  const found: Value[] = isOptional(cx.program, type) ? [null] : [];
  for (const name of namesOf(cx.program, type)) {
    if (isThingName(cx.program, name)) found.push(...liveOf(name, cx));
    else if (name === "bool") found.push(false, true);
  }
  for (const atom of type.alternatives)
    if (atom.kind === "enum") found.push(...atom.members.map(({ text }) => text));
  return found;
}
