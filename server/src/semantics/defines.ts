// Defines may use each other, but not in circles.

import type { Expr, SetExpr } from "../model/ir.ts";
import type { Draft } from "./context.ts";

export function checkRecursion(draft: Draft): void {
  const uses = draft.defines.map(({ body }) => (body === null ? new Set<number>() : definesIn(body)));
  draft.defines.forEach((define, id) => {
    const path = pathBack(uses, id);
    if (path === null) return;
    const names = path.map((step) => draft.defines[step]?.name ?? "?");
    draft.problems.push({
      code: "recursive-define",
      site: define.site,
      message: `\`${define.name}\` is defined by itself: ${[define.name, ...names].join(" → ")}`,
    });
    // So that nothing that evaluates it can hang.
    draft.defines[id] = { ...define, body: null };
  });
}

/** The way from a define back to itself, or null. */
function pathBack(uses: readonly ReadonlySet<number>[], start: number): number[] | null {
  const from = new Map<number, number>();
  const queue = [start];
  for (const at of queue) {
    for (const next of uses[at] ?? []) {
      if (next === start) {
        const path = [start];
        for (let step = at; step !== start; step = from.get(step) ?? start) path.unshift(step);
        return path;
      }
      if (!from.has(next)) {
        from.set(next, at);
        queue.push(next);
      }
    }
  }
  return null;
}

function definesIn(root: Expr): Set<number> {
  const found = new Set<number>();
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if (isDefine(value)) found.add(value.define);
    for (const part of Object.values(value)) visit(part);
  };
  visit(root);
  return found;
}

const isDefine = (value: object): value is Extract<Expr | SetExpr, { op: "define" }> =>
  "op" in value && value.op === "define";
