// Breadth-first through the calls that could be made: the shortest ways to a goal come first, each length in the order
// of the calls' declarations. Only calls that some later call, or the goal, can notice are tried. The answer depends on
// nothing but the state and the proposal, unless the budget ends the search.

import { column, kindAt, type Refusal, rollBack } from "../model/machine.ts";
import { kindOf, NONE } from "../model/values.ts";
import { type Footprint, meets } from "./footprint.ts";
import { type Ground, groundOf } from "./refusals.ts";
import { birthsOf, type Family, type Move, namedIn, type Space } from "./space.ts";

/** Whether the goal is reached; if not, the fields of which one has to change before it can be. */
export type Verdict =
  | { readonly holds: true }
  | { readonly holds: false; readonly fields: ReadonlySet<number> };

export interface Goal {
  /** Looks at the machine of the space, and leaves it as it was. */
  readonly judge: () => Verdict;
  /** The same without a reason, which takes longer to find than the answer. */
  readonly holds: () => boolean;
  /** All fields that the verdict can depend on. */
  readonly reads: ReadonlySet<number>;
}

export interface Limits {
  /** Calls of a sequence. */
  readonly longest: number;
  /** Calls that are tried in all. */
  readonly tries: number;
  /** Asked now and then: true ends the search. */
  readonly isOver: () => boolean;
}

/** The moves from the start, and for each what it made: a reference, or NONE. */
export interface Path {
  readonly moves: readonly Move[];
  readonly results: readonly number[];
}

/** `none`: there is no sequence that short. */
export type Ending = "none" | "budget";

interface Node {
  readonly path: Path;
  /** Families up to this distance from the goal have been tried here. */
  tried: number;
  /** The things that have names here. */
  named: readonly number[] | null;
  /** The calls that could be made here, by family. */
  readonly moves: (readonly Move[])[];
  /** What is known to lead nowhere here, by family. */
  readonly refused: (Refused[] | undefined)[];
  readonly parent: Node | null;
  /** The fields that the last call wrote. */
  readonly wrote: ReadonlySet<number>;
  /** The same, and that of the kind of what it returned: a thing that was there may have got its first name. */
  readonly news: ReadonlySet<number>;
}

/** Calls of a family that have these arguments lead nowhere while none of these fields is written. */
interface Refused {
  readonly ground: Ground;
  readonly keys: Set<string>;
}

const CELL = 2 ** 20;
const EVERY = 32;
const ROOT: Path = { moves: [], results: [] };

