// Moves and measures pieces of the tree. Pieces are parsed on their own and shared between texts, so they are never
// changed: moving makes a copy. Knows no node in particular: a node is an object with `kind`, `start` and `end`.

/** Deeper trees are not built, so that everyone may walk a tree by recursion. */
export const maxTreeDepth = 1000;

/** A copy with every span moved by `by`. Throws RangeError for a tree that is too deep. */
export function shifted<T>(value: T, by: number): T {
  // The copy has the same keys and kinds of values, which the type system cannot see.
  return shiftedValue(value, by, 0) as T;
}

function shiftedValue(value: unknown, by: number, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth > maxTreeDepth) throw new RangeError("the tree is too deep");
  if (Array.isArray(value)) return value.map((item) => shiftedValue(item, by, depth + 1));
  const copy: Record<string, unknown> = { ...value };
  for (const key in copy) {
    const part = copy[key];
    if (typeof part === "object") copy[key] = shiftedValue(part, by, depth + 1);
    else if (typeof part === "number" && (key === "start" || key === "end")) copy[key] = part + by;
  }
  return copy;
}

/** The same string, not a view into a longer one, which it would keep in memory. */
export function detached(text: string): string {
  return text.length < 13 ? text : ` ${text}`.slice(1);
}
