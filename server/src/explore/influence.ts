// What can matter to the goals of an exploration: the fields that they depend on, and the calls that can change those.
// Found from the text alone, for all states: never less than it is. Whatever else is left out of a space, each goal is
// reached in it by as many calls as in the whole.

import type { Stmt } from "../model/ir.ts";
import type { Operation, System } from "../model/system.ts";
import { flatten } from "./expressions.ts";
import { footprintsOf, meets, readsIn, readsOf } from "./footprint.ts";
import type { Goal } from "./problem.ts";

export interface Influence {
  readonly operations: ReadonlySet<Operation>;
  /** Ids. */
  readonly fields: ReadonlySet<number>;
}

const known = new WeakMap<readonly Goal[], { readonly system: System; readonly found: Influence }>();

/** `goals` must stay as it is: what was found out is kept. */
export function influenceOn(system: System, goals: readonly Goal[]): Influence {
  const before = known.get(goals);
  if (before?.system === system) return before.found;
  const found = find(system, goals);
  known.set(goals, { system, found });
  return found;
}

function find(system: System, goals: readonly Goal[]): Influence {
  const all = [...system.operations.values()];
  const table = footprintsOf(system);
  const fields = new Set<number>();
  const add = (more: Iterable<number>): void => {
    for (const field of more) addField(system, fields, field);
  };
  const operations = new Set(all.filter(({ body }) => goals.some((goal) => reports(body, goal))));
  if (goals.some((goal) => goal.find === "broken-rule" && goal.lifetime) && mayRunAway(system))
    for (const operation of all) operations.add(operation);
  for (const goal of goals) add(fieldsOfGoal(system, goal));
  for (const { name } of operations) add(table.operations.get(name)?.reads ?? []);
  for (const opening of table.opens) add(opening?.reads ?? []);
  // What closes a file, or ends it, does more than its own text says.
  for (const { on } of system.kinds)
    for (const block of [on.close, on.release]) add(readsOf(system, block?.body ?? []));
  for (let before = -1; before !== operations.size; ) {
    before = operations.size;
    for (const operation of all) {
      const footprint = table.operations.get(operation.name);
      if (footprint === undefined || operations.has(operation) || !meets(footprint.writes, fields)) continue;
      operations.add(operation);
      add(footprint.reads);
    }
  }
  return { operations, fields };
}

/** With a field all that it follows from: whether a thing is there, on who holds it and on what refers to it. */
function addField(system: System, fields: Set<number>, field: number): void {
  if (field < 0 || fields.has(field)) return;
  fields.add(field);
  const kind = system.kinds[system.fields[field]?.kind ?? -1];
  if (kind?.alive === field)
    for (const each of [kind.holders, kind.references]) addField(system, fields, each);
  if (kind?.references !== field) return;
  for (const { id, strong, type } of system.fields)
    if (strong && type.kinds.includes(kind.id)) addField(system, fields, id);
}

/** Things whose end makes others: a call that ends something may not come to an end. */
const mayRunAway = ({ kinds }: System): boolean =>
  kinds.some(({ on }) =>
    [on.close, on.release].some((block) => flatten(block?.body ?? []).some((each) => each.do === "new")),
  );

const reports = (body: readonly Stmt[], goal: Goal): boolean =>
  goal.find === "hazard" &&
  flatten(body).some((statement) => statement.do === "require" && statement.hazard === goal.hazard);

/** What dies in use is found through every field that keeps something alive. */
export function fieldsOfGoal(system: System, goal: Goal): readonly number[] {
  switch (goal.find) {
    case "broken-rule": {
      const rules = goal.rules.flatMap((index) => [...(system.rules[index]?.reads ?? [])]);
      const bound = goal.rules.flatMap((index) =>
        (system.rules[index]?.params ?? []).flatMap(({ kinds }) =>
          kinds.map((kind) => system.kinds[kind]?.alive ?? -1),
        ),
      );
      const strong = goal.lifetime ? system.fields.filter((field) => field.strong).map(({ id }) => id) : [];
      return [...rules, ...bound, ...strong];
    }
    case "hazard":
      return [];
    case "state":
      return [...readsIn(system, goal.condition)];
    default:
      return goal satisfies never;
  }
}
