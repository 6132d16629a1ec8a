// Which things can change places without making a difference: hardware of equal facts, tasks, and the places of files
// and objects. Found once for a program; what it means for a state is in canonical.ts.

import type { Program } from "../program.ts";
import { describe } from "./edges.ts";
import type { Layout } from "./layout.ts";
import { hostsOf, listsOf } from "./movable.ts";

/** Up to 32 bits of the rows of a kind: a part, or half of a wide one. */
export interface Strip {
  readonly width: number;
  /** The bits that name nothing that can change places. */
  readonly plain: number;
  /** Of a place where nothing lives. */
  readonly dead: number;
  readonly at: readonly { readonly word: number; readonly shift: number }[];
}

/** A column that refers to things that can change places. */
export interface Edge {
  readonly kind: number;
  readonly strip: number;
  readonly from: number;
  readonly bits: number;
  /** By code: the colour's number of what it stands for: a thing's, or one of its own for any other value. */
  readonly colourOf: readonly number[];
  /** By number of a thing: its code in this column, or -1. */
  readonly codeOf: readonly number[];
  /** The codes are sets of tasks, which begin at this thing; -1: they are not. */
  readonly tasks: number;
  /** For columns that never change: by place, the colour's number; the row does not hold it. */
  readonly constant: readonly number[] | null;
  /** The kinds of what it refers to, as far as they can change places. */
  readonly targets: readonly number[];
  /** It refers to things that are labelled before those of its own kind. */
  readonly isUpward: boolean;
}

export interface SymmetricKind {
  readonly kind: number;
  readonly base: number;
  readonly count: number;
  readonly strips: readonly Strip[];
  /** Numbers of edges. */
  readonly edges: readonly number[];
  /** The bit that says whether something lives there; null for hardware. */
  readonly alive: { readonly strip: number; readonly bit: number } | null;
}

/** Places that can be permuted; a list below a thing goes where that thing goes. */
export interface List {
  readonly kind: number;
  readonly places: readonly number[];
  /** The thing it is below, or -1, and which of its lists it is. */
  readonly parent: number;
  readonly rank: number;
}

export interface Symmetry {
  /** Things have numbers below this. */
  readonly things: number;
  /** Colours: of things, then of values that are none. */
  readonly colours: number;
  /** What tells things apart from the start. */
  readonly seeds: readonly number[];
  readonly kinds: readonly SymmetricKind[];
  readonly edges: readonly Edge[];
  /** Those above come first. */
  readonly lists: readonly List[];
  /** Edges in the order in which colours are mixed. */
  readonly sweep: readonly { readonly edge: number; readonly way: "down" | "up" }[];
  /** How many permutations there are. */
  readonly size: number;
  /** The kinds whose order may decide something, as none of their places can move, as bits. */
  readonly ordered: number;
}

/** Null: nothing can change places. `lost` are kinds whose order was found to matter, as bits. */
export function symmetryOf(program: Program, layout: Layout, lost: number): Symmetry | null {
  const fixedKinds = new Set<number>();
  for (const [kind, places] of program.places.entries())
    if (((lost >>> kind) & 1) === 1 || !isUniformAtBoot(program, kind, places.sort)) fixedKinds.add(kind);
  const hosts = hostsOf(program);
  const named = new Set(program.named.map((thing) => hosts[thing] ?? thing));
  for (;;) {
    for (const kind of [...fixedKinds]) fixedKinds.add(homeOf(program, kind));
    const fixed = { kinds: fixedKinds, things: named };
    const lists = listsOf(program, fixed);
    if (lists.length === 0) return null;
    const broken = unclosedKinds(program, lists);
    if (broken.size === 0) {
      const movable = new Set(lists.map(({ kind }) => kind));
      const ordered = program.places.reduce(
        (bits, _, kind) => (movable.has(homeOf(program, kind)) ? bits : bits | (1 << kind)),
        0,
      );
      const symmetry = describe(program, layout, lists);
      return symmetry === null ? null : { ...symmetry, ordered };
    }
    for (const kind of broken) fixedKinds.add(kind);
  }
}

