// Code that moves states: between cells and words, into the table and out of it.

import type { Layout, Slot } from "../packed/layout.ts";
import type { Program } from "../program.ts";
import {
  block,
  type Code,
  choose,
  forRange,
  get,
  giveBack,
  i32,
  i64,
  int,
  leave,
  leaveIf,
  load,
  loadLong,
  long,
  loop,
  repeatWhile,
  set,
  store,
  storeLong,
  toInt,
  toLong,
  toLongU,
  when,
} from "./code.ts";
import type { ModuleBuilder } from "./module.ts";
import { CELL, CONTROL, MODE, type Plan, statusOf } from "./plan.ts";

export const control = (name: keyof typeof CONTROL): Code => load(int(0), CONTROL[name]);
export const setControl = (name: keyof typeof CONTROL, value: Code): Code =>
  store(int(0), value, CONTROL[name]);

/** What follows a loop that is only ever left by a return. */
export const UNREACHABLE = 0x00;

const none = { params: [], results: [] } as const;

/** Stores a value into a cell and remembers what was there: once for each call, and not behind the columns. */
export function definePut(module: ModuleBuilder, program: Program, plan: Plan): number {
  const type = program.wide ? "i64" : "i32";
  const put = module.declare({ params: ["i32", type], results: [] });
  const [at, value, old, mark, count] = [0, 1, 2, 3, 4];
  const read = program.wide ? loadLong(get(at)) : load(get(at));
  const same = program.wide ? i64.equal : i32.equal;
  const write = program.wide ? storeLong : store;
  // Marks have 32 bits each, whatever cells have.
  const place = i32.subtract(get(at), int(plan.cells));
  const ofMark = i32.add(program.wide ? i32.shiftRightU(place, int(1)) : place, int(plan.marks));
  const slot = (size: number): Code => i32.multiply(get(count), int(size));
  module.define(
    put,
    [type, "i32", "i32"],
    [
      set(old, read),
      when(same(get(old), get(value)), giveBack()),
      when(i32.lessU(get(at), int(plan.notes)), [
        set(mark, ofMark),
        when(i32.differ(load(get(mark)), control("epoch")), [
          store(get(mark), control("epoch")),
          set(count, control("changed")),
          store(slot(4), get(at), plan.changed),
          write(slot(plan.cellSize), get(old), plan.before),
          setControl("changed", i32.add(get(count), int(1))),
        ]),
      ]),
      write(get(at), get(value)),
    ],
  );
  return put;
}

/** Puts back what the call changed, and begins the next. */
export function defineRestore(module: ModuleBuilder, program: Program, plan: Plan): number {
  const restore = module.declare(none);
  const [i, count] = [0, 1];
  const at = load(i32.shiftLeft(get(i), int(2)), plan.changed);
  const put = program.wide
    ? storeLong(at, loadLong(i32.shiftLeft(get(i), int(3)), plan.before))
    : store(at, load(i32.shiftLeft(get(i), int(2)), plan.before));
  module.define(
    restore,
    ["i32", "i32"],
    [set(count, control("changed")), forRange(i, int(0), get(count), put), nextCall()],
  );
  return restore;
}

/** 2^32 calls behind each other in one slice of work there are not: the host begins anew before. */
export const nextCall = (): Code => [
  setControl("changed", int(0)),
  setControl("epoch", i32.add(control("epoch"), int(1))),
];

/** Fills the cells of the state from the words at an address, and `present` with these. */
export function defineUnpack(module: ModuleBuilder, program: Program, layout: Layout, plan: Plan): number {
  const unpack = module.declare({ params: ["i32"], results: [] });
  const [from, word] = [0, 1];
  const body = Array.from({ length: layout.words }, (_, number) => [
    set(word, load(get(from), number * 4)),
    store(int(0), get(word), plan.present + number * 4),
    layout.slots.flatMap((slot, i) =>
      slot.word !== number
        ? []
        : [toCell(program, plan, slot, decoded(program, plan, slot, i, get(word), from))],
    ),
  ]);
  module.define(unpack, ["i32"], body);
  return unpack;
}

const toCell = (program: Program, plan: Plan, { cell }: Slot, value: Code): Code =>
  (program.wide ? storeLong : store)(int(0), value, plan.cells + cell * plan.cellSize);

function decoded(
  { wide }: Program,
  plan: Plan,
  { bits, shift, word, codes }: Slot,
  slot: number,
  own: Code,
  from: number,
): Code {
  if (bits > 32) return loadLong(get(from), word * 4);
  const all = bits === 32 || (bits > 0 && shift + bits === 32);
  const part = shift === 0 ? own : i32.shiftRightU(own, int(shift));
  const code = all ? part : i32.and(part, int((1 << bits) - 1));
  switch (codes.by) {
    case "raw":
      return wide ? toLong(code) : code;
    case "offset": {
      if (wide) return i64.add(toLongU(code), long(codes.min));
      return codes.min === 0 ? code : i32.add(code, int(codes.min));
    }
    case "listed": {
      const list = plan.lists[slot] ?? 0;
      return wide ? loadLong(i32.shiftLeft(code, int(3)), list) : load(i32.shiftLeft(code, int(2)), list);
    }
    default:
      return codes satisfies never;
  }
}

