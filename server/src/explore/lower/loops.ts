// `for`: the members as they were at the start, each of them as it is when its turn comes.

import type { SetExpr, Stmt } from "../../model/ir.ts";
import { flatten } from "../expressions.ts";
import { blocksOf } from "./blocks.ts";
import { loop, newLocal, set, when } from "./builder.ts";
import { computed, type Frame, known, type Low, Unsupported, valueAs } from "./context.ts";
import { asTest, isAliveValue } from "./expressions.ts";
import { cellOf } from "./fields.ts";
import { mark, weight } from "./order.ts";
import { conjuncts, whenAll } from "./quantifiers.ts";
import { segmentsOf } from "./sets.ts";
import { and, binary, local, num, ONE, plus, ZERO } from "./values.ts";

export function repeat(
  frame: Frame,
  statement: Extract<Stmt, { do: "for" }>,
  body: (frame: Frame) => void,
): void {
  const { builder, env } = frame;
  const all = flatten(statement.body);
  if (all.some((each) => each.do === "destroy" || each.do === "close")) frame.killed = true;
  if (changesSet(frame, statement.set, all)) return repeatFixed(frame, statement, body);
  for (const segment of segmentsOf(frame, statement.set)) {
    env.set(statement.slot, segment.member);
    const tell = orderOf(frame, statement, segment.member);
    segment.walk(() => {
      const { member } = segment;
      // The walk over kinds and what has an owner passes by what is dead.
      const isKnownAlive =
        !statement.things || statement.set.set === "kinds" || statement.set.set === "having";
      when(builder, isKnownAlive ? ONE : asTest(aliveLow(frame, member)), () => {
        tell("all");
        whenAll(frame, conjuncts(statement.where), () => {
          tell("passing");
          body(frame);
        });
      });
    });
  }
}

/** Counts members where their order can matter, and tells when there are two. */
function orderOf(
  frame: Frame,
  statement: Extract<Stmt, { do: "for" }>,
  member: Low,
): (at: "all" | "passing") => void {
  const { builder, lowering } = frame;
  const kinds = member.is === "value" && member.tag === "thing" ? member.kinds : [];
  const hasSeveral = kinds.some((kind) => (lowering.layout.places[kind]?.count ?? 0) > 1);
  const needed = lowering.order && hasSeveral ? weight(lowering, statement) : "none";
  if (needed === "none") return () => {};
  const seen = newLocal(builder);
  set(builder, seen, ZERO);
  return (at) => {
    if (at !== needed) return;
    when(builder, local(seen), () => mark(lowering, builder, kinds));
    set(builder, seen, ONE);
  };
}

function aliveLow(frame: Frame, member: Low): Low {
  if (member.is === "known") return known(member.raw < 0 ? 0 : 1);
  if (member.is === "pair") return known(0);
  return computed(isAliveValue(frame, { ...member, maybe: true }, member.value), {
    bool: true,
    maybe: false,
  });
}

/** Can the body change who is in the set, other than by an end of the members? */
function changesSet(frame: Frame, of: SetExpr, body: readonly Stmt[]): boolean {
  const { lowering } = frame;
  const made = new Set(body.flatMap((each) => (each.do === "new" ? [each.kind] : [])));
  const ends = body.some((each) => each.do === "destroy" || each.do === "close");
  if (ends) for (const kind of blocksOf(lowering).made) made.add(kind);
  if (of.set === "kinds") return of.kinds.some((kind) => made.has(kind));
  if (of.set !== "having" || lowering.layout.constant[of.field]) return false;
  const assigned = body.some((each) => each.do === "assign" && each.fields.includes(of.field));
  return ends || assigned || made.has(lowering.system.fields[of.field]?.kind ?? -1);
}

const MOST_BITS = 30;

/** The members at the start, as bits of one number for each kind. */
function repeatFixed(
  frame: Frame,
  statement: Extract<Stmt, { do: "for" }>,
  body: (frame: Frame) => void,
): void {
  const { builder, env, lowering } = frame;
  const segments = segmentsOf(frame, statement.set).map((segment) => {
    const [kind = 0] = segment.member.is === "value" ? segment.member.kinds : [];
    const { base = 0, count = 0, kind: name = "" } = lowering.layout.places[kind] ?? {};
    if (count > MOST_BITS)
      throw new Unsupported(
        `\`for\` in ${frame.name} changes its own set of ${count} ${name}; ${MOST_BITS} are the most`,
      );
    const bits = newLocal(builder);
    set(builder, bits, ZERO);
    segment.walk(() => {
      const thing = valueAs(lowering, segment.member, "thing");
      set(builder, bits, binary("|", local(bits), binary("<<", ONE, plus(thing, -base))));
    });
    return { kind, base, count, bits: local(bits) };
  });
  for (const { kind, base, count, bits } of segments) {
    const { alive, sort } = lowering.system.kinds[kind] ?? { alive: 0, sort: "hardware" };
    const walked = computed(num(base), { tag: "thing", kinds: [kind], maybe: false });
    const tell = orderOf(frame, statement, walked);
    loop(builder, num(base), num(base + count), (thing) => {
      env.set(statement.slot, { ...walked, value: thing });
      const isIn = binary("&", binary(">>", bits, plus(thing, -base)), ONE);
      const lives = sort === "hardware" ? ONE : cellOf(lowering, alive, thing);
      when(builder, and(isIn, lives), () => {
        tell("all");
        whenAll(frame, conjuncts(statement.where), () => {
          tell("passing");
          body(frame);
        });
      });
    });
  }
}
