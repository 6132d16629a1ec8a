// A problem as a TLA+ module for TLC, and the configuration that goes with it. Written from the System, not from what our
// engines run: an operator for each call, the proposal's defines and rules as they are, and a library of what it means that
// things live and die.

import type { Problem } from "../explore/problem.ts";
import { createMachine, read } from "../model/machine.ts";
import type { Define, Field, Kind } from "../model/system.ts";
import { HARDWARE } from "../model/system.ts";
import { NONE } from "../model/values.ts";
import { type Exported, goalText } from "./export-texts.ts";
import { callDefinitions, goalDefinitions, onBlocks, parameters, transitionsOf } from "./tla-calls.ts";
import { bare, constant, formOf, type Writer, write } from "./tla-expressions.ts";
import { library } from "./tla-library.ts";
import { createNames, type Names, NotInTla } from "./tla-names.ts";
import type { StatementWriter } from "./tla-statements.ts";

export interface TlaModule {
  /** MODULE.tla and MODULE.cfg are the names that the files must have. */
  readonly name: string;
  readonly module: string;
  readonly config: string;
}

/** Throws NotInTla. */
export function tla(exported: Exported): TlaModule {
  const { problem } = exported;
  const { system, topology } = problem;
  const names = createNames(problem);
  const name = `${system.proposal}_on_${topology.name}`.replaceAll(/[^A-Za-z0-9_]+/g, "_");
  const { writer, definitions } = createWriter(problem, names);
  const blocks = onBlocks(writer);
  const calls = callDefinitions(writer);
  const { attempts, next } = transitionsOf(writer, calls);
  const goals = goalDefinitions(writer, exported);
  const invariants = goals.map((goal) => goal.name);
  const init = initial(writer);
  const facts = tables(writer);
  const words = [...names.words].map(([value, word]) => `${word} == ${value}`);
  const text = [
    `${"-".repeat(32)} MODULE ${name} ${"-".repeat(32)}`,
    ...head(exported, name),
    "EXTENDS Integers, Sequences, FiniteSets, TLC",
    "",
    ...thingDefinitions(writer, words),
    ...facts,
    library,
    ...banner("what the proposal defines"),
    ...definitions,
    ...banner("the end of files and objects"),
    ...blocks,
    ...banner("calls"),
    ...calls.definitions,
    ...attempts,
    ...banner("what must hold"),
    ...goals.map(({ definition }) => definition),
    ...banner("the transition system"),
    ...init,
    ...next,
    "=".repeat(80),
    "",
  ];
  return { name, module: text.join("\n"), config: configuration(problem, name, invariants) };
}

const banner = (text: string): string[] => ["", `\\* ${"-".repeat(64)} ${text}`, ""];

function head(exported: Exported, name: string): string[] {
  const { problem, said } = exported;
  const wanted = problem.goals.map((goal, i) => goalText(problem, goal, said[i] ?? ""));
  return [
    `(* ${plain(problem.system.proposal)} on ${plain(problem.topology.name)}. Written by \`uapi export tla\`; with --config the same`,
    `   command writes ${name}.cfg, which belongs beside ${name}.tla.`,
    "",
    "   On one machine:",
    `     java -cp tla2tools.jar tlc2.TLC -workers auto ${name}`,
    "   On many, one of them:",
    `     java -cp tla2tools.jar tlc2.tool.distributed.TLCServer ${name}`,
    "   and each of the others, as often as you like:",
    "     java -cp tla2tools.jar tlc2.tool.distributed.TLCWorker NAME_OF_THE_FIRST",
    "",
    "   Things, names and none are numbers, so that the first of several is the least. `state` has a function for each",
    "   field, what is alive, and which tasks hold each file. A call that is refused, or needs more things than the bounds",
    "   allow, is no step. TLC's distinct states are the states.",
    "",
    "   Looked for:",
    ...(wanted.length === 0 ? ["     nothing; all states are visited"] : []),
    ...wanted.map((text) => `     ${plain(text)}`),
    "   Bounds:",
    ...exported.bounds.map((line) => `     ${plain(line)}`),
    "*)",
  ];
}

/** The text of a comment. */
const plain = (text: string): string =>
  text.replaceAll("(*", "( *").replaceAll("*)", "* )").replaceAll(/\s+/g, " ");

// ---------------------------------------------------------------- names and fields

