// Edits of programs: what changing a condition, an effect or a claim in a text comes to.

import fc from "fast-check";
import {
  type Action,
  type Fn,
  HEADER,
  type Program,
  REFUSED,
  type Value,
} from "../../server/src/explore/program.ts";

/** Where of all places that fit, and what there. */
export interface Edit {
  readonly at: number;
  readonly do: "weaken" | "replace" | "strengthen" | "remove" | "answer" | "claim";
}

export const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat({ max: 999 }),
  do: fc.constantFrom(
    "weaken",
    "replace",
    "replace",
    "strengthen",
    "strengthen",
    "remove",
    "answer",
    "claim",
  ),
});

/** The program after an edit; the same one if there is nothing that fits. */
export function edited(program: Program, { at, do: what }: Edit): Program {
  if (what === "strengthen") return strengthened(program, at);
  if (what === "claim") return claimed(program, at);
  const fits = {
    weaken: isCheckIn(program),
    replace: isCheckIn(program),
    remove: isEffect,
    answer: isAnswer,
  }[what];
  // What makes and ends things leaves nothing of them behind, whatever else it does: engines rely on that.
  const countOf = ({ body }: Fn): number =>
    what === "remove" && endsOf(program, body) ? 0 : countIn(body, fits);
  const places = program.functions.reduce((sum, fn) => sum + countOf(fn), 0);
  if (places === 0) return program;
  let left = at % places;
  const change = (action: Action): readonly Action[] => {
    if (left-- !== 0) return [action];
    if (action.a === "return") return [{ ...action, value: { v: "not", of: action.value } }];
    if (what !== "replace" || action.a !== "if") return [];
    return [{ ...action, condition: { v: "not", of: action.condition } }];
  };
  const functions = program.functions.map((fn): Fn => {
    const own = countOf(fn);
    if (left < 0 || left >= own) {
      left -= own;
      return fn;
    }
    return { ...fn, body: mapped(fn.body, fits, change) };
  });
  return { ...program, functions };
}

/** A refusal, as a condition makes it; not of what does not live, which every program refuses. */
const isCheckIn =
  (program: Program) =>
  (action: Action): boolean =>
    action.a === "if" &&
    !isOfLife(program, action.condition) &&
    action.otherwise.length === 0 &&
    action.then.every(
      (then) => then.a === "return" && then.value.v === "const" && then.value.value === REFUSED,
    );

const endsOf = (program: Program, body: readonly Action[]): boolean =>
  countIn(body, (action) => action.a === "store" && isOfLife(program, action.at)) > 0;

/** Whether one of its cells says what lives. */
function isOfLife({ places, columns }: Pick<Program, "places" | "columns">, condition: unknown): boolean {
  if (typeof condition !== "object" || condition === null) return false;
  const starts = places.flatMap(({ alive, base, count }) => {
    const { start = 0 } = columns[alive] ?? {};
    return alive === -1 ? [] : [start - base, ...Array.from({ length: count }, (_, place) => start + place)];
  });
  return Object.values(condition).some((part) =>
    typeof part === "number" ? starts.includes(part) : isOfLife({ places, columns }, part),
  );
}

/** Of a function that says whether something is so. */
const isAnswer = (action: Action): boolean =>
  action.a === "return" && ["not", "and", "or"].includes(action.value.v);

/** What is told besides the state stays: without it an engine would take things for equals that are none. */
const isEffect = (action: Action): boolean =>
  action.a === "store" && !(action.at.v === "const" && action.at.value < HEADER);

function countIn(actions: readonly Action[], fits: (action: Action) => boolean): number {
  let count = 0;
  mapped(actions, fits, (action) => {
    count++;
    return [action];
  });
  return count;
}

function mapped(
  actions: readonly Action[],
  fits: (action: Action) => boolean,
  change: (action: Action) => readonly Action[],
): readonly Action[] {
  return actions.flatMap((action): readonly Action[] => {
    if (fits(action)) return change(action);
    const inside = (own: readonly Action[]): readonly Action[] => mapped(own, fits, change);
    if (action.a === "if")
      return [{ ...action, then: inside(action.then), otherwise: inside(action.otherwise) }];
    return action.a === "loop" ? [{ ...action, body: inside(action.body) }] : [action];
  });
}

/** A call is refused where its first thing has some value in a field. */
function strengthened(program: Program, at: number): Program {
  const call = program.calls[at % Math.max(1, program.calls.length)];
  const kind = program.places.findIndex(
    ({ base, count }) => (call?.args[0] ?? -1) >= base && (call?.args[0] ?? -1) < base + count,
  );
  const columns = program.columns.filter((column) => column.kind === kind && column.role === "state");
  const column = columns[at % Math.max(1, columns.length)];
  if (call === undefined || call.holds[0] !== "thing" || column === undefined) return program;
  const { base = 0 } = program.places[kind] ?? {};
  const place: Value = {
    ...{ v: "binary", op: "+", left: { v: "local", local: 0 } },
    right: { v: "const", value: column.start - base },
  };
  const check: Action = {
    a: "if",
    condition: {
      ...{ v: "binary", op: at % 2 === 0 ? "==" : "!=", left: { v: "cell", at: place } },
      right: { v: "const", value: column.initial },
    },
    then: [{ a: "return", value: { v: "const", value: REFUSED } }],
    otherwise: [],
  };
  const functions = program.functions.map((fn, i) =>
    i === call.fn ? { ...fn, body: [check, ...fn.body] } : fn,
  );
  return { ...program, functions };
}

/** Another claim: what was looked for is not any more, or the other way round. */
function claimed(program: Program, at: number): Program {
  const goal = program.goals[at % Math.max(1, program.goals.length)];
  const functions = program.functions.map((fn, i): Fn => {
    if (i !== goal?.fn) return fn;
    return { ...fn, body: [{ a: "return", value: { v: "const", value: at % 3 === 0 ? 1 : 0 } }] };
  });
  return { ...program, functions };
}
