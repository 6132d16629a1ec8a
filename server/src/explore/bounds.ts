// How much there is to explore: how many tasks, and how many things of each kind at a time. What nobody has said is
// chosen by the shape of the proposal, small enough for a full proof; all of it is told with every verdict.

import type { Stmt } from "../model/ir.ts";
import { perEnvironment, perOperation } from "../model/same-code.ts";
import type { Define, Kind, System, Topology } from "../model/system.ts";
import { HARDWARE } from "../model/system.ts";
import { flatten } from "./expressions.ts";
import type { Bounds, Goal } from "./problem.ts";
import { relevantKinds } from "./relevance.ts";

/** What a claim says about bounds; the rest is chosen. */
export interface Wanted {
  readonly tasks?: number | undefined;
  readonly depth?: number | undefined;
  /** By the name of the kind. */
  readonly limits?: ReadonlyMap<string, number>;
}

/** `goals` are what the claims look for: kinds that have nothing to do with them are left out unless a limit is given. */
export function boundsOf(
  system: System,
  topology: Topology,
  goals: readonly Goal[],
  wanted: Wanted = {},
): Bounds {
  const tasks = taskNames(topology, wanted.tasks);
  const counts = [1, ...[1, 2, 3].map((kind) => topology.names[kind]?.length ?? 0), tasks.length];
  const relevant = relevantKinds(system, goals, wanted.limits ?? new Map());
  const belonging = belongingTo(system);
  const instances = system.kinds.map((kind) => {
    const said = wanted.limits?.get(kind.name);
    if (kind.sort === "hardware") return counts[kind.id] ?? 0;
    return said ?? (relevant.has(kind.id) ? defaultCount(system, kind, counts, belonging) : 0);
  });
  const fixed = fixedFields(system);
  const homes = system.kinds.map((kind) =>
    wanted.limits?.has(kind.name) === true || belonging.has(kind.id) || instances[kind.id] === 0
      ? -1
      : homeField(system, kind, counts, fixed),
  );
  return { tasks, depth: wanted.depth ?? null, instances, homes };
}

/** The first is that of scenarios; none has the name of something else of the machine. */
export function taskNames(topology: Topology, count = 1): string[] {
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
 * One for each device or group where a thing, or what it lives in, is of one; two of what a device can belong to or can
 * send DMA through, and of files that are of nothing; one of all else.
 */
function defaultCount(
  system: System,
  kind: Kind,
  counts: readonly number[],
  belonging: ReadonlySet<number>,
): number {
  const own = countOfHardware(system, kind, counts);
  if (belonging.has(kind.id)) return Math.max(2, own);
  if (own > 0) return own;
  return kind.path !== null && kind.path.hole === null ? 2 : 1;
}

/**
 * The field with the hardware that a file is for from its first day to its last: every way to make it sets the field, and
 * nothing changes it. -1: there is none, or it is an object, which may well be a second one for the same piece.
 */
function homeField(system: System, kind: Kind, counts: readonly number[], fixed: Fixed): number {
  if (kind.sort !== "fd") return -1;
  const most = countOfHardware(system, kind, counts);
  const isHome = (id: number): boolean =>
    hardwareOf(system, id, counts) === most &&
    (kind.path === null || kind.path.hole?.field === id) &&
    !fixed.assigned.has(id) &&
    fixed.made.every((each) => each.kind !== kind.id || each.fields.has(id));
  return most === 0 ? -1 : (kind.fields.find(isHome) ?? -1);
}

/** The fields that something assigns; what things are made with. */
interface Fixed {
  readonly assigned: ReadonlySet<number>;
  readonly made: readonly { readonly kind: number; readonly fields: ReadonlySet<number> }[];
}

function fixedFields(system: System): Fixed {
  const parts = [
    ...[...system.operations.values()].map((each) => fixedInCall(system, each)),
    fixedInBlocks(system),
  ];
  return {
    assigned: new Set(parts.flatMap(({ assigned }) => [...assigned])),
    made: parts.flatMap(({ made }) => made),
  };
}

const fixedInCall = perOperation((_, { body }) => fixedIn(body));

const fixedInBlocks = perEnvironment(({ kinds }) =>
  fixedIn(kinds.flatMap(({ on }) => [on.open, on.close, on.release].flatMap((block) => block?.body ?? []))),
);

function fixedIn(body: readonly Stmt[]): Fixed {
  const all = flatten(body);
  return {
    assigned: new Set(all.flatMap((each) => (each.do === "assign" ? each.fields : []))),
    made: all.flatMap((each) =>
      each.do === "new" ? [{ kind: each.kind, fields: new Set(each.fields.map(({ field }) => field)) }] : [],
    ),
  };
}

/** How much hardware of the sort that the thing always refers to there is; 0 if it refers to none. */
function countOfHardware(system: System, kind: Kind, counts: readonly number[]): number {
  const own = kind.fields.map((id) => hardwareOf(system, id, counts));
  const owner = system.kinds[kind.ownerKind];
  return Math.max(0, ...own) || (owner === undefined ? 0 : countOfHardware(system, owner, counts));
}

/** How many pieces there are of what a field always refers to; 0 if that is no piece of the machine. */
function hardwareOf(system: System, id: number, counts: readonly number[]): number {
  const { type } = system.fields[id] ?? {};
  const [only, ...more] = type?.kinds ?? [];
  const isOne = type?.base === "value" && !type.optional && type.names.length === 0 && more.length === 0;
  return isOne && only !== undefined && isOfMachine(only) ? (counts[only] ?? 0) : 0;
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