function createWriter(
  problem: Problem,
  names: Names,
): { readonly writer: StatementWriter; readonly definitions: string[] } {
  const { system } = problem;
  const definitions: string[] = [];
  const getters = new Map<string, string>();
  const defines = new Map<number, string>();
  const machine = createMachine(system, problem.topology, problem.bounds.tasks);
  const recordNames = new Set<string>();
  const fieldNames = system.fields.map(({ name, kind }) => {
    const wanted = `${system.kinds[kind]?.name ?? ""}_${name}`.replaceAll(/[^A-Za-z0-9_]+/g, "_");
    let free = wanted;
    for (let i = 2; recordNames.has(free); i++) free = `${wanted}_${i}`;
    recordNames.add(free);
    return free;
  });
  const fieldName = (field: number): string => fieldNames[field] ?? "";

  /** Of a field that never changes: the value of each place. */
  const table = (field: Field): string => {
    const places = names.places[field.kind] ?? [];
    const form = formOf(field.type);
    const values = places.map((place, index) => {
      try {
        return constant(writer, read(machine, field.id, index), form);
      } catch (error) {
        if (!(error instanceof NotInTla)) throw error;
        throw new NotInTla(
          `${field.name} of ${place}: ${error.message}; a topology can give it a smaller value`,
        );
      }
    });
    const [first = "none"] = values;
    if (values.every((value) => value === first)) return first;
    const cases = places.map((place, i) => `x = ${place} -> ${values[i] ?? first}`);
    return `(CASE ${cases.join(" [] ")})`;
  };
  const writer: StatementWriter = {
    problem,
    names,
    fieldName,
    field(fields, missing) {
      const key = `${fields.join()} ${missing}`;
      const known = getters.get(key);
      if (known !== undefined) return known;
      const [only, ...more] = fields;
      const field = system.fields[only ?? -1];
      const name = names.fresh(more.length === 0 ? fieldName(only ?? -1) : `${field?.name ?? "field"}_of`);
      getters.set(key, name);
      const form = formOf(field?.type);
      const otherwise = constant(writer, missing, form);
      const text = fields.reduceRight((rest, id) => {
        const each = system.fields[id];
        if (each === undefined || names.places[each.kind]?.length === 0) return rest;
        const of = isConstant(problem, each) ? table(each) : `c.is.${fieldName(id)}[x]`;
        return of === rest ? rest : `IF x \\in ${names.kinds[each.kind] ?? "{}"} THEN ${of} ELSE ${rest}`;
      }, otherwise);
      definitions.push(`${name}(c, x) == ${text}`);
      return name;
    },
    define(id) {
      const known = defines.get(id);
      if (known !== undefined) return known;
      const define = system.defines[id];
      const name = names.fresh(define?.name ?? "define");
      defines.set(id, name);
      if (define !== undefined) definitions.push(defineText(writer, define, name));
      return name;
    },
  };
  return { writer, definitions };
}

function defineText(writer: Writer, define: Define, name: string): string {
  const { scope, params } = parameters(writer, define.params);
  const form = formOf(define.result);
  const body = define.body === null ? constant(writer, NONE, form) : write(writer, define.body, scope, form);
  return `${name}(${["c", ...params].join(", ")}) ==\n  ${bare(body)}\n`;
}

// ---------------------------------------------------------------- tables

const isKept = ({ sort }: Kind): boolean => sort !== "hardware";

function thingDefinitions({ names, problem }: StatementWriter, words: readonly string[]): string[] {
  const { kinds } = problem.system;
  const listed = (wanted: (kind: Kind) => boolean): string =>
    kinds
      .filter(wanted)
      .map(({ id }) => names.kinds[id] ?? "{}")
      .join(" \\cup ") || "{}";
  return [
    "none == -1",
    ...words,
    "",
    ...names.things.map(({ name, number }) => `${name} == ${number}`),
    "",
    ...kinds.map(({ id }) => `${names.kinds[id] ?? ""} == {${names.places[id]?.join(", ") ?? ""}}`),
    "",
    `things == ${listed(() => true)}`,
    "\\* What comes and goes; the rest is the machine.",
    `kept == ${listed(isKept)}`,
    `files == ${listed(({ sort }) => sort === "fd")}`,
    `tasks == ${names.kinds[HARDWARE.task] ?? "{}"}`,
    "",
    "VARIABLE state",
    "",
  ];
}

/** The fields of the state. */
const variable = ({ problem, names }: StatementWriter): Field[] =>
  problem.system.fields.filter(
    (field) =>
      !isConstant(problem, field) &&
      !isBuiltIn(problem, field) &&
      (names.places[field.kind]?.length ?? 0) > 0,
  );

/** Also what says where a piece of hardware is. */
const isConstant = ({ system }: Problem, { constant: is, birth, kind }: Field): boolean =>
  is || (birth && system.kinds[kind]?.sort === "hardware");

