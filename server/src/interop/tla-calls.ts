// The calls of a problem as TLA+ operators, what files and objects do at their end, what must hold, and the next-state
// relation over all of it.

import type { Goal, GroundCall, Problem } from "../explore/problem.ts";
import { isMade } from "../model/execute.ts";
import type { Stmt } from "../model/ir.ts";
import type { Block, Kind, Operation, Rule } from "../model/system.ts";
import { HARDWARE } from "../model/system.ts";
import { NONE, reference } from "../model/values.ts";
import { type Exported, goalText } from "./export-texts.ts";
import {
  bare,
  constant,
  formOf,
  formOfExpression,
  negated,
  type Scope,
  type Writer,
  write,
} from "./tla-expressions.ts";
import { NotInTla } from "./tla-names.ts";
import {
  type Ends,
  indented,
  placesFor,
  type StatementWriter,
  withLocal,
  writeBody,
} from "./tla-statements.ts";

/** Names for the parameters of a definition; its first is the call under way. */
export function parameters(
  writer: Writer,
  params: Operation["params"],
): { readonly scope: Scope; readonly params: readonly string[] } {
  const bind = writer.names.inside();
  bind("c");
  const bound = params.map(({ name }) => bind(name));
  const locals = new Map(
    params.map(
      ({ type }, i) => [i, { text: bound[i] ?? "", form: formOf(type), kinds: certain(type) }] as const,
    ),
  );
  return { scope: { call: "c", bind, locals }, params: bound };
}

const certain = (type: Operation["params"][number]["type"]): readonly number[] =>
  type.base === "value" && !type.optional && type.names.length === 0 ? type.kinds : [];

// ---------------------------------------------------------------- the end of things

/** In an `on` block nothing is refused, and nothing is given back. */
const blockEnds: Ends = {
  through: ({ call }) => call,
  returned: ({ call }) => call,
  refused: ({ call }) => call,
  failed: ({ call }) => call,
  beyond: ({ call }) => `[${call} EXCEPT !.beyond = TRUE]`,
};

export function onBlocks(writer: StatementWriter): string[] {
  const { kinds } = writer.problem.system;
  const present = kinds.filter(({ id }) => (writer.names.places[id]?.length ?? 0) > 0);
  const texts: string[] = [];
  const cases = (name: string, blockOf: (kind: Kind) => Block | null): string => {
    const each = present.flatMap((kind) => {
      const block = blockOf(kind);
      if (block === null) return [];
      const own = writer.names.fresh(`${name}_${kind.name}`);
      const { scope, self } = blockScope(writer, kind);
      texts.push(`${own}(c, ${self}) ==\n${indented(writeBody(writer, block.body, scope, blockEnds))}\n`);
      return [`x \\in ${writer.names.kinds[kind.id] ?? "{}"} -> ${own}(c, x)`];
    });
    return each.length === 0 ? "c" : `CASE ${[...each, "OTHER -> c"].join("\n  [] ")}`;
  };
  const end = cases("end", ({ on }) => on.release);
  const close = cases("close", ({ on }) => on.close);
  return [...texts, `OnEnd(c, x) ==\n  ${end}\n`, `OnClose(c, x) ==\n  ${close}`];
}

function blockScope(writer: Writer, kind: Kind): { readonly scope: Scope; readonly self: string } {
  const bind = writer.names.inside();
  bind("c");
  const self = bind("self");
  const locals = new Map([[0, { text: self, form: "thing", kinds: [kind.id] } as const]]);
  return { scope: { call: "c", bind, locals }, self };
}

// ---------------------------------------------------------------- calls

const callEnds: Ends = {
  through: ({ call }) => `Done(${call})`,
  returned: ({ call }) => `Done(${call})`,
  refused: ({ call }) => `Refused(${call})`,
  failed: ({ call }) => `Failed(${call})`,
  beyond: ({ call }) => `Beyond(${call})`,
};

export interface CallDefinitions {
  readonly definitions: readonly string[];
  /** By kind of an open, and by operation. */
  readonly opens: ReadonlyMap<number, string>;
  readonly operations: ReadonlyMap<Operation, string>;
}

