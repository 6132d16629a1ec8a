// What is asked of the members of a set: loops, with an end as soon as the answer is known.

import type { Expr, Quantified } from "../../model/ir.ts";
import { NONE } from "../../model/values.ts";
import type { Value } from "../program.ts";
import { inside, keep, leave, newLocal, set, when } from "./builder.ts";
import { infoOf, tagIn, tagInSet } from "./constants.ts";
import { computed, type Frame, known, type Low, truth, valueAs } from "./context.ts";
import { asComputed, compare, isAliveValue, joined, lower, test } from "./expressions.ts";
import { cellOf, isOfKind } from "./fields.ts";
import { mark } from "./order.ts";
import { onlyMember, segmentsOf } from "./sets.ts";
import { and, binary, equal, local, not, num, ONE, or, plus, ZERO } from "./values.ts";

// ---------------------------------------------------------------- conditions

/** `a and b and c`, one by one. */
export function conjuncts(expr: Expr | null): readonly Expr[] {
  if (expr === null) return [];
  return expr.op === "and" ? [...conjuncts(expr.left), ...conjuncts(expr.right)] : [expr];
}

/** Makes `then` where all conditions hold; each is computed only if those before it do. */
export function whenAll(
  frame: Frame,
  conditions: readonly Expr[],
  then: () => void,
  before: Value = ONE,
): void {
  const { builder } = frame;
  const [first, ...more] = conditions;
  if (first === undefined) return when(builder, before, then);
  let condition: Value = ONE;
  const actions = inside(builder, () => {
    condition = test(frame, first);
  });
  if (condition.v === "const" && condition.value === 0) return;
  if (actions.length === 0) return whenAll(frame, more, then, and(before, condition));
  when(builder, before, () => {
    builder.out.push(...actions);
    whenAll(frame, more, then, condition);
  });
}

// ---------------------------------------------------------------- quantifiers

/** What of the conditions depends on the member; the rest is asked once, before. */
function split(frame: Frame, asked: readonly Expr[], slot: number): readonly [Expr[], Expr[]] {
  const isInner = (each: Expr): boolean => infoOf(frame.lowering, each).slots.includes(slot);
  return [asked.filter((each) => !isInner(each)), asked.filter(isInner)];
}

export function lowerQuantifier(frame: Frame, expr: Quantified): Low {
  if (expr.op === "first") return lowerFirst(frame, expr, null);
  const { builder, lowering } = frame;
  const { op, slot } = expr;
  const isAll = op === "all";
  const asked = [
    ...conjuncts(expr.where),
    ...(op === "any" ? conjuncts(expr.body) : isAll && expr.body !== null ? [negated(expr.body)] : []),
  ];
  const [outer, inner] = split(frame, asked, slot);
  const result = newLocal(builder);
  const start = isAll ? 1 : 0;
  let isOpen = false;
  const actions = inside(builder, () => {
    whenAll(frame, outer, () => {
      const only = onlyMember(frame, expr.set, inner, slot);
      const segments = only === null ? segmentsOf(frame, expr.set) : [only.segment];
      segments.forEach((segment, i) => {
        frame.env.set(slot, segment.member);
        const walk = (): void =>
          segment.walk(() => {
            whenAll(frame, only?.rest ?? inner, () => {
              isOpen = true;
              if (op === "count") return set(builder, result, plus(local(result), 1));
              if (op === "sum") {
                const value = expr.body === null ? ZERO : valueAs(lowering, lower(frame, expr.body), "plain");
                return set(builder, result, binary("+", local(result), value));
              }
              set(builder, result, isAll ? ZERO : ONE);
              if (segment.isLoop) leave(builder);
            });
          });
        if (i === 0 || op === "count" || op === "sum") walk();
        else when(builder, isAll ? local(result) : not(local(result)), walk);
      });
    });
  });
  frame.env.delete(slot);
  if (!isOpen) return known(start);
  set(builder, result, num(start));
  builder.out.push(...actions);
  if (op === "count" || op === "sum") return computed(local(result), { maybe: op === "sum" });
  return truth(local(result));
}

/** Expressions of a local that stands for what was found. */
interface Looks {
  readonly slot: number;
  readonly exprs: readonly Expr[];
}

/**
 * The first member that fits. `looks`: all that is made of it; where others of its kind would give something else, the
 * order of places decides.
 */
export function lowerFirst(frame: Frame, expr: Quantified, looks: Looks | null): Low {
  const { builder, lowering } = frame;
  const { slot } = expr;
  const [outer, inner] = split(frame, conjuncts(expr.where), slot);
  const result = newLocal(builder);
  const tag = tagInSet(frame, expr.set);
  const found: Low[] = [];
  const actions = inside(builder, () => {
    whenAll(frame, outer, () => {
      const only = onlyMember(frame, expr.set, inner, slot);
      const segments = only === null ? segmentsOf(frame, expr.set) : [only.segment];
      segments.forEach((segment, i) => {
        frame.env.set(slot, segment.member);
        const tell = lowering.order && segment.isLoop ? compareLooks(frame, segment.member, looks) : null;
        const walk = (): void =>
          segment.walk(() =>
            whenAll(frame, only?.rest ?? inner, () => {
              found.push(segment.member);
              const take = (): void => {
                set(builder, result, valueAs(lowering, segment.member, tag));
                if (tell !== null) tell.keep();
                else if (segment.isLoop) leave(builder);
              };
              if (tell === null) take();
              else when(builder, equal(local(result), num(NONE)), take, tell.compare);
            }),
          );
        if (i === 0) walk();
        else when(builder, equal(local(result), num(NONE)), walk);
      });
    });
  });
  frame.env.delete(slot);
  if (found.length === 0) return known(NONE);
  set(builder, result, num(NONE));
  builder.out.push(...actions);
  return {
    ...found.reduce((a, b) => joined(a, b, tag, ZERO), known(NONE)),
    ...{ value: local(result), maybe: true },
  };
}

