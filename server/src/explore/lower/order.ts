// Where the order of places decides something. Things of a kind are interchangeable only as long as it does not; a program
// tells when it did, never too seldom.

import type { Expr, Stmt } from "../../model/ir.ts";
import { fieldsRead } from "../../model/reads.ts";
import type { Kind } from "../../model/system.ts";
import { childrenOf, expressionsOf, flatten } from "../expressions.ts";
import { ORDER, type Value } from "../program.ts";
import { treeOf } from "./blocks.ts";
import { type Builder, giveBack, keep, store, when } from "./builder.ts";
import { helper, type Lowering, notes, Unsupported } from "./context.ts";
import { cellOf, hasPlaces } from "./fields.ts";
import { eachPlace } from "./references.ts";
import { and, binary, cell, not, num, ONE, or, plus, ZERO } from "./values.ts";

const MOST_KINDS = 31;

/** The order of the places of these kinds decided. */
export function mark({ layout }: Lowering, builder: Builder, kinds: readonly number[]): void {
  const several = kinds.filter((kind) => (layout.places[kind]?.count ?? 0) > 1);
  if (several.some((kind) => kind >= MOST_KINDS))
    throw new Unsupported(`symmetry of more than ${MOST_KINDS} kinds`);
  const bits = several.reduce((sum, kind) => sum + 2 ** kind, 0);
  if (bits > 0) store(builder, num(ORDER), binary("|", cell(num(ORDER)), num(bits)));
}

// ---------------------------------------------------------------- loops

interface Effects {
  /** Written in the member itself. */
  readonly own: Set<number>;
  /** Written in anything else. */
  readonly other: Set<number>;
  /** Who knows what. */
  all: boolean;
}

/**
 * What the order of the members can do: nothing; decide what happens in those that pass the condition; decide which of
 * them do.
 */
export function weight(
  lowering: Lowering,
  statement: Extract<Stmt, { do: "for" }>,
): "none" | "passing" | "all" {
  const { slot, where, body } = statement;
  const effects: Effects = { own: new Set(), other: new Set(), all: false };
  for (const inner of flatten(body)) collect(lowering, inner, slot, effects);
  const asked = where === null ? [] : [where];
  if (effects.all || meets(lowering, asked, slot, effects)) return "all";
  const inside = flatten(body).flatMap((inner) => expressionsOf(inner));
  return meets(lowering, inside, slot, effects) ? "passing" : "none";
}

function collect(lowering: Lowering, statement: Stmt, slot: number, effects: Effects): void {
  const isMember = (expr: Expr): boolean => expr.op === "local" && expr.slot === slot;
  switch (statement.do) {
    case "require":
      if (statement.hazard === null) effects.all = true;
      return;
    case "let":
    case "if":
      return;
    case "assign": {
      if (isMember(statement.of)) for (const field of statement.fields) effects.own.add(field);
      else if (mentions(statement.of, slot) || mentions(statement.value, slot)) effects.all = true;
      else for (const field of statement.fields) effects.other.add(field);
      return;
    }
    case "destroy":
      if (isMember(statement.of)) end(lowering, effects);
      else effects.all = true;
      return;
    case "close":
      if (!isMember(statement.of)) effects.all = true;
      for (const { holders } of lowering.system.kinds) effects.own.add(holders);
      return;
    default:
      effects.all = true;
  }
}

/** The kinds that end are not known here: any that can be destroyed. */
function end(lowering: Lowering, effects: Effects): void {
  const { system } = lowering;
  for (const kind of system.kinds) {
    if (kind.sort !== "object" || !hasPlaces(lowering, kind.id)) continue;
    for (const field of [kind.alive, ...kind.fields]) effects.own.add(field);
  }
  for (const kind of system.kinds) {
    if (kind.sort !== "object" || !hasPlaces(lowering, kind.id)) continue;
    for (const inner of treeOf(lowering, kind.id)) {
      if (inner !== kind.id) for (const field of system.kinds[inner]?.fields ?? []) effects.other.add(field);
      for (const field of system.fields)
        if (!field.birth && field.type.base === "value" && field.type.kinds.includes(inner))
          effects.other.add(field.id);
    }
  }
}

/** Is something read that is written: the member's own fields by others, or anybody's? */
function meets(lowering: Lowering, exprs: readonly Expr[], slot: number, { own, other }: Effects): boolean {
  const isHit = (expr: Expr): boolean => {
    if (expr.op === "field" && expr.of.op === "local" && expr.of.slot === slot)
      return expr.fields.some((field) => other.has(field));
    if (expr.op === "holds" && expr.file.op === "local" && expr.file.slot === slot) return isHit(expr.task);
    if (expr.op === "local" || expr.op === "const" || expr.op === "caller" || expr.op === "kernel")
      return false;
    const simple = ["and", "or", "not", "compare", "arithmetic", "if", "is", "field"];
    if (simple.includes(expr.op)) {
      if (expr.op === "field" && expr.fields.some((field) => own.has(field) || other.has(field))) return true;
      return childrenOf(expr).some(isHit);
    }
    const reads = fieldsRead(lowering.system, [{ do: "let", slot: 0, value: expr }]);
    for (const field of reads) if (own.has(field) || other.has(field)) return true;
    return false;
  };
  return exprs.some(isHit);
}

