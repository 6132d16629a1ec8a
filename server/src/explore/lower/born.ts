// Which kinds of things there can be at all: of one that no call makes there is nothing to pack, to compare and to ask.

import { kindOf } from "../../model/values.ts";
import { flatten } from "../expressions.ts";
import type { Bounds, Problem } from "../problem.ts";

/** The bounds, with no place for what nothing makes and no call names. */
export function bornWithin({ system, bounds, calls }: Problem): Bounds {
  const born = new Set<number>();
  const bodies = new Set(
    system.kinds.flatMap(({ on }) => [on.open, on.close, on.release]).map((on) => on?.body ?? []),
  );
  const name = (raw: number): void => {
    if (raw >= 0) born.add(kindOf(raw));
  };
  for (const call of calls) {
    if (call.do === "open") {
      born.add(call.kind);
      continue;
    }
    bodies.add(call.operation.body);
    for (const [i, raw] of call.args.entries()) {
      const { type } = call.operation.params[i] ?? {};
      if (type?.base === "value") name(raw);
      if (type?.base === "set" && type.element?.base === "value") system.values.setOf(raw).forEach(name);
    }
  }
  for (const body of bodies)
    for (const statement of flatten(body)) if (statement.do === "new") born.add(statement.kind);
  const instances = bounds.instances.map((count, kind) =>
    born.has(kind) || system.kinds[kind]?.sort === "hardware" ? count : 0,
  );
  return { ...bounds, instances };
}
