// The search as a WebAssembly module: the loop around the functions of a program, which it imports. Breadth first over
// packed states, as in packed/search.ts, which says the same in JavaScript.

import { NOWHERE, SHIFT, STATE } from "../packed/graph.ts";
import type { Layout } from "../packed/layout.ts";
import { entriesOf, type Form, isRefused } from "../packed/shape.ts";
import { argumentsOf, type Symmetry } from "../packed/symmetry.ts";
import { DONE, FAILED, HEADER, ORDER, type Program } from "../program.ts";
import { addOrbit, type CanonicalFunctions, defineCanonical, isRepeated } from "./canonical.ts";
import { nothing } from "./canonical-parts.ts";
import {
  type Code,
  call,
  drop,
  f64Divide,
  f64Less,
  f64Number,
  get,
  giveBack,
  i32,
  int,
  leave,
  load,
  long,
  loop,
  set,
  store,
  storeLong,
  tee,
  toInt,
  when,
} from "./code.ts";
import { type Compiled, callWith, importFunctions } from "./functions.ts";
import { createModule, type ModuleBuilder } from "./module.ts";
import { type Plan, type STATUS, statusOf } from "./plan.ts";
import {
  addressOf,
  control,
  defineFind,
  defineMeet,
  defineRehash,
  defineRepack,
  defineRestore,
  defineUnpack,
  nextCall,
  rememberAs,
  setControl,
  setEntry,
  stateIn,
  UNREACHABLE,
} from "./states.ts";
import type { Tables } from "./tables.ts";
import { defineTidy } from "./tidy.ts";

/** What is needed to let one state stand for all equal ones. */
interface Symmetric {
  readonly symmetry: Symmetry;
  readonly tables: Tables;
  readonly functions: CanonicalFunctions;
  readonly tidy: number | null;
  readonly meet: number;
}

interface Parts {
  readonly module: ModuleBuilder;
  readonly program: Program;
  readonly layout: Layout;
  readonly plan: Plan;
  readonly symmetric: Symmetric | null;
  readonly compiled: Compiled;
  readonly restore: number;
  readonly find: number;
}

/** What the search imports for each of `entriesOf`. */
export const entryName = (index: number): string => `e${index}`;

/** The bytes of the module. It exports `begin`, `run`, `rehash`, and with symmetry `orbit`. */
export function emitSearch(
  program: Program,
  { layout, symmetry }: Form,
  plan: Plan,
  tables: Tables | null,
): Uint8Array {
  const module = createModule();
  const compiled = importFunctions(
    program,
    module,
    entriesOf(program).map((fn, i) => [fn, entryName(i)]),
  );
  const find = defineFind(module, layout, plan);
  const restore = defineRestore(module, program, plan);
  const repack = defineRepack(module, program, layout, plan);
  const symmetric =
    symmetry === null || tables === null
      ? null
      : {
          ...{ symmetry, tables },
          functions: defineCanonical({ module, symmetry, layout, plan, tables }),
          tidy: defineTidy({ module, symmetry, layout, plan, tables }),
          meet: defineMeet(module, layout),
        };
  const parts: Parts = { module, program, layout, plan, symmetric, compiled, restore, find };
  const loadState = defineLoad(parts, defineUnpack(module, program, layout, plan));
  const judge = defineJudge(parts);
  const add = defineAdd(parts);
  const arrive = defineArrive(parts, repack, add, judge);
  const finish = defineFinish(parts, arrive);
  const expand = defineExpand(parts, finish);
  module.exportAs("begin", defineBegin(parts, loadState, add, judge));
  module.exportAs("run", defineRun(parts, loadState, expand));
  module.exportAs("rehash", defineRehash(module, layout, plan));
  if (symmetric !== null) module.exportAs("orbit", defineOrbit(parts, symmetric));
  return module.bytes();
}