export function callDefinitions(writer: StatementWriter): CallDefinitions {
  const { calls, system } = writer.problem;
  const definitions: string[] = [];
  const opens = new Map<number, string>();
  const operations = new Map<Operation, string>();
  for (const call of calls) {
    if (call.do === "open") {
      const kind = system.kinds[call.kind];
      if (kind === undefined || opens.has(kind.id)) continue;
      const name = writer.names.fresh(`open_${kind.name}`);
      opens.set(kind.id, name);
      definitions.push(openText(writer, kind, name));
    } else if (!operations.has(call.operation)) {
      const name = writer.names.fresh(call.operation.name);
      operations.set(call.operation, name);
      definitions.push(operationOr(writer, call.operation, name));
    }
  }
  return { definitions, opens, operations };
}

/** What cannot be said, with the call that would say it. */
function operationOr(writer: StatementWriter, operation: Operation, name: string): string {
  try {
    return operationText(writer, operation, name);
  } catch (error) {
    if (!(error instanceof NotInTla)) throw error;
    const hint = `\`limit ${operation.name} 0\` leaves out ${operation.name}, which asks for it`;
    throw new NotInTla(`${error.message}; ${hint}`);
  }
}

function openText(writer: StatementWriter, kind: Kind, name: string): string {
  const { scope, self } = blockScope(writer, kind);
  const hole = scope.bind("hole");
  const field = kind.path?.hole?.field;
  const places = writer.names.kinds[kind.id] ?? "{}";
  const free = placesFor(writer, kind.id, new Map(field === undefined ? [] : [[field, hole]]), scope);
  const exclusive = (end: Scope): string => {
    if (!kind.exclusive) return `Done(${end.call})`;
    const other = scope.bind(kind.name[0] ?? "f");
    const same =
      field === undefined ? "" : ` /\\ ${end.call}.is.${writer.fieldName(field)}[${other}] = ${hole}`;
    return `IF \\E ${other} \\in Live(${end.call}, ${places}) : ${other} # ${self}${same} THEN Refused(${end.call}) ELSE Done(${end.call})`;
  };
  const made = `MadeBy(c, ${self})`;
  const call = scope.bind("c");
  const set = field === undefined ? made : `Assign(${made}, "${writer.fieldName(field)}", ${self}, ${hole})`;
  const ends: Ends = { ...callEnds, through: exclusive, returned: exclusive, failed: exclusive };
  const body = writeBody(writer, kind.on.open?.body ?? [], { ...scope, call }, ends);
  return [
    `${name}(c, ${hole}) ==`,
    `  LET ${self} == Place(c, ${free}) IN`,
    `  IF ${self} = none THEN Beyond(c) ELSE`,
    `  LET ${call} == ${set} IN`,
    `${indented(body)}\n`,
  ].join("\n");
}

function operationText(writer: StatementWriter, operation: Operation, name: string): string {
  const { scope, params } = parameters(writer, operation.params);
  const checks: string[] = [];
  let inner = scope;
  operation.params.forEach(({ type, explicit }, slot) => {
    const own = params[slot] ?? "";
    const isSet = type.base === "set";
    const kinds = isSet ? (type.element?.kinds ?? []) : type.kinds;
    const canEnd = kinds.some((kind) => writer.problem.system.kinds[kind]?.sort !== "hardware");
    if (!canEnd || (isSet && type.element?.base !== "value")) return;
    const member = isSet ? scope.bind("e") : "";
    const good = isSet ? `\\A ${member} \\in ${own} : Good(c, ${member})` : `Good(c, ${own})`;
    if (explicit) {
      const seen = scope.bind("v");
      checks.push(`LET ${seen} == IF ${good} THEN ${own} ELSE ${isSet ? "{}" : "none"} IN`);
      inner = withLocal(inner, slot, { text: seen, form: formOf(type) });
    } else checks.push(`IF ~(${good}) THEN Refused(c) ELSE`);
  });
  const head = `${name}(${["c", ...params].join(", ")}) ==`;
  const body = [...checks, writeBody(writer, operation.body, inner, callEnds)].join("\n");
  return `${head}\n${indented(body)}\n`;
}

