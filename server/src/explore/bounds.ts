// How much there is to explore: how many tasks, and how many things of each kind at a time. What nobody has said is
// chosen by the shape of the proposal, small enough for a full proof; all of it is told with every verdict.

import type { Define, Kind, System, Topology } from "../model/system.ts";
import { HARDWARE } from "../model/system.ts";
import type { Bounds } from "./problem.ts";

/** What a claim says about bounds; the rest is chosen. */
export interface Wanted {
  readonly tasks?: number | undefined;
  readonly depth?: number | undefined;
  /** By the name of the kind. */
  readonly limits?: ReadonlyMap<string, number>;
}

export function boundsOf(system: System, topology: Topology, wanted: Wanted = {}): Bounds {
  const tasks = taskNames(topology, wanted.tasks ?? 1);
  const counts = [1, ...[1, 2, 3].map((kind) => topology.names[kind]?.length ?? 0), tasks.length];
  const belonging = belongingTo(system);
  const instances = system.kinds.map((kind) =>
    kind.sort === "hardware"
      ? (counts[kind.id] ?? 0)
      : (wanted.limits?.get(kind.name) ?? defaultCount(system, kind, counts, belonging)),
  );
  return { tasks, depth: wanted.depth ?? null, instances };
}

/** The first is that of scenarios; none has the name of something else of the machine. */
function taskNames(topology: Topology, count: number): string[] {
  const taken = new Set(topology.names.slice(HARDWARE.iommu, HARDWARE.task).flat());
  const names = Array.from({ length: count }, (_, i) =>
    i === 0 ? "main" : i === 1 ? "other" : `task${i + 1}`,
  );
  return names.map((name) => {
    let free = name;
    while (taken.has(free)) free += "_";
    return free;
  });
}

/**
 * One for each device or group where a thing is of one; two of what a device can belong to, or can send DMA through, and
 * of files that are of nothing; one of all else.
 */
function defaultCount(
  system: System,
  kind: Kind,
  counts: readonly number[],
  belonging: ReadonlySet<number>,
): number {
  const own = kind.fields.flatMap((id) => {
    const field = system.fields[id];
    if (field === undefined || field.type.base !== "value" || field.type.optional) return [];
    const [only, ...more] = field.type.kinds;
    return only !== undefined && more.length === 0 && isOfMachine(only) ? [counts[only] ?? 0] : [];
  });
  if (belonging.has(kind.id)) return Math.max(2, ...own);
  if (own.length > 0) return Math.max(1, ...own);
  return kind.path !== null && kind.path.hole === null ? 2 : 1;
}

const isOfMachine = (kind: number): boolean =>
  kind === HARDWARE.iommu || kind === HARDWARE.group || kind === HARDWARE.device;

/** Kinds that a define gives for a piece of hardware: its owner, where its DMA goes. */
function belongingTo(system: System): ReadonlySet<number> {
  const asksHardware = ({ params }: Define): boolean => {
    const [first] = params;
    return first !== undefined && first.type.kinds.length === 1 && first.type.kinds.every(isOfMachine);
  };
  const given = system.defines.filter(asksHardware).flatMap(({ result }) => result.kinds);
  return new Set(given.filter((kind) => system.kinds[kind]?.sort !== "hardware"));
}
