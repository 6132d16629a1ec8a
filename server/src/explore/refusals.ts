// Why a call was refused, as far as it tells about other calls: the arguments and the fields that the refusal depends on.
// A call with these arguments is refused while none of these fields is written, whatever its other arguments are.

import type { Expr, Stmt } from "../model/ir.ts";
import type { Refusal } from "../model/machine.ts";
import type { Operation, System } from "../model/system.ts";
import { flatten } from "./expressions.ts";
import { readsIn } from "./footprint.ts";
import { isPlain, localsIn } from "./reasons.ts";
import type { Move } from "./space.ts";

export interface Ground {
  /** Indices of parameters. */
  readonly params: readonly number[];
  readonly reads: ReadonlySet<number>;
}

/** Null where it may depend on anything. */
export function groundOf(system: System, move: Move, refusal: Refusal): Ground | null {
  if (move.do === "open" || refusal.by !== "check") return null;
  const { check, body } = refusal;
  const { operation } = move;
  return check.do === "require" && body === operation.body ? groundOfCheck(system, operation, check) : null;
}

type Check = Extract<Stmt, { do: "require" }>;

const known = new WeakMap<Check, Ground | null>();

function groundOfCheck(system: System, operation: Operation, check: Check): Ground | null {
  const before = known.get(check);
  if (before !== undefined) return before;
  const found = isPlain(operation.body, check) ? plainGround(system, operation, check) : null;
  known.set(check, found);
  return found;
}

/** That of the condition, and of those which let the call come so far. */
function plainGround(system: System, { body, params }: Operation, check: Check): Ground {
  const inFront = flatten(body.slice(0, body.indexOf(check)));
  const pending: Expr[] = [check.condition];
  for (const each of inFront) if (each.do === "if") pending.push(each.condition);
  const slots = new Set<number>();
  const reads = new Set<number>();
  for (let expr = pending.pop(); expr !== undefined; expr = pending.pop()) {
    for (const field of readsIn(system, expr)) reads.add(field);
    for (const slot of localsIn(expr)) {
      if (slots.has(slot)) continue;
      slots.add(slot);
      for (const each of inFront) if (each.do === "let" && each.slot === slot) pending.push(each.value);
    }
  }
  const own = params.map((_, i) => i).filter((i) => slots.has(i));
  // What cannot be passed comes in as none.
  for (const i of own.filter((each) => params[each]?.explicit === true))
    for (const { id, alive, holders } of system.kinds)
      if (params[i]?.type.kinds.includes(id) === true) reads.add(alive).add(holders);
  return { params: own, reads };
}