interface Telling {
  /** Of the first one. */
  readonly keep: () => void;
  /** Of another one. */
  readonly compare: () => void;
}

function compareLooks(frame: Frame, member: Low, looks: Looks | null): Telling | null {
  const { builder, lowering } = frame;
  const kinds = member.is === "value" && member.tag === "thing" ? member.kinds : [];
  if (kinds.every((kind) => (lowering.layout.places[kind]?.count ?? 0) < 2)) return null;
  const differ = (): void => {
    mark(lowering, builder, kinds);
    leave(builder);
  };
  if (looks === null) return { keep() {}, compare: differ };
  const first = looks.exprs.map(() => newLocal(builder));
  const look = (expr: Expr): Value => {
    frame.env.set(looks.slot, member);
    return valueAs(lowering, lower(frame, expr), tagIn(frame, expr) ?? "plain");
  };
  return {
    keep() {
      for (const [i, expr] of looks.exprs.entries()) set(builder, first[i] ?? 0, look(expr));
    },
    compare() {
      for (const [i, expr] of looks.exprs.entries())
        when(builder, binary("!=", look(expr), local(first[i] ?? 0)), differ);
    },
  };
}

/** `first(…).field`, which asks for no more of what it finds. */
export function lowerProjection(frame: Frame, expr: Expr): Low | null {
  if (!frame.lowering.order) return null;
  const at = rootOf(expr);
  if (at?.op !== "first") return null;
  const { slot } = at;
  const look = replaceRoot(expr, { op: "local", slot });
  const found = lowerFirst(frame, at, { slot, exprs: [look] });
  frame.env.set(slot, found.is === "value" ? { ...found, value: keep(frame.builder, found.value) } : found);
  const low = lower(frame, look);
  frame.env.delete(slot);
  return low;
}

function rootOf(expr: Expr): Expr | null {
  return expr.op === "field" || expr.op === "range-part" ? rootOf(expr.of) : expr;
}

const replaceRoot = (expr: Expr, root: Expr): Expr =>
  expr.op === "field" || expr.op === "range-part" ? { ...expr, of: replaceRoot(expr.of, root) } : root;

const negated = (of: Expr): Expr => ({ op: "not", of });

// ---------------------------------------------------------------- membership

export function lowerMembership(frame: Frame, expr: Extract<Expr, { op: "in" }>): Low {
  const { lowering, builder } = frame;
  const low = lower(frame, expr.value);
  const value: Low = low.is === "value" ? { ...low, value: keep(builder, low.value) } : low;
  const { set: of } = expr;
  const isOne = (member: Low): Value => {
    const same = compare(frame, "==", value, member);
    return same.is === "known" ? num(same.raw) : same.is === "value" ? same.value : ZERO;
  };
  const ofThing = asComputed(value, "thing");
  switch (of.set) {
    case "kinds":
    case "having": {
      if (value.is === "pair" || (value.is === "known" && value.raw < 0)) return known(0);
      const thing = keep(builder, valueAs(lowering, value, "thing"));
      if (of.set === "kinds") {
        const kinds = ofThing.kinds.filter((kind) => of.kinds.includes(kind));
        return truth(isAliveValue(frame, { ...ofThing, kinds, maybe: true }, thing));
      }
      const kind = lowering.system.fields[of.field]?.kind ?? 0;
      const owner = lower(frame, of.of);
      if (!ofThing.kinds.includes(kind) || (owner.is === "known" && owner.raw === NONE)) return known(0);
      const wanted = keep(builder, valueAs(lowering, owner, "thing"));
      const { alive = 0, sort = "hardware" } = lowering.system.kinds[kind] ?? {};
      const lives = sort === "hardware" ? ONE : cellOf(lowering, alive, thing);
      const owns = equal(cellOf(lowering, of.field, thing), wanted);
      return truth(
        and(isOfKind(lowering, thing, kind), and(and(lives, owns), binary("!=", wanted, num(NONE)))),
      );
    }
    case "listed": {
      let result: Value = ZERO;
      for (const element of of.elements) {
        if (result.v === "const" && result.value === 1) break;
        result = or(result, isOne(lower(frame, element)));
      }
      return truth(result);
    }
    case "value": {
      const segments = segmentsOf(frame, of);
      if (segments.every(({ isLoop }) => !isLoop))
        return truth(segments.map(({ member }) => isOne(member)).reduce((a, b) => or(a, b), ZERO));
      const result = newLocal(builder);
      set(builder, result, ZERO);
      for (const segment of segments) {
        segment.walk(() =>
          when(builder, isOne(segment.member), () => {
            set(builder, result, ONE);
            leave(builder);
          }),
        );
      }
      return truth(local(result));
    }
    default:
      return of satisfies never;
  }
}
