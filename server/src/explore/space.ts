// The calls that could be made in a state, and what they lead to: the proposal on its topology as a graph. Arguments are
// what a script could write there: things that it has names for, the hardware, and values that the proposal asks about.

import { evaluator, holds } from "../model/evaluate.ts";
import { call, open } from "../model/execute.ts";
import { column, isAlive, kindAt, type Machine, type Refusal, rollBack, writerOf } from "../model/machine.ts";
import { affectedRules, type Broken, brokenBindings } from "../model/rules.ts";
import type { Operation, Parameter, Rule, System, Type } from "../model/system.ts";
import { HARDWARE } from "../model/system.ts";
import { indexOf, kindOf, NONE, reference } from "../model/values.ts";
import { type Footprint, footprintsOf, readsIn } from "./footprint.ts";
import { comparedWith } from "./literals.ts";

export interface Opening {
  readonly path: string;
  readonly kind: number;
  readonly hole: number;
}

/** One argument. `thing` is the object whose number is passed, or NONE. */
export interface Given {
  readonly value: number;
  readonly thing: number;
  /** False: the value that the call has when nothing is written. */
  readonly written: boolean;
}

/** A call of a task (a reference). */
export type Move =
  | { readonly do: "open"; readonly task: number; readonly opening: Opening }
  | {
      readonly do: "call";
      readonly task: number;
      readonly operation: Operation;
      readonly args: readonly Given[];
      /** The values of the arguments alone. */
      readonly values: readonly number[];
    };

/** A sort of calls: an operation, or an open. They are tried in this order. */
export interface Family {
  readonly footprint: Footprint;
  /** The fields that decide which calls there are of it; those of a kind that has got a name count as written. */
  readonly choosesBy: ReadonlySet<number>;
  readonly moves: (state: State) => Iterable<Move>;
}

/** What is told of a state besides the cells of the machine. */
export interface State {
  /** Things that have a name here, those that matter most first. */
  readonly named: readonly number[];
}

export interface Surroundings {
  readonly machine: Machine;
  readonly openings: readonly Opening[];
  /** The tasks that may call, the one of the step first. */
  readonly tasks: readonly number[];
  /** Things that have names, those that matter most first. */
  readonly named: readonly number[];
  /** Plain values that the script uses about here, with the parameter that each is given for, if any. */
  readonly hints: readonly { readonly base: Type["base"]; readonly value: number; readonly name: string }[];
  /** Rules and hazards that are looked at though they are off. */
  readonly isAsked: (name: string) => boolean;
}

/** `refusal` is null for a call that would do harm, or fail half-way. */
export type Done =
  | { readonly ok: true; readonly result: number }
  | { readonly ok: false; readonly refusal: Refusal | null };

export interface Space {
  readonly machine: Machine;
  readonly families: readonly Family[];
  /** Makes the call, if it is neither refused nor does harm at once: such calls are no steps of a repair. */
  readonly perform: (move: Move) => Done;
  /** No rule is broken that was not, by what the journal holds from `start` on. */
  readonly isClean: (start: number) => boolean;
  /** Both. */
  readonly apply: (move: Move) => { readonly result: number } | null;
}

const MOST_THINGS = 6;
const MOST_VALUES = 5;
/** Where ids of objects are wanted, other numbers are seldom right. */
const FEWER_VALUES = 1;
/** Choices of arguments for one operation in one state. */
const MOST_CHOICES = 64;

