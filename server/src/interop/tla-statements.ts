// What a call does, as one TLA+ expression: each effect gives the call a new record, and all that follows is inside of it.

import { isMade } from "../model/execute.ts";
import type { Stmt } from "../model/ir.ts";
import { NONE, reference } from "../model/values.ts";
import {
  bare,
  checkOrder,
  type Form,
  formOf,
  formOfExpression,
  type Local,
  negated,
  type Scope,
  setText,
  type Writer,
  write,
} from "./tla-expressions.ts";

/** What comes where statements end: each gives the text of a result. */
export interface Ends {
  readonly through: (scope: Scope) => string;
  readonly returned: (scope: Scope) => string;
  readonly refused: (scope: Scope, why: string) => string;
  readonly failed: (scope: Scope) => string;
  readonly beyond: (scope: Scope) => string;
}

/** The name of a field in the record of a state. */
export type FieldName = (field: number) => string;

export interface StatementWriter extends Writer {
  readonly fieldName: FieldName;
}

export function writeBody(
  writer: StatementWriter,
  body: readonly Stmt[],
  scope: Scope,
  ends: Ends,
  from = 0,
): string {
  const statement = body[from];
  if (statement === undefined) return ends.through(scope);
  const rest = (next: Scope): string => writeBody(writer, body, next, ends, from + 1);
  /** The call goes on as this. */
  const becomes = (text: string): string => {
    const call = scope.bind("c");
    return `LET ${call} == ${text} IN\n${rest({ ...scope, call })}`;
  };
  const thing = (expr: Parameters<typeof write>[1]): string => bare(write(writer, expr, scope, "thing"));
  switch (statement.do) {
    case "require": {
      if (!isMade({ topology: writer.problem.topology }, statement)) return rest(scope);
      const condition = bare(write(writer, statement.condition, scope, "bool"));
      if (statement.hazard !== null)
        return becomes(
          `IF ${condition} THEN ${scope.call} ELSE [${scope.call} EXCEPT !.hazards = @ \\cup {"${statement.hazard}"}]`,
        );
      return `IF ${negated(condition)} THEN ${ends.refused(scope, statement.errno)} ELSE\n${rest(scope)}`;
    }
    case "let": {
      const constant = constantIn(statement.value, scope);
      // It can be anything: it is written where it is used.
      if (constant !== null)
        return rest(withLocal(scope, statement.slot, { text: "", form: "thing", constant }));
      const form = formOfExpression(writer, statement.value, scope) ?? "int";
      const text = bare(write(writer, statement.value, scope, form));
      const name = scope.bind("v");
      return `LET ${name} == ${text} IN\n${rest(withLocal(scope, statement.slot, { text: name, form }))}`;
    }
    case "assign": {
      const target = write(writer, statement.of, scope, "thing");
      const each = statement.fields.map((field) => {
        const kind = writer.problem.system.fields[field]?.kind ?? -1;
        return { kind, text: assigned(writer, scope, field, target, statement.value) };
      });
      const [first] = each;
      const all = each.reduceRight(
        (otherwise, { kind, text }) =>
          `(IF ${target} \\in ${writer.names.kinds[kind] ?? "{}"} THEN ${text} ELSE ${otherwise})`,
        scope.call,
      );
      return becomes(
        each.length === 1 && first !== undefined && isKnown(writer, statement, first.kind, scope)
          ? first.text
          : bare(all),
      );
    }
    case "new":
      return writeNew(writer, statement, scope, ends, rest);
    case "destroy":
      return becomes(`Kill(${scope.call}, ${thing(statement.of)})`);
    case "close":
      return becomes(`Close(${scope.call}, ${thing(statement.of)})`);
    case "give":
      return becomes(`Give(${scope.call}, ${thing(statement.of)}, ${thing(statement.to)})`);
    case "for":
      return writeLoop(writer, statement, scope, ends, rest);
    case "if": {
      const condition = bare(write(writer, statement.condition, scope, "bool"));
      const joined = join(scope, from + 1 < body.length, rest);
      const inner: Ends = { ...ends, through: joined.go };
      const then = writeBody(writer, statement.then, scope, inner);
      const otherwise = writeBody(writer, statement.otherwise, scope, inner);
      return `${joined.head}IF ${condition} THEN\n${indented(then)}\nELSE\n${indented(otherwise)}`;
    }
    case "return":
      return ends.returned(scope);
    case "fail":
      return ends.failed(scope);
    default:
      return statement satisfies never;
  }
}

