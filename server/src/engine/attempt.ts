// What a step would come to, without a word about it: for searches, which ask thousands of times. Says the same as
// runStep (step.ts) about the outcome, and leaves the world as it was.

import { call, open } from "../model/execute.ts";
import { type HazardMet, type Refusal, rollBack } from "../model/machine.ts";
import { openTable } from "../model/paths.ts";
import { affectedRules, type Broken, brokenBindings } from "../model/rules.ts";
import type { Operation, Severity } from "../model/system.ts";
import { NONE } from "../model/values.ts";
import { builtInNames } from "../semantics/calls.ts";
import type { Call, CallStep, Expression } from "../syntax/ast.ts";
import { bind, type Mistake } from "./arguments.ts";
import { kebab } from "./outcome.ts";
import { readExpression, UNKNOWN_HANDLE } from "./read.ts";
import { bindingsKey, type Handle, ruleKey, thing, type World } from "./world.ts";

export type Attempt =
  | { readonly is: "ok" }
  /** `nested`: by a call inside the step's own, or after one. */
  | {
      readonly is: "refused";
      readonly refusal: Refusal;
      readonly body: Operation["body"];
      readonly nested: boolean;
    }
  | { readonly is: "broke"; readonly broken: readonly Broken[]; readonly hazards: readonly HazardMet[] }
  /** It cannot be understood, or not be carried out whatever the state is. */
  | { readonly is: "hopeless" };

interface Trying {
  readonly world: World;
  calls: number;
  /** Decides what the step comes to, once it is there. */
  ended: Attempt | null;
}

const NOTHING: Operation["body"] = [];

/** Tries the step for `machine.caller`. `look` sees the world as it is when rules have just been broken. */
export function attempt(world: World, node: CallStep, look: (broke: Attempt) => void = () => {}): Attempt {
  const { machine } = world;
  const start = machine.journal.length;
  const trying: Trying = { world, calls: 0, ended: null };
  const hazards: HazardMet[] = [];
  machine.onHazard = (met) => {
    const name = met.check.hazard ?? "";
    if (isLookedAt(world, name, world.system.hazards.get(name)?.severity ?? "warning")) hazards.push(met);
  };
  if (node.value.kind === "call") runCall(trying, node.value);
  machine.onHazard = null;
  let result: Attempt = trying.ended ?? { is: "ok" };
  if (trying.ended === null) {
    const broken = freshlyBroken(world, start);
    if (machine.dangling.length > 0 || machine.runaway) result = { is: "hopeless" };
    else if (broken.length > 0 || hazards.length > 0) result = { is: "broke", broken, hazards };
    if (result.is === "broke") look(result);
  }
  machine.runaway = false;
  rollBack(machine, start);
  return result;
}

/** What is off counts only where it is asked for; what is only worth knowing never. */
const isLookedAt = (world: World, name: string, severity: Severity): boolean =>
  severity === "error" || severity === "warning" || (severity === "off" && world.asked.has(kebab(name)));

function freshlyBroken(world: World, start: number): Broken[] {
  const { machine } = world;
  return affectedRules(machine, start).flatMap((rule) => {
    if (!isLookedAt(world, rule.name, rule.severity)) return [];
    const before = String(world.slots.get(ruleKey(rule)) ?? "").split(" ");
    return brokenBindings(machine, rule).filter((broken) => !before.includes(bindingsKey([broken])));
  });
}

function runCall(trying: Trying, node: Call): Handle {
  const { world } = trying;
  const name = node.callee.text;
  const isOpen = name === "open" && !node.viaIoctl;
  const operation = isOpen ? undefined : world.system.operations.get(name);
  if (trying.ended !== null) return UNKNOWN_HANDLE;
  if (isOpen) return runOpen(trying, node);
  if (operation === undefined) return end(trying, { is: "hopeless" });
  const bound = bind(world, operation, node, (arg, wanted) => readValue(trying, arg, wanted));
  if (trying.ended !== null) return UNKNOWN_HANDLE;
  const refuse = (refusal: Refusal): Handle =>
    end(trying, { is: "refused", refusal, body: operation.body, nested: trying.calls > 0 });
  if (bound.is === "refused") return refuse(bound.refusal);
  if (bound.is !== "values" || bound.handles.some((handle) => isInDoubt(world, handle)))
    return end(trying, { is: "hopeless" });
  const result = call(world.machine, operation, bound.values);
  if (!result.ok) return result.kept ? end(trying, { is: "hopeless" }) : refuse(result.refusal);
  trying.calls++;
  const type = operation.result;
  if (type === null) return { is: "nothing" };
  if (result.value === NONE) return { is: "none" };
  if (type.base !== "value") return { is: "number", value: result.value };
  return result.value < 0
    ? { is: "text", text: world.system.values.symbolText(result.value) }
    : thing(world.machine, result.value);
}

const isInDoubt = (world: World, handle: Handle): boolean =>
  handle.is === "thing" && world.slots.has(`?${handle.ref}:${handle.born}`);

function runOpen(trying: Trying, node: Call): Handle {
  const { world } = trying;
  const path = node.args[0]?.value;
  const table = openTable(world.system, world.machine.topology);
  const found = path?.kind === "string" ? table.get(path.value) : undefined;
  if (found === undefined) return end(trying, { is: "hopeless" });
  const body = world.system.kinds[found.kind]?.on.open?.body ?? NOTHING;
  const result = open(world.machine, found.kind, found.hole);
  // An `on open` block looks at the new file, which is gone when somebody asks why: no telling details then.
  if (!result.ok) return end(trying, { is: "refused", refusal: result.refusal, body, nested: true });
  trying.calls++;
  return thing(world.machine, result.value);
}

function end(trying: Trying, ended: Attempt): Handle {
  trying.ended ??= ended;
  return UNKNOWN_HANDLE;
}

function readValue(trying: Trying, node: Expression, wanted: Operation["result"]): Handle {
  const { world } = trying;
  if (node.kind === "struct") {
    const fields = new Map<string, Handle>();
    for (const field of node.fields)
      if (field.name !== null) fields.set(field.name.text, readValue(trying, field.value, null));
    return { is: "struct", fields };
  }
  if (node.kind === "call" && node.callee.text === "sizeof") return { is: "number", value: 0 };
  const isDefine =
    node.kind === "call" &&
    world.system.defineByName.has(node.callee.text) &&
    !world.system.operations.has(node.callee.text);
  if (node.kind === "call" && !isDefine && !builtInNames.includes(node.callee.text))
    return runCall(trying, node);
  return readExpression(world, node, wanted, (_: Mistake) => end(trying, { is: "hopeless" }));
}
