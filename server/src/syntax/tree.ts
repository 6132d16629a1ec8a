// Moves and measures pieces of the tree. Pieces are parsed on their own and shared between texts, so they are never
// changed: moving makes a copy. Knows no node in particular: a node is an object with `kind`, `start` and `end`.

/** Deeper trees are not built, so that everyone may walk a tree by recursion. */
export const maxTreeDepth = 1000;

/** A copy with every span moved by `by`. */
export function shifted<T>(value: T, by: number): T {
  // The copy has the same keys and kinds of values, which the type system cannot see.
  return shiftedValue(value, by) as T;
}

function shiftedValue(value: unknown, by: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => shiftedValue(item, by));
  const copy: Record<string, unknown> = { ...value };
  for (const key in copy) {
    const part = copy[key];
    if (typeof part === "object") copy[key] = shiftedValue(part, by);
    else if (typeof part === "number" && (key === "start" || key === "end")) copy[key] = part + by;
  }
  return copy;
}

interface Move {
  readonly of: object;
  readonly by: number;
}
const moves = new WeakMap<object, Move>();

/** As `shifted`, and it is remembered what it was: see `unmoved`. */
export function moved<T extends object>(node: T, by: number): T {
  const before = unmoved(node);
  const move = { of: before.of, by: before.by + by };
  // It is what it was made of, or a copy of that.
  if (move.by === 0) return move.of as T;
  const copy = by === 0 ? node : (shifted(move.of, move.by) as T);
  moves.set(copy, move);
  return copy;
}

/** The first of all nodes that were moved to become this one, and how far. */
export const unmoved = (node: object): Move => moves.get(node) ?? { of: node, by: 0 };

/** Whether nodes lie deeper inside each other than everyone can be asked to follow. */
export function isTooDeep(tree: unknown): boolean {
  let level: unknown[] = [tree];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxTreeDepth) return true;
    level = level.flatMap((value) =>
      typeof value === "object" && value !== null ? Object.values(value) : [],
    );
  }
  return false;
}

/** The same string, not a view into a longer one, which it would keep in memory. */
export function detached(text: string): string {
  return text.length < 13 ? text : ` ${text}`.slice(1);
}
