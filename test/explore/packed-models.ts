// Two models with known answers, written as programs by hand: as in test/cases/explore, contexts and address spaces are
// pieces of the machine, so that a call picks which it means.

import type { Action, Column, Fn, Places, Program, Value } from "../../server/src/explore/program.ts";
import { DONE, HEADER, REFUSED } from "../../server/src/explore/program.ts";

export interface Sizes {
  readonly groups: number;
  /** In each group. */
  readonly devices: number;
  readonly contexts: number;
  readonly spaces: number;
}

export const num = (value: number): Value => ({ v: "const", value });
export const local = (of: number): Value => ({ v: "local", local: of });
const binary =
  (op: Extract<Value, { v: "binary" }>["op"]) =>
  (left: Value, right: Value): Value => ({ v: "binary", op, left, right });
export const add = binary("+");
export const equal = binary("==");
export const differ = binary("!=");
export const not = (of: Value): Value => ({ v: "not", of });
const and = (left: Value, right: Value): Value => ({ v: "and", left, right });

/** Fields are named `kind.field`; things are numbered through all kinds. */
function layOut(
  kinds: readonly { readonly kind: string; readonly count: number }[],
  fields: readonly {
    readonly name: string;
    readonly to?: string;
    readonly constant?: readonly number[];
  }[],
): {
  readonly places: readonly Places[];
  readonly columns: readonly Column[];
  readonly initial: readonly number[];
  readonly cell: (name: string, thing: Value) => Value;
  readonly at: (name: string, thing: Value) => Value;
  readonly things: (kind: string) => readonly number[];
} {
  let base = 0;
  const places = kinds.map(({ kind, count }): Places => {
    base += count;
    return { kind, count, sort: "hardware", base: base - count, alive: -1, home: -1 };
  });
  const initial = Array.from({ length: HEADER }, () => 0);
  const kindOf = (name: string): number => places.findIndex(({ kind }) => kind === name.split(".")[0]);
  const columns = fields.map(({ name, to, constant }): Column => {
    const kind = kindOf(name);
    const { count = 0 } = places[kind] ?? {};
    const other = places.find((each) => each.kind === to);
    const start = initial.length;
    for (let i = 0; i < count; i++) initial.push(constant?.[i] ?? (to === undefined ? 0 : -1));
    const things = other === undefined ? [] : Array.from({ length: other.count }, (_, i) => other.base + i);
    return {
      ...{ name, kind, start, role: constant === undefined ? "state" : "constant" },
      holds: to === undefined ? "plain" : "thing",
      values: other === undefined ? [0, 1] : [-1, ...things],
      initial: to === undefined ? 0 : -1,
    };
  });
  const at = (name: string, thing: Value): Value => {
    const column = columns.find((each) => each.name === name);
    const kind = places[column?.kind ?? 0];
    return add(thing, num((column?.start ?? 0) - (kind?.base ?? 0)));
  };
  return {
    ...{ places, columns, initial, at },
    cell: (name, thing) => ({ v: "cell", at: at(name, thing) }),
    things(kind) {
      const own = places.find((each) => each.kind === kind);
      return Array.from({ length: own?.count ?? 0 }, (_, i) => (own?.base ?? 0) + i);
    },
  };
}

export type Model = "grp" | "dev";