/** Makes `successor` of `present` and what was changed; whether anything of the state was. */
export function defineRepack(module: ModuleBuilder, program: Program, layout: Layout, plan: Plan): number {
  const repack = module.declare({ params: [], results: ["i32"] });
  const [i, at, info, word, code, mode, isPacked, low] = [0, 1, 2, 3, 4, 5, 6, 7];
  const cellInfo = (field: Exclude<keyof typeof CELL, "size">): Code => load(get(info), CELL[field]);
  const infoOf = i32.add(
    i32.multiply(
      i32.shiftRightU(i32.subtract(get(at), int(plan.cells)), int(program.wide ? 3 : 2)),
      int(CELL.size),
    ),
    int(plan.cellInfo),
  );
  const value = program.wide ? loadLong(get(at)) : load(get(at));
  const lessMin = program.wide
    ? i64.subtract(value, toLong(cellInfo("min")))
    : i32.subtract(value, cellInfo("min"));
  // A wide difference that is no small natural number becomes one that no count allows.
  const difference = program.wide
    ? [set(low, toInt(lessMin)), when(i64.differ(toLongU(get(low)), lessMin), set(low, int(-1))), get(low)]
    : lessMin;
  const foreign = [setControl("stop", int(statusOf("foreign"))), giveBack(int(0))];
  const search = [
    set(code, int(0)),
    block(
      loop([
        when(i32.atLeastU(get(code), cellInfo("count")), foreign),
        leaveIf(
          program.wide
            ? i64.equal(loadLong(i32.add(cellInfo("list"), i32.shiftLeft(get(code), int(3)))), value)
            : i32.equal(load(i32.add(cellInfo("list"), i32.shiftLeft(get(code), int(2)))), value),
          1,
        ),
        set(code, i32.add(get(code), int(1))),
        leave(0),
      ]),
    ),
  ];
  const within = [
    set(code, difference),
    when(i32.atLeastU(get(code), cellInfo("count")), foreign),
    when(i32.equal(get(mode), int(MODE.listed)), [
      set(code, load(i32.add(cellInfo("list"), i32.shiftLeft(get(code), int(2))))),
      when(i32.equal(get(code), int(-1)), foreign),
    ]),
  ];
  const long64 = program.wide
    ? when(i32.equal(get(mode), int(MODE.long)), [
        storeLong(get(word), loadLong(get(at))),
        set(mode, int(-1)),
      ])
    : [];
  module.define(
    repack,
    ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"],
    [
      Array.from({ length: layout.words }, (_, number) =>
        store(int(0), load(int(0), plan.present + number * 4), plan.successor + number * 4),
      ),
      forRange(i, int(0), control("changed"), [
        set(at, load(i32.shiftLeft(get(i), int(2)), plan.changed)),
        set(info, infoOf),
        set(word, cellInfo("word")),
        when(i32.differ(get(word), int(-1)), [
          set(isPacked, int(1)),
          set(mode, cellInfo("mode")),
          long64,
          when(i32.differ(get(mode), int(-1)), [
            when(
              i32.atMostS(get(mode), int(MODE.listed)),
              within,
              when(
                i32.equal(get(mode), int(MODE.raw)),
                set(code, program.wide ? toInt(value) : value),
                search,
              ),
            ),
            store(
              get(word),
              i32.or(
                i32.and(load(get(word)), cellInfo("clear")),
                i32.shiftLeft(get(code), cellInfo("shift")),
              ),
            ),
          ]),
        ]),
      ]),
      get(isPacked),
    ],
  );
  return repack;
}

/** Puts the hash of the words at an address into a local; the same as in packed/store.ts. */
function hashed({ words }: Layout, from: Code, into: number): Code {
  const mix = (shift: number): Code => i32.xor(get(into), i32.shiftRightU(get(into), int(shift)));
  return [
    set(into, int(words)),
    Array.from({ length: words }, (_, number) =>
      set(
        into,
        i32.rotateLeft(i32.multiply(i32.xor(get(into), load(from, number * 4)), int(0x9e3779b1)), int(15)),
      ),
    ),
    set(into, i32.multiply(mix(16), int(0x85ebca6b))),
    set(into, mix(13)),
  ];
}

export const addressOf = (plan: Plan, state: Code): Code =>
  i32.add(i32.multiply(state, int(plan.stride)), int(plan.states));

/**
 * An entry of the table is a state, counted from 1, in the bits of `tableMask`, and above them those of its hash: so that
 * others in the same row need not be looked at.
 */
