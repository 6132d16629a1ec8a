// The end of things, in the order in which a Machine ends them: who dies with them, what they let go, who is told.

import { DEEPEST_END, MOST_RELEASES } from "../../model/machine.ts";
import { NONE } from "../../model/values.ts";
import { DANGLING, FLAGS, RUNAWAY, type Value } from "../program.ts";
import { blocksOf, innerKinds, keepsFiles, mostDropped, treeOf } from "./blocks.ts";
import { type Builder, emit, giveBack, keep, leave, loop, store, when } from "./builder.ts";
import { encode, helper, type Lowering, notes, tagOf } from "./context.ts";
import { addressOf, cellOf, hasPlaces, isOfKind } from "./fields.ts";
import { count, startCounting, tellOfBlocks } from "./order.ts";
import { eachPlace, referencedFunction, referring } from "./references.ts";
import { releaseBlock } from "./statements.ts";
import { and, binary, cell, equal, local, not, num, ONE, plus, ZERO } from "./values.ts";

const note = (lowering: Lowering, name: string): Value => num(notes(lowering, name));

const isAny = (lowering: Lowering, name: string): Value => binary("!=", cell(note(lowering, name)), ZERO);

const flag = (builder: Builder, bit: number): void =>
  store(builder, num(FLAGS), binary("|", cell(num(FLAGS)), num(bit)));

const callFor = (builder: Builder, fn: number, ...args: readonly Value[]): void =>
  emit(builder, { a: "call", fn, args, into: null });

// ---------------------------------------------------------------- before and after

/** Forgets what an earlier call may have left in the notes. */
export function startNotes(lowering: Lowering, builder: Builder): void {
  const clear = (name: string): void =>
    when(builder, isAny(lowering, name), () => store(builder, note(lowering, name), ZERO));
  clear("dropped");
  clear("list");
  if (blocksOf(lowering).isWild) {
    when(builder, isAny(lowering, "dying"), () => callFor(builder, cleanDying(lowering)));
    clear("beyond");
  }
  when(builder, isAny(lowering, "dangling"), () => callFor(builder, cleanMarks(lowering)));
  startCounting(lowering, builder);
}

/** Releases what nothing keeps alive any more, and tells whether something dangles. */
export function settle(lowering: Lowering, builder: Builder): void {
  tellOfBlocks(lowering, builder, () =>
    when(builder, isAny(lowering, "dropped"), () => callFor(builder, reapFunction(lowering))),
  );
  when(builder, isAny(lowering, "dangling"), () => flag(builder, DANGLING));
}

const marks = (lowering: Lowering): number => notes(lowering, "marks", lowering.layout.end);

function cleanMarks(lowering: Lowering): number {
  return helper(lowering, "clean marks", 0, (builder) => {
    const from = marks(lowering);
    loop(builder, num(from), num(from + lowering.layout.end), (at) => store(builder, at, ZERO));
    store(builder, note(lowering, "dangling"), ZERO);
  });
}

/** One cell for each thing: is it dying? */
const dyingMarks = (lowering: Lowering): number => {
  const last = lowering.layout.places.at(-1);
  return notes(lowering, "dying things", (last?.base ?? 0) + (last?.count ?? 0));
};

function cleanDying(lowering: Lowering): number {
  return helper(lowering, "clean dying", 0, (builder) => {
    const last = lowering.layout.places.at(-1);
    const from = dyingMarks(lowering);
    const count = (last?.base ?? 0) + (last?.count ?? 0);
    loop(builder, num(from), num(from + count), (at) => store(builder, at, ZERO));
    store(builder, note(lowering, "dying"), ZERO);
  });
}

// ---------------------------------------------------------------- dangling references

/** The field was set, or emptied, by the proposal itself: it does not dangle. */
export function forgive(lowering: Lowering, builder: Builder, address: Value): void {
  when(builder, isAny(lowering, "dangling"), () => {
    const mark = plus(keep(builder, address), marks(lowering));
    when(builder, cell(mark), () => {
      store(builder, mark, ZERO);
      store(builder, note(lowering, "dangling"), plus(cell(note(lowering, "dangling")), -1));
    });
  });
}

function dangle(lowering: Lowering, builder: Builder, address: Value): void {
  const mark = plus(keep(builder, address), marks(lowering));
  when(builder, not(cell(mark)), () => {
    store(builder, mark, ONE);
    store(builder, note(lowering, "dangling"), plus(cell(note(lowering, "dangling")), 1));
  });
}

