// Would this call succeed now? Choices of arguments are tried on the machine and undone; the count of trials is bounded,
// so that an answer takes the same few milliseconds in every state.

import { kebab } from "../../engine/outcome.ts";
import { explain } from "../../engine/refusals.ts";
import { renderTemplate } from "../../engine/render.ts";
import { bindingsKey, ruleKey, type World } from "../../engine/world.ts";
import { evaluator } from "../../model/evaluate.ts";
import { call, open, type Result } from "../../model/execute.ts";
import type { Refusal } from "../../model/machine.ts";
import { openTable } from "../../model/paths.ts";
import { affectedRules, brokenBindings } from "../../model/rules.ts";
import type { Kind, Operation } from "../../model/system.ts";
import { kindOf } from "../../model/values.ts";
import { defaultValue } from "../../semantics/kinds.ts";
import { undone } from "../trial.ts";
import { type Bench, type Choice, choicesFor } from "./choices.ts";

export interface Attempt {
  readonly is: "ok" | "breaks" | "refused";
  /** The errno, or the names of rules and hazards. */
  readonly names: readonly string[];
  readonly message: string;
  /** It changes something. */
  readonly effective: boolean;
  /** How many checks it passed. */
  readonly passed: number;
  /** The kind of what it gives, or -1. */
  readonly kind: number;
}

/** Runs a call in `world` as its caller, judges it as a step would be, and undoes it. Messages cost more than calls. */
function attempt(world: World, name: string, how: "quiet" | "told", run: () => Result): Attempt {
  const { machine } = world;
  return undone(world, () => {
    const start = machine.journal.length;
    const names: string[] = [];
    const messages: string[] = [];
    let passed = 0;
    machine.onCheck = (_, isTrue) => {
      if (isTrue) passed++;
    };
    const tell = (message: () => string): void => {
      if (how === "told") messages.push(message());
    };
    machine.onRefusal = (refusal) => tell(() => reasonOf(world, refusal, name));
    machine.onHazard = ({ check, locals }) => {
      const hazard = check.hazard ?? "";
      const severity = world.system.hazards.get(hazard)?.severity;
      if (severity === "info" || (severity === "off" && !world.asked.has(kebab(hazard)))) return;
      names.push(hazard);
      tell(() => (check.message === null ? hazard : renderTemplate(world, check.message, [...locals])));
    };
    const result = run();
    if (!result.ok) {
      const errno = result.refusal.errno;
      return {
        is: "refused",
        names: [errno],
        message: messages[0] ?? "",
        effective: false,
        passed,
        kind: -1,
      };
    }
    for (const rule of affectedRules(machine, start)) {
      if (rule.severity === "info" || (rule.severity === "off" && !world.asked.has(kebab(rule.name))))
        continue;
      const before = String(world.slots.get(ruleKey(rule)) ?? "").split(" ");
      const fresh = brokenBindings(machine, rule).find((broken) => !before.includes(bindingsKey([broken])));
      if (fresh === undefined) continue;
      names.push(rule.name);
      const { message } = fresh.check;
      tell(() => (message === null ? rule.name : renderTemplate(world, message, fresh.locals)));
    }
    if (machine.dangling.length > 0) names.push("lifetime");
    const effective = machine.journal.length > start;
    const kind = result.value >= 0 ? kindOf(result.value) : -1;
    const is = names.length === 0 ? "ok" : "breaks";
    return { is, names, message: messages[0] ?? "", effective, passed, kind };
  });
}

function reasonOf(world: World, refusal: Refusal, name: string): string {
  if (refusal.by !== "check") return explain(world, refusal, "", name).message;
  const { check, locals } = refusal;
  return check.message === null ? "" : renderTemplate(world, check.message, [...locals]);
}

// ---------------------------------------------------------------- calls

export interface Found {
  readonly args: readonly Choice[];
  readonly attempt: Attempt;
}

/** Arguments that are given already, by parameter; the others are chosen. */
export type Fixed = ReadonlyMap<number, Choice>;

