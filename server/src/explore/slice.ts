// A proposal without what cannot matter to some goals: fields that nothing depends on keep their first value. States that
// differ in nothing else become one.

import type { Stmt } from "../model/ir.ts";
import { codeOf, environmentOf, isCodeOf, sharesEnvironment } from "../model/same-code.ts";
import type { Block, Operation, System } from "../model/system.ts";
import { influenceOn } from "./influence.ts";
import type { Goal } from "./problem.ts";

/** The same kinds, fields, rules and names; calls do not write what does not matter. */
export function slicedFor(system: System, goals: readonly Goal[]): System {
  const { fields } = influenceOn(system, goals);
  const idle = new Set(
    system.fields
      .filter(
        ({ id, strong, birth, kind }) => !fields.has(id) && !strong && !birth && !isBuiltIn(system, kind, id),
      )
      .map(({ id }) => id),
  );
  if (idle.size === 0) return system;
  const key = [...idle].join();
  const body = (statements: readonly Stmt[]): readonly Stmt[] => slicedBody(statements, idle, key);
  const block = (each: Block | null): Block | null =>
    each === null ? null : { ...each, body: body(each.body) };
  const operations = new Map(
    [...system.operations].map(([name, operation]): [string, Operation] => [
      name,
      { ...operation, body: body(operation.body) },
    ]),
  );
  const kinds = system.kinds.map((kind) => ({
    ...kind,
    on: { open: block(kind.on.open), close: block(kind.on.close), release: block(kind.on.release) },
  }));
  const sliced = { ...system, kinds, operations };
  const likes = slicedSystems.get(environmentOf(system)) ?? new Map<string, System>();
  slicedSystems.set(environmentOf(system), likes);
  const like = likes.get(key) ?? sliced;
  likes.set(key, like);
  sharesEnvironment(sliced, like);
  return sliced;
}

/** What was made of Systems and bodies that are the same, by what is left out: what is made of these is the same, too. */
const slicedSystems = new WeakMap<object, Map<string, System>>();
const slicedBodies = new WeakMap<readonly Stmt[], Map<string, SlicedBody>>();

interface SlicedBody {
  readonly of: readonly Stmt[];
  readonly body: readonly Stmt[];
}

function slicedBody(body: readonly Stmt[], idle: ReadonlySet<number>, key: string): readonly Stmt[] {
  const code = codeOf(body);
  const known = slicedBodies.get(code) ?? new Map<string, SlicedBody>();
  slicedBodies.set(code, known);
  const like = known.get(key);
  if (like?.of === body) return like.body;
  const own = without(body, idle);
  if (like === undefined) known.set(key, { of: body, body: own });
  else isCodeOf(own, like.body);
  return own;
}

/** Who holds it, what refers to it, its number: the engine's own business. */
function isBuiltIn(system: System, kind: number, field: number): boolean {
  const { alive, holders, references, idField } = system.kinds[kind] ?? {};
  return field === alive || field === holders || field === references || field === idField;
}

function without(statements: readonly Stmt[], idle: ReadonlySet<number>): readonly Stmt[] {
  return statements.flatMap((statement): Stmt[] => {
    switch (statement.do) {
      case "assign":
        return statement.fields.every((field) => idle.has(field)) ? [] : [statement];
      case "new":
        return [{ ...statement, fields: statement.fields.filter(({ field }) => !idle.has(field)) }];
      case "for":
        return [{ ...statement, body: without(statement.body, idle) }];
      case "if":
        return [
          {
            ...statement,
            then: without(statement.then, idle),
            otherwise: without(statement.otherwise, idle),
          },
        ];
      default:
        return [statement];
    }
  });
}
