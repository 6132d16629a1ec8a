// All calls that an exploration tries in every state: each open, and each call with each combination of arguments. What
// comes and goes is meant by its place; of numbers and texts there are too many, so a few that the proposal itself
// compares with stand for all, and are told with the verdict.

import { evaluator } from "../model/evaluate.ts";
import type { Expr, Stmt } from "../model/ir.ts";
import { column, createMachine, type Machine } from "../model/machine.ts";
import { openTable } from "../model/paths.ts";
import { fieldsOfExpression } from "../model/reads.ts";
import type { Operation, Parameter, System, Topology, Type } from "../model/system.ts";
import { HARDWARE } from "../model/system.ts";
import { indexOf, kindOf, NONE, reference } from "../model/values.ts";
import { flatten } from "./expressions.ts";
import { footprintsOf } from "./footprint.ts";
import { influenceOn } from "./influence.ts";
import { type Compared, comparedWith } from "./literals.ts";
import type { Bounds, Goal, GroundCall } from "./problem.ts";

export interface Choice {
  /** Calls to try in full: with arguments that need not be given, and such as are made through no file and no object
   * (the administrator's, the hardware's own). */
  readonly also?: ReadonlySet<string>;
  /** Calls that are not tried. */
  readonly without?: ReadonlySet<string>;
  /** What is looked for: calls that cannot matter to any of it are not tried. Without it all that change something are. */
  readonly goals?: readonly Goal[];
  /** Calls that change nothing are tried, too: whether they are refused is the question. */
  readonly idle?: boolean;
}

/** Why a call is not tried, if it is not. */
export type Left = "without effect" | "through no file" | "not wanted" | "beyond the bounds";

/** Values tried for a number, text or range. */
const MOST_EQUAL = 4;
const MOST_OTHERS = 2;
const MOST_DIFFERENT = 3;
/** Up to so many members every subset is tried; above, each alone and all together. */
const MOST_SUBSETS = 3;

export function groundCalls(
  system: System,
  topology: Topology,
  bounds: Bounds,
  choice: Choice = {},
): readonly GroundCall[] {
  const calls: GroundCall[] = [];
  bounds.tasks.forEach((_, task) => {
    for (const { kind, hole } of openTable(system, topology).values())
      if ((bounds.instances[kind] ?? 0) > 0) calls.push({ do: "open", task, kind, hole });
  });
  for (const { operation, values } of choicesOf(system, topology, bounds, choice)) {
    bounds.tasks.forEach((_, task) => {
      for (const args of product(values))
        if (!givesToItself(operation, task, args)) calls.push({ do: "call", task, operation, args });
    });
  }
  return calls;
}

/** How many there would be, opens and a few that are left out aside: to be asked before too many are made. */
export const countOfCalls = (
  system: System,
  topology: Topology,
  bounds: Bounds,
  choice: Choice = {},
): number =>
  choicesOf(system, topology, bounds, choice).reduce(
    (sum, { values }) => sum + values.reduce((all, each) => all * each.length, bounds.tasks.length),
    0,
  );

export interface Choices {
  readonly operation: Operation;
  /** By parameter. */
  readonly values: readonly (readonly number[])[];
}

interface Chosen {
  readonly system: System;
  readonly topology: Topology;
  readonly bounds: Bounds;
  readonly choices: readonly Choices[];
}

/** Calls are counted, and then made. */
const chosen = new WeakMap<Choice, Chosen>();

/** The operations that are tried, with what is tried for each parameter. */
function choicesOf(system: System, topology: Topology, bounds: Bounds, choice: Choice): readonly Choices[] {
  const known = chosen.get(choice);
  if (known?.system === system && known.topology === topology && known.bounds === bounds)
    return known.choices;
  const choices = choose(system, topology, bounds, choice);
  chosen.set(choice, { system, topology, bounds, choices });
  return choices;
}

function choose(system: System, topology: Topology, bounds: Bounds, choice: Choice): readonly Choices[] {
  const machine = createMachine(system, topology, bounds.tasks);
  return inOrder(system).flatMap((operation): Choices[] => {
    if (whyLeft(system, bounds, operation, choice) !== null) return [];
    const isFull = choice.also?.has(operation.name) === true;
    const values = operation.params.map((param, index) => {
      const own = isFull ? null : defaultOf(machine, param);
      return own === null ? valuesFor(machine, bounds, operation, index) : [own];
    });
    return [{ operation, values }];
  });
}

