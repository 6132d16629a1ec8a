// The names that a TLA+ module gives to things, kinds, fields and calls. Nothing may be named twice, not even by a
// variable that is bound inside something else.

import type { Problem } from "../explore/problem.ts";
import { indexOf, kindOf, NONE } from "../model/values.ts";

/** What the proposal can say and TLA+ cannot; the message is for people. */
export class NotInTla extends Error {}

/** Of the language, of the standard modules, and of tla-library.ts and tla.ts. */
const reserved = [
  "ASSUME ASSUMPTION AXIOM CASE CHOOSE CONSTANT CONSTANTS DOMAIN ELSE ENABLED EXCEPT EXTENDS IF IN INSTANCE LAMBDA LET",
  "LOCAL MODULE NEW OTHER RECURSIVE SUBSET THEN THEOREM UNCHANGED UNION VARIABLE VARIABLES WITH TRUE FALSE BOOLEAN STRING",
  "ACTION BY COROLLARY DEF DEFINE DEFS HAVE HIDE LEMMA OBVIOUS OMITTED ONLY PICK PROOF PROVE QED STATE SUFFICES TAKE",
  "TEMPORAL USE WITNESS Int Nat Seq Len Append Head Tail SubSeq SelectSeq Cardinality IsFiniteSet TLCGet TLCSet TLCEval",
  "Print PrintT Assert JavaTime Permutations SortSeq RandomElement Any ToString none state kept things files tasks Init",
  "Next Spec Attempts Step Begin Done Failed Refused Beyond Least Sorted Total Alive Live Holds Good Place Number",
  "Referenced Assign MadeBy Give Collect Members Reset ResetAll Bury Forget ForgetAll Kill Close Reap OnEnd OnClose",
  "BitAnd BitOr FieldsOf InitialOf References Strong OwnersOf Referring Bounded lifetime",
  // Parameters and such inside the library.
  "c f given hole i old p q r s S t value x y",
];

export interface Names {
  /** A name for a definition, as near to what is wanted as can be. */
  readonly fresh: (wanted: string) => string;
  /** Names for what is bound inside one definition. */
  readonly inside: () => (wanted: string) => string;
  /** The text of a number that stands for a thing, a name or none. */
  readonly value: (value: number) => string;
  /** The number of a thing in the module. */
  readonly number: (ref: number) => number;
  readonly things: readonly { readonly name: string; readonly number: number }[];
  /** By kind: the set of its places. */
  readonly kinds: readonly string[];
  /** By kind: the names of its places. */
  readonly places: readonly (readonly string[])[];
  /** Names and strings that were asked for. */
  readonly words: ReadonlyMap<number, string>;
}

export function createNames({ system, topology, bounds }: Problem): Names {
  const defined = new Set<string>();
  const bound = new Set(reserved.flatMap((line) => line.split(" ")));
  const keywords = new Set(reserved.slice(0, 8).flatMap((line) => line.split(" ")));
  const free = (wanted: string, isTaken: (name: string) => boolean): string => {
    const word = wanted.replaceAll(/[^A-Za-z0-9_]+/g, "_").replace(/^_+|_+$/g, "");
    const base = /^(?:WF_|SF_)|^\d*$/.test(word) || !/[A-Za-z]/.test(word) ? `n${word}` : word;
    let name = base;
    for (let i = 2; isTaken(name); i++) name = /\d$/.test(base) ? `${base}_${i}` : `${base}${i}`;
    return name;
  };
  const fresh = (wanted: string): string => {
    const name = free(wanted, (each) => defined.has(each) || bound.has(each));
    defined.add(name);
    return name;
  };
  const inside = (): ((wanted: string) => string) => {
    const own = new Set<string>();
    return (wanted) => {
      const name = free(wanted, (each) => defined.has(each) || keywords.has(each) || own.has(each));
      own.add(name);
      bound.add(name);
      return name;
    };
  };
  const kinds = system.kinds.map(({ name }) => fresh(name));
  const things: { name: string; number: number }[] = [];
  const firsts: number[] = [];
  const places = system.kinds.map(({ id, name }) => {
    firsts.push(things.length);
    return Array.from({ length: bounds.instances[id] ?? 0 }, (_, place) => {
      const own = id === 4 ? bounds.tasks[place] : topology.names[id]?.[place];
      const given = fresh(own === undefined ? `${name}_${place + 1}` : id === 2 ? `group_${own}` : own);
      things.push({ name: given, number: things.length });
      return given;
    });
  });
  const words = new Map<number, string>();
  const number = (ref: number): number => (firsts[kindOf(ref)] ?? 0) + indexOf(ref);
  const value = (given: number): string => {
    if (given === NONE) return "none";
    if (given >= 0) {
      const name = places[kindOf(given)]?.[indexOf(given)];
      if (name === undefined) throw new NotInTla("a number is used where a thing is meant");
      return name;
    }
    let word = words.get(given);
    if (word === undefined) {
      word = fresh(`is_${system.values.symbolText(given)}`);
      words.set(given, word);
    }
    return word;
  };
  return { fresh, inside, value, number, things, kinds, places, words };
}
