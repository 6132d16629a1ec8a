// Statements of calls and `on` blocks.

import { isMade } from "../../model/execute.ts";
import type { Check, Stmt } from "../../model/ir.ts";
import { HARDWARE } from "../../model/system.ts";
import { kindOf, NONE } from "../../model/values.ts";
import { HAZARDS, type Value } from "../program.ts";
import { blocksOf, keepsFiles } from "./blocks.ts";
import { emit, giveBack, keep, loop, newLocal, set, store, when } from "./builder.ts";
import {
  computed,
  encode,
  type Frame,
  flowInto,
  helper,
  known,
  type Low,
  type Lowering,
  notes,
  tagOf,
  valueAs,
} from "./context.ts";
import { kept } from "./defines.ts";
import { asComputed, bitOf, holdsBit, isAliveValue, lower, test } from "./expressions.ts";
import { addressOf, cellOf, hasPlaces, isOfKind } from "./fields.ts";
import { lowerLet } from "./lets.ts";
import { drop, forgive, killFunction } from "./lifetime.ts";
import { repeat } from "./loops.ts";
import { count, countBlock } from "./order.ts";
import { conjuncts } from "./quantifiers.ts";
import { eachPlace } from "./references.ts";
import { usesIn } from "./uses.ts";
import {
  and,
  binary,
  cell,
  choose,
  equal,
  isNumber,
  isThere,
  local,
  not,
  num,
  ONE,
  or,
  plus,
  ZERO,
} from "./values.ts";

/** How a body ends. */
export interface Ends {
  readonly refused: () => void;
  readonly failed: () => void;
  readonly done: () => void;
  /** There is no place for what it makes. */
  readonly beyond: () => void;
}

/** False: nothing behind these statements is reached. */
export function run(frame: Frame, body: readonly Stmt[], ends: Ends): boolean {
  for (const statement of body) if (!perform(frame, statement, ends)) return false;
  return true;
}

function perform(frame: Frame, statement: Stmt, ends: Ends): boolean {
  const { builder, lowering } = frame;
  switch (statement.do) {
    case "require":
      return check(frame, statement, ends);
    case "let":
      lowerLet(frame, statement);
      return true;
    case "assign":
      builder.known = null;
      assign(frame, statement);
      return true;
    case "new":
      builder.known = null;
      return make(frame, statement, ends);
    case "destroy": {
      builder.known = null;
      const target = lower(frame, statement.of);
      byKind(frame, target, (kind, thing) => {
        if (lowering.system.kinds[kind]?.sort !== "hardware")
          emit(builder, { a: "call", fn: killFunction(lowering, kind, false), args: [thing], into: null });
      });
      frame.killed = true;
      return true;
    }
    case "close":
      builder.known = null;
      byKind(frame, lower(frame, statement.of), (kind, file) => close(frame, kind, file));
      return true;
    case "give": {
      builder.known = null;
      const [file, task] = [lower(frame, statement.of), kept(frame, lower(frame, statement.to))];
      const to = asComputed(task, "thing");
      const isTask = to.maybe && task.is === "value" ? isThere(task.value) : ONE;
      byKind(frame, file, (kind, thing) => {
        const { holders, sort } = lowering.system.kinds[kind] ?? { holders: 0, sort: "hardware" };
        if (sort !== "fd") return;
        const address = addressOf(lowering, holders, thing);
        when(builder, isTask, () => store(builder, address, binary("|", cell(address), bitOf(frame, task))));
      });
      return true;
    }
    case "for":
      builder.known = null;
      repeat(frame, statement, (inner) => {
        run(inner, statement.body, ends);
      });
      return true;
    case "if":
      return branch(frame, statement, ends);
    case "fail":
      ends.failed();
      return false;
    case "return":
      ends.done();
      return false;
    default:
      return statement satisfies never;
  }
}