/** Calls of the proposal first: of two shortest sequences, the one that has more to do with it is told. */
const inOrder = (system: System): Operation[] =>
  [...system.operations.values()].sort((a, b) => Number(a.form === "op") - Number(b.form === "op"));

/** Why no call of the operation is tried; null if some are. */
export function whyLeft(system: System, bounds: Bounds, operation: Operation, choice: Choice): Left | null {
  if (choice.without?.has(operation.name)) return "not wanted";
  if (choice.goals === undefined) {
    const writes = footprintsOf(system).operations.get(operation.name)?.writes ?? new Set();
    if (writes.size === 0 && choice.idle !== true) return "without effect";
  } else if (!influenceOn(system, choice.goals).operations.has(operation)) return "without effect";
  if (makesTooMany(bounds, operation.body)) return "beyond the bounds";
  const isThere = !isThroughNoFile(system, operation) || choice.also?.has(operation.name) === true;
  return isThere ? null : "through no file";
}

/** Whatever happens, it makes a thing of a kind that the bounds leave out. */
function makesTooMany({ instances }: Bounds, body: readonly Stmt[]): boolean {
  const at = body.findIndex((each) => each.do === "new" && instances[each.kind] === 0);
  const before = flatten(body.slice(0, Math.max(at, 0)));
  return at !== -1 && !before.some((each) => each.do === "return" || each.do === "fail");
}

/** What is done to the hardware with no file or object in hand is done by somebody else than the program. */
function isThroughNoFile(system: System, { form, params }: Operation): boolean {
  const kinds = params.flatMap(({ type }) => [...type.kinds, ...(type.element?.kinds ?? [])]);
  return form === "op" && kinds.length > 0 && kinds.every((kind) => system.kinds[kind]?.sort === "hardware");
}

/** A handle for the one who has it already: `send(f, caller)`. */
function givesToItself({ params, body }: Operation, task: number, args: readonly number[]): boolean {
  const isParam = (expr: Expr): boolean => expr.op === "local" && expr.slot < params.length;
  const isToSelf = (statement: Stmt): boolean =>
    statement.do === "give" &&
    isParam(statement.of) &&
    statement.to.op === "local" &&
    args[statement.to.slot] === reference(HARDWARE.task, task);
  return body.length > 0 && body.every(isToSelf);
}

/** All choices of one of each, the last parameters changing fastest. */
function* product(choices: readonly (readonly number[])[], from = 0): Iterable<number[]> {
  const [own, last] = [choices[from], from === choices.length];
  if (last) yield [];
  for (const value of own ?? []) for (const rest of product(choices, from + 1)) yield [value, ...rest];
}

// ---------------------------------------------------------------- arguments

/** What is tried for a parameter. */
function valuesFor(machine: Machine, bounds: Bounds, operation: Operation, index: number): readonly number[] {
  const param = operation.params[index];
  if (param === undefined) return [];
  const { type, explicit } = param;
  switch (type.base) {
    case "value": {
      const none = type.optional || explicit ? [NONE] : [];
      return [
        ...none,
        ...things(bounds, type),
        ...type.names.map((name) => machine.system.values.symbol(name)),
      ];
    }
    case "set":
      return setsFor(machine, bounds, operation, param, index);
    case "bool":
      return [0, 1];
    case "int":
    case "string":
    case "range":
      return plainValues(machine, bounds, operation, param, index);
    case "unknown":
      return [];
    default:
      return type.base satisfies never;
  }
}

const things = (bounds: Bounds, type: Type): number[] =>
  type.kinds.flatMap((kind) =>
    Array.from({ length: bounds.instances[kind] ?? 0 }, (_, place) => reference(kind, place)),
  );

function setsFor(
  machine: Machine,
  bounds: Bounds,
  operation: Operation,
  param: Parameter,
  index: number,
): readonly number[] {
  const { values } = machine.system;
  const { element } = param.type;
  if (element === null) return [];
  if (element.base !== "value") {
    const ranges =
      element.base === "range"
        ? comparedValues(machine, bounds, operation, { ...param, type: element }, index)
        : [];
    const sets = [[], ...ranges.map((range) => [range])];
    return sets.map((members) => values.set(members, element.base === "range" ? "ranges" : undefined));
  }
  const members = things(bounds, element);
  if (members.length > MOST_SUBSETS)
    return [[], ...members.map((member) => [member]), members].map((each) => values.set(each));
  const subsets = Array.from({ length: 2 ** members.length }, (_, bits) =>
    members.filter((_, at) => ((bits >> at) & 1) === 1),
  );
  return subsets.map((each) => values.set(each));
}

