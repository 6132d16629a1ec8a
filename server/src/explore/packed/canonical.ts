// One state for all that differ only in which of several equal things is which: words to words. Things get colours that
// say what they are tied to; where colours tell all apart, or tie only what can be exchanged for sure, they say which
// place each thing takes. Where they do not, each of the tied is tried as the first one. Nothing is left to chance:
// colours that are equal by accident cost time only.
//
// The same in WebAssembly: wasm/canonical.ts.

import { factorial } from "./edges.ts";
import { AGAIN, marksOf, TIED } from "./marks.ts";
import { describe, type Kind, mix, type Reference, targetOf } from "./references.ts";
import type { Symmetry } from "./symmetry.ts";

export interface Canonical {
  /** Rewrites the words in place; gives how many permutations leave the state as it is. */
  readonly settle: (words: Int32Array) => number;
  /** Writes the marks of the state that was settled last. */
  readonly mark: (into: Int32Array, start: number) => void;
}

/** The colour of a place where nothing lives; all others are natural numbers. */
export const DEAD = -1;

/** Rounds of mixing before one of the tied is tried. */
export const ROUNDS = 2;

export function createCanonical(symmetry: Symmetry): Canonical {
  const { things, lists } = symmetry;
  const marks = marksOf(symmetry);
  const { kinds, references } = describe(symmetry);
  const kindOf: Kind[] = [];
  for (const kind of kinds) for (let thing = kind.base; thing < kind.end; thing++) kindOf[thing] = kind;
  const colours = new Int32Array(symmetry.colours);
  const seeds = Int32Array.from(symmetry.seeds, (seed) => mix(seed + 1));
  const passes = symmetry.sweep.flatMap(({ edge, way }) => {
    const reference = references[edge];
    if (reference === undefined) return [];
    const { kind: source, targets } = reference.edge;
    const sources = kinds.filter(({ kind }) => kind === source);
    return [
      {
        reference,
        way,
        sources,
        changed: way === "up" ? kinds.filter(({ kind }) => targets.includes(kind)) : sources,
      },
    ];
  });
  /** By thing: where it goes. */
  const labels = Int32Array.from({ length: symmetry.colours }, (_, i) => i);
  /** By thing: 0 if it is alone, else the number of those that it is tied with. */
  const cells = new Int32Array(symmetry.colours);
  const counts = new Int32Array(symmetry.colours);
  const sums = new Int32Array(symmetry.colours);
  const orders = lists.map(({ places }) => Int32Array.from(places));
  const placesOf = lists.map(({ places }) => Int32Array.from(places));
  const listKinds = lists.map(({ places }) => kindOf[places[0] ?? -1]);
  /** By cell, from 1 on: how many things are tied, and which. */
  const sizes = new Int32Array(things + 2);
  const members = new Int32Array((things + 2) * things);
  let cellCount = 0;
  /** By place: what goes there. */
  const origins = Int32Array.from({ length: things }, (_, i) => i);
  /** Those that were tried as the first, one inside the other, and the places that they went to. */
  const tried: number[] = [];
  const went: number[] = [];
  /** Tied things below which not all is tied, or 0. */
  let unequal = 0;
  /** By rank, by parent: the number of the list. */
  const below: number[][] = [];
  for (const [i, { parent, rank }] of lists.entries()) {
    below[rank] ??= [];
    (below[rank] ?? [])[parent] = i;
  }
  const isAlive = (thing: number): boolean => colours[thing] !== DEAD;
  const member = (cell: number, i: number): number => members[cell * things + i] ?? 0;
  const sizeOf = (cell: number): number => sizes[cell] ?? 0;

  const read = (words: Int32Array): void => {
    colours.set(seeds);
    for (const { base, end, strips, alive } of kinds) {
      for (const { rows, words: at, shifts, mask, plain } of strips) {
        for (let thing = base; thing < end; thing++) {
          const own = ((words[at[thing - base] ?? 0] ?? 0) >>> (shifts[thing - base] ?? 0)) & mask;
          rows[thing] = own;
          colours[thing] = mix((colours[thing] ?? 0) + (own & plain));
        }
      }
      const living = alive === null ? undefined : strips[alive.strip]?.rows;
      if (alive === null || living === undefined) continue;
      for (let thing = base; thing < end; thing++)
        if ((((living[thing] ?? 0) >>> alive.bit) & 1) === 0) colours[thing] = DEAD;
    }
  };

  const sweep = (): void => {
    for (const { reference, way, sources, changed } of passes) {
      const { rows, from, mask, meaning, salt, tasks } = reference;
      const isUp = way === "up";
      // What is read must not have changed yet: sums are added when all are there.
      for (const { base, end } of sources) {
        for (let thing = base; thing < end; thing++) {
          const colour = colours[thing] ?? 0;
          if (colour === DEAD) continue;
          const target = meaning[((rows[thing] ?? 0) >>> from) & mask] ?? 0;
          if (tasks !== -1) sweepTasks(reference, isUp, thing, target);
          else if (isUp) sums[target] = (sums[target] ?? 0) + mix(colour + salt);
          else sums[thing] = mix((colours[target] ?? 0) + salt);
        }
      }
      for (const { base, end } of changed) {
        for (let thing = base; thing < end; thing++) {
          const sum = sums[thing] ?? 0;
          const colour = colours[thing] ?? 0;
          if (colour !== DEAD && sum !== 0) colours[thing] = mix(colour + sum);
          sums[thing] = 0;
        }
      }
    }
  };
  const sweepTasks = ({ tasks, salt }: Reference, isUp: boolean, thing: number, set: number): void => {
    const given = mix((colours[thing] ?? 0) + salt);
    let sum = 0;
    for (let bit = 0; bit < 31; bit++) {
      if (((set >>> bit) & 1) === 0) continue;
      const target = tasks + bit;
      if (isUp) sums[target] = (sums[target] ?? 0) + given;
      else sum = (sum + mix((colours[target] ?? 0) + salt)) | 0;
    }
    if (!isUp) sums[thing] = mix(sum + salt);
  };

  /** Puts the things of each list in order and says where each goes; finds out who is tied with whom. */
  const arrange = (): void => {
    cellCount = 0;
    unequal = 0;
    for (let number = 0; number < lists.length; number++) {
      const target = lists[number];
      const kind = listKinds[number];
      const order = orders[number];
      const places = placesOf[number];
      if (target === undefined || kind === undefined || order === undefined || places === undefined) continue;
      // What goes to the places of this list: in the order of where things go, which is the same for all equal states.
      const parent = target.parent === -1 ? -1 : (origins[target.parent] ?? 0);
      const own = parent === -1 ? places : placesOf[below[target.rank]?.[parent] ?? -1];
      if (own === undefined) continue;
      order.set(own);
      sortByColour(order);
      const ahead = parent === -1 ? 0 : (cells[parent] ?? 0);
      const first = ahead === 0 ? parent : member(ahead, 0);
      const start = cellCount;
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
          const colour = colours[thing];
          const isFirst = i === 0 || colours[order[i - 1] ?? 0] !== colour;
          const isTied =
            ahead !== 0 || !isFirst || (i + 1 < order.length && colours[order[i + 1] ?? 0] === colour);
          if (!isTied || !isAlive(thing)) cells[thing] = 0;
          else {
            if (isFirst) sizes[++cellCount] = 0;
            tie(thing, isFirst ? cellCount : (cells[order[i - 1] ?? 0] ?? 0));
          }
        }
      }
      if (cellCount > start && sortByParent(kind, order)) {
        for (let cell = start + 1; cell <= cellCount; cell++) sizes[cell] = 0;
        for (let i = 0; i < order.length; i++) {
          const thing = order[i] ?? 0;
          if ((cells[thing] ?? 0) > start) tie(thing, cells[thing] ?? 0);
        }
      }
      for (let i = 0; i < order.length; i++) {
        const [thing, place] = [order[i] ?? 0, places[i] ?? 0];
        labels[thing] = place;
        origins[place] = thing;
      }
    }
  };
  const tie = (thing: number, cell: number): void => {
    cells[thing] = cell;
    if (cell === 0) return;
    const size = sizes[cell] ?? 0;
    members[cell * things + size] = thing;
    sizes[cell] = size + 1;
  };
  /** By insertion, as there are few. Those that do not live come last. */
  const sortByColour = (order: Int32Array): void => {
    for (let i = 1; i < order.length; i++) {
      const thing = order[i] ?? 0;
      const colour = (colours[thing] ?? 0) >>> 0;
      let at = i;
      for (; at > 0 && colour < (colours[order[at - 1] ?? 0] ?? 0) >>> 0; at--)
        order[at] = order[at - 1] ?? 0;
      order[at] = thing;
    }
  };
  /** Those that are tied stand in the order of what they refer to. Whether any moved. */
  const sortByParent = (kind: Kind, order: Int32Array): boolean => {
    let isMoved = false;
    for (const reference of kind.references) {
      const { edge, tasks } = reference;
      if (edge.constant !== null || tasks !== -1 || !edge.isUpward) continue;
      for (let i = 1; i < order.length; i++) {
        const thing = order[i] ?? 0;
        const cell = cells[thing] ?? 0;
        if (cell === 0) continue;
        const label = labels[targetOf(reference, thing)] ?? 0;
        let at = i;
        for (; at > 0; at--) {
          const other = order[at - 1] ?? 0;
          if (cells[other] !== cell || label >= (labels[targetOf(reference, other)] ?? 0)) break;
          order[at] = other;
          isMoved = true;
        }
        order[at] = thing;
      }
    }
    return isMoved;
  };

  /**
   * The cell of which one has to be tried as the first; 0: what is tied can be exchanged. For that, all of a cell must
   * be tied to the same, or evenly to all of one other cell, by one edge; and nothing else may refer to one of the tied.
   */
  const doubtful = (): number => {
    if (unequal !== 0 || cellCount === 0) return unequal;
    let least = 0;
    for (const kind of kinds)
      for (let thing = kind.base; thing < kind.end; thing++)
        if (cells[thing] === 0 && isAlive(thing)) least = lesser(least, tiedTo(kind, thing, null));
    for (let cell = 1; cell <= cellCount && least === 0; cell++) least = doubtIn(cell);
    return least;
  };
  /** The first cell that a thing refers to in other ways than the one left out; 0: none. */
  const tiedTo = (kind: Kind, thing: number, leftOut: Reference | null): number => {
    let least = 0;
    for (const reference of kind.references) {
      if (reference === leftOut) continue;
      const target = targetOf(reference, thing);
      const { tasks } = reference;
      if (tasks === -1) least = lesser(least, cells[target] ?? 0);
      else
        for (let bit = 0; bit < 31; bit++)
          if (((target >>> bit) & 1) === 1) least = lesser(least, cells[tasks + bit] ?? 0);
    }
    return least;
  };
  const doubtIn = (cell: number): number => {
    const first = member(cell, 0);
    const size = sizeOf(cell);
    const kind = kindOf[first];
    if (kind === undefined) return cell;
    let moving: Reference | null = null;
    for (const reference of kind.references) {
      if (isSameFor(reference, cell)) continue;
      if (moving !== null || reference.tasks !== -1 || !reference.edge.isUpward)
        return firstTied(reference, cell);
      moving = reference;
    }
    let least = 0;
    for (let i = 0; i < size; i++) least = lesser(least, tiedTo(kind, member(cell, i), moving));
    if (least !== 0) return least;
    for (let i = 1; i < size; i++) if (!isPlainlySame(kind, first, member(cell, i))) return cell;
    if (moving === null) return 0;
    const targets = cells[targetOf(moving, first)] ?? 0;
    const referred = sizeOf(targets);
    let isEven = targets !== 0 && size % referred === 0;
    for (let i = 0; i < size; i++) {
      const target = targetOf(moving, member(cell, i));
      isEven &&= cells[target] === targets;
      counts[target] = (counts[target] ?? 0) + 1;
    }
    if (isEven) for (let i = 0; i < referred; i++) isEven &&= counts[member(targets, i)] === size / referred;
    for (let i = 0; i < size; i++) counts[targetOf(moving, member(cell, i))] = 0;
    return isEven ? 0 : firstTied(moving, cell);
  };
  const isSameFor = (reference: Reference, cell: number): boolean => {
    const target = targetOf(reference, member(cell, 0));
    for (let i = 1; i < sizeOf(cell); i++) if (targetOf(reference, member(cell, i)) !== target) return false;
    return true;
  };
  /** The first cell of what is referred to, or else the cell itself. */
  const firstTied = (reference: Reference, cell: number): number => {
    let least = 0;
    if (reference.tasks === -1)
      for (let i = 0; i < sizeOf(cell); i++)
        least = lesser(least, cells[targetOf(reference, member(cell, i))] ?? 0);
    return least === 0 ? cell : least;
  };
  const isTiedToSame = (kind: Kind, a: number, b: number): boolean =>
    kind.references.every((reference) => targetOf(reference, a) === targetOf(reference, b));
  const isPlainlySame = ({ strips }: Kind, a: number, b: number): boolean =>
    strips.every(({ rows, plain }) => (((rows[a] ?? 0) ^ (rows[b] ?? 0)) & plain) === 0);

  const write = (words: Int32Array): void => {
    for (const { base, end, strips } of kinds) {
      for (const { rows, words: at, shifts, mask, plain, dead, references: own } of strips) {
        for (let thing = base; thing < end; thing++) {
          let row = dead;
          if (isAlive(thing)) {
            row = (rows[thing] ?? 0) & plain;
            for (const reference of own) row |= relabelled(reference, thing) << reference.from;
          }
          const place = (labels[thing] ?? 0) - base;
          const [word, shift] = [at[place] ?? 0, shifts[place] ?? 0];
          words[word] = ((words[word] ?? 0) & ~(mask << shift)) | (row << shift);
        }
      }
    }
  };
  const relabelled = (reference: Reference, thing: number): number => {
    const { rows, from, mask, meaning, tasks, edge } = reference;
    const code = ((rows[thing] ?? 0) >>> from) & mask;
    const target = meaning[code] ?? 0;
    if (tasks === -1) return target < things ? (edge.codeOf[labels[target] ?? 0] ?? 0) : code;
    let moved = 0;
    for (let bit = 0; bit < 31; bit++)
      if (((target >>> bit) & 1) === 1) moved |= 1 << ((labels[tasks + bit] ?? 0) - tasks);
    return edge.colourOf.indexOf(moved);
  };

  /** How many permutations there are of what is tied, and of the places where nothing lives. */
  const exchanges = (): number => {
    let all = 1;
    for (const places of placesOf) {
      let dead = 0;
      for (let i = 0; i < places.length; i++) if (!isAlive(places[i] ?? 0)) dead++;
      all *= factorial(dead);
    }
    for (let cell = 1; cell <= cellCount; cell++) {
      const first = member(cell, 0);
      const size = sizeOf(cell);
      let share = size;
      for (const reference of kindOf[first]?.references ?? []) {
        const targets = reference.tasks === -1 ? sizeOf(cells[targetOf(reference, first)] ?? 0) : 0;
        if (targets > 0) share = size / targets;
      }
      all *= factorial(share) ** (size / share);
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
    const depth = tried.length;
    if (cell === 0) {
      write(words);
      for (const [i, thing] of tried.entries()) went[i] = labels[thing] ?? 0;
      return exchanges();
    }
    const mixed = colours.slice();
    const tied = Array.from({ length: sizeOf(cell) }, (_, i) => member(cell, i));
    const own = new Int32Array(words);
    let least: Int32Array | null = null;
    let leastWent: readonly number[] = [];
    let count = 0;
    for (const thing of tied) {
      colours.set(mixed);
      colours[thing] = mix((colours[thing] ?? 0) + FIRST);
      own.set(words);
      sweep();
      tried[depth] = thing;
      const exchanged = finish(own);
      tried.length = depth;
      // The same words are the same state; it takes the same places of those that were tried to be an exchange as well.
      const order = least === null ? -1 : compare(own, least) || compare(went.slice(0, depth + 1), leastWent);
      if (order === 0) count += exchanged;
      if (order >= 0) continue;
      least = own.slice();
      leastWent = went.slice(0, depth + 1);
      count = exchanged;
    }
    if (least !== null) words.set(least);
    for (const [i, label] of leastWent.entries()) went[i] = label;
    return count;
  };

  return {
    settle(words) {
      read(words);
      sweep();
      return finish(words);
    },
    mark(into, start) {
      for (let word = 0; word < marks.words; word++) into[start + word] = 0;
      for (let cell = 1; cell <= cellCount; cell++) {
        const kind = kindOf[member(cell, 0)];
        for (let i = 0; i < sizeOf(cell); i++) {
          const isAgain =
            i > 0 && kind !== undefined && isTiedToSame(kind, member(cell, i - 1), member(cell, i));
          const bit = marks.bits[member(cell, i)] ?? 0;
          const word = start + (bit >> 5);
          into[word] = (into[word] ?? 0) | ((isAgain ? AGAIN : TIED) << (bit & 31));
        }
      }
    },
  };
}

/** The colour of the one that is tried as the first. */
export const FIRST = 0x2545f491;

/** Of two cells the first; 0 is none. */
const lesser = (a: number, b: number): number => (a === 0 || (b !== 0 && b < a) ? b : a);

function compare(a: ArrayLike<number>, b: ArrayLike<number>): number {
  for (let i = 0; i < a.length; i++) {
    const order = (a[i] ?? 0) - (b[i] ?? 0);
    if (order !== 0) return order;
  }
  return 0;
}
