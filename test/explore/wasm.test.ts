// WebAssembly that the product writes does what the program says, operation by operation, with 32 bits and with 64.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Action, Binary, Program, Value } from "../../server/src/explore/program.ts";
import { DONE, HEADER } from "../../server/src/explore/program.ts";
import { flatten, signed, unsigned } from "../../server/src/explore/wasm/code.ts";
import { runProgram } from "../support/run-program.ts";
import { counts, engines, run } from "./packed-runs.ts";

test("numbers of any length", () => {
  expect(unsigned(0)).toEqual([0]);
  expect(unsigned(624_485)).toEqual([0xe5, 0x8e, 0x26]);
  expect(unsigned(2 ** 32 - 1)).toEqual([0xff, 0xff, 0xff, 0xff, 0x0f]);
  expect(signed(-123_456)).toEqual([0xc0, 0xbb, 0x78]);
  expect(signed(63)).toEqual([63]);
  expect(signed(64)).toEqual([0xc0, 0]);
  expect(signed(-64)).toEqual([0x40]);
  expect(signed(-(2 ** 53))).toEqual([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x70]);
  expect([...flatten([1, [2, [3]], []])]).toEqual([1, 2, 3]);
});

// ---------------------------------------------------------------- random programs

const CELLS = 4;
const LOCALS = 4;
const operators: readonly Binary[] = [
  ...(["+", "-", "/", "%", "&", "|", "==", "!=", "<", "<=", ">", ">="] as const),
];

/** Cells are HEADER to HEADER + CELLS; locals 0 and 1 are parameters; `functions` can be called. */
function anyValue(functions: number): fc.Arbitrary<Value> {
  const { value } = fc.letrec<{ value: Value }>((tie) => {
    const both = { left: tie("value"), right: tie("value") };
    const flag = tie("value").map((of): Value => ({ v: "not", of }));
    const cell = tie("value").map(
      (of): Value => ({ v: "binary", op: "+", left: num(HEADER), right: remainder(of, CELLS) }),
    );
    const entry = tie("value").map((of): Value => remainder(of, 3));
    return {
      value: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        fc.integer({ min: -9, max: 9 }).map(num),
        fc.nat({ max: LOCALS - 1 }).map((local): Value => ({ v: "local", local })),
        cell.map((at): Value => ({ v: "cell", at })),
        entry.map((at): Value => ({ v: "table", table: 0, at })),
        fc.record({ v: fc.constant("binary" as const), op: fc.constantFrom(...operators), ...both }),
        // Products of what is small only, as no program has others.
        fc
          .record(both)
          .map(
            ({ left, right }): Value => ({ v: "binary", op: "*", left: small(left), right: small(right) }),
          ),
        flag,
        fc.record({ v: fc.constantFrom("and" as const, "or" as const), left: flag, right: flag }),
        fc.record({
          v: fc.constant("if" as const),
          condition: flag,
          then: tie("value"),
          otherwise: tie("value"),
        }),
        ...(functions === 0
          ? []
          : [
              fc.record({
                v: fc.constant("call" as const),
                fn: fc.nat({ max: functions - 1 }),
                args: fc.array(tie("value"), { minLength: 2, maxLength: 2 }),
              }),
            ]),
      ),
    };
  });
  return value;
}

const num = (value: number): Value => ({ v: "const", value });
const remainder = (of: Value, by: number): Value => ({
  ...{ v: "binary", op: "%", left: of, right: num(by) },
});
const sum = (left: Value, right: Value): Value => ({ v: "binary", op: "+", left, right });
/** What stays small enough for all kinds of numbers, whatever was computed. */
const small = (of: Value): Value => remainder(of, 7);

function actionsOf(functions: number): fc.Arbitrary<readonly Action[]> {
  const value = anyValue(functions).map(small);
  const { all } = fc.letrec<{ all: readonly Action[] }>((tie) => ({
    all: fc.array(
      fc.oneof(
        { depthSize: "xsmall", maxDepth: 3 },
        fc.record({
          a: fc.constant("set" as const),
          local: fc.integer({ min: 0, max: LOCALS - 2 }),
          value,
        }),
        fc.record({
          a: fc.constant("store" as const),
          at: fc.nat({ max: CELLS - 1 }).map((cell) => num(HEADER + cell)),
          value,
        }),
        fc.record({ a: fc.constant("return" as const), value }),
        fc.record({
          a: fc.constant("if" as const),
          condition: value.map((of): Value => ({ v: "not", of })),
          then: tie("all"),
          otherwise: tie("all"),
        }),
        fc.record({
          a: fc.constant("loop" as const),
          local: fc.constant(LOCALS - 1),
          from: fc.integer({ min: 0, max: 2 }).map(num),
          to: fc.integer({ min: 0, max: 4 }).map(num),
          body: fc
            .tuple(tie("all"), fc.constantFrom<readonly Action[]>([], [{ a: "break" }], [{ a: "continue" }]))
            .map(([body, end]) => [...body, ...end]),
        }),
        ...(functions === 0
          ? []
          : [
              fc.record({
                a: fc.constant("call" as const),
                fn: fc.nat({ max: functions - 1 }),
                args: fc.array(value, { minLength: 2, maxLength: 2 }),
                into: fc.constantFrom(null, 0, 1),
              }),
            ]),
      ),
      { maxLength: 4 },
    ),
  }));
  return all;
}

