// Which kinds of things the goals of an exploration have to do with: those that they ask about, and those without which
// such things could not be made or changed. The rest is left out of the bounds, and that is told.

import type { Operation, System } from "../model/system.ts";
import { flatten } from "./expressions.ts";
import { readsIn, readsOf } from "./footprint.ts";
import { fieldsOfGoal } from "./influence.ts";
import type { Goal } from "./problem.ts";

/** `limits` are kinds that somebody wants to be there. Without goals everything is relevant. */
export function relevantKinds(
  system: System,
  goals: readonly Goal[],
  limits: ReadonlyMap<string, number>,
): ReadonlySet<number> {
  if (goals.length === 0) return new Set(system.kinds.keys());
  const wanted = system.kinds.filter(({ name }) => (limits.get(name) ?? 0) > 0).map(({ id }) => id);
  const relevant = new Set([...wanted, ...goals.flatMap((goal) => kindsOfGoal(system, goal))]);
  const isOfMachine = (id: number): boolean =>
    system.kinds[system.fields[id]?.kind ?? -1]?.sort === "hardware";
  // What is asked of the machine itself: who sets it is needed as well.
  const asked = goals.flatMap((goal) =>
    // That nothing dies in use is asked of the things that are there for the other goals.
    fieldsOfGoal(system, goal.find === "broken-rule" ? { ...goal, lifetime: false } : goal),
  );
  const matters = new Set(asked.filter(isOfMachine));
  // What a field that is asked about refers to has to be there, or it refers to nothing.
  for (const id of asked) for (const kind of system.fields[id]?.type.kinds ?? []) relevant.add(kind);
  const operations = [...system.operations.values()].map((operation) => ({
    changes: kindsChangedBy(system, operation),
    sets: fieldsSetBy(operation).filter(isOfMachine),
    needs: kindsNeededBy(system, operation),
    asks: [...readsOf(system, operation.body)].filter(isOfMachine),
  }));
  for (let before = -1; before !== relevant.size + matters.size; ) {
    before = relevant.size + matters.size;
    for (const { changes, sets, needs, asks } of operations) {
      if (!changes.some((kind) => relevant.has(kind)) && !sets.some((field) => matters.has(field))) continue;
      for (const kind of needs) relevant.add(kind);
      for (const field of asks) matters.add(field);
    }
  }
  return relevant;
}

function kindsOfGoal(system: System, goal: Goal): readonly number[] {
  switch (goal.find) {
    case "broken-rule": {
      const rules = goal.rules.flatMap((index) => system.rules[index] ?? []);
      // Asked for by itself: everything that refers to something, and all that is referred to.
      if (rules.length === 0)
        return system.fields.flatMap(({ strong, kind, type }) => (strong ? [kind, ...type.kinds] : []));
      return [
        ...rules.flatMap(({ params }) => params.flatMap(({ kinds }) => kinds)),
        ...rules.flatMap(({ reads }) => kindsOfFields(system, reads)),
      ];
    }
    case "hazard":
      return [...system.operations.values()]
        .filter(({ body }) =>
          flatten(body).some((each) => each.do === "require" && each.hazard === goal.hazard),
        )
        .flatMap((operation) => [
          ...kindsNeededBy(system, operation),
          ...kindsOfFields(system, readsOf(system, operation.body)),
        ]);
    case "state":
      return kindsOfFields(system, readsIn(system, goal.condition));
    default:
      return goal satisfies never;
  }
}

/** Who holds or refers to a thing can be asked of all kinds at once, and says nothing about one. */
function kindsOfFields(system: System, fields: ReadonlySet<number>): number[] {
  return [...fields].flatMap((id) => {
    const kind = system.kinds[system.fields[id]?.kind ?? -1];
    return kind === undefined || id === kind.holders || id === kind.references ? [] : [kind.id];
  });
}

/** What it makes, and the things whose fields it sets; of what it ends nothing is needed. */
function kindsChangedBy(system: System, { body }: Operation): number[] {
  return flatten(body).flatMap((statement) => {
    if (statement.do === "new") return [statement.kind];
    if (statement.do !== "assign") return [];
    return statement.fields.flatMap((id) => {
      const kind = system.fields[id]?.kind;
      return kind === undefined || system.kinds[kind]?.sort === "hardware" ? [] : [kind];
    });
  });
}

const fieldsSetBy = ({ body }: Operation): number[] =>
  flatten(body).flatMap((statement) => (statement.do === "assign" ? statement.fields : []));

/** What has to be there for the call, and what it makes on its way. */
function kindsNeededBy(system: System, { params, body }: Operation): number[] {
  const given = params.flatMap(({ type, initial }) =>
    type.base === "value" && !type.optional && initial === null && type.kinds.length === 1 ? type.kinds : [],
  );
  const made = body.flatMap((each) => (each.do === "new" ? [each.kind] : []));
  return [...given, ...made].flatMap((kind) => {
    const owner = system.kinds[kind]?.ownerKind ?? -1;
    return owner === -1 ? [kind] : [kind, owner];
  });
}