const entryOf = (hash: Code, count: Code): Code =>
  i32.or(i32.and(hash, i32.xor(control("tableMask"), int(-1))), count);

/** The address of the entry of `successor` in the table: 0 stands there if it is new. */
export function defineFind(module: ModuleBuilder, layout: Layout, plan: Plan): number {
  const find = module.declare({ params: [], results: ["i32"] });
  const [entry, found, at, mask, hash, table] = [0, 1, 2, 3, 4, 5];
  const isSame = Array.from({ length: layout.words }, (_, number) => number).reduceRight<Code>(
    (rest, number) => {
      const own = i32.equal(load(get(at), number * 4), load(int(0), plan.successor + number * 4));
      return rest.length === 0 ? own : choose("i32", own, rest, int(0));
    },
    [],
  );
  const address = i32.add(get(table), i32.shiftLeft(get(entry), int(2)));
  module.define(find, new Array<"i32">(6).fill("i32"), [
    set(mask, control("tableMask")),
    set(table, control("table")),
    hashed(layout, int(plan.successor), hash),
    setControl("hash", get(hash)),
    set(entry, i32.and(get(hash), get(mask))),
    loop([
      set(found, load(address)),
      when(i32.isZero(get(found)), giveBack(address)),
      when(i32.atMostU(i32.xor(get(found), get(hash)), get(mask)), [
        set(at, addressOf(plan, i32.subtract(i32.and(get(found), get(mask)), int(1)))),
        when(isSame, giveBack(address)),
      ]),
      set(entry, i32.and(i32.add(get(entry), int(1)), get(mask))),
      leave(0),
    ]),
    UNREACHABLE,
  ]);
  return find;
}

/**
 * Whether `successor` was met lately, as packed/store.ts says: then 0, and `met` is the state that stands for it; else the
 * address where it stands from now on, until another one takes its place. Behind its words `rememberAs` puts the state.
 */
export function defineMeet(module: ModuleBuilder, layout: Layout): number {
  const meet = module.declare({ params: ["i32"], results: ["i32"] });
  const [successor, entry, differs] = [0, 1, 2];
  const words = Array.from({ length: layout.words }, (_, number) => number * 4);
  module.define(
    meet,
    ["i32", "i32"],
    [
      hashed(layout, get(successor), entry),
      set(
        entry,
        i32.add(
          i32.multiply(i32.and(get(entry), control("recentMask")), int(recentSize(layout))),
          control("recent"),
        ),
      ),
      words.map((at) =>
        set(differs, i32.or(get(differs), i32.xor(load(get(entry), at), load(get(successor), at)))),
      ),
      when(i32.isZero(get(differs)), [
        setControl("met", load(get(entry), layout.words * 4)),
        giveBack(int(0)),
      ]),
      words.map((at) => store(get(entry), load(get(successor), at), at)),
      get(entry),
    ],
  );
  return meet;
}

/** What is kept of one that was met: its words, and the state that stands for it. */
export const recentSize = ({ words }: Layout): number => (words + 1) * 4;

export const rememberAs = ({ words }: Layout, met: Code, state: Code): Code => store(met, state, words * 4);

/** The state, counted from 1, in an entry that `find` gave; 0: none. */
export const stateIn = (entry: Code): Code => i32.and(load(entry), control("tableMask"));

/** Writes the state with this number, counted from 1, into an entry that `find` gave. */
export const setEntry = (entry: Code, count: Code): Code => store(entry, entryOf(control("hash"), count));

const nextEntry = (local: number): Code =>
  set(local, i32.and(i32.add(get(local), int(1)), control("tableMask")));
const entryAt = (local: number): Code => i32.add(control("table"), i32.shiftLeft(get(local), int(2)));

/** Puts states into a table that is made anew, up to so many; `hashed` says how far it is. */
export function defineRehash(module: ModuleBuilder, layout: Layout, plan: Plan): number {
  const rehash = module.declare({ params: ["i32"], results: [] });
  const [most, state, end, entry, hash, at] = [0, 1, 2, 3, 4, 5];
  module.define(
    rehash,
    ["i32", "i32", "i32", "i32", "i32"],
    [
      set(state, control("hashed")),
      set(end, i32.add(get(state), get(most))),
      when(i32.moreU(get(end), control("count")), set(end, control("count"))),
      repeatWhile(i32.lessU(get(state), get(end)), [
        set(at, addressOf(plan, get(state))),
        hashed(layout, get(at), hash),
        set(entry, i32.and(get(hash), control("tableMask"))),
        repeatWhile(load(entryAt(entry)), nextEntry(entry)),
        set(state, i32.add(get(state), int(1))),
        store(entryAt(entry), entryOf(get(hash), get(state))),
      ]),
      setControl("hashed", get(end)),
    ],
  );
  return rehash;
}
