// One function while it is made: its locals, and the place where the next action goes.

import type { Action, Value } from "../program.ts";
import { isSimple, local } from "./values.ts";

export interface Builder {
  /** Parameters included. */
  locals: number;
  out: Action[];
  /** Values that were computed already and hold on: texts to locals. Null: things change here. */
  known: Map<string, Value> | null;
}

export const createBuilder = (params: number): Builder => ({ locals: params, out: [], known: null });

export const newLocal = (builder: Builder): number => builder.locals++;

export const emit = (builder: Builder, action: Action): void => {
  builder.out.push(action);
};

/** What `make` emits, apart. What is found out there is not known afterwards. */
export function inside(builder: Builder, make: () => void): Action[] {
  const { out, known } = builder;
  builder.out = [];
  builder.known = known === null ? null : new Map(known);
  make();
  const made = builder.out;
  builder.out = out;
  if (builder.known !== null) builder.known = known;
  return made;
}

/** Computes a value once, here. */
export function keep(builder: Builder, value: Value): Value {
  if (isSimple(value)) return value;
  const index = newLocal(builder);
  emit(builder, { a: "set", local: index, value });
  return local(index);
}

export const set = (builder: Builder, index: number, value: Value): void =>
  emit(builder, { a: "set", local: index, value });

export const store = (builder: Builder, at: Value, value: Value): void =>
  emit(builder, { a: "store", at, value });

export function when(
  builder: Builder,
  condition: Value,
  then: () => void,
  otherwise: () => void = () => {},
): void {
  if (condition.v === "const") return condition.value === 0 ? otherwise() : then();
  const [yes, no] = [inside(builder, then), inside(builder, otherwise)];
  if (yes.length > 0 || no.length > 0) emit(builder, { a: "if", condition, then: yes, otherwise: no });
}

export function loop(builder: Builder, from: Value, to: Value, body: (at: Value) => void): void {
  const index = newLocal(builder);
  const actions = inside(builder, () => body(local(index)));
  if (actions.length > 0) emit(builder, { a: "loop", local: index, from, to, body: actions });
}

export const leave = (builder: Builder): void => emit(builder, { a: "break" });

export const giveBack = (builder: Builder, value: Value): void => emit(builder, { a: "return", value });