export function createSpace(around: Surroundings): Space {
  const { machine, openings, tasks, isAsked } = around;
  const { system } = machine;
  const footprints = footprintsOf(system);
  const families: Family[] = [];
  for (const opening of openings) {
    const footprint = footprints.opens[opening.kind];
    if (footprint === undefined || footprint === null) continue;
    const moves = tasks.slice(0, 1).map((task): Move => ({ do: "open", task, opening }));
    families.push({ footprint, choosesBy: new Set(), moves: () => moves });
  }
  const inOrder = [...system.operations.values()].sort(
    (a, b) => Number(a.form === "op") - Number(b.form === "op"),
  );
  for (const operation of inOrder) {
    const footprint = footprints.operations.get(operation.name);
    if (footprint === undefined || footprint.writes.size === 0) continue;
    const moves = (state: State): Iterable<Move> =>
      tasks.flatMap((task) => callsOf(around, operation, task, state));
    families.push({ footprint, choosesBy: choosesBy(system, operation), moves });
  }
  const watched = system.rules.filter(({ name, severity }) => isWatched(name, severity, isAsked));
  const broken = new Map(watched.map((rule) => [rule, keysOf(brokenBindings(machine, rule))]));

  let harmless = true;
  const onHazard: Machine["onHazard"] = ({ check }) => {
    const severity = system.hazards.get(check.hazard ?? "")?.severity ?? "warning";
    if (isWatched(check.hazard ?? "", severity, isAsked)) harmless = false;
  };
  const perform: Space["perform"] = (move) => {
    const start = machine.journal.length;
    machine.caller = move.task;
    harmless = true;
    machine.onHazard = onHazard;
    const result =
      move.do === "open"
        ? open(machine, move.opening.kind, move.opening.hole)
        : call(machine, move.operation, move.values);
    machine.onHazard = null;
    if (!result.ok && !result.kept) return result;
    const isSound = result.ok && harmless && machine.dangling.length === 0 && !machine.runaway;
    machine.runaway = false;
    if (isSound) return { ok: true, result: result.value };
    rollBack(machine, start);
    return { ok: false, refusal: null };
  };

  return {
    machine,
    families,
    perform,
    isClean,
    apply(move) {
      const start = machine.journal.length;
      const done = perform(move);
      if (!done.ok) return null;
      if (isClean(start)) return done;
      rollBack(machine, start);
      return null;
    },
  };

  function isClean(start: number): boolean {
    return affectedRules(machine, start).every((rule) => {
      const before = broken.get(rule);
      return (
        before === undefined || keysOf(brokenBindings(machine, rule)).every((key) => before.includes(key))
      );
    });
  }
}

const isWatched = (name: string, severity: Rule["severity"], isAsked: (name: string) => boolean): boolean =>
  severity === "error" || severity === "warning" || (severity === "off" && isAsked(name));

const keysOf = (broken: readonly Broken[]): string[] => broken.map(({ bindings }) => bindings.join());

// ---------------------------------------------------------------- arguments

const deciding = new WeakMap<Operation, ReadonlySet<number>>();

/** What `callsOf` looks at. */
function choosesBy(system: System, operation: Operation): ReadonlySet<number> {
  const known = deciding.get(operation);
  if (known !== undefined) return known;
  const fields = new Set<number>();
  operation.params.forEach(({ type, initial }, i) => {
    const compared = comparedWith(system, operation)[i]?.fields ?? [];
    for (const { id, alive, holders, idField } of system.kinds)
      if (type.kinds.includes(id) || type.element?.kinds.includes(id) === true)
        fields.add(alive).add(holders);
      else if (type.base === "int" && idField !== -1) fields.add(alive).add(idField);
    for (const field of compared) fields.add(field);
    if (initial !== null) for (const field of readsIn(system, initial)) fields.add(field);
  });
  deciding.set(operation, fields);
  return fields;
}

/** All choices of one of each, the first parameters changing slowest. */
function callsOf(around: Surroundings, operation: Operation, task: number, state: State): Move[] {
  const { machine } = around;
  const { params } = operation;
  const choices = params.map((param, index) => choicesFor(around, operation, param, index, task, state));
  const total = choices.reduce((all, { length }) => all * length, 1);
  const chosen = params.map(() => 0);
  const moves: Move[] = [];
  while (moves.length < Math.min(total, MOST_CHOICES)) {
    const args: Given[] = [];
    const values: number[] = [];
    for (const [i, { initial }] of params.entries()) {
      const given = choices[i]?.[chosen[i] ?? 0] ?? leftOut(machine, initial, values);
      args.push(given);
      values.push(given.value);
    }
    moves.push({ do: "call", task, operation, args, values });
    for (let i = params.length - 1; i >= 0; i--) {
      const next = (chosen[i] ?? 0) + 1;
      chosen[i] = next === choices[i]?.length ? 0 : next;
      if (chosen[i] !== 0) break;
    }
  }
  return moves;
}

/** The value of a parameter that was left out may depend on those in front of it. */
const leftOut = (machine: Machine, initial: Parameter["initial"], values: readonly number[]): Given => ({
  value: initial === null ? NONE : evaluator(machine.system, initial)(machine, [...values]),
  thing: NONE,
  written: false,
});

const value = (given: number): Given => ({ value: given, thing: NONE, written: true });

/** What to try for a parameter; null leaves it out. */
function choicesFor(
  around: Surroundings,
  operation: Operation,
  param: Parameter,
  index: number,
  task: number,
  state: State,
): readonly (Given | null)[] {
  const { type } = param;
  const left: readonly null[] = param.initial !== null || type.optional ? [null] : [];
  switch (type.base) {
    case "value":
      return [...left, ...things(around, type, task, state).slice(0, MOST_THINGS), ...words(around, type)];
    case "set":
      return [...left, ...sets(around, type, task, state)];
    case "bool":
      return [...left, value(1), value(0)];
    case "int":
    case "string":
    case "range":
      return [...left, ...plainValues(around, operation, index, state)];
    case "unknown":
      return left;
    default:
      return type.base satisfies never;
  }
}

