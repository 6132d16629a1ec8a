// What an expression depends on besides facts of the machine. One that depends on a single thing of the machine is a table
// of its values, one that depends on nothing is its value: both are found by asking the Machine itself.

import { evaluator } from "../../model/evaluate.ts";
import type { Expr, SetExpr } from "../../model/ir.ts";
import { column } from "../../model/machine.ts";
import { HARDWARE } from "../../model/system.ts";
import { kindOf, NONE, reference } from "../../model/values.ts";
import {
  computed,
  elementOf,
  encode,
  type Frame,
  known,
  type Low,
  type Lowering,
  lateTable,
  type Tag,
  tableOf,
  tagOf,
} from "./context.ts";
import { readField } from "./fields.ts";
import { entry, plus } from "./values.ts";

/** A local (the caller: -1), and fields that change, one after the other: `f.group_file`. */
export interface Path {
  readonly slot: number;
  readonly fields: readonly number[];
  /** What the last field is where there is nothing that has it. */
  readonly missing: number;
  readonly key: string;
}

export interface Info {
  /** All that is not known when the machine is; null: more than such paths. */
  readonly paths: readonly Path[] | null;
  /** Locals that are used, and not bound inside. */
  readonly slots: readonly number[];
  /** The expression is the one path itself. */
  readonly isPath: boolean;
  /** Somewhere inside, the first of several is taken. */
  readonly picks: boolean;
}

const CALLER = -1;
const MOST_PATHS = 8;

const nothing: Info = { paths: [], slots: [], isPath: false, picks: false };

const pathInfo = (slot: number, fields: readonly number[], missing = NONE): Info => ({
  paths: [{ slot, fields, missing, key: `${slot}.${fields.join(".")}` }],
  slots: slot === CALLER ? [] : [slot],
  isPath: true,
  picks: false,
});

export function infoOf(lowering: Lowering, expr: Expr): Info {
  if (expr.op === "const" || expr.op === "kernel") return nothing;
  let info = lowering.infos.get(expr);
  if (info === undefined) {
    info = look(lowering, expr);
    lowering.infos.set(expr, info);
  }
  return info;
}

const many = (info: Info): Info => ({ ...info, paths: null, isPath: false });

function join(infos: readonly Info[]): Info {
  const [first = nothing, ...more] = infos;
  let { paths, slots, picks } = first;
  for (const info of more) {
    picks ||= info.picks;
    if (info.slots.length > 0)
      slots = slots.length === 0 ? info.slots : [...new Set([...slots, ...info.slots])];
    if (paths === null || info.paths === null) paths = null;
    else {
      for (const path of info.paths) if (!paths.some(({ key }) => key === path.key)) paths = [...paths, path];
      if (paths.length > MOST_PATHS) paths = null;
    }
  }
  return { paths, slots, isPath: false, picks };
}

function look(lowering: Lowering, expr: Expr): Info {
  const of = (inner: Expr): Info => infoOf(lowering, inner);
  switch (expr.op) {
    case "const":
    case "kernel":
      return nothing;
    case "local":
      return pathInfo(expr.slot, []);
    case "caller":
      return pathInfo(CALLER, []);
    case "field": {
      const inner = of(expr.of);
      for (const field of expr.fields) lowering.asked.add(field);
      if (expr.fields.every((field) => lowering.layout.constant[field])) return { ...inner, isPath: false };
      const [field, ...others] = expr.fields;
      const [path] = inner.paths ?? [];
      if (!inner.isPath || path === undefined || field === undefined || others.length > 0) return many(inner);
      return pathInfo(path.slot, [...path.fields, field], expr.missing);
    }
    case "not":
    case "range-part":
      return join([of(expr.of)]);
    case "live":
    case "referenced":
      return many(of(expr.of));
    case "holds":
      return many(join([of(expr.task), of(expr.file)]));
    case "and":
    case "or":
    case "compare":
    case "arithmetic":
    case "overlaps":
    case "contains":
      return join([of(expr.left), of(expr.right)]);
    case "if":
      return join([of(expr.condition), of(expr.then), of(expr.otherwise)]);
    case "in":
      return join([of(expr.value), infoOfSet(lowering, expr.set)]);
    case "is":
      return join([of(expr.value)]);
    case "all":
    case "any":
    case "count":
    case "first":
    case "sum": {
      const inner = [expr.where, expr.body].flatMap((each) => (each === null ? [] : [of(each)]));
      const all = join([infoOfSet(lowering, expr.set), ...inner.map((each) => unbound(each, expr.slot))]);
      return expr.op === "first" ? { ...all, picks: true } : all;
    }
    case "range":
      return join([of(expr.start), of(expr.size)]);
    case "set":
      return join(expr.elements.map(of));
    case "define":
      return infoOfCall(lowering, expr);
    default:
      return expr satisfies never;
  }
}

