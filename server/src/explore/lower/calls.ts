// The calls of a problem as functions: one for each sort of call, with things as parameters. Plain values, and which
// kind a thing is of, are part of the sort.

import type { Stmt } from "../../model/ir.ts";
import { codeOf } from "../../model/same-code.ts";
import type { Operation, Parameter, Type } from "../../model/system.ts";
import { HARDWARE } from "../../model/system.ts";
import { kindOf, NONE, reference } from "../../model/values.ts";
import { isId } from "../calls.ts";
import { flatten } from "../expressions.ts";
import type { GroundCall } from "../problem.ts";
import { BEYOND, DONE, FAILED, type Program, REFUSED, type Value } from "../program.ts";
import { blocksOf, canEnd } from "./blocks.ts";
import { type Builder, createBuilder, emit, giveBack, keep, newLocal, store, when } from "./builder.ts";
import {
  addFunction,
  blame,
  computed,
  encode,
  type Frame,
  flowInto,
  helper,
  known,
  type Low,
  type Lowering,
  notes,
  Unsupported,
  valueAs,
} from "./context.ts";
import { bitOf, holdsBit } from "./expressions.ts";
import { addressOf, cellOf, hasPlaces } from "./fields.ts";
import { settle, startNotes } from "./lifetime.ts";
import { lowerPart } from "./parts.ts";
import { eachPlace } from "./references.ts";
import { refusalsOf } from "./refusals.ts";
import { blockFunction, type Ends, freePlace, run } from "./statements.ts";
import { usesIn } from "./uses.ts";
import { and, binary, cell, choose, equal, isNumber, local, not, num, ONE, ZERO } from "./values.ts";

type Call = Program["calls"][number];

export function lowerCalls(lowering: Lowering): Call[] {
  const { calls } = lowering.problem;
  const all: Call[] = [];
  for (let from = 0; from < calls.length; ) {
    const [first] = calls.slice(from, from + 1);
    if (first === undefined) break;
    let to = from + 1;
    while (to < calls.length && isOfSame(first, calls[to])) to++;
    const run = calls.slice(from, to);
    const part =
      first.do === "open"
        ? lowerPart(lowering, [run], () => run.map((each) => lowerGround(lowering, each, null)))
        : lowerPart(lowering, partOf(first.operation, run), () => lowerRun(lowering, first.operation, run));
    all.push(...part);
    from = to;
  }
  return all;
}

const isOfSame = (one: GroundCall, other: GroundCall | undefined): boolean =>
  one.do === "call" && other?.do === "call" ? one.operation === other.operation : one.do === other?.do;

const partOf = ({ name, params, body }: Operation, run: readonly GroundCall[]): readonly unknown[] => [
  ...[name, params, codeOf(body)],
  run.map(({ task }) => task),
  run.map((ground) => (ground.do === "call" ? ground.args : [])),
];

function lowerRun(lowering: Lowering, operation: Operation, run: readonly GroundCall[]): Call[] {
  const known: Known = {
    isRefused: refusalsOf(lowering, operation),
    isPassed: operation.params.map((_, i) => isId(lowering.system, operation, i)),
  };
  return run.map((ground) => lowerGround(lowering, ground, known));
}

/** Of an operation. */
interface Known {
  readonly isRefused: (args: readonly number[]) => boolean;
  /** By parameter. */
  readonly isPassed: readonly boolean[];
}

function lowerGround(lowering: Lowering, ground: GroundCall, known: Known | null): Call {
  const functionOf = (key: string, make: () => number): number => {
    let fn = lowering.made.get(key);
    if (fn === undefined) {
      fn = make();
      lowering.made.set(key, fn);
    }
    return fn;
  };
  if (ground.do === "open") {
    const fn = functionOf(`open ${ground.kind} ${ground.hole === NONE}`, () => lowerOpen(lowering, ground));
    const hole = ground.hole === NONE ? [] : [encode(lowering, "thing", ground.hole)];
    return asCall(lowering, ground, fn, hole, []);
  }
  const { operation } = ground;
  if (known?.isRefused(ground.args) === true) {
    const refuse = helper(lowering, "refuse", 0, (builder) => giveBack(builder, num(REFUSED)));
    return { fn: refuse, args: [], holds: [] };
  }
  const sorts = operation.params.map((param, i) =>
    sortOf(param, ground.args[i] ?? NONE, known?.isPassed[i] ?? false),
  );
  const key = `${operation.name} ${sorts.map((sort) => (sort.is === "thing" ? `k${sort.kind}` : sort.is === "id" ? "id" : sort.raw)).join()}`;
  const fn = functionOf(key, () => lowerCall(lowering, operation, sorts));
  const things: number[] = [];
  const numbers: number[] = [];
  sorts.forEach((sort, i) => {
    const raw = ground.args[i] ?? NONE;
    if (sort.is === "thing") things.push(encode(lowering, "thing", raw));
    if (sort.is === "id") numbers.push(raw);
  });
  return asCall(lowering, ground, fn, things, numbers);
}

