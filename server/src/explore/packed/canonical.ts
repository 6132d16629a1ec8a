// One state for all that differ only in which of several equal things is which: words to words. Things get colours that
// say what they are tied to; where colours tell all apart, or tie only what can be exchanged for sure, they say which
// place each thing takes. Where they do not, each of the tied is tried as the first one. Nothing is left to chance:
// colours that are equal by accident cost time only.
//
// The same in WebAssembly: wasm/canonical.ts.

import { factorial } from "./edges.ts";
import type { Edge, SymmetricKind, Symmetry } from "./symmetry.ts";

export interface Canonical {
  /** Rewrites the words in place; gives how many permutations leave the state as it is. */
  readonly settle: (words: Int32Array) => number;
  /** Whether something was tied in the state that was settled last. */
  readonly isTied: () => boolean;
  /** By thing, for the state that was settled last: what it is like. */
  readonly mark: (into: Uint8Array) => void;
}

/** Nothing is like it; it is the first of several, or tied to one of several; the one before it is the same. */
export const ALONE = 0;
export const TIED = 1;
export const AGAIN = 2;

/** The colour of a place where nothing lives; all others are natural numbers. */
export const DEAD = -1;

/** Rounds of mixing before one of the tied is tried. */
export const ROUNDS = 2;

export function createCanonical(symmetry: Symmetry): Canonical {
  const { things, kinds, edges, lists } = symmetry;
  // By number of kind, and of thing.
  const kindAt: SymmetricKind[] = [];
  const rowsOf: Int32Array[][] = [];
  const kindOf: SymmetricKind[] = [];
  for (const kind of kinds) {
    kindAt[kind.kind] = kind;
    rowsOf[kind.kind] = kind.strips.map(() => new Int32Array(things));
    for (let thing = kind.base; thing < kind.base + kind.count; thing++) kindOf[thing] = kind;
  }
  const colours = new Int32Array(symmetry.colours);
  const seeds = Int32Array.from(symmetry.seeds, (seed) => mix(seed + 1));
  /** By thing: where it goes. */
  const labels = Int32Array.from({ length: symmetry.colours }, (_, i) => i);
  /** By thing: 0 if it is alone, else the number of those that it is tied with. */
  const cells = new Int32Array(symmetry.colours);
  const counts = new Int32Array(symmetry.colours);
  const sums = new Int32Array(symmetry.colours);
  const orders = lists.map(({ places }) => Int32Array.from(places));
  const members: number[][] = [];
  /** By place: what goes there. */
  const origins = Int32Array.from({ length: things }, (_, i) => i);
  /** One of the tied had to be tried as the first. */
  let isTried = false;
  /** Tied things below which not all is tied, or 0. */
  let unequal = 0;
  /** By rank, by parent: the number of the list. */
  const below: number[][] = [];
  for (const [i, { parent, rank }] of lists.entries()) {
    below[rank] ??= [];
    (below[rank] ?? [])[parent] = i;
  }

  const row = (kind: number, strip: number, thing: number): number => rowsOf[kind]?.[strip]?.[thing] ?? 0;
  const isAlive = (thing: number): boolean => colours[thing] !== DEAD;

  const codeIn = ({ kind, strip, from, bits }: Edge, thing: number): number => {
    const own = row(kind, strip, thing) >>> from;
    return bits === 32 ? own : own & ((1 << bits) - 1);
  };
  /** The colour's number of what a thing refers to. */
  const targetOf = (edge: Edge, thing: number, base: number): number =>
    edge.constant !== null ? (edge.constant[thing - base] ?? 0) : (edge.colourOf[codeIn(edge, thing)] ?? 0);

  const read = (words: Int32Array): void => {
    colours.set(seeds);
    for (const { kind, base, count, strips, alive } of kinds) {
      for (const [number, { width, at }] of strips.entries()) {
        const into = rowsOf[kind]?.[number];
        if (into === undefined) continue;
        for (let place = 0; place < count; place++) {
          const { word, shift } = at[place] ?? { word: 0, shift: 0 };
          const own = (words[word] ?? 0) >>> shift;
          into[base + place] = width === 32 ? own : own & ((1 << width) - 1);
        }
      }
      for (let thing = base; thing < base + count; thing++) {
        let colour = seeds[thing] ?? 0;
        for (const [number, { plain }] of strips.entries())
          colour = mix(colour + (row(kind, number, thing) & plain));
        const isDead = alive !== null && ((row(kind, alive.strip, thing) >>> alive.bit) & 1) === 0;
        colours[thing] = isDead ? DEAD : colour;
      }
    }
  };

  const sweep = (): void => {
    for (const { edge: number, way } of symmetry.sweep) {
      const edge = edges[number];
      const kind = edge === undefined ? undefined : kindAt[edge.kind];
      if (edge === undefined || kind === undefined) continue;
      const { base, count } = kind;
      const salt = mix(number + 1);
      // What is read must not have changed yet: sums are added when all are there.
      for (let thing = base; thing < base + count; thing++) {
        if (!isAlive(thing)) continue;
        const given = mix((colours[thing] ?? 0) + salt);
        let sum = 0;
        if (edge.tasks === -1) {
          const target = targetOf(edge, thing, base);
          if (way === "up") sums[target] = (sums[target] ?? 0) + given;
          else sum = colours[target] ?? 0;
        } else {
          const tasks = targetOf(edge, thing, base);
          for (let bit = 0; bit < 31; bit++) {
            if (((tasks >>> bit) & 1) === 0) continue;
            const target = edge.tasks + bit;
            if (way === "up") sums[target] = (sums[target] ?? 0) + given;
            else sum = (sum + mix((colours[target] ?? 0) + salt)) | 0;
          }
        }
        if (way === "down") sums[thing] = mix(sum + salt);
      }
      if (way === "down") add(kind);
      else for (const target of edge.targets) add(kindAt[target]);
    }
  };
  const add = (kind: SymmetricKind | undefined): void => {
    if (kind === undefined) return;
    for (let thing = kind.base; thing < kind.base + kind.count; thing++) {
      if (isAlive(thing) && sums[thing] !== 0)
        colours[thing] = mix((colours[thing] ?? 0) + (sums[thing] ?? 0));
      sums[thing] = 0;
    }
  };

  /** Puts the things of each list in order and says where each goes; finds out who is tied with whom. */
  const arrange = (): void => {
    members.length = 1;
    members[0] = [];
    unequal = 0;
    for (const [number, target] of lists.entries()) {
      const kind = kindAt[target.kind];
      // What goes to the places of this list: in the order of where things go, which is the same for all equal states.
      const parent = target.parent === -1 ? -1 : (origins[target.parent] ?? 0);
      const order = orders[number];
      const own = parent === -1 ? target : lists[below[target.rank]?.[parent] ?? -1];
      if (kind === undefined || order === undefined || own === undefined) continue;
      order.set(own.places);
      sortBy(order, (a, b) => before(a, b));
      const ahead = parent === -1 ? 0 : (cells[parent] ?? 0);
      const first = ahead === 0 ? parent : (members[ahead]?.[0] ?? parent);
      const start = members.length;
      if (first !== parent) {
        // The first of the tied parents has been here: its children are tied with those of the others.
        const model = orders[below[target.rank]?.[labels[first] ?? 0] ?? -1] ?? order;
        for (let i = 0; i < order.length; i++) {
          const [thing, other] = [order[i] ?? 0, model[i] ?? 0];
          if (colours[thing] !== colours[other] && unequal === 0) unequal = ahead;
          tie(thing, cells[other] ?? 0);
        }
      } else {
        for (let i = 0; i < order.length; i++) {
          const thing = order[i] ?? 0;
          const isFirst = i === 0 || !isSame(order[i - 1] ?? 0, thing);
          const isTied =
            ahead !== 0 || !isFirst || (i + 1 < order.length && isSame(thing, order[i + 1] ?? 0));
          if (!isTied || !isAlive(thing)) cells[thing] = 0;
          else tie(thing, isFirst ? members.push([]) - 1 : (cells[order[i - 1] ?? 0] ?? 0));
        }
      }
      if (members.length > start && byParent(kind, order)) {
        for (let cell = start; cell < members.length; cell++) members[cell] = [];
        for (const thing of order) if ((cells[thing] ?? 0) >= start) tie(thing, cells[thing] ?? 0);
      }
      for (let i = 0; i < order.length; i++) {
        const [thing, place] = [order[i] ?? 0, target.places[i] ?? 0];
        labels[thing] = place;
        origins[place] = thing;
      }
    }
  };
  const tie = (thing: number, cell: number): void => {
    cells[thing] = cell;
    members[cell]?.push(thing);
  };
  /** Those that do not live come last. */
  const before = (a: number, b: number): boolean => (colours[a] ?? 0) >>> 0 < (colours[b] ?? 0) >>> 0;
  const isSame = (a: number, b: number): boolean => colours[a] === colours[b];

  /** Those that are tied stand in the order of what they refer to. */
  const byParent = (kind: SymmetricKind, order: Int32Array): boolean => {
    let isMoved = false;
    for (const number of kind.edges) {
      const edge = edges[number];
      if (edge === undefined || edge.constant !== null || edge.tasks !== -1 || !edge.isUpward) continue;
      sortBy(order, (a, b) => {
        if ((cells[a] ?? 0) === 0 || cells[a] !== cells[b]) return false;
        const isBefore =
          (labels[targetOf(edge, a, kind.base)] ?? 0) < (labels[targetOf(edge, b, kind.base)] ?? 0);
        isMoved ||= isBefore;
        return isBefore;
      });
    }
    return isMoved;
  };

  /**
   * The cell of which one has to be tried as the first; 0: what is tied can be exchanged. For that, all of a cell must
   * be tied to the same, or evenly to all of one other cell, by one edge; and nothing else may refer to one of the tied.
   */
  const doubtful = (): number => {
    if (unequal !== 0) return unequal;
    let least = 0;
    for (const kind of kinds)
      for (let thing = kind.base; thing < kind.base + kind.count; thing++)
        if (cells[thing] === 0 && isAlive(thing)) least = lesser(least, tiedTo(kind, thing, -1));
    for (let cell = 1; cell < members.length && least === 0; cell++) least = doubtIn(cell);
    return least;
  };
  /** The first cell that a thing refers to by other edges than the one left out; 0: none. */
  const tiedTo = (kind: SymmetricKind, thing: number, leftOut: number): number => {
    let least = 0;
    for (const number of kind.edges) {
      const edge = edges[number];
      if (edge === undefined || number === leftOut) continue;
      const target = targetOf(edge, thing, kind.base);
      if (edge.tasks === -1) least = lesser(least, cells[target] ?? 0);
      else
        for (let bit = 0; bit < 31; bit++)
          if (((target >>> bit) & 1) === 1) least = lesser(least, cells[edge.tasks + bit] ?? 0);
    }
    return least;
  };
  const doubtIn = (cell: number): number => {
    const all = members[cell] ?? [];
    const [first = 0] = all;
    const kind = kindOf[first];
    if (kind === undefined) return cell;
    let moving = -1;
    for (const number of kind.edges) {
      const edge = edges[number];
      if (edge === undefined) continue;
      const target = targetOf(edge, first, kind.base);
      if (all.every((thing) => targetOf(edge, thing, kind.base) === target)) continue;
      if (moving !== -1 || edge.tasks !== -1 || !edge.isUpward) return firstTied(edge, all, kind.base, cell);
      moving = number;
    }
    const edge = edges[moving];
    let least = 0;
    for (const thing of all) least = lesser(least, tiedTo(kind, thing, moving));
    if (least !== 0) return least;
    if (!all.every((thing) => isPlainlySame(kind, first, thing))) return cell;
    if (edge === undefined) return 0;
    const targets = cells[targetOf(edge, first, kind.base)] ?? 0;
    const referred = members[targets] ?? [];
    let isEven = targets !== 0 && all.length % referred.length === 0;
    for (const thing of all) {
      const target = targetOf(edge, thing, kind.base);
      isEven &&= cells[target] === targets;
      counts[target] = (counts[target] ?? 0) + 1;
    }
    for (const thing of referred) isEven &&= counts[thing] === all.length / referred.length;
    for (const thing of all) counts[targetOf(edge, thing, kind.base)] = 0;
    return isEven ? 0 : firstTied(edge, all, kind.base, cell);
  };
  /** The first cell of what is referred to, or else the cell itself. */
  const firstTied = (edge: Edge, all: readonly number[], base: number, cell: number): number => {
    let least = 0;
    if (edge.tasks === -1)
      for (const thing of all) least = lesser(least, cells[targetOf(edge, thing, base)] ?? 0);
    return least === 0 ? cell : least;
  };
  const isTiedToSame = ({ edges: own, base }: SymmetricKind, a: number, b: number): boolean =>
    own.every((number) => {
      const edge = edges[number];
      return edge === undefined || targetOf(edge, a, base) === targetOf(edge, b, base);
    });
  const isPlainlySame = ({ kind, strips }: SymmetricKind, a: number, b: number): boolean =>
    strips.every(({ plain }, strip) => ((row(kind, strip, a) ^ row(kind, strip, b)) & plain) === 0);

  const write = (words: Int32Array): void => {
    for (const kind of kinds) {
      for (const [number, { width, dead, plain, at }] of kind.strips.entries()) {
        const mask = width === 32 ? -1 : (1 << width) - 1;
        for (let thing = kind.base; thing < kind.base + kind.count; thing++) {
          let own = dead;
          if (isAlive(thing)) {
            own = row(kind.kind, number, thing) & plain;
            for (const index of kind.edges) {
              const edge = edges[index];
              if (edge?.constant === null && edge.strip === number)
                own |= relabelled(edge, thing) << edge.from;
            }
          }
          const { word, shift } = at[(labels[thing] ?? 0) - kind.base] ?? { word: 0, shift: 0 };
          words[word] = ((words[word] ?? 0) & ~(mask << shift)) | (own << shift);
        }
      }
    }
  };
  const relabelled = (edge: Edge, thing: number): number => {
    const code = codeIn(edge, thing);
    const target = edge.colourOf[code] ?? 0;
    if (edge.tasks === -1) return target < things ? (edge.codeOf[labels[target] ?? 0] ?? 0) : code;
    let moved = 0;
    for (let bit = 0; bit < 31; bit++)
      if (((target >>> bit) & 1) === 1) moved |= 1 << ((labels[edge.tasks + bit] ?? 0) - edge.tasks);
    return edge.colourOf.indexOf(moved);
  };

  /** How many permutations there are of what is tied, and of the places where nothing lives. */
  const exchanges = (): number => {
    let all = 1;
    for (const { places } of lists) {
      let dead = 0;
      for (const thing of places) if (!isAlive(thing)) dead++;
      all *= factorial(dead);
    }
    for (let cell = 1; cell < members.length; cell++) {
      const tied = members[cell] ?? [];
      const [first = 0] = tied;
      const kind = kindOf[first];
      let share = tied.length;
      for (const number of kind?.edges ?? []) {
        const edge = edges[number];
        if (edge === undefined || edge.tasks !== -1 || kind === undefined) continue;
        const targets = members[cells[targetOf(edge, first, kind.base)] ?? 0] ?? [];
        if (targets.length > 0) share = tied.length / targets.length;
      }
      all *= factorial(share) ** (tied.length / share);
    }
    return all;
  };

  /** Colours are as mixed as they are; words come out. */
  const finish = (words: Int32Array): number => {
    arrange();
    let cell = doubtful();
    for (let round = 1; round < ROUNDS && cell !== 0; round++) {
      sweep();
      arrange();
      cell = doubtful();
    }
    if (cell === 0) {
      write(words);
      return exchanges();
    }
    isTried = true;
    const mixed = colours.slice();
    const tied = [...(members[cell] ?? [])];
    const own = new Int32Array(words);
    let least: Int32Array | null = null;
    let count = 0;
    for (const thing of tied) {
      colours.set(mixed);
      colours[thing] = mix((colours[thing] ?? 0) + FIRST);
      own.set(words);
      sweep();
      const exchanged = finish(own);
      const order = least === null ? -1 : compare(own, least);
      if (order === 0) count += exchanged;
      if (order >= 0) continue;
      least = own.slice();
      count = exchanged;
    }
    if (least !== null) words.set(least);
    return count;
  };

  return {
    settle(words) {
      isTried = false;
      read(words);
      sweep();
      return finish(words);
    },
    isTied: () => isTried || members.length > 1,
    mark(into) {
      into.fill(ALONE);
      for (let cell = 1; cell < members.length; cell++) {
        let last = -1;
        for (const thing of members[cell] ?? []) {
          const kind = kindOf[thing];
          const isAgain = last !== -1 && kind !== undefined && isTiedToSame(kind, last, thing);
          into[thing] = isAgain ? AGAIN : TIED;
          last = thing;
        }
      }
    },
  };
}

/** The colour of the one that is tried as the first. */
export const FIRST = 0x2545f491;

/** Of two cells the first; 0 is none. */
const lesser = (a: number, b: number): number => (a === 0 || (b !== 0 && b < a) ? b : a);

export function mix(value: number): number {
  const mixed = Math.imul(value ^ (value >>> 16), 0x9e3779b1);
  return (mixed ^ (mixed >>> 15)) >>> 1;
}

/** By insertion, as there are few; `isBefore` need not order those that it does not compare. */
function sortBy(order: Int32Array, isBefore: (a: number, b: number) => boolean): void {
  for (let i = 1; i < order.length; i++) {
    const thing = order[i] ?? 0;
    let at = i;
    while (at > 0 && isBefore(thing, order[at - 1] ?? 0)) {
      order[at] = order[at - 1] ?? 0;
      at--;
    }
    order[at] = thing;
  }
}

function compare(a: Int32Array, b: Int32Array): number {
  for (let i = 0; i < a.length; i++) {
    const order = (a[i] ?? 0) - (b[i] ?? 0);
    if (order !== 0) return order;
  }
  return 0;
}
