// A problem as a model for SPIN: the cells of a state are tracked by SPIN, each call is one step that C code makes in one
// go, and what is looked for is judged behind it. Nothing of our search is in it: SPIN stores, hashes and searches.

import type { Problem } from "../explore/problem.ts";
import { BEYOND, HEADER, type Program, REFUSED } from "../explore/program.ts";
import { callText, type Exported, goalText } from "./export-texts.ts";
import {
  columnName,
  commented,
  defines,
  escaped,
  functions,
  isEmpty,
  type Names,
  namesOf,
  prototypes,
  sizeOf,
  tables,
  type Width,
  widthOf,
} from "./promela-c.ts";

/** SPIN's lexer refuses pieces of C beyond 64 KB. */
const LONGEST_PIECE = 30_000;
/** SPIN's own limit, if nothing else is said to it. */
const VECTOR = 1024;

export function promela(exported: Exported, program: Program): string {
  const { problem, said } = exported;
  const wanted = problem.goals.map((goal, i) => goalText(problem, goal, said[i] ?? ""));
  const names = namesOf(program);
  const parts = partsOf(program);
  const size = parts.reduce((sum, { width, cells }) => sum + bytesOf[width] * cells, 0);
  const texts = problem.calls.map((call) => callText(problem, call));
  const pieces = [
    head(problem, program),
    defines(names).join("\n"),
    tables(program).join("\n"),
    ...parts.map(stateOf),
    ...chunks(prototypes(program, names)),
    ...functions(program, names),
    ...attempts(program, names),
    `static const char *const call_texts[] = {${[...texts.map(escaped), "0"].join(", ")}};`,
    judge(wanted, program, names),
    driver(program, names, parts, problem.bounds.depth),
  ];
  const tracked = parts.map(({ name }) => `c_track "${name}" "sizeof(${name})" "Matched"`);
  const options = problem.calls.map(
    (_, i) =>
      `  :: d_step { c_expr { attempt (${i}) } -> c_code { keep(${i}); } }  /* ${commented(texts[i] ?? "")} */`,
  );
  const nothing = options.length === 0 ? ["  :: c_expr { 0 }"] : options;
  return [
    ...comment(exported, wanted, program, size),
    "",
    ...embedded(pieces),
    ...tracked,
    "",
    "active proctype calls() {",
    "end:",
    "  do",
    ...nothing,
    "  od",
    "}",
    "",
  ].join("\n");
}

function comment(
  { problem, bounds: within }: Exported,
  wanted: readonly string[],
  program: Program,
  size: number,
): string[] {
  const { system, topology, calls, bounds } = problem;
  const vector = size + 100 > VECTOR ? ` -DVECTORSZ=${2 ** Math.ceil(Math.log2(size + 100))}` : "";
  const columns = program.columns.flatMap((column, i) =>
    column.role === "state" && !isEmpty(program, i)
      ? [`${columnName(program, i)} (${sizeOf(program, i)})`]
      : [],
  );
  const depthFirst =
    bounds.depth === null
      ? [
          "   Depth first, with less memory and longer sequences: leave out -DBFS, and raise -m if SPIN says so.",
        ]
      : [];
  return [
    `/* ${commented(system.proposal)} on ${commented(topology.name)}, as a model for SPIN 6.`,
    "",
    "   Written by `uapi export promela`. To run it:",
    "",
    "     spin -a MODEL.pml",
    `     gcc -O2 -w -DBFS -DNOREDUCE${vector} -o pan pan.c`,
    "     ./pan          stops at the first sequence that leads to what is looked for: a shortest one",
    "     ./pan -r       shows its calls",
    "     ./pan -c0      goes on through all states",
    "",
    ...depthFirst,
    "",
    "   Looked for:",
    ...(wanted.length === 0 ? ["     nothing; all states are visited"] : []),
    ...wanted.map((text) => `     ${commented(text)}`),
    "",
    "   Bounds:",
    ...within.map((line) => `     ${commented(line)}`),
    "",
    `   A state is what these cells hold, ${size} bytes, and nothing else:`,
    ...folded(columns.map(commented), "     "),
    "",
    `   The ${calls.length} calls are at the end, each one step. A call that is refused, or needs more things than the bounds`,
    "   allow, is no step. `states, stored` is the number of states, the one at boot included; of the transitions, which",
    "   SPIN gives as states stored and matched, one is the way into that state, and all others are calls. */",
  ];
}

function folded(words: readonly string[], indent: string): string[] {
  const lines: string[] = [];
  for (const text of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + text.length < 105) lines[lines.length - 1] = `${last}, ${text}`;
    else lines.push(`${indent}${text}`);
  }
  return lines.map((line, i) => (i < lines.length - 1 ? `${line},` : line));
}