function asCall(
  { problem, layout }: Lowering,
  { task }: GroundCall,
  fn: number,
  things: readonly number[],
  numbers: readonly number[],
): Call {
  const base = layout.places[HARDWARE.task]?.base ?? 0;
  const own = problem.bounds.tasks.length > 1 ? [base + task, ...things] : things;
  return {
    fn,
    args: [...own, ...numbers],
    holds: [...own.map(() => "thing" as const), ...numbers.map(() => "plain" as const)],
  };
}

/** What is passed as a parameter, and what is part of the function. */
type Sort =
  | { readonly is: "thing"; readonly kind: number }
  | { readonly is: "id" }
  | { readonly is: "value"; readonly raw: number };

function sortOf({ type }: Parameter, raw: number, isPassed: boolean): Sort {
  if (type.base === "value" && raw >= 0) return { is: "thing", kind: kindOf(raw) };
  return isPassed && raw !== NONE ? { is: "id" } : { is: "value", raw };
}

interface Started {
  readonly builder: Builder;
  readonly caller: Low;
}

/** With more than one task the caller is the first parameter. */
function start(lowering: Lowering): Started {
  const builder = createBuilder(0);
  if (lowering.problem.bounds.tasks.length === 1)
    return { builder, caller: known(reference(HARDWARE.task, 0)) };
  const value = local(newLocal(builder));
  return { builder, caller: computed(value, { tag: "thing", kinds: [HARDWARE.task], maybe: false }) };
}

function lowerCall(lowering: Lowering, operation: Operation, sorts: readonly Sort[]): number {
  const { builder, caller } = start(lowering);
  const env = new Map<number, Low>();
  // Things first, then numbers.
  for (const wanted of ["thing", "id"] as const) {
    sorts.forEach((sort, slot) => {
      if (sort.is !== wanted) return;
      const kinds = sort.is === "thing" ? [sort.kind] : [];
      const tag = sort.is === "thing" ? "thing" : "plain";
      env.set(slot, computed(local(newLocal(builder)), { tag, kinds, maybe: false }));
    });
  }
  const params = builder.locals;
  const uses = usesIn(lowering, operation.body);
  const frame: Frame = { lowering, builder, env, caller, name: operation.name, killed: false, uses };
  builder.known = new Map();
  sorts.forEach((sort, slot) => {
    if (sort.is === "value") env.set(slot, known(sort.raw));
  });
  blame(operation.name, () => {
    for (const [slot, param] of operation.params.entries()) takeHandle(frame, param, slot);
    runBody(frame, operation.body);
  });
  return addFunction(lowering, nameOf(operation, sorts), params, builder);
}

function takeHandle(frame: Frame, { type, explicit }: Parameter, slot: number): void {
  const { builder, env } = frame;
  const low = env.get(slot) ?? known(NONE);
  const good = goodHandle(frame, type, low);
  if (isNumber(good, 1)) return;
  // What the body asks about itself comes in as none when it is no good.
  if (!explicit) when(builder, not(good), () => giveBack(builder, num(REFUSED)));
  else if (low.is === "value")
    env.set(slot, { ...low, value: keep(builder, choose(good, low.value, num(NONE))), maybe: true });
  else throw new Unsupported("a set of things that may be dead is asked about");
}

/** What needs notes begins where something can end for the first time. */
function runBody(frame: Frame, body: readonly Stmt[]): void {
  const { lowering, builder } = frame;
  const start = builder.out.length;
  const first = body.findIndex((statement) => canEnd(lowering, [statement]));
  const [before, behind] = first === -1 ? [body, []] : [body.slice(0, first), body.slice(first)];
  const ends = endsOf(frame, false);
  if (run(frame, before, ends)) {
    if (first === -1) ends.done();
    else {
      const settling = endsOf(frame, true);
      startNotes(lowering, builder);
      if (run(frame, behind, settling)) settling.done();
    }
  }
  noteCaller(frame, start);
}

/** Functions that the call uses find the caller in a note. */
function noteCaller({ lowering, builder, caller }: Frame, at: number): void {
  const note = lowering.notes.get("caller");
  if (caller.is === "value" && note !== undefined)
    builder.out.splice(at, 0, { a: "store", at: num(note), value: caller.value });
}