const mentions = (expr: Expr, slot: number): boolean =>
  (expr.op === "local" && expr.slot === slot) || childrenOf(expr).some((child) => mentions(child, slot));

// ---------------------------------------------------------------- blocks

const blocksRan = (lowering: Lowering): number => notes(lowering, "blocks ran");
type Event = "closed" | "ended";

const countOf = (lowering: Lowering, event: Event, kind: number): Value =>
  num(notes(lowering, `${event} ${kind}`));

const hasBlocks = (lowering: Lowering): boolean =>
  lowering.system.kinds.some(
    ({ id, on }) => (on.close !== null || on.release !== null) && hasPlaces(lowering, id),
  );

const files = ({ system, layout }: Lowering): number[] =>
  system.kinds.flatMap(({ id, sort }) =>
    sort !== "hardware" && (layout.places[id]?.count ?? 0) > 1 ? [id] : [],
  );

export function startCounting(lowering: Lowering, builder: Builder): void {
  if (!lowering.order || !hasBlocks(lowering)) return;
  store(builder, num(blocksRan(lowering)), ZERO);
  for (const kind of files(lowering)) {
    store(builder, countOf(lowering, "closed", kind), ZERO);
    store(builder, countOf(lowering, "ended", kind), ZERO);
  }
}

export function count(lowering: Lowering, builder: Builder, event: Event, kind: number): void {
  if (!lowering.order || !hasBlocks(lowering) || !files(lowering).includes(kind)) return;
  const at = countOf(lowering, event, kind);
  store(builder, at, plus(cell(at), 1));
}

export function countBlock(lowering: Lowering, builder: Builder): void {
  if (lowering.order) store(builder, num(blocksRan(lowering)), ONE);
}

/**
 * Which of several of a kind ended first can matter to a block that ran. It did not if everything has ended, as it would
 * have in any order.
 */
export function tellOfBlocks(lowering: Lowering, builder: Builder, reap: () => void): void {
  if (!lowering.order || !hasBlocks(lowering)) return reap();
  const isPlain = endsAll(lowering);
  const apart = lowering.system.kinds.filter(({ sort, ownerKind }) => sort === "object" && ownerKind === -1);
  const before = isPlain ? keep(builder, anyAlive(lowering, "apart", apart)) : ONE;
  reap();
  when(builder, cell(num(blocksRan(lowering))), () => {
    const all = lowering.system.kinds.filter(({ sort }) => sort !== "hardware");
    const isOver = isPlain ? and(not(before), not(anyAlive(lowering, "at all", all))) : ZERO;
    when(builder, not(isOver), () => {
      for (const kind of files(lowering)) {
        const isSeveral = (event: Event): Value => binary(">", cell(countOf(lowering, event, kind)), ONE);
        when(builder, or(isSeveral("closed"), isSeveral("ended")), () => mark(lowering, builder, [kind]));
      }
    });
  });
}

function anyAlive(lowering: Lowering, name: string, kinds: readonly Kind[]): Value {
  const fn = helper(lowering, `lives ${name}`, 0, (builder) => {
    for (const { id, alive } of kinds) {
      if (!hasPlaces(lowering, id)) continue;
      eachPlace(lowering, builder, id, (thing) =>
        when(builder, cellOf(lowering, alive, thing), () => giveBack(builder, ONE)),
      );
    }
    giveBack(builder, ZERO);
  });
  return { v: "call", fn, args: [] };
}

/**
 * Do files that nobody has open end in whatever order blocks run? They do where blocks only empty fields and end things,
 * and files do not keep each other alive in a circle. Then nothing is left that could differ.
 */
function endsAll(lowering: Lowering): boolean {
  const { system } = lowering;
  const kinds = system.kinds.filter(({ id }) => hasPlaces(lowering, id));
  if (kinds.some(({ on }) => on.close !== null)) return false;
  const all = kinds.flatMap(({ on }) => (on.release === null ? [] : flatten(on.release.body)));
  const isHarmless = (statement: Stmt): boolean => {
    if (statement.do === "assign")
      return (
        statement.value.op === "const" &&
        statement.fields.every((id) => system.kinds[system.fields[id]?.kind ?? 0]?.sort !== "hardware")
      );
    return ["let", "if", "for", "destroy"].includes(statement.do);
  };
  if (!all.every(isHarmless)) return false;
  const keeps = (kind: number): number[] =>
    treeOf(lowering, kind)
      .flatMap((inner) => system.kinds[inner]?.fields ?? [])
      .flatMap((id) => (system.fields[id]?.strong === true ? (system.fields[id]?.type.kinds ?? []) : []))
      .filter((other) => system.kinds[other]?.sort === "fd" && hasPlaces(lowering, other));
  const isCircle = (kind: number, above: readonly number[]): boolean =>
    above.includes(kind) || keeps(kind).some((other) => isCircle(other, [...above, kind]));
  return !kinds.some(({ id, sort }) => sort === "fd" && isCircle(id, []));
}