/** Without the local that is bound around it. What changes about that is not known from outside. */
function unbound(info: Info, slot: number): Info {
  if (!info.slots.includes(slot)) return info;
  const slots = info.slots.filter((each) => each !== slot);
  const { paths } = info;
  if (paths === null || paths.some((path) => path.slot === slot && path.fields.length > 0))
    return { ...info, paths: null, slots, isPath: false };
  return { ...info, paths: paths.filter((path) => path.slot !== slot), slots, isPath: false };
}

function infoOfSet(lowering: Lowering, set: SetExpr): Info {
  switch (set.set) {
    case "kinds":
      return set.kinds.every((kind) => kind <= HARDWARE.task) ? nothing : many(nothing);
    case "having": {
      const info = join([infoOf(lowering, set.of)]);
      lowering.asked.add(set.field);
      return lowering.layout.constant[set.field] ? info : many(info);
    }
    case "listed":
      return join(set.elements.map((element) => infoOf(lowering, element)));
    case "value":
      return join([infoOf(lowering, set.of)]);
    default:
      return set satisfies never;
  }
}

function infoOfCall(lowering: Lowering, expr: Extract<Expr, { op: "define" }>): Info {
  const args = expr.args.map((arg) => infoOf(lowering, arg));
  const joined = join(args);
  const body = lowering.system.defines[expr.define]?.body ?? null;
  if (body === null) return { ...joined, paths: [] };
  let inner = lowering.defineInfos[expr.define];
  if (inner === undefined) {
    inner = infoOf(lowering, body);
    lowering.defineInfos[expr.define] = inner;
  }
  const picks = inner.picks || joined.picks;
  if (inner.paths === null) return many({ ...joined, picks });
  const parts = inner.paths.map(({ slot, fields, missing }): Info => {
    if (slot === CALLER) return pathInfo(CALLER, fields, missing);
    const arg = args[slot] ?? nothing;
    if (fields.length === 0) return arg;
    const [path] = arg.paths ?? [];
    return arg.isPath && path !== undefined
      ? pathInfo(path.slot, [...path.fields, ...fields], missing)
      : many(arg);
  });
  const all = join([...parts, nothing]);
  return { ...all, slots: joined.slots, picks };
}

// ---------------------------------------------------------------- folding

const lowOfSlot = (frame: Frame, slot: number): Low | undefined =>
  slot === CALLER ? frame.caller : frame.env.get(slot);

