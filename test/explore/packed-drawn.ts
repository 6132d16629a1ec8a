// Random small programs in which equal things can change places: hardware of which some is below other hardware, files
// that are opened at the lowest free place, fields that refer to any of them, calls that compare and assign.

import fc from "fast-check";
import type { Action, Column, Fn, Places, Program, Value } from "../../server/src/explore/program.ts";
import { DONE, HEADER, REFUSED } from "../../server/src/explore/program.ts";
import { add, differ, equal, local, not, num } from "./packed-models.ts";

/** Kinds: 0 units, 1 parts of units, 2 files. A field is plain (-1) or refers to a kind. */
export interface Drawn {
  readonly counts: readonly [number, number, number];
  /** The unit of each part. */
  readonly below: readonly number[];
  readonly fields: readonly { readonly kind: number; readonly to: number }[];
  readonly calls: readonly DrawnCall[];
}

interface DrawnCall {
  /** Kinds of the parameters. */
  readonly params: readonly number[];
  /** Nothing more: close the file that is the first parameter, or open one. */
  readonly form: "change" | "open" | "close";
  readonly checks: readonly {
    readonly field: number;
    readonly of: number;
    readonly is: Operand;
    readonly not: boolean;
  }[];
  readonly writes: readonly { readonly field: number; readonly of: number; readonly value: Operand }[];
}

/** Nothing (or 0), something else (1, or the first parameter of the kind), a field of a parameter. */
type Operand =
  | { readonly by: "nothing" | "something" }
  | { readonly by: "field"; readonly field: number; readonly of: number };

const FILE = 2;
const index = fc.nat({ max: 5 });
const operand: fc.Arbitrary<Operand> = fc.oneof(
  fc.constantFrom<Operand>({ by: "nothing" }, { by: "something" }),
  fc.record({ by: fc.constant("field" as const), field: index, of: index }),
);

/** From here on the number of a field means that field. */
const EXACT = 100;

/** Files come and go, and every field can be set: so that there is something to explore whatever is drawn besides. */
function usual(fields: Drawn["fields"]): DrawnCall[] {
  const set = (field: number, kind: number, to: number, value: Operand): DrawnCall => ({
    ...{ params: to === -1 ? [kind] : [kind, to], form: "change", checks: [] },
    writes: [{ field: EXACT + field, of: 0, value }],
  });
  return [
    { params: [], form: "open", checks: [], writes: [] },
    { params: [FILE], form: "close", checks: [], writes: [] },
    ...fields.map(({ kind, to }, f) => set(f, kind, to === kind ? -1 : to, { by: "something" })),
  ];
}

export const drawn: fc.Arbitrary<Drawn> = fc.record({
  counts: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 2, max: 3 }), fc.constant(2)),
  below: fc.array(fc.nat({ max: 2 }), { minLength: 4, maxLength: 4 }),
  fields: fc.array(fc.record({ kind: fc.nat({ max: 2 }), to: fc.integer({ min: -1, max: 2 }) }), {
    ...{ minLength: 2, maxLength: 3 },
  }),
  calls: fc.array(
    fc.record({
      params: fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 2 }),
      form: fc.constantFrom("change", "change", "open", "close"),
      checks: fc.array(fc.record({ field: index, of: index, is: operand, not: fc.boolean() }), {
        maxLength: 2,
      }),
      writes: fc.array(fc.record({ field: index, of: index, value: operand }), {
        minLength: 1,
        maxLength: 2,
      }),
    }),
    { maxLength: 3 },
  ),
});