function check(frame: Frame, statement: Check, ends: Ends): boolean {
  const { builder, lowering } = frame;
  if (!isMade(lowering.machine, statement)) return true;
  if (statement.hazard !== null) {
    const bit = lowering.hazards.get(statement.hazard);
    if (bit === undefined) return true;
    const holds = test(frame, statement.condition);
    when(builder, not(holds), () =>
      store(builder, num(HAZARDS), binary("|", cell(num(HAZARDS)), num(2 ** bit))),
    );
    return true;
  }
  // Each part of `a and b` refuses by itself: what is cheap comes first.
  for (const part of conjuncts(statement.condition)) {
    const holds = test(frame, part);
    if (holds.v === "const" && holds.value === 1) continue;
    if (holds.v === "const") {
      ends.refused();
      return false;
    }
    when(builder, not(holds), ends.refused);
  }
  return true;
}

function branch(frame: Frame, statement: Extract<Stmt, { do: "if" }>, ends: Ends): boolean {
  const { builder } = frame;
  const condition = test(frame, statement.condition);
  if (condition.v === "const")
    return run(frame, condition.value === 1 ? statement.then : statement.otherwise, ends);
  let [goesOn, killed] = [false, frame.killed];
  const part = (body: readonly Stmt[]) => (): void => {
    const inner = { ...frame };
    if (run(inner, body, ends)) goesOn = true;
    killed ||= inner.killed;
  };
  when(builder, condition, part(statement.then), part(statement.otherwise));
  frame.killed = killed;
  return goesOn;
}

/** Makes something for each kind that the thing can be of, where it is that. */
function byKind(frame: Frame, low: Low, then: (kind: number, thing: Value) => void): void {
  const { builder, lowering } = frame;
  if (low.is === "pair" || (low.is === "known" && low.raw < 0)) return;
  if (low.is === "known") return then(kindOf(low.raw), valueAs(lowering, low, "thing"));
  const value = keep(builder, low.value);
  const [only, ...more] = low.kinds;
  if (only !== undefined && more.length === 0)
    return when(builder, low.maybe ? isThere(value) : ONE, () => then(only, value));
  for (const kind of low.kinds) when(builder, isOfKind(lowering, value, kind), () => then(kind, value));
}

// ---------------------------------------------------------------- fields

function assign(frame: Frame, statement: Extract<Stmt, { do: "assign" }>): void {
  const { builder, lowering } = frame;
  const { system } = lowering;
  const target = lower(frame, statement.of);
  byKind(frame, target, (kind, thing) => {
    const field = statement.fields.find((id) => system.fields[id]?.kind === kind);
    if (field === undefined) return;
    const { alive, sort } = system.kinds[kind] ?? { alive: 0, sort: "hardware" };
    const mayBeDead = sort !== "hardware" && (frame.killed || (target.is === "value" && !target.live));
    when(builder, mayBeDead ? cellOf(lowering, alive, thing) : ONE, () =>
      put(frame, field, thing, lower(frame, statement.value), false),
    );
  });
}

/** Sets a field; `isNew`: nothing was in it. */
function put(frame: Frame, id: number, thing: Value, given: Low, isNew: boolean): void {
  const { builder, lowering } = frame;
  const field = lowering.system.fields[id];
  if (field === undefined) return;
  const address = addressOf(lowering, id, thing);
  const value = aliveOrNone(frame, id, given);
  flowInto(lowering, id, given);
  if (field.strong && frame.killed && !isNew) forgive(lowering, builder, address);
  if (!isNew && (keepsFiles(lowering, id) || (field.strong && blocksOf(lowering).isWild))) {
    const next = keep(builder, value);
    const old = keep(builder, cell(address));
    const isLost = and(isThere(old), binary("!=", old, next));
    when(builder, isLost, () => drop(lowering, builder, old));
    return store(builder, address, next);
  }
  // Where nothing lives, fields are as at birth.
  if (isNew && isNumber(value, encode(lowering, tagOf(field.type), field.initial))) return;
  store(builder, address, value);
}

