// What `on` blocks and bodies can do, found from their text: what need not be looked after while the program runs.

import type { SetExpr, Stmt } from "../../model/ir.ts";
import { MOST_RELEASES } from "../../model/machine.ts";
import type { Block, Kind } from "../../model/system.ts";
import { flatten } from "../expressions.ts";
import type { Lowering } from "./context.ts";
import { hasPlaces } from "./fields.ts";

export interface Blocks {
  /** Things can end, or be made, while others are ending. */
  readonly isWild: boolean;
  /** Kinds that blocks make. */
  readonly made: ReadonlySet<number>;
}

const found = new WeakMap<Lowering, Blocks>();

export function blocksOf(lowering: Lowering): Blocks {
  let blocks = found.get(lowering);
  if (blocks === undefined) {
    const all = lowering.system.kinds
      .filter(({ id }) => hasPlaces(lowering, id))
      .flatMap(({ on }) => [...statementsIn(on.close), ...statementsIn(on.release)]);
    blocks = {
      isWild: all.some((each) => each.do === "new" || each.do === "destroy" || each.do === "close"),
      made: new Set(all.flatMap((each) => (each.do === "new" ? [each.kind] : []))),
    };
    found.set(lowering, blocks);
  }
  return blocks;
}

const statementsIn = (block: Block | null): Stmt[] => (block === null ? [] : flatten(block.body));

/** Objects that live in things of a kind. */
export const innerKinds = (lowering: Lowering, kind: number): Kind[] =>
  lowering.system.kinds.filter((inner) => inner.ownerKind === kind && hasPlaces(lowering, inner.id));

/** A kind with all kinds of things that live in it, and in those. */
export const treeOf = (lowering: Lowering, kind: number): number[] => [
  kind,
  ...innerKinds(lowering, kind).flatMap(({ id }) => treeOf(lowering, id)),
];

/** Can these statements end something, now or when the call is over? */
export const canEnd = (lowering: Lowering, body: readonly Stmt[]): boolean =>
  flatten(body).some((statement) => {
    if (statement.do === "close" || statement.do === "destroy") return true;
    if (statement.do !== "assign") return false;
    return statement.fields.some((id) => keepsFiles(lowering, id));
  });

/** A strong field that can hold files. */
export function keepsFiles(lowering: Lowering, field: number): boolean {
  const { system } = lowering;
  const { strong = false, type } = system.fields[field] ?? {};
  return (
    strong &&
    (type?.kinds.some((kind) => system.kinds[kind]?.sort === "fd" && hasPlaces(lowering, kind)) ?? false)
  );
}

/** How many candidates for release a call can note at most. */
export function mostDropped(lowering: Lowering): number {
  let most = mosts.get(lowering);
  if (most === undefined) {
    most = countDropped(lowering);
    mosts.set(lowering, most);
  }
  return most;
}

const mosts = new WeakMap<Lowering, number>();

function countDropped(lowering: Lowering): number {
  const { system, layout, problem } = lowering;
  if (blocksOf(lowering).isWild) return MOST_RELEASES + 2;
  const bodies = new Set(problem.calls.map((ground) => (ground.do === "call" ? ground.operation.body : [])));
  const body = Math.max(0, ...[...bodies].map((each) => steps(lowering, each)));
  const blocks = system.kinds.flatMap(({ on }) => [on.close, on.release, on.open]);
  const block = Math.max(0, ...blocks.map((each) => (each === null ? 0 : steps(lowering, each.body))));
  const things = layout.places.reduce((sum, { sort, count }) => sum + (sort === "hardware" ? 0 : count), 0);
  const strong = system.fields.reduce(
    (sum, { strong: isStrong, kind }) => sum + (isStrong ? (layout.places[kind]?.count ?? 0) : 0),
    0,
  );
  const started = (body + block) * (1 + block);
  return Math.min(MOST_RELEASES + 2, started + (things + started) * (strong + block + 1) + 1);
}

/** Statements that are made at most. */
function steps(lowering: Lowering, body: readonly Stmt[]): number {
  let sum = 0;
  for (const statement of body) {
    if (statement.do === "for")
      sum += membersAtMost(lowering, statement.set) * steps(lowering, statement.body);
    else if (statement.do === "if")
      sum += steps(lowering, statement.then) + steps(lowering, statement.otherwise);
    else sum++;
  }
  return sum;
}

function membersAtMost({ layout, system }: Lowering, set: SetExpr): number {
  const placesOf = (kind: number): number => layout.places[kind]?.count ?? 0;
  switch (set.set) {
    case "kinds":
      return set.kinds.reduce((sum, kind) => sum + placesOf(kind), 0);
    case "having":
      return placesOf(system.fields[set.field]?.kind ?? 0);
    case "listed":
      return set.elements.length;
    case "value":
      return MOST_RELEASES;
    default:
      return set satisfies never;
  }
}
