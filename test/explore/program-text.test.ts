// A program that is written and read is the same, and shares its functions with those that were read before.

import { expect, test } from "vitest";
import type { Program } from "../../server/src/explore/program.ts";
import { createReader, programText } from "../../server/src/explore/program-text.ts";

const returning = (value: number): Program["functions"][number] => ({
  ...{ name: `f${value}`, params: 0, locals: 0 },
  body: [{ a: "return", value: { v: "const", value } }],
});

const programOf = (functions: Program["functions"]): Program => ({
  ...{ wide: false, initial: [0, 0, 0, -1], places: [], tables: [[1, 2]], derive: -1, named: [] },
  columns: [
    {
      ...{ name: "field", kind: 0, start: 3, role: "state", holds: "plain" },
      ...{ values: null, initial: 2 ** 53 },
    },
  ],
  functions,
  calls: [{ fn: 0, args: [1, -2], holds: ["thing", "plain"] }],
  goals: [{ fn: 1, flags: [{ cell: 0, bits: 3 }] }],
});

test("a program is what was written", () => {
  const read = createReader();
  const first = programOf([returning(1), returning(2)]);
  const second = programOf([returning(1), returning(3)]);
  const [one, two] = [first, second].map((program) => read(structuredClone(programText(program))));
  expect(one).toEqual(first);
  expect(two).toEqual(second);
  expect(two?.functions[0]).toBe(one?.functions[0]);
});