/** Numbers of their kind are added to what tables hold, so that arithmetic is really of 64 bits. */
const programs = fc
  .tuple(actionsOf(0), actionsOf(1), actionsOf(2), fc.boolean())
  .map(([first, second, third, wide]): Program => {
    const functions = [first, second, third].map((body, i) => ({
      ...{ name: `f${i}`, params: 2, locals: LOCALS, body },
    }));
    const done = {
      ...{ name: "call", params: 1, locals: 2 },
      body: [
        {
          a: "call",
          fn: 2,
          args: [
            { v: "local", local: 0 },
            { v: "cell", at: num(HEADER) },
          ],
          into: 1,
        },
        // Whatever it does: what it gives matters, and what it was given.
        {
          a: "store",
          at: num(HEADER),
          value: small(
            sum({ v: "cell", at: num(HEADER) }, sum({ v: "local", local: 1 }, { v: "local", local: 0 })),
          ),
        },
        { a: "return", value: num(DONE) },
      ] satisfies Action[],
    };
    const big = wide ? 2 ** 40 : 2 ** 10;
    return {
      ...{
        wide,
        initial: new Array<number>(HEADER + CELLS).fill(0),
        tables: [[0, big, -big - 1]],
        derive: -1,
      },
      places: [{ kind: "cell", sort: "hardware", base: 0, count: CELLS, alive: -1, home: -1 }],
      columns: [
        {
          ...{ name: "value", kind: 0, start: HEADER, role: "state", holds: "plain", initial: 0 },
          values: wide ? null : [0, 1, 2, 3, 4, 5, 6],
        },
      ],
      functions: [...functions, done],
      calls: [0, 1, 5].map((arg) => ({ fn: 3, args: [arg], holds: ["plain"] as const })),
      ...{ named: [], goals: [{ fn: 4, flags: [] }] },
    };
  })
  .map((program) => ({
    ...program,
    functions: [
      ...program.functions,
      {
        ...{ name: "goal", params: 0, locals: 0 },
        body: [
          {
            a: "return",
            value: {
              ...{ v: "binary", op: "==", left: { v: "cell", at: num(HEADER) } },
              right: { v: "cell", at: num(HEADER + 1) },
            },
          },
        ] satisfies Action[],
      },
    ],
  }));

describe("random programs", () => {
  test("all engines find the same states by the same ways", () => {
    let found = 0;
    fc.assert(
      fc.property(programs, (program) => {
        const options = { symmetry: false, depth: 3 } as const;
        const [first, second] = engines.map((engine) => run(program, { ...options, engine }));
        expect(second).toEqual(first);
        const all = { ...program, goals: [] };
        const [one, other] = engines.map((engine) => run(all, { ...options, engine }));
        expect(other).toEqual(one);
        expect(counts(one ?? run(all, { ...options, engine: "wasm" }))).toEqual(plainly(all, 3));
        found += one?.states ?? 0;
      }),
      { numRuns: 300 },
    );
    expect(found).toBeGreaterThan(1_000);
  });

  test("what is compiled once is right for programs that share some functions with it", () => {
    const options = { symmetry: false, depth: 3 } as const;
    fc.assert(
      fc.property(programs, programs, fc.nat({ max: 4 }), (program, other, edited) => {
        const functions = program.functions.map((fn, i) => (i === edited ? other.functions[i] : fn));
        const after = { ...program, functions: functions.flatMap((fn) => fn ?? []) };
        // After the edit, and after it was taken back.
        for (const each of [program, after, program]) {
          const [first, second] = engines.map((engine) =>
            run({ ...each, goals: [] }, { ...options, engine }),
          );
          expect(first).toEqual(second);
        }
      }),
      { numRuns: 100 },
    );
  });
});

/** The same, with the program run as it is written and states in a table of texts. */
function plainly(program: Program, most: number): unknown {
  const known = new Set([program.initial.join()]);
  let level = [[...program.initial]];
  let [transitions, depth] = [0, 0];
  for (; depth < most && level.length > 0; depth++) {
    const next: number[][] = [];
    for (const cells of level) {
      for (const { fn, args } of program.calls) {
        const own = [...cells];
        runProgram(program, own, fn, args);
        transitions++;
        if (known.has(own.join())) continue;
        known.add(own.join());
        next.push(own);
      }
    }
    if (next.length === 0) return { end: "exhausted", states: known.size, transitions, depth, found: [] };
    level = next;
  }
  return { end: "depth", states: known.size, transitions, depth, found: [] };
}
