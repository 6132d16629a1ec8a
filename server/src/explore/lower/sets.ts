// Sets as walks over their members: loops over places, or one member after the other.

import type { Expr, SetExpr } from "../../model/ir.ts";
import { column } from "../../model/machine.ts";
import { NONE, reference } from "../../model/values.ts";
import type { Action, Value } from "../program.ts";
import { emit, inside, keep, newLocal, when } from "./builder.ts";
import { infoOf, tagIn } from "./constants.ts";
import {
  computed,
  elementOf,
  encode,
  type Frame,
  known,
  type Low,
  lateTable,
  tableOf,
  valueAs,
} from "./context.ts";
import { asComputed, lower } from "./expressions.ts";
import { cellOf, hasPlaces } from "./fields.ts";
import { and, entry, equal, isThere, local, num, ONE, plus, ZERO } from "./values.ts";

/** Members of a set that are walked over in one way. */
export interface Segment {
  readonly member: Low;
  /** Emits the walk; `body` is made inside, once. True: it is a loop, which `break` ends. */
  readonly walk: (body: () => void) => void;
  readonly isLoop: boolean;
}

/** In the order of the members. */
export function segmentsOf(frame: Frame, of: SetExpr): readonly Segment[] {
  const { lowering, builder } = frame;
  const { system, layout } = lowering;
  switch (of.set) {
    case "kinds":
      return of.kinds
        .filter((kind) => hasPlaces(lowering, kind))
        .map((kind) => {
          const { alive = 0, sort = "hardware" } = system.kinds[kind] ?? {};
          return places(frame, kind, (thing) => (sort === "hardware" ? ONE : cellOf(lowering, alive, thing)));
        });
    case "having": {
      const kind = system.fields[of.field]?.kind ?? 0;
      const owner = lower(frame, of.of);
      lowering.asked.add(of.field);
      if (!hasPlaces(lowering, kind) || owner.is === "pair" || (owner.is === "known" && owner.raw === NONE))
        return [];
      if (layout.constant[of.field]) return owned(frame, of.field, kind, owner);
      const { alive = 0, sort = "hardware" } = system.kinds[kind] ?? {};
      const wanted = keep(builder, valueAs(lowering, owner, "thing"));
      const isOwner = (thing: Value): Value => equal(cellOf(lowering, of.field, thing), wanted);
      const guard = asComputed(owner, "thing").maybe ? isThere(wanted) : ONE;
      const lives = (thing: Value): Value => (sort === "hardware" ? ONE : cellOf(lowering, alive, thing));
      return [places(frame, kind, (thing) => and(guard, and(isOwner(thing), lives(thing))))];
    }
    case "listed":
      return of.elements.map((element) => {
        const member = lower(frame, element);
        const kept = member.is === "value" ? { ...member, value: keep(builder, member.value) } : member;
        return { member: kept, isLoop: false, walk: (body) => body() };
      });
    case "value":
      return membersOfValue(frame, of.of);
    default:
      return of satisfies never;
  }
}

/**
 * `f in device_fd where f.device == d`: where there is one file for each device, the only one that there can be, with what
 * else is asked of it.
 */
export function onlyMember(
  frame: Frame,
  of: SetExpr,
  asked: readonly Expr[],
  slot: number,
): { readonly segment: Segment; readonly rest: readonly Expr[] } | null {
  const { lowering, builder } = frame;
  const { homes } = lowering.problem.bounds;
  const [kind = -1, ...more] = of.set === "kinds" ? of.kinds.filter((each) => hasPlaces(lowering, each)) : [];
  const home = homes[kind] ?? -1;
  if (home === -1 || more.length > 0) return null;
  const isHome = (expr: Expr): boolean =>
    expr.op === "field" &&
    expr.of.op === "local" &&
    expr.of.slot === slot &&
    expr.fields.join() === `${home}`;
  for (const each of asked) {
    if (each.op !== "compare" || each.with !== "==") continue;
    const wanted = isHome(each.left) ? each.right : isHome(each.right) ? each.left : null;
    if (wanted === null || infoOf(lowering, wanted).slots.includes(slot)) continue;
    const low = lower(frame, wanted);
    const [hardware = -1, ...others] = asComputed(low, "thing").kinds;
    if (low.is !== "value" || others.length > 0 || lowering.layout.places[kind]?.home !== hardware)
      return null;
    const thing = keep(builder, low.value);
    const { base = 0 } = lowering.layout.places[kind] ?? {};
    const { base: first = 0 } = lowering.layout.places[hardware] ?? {};
    const place = keep(builder, plus(thing, base - first));
    const lives = cellOf(lowering, lowering.system.kinds[kind]?.alive ?? 0, place);
    const holds = low.maybe ? and(isThere(thing), lives) : lives;
    const member = computed(place, { tag: "thing", kinds: [kind], maybe: false });
    return {
      segment: { member, isLoop: false, walk: (body) => when(builder, holds, body) },
      rest: asked.filter((other) => other !== each),
    };
  }
  return null;
}

