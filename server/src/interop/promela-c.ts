// A Program as C functions over one array of numbers: the inside of a Promela model. It knows nothing of SPIN but where
// it gets lost: see `escaped`.

import type { Action, Column, Fn, Program, Value } from "../explore/program.ts";

/** What the C of a program is written with. */
export interface Names {
  readonly functions: readonly string[];
  /** By the cell where a column starts, its name. */
  readonly columns: ReadonlyMap<number, string>;
}

export function namesOf(program: Program): Names {
  const functions = distinct(program.functions.map(({ name }) => `f_${word(name)}`));
  const columns = distinct(program.columns.map(({ name }) => `AT_${word(name)}`));
  const starts = program.columns.flatMap(({ start, name }, i) => {
    const given = columns[i] ?? name;
    return isEmpty(program, i) ? [] : [[start, given] as const];
  });
  return { functions, columns: new Map(starts) };
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
export function defines(program: Program, names: Names): string[] {
  return program.columns.flatMap((column, i) => {
    const name = names.columns.get(column.start);
    return name === undefined || isEmpty(program, i) ? [] : [`\\#define ${name} ${column.start}`];
  });
}

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
  return program.functions.map((fn, i) => {
    const inner = Array.from({ length: fn.locals - fn.params }, (_, k) => `l${fn.params + k} = 0`);
    return [
      `${signature(fn, names.functions[i] ?? "")} {`,
      ...(inner.length === 0 ? [] : [`  num ${inner.join(", ")};`]),
      ...block(fn.body, names, "  "),
      "  return 0;",
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
      return [`${indent}cells[${address(action.at, names)}] = ${bare(value(action.value))};`];
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
export function expression(value: Value, names: Names): string {
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

/** A cell by the name of its column, where it is that of a column's start. */
function address(at: Value, names: Names): string {
  const named = (value: Value): string =>
    (value.v === "const" ? names.columns.get(value.value) : undefined) ?? expression(value, names);
  if (at.v === "binary" && at.op === "+") return `${named(at.left)} + ${named(at.right)}`;
  if (at.v !== "const") return bare(expression(at, names));
  const start = [...names.columns.keys()].filter((each) => each <= at.value).sort((a, b) => b - a)[0];
  const name = start === undefined ? undefined : names.columns.get(start);
  return start === undefined || name === undefined ? `${at.value}` : `${name} + ${at.value - start}`;
}

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
