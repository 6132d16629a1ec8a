// What is found out about a program before it is explored, and stays true as long as only its functions do something
// else: how states are packed, and which things can change places. Kept for the programs that come after an edit.

import { isSame } from "../../base/same.ts";
import { type Fn, type Program, REFUSED } from "../program.ts";
import { type Layout, layoutOf } from "./layout.ts";
import { type Symmetry, symmetryOf } from "./symmetry.ts";

/** One way to explore programs of a shape: always the same object, so that others can keep more with it. */
export interface Form {
  readonly layout: Layout;
  /** Null: nothing can change places, or shall. */
  readonly symmetry: Symmetry | null;
}

export interface Shape {
  readonly layout: Layout;
  /** The same program; functions that the last one had as well are the same objects. */
  readonly settled: (program: Program) => Program;
  /** `lost` are kinds whose order was found to matter, as bits; null: without symmetry. */
  readonly form: (lost: number | null) => Form;
}

/** A claim for each of some topologies, and some more. */
const KEPT = 8;
/** Programs of more calls are no matter of moments, and large. */
const MOST_CALLS = 5_000;
const kept: { readonly like: unknown; readonly shape: Shape }[] = [];

/** The same for programs that differ only in the bodies of their functions. */
export function shapeOf(program: Program): Shape {
  if (program.calls.length > MOST_CALLS) return newShape(program);
  const like = withoutBodies(program);
  const index = kept.findIndex((each) => isSame(each.like, like));
  const [known = { like, shape: newShape(program) }] = index === -1 ? [] : kept.splice(index, 1);
  kept.unshift(known);
  if (kept.length > KEPT) kept.pop();
  return known.shape;
}

function newShape(program: Program): Shape {
  const layout = layoutOf(program);
  const forms = new Map<number | null, Form>();
  let last: readonly Fn[] = [];
  return {
    layout,
    settled(program) {
      const functions = program.functions.map((fn, i) => {
        const before = last[i];
        return before !== undefined && isSame(fn, before) ? before : fn;
      });
      last = functions;
      return { ...program, functions };
    },
    form(lost) {
      const symmetry = (): Symmetry | null => (lost === null ? null : symmetryOf(program, layout, lost));
      const form = forms.get(lost) ?? { layout, symmetry: symmetry() };
      forms.set(lost, form);
      return form;
    },
  };
}

/** The functions that are called from outside of functions, each once. */
export const entriesOf = ({ calls, goals, derive }: Omit<Program, "functions">): readonly number[] =>
  [...new Set([...calls.map(({ fn }) => fn), ...goals.map(({ fn }) => fn), derive])].filter(
    (fn) => fn !== -1,
  );

/** Calls that no state allows: they need not be tried. */
export const isRefused = ({ functions, calls }: Program, call: number): boolean => {
  const [first] = functions[calls[call]?.fn ?? -1]?.body ?? [];
  return first?.a === "return" && first.value.v === "const" && first.value.value === REFUSED;
};

/** Functions count by when they are first called, so that it does not matter how many others there are. */
function withoutBodies(program: Program): unknown {
  const { functions, ...rest } = program;
  const entries = entriesOf(rest);
  const numbers = new Map(entries.map((fn, i) => [fn, i]));
  return {
    ...rest,
    params: entries.map((fn) => functions[fn]?.params),
    calls: rest.calls.map((each, i) => ({
      ...each,
      fn: isRefused(program, i) ? -1 : numbers.get(each.fn),
    })),
    goals: rest.goals.map((each) => ({ ...each, fn: numbers.get(each.fn) })),
    derive: numbers.get(rest.derive),
  };
}