/** Yields the ways of each length together, shortest first; the caller stops when it has enough. */
export function* search(
  space: Space,
  named: readonly number[],
  goal: Goal,
  limits: Limits,
): Generator<readonly Path[], Ending> {
  const { machine } = space;
  const births = birthsOf(machine, named);
  const distances = distancesOf(space.families, goal.reads);
  const none: ReadonlySet<number> = new Set();
  const wholes: Ground[] = [];
  const layers: Node[][] = [
    [{ path: ROOT, tried: 0, named: null, moves: [], refused: [], parent: null, wrote: none, news: none }],
  ];
  const seen = new Map<string, number>([[keyOf(ROOT), 0]]);
  let tries = 0;
  let over = false;

  for (let length = 1; length <= limits.longest && !over; length++) {
    const found: Path[] = [];
    const keys = new Set<string>();
    for (let depth = 0; depth < length - 1 && !over; depth++) {
      for (const node of layers[depth] ?? []) widen(node, length - depth);
    }
    for (const node of layers[length - 1] ?? []) finish(node, found, keys);
    rollBack(machine);
    // What is found when the budget ends is right, but perhaps not all of it.
    if (found.length > 0) yield found;
  }
  rollBack(machine);
  return over ? "budget" : "none";

  function spent(): boolean {
    over ||= ++tries > limits.tries || (tries % EVERY === 0 && limits.isOver());
    return over;
  }

  /** New states from calls at most `distance` steps away from mattering. */
  function widen(node: Node, distance: number): void {
    if (over || node.tried >= distance) return;
    const start = goTo(node.path);
    if (start === null) return;
    const depth = node.path.moves.length;
    space.families.forEach((family, i) => {
      const own = distances[i] ?? Number.POSITIVE_INFINITY;
      if (own <= node.tried || own > distance) return;
      for (const path of successors(node, i, family, start)) {
        const key = keyOf(path);
        const known = seen.get(key);
        if (known !== undefined && known <= depth + 1) continue;
        seen.set(key, depth + 1);
        const layer = layers[depth + 1] ?? [];
        layers[depth + 1] = layer;
        const wrote = written(start);
        const made = path.results.at(-1) ?? NONE;
        const news = made < 0 ? wrote : new Set([...wrote, kindAt(machine, kindOf(made)).alive]);
        layer.push({ path, tried: 0, named: null, moves: [], refused: [], parent: node, wrote, news });
      }
    });
    node.tried = distance;
  }

  /** Of those with the same outcome, the first. */
  function keep(path: Path, found: Path[], keys: Set<string>): void {
    const key = keyOf(path);
    if (!keys.has(key)) found.push(path);
    keys.add(key);
  }

  /** The last call has to change what stands between here and the goal. */
  function finish(node: Node, found: Path[], keys: Set<string>): void {
    if (over) return;
    const start = goTo(node.path);
    if (start === null) return;
    const verdict = goal.judge();
    if (verdict.holds) return;
    space.families.forEach((family, i) => {
      if (!meets(family.footprint.writes, verdict.fields)) return;
      const matters = (): boolean => touches(start, verdict.fields) && goal.holds();
      for (const path of successors(node, i, family, start, matters)) keep(path, found, keys);
    });
  }

  /** The machine stands behind each call while its path is out. Only those that `matter`, which is asked first. */
  function* successors(
    node: Node,
    index: number,
    family: Family,
    start: number,
    matters: () => boolean = () => true,
  ): Iterable<Path> {
    const { path: from } = node;
    const before = refusedAt(node, index);
    const refused = [...before];
    node.refused[index] = refused;
    for (const move of movesAt(node, index, family)) {
      if (refused.some(({ ground, keys }) => keys.has(keyOfMove(move, ground)))) continue;
      if (spent()) return;
      if (isRepeated(from, move)) continue;
      const done = space.perform(move);
      if (!done.ok || machine.journal.length === start) {
        const ground = groundAt(index, family, move, done.ok ? null : done.refusal);
        // What is known from before is of other nodes too.
        const same = refused.find((each, i) => i >= before.length && each.ground === ground);
        if (same === undefined) refused.push({ ground, keys: new Set([keyOfMove(move, ground)]) });
        else same.keys.add(keyOfMove(move, ground));
        continue;
      }
      if (matters() && space.isClean(start)) {
        const made = isReference(move) ? done.result : NONE;
        yield { moves: [...from.moves, move], results: [...from.results, made] };
      }
      rollBack(machine, start);
    }
  }

  /** On which a refusal stands; at worst on all that the call is about. */
  function groundAt(index: number, { footprint }: Family, move: Move, refusal: Refusal | null): Ground {
    const ground = refusal === null ? null : groundOf(machine.system, move, refusal);
    if (ground !== null) return ground;
    const { reads, writes } = footprint;
    const params = move.do === "open" ? [] : [...move.values.keys()];
    const whole = wholes[index] ?? { params, reads: new Set([...reads, ...writes]) };
    wholes[index] = whole;
    return whole;
  }

  /** What was refused in front of the last call still is, where that has not written what it depends on. */
  function refusedAt({ refused, parent, wrote }: Node, index: number): readonly Refused[] {
    const known = refused[index];
    if (known !== undefined || parent === null) return known ?? [];
    return refusedAt(parent, index).filter(({ ground }) => !meets(wrote, ground.reads));
  }

  /** The fields that the journal holds from `start` on. */
  function written(start: number): ReadonlySet<number> {
    const { journal } = machine;
    const fields = new Set<number>();
    for (let i = start; i < journal.length; i += 4) fields.add(journal[i] ?? -1);
    return fields;
  }

  /** Whether what the journal holds from `start` on is about one of these fields: asking the goal takes longer. */
  function touches(start: number, fields: ReadonlySet<number>): boolean {
    const { journal } = machine;
    for (let i = start; i < journal.length; i += 4) if (fields.has(journal[i] ?? -1)) return true;
    return false;
  }

  function goTo(path: Path): number | null {
    rollBack(machine);
    for (const move of path.moves) if (space.apply(move) === null) return null;
    return machine.journal.length;
  }

  /** Found while the machine stands at the node, for all in front of it where the choice is the same. */
  function movesAt(node: Node, index: number, { choosesBy, moves }: Family): readonly Move[] {
    let first = node;
    while (first.moves[index] === undefined && first.parent !== null && !meets(first.news, choosesBy))
      first = first.parent;
    const known = first.moves[index];
    if (known !== undefined) return known;
    node.named ??= namedIn(machine, named, births, node.path.results);
    const made = [...moves({ named: node.named })];
    first.moves[index] = made;
    return made;
  }

  /** What the journal holds is what is different here from the start. */
  function keyOf(path: Path): string {
    const { journal } = machine;
    const cells = new Map<number, number>();
    for (let i = 0; i < journal.length; i += 4) {
      const cell = (journal[i] ?? 0) * CELL + (journal[i + 1] ?? 0);
      if (!cells.has(cell)) cells.set(cell, journal[i + 2] ?? 0);
    }
    const changed: string[] = [];
    for (const [cell, old] of cells) {
      const now = column(machine, Math.floor(cell / CELL))[cell % CELL] ?? NONE;
      if (now !== old) changed.push(`${cell}=${now}`);
    }
    const gone = named.filter((ref) => cells.has(kindAt(machine, kindOf(ref)).alive * CELL + (ref % CELL)));
    const made = path.results.filter((ref) => ref >= 0);
    return `${changed.sort().join()};${gone.join()};${[...new Set(made)].sort().join()}`;
  }
}