// ---------------------------------------------------------------- the state

/** The cells of the state of one width, in one array that SPIN tracks. */
interface Part {
  readonly name: string;
  readonly width: Width;
  /** Runs of cells that lie beside each other in `cells`: where, and how many. */
  readonly runs: readonly { readonly start: number; readonly count: number }[];
  readonly cells: number;
  readonly initial: readonly number[];
}

const bytesOf: Readonly<Record<Width, number>> = { "signed char": 1, short: 2, int: 4, "long long": 8 };
const partNames: Readonly<Record<Width, string>> = {
  "signed char": "state_bytes",
  short: "state_shorts",
  int: "state_ints",
  "long long": "state_longs",
};

function partsOf(program: Program): Part[] {
  const widths: readonly Width[] = ["signed char", "short", "int", "long long"];
  return widths.flatMap((width) => {
    const runs: { start: number; count: number }[] = [];
    const columns = program.columns
      .flatMap((column, i) => (column.role === "state" ? [{ column, count: sizeOf(program, i) }] : []))
      .filter(({ column, count }) => count > 0 && widthOf(column, program) === width)
      .sort((a, b) => a.column.start - b.column.start);
    for (const { column, count } of columns) {
      const last = runs.at(-1);
      if (last !== undefined && last.start + last.count === column.start) last.count += count;
      else runs.push({ start: column.start, count });
    }
    const cells = runs.reduce((sum, { count }) => sum + count, 0);
    const initial = runs.flatMap(({ start, count }) => program.initial.slice(start, start + count));
    return cells === 0 ? [] : [{ name: partNames[width], width, runs, cells, initial }];
  });
}

const stateOf = ({ name, width, cells, initial }: Part): string =>
  `static ${width} ${name}[${cells}] = {${initial.join(", ")}};`;

// ---------------------------------------------------------------- C

function head({ system }: Problem, program: Program): string {
  const count = program.initial.length;
  return [
    `/* ${commented(system.proposal)}: every call as C functions over one array of numbers. */`,
    "\\#include <stdio.h>",
    "\\#include <string.h>",
    "extern int readtrail;",
    "extern long depth;",
    "extern void (*uerror)(char *);",
    "extern void (*Uerror)(char *);",
    `typedef ${program.wide ? "long long" : "int"} num;`,
    "",
    "/* The state, what follows from it, constants, and at the front what a call tells besides. */",
    `static num cells[${count}] = {${upToZeros(program.initial).join(", ")}};`,
    "",
    "/* The same before the call, and where the call has written. */",
    `static num before[${count}];`,
    `static int written[${count}], writes;`,
    `static char is_written[${count}];`,
    "",
    "static void put(num at, num value) {",
    "  if (cells[at] == value) return;",
    "  if (!is_written[at]) {",
    "    is_written[at] = 1;",
    "    written[writes++] = at;",
    "  }",
    "  cells[at] = value;",
    "}",
    "static void undo(void) {",
    "  while (writes > 0) {",
    "    int at = written[--writes];",
    "    cells[at] = before[at];",
    "    is_written[at] = 0;",
    "  }",
    "}",
    "",
    "static num quotient(num a, num b) {",
    "  if (b == 0) return 0;",
    "  return a / b - (a % b != 0 && (a < 0) != (b < 0));",
    "}",
    "static num remainder_of(num a, num b) { return b == 0 ? a : a - quotient(a, b) * b; }",
  ].join("\n");
}

/** What comes after is zero in C. */
function upToZeros(values: readonly number[]): readonly number[] {
  const last = values.findLastIndex((value) => value !== 0);
  return values.slice(0, Math.max(1, last + 1));
}

function attempts(program: Program, names: Names): string[] {
  const cases = program.calls.map(
    ({ fn, args }, i) => `    case ${i}: return ${names.functions[fn] ?? ""}(${args.join(", ")});`,
  );
  const groups: string[] = [];
  for (let i = 0; i < cases.length; i += GROUP) {
    groups.push(
      [
        `static num make_${i / GROUP}(int call) {`,
        "  switch (call) {",
        ...cases.slice(i, i + GROUP),
        "  }",
        `  return ${REFUSED};`,
        "}",
      ].join("\n"),
    );
  }
  const pick = groups.map((_, i) => `    case ${i}: return make_${i}(call);`);
  return [
    ...groups,
    [
      "static num make(int call) {",
      `  switch (call / ${GROUP}) {`,
      ...pick,
      "  }",
      `  return ${REFUSED};`,
      "}",
    ].join("\n"),
  ];
}

const GROUP = 200;

