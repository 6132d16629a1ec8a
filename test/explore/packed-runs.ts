// Runs of the packed engines and what tests want to know of them.

import { explore, type Options } from "../../server/src/explore/packed/index.ts";
import { layoutOf } from "../../server/src/explore/packed/layout.ts";
import { restore } from "../../server/src/explore/packed/memory.ts";
import { attempt, type Bench, benchOf, load, pack } from "../../server/src/explore/packed/search.ts";
import { carried, movedTasks, type Symmetry } from "../../server/src/explore/packed/symmetry.ts";
import type { Limits, Outcome } from "../../server/src/explore/problem.ts";
import type { Program } from "../../server/src/explore/program.ts";
import { finish, unlimited } from "../support/problems.ts";

export const engines = ["wasm", "closures"] as const;

export const run = (program: Program, options: Options, limits: Partial<Limits> = {}): Outcome =>
  finish(explore(program, { ...unlimited, ...limits }, options));

/** What all engines must agree on. */
export const counts = ({ end, states, transitions, depth, found }: Outcome): unknown => ({
  ...{ end, states, transitions, depth },
  found: found.map((path) => path?.length ?? null),
});

/** The packed words of every state that can be reached, found the plain way. */
export function reachable(program: Program, most = Number.POSITIVE_INFINITY): readonly Int32Array[] {
  const layout = layoutOf(program);
  const bench = benchOf(program, layout);
  const words = new Int32Array(layout.words);
  pack(bench, words);
  const known = new Set([words.join()]);
  const states = [words.slice()];
  for (let at = 0; at < states.length && states.length < most; at++) {
    load(bench, states[at] ?? words, 0);
    for (let call = 0; call < program.calls.length; call++) {
      if (attempt(bench, call)) {
        pack(bench, words);
        if (!known.has(words.join())) {
          known.add(words.join());
          states.push(words.slice());
        }
      }
      restore(bench.memory);
    }
  }
  return states;
}

/** The state after some things have changed places: all pairs of neighbours in a list, by number. */
export function exchanged(
  program: Program,
  bench: Bench,
  { lists }: Symmetry,
  words: Int32Array,
  pair: number,
): Int32Array {
  const pairs = lists.flatMap(({ places }) =>
    places.slice(1).map((thing, i) => [places[i] ?? 0, thing] as const),
  );
  const [one, other] = pairs[pair % pairs.length] ?? [0, 0];
  const to = new Map<number, number>();
  for (const [a, b] of carried(lists, one, other)) to.set(a, b).set(b, a);
  load(bench, words, 0);
  const { cells } = bench.memory;
  const before = cells.slice();
  const taskBase = program.places.find(({ kind }) => kind === "task")?.base ?? 0;
  for (const { role, holds, kind, start } of program.columns) {
    if (role !== "state") continue;
    const { base = 0, count = 0 } = program.places[kind] ?? {};
    for (let place = 0; place < count; place++) {
      const value = before[start + place] ?? 0;
      const moved =
        holds === "thing"
          ? (to.get(value) ?? value)
          : holds === "tasks"
            ? movedTasks(value, taskBase, to)
            : value;
      cells[start + (to.get(base + place) ?? base + place) - base] = moved;
    }
  }
  const packed = new Int32Array(words.length);
  pack(bench, packed);
  return packed;
}
