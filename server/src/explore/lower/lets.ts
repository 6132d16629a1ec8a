// Locals of bodies, and lookups: as much of them as is needed.

import type { Expr, Stmt } from "../../model/ir.ts";
import { NONE } from "../../model/values.ts";
import { fold } from "./constants.ts";
import { computed, type Frame, known, type Low } from "./context.ts";
import { callDefine, kept } from "./defines.ts";
import { asTest, compare, lower, lowerChoice } from "./expressions.ts";
import { lowerFirst, lowerQuantifier } from "./quantifiers.ts";
import type { Use } from "./uses.ts";

export function lowerLet(frame: Frame, { slot, value }: Extract<Stmt, { do: "let" }>): void {
  const use = frame.uses?.get(slot);
  if (frame.uses !== null && use === undefined) return;
  frame.env.set(slot, kept(frame, lowerUsed(frame, slot, value, use)));
}

function lowerUsed(frame: Frame, slot: number, value: Expr, use: Use | undefined): Low {
  const folded =
    value.op === "const" || value.op === "local" || value.op === "caller" ? null : fold(frame, value);
  if (folded !== null) return folded;
  if (use?.isTestOnly === true && isLookup(frame, value)) {
    const found = asTest(existence(frame, value));
    return found.v === "const" && found.value === 0 ? known(NONE) : computed(found, { tag: "exists" });
  }
  if (value.op !== "first") return lower(frame, value);
  const exprs = use?.looks ?? null;
  return lowerFirst(frame, value, exprs === null ? null : { slot, exprs });
}

/** Does it give what it looks for among others, so that it is less work to know only whether it is there? */
export function isLookup(frame: Frame, expr: Expr): boolean {
  if (expr.op === "first") return true;
  if (expr.op === "if") return isLookup(frame, expr.then) || isLookup(frame, expr.otherwise);
  const body = expr.op === "define" ? (frame.lowering.system.defines[expr.define]?.body ?? null) : null;
  return body !== null && isLookup(frame, body);
}

/** Whether it is not none. */
export function existence(frame: Frame, expr: Expr): Low {
  if (expr.op === "first") return lowerQuantifier(frame, { ...expr, op: "any", body: null });
  if (isLookup(frame, expr)) {
    if (expr.op === "if") return lowerChoice(frame, expr, existence);
    if (expr.op === "define") return callDefine(frame, expr, existence);
  }
  return compare(frame, "!=", lower(frame, expr), known(NONE));
}