// ---------------------------------------------------------------- files to be released

/** A file lost a handle or a reference. */
export function drop(lowering: Lowering, builder: Builder, file: Value): void {
  const most = mostDropped(lowering);
  const queue = notes(lowering, "queue", most);
  const fn = helper(lowering, "drop", 1, (inner) => {
    const count = keep(inner, cell(note(lowering, "dropped")));
    when(inner, binary("<", count, num(most)), () => {
      store(inner, plus(count, queue), local(0));
      store(inner, note(lowering, "dropped"), plus(count, 1));
    });
  });
  callFor(builder, fn, file);
}

function reapFunction(lowering: Lowering): number {
  return helper(lowering, "reap", 0, (builder) => {
    const most = mostDropped(lowering);
    const queue = notes(lowering, "queue", most);
    const dropped = note(lowering, "dropped");
    const files = lowering.system.kinds.filter(({ id, sort }) => sort === "fd" && hasPlaces(lowering, id));
    loop(builder, ZERO, num(most), (at) => {
      when(builder, binary(">=", at, cell(dropped)), () => leave(builder));
      if (most > MOST_RELEASES) {
        when(builder, binary(">", at, num(MOST_RELEASES)), () => {
          flag(builder, RUNAWAY);
          leave(builder);
        });
      }
      const file = keep(builder, cell(binary("+", at, num(queue))));
      for (const { id, alive, holders } of files) {
        const referenced = referencedFunction(lowering, id);
        const isKept: Value = referenced === null ? ZERO : { v: "call", fn: referenced, args: [file] };
        const isFree = and(
          and(cellOf(lowering, alive, file), equal(cellOf(lowering, holders, file), ZERO)),
          not(isKept),
        );
        const isIt = files.length === 1 && !blocksOf(lowering).isWild ? ONE : isOfKind(lowering, file, id);
        when(builder, and(isIt, isFree), () => callFor(builder, killFunction(lowering, id, true), file));
      }
    });
    store(builder, dropped, ZERO);
  });
}

// ---------------------------------------------------------------- the end

/** `isFree`: nothing strong refers to it. */
export function killFunction(lowering: Lowering, kind: number, isFree: boolean): number {
  const { isWild } = blocksOf(lowering);
  const { name, alive } = lowering.system.kinds[kind] ?? { name: "", alive: 0 };
  const tree = treeOf(lowering, kind);
  const runs = tree.some((each) => (lowering.system.kinds[each]?.on.release ?? null) !== null);
  const isUnreferenced = isFree && !runs;
  return helper(lowering, `end ${name}${isUnreferenced ? " unreferenced" : ""}`, 1, (builder) => {
    const thing = local(0);
    when(builder, not(cellOf(lowering, alive, thing)), () => giveBack(builder, ZERO));
    count(lowering, builder, "ended", kind);
    if (tree.length === 1 && !runs && !isWild) {
      reset(lowering, builder, kind, thing);
      return forget(lowering, builder, kind, thing, isUnreferenced);
    }
    if (isWild) {
      when(builder, cell(plus(thing, dyingMarks(lowering))), () => giveBack(builder, ZERO));
      when(builder, binary(">", cell(note(lowering, "dying")), num(DEEPEST_END)), () => {
        flag(builder, RUNAWAY);
        giveBack(builder, ZERO);
      });
    }
    const top = note(lowering, "list");
    const from = keep(builder, cell(top));
    callFor(builder, collectFunction(lowering, kind), thing);
    const to = keep(builder, cell(top));
    const list = listOf(lowering);
    const eachDying = (visit: (inner: number, dead: Value) => void): void =>
      loop(builder, from, to, (at) => {
        const dead = keep(builder, cell(binary("+", at, num(list))));
        for (const inner of tree) when(builder, isOfKind(lowering, dead, inner), () => visit(inner, dead));
      });
    eachDying((inner, dead) => callFor(builder, resetFunction(lowering, inner), dead));
    if (isWild) {
      loop(builder, from, to, (at) => {
        const dead = keep(builder, cell(binary("+", at, num(list))));
        store(builder, plus(dead, dyingMarks(lowering)), ZERO);
      });
      const count = note(lowering, "dying");
      store(builder, count, binary("-", cell(count), binary("-", to, from)));
    }
    eachDying((inner, dead) => {
      const isTop = inner === kind && isUnreferenced;
      callFor(builder, forgetFunction(lowering, inner, isTop), dead);
    });
    store(builder, top, from);
  });
}

