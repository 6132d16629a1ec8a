// Where everything lies: which number a thing has, and which cell a field of it is.

import type { Kind, System } from "../../model/system.ts";
import { HARDWARE, type Topology } from "../../model/system.ts";
import { indexOf, kindOf } from "../../model/values.ts";
import { flatten } from "../expressions.ts";
import type { Problem } from "../problem.ts";
import { HEADER, type Places } from "../program.ts";

export interface Layout {
  readonly places: readonly Places[];
  /** How many things of the machine there are: their numbers come first. */
  readonly hardware: number;
  /** By field: its first cell, or -1 where there is no place for its kind. */
  readonly starts: readonly number[];
  /** By field: facts, and what no call of this problem changes. */
  readonly constant: readonly boolean[];
  /** Behind the columns. */
  readonly end: number;
}

export function layOut(problem: Problem): Layout {
  const { system, topology, bounds } = problem;
  const counts = system.kinds.map((kind) => countOf(kind, topology, problem));
  const constant = constantFields(problem, counts);
  const starts = system.fields.map(() => -1);
  const places: Places[] = [];
  let base = 0;
  let at = HEADER;
  for (const kind of system.kinds) {
    const count = counts[kind.id] ?? 0;
    for (const field of columnsOf(kind, bounds.tasks.length)) {
      // Never below the numbers of the things, so that the one is the other and something on top.
      at = Math.max(at, base);
      if (count > 0) starts[field] = at;
      at += count;
    }
    const { name, sort } = kind;
    const home = system.fields[bounds.homes[kind.id] ?? -1]?.type.kinds[0] ?? -1;
    places.push({ kind: name, sort, base, count, alive: -1, home });
    base += count;
  }
  const hardware = places[HARDWARE.task] ?? { base: 0, count: 0 };
  return { places, hardware: hardware.base + hardware.count, starts, constant, end: at };
}

/** The fields of a kind that have cells. How often a thing is referred to is counted where it is asked. */
export function columnsOf(kind: Kind, tasks: number): readonly number[] {
  if (kind.sort === "hardware") return kind.fields;
  if (kind.sort === "object" || tasks === 0) return [kind.alive, ...kind.fields];
  return [kind.alive, kind.holders, ...kind.fields];
}

const countOf = ({ id, sort }: Kind, topology: Topology, { bounds }: Problem): number =>
  id === HARDWARE.task
    ? bounds.tasks.length
    : sort === "hardware"
      ? (topology.names[id]?.length ?? 0)
      : (bounds.instances[id] ?? 0);

/** Fields of the machine that nothing assigns. */
function constantFields({ system, calls }: Problem, counts: readonly number[]): boolean[] {
  const constant = system.fields.map(({ kind }) => system.kinds[kind]?.sort === "hardware");
  const bodies = new Set(calls.flatMap((ground) => (ground.do === "call" ? [ground.operation.body] : [])));
  for (const { id, on } of system.kinds)
    for (const block of [on.open, on.close, on.release])
      if (block !== null && (counts[id] ?? 0) > 0) bodies.add(block.body);
  for (const body of bodies)
    for (const statement of flatten(body))
      if (statement.do === "assign") for (const field of statement.fields) constant[field] = false;
  return constant;
}

/** The number that a thing has in the program; -1 for a place that there is not. */
export function globalOf(system: System, { places }: Layout, ref: number): number {
  const [kind, index] = [kindOf(ref), indexOf(ref)];
  const own = places[kind];
  return own === undefined || index >= own.count || system.kinds[kind] === undefined ? -1 : own.base + index;
}
