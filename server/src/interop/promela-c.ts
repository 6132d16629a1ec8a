// A Program as C functions over one array of numbers: the inside of a Promela model. It knows nothing of SPIN but where
// it gets lost: see `escaped`.

import type { Action, Column, Fn, Program, Value } from "../explore/program.ts";

/** What the C of a program is written with. */
export interface Names {
  readonly functions: readonly string[];
  readonly columns: readonly ColumnName[];
  /** By local of the function at hand: the kind of thing that it is, where that is known. */
  readonly kinds: ReadonlyMap<number, number>;
}

/** The cell of a thing is at `shift` and the number of the thing. */
interface ColumnName {
  readonly name: string;
  readonly kind: number;
  readonly shift: number;
  readonly start: number;
  readonly count: number;
}

export function namesOf(program: Program): Names {
  const functions = distinct(program.functions.map(({ name }) => `f_${word(name)}`));
  const given = distinct(program.columns.map((_, i) => word(columnName(program, i))));
  const columns = program.columns.flatMap(({ start, kind }, i): ColumnName[] => {
    const { base = 0, count = 0 } = program.places[kind] ?? {};
    const name = `AT_${given[i] ?? ""}`;
    return count === 0 ? [] : [{ name, kind, shift: start - base, start, count }];
  });
  return { functions, columns, kinds: new Map() };
}

/** `device_fd.holders` */
export function columnName({ columns, places }: Program, column: number): string {
  const { name = "", kind = -1 } = columns[column] ?? {};
  return `${places[kind]?.kind ?? ""}.${name.replaceAll(/[()]/g, "")}`;
}

export const isEmpty = (program: Program, column: number): boolean => sizeOf(program, column) === 0;

export function sizeOf(program: Program, column: number): number {
  const kind = program.columns[column]?.kind ?? -1;
  return program.places[kind]?.count ?? 0;
}

const word = (name: string): string => name.replaceAll(/\W+/g, "_");

function distinct(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let free = name;
    for (let i = 2; taken.has(free); i++) free = `${name}_${i}`;
    taken.add(free);
    return free;
  });
}

/** Where each column lies; derived and constant ones too, for functions read them. */
export const defines = ({ columns }: Names): string[] =>
  columns.map(({ name, shift }) => `\\#define ${name} ${shift < 0 ? `(${shift})` : shift}`);

export function tables(program: Program): string[] {
  return program.tables.map(
    (table, i) => `static const num t${i}[] = {${table.length === 0 ? "0" : table.join(", ")}};`,
  );
}

export function prototypes(program: Program, names: Names): string[] {
  return program.functions.map((fn, i) => `${signature(fn, names.functions[i] ?? "")};`);
}

/** One piece of text for each, for SPIN's lexer takes no long ones. */
export function functions(program: Program, names: Names): string[] {
  const passed = program.functions.map((_, i) => kindsPassed(program, i));
  return program.functions.map((fn, i) => {
    const own: Names = { ...names, kinds: new Map([...(passed[i] ?? []), ...kindsLooped(program, fn.body)]) };
    const inner = Array.from({ length: fn.locals - fn.params }, (_, k) => `l${fn.params + k} = 0`);
    return [
      `${signature(fn, names.functions[i] ?? "")} {`,
      ...(inner.length === 0 ? [] : [`  num ${inner.join(", ")};`]),
      ...block(fn.body, own, "  "),
      ...(fn.body.at(-1)?.a === "return" ? [] : ["  return 0;"]),
      "}",
    ].join("\n");
  });
}

function signature({ params }: Fn, name: string): string {
  const list = Array.from({ length: params }, (_, i) => `num l${i}`);
  return `static num ${name}(${list.length === 0 ? "void" : list.join(", ")})`;
}

function block(actions: readonly Action[], names: Names, indent: string): string[] {
  return actions.flatMap((action) => statement(action, names, indent));
}

function statement(action: Action, names: Names, indent: string): string[] {
  const value = (of: Value): string => expression(of, names);
  const inner = `${indent}  `;
  switch (action.a) {
    case "set":
      return [`${indent}l${action.local} = ${bare(value(action.value))};`];
    case "store":
      return [`${indent}put(${address(action.at, names)}, ${bare(value(action.value))});`];
    case "if": {
      const head = `${indent}if (${bare(value(action.condition))}) {`;
      const then = block(action.then, names, inner);
      if (action.otherwise.length === 0) return [head, ...then, `${indent}}`];
      return [head, ...then, `${indent}} else {`, ...block(action.otherwise, names, inner), `${indent}}`];
    }
    case "loop": {
      const { local } = action;
      const [from, to] = [bare(value(action.from)), bare(value(action.to))];
      return [
        `${indent}l${local} = ${from};`,
        `${indent}for (num end = ${to}; l${local} < end; l${local}++) {`,
        ...block(action.body, names, inner),
        `${indent}}`,
      ];
    }
    case "break":
    case "continue":
      return [`${indent}${action.a};`];
    case "return":
      return [`${indent}return ${bare(value(action.value))};`];
    case "call": {
      const made = `${names.functions[action.fn] ?? ""}(${action.args.map((arg) => bare(value(arg))).join(", ")})`;
      return [`${indent}${action.into === null ? "" : `l${action.into} = `}${made};`];
    }
    default:
      return action satisfies never;
  }
}

