// A problem as a small program over one array of integers: what backends run (closures, WebAssembly) and exporters
// write (C within Promela). It knows no kinds, no lifetimes and no sets any more: lowering has spelled them out.
// Plain data, so that it can be sent to a worker.
//
// Values are integers, exact to 2^53. Things have global numbers: `places[kind].base + place`. As in a Machine, none is
// -1 and names and strings lie below it.

/** Computes a value; changes nothing. */
export type Value =
  | { readonly v: "const"; readonly value: number }
  | { readonly v: "local"; readonly local: number }
  | { readonly v: "cell"; readonly at: Value }
  /** An entry of a constant table. */
  | { readonly v: "table"; readonly table: number; readonly at: Value }
  | { readonly v: "binary"; readonly op: Binary; readonly left: Value; readonly right: Value }
  /** 1 if it is 0, else 0. */
  | { readonly v: "not"; readonly of: Value }
  /** The right side is computed only if it matters; both are 0 or 1. */
  | { readonly v: "and" | "or"; readonly left: Value; readonly right: Value }
  /** Only one of the two is computed. */
  | { readonly v: "if"; readonly condition: Value; readonly then: Value; readonly otherwise: Value }
  /**
   * Computes it, keeps it in `local` as well, and gives it. What reads `local` comes after it for sure: this is (in) the
   * condition of an `if` or the left side of an `and` or `or`, and the reader is in what follows.
   */
  | { readonly v: "tee"; readonly local: number; readonly value: Value }
  /** A function that stores nothing but flags. */
  | { readonly v: "call"; readonly fn: number; readonly args: readonly Value[] };

/** Comparisons give 0 or 1; `/` and `%` round down, and by 0 give 0 and the left side. */
export type Binary =
  | "+"
  | "-"
  | "*"
  | "/"
  | "%"
  | "&"
  | "|"
  | "<<"
  | ">>"
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">=";

export type Action =
  | { readonly a: "set"; readonly local: number; readonly value: Value }
  | { readonly a: "store"; readonly at: Value; readonly value: Value }
  | {
      readonly a: "if";
      readonly condition: Value;
      readonly then: readonly Action[];
      readonly otherwise: readonly Action[];
    }
  /** `local` runs from `from` up to, not including, `to`; both are computed once, and the body sets none of it. */
  | {
      readonly a: "loop";
      readonly local: number;
      readonly from: Value;
      readonly to: Value;
      readonly body: readonly Action[];
    }
  /** Of the innermost loop. */
  | { readonly a: "break" | "continue" }
  /** Ends the function. */
  | { readonly a: "return"; readonly value: Value }
  | {
      readonly a: "call";
      readonly fn: number;
      readonly args: readonly Value[];
      readonly into: number | null;
    };

/**
 * Gives one integer; 0 when it ends without `return`. The parameters are the first locals, the others start as 0. Functions
 * can be recursive (things that end inside each other's `on` blocks).
 */
export interface Fn {
  readonly name: string;
  readonly params: number;
  readonly locals: number;
  readonly body: readonly Action[];
}

/** What the function of a call gives. After `refused` and `beyond` the cells are garbage: the caller puts them back. */
export const REFUSED = 0;
export const DONE = 1;
/** Failed half-way, and keeps what it did. */
export const FAILED = 2;
/** It would need more instances than the bounds allow. */
export const BEYOND = 3;

/** The first cells: what a call tells besides the state. Zero before each call. */
export const FLAGS = 0;
export const DANGLING = 1;
export const RUNAWAY = 2;
/** A hazard of the n-th name was met: bit n. */
export const HAZARDS = 1;
/** The order of the places of kind n decided something: bit n. Such a kind is not symmetric. */
export const ORDER = 2;
export const HEADER = 3;

/** thing: a global number (or none, or a name). tasks: the n-th task as bit n. plain: anything else. */
export type Holds = "thing" | "tasks" | "plain";

/** The places that things of one kind can take. */
export interface Places {
  readonly kind: string;
  readonly sort: "hardware" | "fd" | "object";
  readonly base: number;
  readonly count: number;
  /** The column that is 1 for those alive; -1 for hardware. */
  readonly alive: number;
  /** The kind of hardware whose k-th thing is the only one that place k is ever for; -1: there is none. */
  readonly home: number;
}

/** One field of all places of a kind: the cells `start + place`. */
export interface Column {
  readonly name: string;
  readonly kind: number;
  readonly start: number;
  /**
   * state: part of the state. constant: never changes. derived: follows from the state (`derive`).
   */
  readonly role: "state" | "constant" | "derived";
  readonly holds: Holds;
  /** All values that can occur, ascending; null if they are not known beforehand. */
  readonly values: readonly number[] | null;
  /** The value of a place where nothing lives. */
  readonly initial: number;
}

export interface Program {
  /** Numbers beyond 32 bits occur. */
  readonly wide: boolean;
  /**
   * All cells at boot: the header, the columns, and behind them the notes of a call. Notes are no part of a state, and need
   * not be put back; an engine leaves them alone between calls.
   */
  readonly initial: readonly number[];
  readonly places: readonly Places[];
  readonly columns: readonly Column[];
  readonly tables: readonly (readonly number[])[];
  readonly functions: readonly Fn[];
  /** Fills the derived cells of a state that was just loaded; -1: there are none. */
  readonly derive: number;
  /** In the order of the problem's calls. The function gives one of the four above. */
  readonly calls: readonly {
    readonly fn: number;
    readonly args: readonly number[];
    /** By argument: what it holds, for symmetry. */
    readonly holds: readonly Holds[];
  }[];
  /** Global numbers of things that functions (those of goals, too) or tables name outright: they have no equals. Of all
   * others functions and tables know nothing but what is in columns, and whatever depends on the order of places is told
   * with `ORDER`. */
  readonly named: readonly number[];
  /**
   * By goal, a function without parameters: 1 if the present state is one that is looked for; -1: none can be. `flags` are
   * cells and bits that do so right behind a call.
   */
  readonly goals: readonly {
    readonly fn: number;
    readonly flags: readonly { readonly cell: number; readonly bits: number }[];
  }[];
}