/** All places of a kind for which a condition holds. */
function places(frame: Frame, kind: number, holds: (thing: Value) => Value): Segment {
  const { builder, lowering } = frame;
  const { base, count, sort } = lowering.layout.places[kind] ?? { base: 0, count: 0, sort: "hardware" };
  if (count === 1) {
    const only = computed(num(base), { tag: "thing", kinds: [kind], maybe: false });
    const member = sort === "hardware" ? known(reference(kind, 0)) : only;
    return { member, isLoop: false, walk: (body) => when(builder, holds(num(base)), body) };
  }
  const index = newLocal(builder);
  const thing = local(index);
  return {
    member: computed(thing, { tag: "thing", kinds: [kind], maybe: false }),
    isLoop: true,
    walk(body) {
      const actions = inside(builder, () => when(builder, holds(thing), body));
      if (actions.length > 0)
        emit(builder, { a: "loop", local: index, from: num(base), to: num(base + count), body: actions });
    },
  };
}

/** `group.devices`: who has this owner for good. Mostly those are neighbours. */
function owned(frame: Frame, field: number, kind: number, owner: Low): readonly Segment[] {
  const { lowering, builder } = frame;
  const { machine, layout } = lowering;
  const { base, count } = layout.places[kind] ?? { base: 0, count: 0 };
  const owners = column(machine, field);
  const membersOf = (ref: number): number[] =>
    Array.from({ length: count }, (_, i) => base + i).filter((_, i) => owners[i] === ref);
  const { kinds } = asComputed(owner, "thing");
  const all = new Map<number, readonly number[]>();
  let at: Value = ZERO;
  if (owner.is === "known") all.set(0, membersOf(owner.raw));
  else {
    at = plus(keep(builder, valueAs(lowering, owner, "thing")), 1);
    for (const each of kinds) {
      const there = layout.places[each] ?? { base: 0, count: 0 };
      for (let i = 0; i < there.count; i++) all.set(there.base + i + 1, membersOf(reference(each, i)));
    }
  }
  const rows = Array.from({ length: Math.max(0, ...all.keys()) + 1 }, (_, i) => all.get(i) ?? []);
  const entryIn = (values: readonly number[]): Value =>
    at.v === "const" ? num(values[at.value] ?? 0) : entry(tableOf(lowering, values), at);
  const index = newLocal(builder);
  const walk =
    (starts: readonly number[], first: readonly Action[]) =>
    (body: () => void): void => {
      const actions = inside(builder, body);
      if (actions.length === 0) return;
      const [from, to] = [entryIn(starts), entryIn(starts.map((start, i) => start + (rows[i]?.length ?? 0)))];
      emit(builder, { a: "loop", local: index, from, to, body: [...first, ...actions] });
    };
  const memberIn = (value: Value): Low => computed(value, { tag: "thing", kinds: [kind], maybe: false });
  if (rows.every((members) => members.every((member, i) => member === (members[0] ?? 0) + i))) {
    const starts = rows.map((members) => members[0] ?? base);
    return [{ member: memberIn(local(index)), isLoop: true, walk: walk(starts, []) }];
  }
  let end = 0;
  const starts = rows.map((members) => {
    end += members.length;
    return end - members.length;
  });
  const thing = newLocal(builder);
  const members = entry(tableOf(lowering, rows.flat()), local(index));
  const fetch: Action = { a: "set", local: thing, value: members };
  return [{ member: memberIn(local(thing)), isLoop: true, walk: walk(starts, [fetch]) }];
}

/** The members of a value that is a set: one by one if it is known, else from tables of all sets. */
function membersOfValue(frame: Frame, of: Expr): readonly Segment[] {
  const { lowering, builder } = frame;
  const low = lower(frame, of);
  const { values } = lowering.system;
  if (low.is === "pair" || (low.is === "known" && low.raw === NONE)) return [];
  if (low.is === "known") {
    return values
      .setOf(low.raw)
      .map((raw) => ({ member: known(raw), isLoop: false, walk: (body) => body() }));
  }
  const tag = elementOf(low.tag === "plain" ? (tagIn(frame, of) ?? "set of plain") : low.tag);
  const members = (raw: number): readonly number[] =>
    values.setOf(raw).map((member) => encode(lowering, tag, member));
  const starts = (): number[] => {
    const found = [0, 0];
    for (const { raw } of lowering.sets) found.push((found.at(-1) ?? 0) + members(raw).length);
    return found;
  };
  const [from, flat] = [
    lateTable(lowering, starts),
    lateTable(lowering, () => lowering.sets.flatMap(({ raw }) => members(raw))),
  ];
  const id = keep(builder, low.value);
  const [index, member] = [newLocal(builder), newLocal(builder)];
  const kinds =
    tag === "thing"
      ? lowering.system.kinds.flatMap(({ id: kind }) => (hasPlaces(lowering, kind) ? [kind] : []))
      : [];
  return [
    {
      member: computed(local(member), { tag, kinds, live: false }),
      isLoop: true,
      walk(body) {
        const actions = inside(builder, body);
        const fetch: Action = { a: "set", local: member, value: entry(flat, local(index)) };
        if (actions.length > 0) {
          const [start, end] = [entry(from, plus(id, 1)), entry(from, plus(id, 2))];
          emit(builder, { a: "loop", local: index, from: start, to: end, body: [fetch, ...actions] });
        }
      },
    },
  ];
}