export function programOf({ counts, below, fields, calls }: Drawn): Program {
  const names = ["unit", "part", "file"];
  const bases = counts.map((_, kind) => counts.slice(0, kind).reduce((sum, count) => sum + count, 0));
  const initial = new Array<number>(HEADER).fill(0);
  const columns: Column[] = [];
  const column = (of: Omit<Column, "start">, cells: readonly number[]): number => {
    columns.push({ ...of, start: initial.length });
    initial.push(...cells);
    return columns.length - 1;
  };
  const all = (kind: number): number[] =>
    Array.from({ length: counts[kind] ?? 0 }, (_, place) => (bases[kind] ?? 0) + place);
  const parents = all(1).map((_, i) => (below[i] ?? 0) % counts[0]);
  column(
    {
      name: "unit",
      kind: 1,
      role: "constant",
      holds: "thing",
      values: [...new Set(parents)].sort(),
      initial: 0,
    },
    parents,
  );
  const alive = column(
    { name: "(alive)", kind: FILE, role: "state", holds: "plain", values: [0, 1], initial: 0 },
    all(FILE).map(() => 0),
  );
  const own = fields.map(({ kind, to }, i) =>
    column(
      {
        ...{ name: `f${i}`, kind, role: "state", holds: to === -1 ? "plain" : "thing" },
        ...(to === -1 ? { values: [0, 1], initial: 0 } : { values: [-1, ...all(to)], initial: -1 }),
      },
      all(kind).map(() => (to === -1 ? 0 : -1)),
    ),
  );
  const at = (of: number, thing: Value): Value => {
    const { start = 0, kind = 0 } = columns[of] ?? {};
    return add(thing, num(start - (bases[kind] ?? 0)));
  };
  const cell = (of: number, thing: Value): Value => ({ v: "cell", at: at(of, thing) });

  const functions: Fn[] = [];
  const grounds: Program["calls"][number][] = [];
  for (const { params, form, checks, writes } of [...usual(fields), ...calls]) {
    const kinds =
      form === "open" ? params.filter((kind) => kind !== FILE) : form === "close" ? [FILE] : params;
    /** A field of one of the parameters, whatever was drawn; null if none has any. */
    const pick = (
      field: number,
      of: number,
    ): { readonly column: number; readonly to: number; readonly thing: Value } | null => {
      const fitting = own.flatMap((number, f) =>
        kinds.flatMap((kind, param) =>
          kind === fields[f]?.kind && (field < EXACT || (field - EXACT === f && param === of))
            ? [{ number, f, param }]
            : [],
        ),
      );
      const chosen = fitting[(field + 7 * of) % Math.max(1, fitting.length)];
      return chosen === undefined
        ? null
        : { column: chosen.number, to: fields[chosen.f]?.to ?? -1, thing: local(chosen.param) };
    };
    const operandValue = (given: Operand, to: number): Value => {
      if (given.by === "nothing") return num(to === -1 ? 0 : -1);
      const other = given.by === "field" ? pick(given.field, given.of) : null;
      if (other !== null && other.to === to) return cell(other.column, other.thing);
      const param = kinds.indexOf(to);
      return param === -1 ? num(to === -1 ? 1 : -1) : local(param);
    };
    const refuse: readonly Action[] = [{ a: "return", value: num(REFUSED) }];
    const need = (condition: Value): Action => ({
      ...{ a: "if", condition: not(condition), then: refuse, otherwise: [] },
    });
    const body: Action[] = kinds.flatMap((kind, param) =>
      kind === FILE ? [need(equal(cell(alive, local(param)), num(1)))] : [],
    );
    const free = kinds.length;
    for (const check of checks) {
      const of = pick(check.field, check.of);
      if (of === null) continue;
      const compare = check.not ? differ : equal;
      body.push(need(compare(cell(of.column, of.thing), operandValue(check.is, of.to))));
    }
    if (form === "open") body.push(...opening(free));
    else if (form === "close") body.push(...closing());
    for (const write of writes) {
      const of = pick(write.field, write.of);
      if (of !== null && form !== "close")
        body.push({ a: "store", at: at(of.column, of.thing), value: operandValue(write.value, of.to) });
    }
    functions.push({
      ...{ name: form, params: kinds.length, locals: kinds.length + 2 },
      body: [...body, { a: "return", value: num(DONE) }],
    });
    for (const args of product(kinds.map(all)))
      grounds.push({ fn: functions.length - 1, args, holds: args.map(() => "thing") });
  }

  /** Takes the lowest free place and fills it with the parameters. */
  function opening(free: number): Action[] {
    const [member, found] = [local(free), local(free + 1)];
    const range = { from: num(bases[FILE] ?? 0), to: num((bases[FILE] ?? 0) + counts[FILE]) };
    return [
      { a: "set", local: free + 1, value: num(-1) },
      {
        ...{ a: "loop", local: free, ...range },
        body: [
          {
            ...{ a: "if", condition: not(cell(alive, member)), otherwise: [] },
            then: [{ a: "set", local: free + 1, value: member }, { a: "break" }],
          },
        ],
      },
      {
        ...{ a: "if", condition: equal(found, num(-1)), otherwise: [] },
        then: [{ a: "return", value: num(3) }],
      },
      { a: "store", at: at(alive, found), value: num(1) },
    ];
  }

  /** The first parameter dies, and with it what refers to it. */
  function closing(): Action[] {
    const dead = local(0);
    return [
      ...own.flatMap((number, f): Action[] =>
        fields[f]?.kind === FILE
          ? [{ a: "store", at: at(number, dead), value: num(fields[f]?.to === -1 ? 0 : -1) }]
          : [],
      ),
      { a: "store", at: at(alive, dead), value: num(0) },
      ...own.flatMap((number, f): Action[] => {
        if (fields[f]?.to !== FILE) return [];
        const [first = 0] = all(fields[f]?.kind ?? 0);
        return [
          {
            ...{
              a: "loop",
              local: 1,
              from: num(first),
              to: num(first + (counts[fields[f]?.kind ?? 0] ?? 0)),
            },
            body: [
              {
                ...{ a: "if", condition: equal(cell(number, local(1)), dead), otherwise: [] },
                then: [{ a: "store", at: at(number, local(1)), value: num(-1) }],
              },
            ],
          },
        ];
      }),
    ];
  }

  return {
    ...{
      wide: false,
      initial,
      columns,
      tables: [],
      functions,
      derive: -1,
      calls: grounds,
      named: [],
      goals: [],
    },
    places: counts.map(
      (count, kind): Places => ({
        ...{
          kind: names[kind] ?? "",
          sort: kind === FILE ? "fd" : "hardware",
          base: bases[kind] ?? 0,
          count,
        },
        alive: kind === FILE ? alive : -1,
        home: -1,
      }),
    ),
  };
}

function product(choices: readonly (readonly number[])[]): number[][] {
  return choices.reduce<number[][]>(
    (all, own) => all.flatMap((given) => own.map((choice) => [...given, choice])),
    [[]],
  );
}