/** Makes a state the present one. */
function defineLoad({ module, program, plan, compiled }: Parts, unpack: number): number {
  const fn = module.declare({ params: ["i32"], results: [] });
  const header = Array.from({ length: HEADER }, (_, cell) => {
    const at = plan.cells + cell * plan.cellSize;
    return program.wide ? storeLong(int(0), long(0), at) : store(int(0), int(0), at);
  });
  const derive = program.derive === -1 ? [] : drop(callWith(program, compiled, program.derive, []));
  module.define(
    fn,
    [],
    [call(unpack, i32.add(addressOf(plan, get(0)), int(plan.words))), header, derive, nextCall()],
  );
  return fn;
}

/** Flags have 32 bits, the lower half of a wide cell. */
const flagCell = ({ plan }: Parts, cell: number): Code => load(int(0), plan.cells + cell * plan.cellSize);

export const goalAt = (plan: Plan, goal: number): number => plan.goals + goal * 12;

/** Notes that a goal was found; its place is: still open, from, by. */
const foundGoal = (plan: Plan, goal: number, by: number): Code => [
  store(int(0), int(0), goalAt(plan, goal)),
  store(int(0), control("at"), goalAt(plan, goal) + 4),
  store(int(0), get(by), goalAt(plan, goal) + 8),
  setControl("open", i32.subtract(control("open"), int(1))),
  when(i32.isZero(control("open")), setControl("stop", int(statusOf("found")))),
];

/** Looks for open goals that hold in the present state. */
function defineJudge({ module, program, plan, compiled }: Parts): number {
  const fn = module.declare({ params: ["i32"], results: [] });
  const each = program.goals.map((goal, i) => {
    if (goal.fn === -1) return [];
    const value = callWith(program, compiled, goal.fn, []);
    return when(load(int(0), goalAt(plan, i)), [
      when(i32.equal(program.wide ? toInt(value) : value, int(1)), foundGoal(plan, i, 0)),
    ]);
  });
  module.define(fn, [], each);
  return fn;
}

/** Adds `successor`, for which an entry of the table is free, with its `from` and `by`, and the words it was found as. */
function defineAdd({ module, layout, plan, symmetric }: Parts): number {
  const fn = module.declare({ params: ["i32", "i32", "i32"], results: [] });
  const [entry, by, found, at, count] = [0, 1, 2, 3, 4];
  const words = Array.from({ length: layout.words }, (_, number) => number * 4);
  module.define(
    fn,
    ["i32", "i32"],
    [
      set(count, control("count")),
      set(at, addressOf(plan, get(count))),
      words.map((word) => store(get(at), load(int(0), plan.successor + word), word)),
      symmetric === null
        ? []
        : [
            words.map((word) => store(get(at), load(get(found), word), plan.words + word)),
            call(symmetric.functions.mark),
            Array.from({ length: plan.equalWords }, (_, word) =>
              store(get(at), load(int(0), symmetric.tables.marks + word * 4), plan.equals + word * 4),
            ),
          ],
      store(get(at), control("at"), layout.words * 4),
      store(get(at), get(by), layout.words * 4 + 4),
      set(count, i32.add(get(count), int(1))),
      setEntry(get(entry), get(count)),
      setControl("count", get(count)),
      setControl("hashed", get(count)),
    ],
  );
  return fn;
}

