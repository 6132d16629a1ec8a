// Which values a field can have at all: they decide how many bits it takes.

import { column } from "../../model/machine.ts";
import type { Field, Kind } from "../../model/system.ts";
import { NONE } from "../../model/values.ts";
import { encode, type Lowering, tagOf } from "./context.ts";
import { hasPlaces } from "./fields.ts";

/** Ascending; null: not known beforehand. */
export function valuesOf(lowering: Lowering, kind: Kind, field: Field): readonly number[] | null {
  const { layout, machine, system, problem } = lowering;
  const count = layout.places[kind.id]?.count ?? 0;
  if (field.id === kind.alive) return [0, 1];
  if (field.id === kind.holders) return Array.from({ length: 2 ** problem.bounds.tasks.length }, (_, i) => i);
  const tag = tagOf(field.type);
  const own = column(machine, field.id).slice(0, count);
  const raws = new Set<number>([...own, ...(kind.sort === "hardware" ? [] : [field.initial])]);
  const flow = lowering.flows[field.id];
  if (flow !== undefined && tag === "thing") {
    // What it refers to may die.
    if (flow.kinds.size > 0 || flow.open) raws.add(NONE);
    for (const raw of flow.values) if (raw < 0) raws.add(raw);
    if (flow.open) for (const name of field.type.names) raws.add(system.values.symbol(name));
    const things = [...flow.kinds]
      .filter((each) => hasPlaces(lowering, each))
      .flatMap((each) => {
        const { base = 0, count: there = 0 } = layout.places[each] ?? {};
        return Array.from({ length: there }, (_, i) => base + i);
      });
    return sorted([...[...raws].map((raw) => encode(lowering, tag, raw)), ...things]);
  }
  const seen = new Set<number>();
  const pending = [field.id];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const flow = lowering.flows[id];
    const from = system.fields[id];
    if (flow === undefined || from === undefined) return null;
    if (flow.open) return tag === "range" ? [NONE, ...lowering.ranges.keys()] : null;
    for (const raw of column(machine, id)) if (raw !== undefined) raws.add(raw);
    raws.add(from.initial);
    for (const raw of flow.values) raws.add(raw);
    pending.push(...flow.fields);
  }
  return sorted([...raws].map((raw) => encode(lowering, tag, raw)));
}

const sorted = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);