/** In parentheses unless it is one piece. */
function expression(value: Value, names: Names): string {
  const of = (inner: Value): string => expression(inner, names);
  switch (value.v) {
    case "const":
      return value.value < 0 ? `(${value.value})` : `${value.value}`;
    case "local":
      return `l${value.local}`;
    case "cell":
      return `cells[${address(value.at, names)}]`;
    case "table":
      return `t${value.table}[${bare(of(value.at))}]`;
    case "binary":
      if (value.op === "/" || value.op === "%")
        return `${value.op === "/" ? "quotient" : "remainder_of"}(${bare(of(value.left))}, ${bare(of(value.right))})`;
      return `(${of(value.left)} ${value.op} ${of(value.right)})`;
    case "not":
      return `(${of(value.of)} == 0)`;
    case "and":
      return `(${of(value.left)} && ${of(value.right)})`;
    case "or":
      return `(${of(value.left)} || ${of(value.right)})`;
    case "if":
      return `(${of(value.condition)} ? ${of(value.then)} : ${of(value.otherwise)})`;
    case "tee":
      return `(l${value.local} = ${of(value.value)})`;
    case "call":
      return `${names.functions[value.fn] ?? ""}(${value.args.map((arg) => bare(of(arg))).join(", ")})`;
    default:
      return value satisfies never;
  }
}

/** A cell by the name of its column and the thing, if it is sure which column that is. */
function address(at: Value, names: Names): string {
  if (at.v === "const") {
    const column = names.columns.find(({ start, count }) => at.value >= start && at.value < start + count);
    return column === undefined ? `${at.value}` : `${column.name} + ${at.value - column.shift}`;
  }
  if (at.v !== "binary" || at.op !== "+") return bare(expression(at, names));
  const [shift, thing] = at.left.v === "const" ? [at.left, at.right] : [at.right, at.left];
  if (shift.v !== "const") return bare(expression(at, names));
  const kind = thing.v === "local" ? names.kinds.get(thing.local) : undefined;
  const fitting = names.columns.filter(
    (column) => column.shift === shift.value && (kind === undefined || column.kind === kind),
  );
  const [only] = fitting.length === 1 ? fitting : [];
  return `${only?.name ?? expression(shift, names)} + ${expression(thing, names)}`;
}

/** Of a function's parameters, from what the calls give. */
function kindsPassed({ calls, places }: Program, fn: number): Map<number, number> {
  const kinds = new Map<number, number>();
  const own = calls.filter((call) => call.fn === fn);
  const [first] = own;
  first?.args.forEach((_, i) => {
    const found = new Set(
      own.map(({ args, holds }) => (holds[i] === "thing" ? kindAt(places, args[i] ?? -1) : -1)),
    );
    const [kind = -1] = found;
    if (found.size === 1 && kind !== -1) kinds.set(i, kind);
  });
  return kinds;
}

/** Of locals that run over the places of a kind. */
function kindsLooped(program: Program, body: readonly Action[]): Map<number, number> {
  const found = new Map<number, Set<number>>();
  const note = (local: number, kind: number): void => {
    found.set(local, (found.get(local) ?? new Set()).add(kind));
  };
  const visit = (actions: readonly Action[]): void => {
    for (const action of actions) {
      if (action.a === "if") [action.then, action.otherwise].forEach(visit);
      if (action.a === "set") note(action.local, -1);
      if (action.a !== "loop") continue;
      note(action.local, action.from.v === "const" ? kindAt(program.places, action.from.value) : -1);
      visit(action.body);
    }
  };
  visit(body);
  return new Map(
    [...found].flatMap(([local, kinds]) => {
      const [kind = -1, ...more] = kinds;
      return more.length === 0 && kind !== -1 ? [[local, kind] as const] : [];
    }),
  );
}

const kindAt = (places: Program["places"], thing: number): number =>
  places.findIndex(({ base, count }) => thing >= base && thing < base + count);

/** Without the parentheses around all of it. */
function bare(text: string): string {
  if (!text.startsWith("(") || !text.endsWith(")")) return text;
  let depth = 0;
  for (let i = 0; i < text.length - 1; i++) {
    depth += text[i] === "(" ? 1 : text[i] === ")" ? -1 : 0;
    if (depth === 0) return text;
  }
  return text.slice(1, -1);
}

/** A C string. SPIN counts braces and looks for quotes in embedded C, strings or not: all but plain signs are octal. */
export function escaped(text: string): string {
  const bytes = [...new TextEncoder().encode(text)];
  const signs = bytes.map((byte) => {
    const sign = String.fromCharCode(byte);
    return /[\w .,:;()#=+-]/.test(sign) ? sign : `\\${byte.toString(8).padStart(3, "0")}`;
  });
  return `"${signs.join("")}"`;
}

/** The text of a comment. */
export const commented = (text: string): string => text.replaceAll("*/", "* /").replaceAll(/\s+/g, " ");

/** A cell of the state as small as its values. */
export type Width = "signed char" | "short" | "int" | "long long";

export function widthOf(column: Column, program: Program): Width {
  if (column.values === null) return program.wide ? "long long" : "int";
  const most = Math.max(column.initial, ...column.values);
  const least = Math.min(column.initial, ...column.values);
  const fits = (bits: number): boolean => least >= -(2 ** (bits - 1)) && most < 2 ** (bits - 1);
  return fits(8) ? "signed char" : fits(16) ? "short" : fits(32) ? "int" : "long long";
}