const words = ({ machine }: Surroundings, type: Type): Given[] =>
  type.names.map((name) => value(machine.system.values.symbol(name)));

function things({ machine }: Surroundings, type: Type, task: number, state: State): Given[] {
  const named = state.named.filter((ref) => {
    const kind = kindAt(machine, kindOf(ref));
    return type.kinds.includes(kind.id) && (kind.sort !== "fd" || holds(machine, task, ref));
  });
  const near = new Set(state.named);
  const hardware = [HARDWARE.device, HARDWARE.group, HARDWARE.task].flatMap((kind) =>
    type.kinds.includes(kind)
      ? Array.from({ length: machine.made[kind] ?? 0 }, (_, i) => reference(kind, i))
      : [],
  );
  return [...named, ...hardware.filter((ref) => !near.has(ref))].map(value);
}

/** None, each alone, all of them. */
function sets(around: Surroundings, type: Type, task: number, state: State): Given[] {
  const { values } = around.machine.system;
  if (type.element === null) return [];
  if (type.element.base === "range") {
    const ranges = around.hints.filter(({ base }) => base === "range");
    return [[], ...ranges.map((hint) => [hint.value])].map((each) => value(values.set(each, "ranges")));
  }
  const members = things(around, type.element, task, state).map((each) => each.value);
  const choices = [[], ...members.slice(0, MOST_THINGS).map((member) => [member])];
  if (members.length > 1) choices.push(members);
  return choices.map((each) => value(values.set(each)));
}

/** Numbers, strings and ranges: what the call compares with, what the script uses; ids of objects for numbers. */
function plainValues(around: Surroundings, operation: Operation, index: number, state: State): Given[] {
  const { machine, hints } = around;
  const { system } = machine;
  const param = operation.params[index];
  const compared = comparedWith(system, operation)[index];
  if (param === undefined || compared === undefined) return [];
  const { type, name } = param;
  const found = new Set<number>();
  const same = hints.filter(({ base }) => base === type.base);
  for (const hint of same) if (hint.name === name) found.add(hint.value);
  for (const constant of compared.equal) if (fits(type, constant)) found.add(constant);
  for (const id of compared.fields) {
    const field = system.fields[id];
    if (field === undefined || field.type.base !== type.base || isId(machine, id)) continue;
    for (const cell of column(machine, id)) if (fits(type, cell)) found.add(cell);
  }
  for (const hint of same) found.add(hint.value);
  if (type.base === "int") for (const each of [0, 1]) found.add(each);
  for (const bound of compared.bounds) if (fits(type, bound)) found.add(bound);
  const takesIds = type.base === "int" && [...compared.fields].some((id) => isId(machine, id));
  return [
    ...(takesIds ? numbered(machine, state) : []),
    ...[...found].slice(0, takesIds ? FEWER_VALUES : MOST_VALUES).map(value),
  ];
}

const isId = ({ system }: Machine, field: number): boolean =>
  system.kinds[system.fields[field]?.kind ?? 0]?.idField === field;

const fits = (type: Type, given: number): boolean =>
  type.base === "string" ? given < NONE : type.base === "range" ? given >= 0 : given > NONE;

function numbered(machine: Machine, state: State): Given[] {
  return state.named.flatMap((ref) => {
    const { idField } = kindAt(machine, kindOf(ref));
    const id = idField === -1 ? undefined : column(machine, idField)[indexOf(ref)];
    return id === undefined ? [] : [{ value: id, thing: ref, written: true }];
  });
}

// ---------------------------------------------------------------- states

/** The named things that are still there, and what the calls of a path have made. */
export function namedIn(
  machine: Machine,
  named: readonly number[],
  births: ReadonlyMap<number, number>,
  made: readonly number[],
): number[] {
  const living = named.filter((ref) => {
    const kind = kindAt(machine, kindOf(ref));
    if (kind.sort === "hardware") return true;
    const index = indexOf(ref);
    return isAlive(machine, kind.id, index) && writerOf(machine, kind.alive, index) === births.get(ref);
  });
  const fresh = made.filter((ref) => ref >= 0 && isAlive(machine, kindOf(ref), indexOf(ref)));
  return [...new Set([...fresh.toReversed(), ...living])];
}

/** The step that made each thing: what is made again in its place is another. */
export const birthsOf = (machine: Machine, named: readonly number[]): Map<number, number> =>
  new Map(named.map((ref) => [ref, writerOf(machine, kindAt(machine, kindOf(ref)).alive, indexOf(ref))]));