/** Ids are tried all; of others, the one that need not be given, and what the call compares them with. */
function plainValues(
  machine: Machine,
  bounds: Bounds,
  operation: Operation,
  param: Parameter,
  index: number,
): readonly number[] {
  const { system } = machine;
  if (isId(system, operation, index)) return idsIn(system, bounds);
  const known = defaultOf(machine, param);
  const compared = comparedValues(machine, bounds, operation, param, index);
  return known === null ? compared : [...new Set([known, ...compared])];
}

/** Does the call look for a numbered object with it? */
export function isId(system: System, operation: Operation, index: number): boolean {
  if (operation.params[index]?.type.base !== "int") return false;
  const fields = comparedWith(system, operation)[index]?.fields ?? new Set();
  return system.kinds.some(({ idField }) => idField !== -1 && fields.has(idField));
}

/** Numbers are given from 1 on, and used again. */
function idsIn(system: System, bounds: Bounds): number[] {
  const most = system.kinds.reduce(
    (sum, { id, idField }) => sum + (idField === -1 ? 0 : (bounds.instances[id] ?? 0)),
    0,
  );
  return Array.from({ length: most }, (_, i) => i + 1);
}

/** The value that the call has when nothing is written; null when it has none, or it depends on the state. */
export function defaultOf(machine: Machine, { initial, type }: Parameter): number | null {
  if (initial === null) return type.optional ? NONE : null;
  const reads = fieldsOfExpression(machine.system, initial);
  if (reads === null || reads.length > 0) return null;
  return evaluator(machine.system, initial)(machine, []);
}

function comparedValues(
  machine: Machine,
  bounds: Bounds,
  operation: Operation,
  param: Parameter,
  index: number,
): number[] {
  const { system } = machine;
  const compared = comparedWith(system, operation)[index];
  if (compared === undefined) return [];
  const { type } = param;
  const isOfType = (value: number): boolean => (type.base === "range" ? value >= 0 : value > NONE);
  if (type.base === "string") return words(machine, compared);
  const equal = [...compared.equal].filter(isOfType).slice(0, MOST_EQUAL);
  const others = new Set(equal);
  // What is only kept somewhere is as good as any other; where things have to differ in it, each can have its own.
  const least = compared.equal.size + compared.bounds.size === 0 ? 1 : MOST_OTHERS;
  const most = Math.max(least, Math.min(MOST_DIFFERENT, mostWith(system, bounds, compared.matched)));
  const add = (value: number): void => {
    if (others.size < most && isOfType(value)) others.add(value);
  };
  for (const id of compared.fields) {
    if (system.fields[id]?.type.base !== type.base) continue;
    for (const cell of column(machine, id)) add(cell);
  }
  for (const bound of compared.bounds) add(bound);
  if (type.base === "int") for (let each = 0; each < Math.max(most, MOST_OTHERS); each++) add(each);
  return [...others];
}

/** What the machine has there now, what the call compares with, and one that is neither. */
function words(machine: Machine, { equal, fields }: Compared): number[] {
  const { system } = machine;
  const now = [...fields].flatMap((id) =>
    system.fields[id]?.type.base === "string" ? column(machine, id) : [],
  );
  const known = [...new Set([...now, ...equal])].filter((value) => value < NONE).slice(0, MOST_EQUAL);
  let other = "another";
  while (equal.has(system.values.symbol(other))) other += "_";
  return [...new Set([...known, system.values.symbol(other)])];
}

/** How many things there can be that come with one of these fields. */
const mostWith = (system: System, { instances }: Bounds, fields: ReadonlySet<number>): number =>
  [...fields].reduce((most, id) => {
    const kind = system.kinds[system.fields[id]?.kind ?? -1];
    return kind === undefined || kind.sort === "hardware" ? most : Math.max(most, instances[kind.id] ?? 0);
  }, 0);

// ---------------------------------------------------------------- for people

/** `nic0`, `ioasid#1`: a thing as it is meant by a ground call. */
export function thingName(
  { kinds }: System,
  topology: Topology,
  tasks: readonly string[],
  ref: number,
): string {
  const [kind, place] = [kindOf(ref), indexOf(ref)];
  if (kind === HARDWARE.task) return tasks[place] ?? `task${place + 1}`;
  const name = topology.names[kind]?.[place];
  return name ?? `${kinds[kind]?.name ?? "?"}#${place + 1}`;
}