const isBuiltIn = ({ system }: Problem, { id, kind }: Field): boolean => {
  const { alive, holders, references } = system.kinds[kind] ?? { alive: -1, holders: -1, references: -1 };
  return id === alive || id === holders || id === references;
};

function tables(writer: StatementWriter): string[] {
  const { names, problem, fieldName } = writer;
  const fields = variable(writer);
  const set = (wanted: (field: Field) => boolean): string =>
    `{${fields
      .filter(wanted)
      .map(({ id }) => `"${fieldName(id)}"`)
      .join(", ")}}`;
  const kept = problem.system.kinds.filter(
    (kind) => isKept(kind) && (names.places[kind.id]?.length ?? 0) > 0,
  );
  const byKind = (of: (kind: Kind) => string): string => {
    const cases = kept.map((kind) => `x \\in ${names.kinds[kind.id] ?? "{}"} -> ${of(kind)}`);
    return cases.length === 0 ? "<<>>" : `CASE ${[...cases, "OTHER -> <<>>"].join("\n  [] ")}`;
  };
  const cells = (wanted: (field: Field) => boolean): string => {
    const pairs = fields
      .filter(wanted)
      .flatMap(({ id, kind }) =>
        (names.places[kind] ?? []).map((place) => `<<"${fieldName(id)}", ${place}>>`),
      );
    return pairs.length === 0 ? "<<>>" : `<< ${pairs.join(", ")} >>`;
  };
  const initials = fields
    .filter(({ kind }) => problem.system.kinds[kind]?.sort !== "hardware")
    .map(({ id, initial, type }) => `f = "${fieldName(id)}" -> ${constant(writer, initial, formOf(type))}`);
  const refersTo =
    (kind: Kind) =>
    (field: Field): boolean =>
      !field.birth && field.type.base === "value" && field.type.kinds.includes(kind.id);
  return [
    "\\* The fields of a thing, their values before anything happens, and what can refer to what.",
    `FieldsOf(x) ==\n  ${byKind(
      (kind) =>
        `<<${fields
          .filter((field) => field.kind === kind.id)
          .map(({ id }) => `"${fieldName(id)}"`)
          .join(", ")}>>`,
    )}`,
    `InitialOf(f) ==\n  ${initials.length === 0 ? "none" : `CASE ${initials.join("\n  [] ")}`}`,
    `References == ${set(({ type }) => type.base === "value")}`,
    `Strong == ${set(({ strong }) => strong)}`,
    `OwnersOf(x) ==\n  ${byKind((kind) => cells((field) => problem.system.kinds[field.kind]?.ownerKind === kind.id && problem.system.kinds[field.kind]?.ownerField === field.id))}`,
    `Referring(x) ==\n  ${byKind((kind) => cells(refersTo(kind)))}`,
    "Number(S) == CHOOSE x \\in 1 .. (Cardinality(S) + 1) : x \\notin S /\\ \\A y \\in 1 .. (x - 1) : y \\in S",
  ];
}

function initial(writer: StatementWriter): string[] {
  const { names, problem, fieldName } = writer;
  const machine = createMachine(problem.system, problem.topology, problem.bounds.tasks);
  const columns = variable(writer).map(({ id, kind, type, initial: value }) => {
    const places = names.places[kind] ?? [];
    const isHardware = problem.system.kinds[kind]?.sort === "hardware";
    const values = places.map((_, place) =>
      constant(writer, isHardware ? read(machine, id, place) : value, formOf(type)),
    );
    const [first = "none"] = values;
    const text = values.every((each) => each === first)
      ? first
      : `CASE ${places.map((place, i) => `x = ${place} -> ${values[i] ?? first}`).join(" [] ")}`;
    return `${fieldName(id)} |-> [x \\in ${names.kinds[kind] ?? "{}"} |-> ${text}]`;
  });
  const all = ["alive |-> {}", "holders |-> [x \\in files |-> {}]", ...columns];
  return ["Init ==", `  state = [${all.join(",\n           ")}]`, ""];
}

// ---------------------------------------------------------------- configuration

function configuration({ bounds }: Problem, name: string, invariants: readonly string[]): string {
  return [
    `\\* For ${name}.tla.`,
    "SPECIFICATION Spec",
    ...(invariants.length === 0 ? [] : ["INVARIANTS", ...invariants.map((each) => `  ${each}`)]),
    ...(bounds.depth === null ? [] : ["CONSTRAINT Bounded"]),
    "CHECK_DEADLOCK FALSE",
    "\\* No SYMMETRY: things are numbers, because calls take the first of several. The explorer of uapi does without the",
    "\\* symmetry of what a proposal tells apart by order, and uses all the rest.",
    "",
  ].join("\n");
}
