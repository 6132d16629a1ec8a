// Who refers to a thing.

import type { Field } from "../../model/system.ts";
import type { Value } from "../program.ts";
import { type Builder, giveBack, loop, when } from "./builder.ts";
import { helper, type Lowering } from "./context.ts";
import { cellOf, hasPlaces } from "./fields.ts";
import { equal, local, num, ONE, or, ZERO } from "./values.ts";

/** Fields that can hold a thing of this kind and have places, by the kind that they are of. */
export function referring(
  { system, layout }: Lowering,
  kind: number,
  which: (field: Field) => boolean,
): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, number[]>();
  for (const field of system.fields) {
    if (field.type.base !== "value" || !field.type.kinds.includes(kind) || !which(field)) continue;
    if ((layout.places[field.kind]?.count ?? 0) === 0 || layout.constant[field.id]) continue;
    const own = found.get(field.kind);
    if (own === undefined) found.set(field.kind, [field.id]);
    else own.push(field.id);
  }
  return found;
}

/** Visits the places of a kind. */
export function eachPlace(
  lowering: Lowering,
  builder: Builder,
  kind: number,
  visit: (thing: Value) => void,
): void {
  const { base, count } = lowering.layout.places[kind] ?? { base: 0, count: 0 };
  if (count === 1) visit(num(base));
  else if (count > 1) loop(builder, num(base), num(base + count), visit);
}

/** 1 if a strong field refers to the thing; null: there is none that could. */
export function referencedFunction(lowering: Lowering, kind: number): number | null {
  const fields = referring(lowering, kind, ({ strong }) => strong);
  if (fields.size === 0 || !hasPlaces(lowering, kind)) return null;
  const { name } = lowering.system.kinds[kind] ?? { name: "" };
  return helper(lowering, `referenced ${name}`, 1, (builder) => {
    for (const [owner, own] of fields) {
      eachPlace(lowering, builder, owner, (thing) => {
        const isIt = own
          .map((field) => equal(cellOf(lowering, field, thing), local(0)))
          .reduce((a, b) => or(a, b));
        when(builder, isIt, () => giveBack(builder, ONE));
      });
    }
    giveBack(builder, ZERO);
  });
}