/** `safe`: no goal at all, so that everything is explored. */
export function model(name: Model, sizes: Sizes): Program {
  const { groups, devices, contexts, spaces } = sizes;
  const groupBase = contexts + spaces;
  const { places, columns, initial, cell, at, things } = layOut(
    [
      { kind: "context", count: contexts },
      { kind: "space", count: spaces },
      { kind: "group", count: groups },
      { kind: "device", count: groups * devices },
    ],
    [
      {
        ...{ name: "device.group", to: "group" },
        constant: Array.from({ length: groups * devices }, (_, i) => groupBase + Math.floor(i / devices)),
      },
      { name: "context.open" },
      { name: "space.context", to: "context" },
      { name: "space.parent", to: "space" },
      { name: "group.open" },
      ...(name === "grp" ? [{ name: "group.context", to: "context" }] : []),
      { name: "device.open" },
      ...(name === "dev" ? [{ name: "device.context", to: "context" }] : []),
      { name: "device.space", to: "space" },
      { name: "device.access" },
    ],
  );
  const functions: Fn[] = [];
  const calls: Program["calls"][number][] = [];
  const [a, b, member] = [local(0), local(1), local(2)];
  const MEMBER = 2;

  const range = (kind: string): { readonly from: Value; readonly to: Value } => {
    const all = things(kind);
    return { from: num(all[0] ?? 0), to: num((all.at(-1) ?? -1) + 1) };
  };
  /** Refuses the call unless it holds. */
  const need = (condition: Value): Action => ({
    ...{ a: "if", condition: not(condition), otherwise: [] },
    then: [{ a: "return", value: num(REFUSED) }],
  });
  const each = (kind: string, body: readonly Action[]): Action => ({
    ...{ a: "loop", local: MEMBER, body },
    ...range(kind),
  });
  const write = (field: string, thing: Value, value: Value): Action => ({
    ...{ a: "store", at: at(field, thing), value },
  });
  const op = (called: string, kinds: readonly string[], body: readonly Action[]): void => {
    const fn = functions.push({
      ...{ name: called, params: kinds.length, locals: 3 },
      body: [...body, { a: "return", value: num(DONE) }],
    });
    const [first = "", second] = kinds;
    for (const one of things(first))
      for (const two of second === undefined ? [null] : things(second))
        calls.push({
          fn: fn - 1,
          args: two === null ? [one] : [one, two],
          holds: two === null ? ["thing"] : ["thing", "thing"],
        });
  };
  const open = (kind: string, of: Value): Value => cell(`${kind}.open`, of);
  const owner = (of: Value): Value =>
    name === "grp" ? cell("group.context", cell("device.group", of)) : cell("device.context", of);
  const isPeer = (of: Value): Value => equal(cell("device.group", member), cell("device.group", of));
  const peers = (body: readonly Action[]): Action =>
    each("device", [{ a: "if", condition: isPeer(a), then: body, otherwise: [] }]);

  op("open context", ["context"], [need(not(open("context", a))), write("context.open", a, num(1))]);
  op(
    "close context",
    ["context"],
    [
      need(open("context", a)),
      each("space", [need(differ(cell("space.context", member), a))]),
      name === "grp"
        ? each("group", [need(differ(cell("group.context", member), a))])
        : each("device", [need(differ(cell("device.context", member), a))]),
      write("context.open", a, num(0)),
    ],
  );
  op(
    "alloc",
    ["space", "context"],
    [need(equal(cell("space.context", a), num(-1))), need(open("context", b)), write("space.context", a, b)],
  );
  op(
    "nest",
    ["space", "space"],
    [
      need(equal(cell("space.context", a), num(-1))),
      need(differ(cell("space.context", b), num(-1))),
      write("space.context", a, cell("space.context", b)),
      write("space.parent", a, b),
    ],
  );
  op(
    "free",
    ["space"],
    [
      need(differ(cell("space.context", a), num(-1))),
      each("space", [need(differ(cell("space.parent", member), a))]),
      each("device", [need(differ(cell("device.space", member), a))]),
      write("space.context", a, num(-1)),
      write("space.parent", a, num(-1)),
    ],
  );
  op("open group", ["group"], [need(not(open("group", a))), write("group.open", a, num(1))]);
  const isOwn = equal(cell("device.group", member), a);
  if (name === "grp") {
    op(
      "close group",
      ["group"],
      [
        need(open("group", a)),
        each("device", [need(not(and(isOwn, open("device", member))))]),
        each("device", [
          {
            ...{ a: "if", condition: isOwn, otherwise: [] },
            then: [write("device.space", member, num(-1))],
          },
        ]),
        write("group.context", a, num(-1)),
        write("group.open", a, num(0)),
      ],
    );
    op(
      "bind group",
      ["group", "context"],
      [
        need(and(open("group", a), equal(cell("group.context", a), num(-1)))),
        need(open("context", b)),
        write("group.context", a, b),
      ],
    );
    op(
      "open device",
      ["device"],
      [need(differ(owner(a), num(-1))), need(not(open("device", a))), write("device.open", a, num(1))],
    );
    op(
      "close device",
      ["device"],
      [need(open("device", a)), write("device.open", a, num(0)), write("device.access", a, num(0))],
    );
  } else {
    op("close group", ["group"], [need(open("group", a)), write("group.open", a, num(0))]);
    op("open device", ["device"], [need(not(open("device", a))), write("device.open", a, num(1))]);
    op(
      "close device",
      ["device"],
      [
        need(open("device", a)),
        write("device.open", a, num(0)),
        write("device.access", a, num(0)),
        write("device.context", a, num(-1)),
        write("device.space", a, num(-1)),
      ],
    );
    op(
      "bind device",
      ["device", "context"],
      [
        need(and(open("device", a), equal(cell("device.context", a), num(-1)))),
        need(open("context", b)),
        write("device.context", a, b),
      ],
    );
  }
  op(
    "attach",
    ["device", "space"],
    [
      need(open("device", a)),
      need(and(differ(cell("space.context", b), num(-1)), equal(cell("space.context", b), owner(a)))),
      need(differ(cell("device.space", a), b)),
      write("device.space", a, b),
    ],
  );
  op(
    "detach",
    ["device"],
    [
      need(and(open("device", a), differ(cell("device.space", a), num(-1)))),
      ...(name === "grp"
        ? [peers([need(not(cell("device.access", member)))])]
        : [write("device.access", a, num(0))]),
      write("device.space", a, num(-1)),
    ],
  );
  op(
    "access",
    ["device"],
    [
      need(open("device", a)),
      need(not(cell("device.access", a))),
      peers([
        need(differ(cell("device.space", member), num(-1))),
        ...(name === "dev" ? [need(equal(owner(member), owner(a)))] : []),
      ]),
      write("device.access", a, num(1)),
    ],
  );
  const spaceContext = (of: Value): Value => cell("space.context", cell("device.space", of));
  const broken: Fn = {
    ...{ name: "whole group", params: 0, locals: 3 },
    body: [
      {
        ...{ a: "loop", local: 0, ...range("device") },
        body: [
          {
            ...{ a: "if", condition: cell("device.access", a), otherwise: [] },
            then: [
              peers([
                {
                  ...{ a: "if", otherwise: [], then: [{ a: "return", value: num(1) }] },
                  condition: {
                    ...{ v: "or", left: equal(cell("device.space", member), num(-1)) },
                    right:
                      name === "grp"
                        ? differ(spaceContext(member), spaceContext(a))
                        : differ(owner(member), owner(a)),
                  },
                },
              ]),
            ],
          },
        ],
      },
    ],
  };
  return {
    ...{ wide: false, initial, places, columns, tables: [], derive: -1, calls, named: [] },
    functions: [...functions, broken],
    goals: [{ fn: functions.length, flags: [] }],
  };
}