/** The value of an expression that depends on no more than one thing, or range, that is not known. */
export function fold(frame: Frame, expr: Expr): Low | null {
  const { lowering } = frame;
  const info = infoOf(lowering, expr);
  if (info.paths === null || info.isPath) return null;
  let hole: Path | null = null;
  for (const path of info.paths) {
    if (path.fields.length === 0 && lowOfSlot(frame, path.slot)?.is === "known") continue;
    if (hole !== null) return null;
    hole = path;
  }
  if (hole === null) return known(evaluate(frame, expr, info.paths, null, NONE));
  const path = hole;
  // What is known of the thing itself says more than what is assumed of its field.
  if (path.fields.length > 0 && info.paths.some((other) => other !== path && other.slot === path.slot))
    return null;
  const value = pathValue(frame, path);
  // What is compared as it is needs no table, unless it always comes out the same.
  const isPlain = isBareComparison(lowering, expr);
  const at = (raw: number): number => evaluate(frame, expr, info.paths ?? [], path, raw);
  if (value.is === "known") return known(at(value.raw));
  if (value.is === "pair") return null;
  if (value.tag === "range") return isPlain ? null : overRanges(frame, expr, value, at);
  if (value.tag !== "thing" || value.kinds.length === 0 || value.kinds.some((kind) => kind > HARDWARE.task))
    return null;
  return overThings(frame, expr, value, at, isPlain);
}

/** `path == constant` */
function isBareComparison(lowering: Lowering, expr: Expr): boolean {
  if (expr.op !== "compare" || (expr.with !== "==" && expr.with !== "!=")) return false;
  const [left, right] = [infoOf(lowering, expr.left), infoOf(lowering, expr.right)];
  const isConstant = ({ paths, isPath }: Info): boolean => isPath || paths?.length === 0;
  return (left.isPath && isConstant(right)) || (right.isPath && isConstant(left));
}

type Computed = Extract<Low, { is: "value" }>;

function overThings(
  frame: Frame,
  expr: Expr,
  hole: Computed,
  at: (raw: number) => number,
  isPlain: boolean,
): Low | null {
  const { lowering } = frame;
  const tag = tagIn(frame, expr) ?? "plain";
  const { places, hardware } = lowering.layout;
  const raws: number[] = hole.maybe ? [at(NONE)] : [];
  const table: number[] = new Array<number>(hardware + 1).fill(0);
  if (hole.maybe) table[0] = encode(lowering, tag, raws[0] ?? NONE);
  for (const kind of hole.kinds) {
    const { base, count } = places[kind] ?? { base: 0, count: 0 };
    for (let i = 0; i < count; i++) {
      const raw = at(reference(kind, i));
      raws.push(raw);
      table[base + i + 1] = encode(lowering, tag, raw);
    }
  }
  const [first = NONE] = raws;
  if (raws.every((raw) => raw === first)) return known(first);
  if (isPlain) return null;
  if (lowering.order && infoOf(lowering, expr).picks) nameChoices(lowering, hole.kinds, tag, raws);
  return computed(entry(tableOf(lowering, table), plus(hole.value, 1)), {
    tag,
    kinds: tag === "thing" ? [...new Set(raws.filter((raw) => raw >= 0).map(kindOf))] : [],
    maybe: raws.some((raw) => raw < 0),
    bool: raws.every((raw) => raw === 0 || raw === 1),
    flow: { values: [...new Set(raws)], fields: [] },
  });
}

/** A table that knows an order of places: what it tells apart are no equals. */
function nameChoices(lowering: Lowering, kinds: readonly number[], tag: Tag, raws: readonly number[]): void {
  const { places } = lowering.layout;
  if (tag === "thing") {
    for (const raw of raws) if (raw >= 0) lowering.named.add(encode(lowering, tag, raw));
  }
  for (const kind of kinds) {
    const { base, count } = places[kind] ?? { base: 0, count: 0 };
    for (let i = 0; i < count; i++) lowering.named.add(base + i);
  }
}

/** All ranges are known in the end only: among them are those that come of others, and what comes of those. */
function overRanges(frame: Frame, expr: Expr, hole: Computed, at: (raw: number) => number): Low | null {
  const { lowering } = frame;
  const tag = tagIn(frame, expr) ?? "plain";
  if (tag !== "plain" && tag !== "range") return null;
  const table = lateTable(lowering, () =>
    [NONE, ...lowering.ranges].map((raw) => encode(lowering, tag, at(raw))),
  );
  if (tag === "range") return computed(entry(table, plus(hole.value, 1)), { tag });
  return computed(entry(table, plus(hole.value, 1)), { bool: isCondition(expr), maybe: !isCondition(expr) });
}

