// What becomes of the locals of a body: those that nothing needs are not computed, and of those that are only compared
// with none it is enough to know whether there is something.

import { isMade } from "../../model/execute.ts";
import type { Expr, Stmt } from "../../model/ir.ts";
import { fieldsRead } from "../../model/reads.ts";
import { NONE } from "../../model/values.ts";
import { childrenOf, expressionsOf, flatten } from "../expressions.ts";
import { infoOf } from "./constants.ts";
import type { Lowering } from "./context.ts";

export interface Use {
  /** Compared with none, and nothing else. */
  isTestOnly: boolean;
  /** Expressions of this local alone: all that is made of it; null: it goes elsewhere as it is. */
  looks: Expr[] | null;
}

/** By slot; a local that is not there is not needed. */
export type Uses = ReadonlyMap<number, Use>;

export function usesIn(lowering: Lowering, body: readonly Stmt[]): Uses {
  const known = lowering.uses.get(body);
  if (known !== undefined) return known;
  const needed = new Set<number>();
  need(lowering, body, needed);
  const uses = new Map<number, Use>();
  const written: Written = { fields: new Set(), all: false };
  look(lowering, body, needed, uses, written);
  lowering.uses.set(body, uses);
  return uses;
}

/** The expressions of a statement that are lowered: nobody asks what a call gives, nor for checks that are not made. */
function expressionsIn(lowering: Lowering, statement: Stmt): readonly Expr[] {
  if (statement.do === "return") return [];
  const isLeftOut =
    statement.do === "require" &&
    !(
      isMade(lowering.machine, statement) &&
      (statement.hazard === null || lowering.hazards.has(statement.hazard))
    );
  return isLeftOut ? [] : expressionsOf(statement);
}

/** From the end on, for a local is needed by what follows. */
function need(lowering: Lowering, body: readonly Stmt[], needed: Set<number>): void {
  for (const statement of body.toReversed()) {
    if (statement.do === "let" && !needed.has(statement.slot)) continue;
    if (statement.do === "for") need(lowering, statement.body, needed);
    if (statement.do === "if") {
      need(lowering, statement.then, needed);
      need(lowering, statement.otherwise, needed);
    }
    for (const expr of expressionsIn(lowering, statement))
      for (const slot of infoOf(lowering, expr).slots) needed.add(slot);
  }
}

interface Written {
  readonly fields: Set<number>;
  /** Things were made, or ended. */
  all: boolean;
}

function look(
  lowering: Lowering,
  body: readonly Stmt[],
  needed: ReadonlySet<number>,
  uses: Map<number, Use>,
  written: Written,
): void {
  for (const statement of body) {
    if (statement.do === "let" && !needed.has(statement.slot)) continue;
    if (statement.do === "for") for (const inner of flatten(statement.body)) write(inner, written);
    for (const expr of expressionsIn(lowering, statement)) visit(lowering, expr, uses, written);
    write(statement, written);
    if (statement.do === "for") look(lowering, statement.body, needed, uses, written);
    if (statement.do === "if") {
      look(lowering, statement.then, needed, uses, written);
      look(lowering, statement.otherwise, needed, uses, written);
    }
  }
}

function write(statement: Stmt, written: Written): void {
  if (statement.do === "assign") for (const field of statement.fields) written.fields.add(field);
  if (["new", "destroy", "close", "give"].includes(statement.do)) written.all = true;
}

function visit(lowering: Lowering, expr: Expr, uses: Map<number, Use>, written: Written): void {
  const tested = testedLocal(expr);
  if (tested !== null) {
    useOf(uses, tested);
    return;
  }
  if (expr.op === "local") {
    const use = useOf(uses, expr.slot);
    use.isTestOnly = false;
    use.looks = null;
    return;
  }
  const [slot, ...more] = infoOf(lowering, expr).slots;
  if (slot === undefined) return;
  if (more.length === 0) {
    const use = useOf(uses, slot);
    use.isTestOnly = false;
    if (use.looks !== null && isSteady(lowering, expr, written)) use.looks.push(expr);
    else use.looks = null;
    // Inside, locals that are bound here are none of the body's.
    return;
  }
  for (const child of childrenOf(expr)) visit(lowering, child, uses, written);
}

/** Was nothing that it looks at written before? */
function isSteady(lowering: Lowering, expr: Expr, written: Written): boolean {
  if (!lowering.order || written.all) return !lowering.order;
  if (written.fields.size === 0) return true;
  const reads = fieldsRead(lowering.system, [{ do: "let", slot: 0, value: expr }]);
  for (const field of written.fields) if (reads.has(field)) return false;
  return true;
}

function useOf(uses: Map<number, Use>, slot: number): Use {
  let use = uses.get(slot);
  if (use === undefined) {
    use = { isTestOnly: true, looks: [] };
    uses.set(slot, use);
  }
  return use;
}

/** `x` of `x == none` and `x != none`. */
function testedLocal(expr: Expr): number | null {
  if (expr.op !== "compare" || (expr.with !== "==" && expr.with !== "!=")) return null;
  const [one, two] = [expr.left, expr.right];
  if (one.op === "local" && two.op === "const" && two.value === NONE) return one.slot;
  if (two.op === "local" && one.op === "const" && one.value === NONE) return two.slot;
  return null;
}
