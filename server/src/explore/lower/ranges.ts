// Ranges: those with a number are asked about by tables of all there are, those without by their start and size.

import { NONE } from "../../model/values.ts";
import type { Value } from "../program.ts";
import { keep } from "./builder.ts";
import { computed, encode, type Frame, known, type Low, lateTable, notes, truth } from "./context.ts";
import { and, binary, cell, entry, isThere, num, plus, ZERO } from "./values.ts";

export const isNone = (low: Low): boolean => low.is === "known" && low.raw === NONE;

/** Start and size as values; of a range with a number, from tables of all ranges. */
export function partsOf(frame: Frame, of: Low): { readonly start: Value; readonly size: Value } {
  const { lowering, builder } = frame;
  const { values } = lowering.system;
  if (of.is === "pair") return { start: keep(builder, of.start), size: keep(builder, of.size) };
  if (of.is === "known") {
    const { start, size } = values.rangeOf(of.raw);
    return { start: num(encode(lowering, "plain", start)), size: num(encode(lowering, "plain", size)) };
  }
  const id = keep(builder, of.value);
  return { start: rangeTable(frame, id, "start"), size: rangeTable(frame, id, "size") };
}

function rangeTable(frame: Frame, id: Value, part: "start" | "size" | "end"): Value {
  const { lowering } = frame;
  const { values } = lowering.system;
  const partOf = (raw: number): number => {
    const { start, size } = values.rangeOf(raw);
    return encode(lowering, "plain", part === "start" ? start : part === "size" ? size : start + size);
  };
  const key = `range ${part}`;
  let table = lowering.helpers.get(key);
  if (table === undefined) {
    table = lateTable(lowering, () => [NONE, ...lowering.ranges.map(partOf)]);
    lowering.helpers.set(key, table);
  }
  return entry(table, plus(id, 1));
}

export function lowerRangePart(frame: Frame, of: Low, part: "start" | "size" | "end"): Low {
  if (of.is === "known") {
    if (of.raw === NONE) return known(NONE);
    const { start, size } = frame.lowering.system.values.rangeOf(of.raw);
    return known(part === "start" ? start : part === "size" ? size : start + size);
  }
  if (of.is === "value") return computed(rangeTable(frame, of.value, part));
  if (part === "end") {
    const { start, size } = partsOf(frame, of);
    frame.lowering.sums = true;
    return computed(binary("+", start, size));
  }
  return computed(part === "start" ? of.start : of.size);
}

/** Two ranges with numbers: a table of all pairs. */
export function lowerRangeTest(frame: Frame, op: "overlaps" | "contains", left: Low, right: Low): Low {
  const { lowering, builder } = frame;
  const { values } = lowering.system;
  if (isNone(left) || isNone(right)) return known(0);
  const holds = (one: number, two: number): number => {
    if (one === NONE || two === NONE) return 0;
    const [a, b] = [values.rangeOf(one), values.rangeOf(two)];
    const yes =
      op === "overlaps"
        ? a.start < b.start + b.size && b.start < a.start + a.size
        : a.start <= b.start && b.start + b.size <= a.start + a.size;
    return yes ? 1 : 0;
  };
  if (left.is === "known" && right.is === "known") return known(holds(left.raw, right.raw));
  const all = (): readonly number[] => [NONE, ...lowering.ranges];
  if (left.is === "known" && right.is === "value") {
    const table = lateTable(lowering, () => all().map((each) => holds(left.raw, each)));
    return truth(entry(table, plus(right.value, 1)));
  }
  if (left.is === "value" && right.is === "known") {
    const table = lateTable(lowering, () => all().map((each) => holds(each, right.raw)));
    return truth(entry(table, plus(left.value, 1)));
  }
  if (left.is === "value" && right.is === "value") {
    const width = notes(lowering, "ranges");
    const table = lateTable(lowering, () => all().flatMap((a) => all().map((b) => holds(a, b))));
    const row = binary("*", plus(left.value, 1), cell(num(width)));
    return truth(entry(table, plus(binary("+", row, right.value), 1)));
  }
  const [one, two] = [keep(builder, rangeOr(left)), keep(builder, rangeOr(right))];
  const [a, b] = [partsOf(frame, left), partsOf(frame, right)];
  const end = ({ start, size }: typeof a): Value => binary("+", start, size);
  const yes =
    op === "overlaps"
      ? and(binary("<", a.start, end(b)), binary("<", b.start, end(a)))
      : and(binary("<=", a.start, b.start), binary("<=", end(b), end(a)));
  return truth(and(isThere(one), and(isThere(two), yes)));
}

/** Something that is below 0 where there is no range. */
const rangeOr = (low: Low): Value => (low.is === "value" ? low.value : ZERO);