const MOST_TRIALS = 12;

/**
 * The best choice of arguments for a call: one that succeeds and changes something, else one that succeeds, that breaks
 * a rule, that is refused as late as possible. Parameters with a value of their own keep it. Null: there is nothing
 * that could be given for one of the others, whose index is `missing`.
 */
export function bestCall(
  bench: Bench,
  operation: Operation,
  fixed: Fixed = new Map(),
): Found | { readonly missing: number } {
  const { world } = bench;
  const needed = operation.params.flatMap(({ initial, type }, i) =>
    fixed.has(i) || initial !== null || type.optional ? [] : [i],
  );
  const choices = needed.map((i) => choicesFor(bench, operation, i).slice(0, 6));
  const empty = choices.findIndex(({ length }) => length === 0);
  if (empty !== -1) return { missing: needed[empty] ?? 0 };
  const givenWith = (chosen: readonly Choice[]): Fixed => {
    const given = new Map(fixed);
    needed.forEach((param, i) => {
      const choice = chosen[i];
      if (choice !== undefined) given.set(param, choice);
    });
    return given;
  };
  let best: Found | null = null;
  for (const chosen of nearest(choices, MOST_TRIALS)) {
    const found = { args: chosen, attempt: tryWith(world, operation, givenWith(chosen), "quiet") };
    if (best === null || merit(found.attempt) > merit(best.attempt)) best = found;
    if (best.attempt.is === "ok" && best.attempt.effective) break;
  }
  if (best === null) return { missing: 0 };
  return best.attempt.is === "ok"
    ? best
    : { ...best, attempt: tryWith(world, operation, givenWith(best.args), "told") };
}

function tryWith(world: World, operation: Operation, given: Fixed, how: "quiet" | "told"): Attempt {
  const values: number[] = [];
  operation.params.forEach((param, i) => {
    const choice = given.get(i);
    if (choice !== undefined) values.push(choice.value);
    else if (param.initial !== null)
      values.push(evaluator(world.system, param.initial)(world.machine, [...values]));
    else values.push(defaultValue(world.system, param.type));
  });
  return attempt(world, operation.name, how, () => call(world.machine, operation, values));
}

const merit = ({ is, effective, passed }: Attempt): number =>
  is === "ok" ? (effective ? 3e6 : 2e6) : is === "breaks" ? 1e6 : passed;

/** At most `most` choices of one of each, those near the front of all lists first. */
function nearest<T>(lists: readonly (readonly T[])[], most: number): T[][] {
  let found: { readonly picks: readonly number[]; readonly sum: number }[] = [{ picks: [], sum: 0 }];
  for (const list of lists) {
    found = found
      .flatMap(({ picks, sum }) => list.map((_, i) => ({ picks: [...picks, i], sum: sum + i })))
      .sort((a, b) => a.sum - b.sum)
      .slice(0, most);
  }
  return found.map(({ picks }) =>
    picks.flatMap((pick, i) => {
      const choice = lists[i]?.[pick];
      return choice === undefined ? [] : [choice];
    }),
  );
}

// ---------------------------------------------------------------- opens

export interface Opened {
  readonly path: string;
  /** Of the file that it gives. */
  readonly kind: Kind | undefined;
  readonly attempt: Attempt;
}

const MOST_PATHS = 24;

export function opens(world: World): Opened[] {
  const table = [...openTable(world.system, world.machine.topology)].slice(0, MOST_PATHS);
  return table.map(([path, { kind, hole }]) => ({
    path,
    kind: world.system.kinds[kind],
    attempt: attempt(world, "open", "told", () => open(world.machine, kind, hole)),
  }));
}

/** In a few words, for beside the label. */
export function shownAttempt({ is, names, message }: Attempt): string {
  if (is === "ok") return "ok";
  const what = is === "breaks" ? `breaks ${names.join(", ")}` : names.join(", ");
  return message === "" ? what : `${what}: ${message}`;
}