/** The things that are dying in this call: a stack, for they may die inside each other's blocks. */
const listOf = (lowering: Lowering): number => {
  const last = lowering.layout.places.at(-1);
  return notes(lowering, "dying list", (last?.base ?? 0) + (last?.count ?? 0) + 1);
};

/** A thing and what lives in it, outer first. */
function collectFunction(lowering: Lowering, kind: number): number {
  const { name, alive, on } = lowering.system.kinds[kind] ?? { name: "", alive: 0, on: null };
  return helper(lowering, `collect ${name}`, 1, (builder) => {
    const thing = local(0);
    when(builder, not(cellOf(lowering, alive, thing)), () => giveBack(builder, ZERO));
    if (blocksOf(lowering).isWild) {
      const mark = plus(thing, dyingMarks(lowering));
      when(builder, cell(mark), () => giveBack(builder, ZERO));
      store(builder, mark, ONE);
      store(builder, note(lowering, "dying"), plus(cell(note(lowering, "dying")), 1));
    }
    const top = keep(builder, cell(note(lowering, "list")));
    store(builder, plus(top, listOf(lowering)), thing);
    store(builder, note(lowering, "list"), plus(top, 1));
    if (on !== null && on.release !== null) callFor(builder, releaseBlock(lowering, kind), thing);
    for (const inner of innerKinds(lowering, kind)) {
      eachPlace(lowering, builder, inner.id, (each) => {
        const isInside = equal(cellOf(lowering, inner.ownerField, each), thing);
        when(builder, isInside, () => callFor(builder, collectFunction(lowering, inner.id), each));
      });
    }
  });
}

const nameOf = ({ system }: Lowering, kind: number): string => system.kinds[kind]?.name ?? "";

const resetFunction = (lowering: Lowering, kind: number): number =>
  helper(lowering, `reset ${nameOf(lowering, kind)}`, 1, (builder) =>
    reset(lowering, builder, kind, local(0)),
  );

/** Its fields are as at birth, and it lives no more. */
function reset(lowering: Lowering, builder: Builder, kind: number, thing: Value): void {
  const { fields = [], alive = 0, holders = 0, sort } = lowering.system.kinds[kind] ?? {};
  for (const id of fields) {
    const field = lowering.system.fields[id];
    if (field === undefined) continue;
    const address = addressOf(lowering, id, thing);
    if (field.strong) forgive(lowering, builder, address);
    if (keepsFiles(lowering, id) || (field.strong && blocksOf(lowering).isWild)) {
      const old = keep(builder, cell(address));
      when(builder, binary(">=", old, ZERO), () => drop(lowering, builder, old));
    }
    store(builder, address, num(encode(lowering, tagOf(field.type), field.initial)));
  }
  if (sort === "fd") store(builder, addressOf(lowering, holders, thing), ZERO);
  store(builder, addressOf(lowering, alive, thing), ZERO);
}

const forgetFunction = (lowering: Lowering, kind: number, isUnreferenced: boolean): number =>
  helper(lowering, `forget ${nameOf(lowering, kind)}${isUnreferenced ? " unreferenced" : ""}`, 1, (builder) =>
    forget(lowering, builder, kind, local(0), isUnreferenced),
  );

/** Fields that still refer to it are emptied; the strong ones dangle. */
function forget(
  lowering: Lowering,
  builder: Builder,
  kind: number,
  dead: Value,
  isUnreferenced: boolean,
): void {
  const { system } = lowering;
  const fields = referring(lowering, kind, ({ birth, strong }) => !birth && !(strong && isUnreferenced));
  const isFile = system.kinds[kind]?.sort === "fd";
  for (const [owner, own] of fields) {
    eachPlace(lowering, builder, owner, (thing) => {
      for (const id of own) {
        const address = addressOf(lowering, id, thing);
        when(builder, equal(cell(address), dead), () => {
          store(builder, address, num(NONE));
          if (system.fields[id]?.strong !== true) return;
          if (isFile || blocksOf(lowering).isWild) drop(lowering, builder, dead);
          dangle(lowering, builder, address);
        });
      }
    });
  }
}
