// The state of the machine: things with fields. A call works on a copy.

import { isRef, isSet, type Ref, type Value } from "./values.ts";

export interface Thing {
  readonly id: number;
  readonly kind: string;
  /** Of hardware and tasks, as the topology or scenario has it. */
  readonly name: string | null;
  readonly address: string | null;
  /** Things of one kind stand in places; a new one takes the first that is free. */
  readonly place: number;
  isLive: boolean;
  /** Its `on release` or `on destroy` runs: nothing starts it twice. */
  isDying: boolean;
  readonly fields: Map<string, Value>;
  /** The tasks that have a handle on this file. */
  readonly holders: Set<number>;
  /** What it lives in. */
  readonly owner: number | null;
}

export interface State {
  readonly things: Map<number, Thing>;
  next: number;
  readonly kernel: { readonly major: number; readonly minor: number } | null;
}

export function copyState(state: State): State {
  const things = new Map<number, Thing>();
  for (const [id, thing] of state.things)
    things.set(id, { ...thing, fields: new Map(thing.fields), holders: new Set(thing.holders) });
  return { things, next: state.next, kernel: state.kernel };
}

export function addThing(
  state: State,
  kind: string,
  more: { name?: string; address?: string | null; owner?: number | null } = {},
): Thing {
  const taken = new Set<number>();
  for (const other of state.things.values()) if (other.kind === kind && other.isLive) taken.add(other.place);
  let place = 0;
  while (taken.has(place)) place++;
  const thing: Thing = {
    place,
    ...{ id: state.next++, kind, name: more.name ?? null, address: more.address ?? null },
    ...{ isLive: true, isDying: false, fields: new Map(), holders: new Set<number>() },
    owner: more.owner ?? null,
  };
  state.things.set(thing.id, thing);
  return thing;
}

export function thingOf(state: State, ref: Ref): Thing {
  const thing = state.things.get(ref.ref);
  if (thing === undefined) throw new Error(`no thing ${ref.ref}`);
  return thing;
}

export const refTo = (thing: Thing): Ref => ({ ref: thing.id });

export function named(state: State, kind: string, name: string): Ref | null {
  for (const thing of state.things.values())
    if (thing.kind === kind && (thing.name === name || (thing.address === name && name !== "")))
      return refTo(thing);
  return null;
}

export const mentions = (value: Value, id: number): boolean =>
  isRef(value) ? value.ref === id : isSet(value) && value.some((one) => mentions(one, id));

/** All fields of live things, with whether each is weak. */
export function* liveFields(
  state: State,
  isWeak: (kind: string, field: string) => boolean,
): Generator<{ thing: Thing; field: string; value: Value; weak: boolean }> {
  for (const thing of state.things.values()) {
    if (!thing.isLive) continue;
    for (const [field, value] of thing.fields)
      if (isRef(value) || isSet(value)) yield { thing, field, value, weak: isWeak(thing.kind, field) };
  }
}

export function without(value: Value, isDead: (ref: Ref) => boolean): Value {
  if (isRef(value)) return isDead(value) ? null : value;
  if (isSet(value)) return value.filter((one) => !(isRef(one) && isDead(one)));
  return value;
}