/** What is dead is as none. */
function aliveOrNone(frame: Frame, id: number, given: Low): Value {
  const { lowering, builder } = frame;
  const type = lowering.system.fields[id]?.type ?? null;
  const value = valueAs(lowering, given, tagOf(type));
  if (type?.base !== "value" || given.is !== "value") return value;
  const isThing = given.kinds.some((kind) => kind > HARDWARE.task);
  if (!isThing || (given.live && !frame.killed)) return value;
  const simple = keep(builder, value);
  const lives = isAliveValue(frame, { ...given, maybe: true }, simple);
  return choose(or(binary("<", simple, ZERO), lives), simple, num(NONE));
}

// ---------------------------------------------------------------- new things

/** The place that a new thing takes, or -1: that of its hardware, or the lowest free one. `given` are values of its fields. */
export function freePlace(
  { lowering, builder }: Frame,
  kind: number,
  given: (field: number) => Value | undefined,
): Value {
  const home = lowering.problem.bounds.homes[kind] ?? -1;
  if (home === -1) return lowestPlace(lowering, kind);
  const [of = 0] = lowering.system.fields[home]?.type.kinds ?? [];
  const { base = 0 } = lowering.layout.places[kind] ?? {};
  const { base: first = 0 } = lowering.layout.places[of] ?? {};
  const wanted = keep(builder, given(home) ?? num(NONE));
  const place = plus(wanted, base - first);
  const isTaken = cellOf(lowering, lowering.system.kinds[kind]?.alive ?? 0, place);
  return choose(or(binary("<", wanted, ZERO), isTaken), num(NONE), place);
}

function lowestPlace(lowering: Lowering, kind: number): Value {
  const { name, alive } = lowering.system.kinds[kind] ?? { name: "", alive: 0 };
  const { base = 0, count = 0 } = lowering.layout.places[kind] ?? {};
  if (count === 0) return num(NONE);
  if (count === 1) return choose(cellOf(lowering, alive, num(base)), num(NONE), num(base));
  const fn = helper(lowering, `free ${name}`, 0, (builder) => {
    eachPlace(lowering, builder, kind, (thing) =>
      when(builder, not(cellOf(lowering, alive, thing)), () => giveBack(builder, thing)),
    );
    giveBack(builder, num(NONE));
  });
  return { v: "call", fn, args: [] };
}

function make(frame: Frame, statement: Extract<Stmt, { do: "new" }>, ends: Ends): boolean {
  const { builder, lowering, env } = frame;
  const kind = lowering.system.kinds[statement.kind];
  if (kind === undefined || !hasPlaces(lowering, kind.id)) {
    ends.beyond();
    return false;
  }
  const values = statement.fields.map(
    ({ field, value }) => [field, kept(frame, lower(frame, value))] as const,
  );
  const owner = statement.owner === null ? known(NONE) : kept(frame, lower(frame, statement.owner));
  const given = (field: number): Value | undefined => {
    const [, low] = values.find(([id]) => id === field) ?? [];
    return low === undefined ? undefined : valueAs(lowering, low, "thing");
  };
  const thing = keep(builder, freePlace(frame, kind.id, given));
  when(builder, binary("<", thing, ZERO), ends.beyond);
  store(builder, addressOf(lowering, kind.alive, thing), ONE);
  if (kind.sort === "fd")
    store(builder, addressOf(lowering, kind.holders, thing), bitOf(frame, frame.caller));
  if (kind.ownerField !== -1) put(frame, kind.ownerField, thing, owner, true);
  if (kind.idField !== -1)
    store(builder, addressOf(lowering, kind.idField, thing), freeNumber(frame, kind.id, owner));
  for (const [field, value] of values) put(frame, field, thing, value, true);
  env.set(statement.slot, computed(thing, { tag: "thing", kinds: [kind.id], maybe: false }));
  return true;
}

