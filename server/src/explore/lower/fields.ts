// Reading a field of a thing that may be one of several kinds, or none.

import { column } from "../../model/machine.ts";
import { indexOf, kindOf } from "../../model/values.ts";
import type { Value } from "../program.ts";
import { newLocal } from "./builder.ts";
import { computed, encode, type Frame, known, type Low, type Lowering, tagOf, valueAs } from "./context.ts";
import { cell, choose, isSimple, isThere, local, num, plus, tee, within } from "./values.ts";

/** The cell of a field of the thing with this number. */
export function addressOf({ layout, system }: Lowering, field: number, thing: Value): Value {
  const kind = system.fields[field]?.kind ?? 0;
  return plus(thing, (layout.starts[field] ?? 0) - (layout.places[kind]?.base ?? 0));
}

export const cellOf = (lowering: Lowering, field: number, thing: Value): Value =>
  cell(addressOf(lowering, field, thing));

export const hasPlaces = ({ layout }: Lowering, kind: number): boolean =>
  (layout.places[kind]?.count ?? 0) > 0;

export function isOfKind({ layout }: Lowering, thing: Value, kind: number): Value {
  const { base, count } = layout.places[kind] ?? { base: 0, count: 0 };
  return within(thing, base, count);
}

export function readField(frame: Frame, of: Low, fields: readonly number[], missing: number): Low {
  const { lowering, builder } = frame;
  const { system, layout, machine } = lowering;
  if (of.is === "pair") return known(missing);
  const kindOfField = (field: number): number => system.fields[field]?.kind ?? -1;
  if (of.is === "known") {
    const field = of.raw < 0 ? undefined : fields.find((each) => kindOfField(each) === kindOf(of.raw));
    if (field === undefined) return known(missing);
    if (layout.constant[field]) return known(column(machine, field)[indexOf(of.raw)] ?? missing);
    return asRead(lowering, [field], cellOf(lowering, field, valueAs(lowering, of, "thing")), missing, false);
  }
  const found = fields.filter((field) => of.kinds.includes(kindOfField(field)));
  const [first, ...more] = found;
  if (first === undefined) return known(missing);
  const isWhole = found.length === of.kinds.length;
  if (more.length === 0 && isWhole && !of.maybe)
    return asRead(lowering, found, cellOf(lowering, first, of.value), missing, false);
  // The first test keeps the thing, those behind it use it again.
  const kept = isSimple(of.value) ? of.value : local(newLocal(builder));
  const test = kept.v === "local" && kept !== of.value ? tee(kept.local, of.value) : of.value;
  const absent = num(encode(lowering, tagOf(system.fields[first]?.type ?? null), missing));
  if (more.length === 0 && isWhole) {
    const value = choose(isThere(test), cellOf(lowering, first, kept), absent);
    return asRead(lowering, found, value, missing, true);
  }
  let value: Value = isWhole && !of.maybe ? cellOf(lowering, found.at(-1) ?? 0, kept) : absent;
  const tested = isWhole && !of.maybe ? found.slice(0, -1) : found;
  for (const [i, field] of [...tested.entries()].reverse()) {
    const { base, count } = layout.places[kindOfField(field)] ?? { base: 0, count: 0 };
    const thing = i === 0 ? test : kept;
    value = choose(
      count === 1 || thing === kept ? within(thing, base, count) : withinKept(thing, kept, base, count),
      cellOf(lowering, field, kept),
      value,
    );
  }
  return asRead(lowering, found, value, missing, true);
}

const withinKept = (first: Value, kept: Value, base: number, count: number): Value => ({
  v: "and",
  left: { v: "binary", op: ">=", left: first, right: num(base) },
  right: { v: "binary", op: "<", left: kept, right: num(base + count) },
});

function asRead(
  lowering: Lowering,
  fields: readonly number[],
  value: Value,
  missing: number,
  isPartial: boolean,
): Low {
  const types = fields.flatMap((field) => lowering.system.fields[field]?.type ?? []);
  const [type] = types;
  const kinds = new Set(types.flatMap((each) => each.kinds).filter((kind) => hasPlaces(lowering, kind)));
  const isBool = types.every(({ base, optional }) => base === "bool" && !optional);
  return computed(value, {
    tag: tagOf(type ?? null),
    kinds: [...kinds].sort((a, b) => a - b),
    bool: isBool && (!isPartial || missing === 0),
    flow: { values: isPartial ? [missing] : [], fields },
  });
}