export const withLocal = (scope: Scope, slot: number, local: Local): Scope => ({
  ...scope,
  locals: new Map([...scope.locals, [slot, local]]),
});

type Value = Parameters<typeof write>[1];

function constantIn(value: Value, scope: Scope): Value | null {
  if (value.op === "const") return value;
  if (value.op !== "local") return null;
  const local = scope.locals.get(value.slot);
  return local === undefined ? { op: "const", value: NONE } : (local.constant ?? null);
}

/** A thing of another kind has no such field: to ask is needless where the target is made or a parameter of the kind. */
function isKnown(
  writer: Writer,
  { of }: Extract<Stmt, { do: "assign" }>,
  kind: number,
  scope: Scope,
): boolean {
  const name = of.op === "local" ? scope.locals.get(of.slot)?.kinds : undefined;
  return name?.length === 1 && name[0] === kind && writer.problem.system.kinds[kind] !== undefined;
}

function assigned(
  writer: StatementWriter,
  scope: Scope,
  field: number,
  target: string,
  value: Value,
): string {
  const form: Form = formOf(writer.problem.system.fields[field]?.type);
  const text = bare(write(writer, value, scope, form));
  return `Assign(${scope.call}, "${writer.fieldName(field)}", ${bare(target)}, ${text})`;
}

/** What follows both branches, under a name if there is anything. */
function join(
  scope: Scope,
  isNeeded: boolean,
  rest: (scope: Scope) => string,
): { readonly head: string; readonly go: (scope: Scope) => string } {
  if (!isNeeded) return { head: "", go: rest };
  const [name, call] = [scope.bind("then"), scope.bind("c")];
  const text = rest({ ...scope, call });
  return {
    head: `LET ${name}(${call}) ==\n${indented(text)}\nIN\n`,
    go: (end) => `${name}(${end.call})`,
  };
}

function writeNew(
  writer: StatementWriter,
  statement: Extract<Stmt, { do: "new" }>,
  scope: Scope,
  ends: Ends,
  rest: (scope: Scope) => string,
): string {
  const { system } = writer.problem;
  const kind = system.kinds[statement.kind];
  if (kind === undefined) return rest(scope);
  const name = scope.bind(kind.name[0] ?? "x");
  const owner =
    kind.ownerField === -1 || statement.owner === null
      ? []
      : [[kind.ownerField, bare(write(writer, statement.owner, scope, "thing"))] as const];
  const values = statement.fields.map(
    (init) =>
      [init.field, bare(write(writer, init.value, scope, formOf(system.fields[init.field]?.type)))] as const,
  );
  const places = placesFor(writer, kind.id, new Map(values), scope);
  let call = scope.bind("c");
  const lines = [
    `LET ${name} == Place(${scope.call}, ${places}) IN`,
    `IF ${name} = none THEN ${ends.beyond(scope)} ELSE`,
    `LET ${call} == MadeBy(${scope.call}, ${name}) IN`,
  ];
  const set = (field: number, text: string): void => {
    const next = scope.bind("c");
    lines.push(`LET ${next} == Assign(${call}, "${writer.fieldName(field)}", ${name}, ${text}) IN`);
    call = next;
  };
  for (const [field, text] of owner) set(field, text);
  if (kind.idField !== -1)
    set(kind.idField, freeNumber(writer, kind.id, owner[0]?.[1] ?? "none", call, scope));
  for (const [field, text] of values) set(field, text);
  const next = withLocal({ ...scope, call }, statement.slot, { text: name, form: "thing", kinds: [kind.id] });
  return `${lines.join("\n")}\n${rest(next)}`;
}