/** The kind whose places those of a kind go with. */
const homeOf = ({ places }: Program, kind: number): number => {
  const { home = -1 } = places[kind] ?? {};
  return home === -1 ? kind : home;
};

/** Nothing of a kind of files or objects lives at boot, and hardware has no state that names other hardware. */
function isUniformAtBoot({ columns, places, initial }: Program, kind: number, sort: string): boolean {
  const { count = 0 } = places[kind] ?? {};
  return columns.every(({ kind: own, role, holds, start, initial: dead }) => {
    if (own !== kind || role !== "state") return true;
    const cells = initial.slice(start, start + count);
    if (sort !== "hardware") return cells.every((cell) => cell === dead);
    return holds === "plain" || cells.every((cell) => cell < 0 || holds === "tasks");
  });
}

// ---------------------------------------------------------------- whether calls follow

/** The things that go with a thing to the place of another one of its list, as pairs. */
export function* carried(
  lists: readonly List[],
  one: number,
  other: number,
): Iterable<readonly [number, number]> {
  yield [one, other];
  for (const list of lists) {
    if (list.parent !== one) continue;
    const target = lists.find(({ parent, rank }) => parent === other && rank === list.rank);
    for (const [i, thing] of list.places.entries()) yield* carried(lists, thing, target?.places[i] ?? thing);
  }
}

/** The kinds of which some exchange leads from a call that is tried to one that is not. */
function unclosedKinds(program: Program, lists: readonly List[]): ReadonlySet<number> {
  const kinds = new Set<number>();
  const known = new Set(program.calls.map(({ fn, args }) => `${fn} ${args.join()}`));
  const taskBase = program.places.find(({ kind }) => kind === "task")?.base ?? 0;
  const hosts = hostsOf(program);
  for (const list of lists) {
    for (let i = 1; i < list.places.length; i++) {
      const exchange = new Map<number, number>();
      for (const [a, b] of carried(lists, list.places[i - 1] ?? -1, list.places[i] ?? -1)) {
        exchange.set(a, b).set(b, a);
        for (const [guest, host] of hosts.entries())
          if (host === a && guest !== a) exchange.set(guest, guest - a + b).set(guest - a + b, guest);
      }
      const moved = (call: Program["calls"][number]): readonly number[] =>
        call.args.map((arg, at) => {
          if (call.holds[at] === "thing") return exchange.get(arg) ?? arg;
          return call.holds[at] === "tasks" ? movedTasks(arg, taskBase, exchange) : arg;
        });
      const isClosed = program.calls.every((call) => {
        const args = moved(call);
        return args.every((arg, at) => arg === call.args[at]) || known.has(`${call.fn} ${args.join()}`);
      });
      if (!isClosed) kinds.add(list.kind);
    }
  }
  return kinds;
}

/**
 * By call: the things among its arguments. Where one of them is the same as another thing, and all others are alone, the
 * call does the same as that with the other one, and one of the two is enough. Null: it has to be tried always.
 */
export function argumentsOf(program: Program): readonly (readonly number[] | null)[] {
  const hosts = hostsOf(program);
  return program.calls.map(({ args, holds }) => {
    if (holds.includes("tasks")) return null;
    const things = args.filter((arg, at) => holds[at] === "thing" && arg >= 0);
    return [...new Set(things.map((thing) => hosts[thing] ?? thing))];
  });
}

export function movedTasks(tasks: number, base: number, to: ReadonlyMap<number, number>): number {
  let moved = 0;
  for (let bit = 0; bit < 31; bit++)
    if (((tasks >>> bit) & 1) === 1) moved |= 1 << ((to.get(base + bit) ?? base + bit) - base);
  return moved;
}