// ---------------------------------------------------------------- what must hold

export interface GoalDefinition {
  readonly name: string;
  readonly definition: string;
}

export function goalDefinitions(writer: StatementWriter, { problem, said }: Exported): GoalDefinition[] {
  const known = new Set<string>();
  return problem.goals.flatMap((goal, i) =>
    definitionsOf(writer, goal, goalText(problem, goal, said[i] ?? "")).filter(({ name }) => {
      const isNew = !known.has(name);
      known.add(name);
      return isNew;
    }),
  );
}

const rules = new WeakMap<Writer, Map<Rule, string>>();

function definitionsOf(writer: StatementWriter, goal: Goal, text: string): GoalDefinition[] {
  const { system } = writer.problem;
  const comment = `\\* Never: ${text.replaceAll(/\s+/g, " ")}`;
  switch (goal.find) {
    case "broken-rule": {
      const wanted = goal.rules.flatMap((index) => system.rules[index] ?? []);
      const lifetime: GoalDefinition = {
        name: "lifetime",
        definition: `${attemptsHold("t.dangling = {} /\\ ~t.runaway", "lifetime")}\n`,
      };
      return [...wanted.map((rule) => ruleText(writer, rule)), ...(goal.lifetime ? [lifetime] : [])];
    }
    case "hazard": {
      const name = writer.names.fresh(`never_${goal.hazard}`);
      return [
        { name, definition: `${comment}\n${attemptsHold(`"${goal.hazard}" \\notin t.hazards`, name)}\n` },
      ];
    }
    case "state": {
      const bind = writer.names.inside();
      const scope: Scope = { call: bind("c"), bind, locals: new Map() };
      const name = writer.names.fresh("never_so");
      const condition = bare(write(writer, goal.condition, scope, "bool"));
      return [
        {
          name,
          definition: `${comment}\n${name} ==\n  LET ${scope.call} == Begin(${nobody(writer)}) IN\n  ~(${condition})\n`,
        },
      ];
    }
    default:
      return goal satisfies never;
  }
}

/** Between calls nobody calls; where a rule asks, it is the first task. */
const nobody = ({ names }: Writer): string => names.value(reference(HARDWARE.task, 0));

/** Of every call that could be made now; \`t\` is what it leaves. */
const attemptsHold = (what: string, name: string): string =>
  `${name} ==\n  \\A r \\in Attempts : LET t == Reap(r.c) IN (r.made /\\ ~t.beyond) => (${what})`;

function ruleText(writer: StatementWriter, rule: Rule): GoalDefinition {
  const known = rules.get(writer) ?? new Map<Rule, string>();
  rules.set(writer, known);
  const name = known.get(rule) ?? writer.names.fresh(rule.name);
  known.set(rule, name);
  const bind = writer.names.inside();
  let scope: Scope = { call: bind("c"), bind, locals: new Map() };
  const bound = rule.params.map((param, slot) => {
    const own = bind(param.name);
    scope = withLocal(scope, slot, { text: own, form: "thing" });
    const kinds = param.kinds.map((kind) => writer.names.kinds[kind] ?? "{}").join(" \\cup ");
    return `\\A ${own} \\in Live(${scope.call}, ${kinds || "{}"}) :`;
  });
  const body = ruleBody(writer, rule.body, scope, 0);
  const lines = [`LET ${scope.call} == Begin(${nobody(writer)}) IN`, ...bound, body];
  return { name, definition: `\\* ${rule.why}\n${name} ==\n${indented(lines.join("\n"))}\n` };
}

function ruleBody(writer: StatementWriter, body: readonly Stmt[], scope: Scope, from: number): string {
  const statement = body[from];
  if (statement === undefined) return "TRUE";
  const rest = (next: Scope): string => ruleBody(writer, body, next, from + 1);
  if (statement.do === "let") {
    const { value, slot } = statement;
    if (value.op === "const")
      return rest(withLocal(scope, slot, { text: "", form: "thing", constant: value }));
    const form = formOfExpression(writer, value, scope) ?? "int";
    const name = scope.bind("v");
    return `LET ${name} == ${bare(write(writer, value, scope, form))} IN\n${rest(withLocal(scope, slot, { text: name, form }))}`;
  }
  if (statement.do !== "require" || !isMade(writer.problem, statement)) return rest(scope);
  return `IF ${negated(bare(write(writer, statement.condition, scope, "bool")))} THEN FALSE ELSE\n${rest(scope)}`;
}

