// Which functions of a program call which. It emits nothing.

import { isSame } from "../../base/same.ts";
import type { Fn } from "../program.ts";

const found = new WeakMap<Fn, ReadonlySet<number>>();

/** The functions that a function calls outright. */
export function calledBy(fn: Fn | undefined): ReadonlySet<number> {
  if (fn === undefined) return new Set();
  const known = found.get(fn) ?? searched(fn.body);
  found.set(fn, known);
  return known;
}

function searched(body: Fn["body"]): ReadonlySet<number> {
  const called = new Set<number>();
  const stack: unknown[] = [...body];
  while (stack.length > 0) {
    const part = stack.pop();
    if (typeof part !== "object" || part === null) continue;
    if (isCall(part)) called.add(part.fn);
    stack.push(...Object.values(part));
  }
  return called;
}

/** Only calls have this. */
const isCall = (part: object): part is { readonly fn: number } => "fn" in part;

/** These functions, and all from which one of them can be reached. */
export function withCallers(functions: readonly Fn[], reached: ReadonlySet<number>): ReadonlySet<number> {
  const all = new Set(reached);
  for (let size = -1; size !== all.size; ) {
    size = all.size;
    for (const [i, fn] of functions.entries())
      if (!all.has(i) && [...calledBy(fn)].some((callee) => all.has(callee))) all.add(i);
  }
  return all;
}

/** The functions, by number, that may do something else than those of another program. */
export function changedOf(before: readonly Fn[], after: readonly Fn[]): ReadonlySet<number> {
  const others = after.flatMap((fn, i) => (isSame(fn, before[i]) ? [] : [i]));
  return withCallers(after, new Set(others));
}
