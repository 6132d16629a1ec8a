// What the pieces of the canonical form as WebAssembly share: ways through things, what they refer to, how colours mix.

import type { Layout } from "../packed/layout.ts";
import type { Edge, SymmetricKind, Symmetry } from "../packed/symmetry.ts";
import { type Code, forSteps, get, i32, int, load, set, when } from "./code.ts";
import type { ModuleBuilder } from "./module.ts";
import type { Plan } from "./plan.ts";
import type { Tables } from "./tables.ts";

export interface Parts {
  readonly module: ModuleBuilder;
  readonly symmetry: Symmetry;
  readonly layout: Layout;
  readonly plan: Plan;
  readonly tables: Tables;
}

export const nothing = { params: [], results: [] } as const;
export const ints = (count: number): "i32"[] => new Array<"i32">(count).fill("i32");

/** The code of `mix` of packed/references.ts; `local` is overwritten. */
export const mixed = (value: Code, local: number): Code => [
  set(local, value),
  set(local, i32.multiply(i32.xor(get(local), i32.shiftRightU(get(local), int(16))), int(0x9e3779b1))),
  i32.shiftRightU(i32.xor(get(local), i32.shiftRightU(get(local), int(15))), int(1)),
];

export const endOf = ({ base, count }: SymmetricKind): Code => int((base + count) * 4);

/** For each thing of a kind, in a local. */
export const forThings = (kind: SymmetricKind, thing: number, body: Code): Code =>
  forSteps(thing, int(kind.base * 4), endOf(kind), 4, body);

export const isAlive = (kind: SymmetricKind, tables: Tables, thing: number, body: Code): Code =>
  kind.alive === null ? body : when(i32.atLeastS(load(get(thing), tables.colours), int(0)), body);

/** What a thing refers to: the number of a colour, or a set of tasks. */
export function targetOf({ symmetry, tables }: Parts, e: number, thing: number): Code {
  const edge = symmetry.edges[e];
  const meaning = tables.meanings[e] ?? 0;
  if (edge === undefined || edge.constant !== null) return load(get(thing), meaning);
  const k = symmetry.kinds.findIndex(({ kind }) => kind === edge.kind);
  const row = load(get(thing), tables.rows[k]?.[edge.strip] ?? 0);
  const mask = int(((1 << edge.bits) - 1) * 4);
  const moved =
    edge.from >= 2 ? i32.shiftRightU(row, int(edge.from - 2)) : i32.shiftLeft(row, int(2 - edge.from));
  return load(i32.and(moved, mask), meaning);
}

/** The tasks that the bits of a set stand for. */
export function tasksOf({ edges }: Symmetry, edge: Edge): number[] {
  return edges.includes(edge) ? Array.from({ length: edge.bits }, (_, bit) => edge.tasks + bit) : [];
}

export const cellCount = (tables: Tables): Code => load(int(0), tables.state);
export const unequal = (tables: Tables): Code => load(int(0), tables.state + 4);