// ---------------------------------------------------------------- the transition system

/** Calls of one operation by one task: tried one by one. */
interface Group {
  readonly name: string;
  /** By call, by argument. */
  readonly args: string[][];
}

export interface Transitions {
  /** Goes before what must hold, which asks for it. */
  readonly attempts: readonly string[];
  readonly next: readonly string[];
}

export function transitionsOf(writer: StatementWriter, { opens, operations }: CallDefinitions): Transitions {
  const { problem } = writer;
  const groups = new Map<string, Group>();
  for (const call of problem.calls) {
    const name = (call.do === "open" ? opens.get(call.kind) : operations.get(call.operation)) ?? "";
    const group = groups.get(name) ?? { name, args: [] };
    groups.set(name, group);
    group.args.push([nameOfTask(writer, call), ...argumentsOf(writer, call)]);
  }
  const each = [...groups.values()].map((group) => ({ group, over: ranges(writer, group) }));
  const attempts = each.map(({ group, over }) => `{${made(group, over.names)} : ${over.text}}`);
  const steps = each.map(({ group, over }) => `\\E ${over.text} : Step(${made(group, over.names)})`);
  return {
    attempts: [
      "\\* What every call would do now.",
      `Attempts ==\n  ${attempts.length === 0 ? "{}" : attempts.join("\n  \\cup ")}`,
    ],
    next: [
      "Step(r) == r.made /\\ LET t == Reap(r.c) IN ~t.beyond /\\ state' = t.is",
      "",
      `Next ==\n  \\/ ${steps.length === 0 ? "FALSE" : steps.join("\n  \\/ ")}`,
      "",
      "Spec == Init /\\ [][Next]_state",
      ...boundOf(problem),
      "",
    ],
  };
}

/** At this depth states are judged, and no call is made. */
const boundOf = ({ bounds }: Problem): string[] =>
  bounds.depth === null ? [] : ["", `Bounded == TLCGet("level") <= ${bounds.depth}`];

const nameOfTask = ({ names }: Writer, { task }: GroundCall): string =>
  names.value(reference(HARDWARE.task, task));

function argumentsOf(writer: Writer, call: GroundCall): string[] {
  if (call.do === "open") return [call.hole === NONE ? "none" : writer.names.value(call.hole)];
  return call.args.map((value, i) => constant(writer, value, formOf(call.operation.params[i]?.type)));
}

function made({ name }: Group, [task = "", ...args]: readonly string[]): string {
  return `${name}(${[`Begin(${task})`, ...args].join(", ")})`;
}

/** All combinations of some values, or one by one where they are not all. */
function ranges(
  writer: Writer,
  { args }: Group,
): { readonly names: readonly string[]; readonly text: string } {
  const bind = writer.names.inside();
  const columns = (args[0] ?? []).map((_, i) => [...new Set(args.map((each) => each[i] ?? ""))]);
  const names = columns.map((_, i) => bind(i === 0 ? "by" : "a"));
  const all = columns.reduce((product, column) => product * column.length, 1);
  if (all !== args.length)
    return {
      names,
      text: `<<${names.join(", ")}>> \\in {${args.map((each) => `<<${each.join(", ")}>>`).join(", ")}}`,
    };
  const sets = columns.map((column, i) => `${names[i] ?? ""} \\in ${setOf(writer, column)}`);
  return { names, text: sets.join(", ") };
}

/** By the name of a kind, if it is all of it. */
function setOf({ names }: Writer, values: readonly string[]): string {
  const text = values.join(", ");
  const kind = names.places.findIndex((places) => places.length > 0 && places.join(", ") === text);
  return kind === -1 ? `{${text}}` : (names.kinds[kind] ?? "{}");
}