function isCondition(expr: Expr): boolean {
  switch (expr.op) {
    case "not":
    case "and":
    case "or":
    case "compare":
    case "in":
    case "is":
    case "all":
    case "any":
    case "overlaps":
    case "contains":
    case "referenced":
    case "live":
    case "holds":
      return true;
    default:
      return false;
  }
}

function pathValue(frame: Frame, { slot, fields, missing }: Path): Low {
  let value = lowOfSlot(frame, slot) ?? known(NONE);
  fields.forEach((field, i) => {
    value = readField(frame, value, [field], i === fields.length - 1 ? missing : NONE);
  });
  return value;
}

function evaluate(frame: Frame, expr: Expr, paths: readonly Path[], hole: Path | null, raw: number): number {
  const { machine, system } = frame.lowering;
  const locals: number[] = [];
  machine.caller = reference(HARDWARE.task, 0);
  const assume = (slot: number, value: number): void => {
    if (slot === CALLER) machine.caller = value;
    else locals[slot] = value;
  };
  for (const path of paths) {
    const low = path.fields.length === 0 && path !== hole ? lowOfSlot(frame, path.slot) : undefined;
    if (low?.is === "known") assume(path.slot, low.raw);
  }
  if (hole === null) return evaluator(system, expr)(machine, locals);
  // A chain of things that are nowhere else, each of which refers to the next: the last one to what is asked about.
  const thingAt = (i: number): number => reference(system.fields[hole.fields[i] ?? 0]?.kind ?? 0, i);
  assume(hole.slot, hole.fields.length === 0 ? raw : thingAt(0));
  const before = hole.fields.map((field, i) => {
    const cells = column(machine, field);
    const old = cells[i];
    cells[i] = i === hole.fields.length - 1 ? raw : thingAt(i + 1);
    touch(frame.lowering, field);
    return old;
  });
  const value = evaluator(system, expr)(machine, locals);
  hole.fields.forEach((field, i) => {
    const old = before[i];
    if (old !== undefined) column(machine, field)[i] = old;
    touch(frame.lowering, field);
  });
  return value;
}

/** What was found out from the field before holds no more. */
function touch({ machine }: Lowering, field: number): void {
  machine.versions[field] = (machine.versions[field] ?? 0) + 1;
  machine.writes++;
}

// ---------------------------------------------------------------- types

/** How the numbers of an expression are meant; null: it is a bare constant. */
export function tagIn(frame: Frame, expr: Expr): Tag | null {
  const { system } = frame.lowering;
  switch (expr.op) {
    case "const":
      return null;
    case "local": {
      const low = frame.env.get(expr.slot);
      return low === undefined || low.is === "known" ? null : low.is === "pair" ? "range" : low.tag;
    }
    case "caller":
      return "thing";
    case "field":
      return tagOf(system.fields[expr.fields[0] ?? -1]?.type ?? null);
    case "if":
      return tagIn(frame, expr.then) ?? tagIn(frame, expr.otherwise);
    case "first":
      return tagInSet(frame, expr.set);
    case "range":
      return "range";
    case "set":
      return expr.of === "ranges"
        ? "set of ranges"
        : expr.elements.some((element) => tagIn(frame, element) === "thing")
          ? "set of things"
          : "set of plain";
    case "define":
      return tagOf(system.defines[expr.define]?.result ?? null);
    default:
      return "plain";
  }
}

export function tagInSet(frame: Frame, set: SetExpr): Tag {
  switch (set.set) {
    case "kinds":
    case "having":
      return "thing";
    case "listed":
      return set.elements.map((element) => tagIn(frame, element)).find((tag) => tag !== null) ?? "plain";
    case "value":
      return elementOf(tagIn(frame, set.of) ?? "set of plain");
    default:
      return set satisfies never;
  }
}