/** Takes the present cells as a state that the call leads to. Gives the one that stands for it. */
function defineArrive(parts: Parts, repack: number, add: number, judge: number): number {
  const { module, layout, plan, find, symmetric } = parts;
  const fn = module.declare({ params: ["i32"], results: ["i32"] });
  const [by, entry, words, to, exchanges] = [0, 1, 2, 3, 4];
  module.define(
    fn,
    ["i32", "i32", "i32", "f64"],
    [
      when(i32.isZero(call(repack)), giveBack(int(NOWHERE))),
      symmetric === null
        ? []
        : [
            symmetric.tidy === null ? [] : call(symmetric.tidy),
            set(
              words,
              call(symmetric.meet, int(symmetric.tidy === null ? plan.successor : symmetric.tables.tidy)),
            ),
            when(i32.isZero(get(words)), giveBack(control("met"))),
            Array.from({ length: layout.words }, (_, word) =>
              store(int(0), load(int(0), plan.successor + word * 4), symmetric.tables.raw + word * 4),
            ),
            set(exchanges, call(symmetric.functions.settle)),
          ],
      set(entry, call(find)),
      set(to, i32.subtract(stateIn(get(entry)), int(1))),
      when(i32.equal(get(to), int(-1)), set(to, control("count"))),
      symmetric === null ? [] : rememberAs(layout, get(words), get(to)),
      when(load(get(entry)), giveBack(get(to))),
      when(
        i32.lessU(control("count"), control("mostStates")),
        [
          call(add, get(entry), get(by), int(symmetric?.tables.raw ?? 0)),
          countOrbit(parts, exchanges),
          call(judge, get(by)),
        ],
        [
          call(judge, get(by)),
          when(i32.isZero(control("stop")), setControl("stop", int(statusOf("states")))),
        ],
      ),
      get(to),
    ],
  );
  return fn;
}

/** `exchanges` is a local with what `settle` gave. */
function countOrbit({ symmetric, plan }: Parts, exchanges: number): Code {
  if (symmetric === null) return [];
  const { symmetry, functions } = symmetric;
  return [
    when(f64Less(get(exchanges), f64Number(0)), set(exchanges, call(functions.exchanges))),
    addOrbit(plan.orbits, symmetry.size, get(exchanges)),
  ];
}

/** How many states one of those that were found stands for. */
function defineOrbit({ module, layout, plan }: Parts, { symmetry, functions }: Symmetric): number {
  const fn = module.declare({ params: ["i32"], results: ["f64"] });
  const [state, exchanges] = [0, 1];
  module.define(
    fn,
    ["f64"],
    [
      Array.from({ length: layout.words }, (_, word) =>
        store(int(0), load(addressOf(plan, get(state)), plan.words + word * 4), plan.successor + word * 4),
      ),
      set(exchanges, call(functions.settle)),
      when(f64Less(get(exchanges), f64Number(0)), set(exchanges, call(functions.exchanges))),
      f64Divide(f64Number(symmetry.size), get(exchanges)),
    ],
  );
  return fn;
}

/** What follows a call that gave a result; whether to stop. */
function defineFinish(parts: Parts, arrive: number): number {
  const { module, program, plan, restore } = parts;
  const fn = module.declare({ params: ["i32", "i32"], results: ["i32"] });
  const [result, by, to, at] = [0, 1, 2, 3];
  const flags = program.goals.map((goal, i) => {
    const isMet = goal.flags
      .map(({ cell, bits }) => i32.and(flagCell(parts, cell), int(bits)))
      .reduce<Code>((all, each) => (all.length === 0 ? each : i32.or(all, each)), []);
    if (isMet.length === 0) return [];
    return when(load(int(0), goalAt(plan, i)), when(isMet, foundGoal(plan, i, by)));
  });
  const isStep = i32.or(i32.equal(get(result), int(DONE)), i32.equal(get(result), int(FAILED)));
  module.define(
    fn,
    ["i32", "i32"],
    [
      when(isStep, [
        setControl("transitions", i32.add(control("transitions"), int(1))),
        store(i32.shiftLeft(get(by), int(2)), int(1), plan.succeeded),
        set(to, int(NOWHERE)),
        when(control("changed"), [flags, set(to, call(arrive, get(by)))]),
        log(at, i32.or(i32.shiftLeft(get(by), int(SHIFT)), get(to))),
      ]),
      when(control("changed"), [heed(parts), call(restore)]),
      control("stop"),
    ],
  );
  return fn;
}

/** Writes what graph.ts reads, if it is wanted. */
const log = (local: number, word: Code): Code =>
  when(tee(local, control("log")), [store(get(local), word), setControl("log", i32.add(get(local), int(4)))]);

