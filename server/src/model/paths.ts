// Every path that open() finds on a machine.

import type { System, Topology } from "./system.ts";
import { NONE, reference } from "./values.ts";

export interface Openable {
  readonly kind: number;
  readonly hole: number;
}

const tables = new WeakMap<Topology, ReadonlyMap<string, Openable>>();

export function openTable(system: System, topology: Topology): ReadonlyMap<string, Openable> {
  const known = tables.get(topology);
  if (known !== undefined) return known;
  const table = new Map<string, Openable>();
  for (const { id, path } of system.kinds) {
    if (path === null) continue;
    const { prefix, suffix, hole } = path;
    if (hole === null) {
      table.set(prefix + suffix, { kind: id, hole: NONE });
      continue;
    }
    topology.names[hole.kind]?.forEach((name, index) => {
      const filled = hole.by === -1 ? name : fieldText(system, topology, hole.by, index);
      if (filled !== "") table.set(prefix + filled + suffix, { kind: id, hole: reference(hole.kind, index) });
    });
  }
  tables.set(topology, table);
  return table;
}

function fieldText(system: System, topology: Topology, field: number, index: number): string {
  const value =
    topology.initial.findLast(([id, at]) => id === field && at === index)?.[2] ??
    system.fields[field]?.initial ??
    NONE;
  return value === NONE ? "" : system.values.symbolText(value);
}