/** Where a new thing with these values can be: anywhere, or where the one for its hardware is. */
export function placesFor(
  { names, problem }: StatementWriter,
  kind: number,
  values: ReadonlyMap<number, string>,
  scope: Scope,
): string {
  const all = names.kinds[kind] ?? "{}";
  const home = problem.bounds.homes[kind] ?? -1;
  if (home === -1) return all;
  const of = problem.system.fields[home]?.type.kinds[0] ?? 0;
  const name = scope.bind("x");
  const ahead = names.number(reference(kind, 0)) - names.number(reference(of, 0));
  return `{${name} \\in ${all} : ${name} = ${values.get(home) ?? "none"} + ${ahead}}`;
}

/** The numbers of the numbered things of the same owner, of whatever kind. */
function freeNumber(
  writer: StatementWriter,
  kindId: number,
  owner: string,
  call: string,
  scope: Scope,
): string {
  const { kinds } = writer.problem.system;
  const ownerKind = kinds[kindId]?.ownerKind;
  const taken = kinds.flatMap(({ id, idField, ownerField, ownerKind: other }) => {
    if (idField === -1 || other !== ownerKind || writer.names.places[id]?.length === 0) return [];
    const name = scope.bind("n");
    const own = ownerField === -1 ? "" : ` : ${call}.is.${writer.fieldName(ownerField)}[${name}] = ${owner}`;
    const all = `Live(${call}, ${writer.names.kinds[id] ?? "{}"})`;
    const chosen = own === "" ? all : `{${name} \\in ${all}${own}}`;
    const other_ = scope.bind("n");
    return [`{${call}.is.${writer.fieldName(idField)}[${other_}] : ${other_} \\in ${chosen}}`];
  });
  return `Number(${taken.join(" \\cup ")})`;
}

function writeLoop(
  writer: StatementWriter,
  statement: Extract<Stmt, { do: "for" }>,
  scope: Scope,
  ends: Ends,
  rest: (scope: Scope) => string,
): string {
  const form: Form = statement.things ? "thing" : elementForm(writer, statement.set, scope);
  const [name, call, left, member] = [
    scope.bind("each"),
    scope.bind("c"),
    scope.bind("left"),
    scope.bind("m"),
  ];
  checkOrder(writer, statement.set);
  const members =
    statement.set.set === "listed"
      ? `<<${statement.set.elements.map((each) => bare(write(writer, each, scope, form))).join(", ")}>>`
      : `Sorted(${bare(setText(writer, statement.set, scope, form))})`;
  const inner = withLocal({ ...scope, call }, statement.slot, { text: member, form });
  const next = (end: Scope): string => `${name}(${end.call}, Tail(${left}))`;
  const skipped = [
    ...(statement.things ? [`~Alive(${call}, ${member})`] : []),
    ...(statement.where === null ? [] : [negated(bare(write(writer, statement.where, inner, "bool")))]),
  ];
  const body = writeBody(writer, statement.body, inner, { ...ends, through: next });
  const guarded =
    skipped.length === 0 ? body : `IF ${skipped.join(" \\/ ")} THEN ${next(inner)} ELSE\n${body}`;
  return [
    `LET RECURSIVE ${name}(_, _)`,
    `    ${name}(${call}, ${left}) ==`,
    `      IF ${left} = <<>> THEN`,
    indented(indented(indented(indented(rest({ ...scope, call }))))),
    "      ELSE",
    `        LET ${member} == Head(${left}) IN`,
    indented(indented(indented(indented(guarded)))),
    `IN ${name}(${scope.call}, ${members})`,
  ].join("\n");
}

function elementForm(writer: Writer, set: Extract<Stmt, { do: "for" }>["set"], scope: Scope): Form {
  if (set.set === "listed")
    return set.elements.flatMap((each) => formOfExpression(writer, each, scope) ?? [])[0] ?? "thing";
  if (set.set !== "value") return "thing";
  const form = formOfExpression(writer, set.of, scope);
  return form === "ranges" ? "range" : form === "ints" ? "int" : "thing";
}

export const indented = (text: string): string => text.replaceAll(/^(?=.)/gm, "  ");