const heed = (parts: Parts): Code => {
  if (parts.symmetric === null) return [];
  const met = i32.and(flagCell(parts, ORDER), int(~parts.symmetric.symmetry.ordered));
  return when(met, [
    setControl("order", i32.or(control("order"), met)),
    setControl("stop", int(statusOf("order"))),
  ]);
};

/** Tries every call that is wanted in the present state. */
function defineExpand(parts: Parts, finish: number): number {
  const { module, program, plan, compiled, symmetric } = parts;
  const fn = module.declare(nothing);
  const result = 0;
  const marks = Array.from({ length: plan.equalWords }, (_, word) => result + 1 + word);
  const things = symmetric === null ? [] : argumentsOf(program);
  const entries = entriesOf(program);
  const attempts = program.calls.map(({ fn: number, args }, i) => {
    if (isRefused(program, i)) return [];
    const value = callWith(program, compiled, number, args);
    const attempt = when(i32.or(tee(result, program.wide ? toInt(value) : value), control("changed")), [
      when(call(finish, get(result), int(i)), giveBack()),
    ]);
    const repeated = symmetric === null ? null : isRepeated(symmetric.symmetry, marks, things[i] ?? null);
    return repeated === null ? attempt : when(i32.isZero(repeated), attempt);
  });
  const marked = marks.map((local, word) =>
    set(local, load(addressOf(plan, control("at")), plan.equals + word * 4)),
  );
  // Calls of a function mostly stand behind each other.
  const wanted: Code[] = [];
  for (let i = 0; i < attempts.length; ) {
    const start = i;
    const number = program.calls[start]?.fn ?? -1;
    while (program.calls[i]?.fn === number) i++;
    const isWanted = load(int(0), plan.wanted + entries.indexOf(number) * 4);
    wanted.push(when(isWanted, attempts.slice(start, i)));
  }
  module.define(fn, ["i32", ...marks.map(() => "i32" as const)], [marked, log(result, int(STATE)), wanted]);
  return fn;
}

/** The state in `successor`, and in `present`, is the first. */
function defineBegin(parts: Parts, loadState: number, add: number, judge: number): number {
  const { module, plan, find, symmetric } = parts;
  const fn = module.declare(nothing);
  const exchanges = 0;
  module.define(
    fn,
    ["f64"],
    [
      symmetric === null ? [] : set(exchanges, call(symmetric.functions.settle)),
      call(add, call(find), int(-1), int(plan.present)),
      countOrbit(parts, exchanges),
      call(loadState, int(0)),
      call(judge, int(-1)),
      heed(parts),
    ],
  );
  return fn;
}

/** Goes on until about so many calls were tried; gives a status. */
function defineRun({ module, program }: Parts, loadState: number, expand: number): number {
  const fn = module.declare({ params: ["i32"], results: ["i32"] });
  const left = 0;
  const tried = Math.max(1, program.calls.length);
  const end = (name: (typeof STATUS)[number]): Code => giveBack(int(statusOf(name)));
  module.define(
    fn,
    [],
    [
      loop([
        when(control("stop"), giveBack(control("stop"))),
        when(i32.equal(control("at"), control("count")), end("exhausted")),
        when(i32.equal(control("at"), control("levelEnd")), [
          setControl("depth", i32.add(control("depth"), int(1))),
          setControl("levelEnd", control("count")),
        ]),
        when(i32.atLeastU(control("depth"), control("mostDepth")), end("depth")),
        when(i32.atMostS(get(left), int(0)), end("more")),
        when(i32.moreU(i32.add(control("count"), int(program.calls.length)), control("room")), end("full")),
        call(loadState, control("at")),
        call(expand),
        setControl("at", i32.add(control("at"), int(1))),
        set(left, i32.subtract(get(left), int(tried))),
        leave(0),
      ]),
      UNREACHABLE,
    ],
  );
  return fn;
}