/** Whether the caller can pass it: it is alive, and a file is open in its task. */
function goodHandle(frame: Frame, type: Type | null, low: Low): Value {
  const { lowering } = frame;
  if (low.is === "pair" || (low.is === "known" && low.raw < 0)) return ONE;
  if (type?.base === "set" && type.element?.base === "value" && low.is === "known")
    return lowering.system.values
      .setOf(low.raw)
      .map((member) => goodHandle(frame, type.element, known(member)))
      .reduce((a, b) => and(a, b), ONE);
  const [kindId] = low.is === "value" ? low.kinds : [kindOf(low.raw)];
  const kind = type?.base === "value" ? lowering.system.kinds[kindId ?? -1] : undefined;
  if (kind === undefined || kind.sort === "hardware") return ONE;
  const thing = valueAs(lowering, low, "thing");
  return kind.sort === "fd"
    ? holdsBit(frame, cellOf(lowering, kind.holders, thing), frame.caller)
    : cellOf(lowering, kind.alive, thing);
}

const nameOf = ({ name, params }: Operation, sorts: readonly Sort[]): string =>
  `${name}(${sorts.map((sort, i) => (sort.is === "value" ? `${params[i]?.name}: ${sort.raw}` : params[i]?.name)).join(", ")})`;

/** `isEnding`: things may have ended by then. */
function endsOf({ lowering, builder }: Frame, isEnding: boolean): Ends {
  const finish = (result: number): void => {
    if (isEnding) settle(lowering, builder);
    if (isEnding && blocksOf(lowering).made.size > 0)
      when(builder, cell(num(notes(lowering, "beyond"))), () => giveBack(builder, num(BEYOND)));
    giveBack(builder, num(result));
  };
  return {
    refused: () => giveBack(builder, num(REFUSED)),
    failed: () => finish(FAILED),
    done: () => finish(DONE),
    beyond: () => giveBack(builder, num(BEYOND)),
  };
}

function lowerOpen(lowering: Lowering, ground: Extract<GroundCall, { do: "open" }>): number {
  const kind = lowering.system.kinds[ground.kind];
  const { builder, caller } = start(lowering);
  const hole = ground.hole === NONE ? null : local(newLocal(builder));
  const params = builder.locals;
  const name = `open ${kind?.name}`;
  if (kind === undefined || !hasPlaces(lowering, kind.id)) {
    giveBack(builder, num(BEYOND));
    return addFunction(lowering, name, params, builder);
  }
  const frame: Frame = {
    lowering,
    builder,
    env: new Map(),
    caller,
    name,
    killed: false,
    uses: usesIn(lowering, kind.on.open?.body ?? []),
  };
  const field = kind.path?.hole?.field;
  const body = kind.on.open?.body ?? [];
  const all = flatten(body);
  const isPlain = all.every((each) => each.do === "require" || each.do === "let" || each.do === "assign");
  const exclude = (own: Value): void =>
    eachPlace(lowering, builder, kind.id, (other) => {
      const isSame = field === undefined || hole === null ? ONE : equal(cellOf(lowering, field, other), hole);
      const isOther = isNumber(own, NONE) ? ONE : binary("!=", other, own);
      when(builder, and(cellOf(lowering, kind.alive, other), and(isOther, isSame)), () =>
        giveBack(builder, num(REFUSED)),
      );
    });
  // Who is there already cannot change while the block only looks, so it is asked first.
  if (kind.exclusive && isPlain) exclude(num(NONE));
  const isEnding = canEnd(lowering, body);
  const ends = endsOf(frame, isEnding);
  const begin = builder.out.length;
  if (isEnding) startNotes(lowering, builder);
  const file = keep(
    builder,
    freePlace(frame, kind.id, (id) => (id === field ? (hole ?? undefined) : undefined)),
  );
  when(builder, binary("<", file, ZERO), ends.beyond);
  store(builder, addressOf(lowering, kind.alive, file), ONE);
  store(builder, addressOf(lowering, kind.holders, file), bitOf(frame, caller));
  if (field !== undefined && hole !== null) {
    store(builder, addressOf(lowering, field, file), hole);
    flowInto(lowering, field, known(ground.hole));
  }
  if (all.every((each) => each.do !== "return" && each.do !== "fail")) {
    frame.env.set(0, computed(file, { tag: "thing", kinds: [kind.id], maybe: false }));
    run(frame, body, ends);
  } else {
    const refused = newLocal(builder);
    emit(builder, { a: "call", fn: blockFunction(lowering, kind.id, "open"), args: [file], into: refused });
    when(builder, local(refused), ends.refused);
    const made = all.some((each) => each.do === "new");
    if (made) when(builder, cell(num(notes(lowering, "beyond"))), ends.beyond);
  }
  if (kind.exclusive && !isPlain) exclude(file);
  ends.done();
  noteCaller(frame, begin);
  return addFunction(lowering, name, params, builder);
}
