// The nodes of a tree around an offset. A node is an object with `kind`, `start` and `end`; knows none in particular.

import type { Span } from "../syntax/ast.ts";

export interface AnyNode extends Span {
  readonly kind: string;
}

/** Outermost first; both ends of a node count as inside, so the pointer may be right behind a name. */
export function pathAt(root: unknown, offset: number): readonly AnyNode[] {
  const path: AnyNode[] = [];
  let at: unknown = root;
  while (at !== null) at = childAt(at, offset, path);
  return path;
}

/** The child to go on with, or null; `path` gets the node itself. */
function childAt(value: unknown, offset: number, path: AnyNode[]): unknown {
  if (isNode(value) && path.at(-1) !== value) path.push(value);
  const found = partsOf(value).filter((part) => part.start <= offset && offset <= part.end);
  // Of two that meet at the offset the name, else the one that begins there.
  return found.find(({ kind }) => kind === "name") ?? found.at(-1) ?? null;
}

/** The nodes right below a value; lists are looked through. */
function partsOf(value: unknown): AnyNode[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap((part: unknown): AnyNode[] =>
    isNode(part)
      ? [part]
      : Array.isArray(part)
        ? part.flatMap((each) => (isNode(each) ? [each] : partsOf(each)))
        : [],
  );
}

function isNode(value: unknown): value is AnyNode {
  return (
    typeof value === "object" &&
    value !== null &&
    "kind" in value &&
    "start" in value &&
    "end" in value &&
    typeof value.start === "number" &&
    typeof value.end === "number"
  );
}
