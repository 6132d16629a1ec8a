// Fields that follow from whether their thing lives. Where there is one file for each piece of hardware, the field with
// that piece does; and so does a field with another such file, if no call makes the thing with that of other hardware:
// `require d.group == g.group` stands before `new device_fd { device: d, group_file: g }`. It takes no part of a state.

import { isMade } from "../../model/execute.ts";
import type { Expr, Stmt } from "../../model/ir.ts";
import { column } from "../../model/machine.ts";
import type { Kind, System } from "../../model/system.ts";
import { indexOf, NONE } from "../../model/values.ts";
import { flatten } from "../expressions.ts";
import type { Problem } from "../problem.ts";
import type { Lowering } from "./context.ts";

/** By field, by place: the index of what the field of a thing that lives there refers to. */
export function impliedFields(lowering: Lowering): ReadonlyMap<number, readonly number[]> {
  let known = found.get(lowering);
  if (known === undefined) {
    known = find(lowering);
    found.set(lowering, known);
  }
  return known;
}

const found = new WeakMap<Lowering, ReadonlyMap<number, readonly number[]>>();

function find(lowering: Lowering): ReadonlyMap<number, readonly number[]> {
  const { problem, layout } = lowering;
  const { system, bounds } = problem;
  const implied = new Map<number, readonly number[]>();
  for (const kind of system.kinds) {
    const home = bounds.homes[kind.id] ?? -1;
    if (home === -1) continue;
    const own = Array.from({ length: layout.places[kind.id]?.count ?? 0 }, (_, place) => place);
    implied.set(home, own);
    for (const field of kind.fields) {
      const path = pathToOther(lowering, kind, home, field);
      if (path === null) continue;
      const at = (place: number): number =>
        path.reduce((index, each) => indexOf(column(lowering.machine, each)[index] ?? NONE), place);
      implied.set(field, own.map(at));
    }
  }
  return implied;
}

/** The facts that lead from the hardware of a thing to that of the file in a field; null: who knows. */
function pathToOther(lowering: Lowering, kind: Kind, home: number, field: number): readonly number[] | null {
  const { problem, layout } = lowering;
  const { strong, type } = problem.system.fields[field] ?? {};
  const [other = -1, ...more] = type?.kinds ?? [];
  const otherHome = problem.bounds.homes[other] ?? -1;
  const isOne = type?.base === "value" && !type.optional && more.length === 0 && strong === true;
  if (!isOne || otherHome === -1 || kind.path !== null) return null;
  let path: readonly number[] | null = null;
  for (const { body, params } of bodiesOf(problem.system)) {
    const all = flatten(body);
    // What is referred to lives as long, if nobody destroys it.
    const isDestroyed = all.some(
      (each) =>
        each.do === "destroy" && kindsOf(problem.system, params, all, each.of)?.includes(other) !== false,
    );
    if (isDestroyed) return null;
    if (all.some((each) => each.do === "assign" && each.fields.includes(field))) return null;
    for (const made of all) {
      if (made.do !== "new" || made.kind !== kind.id) continue;
      const slotIn = (id: number): number => {
        const value = made.fields.find((init) => init.field === id)?.value;
        return value?.op === "local" ? value.slot : -1;
      };
      const own = pathThere(lowering, problem, body.slice(0, body.indexOf(made)), {
        ...{ of: slotIn(home), to: slotIn(field), toHome: otherHome },
      });
      if (own === null || (path !== null && own.join() !== path.join())) return null;
      path = own;
    }
  }
  return path?.every((each) => layout.constant[each]) === true ? path : null;
}

interface Body {
  readonly body: readonly Stmt[];
  /** Of what is passed: the kinds that it can be of. */
  readonly params: readonly (readonly number[])[];
}

const bodiesOf = ({ operations, kinds }: System): Body[] => [
  ...[...operations.values()].map(({ body, params }) => ({
    body,
    params: params.map(({ type }) => type.kinds),
  })),
  ...kinds.flatMap(({ on, id }) =>
    [on.open, on.close, on.release].flatMap((block) =>
      block === null ? [] : [{ body: block.body, params: [[id]] }],
    ),
  ),
];

/** The kinds that a thing can be of, by the text; null: who knows. */
function kindsOf(
  system: System,
  params: Body["params"],
  all: readonly Stmt[],
  expr: Expr,
): readonly number[] | null {
  if (expr.op === "field") return expr.fields.flatMap((field) => system.fields[field]?.type.kinds ?? []);
  if (expr.op !== "local") return null;
  const { slot } = expr;
  const own = params[slot];
  if (own !== undefined) return own;
  // A slot is not used for two things.
  for (const each of all) {
    if (each.do === "let" && each.slot === slot) return kindsOf(system, params, all, each.value);
    if (each.do === "new" && each.slot === slot) return [each.kind];
    if (each.do !== "for" || each.slot !== slot) continue;
    if (each.set.set === "kinds") return each.set.kinds;
    return each.set.set === "having" ? [system.fields[each.set.field]?.kind ?? -1] : null;
  }
  return null;
}

/** What a call that comes this far was asked: that the hardware of the file in `to` is what a path of facts leads to. */
function pathThere(
  { machine }: Lowering,
  { system }: Problem,
  before: readonly Stmt[],
  { of, to, toHome }: { readonly of: number; readonly to: number; readonly toHome: number },
): readonly number[] | null {
  if (of === -1 || to === -1) return null;
  // What may have died by then, or is something else by then, says nothing.
  const isPlain = before.every((each) => each.do === "require" || each.do === "let");
  if (!isPlain) return null;
  for (const each of before) {
    if (each.do !== "require" || each.hazard !== null || !isMade(machine, each)) continue;
    for (const { left, right } of equalitiesIn(each.condition)) {
      for (const [one, two] of [
        [left, right],
        [right, left],
      ] as const) {
        const path = pathFrom(two, of);
        const isHome =
          one.op === "field" &&
          one.fields.length === 1 &&
          one.fields[0] === toHome &&
          one.of.op === "local" &&
          one.of.slot === to;
        if (isHome && path !== null && path.length > 0 && isThere(system, path)) return path;
      }
    }
  }
  return null;
}

function equalitiesIn(expr: Expr): readonly Extract<Expr, { op: "compare" }>[] {
  if (expr.op === "and") return [...equalitiesIn(expr.left), ...equalitiesIn(expr.right)];
  return expr.op === "compare" && expr.with === "==" ? [expr] : [];
}

/** `d.group` as the fields from the local on; null: it is something else. */
function pathFrom(expr: Expr, slot: number): readonly number[] | null {
  if (expr.op === "local") return expr.slot === slot ? [] : null;
  if (expr.op !== "field" || expr.fields.length !== 1) return null;
  const path = pathFrom(expr.of, slot);
  return path === null ? null : [...path, ...expr.fields];
}

const isThere = (system: System, path: readonly number[]): boolean =>
  path.every((field) => system.fields[field]?.type.optional === false);