const isReference = (move: Move): boolean => move.do === "open" || move.operation.result?.base === "value";

/** Among the calls of its family. */
function keyOfMove(move: Move, { params }: Ground): string {
  let key = String(move.task);
  if (move.do === "call") for (const param of params) key += `,${move.values[param]}`;
  return key;
}

/** The same thing opened once more, before anything was done with the first. */
function isRepeated(from: Path, move: Move): boolean {
  if (move.do !== "open") return false;
  const at = from.moves.findIndex((each) => each.do === "open" && each.opening === move.opening);
  return at !== -1 && !isUsed(from, at);
}

/** Whether a later call of the path takes what the call at `at` made. */
export function isUsed({ moves, results }: Path, at: number): boolean {
  const made = results[at];
  return moves.slice(at + 1).some(
    (move) =>
      move.do === "call" &&
      move.args.some((arg, i) => {
        const base = move.operation.params[i]?.type.base;
        return base === "value" ? arg.value === made : base === "set" ? true : arg.thing === made;
      }),
  );
}

/** By family: how many calls away from the goal one can be and still matter; 1 writes what the goal reads. */
function distancesOf(families: readonly Family[], reads: ReadonlySet<number>): number[] {
  const distances = families.map(() => Number.POSITIVE_INFINITY);
  let wanted: ReadonlySet<number> = reads;
  for (let distance = 1; wanted.size > 0; distance++) {
    const next = new Set<number>();
    const add = ({ reads: more }: Footprint): void => {
      for (const field of more) next.add(field);
    };
    families.forEach(({ footprint }, i) => {
      if (distances[i] !== Number.POSITIVE_INFINITY || !meets(footprint.writes, wanted)) return;
      distances[i] = distance;
      add(footprint);
    });
    wanted = next;
  }
  return distances;
}