/** The lowest number that no other numbered object of the owner has. */
function freeNumber(frame: Frame, id: number, owner: Low): Value {
  const { lowering } = frame;
  const { ownerKind = -1 } = lowering.system.kinds[id] ?? {};
  const rivals = lowering.system.kinds.filter(
    (other) => other.idField !== -1 && other.ownerKind === ownerKind && hasPlaces(lowering, other.id),
  );
  const most = rivals.reduce((sum, other) => sum + (lowering.layout.places[other.id]?.count ?? 0), 0);
  for (const other of rivals)
    for (let number = 0; number <= most; number++) flowInto(lowering, other.idField, known(number));
  const fn = helper(lowering, `number in ${ownerKind}`, 1, (builder) => {
    loop(builder, ONE, num(most + 1), (number) => {
      const isTaken = newLocal(builder);
      set(builder, isTaken, ZERO);
      for (const other of rivals) {
        eachPlace(lowering, builder, other.id, (thing) => {
          const isOwn =
            other.ownerField === -1 ? ONE : equal(cellOf(lowering, other.ownerField, thing), local(0));
          const has = equal(cellOf(lowering, other.idField, thing), number);
          const lives = cellOf(lowering, other.alive, thing);
          when(builder, and(has, and(isOwn, lives)), () => set(builder, isTaken, ONE));
        });
      }
      when(builder, not(local(isTaken)), () => giveBack(builder, number));
    });
  });
  return { v: "call", fn, args: [valueAs(lowering, owner, "thing")] };
}

// ---------------------------------------------------------------- handles

function close(frame: Frame, kindId: number, file: Value): void {
  const { builder, lowering } = frame;
  const kind = lowering.system.kinds[kindId];
  if (kind === undefined || kind.sort !== "fd") return;
  const address = addressOf(lowering, kind.holders, file);
  const holders = keep(builder, cell(address));
  const bit = keep(builder, bitOf(frame, frame.caller));
  when(builder, holdsBit(frame, holders, frame.caller), () => {
    store(builder, address, binary("-", holders, bit));
    when(builder, equal(holders, bit), () => {
      count(lowering, builder, "closed", kindId);
      if (kind.on.close !== null)
        emit(builder, { a: "call", fn: blockFunction(lowering, kindId, "close"), args: [file], into: null });
      drop(lowering, builder, file);
    });
  });
  if (kind.on.close !== null) frame.killed = true;
}

/** `on release` and `on destroy`. */
export const releaseBlock = (lowering: Lowering, kind: number): number =>
  blockFunction(lowering, kind, "release");

/** A block as a function of the thing; it gives 1 if it refuses. */
export function blockFunction(
  lowering: Lowering,
  kindId: number,
  event: "open" | "close" | "release",
): number {
  const kind = lowering.system.kinds[kindId];
  const block = kind?.on[event] ?? null;
  return helper(lowering, `on ${event} ${kind?.name}`, 1, (builder) => {
    const self = computed(local(0), { tag: "thing", kinds: [kindId], maybe: false });
    const tasks = lowering.problem.bounds.tasks.length;
    const caller: Low =
      tasks === 1
        ? known(HARDWARE.task * 2 ** 20)
        : computed(cell(num(notes(lowering, "caller"))), {
            tag: "thing",
            kinds: [HARDWARE.task],
            maybe: false,
          });
    const frame: Frame = {
      ...{ lowering, builder, caller, env: new Map([[0, self]]) },
      ...{ name: `on ${event} of ${kind?.name}`, killed: event !== "open" },
      uses: block === null ? null : usesIn(lowering, block.body),
    };
    const end = (result: Value) => (): void => giveBack(builder, result);
    if (event !== "open") countBlock(lowering, builder);
    run(frame, block?.body ?? [], {
      refused: end(ONE),
      failed: end(ZERO),
      done: end(ZERO),
      beyond() {
        store(builder, num(notes(lowering, "beyond")), ONE);
        giveBack(builder, ZERO);
      },
    });
  });
}
