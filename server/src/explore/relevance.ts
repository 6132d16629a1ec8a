// Which kinds of things the goals of an exploration have to do with: those that they ask about, and those without which
// such things could not be made or changed. The rest is left out of the bounds, and that is told.

import { perOperation } from "../model/same-code.ts";
import type { Operation, System } from "../model/system.ts";
import { flatten } from "./expressions.ts";
import { readsIn, readsOf } from "./footprint.ts";
import { fieldsOfGoal } from "./influence.ts";
import { kindsWanted } from "./presence.ts";
import type { Goal } from "./problem.ts";
import { localsIn } from "./reasons.ts";

/** `limits` are kinds that somebody wants to be there. Without goals everything is relevant. */
export function relevantKinds(
  system: System,
  goals: readonly Goal[],
  limits: ReadonlyMap<string, number>,
): ReadonlySet<number> {
  if (goals.length === 0) return new Set(system.kinds.keys());
  const wanted = system.kinds.filter(({ name }) => (limits.get(name) ?? 0) > 0).map(({ id }) => id);
  const relevant = new Set([...wanted, ...goals.flatMap((goal) => kindsOfGoal(system, goal))]);
  // What is asked of the machine itself: who sets it is needed as well.
  const asked = goals.flatMap((goal) =>
    // That nothing dies in use is asked of the things that are there for the other goals.
    fieldsOfGoal(system, goal.find === "broken-rule" ? { ...goal, lifetime: false } : goal),
  );
  const matters = new Set(asked.filter((id) => isOfMachine(system, id)));
  // What a field that is asked about refers to has to be there, or it refers to nothing.
  for (const id of asked) for (const kind of system.fields[id]?.type.kinds ?? []) relevant.add(kind);
  const operations = [...system.operations.values()].map((operation) => partOf(system, operation));
  const add = (kinds: Iterable<number>): void => {
    for (const kind of kinds) relevant.add(kind);
  };
  for (let before = -1; before !== relevant.size + matters.size; ) {
    before = relevant.size + matters.size;
    for (const { changes, sets, needs, anyOf, reads } of operations) {
      if (!changes.some((kind) => relevant.has(kind)) && !sets.some((field) => matters.has(field))) continue;
      add(needs);
      for (const kinds of anyOf) if (!kinds.some((kind) => relevant.has(kind))) add(kinds);
      for (const field of reads) {
        if (isOfMachine(system, field)) matters.add(field);
        // A check may want a field to refer to something.
        const { kind = -1, type } = system.fields[field] ?? {};
        if (relevant.has(kind) && !isBirth(system, field)) add(type?.kinds ?? []);
      }
    }
  }
  return relevant;
}

const isOfMachine = ({ kinds, fields }: System, id: number): boolean =>
  kinds[fields[id]?.kind ?? -1]?.sort === "hardware";

/** What a call has to do with, by its text. */
const partOf = perOperation((system, operation) => ({
  changes: kindsChangedBy(system, operation),
  sets: fieldsSetBy(operation).filter((id) => isOfMachine(system, id)),
  needs: kindsNeededBy(system, operation),
  anyOf: [
    ...operation.params.flatMap(({ type, initial }) =>
      type.base === "value" && !type.optional && initial === null ? [type.kinds] : [],
    ),
    ...kindsWanted(system, operation.body),
  ],
  reads: [...readsOf(system, operation.body)],
}));

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
          ...kindsOfFields(system, readsOfHazard(system, operation, goal.hazard)),
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

/** Set once, when the thing is made: by then what it refers to is there. */
const isBirth = (system: System, field: number): boolean => system.fields[field]?.birth === true;

/** What decides whether the call reports it, once it is made. */
function readsOfHazard(system: System, { body }: Operation, hazard: string): ReadonlySet<number> {
  const all = flatten(body);
  const pending = all.flatMap((each) =>
    each.do === "require" && each.hazard === hazard ? [each.condition] : [],
  );
  const reads = new Set<number>();
  const seen = new Set<number>();
  for (let expr = pending.pop(); expr !== undefined; expr = pending.pop()) {
    for (const field of readsIn(system, expr)) reads.add(field);
    for (const slot of localsIn(expr).filter((each) => !seen.has(each))) {
      seen.add(slot);
      for (const each of all) if (each.do === "let" && each.slot === slot) pending.push(each.value);
    }
  }
  return reads;
}