/** Looks for what was not found yet. */
function judge(wanted: readonly string[], program: Program, names: Names): string {
  const each = program.goals.map(({ fn, flags }, i) => {
    const met = flags.map(({ cell, bits }) => `(cells[${cell}] & ${bits}) != 0`);
    const asked = [...met, `${names.functions[fn] ?? ""}()`].join(" || ");
    return `  if (!found[${i}] && (${asked})) report(${i}, calls, ${escaped(wanted[i] ?? "")});`;
  });
  return [
    `static char found[${Math.max(1, program.goals.length)}];`,
    "",
    "static void report(int goal, int calls, const char *what) {",
    "  static char text[2048];",
    "  found[goal] = 1;",
    '  snprintf(text, sizeof(text), "%s, behind %d calls", what, calls);',
    "  uerror(text);",
    "}",
    "",
    "static void judge(int calls) {",
    ...each,
    "}",
  ].join("\n");
}

function driver(program: Program, names: Names, parts: readonly Part[], depth: number | null): string {
  const derive = program.derive === -1 ? [] : [`  ${names.functions[program.derive] ?? ""}();`];
  const bound =
    depth === null
      ? []
      : ["\\#ifndef BFS", '\\#error "the depth of this model is bounded: compile it with -DBFS"', "\\#endif"];
  return [
    ...bound,
    ...parts.map(({ name }) => `static char last_${name}[sizeof(${name})];`),
    "",
    "/* The cells of the state that SPIN has put there. */",
    "static void load(void) {",
    "  static int is_loaded, was_at_boot;",
    `  if (is_loaded${parts.map(({ name }) => ` && memcmp(last_${name}, ${name}, sizeof(${name})) == 0`).join("")}) return;`,
    "  is_loaded = 1;",
    ...parts.map(({ name }) => `  memcpy(last_${name}, ${name}, sizeof(${name}));`),
    ...parts.flatMap(({ name, runs }) => copies(name, runs).map((line) => `  ${line}`)),
    ...derive,
    `  memset(cells, 0, ${HEADER} * sizeof(num));`,
    "  while (writes > 0) is_written[written[--writes]] = 0;",
    "  memcpy(before, cells, sizeof(cells));",
    "  if (!was_at_boot) {",
    "    was_at_boot = 1;",
    "    judge(0);",
    "  }",
    "}",
    "",
    "/* Makes a call; what it writes is undone in front of the next: whether it succeeds, or fails half-way and keeps what it did. */",
    "static int attempt(int call) {",
    "  num result;",
    ...(depth === null ? [] : [`  if (depth >= ${depth}) return 0;`]),
    "  undo();",
    "  load();",
    "  result = make(call);",
    `  return result != ${REFUSED} && result != ${BEYOND};`,
    "}",
    "",
    ...parts.map(({ name, width }) =>
      [
        `static ${width} as_${name}(num value) {`,
        `  if (value != (${width}) value) Uerror("a cell of the model is too small for what it is to hold");`,
        `  return (${width}) value;`,
        "}",
      ].join("\n"),
    ),
    "",
    "/* The call that was just attempted is made. */",
    "static void keep(int call) {",
    "  int i;",
    '  if (readtrail) printf("%s\\n", call_texts[call]);',
    "  judge(depth + !readtrail);",
    ...parts.flatMap(({ name, runs }) => {
      let at = 0;
      return runs.map(({ start, count }) => {
        const line = `  for (i = 0; i < ${count}; i++) ${name}[${at} + i] = as_${name}(cells[${start} + i]);`;
        at += count;
        return line;
      });
    }),
    "}",
  ].join("\n");
}

function copies(name: string, runs: Part["runs"]): string[] {
  let at = 0;
  return runs.map(({ start, count }) => {
    const line = `for (int i = 0; i < ${count}; i++) cells[${start} + i] = ${name}[${at} + i];`;
    at += count;
    return line;
  });
}

/** Lines as pieces that are not too long. */
function chunks(lines: readonly string[]): string[] {
  const pieces: string[] = [];
  for (let i = 0; i < lines.length; i += GROUP) pieces.push(lines.slice(i, i + GROUP).join("\n"));
  return pieces;
}

/** Pieces that SPIN can read. */
function embedded(pieces: readonly string[]): string[] {
  const blocks: string[] = [];
  let block: string[] = [];
  let length = 0;
  const end = (): void => {
    if (block.length > 0) blocks.push(["c_decl {", ...block, "}"].join("\n"), "");
    block = [];
    length = 0;
  };
  for (const piece of pieces) {
    if (length > 0 && length + piece.length > LONGEST_PIECE) end();
    block.push(piece, "");
    length += piece.length;
  }
  end();
  return blocks;
}
