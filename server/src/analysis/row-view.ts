// What was found out about a document in the terms of its items, and what a change of one step makes of that: what
// nearly every key asks for. Where more may be different than what that step does, the document is analysed anew.

import type { ResultBlock } from "../engine/results.ts";
import type { Run } from "../engine/run.ts";
import type { Problem } from "../semantics/context.ts";
import type { Item, Row, RowChange } from "../syntax/document.ts";
import { hasErrorIn } from "./syntax-findings.ts";

export interface Basis {
  /** Of all but the steps. */
  readonly problems: readonly Problem[];
  readonly scenarios: readonly Ran[];
  /** How many there are in the scenarios. */
  readonly steps: number;
}

/** A scenario that was run. */
export interface Ran {
  readonly item: Item;
  readonly run: Run;
  /** Those blocks of its results that something is wrong in. */
  readonly faulty: readonly ResultBlock[];
}

export const ranAs = (item: Item, run: Run): Ran => ({
  item,
  run,
  faulty: run.results.blocks.filter(isFaulty),
});

const isFaulty = ({ findings }: ResultBlock): boolean => findings.length > 0;

/** The run of a scenario's item; null when it has none. */
export const runOf = ({ scenarios }: Basis, item: number): Run | null =>
  scenarios.find((ran) => ran.item.id === item)?.run ?? null;

/** Words by which a step can be a matter of more than its row: tasks, rules that are asked for, what is hidden. */
const farReaching = /task|violates|uapi-allow/;

/** `step` takes the change into a run and says whether that was all there was to do. Null: it is not. */
export function afterStep(basis: Basis, change: RowChange, step: (run: Run) => boolean): Basis | null {
  const [old, now] = [rowOf(change.before, change), rowOf(change.after, change)];
  if (old === undefined || now === undefined) return null;
  if (farReaching.test(old.text) || farReaching.test(now.text) || hasError(now.node)) return null;
  const index = basis.scenarios.findIndex(({ item }) => item === change.before);
  const ran = basis.scenarios[index];
  if (ran === undefined) return basis;
  const before = ran.run.results.blocks[change.block];
  if (!step(ran.run)) return null;
  const after = ran.run.results.blocks[change.block];
  const scenarios = basis.scenarios.slice();
  scenarios[index] = { ...ran, item: change.after, faulty: faultyAfter(ran, before, after) };
  return { ...basis, scenarios };
}

/** Only what is no call may hold something that did not parse. */
const hasError = (node: Row["node"]): boolean => node?.kind !== "step" && hasErrorIn(node);

const rowOf = ({ rows }: Item, { block, inBlock }: RowChange) => rows?.blocks[block]?.items()[inBlock];

function faultyAfter(
  { faulty, run }: Ran,
  before: ResultBlock | undefined,
  after: ResultBlock | undefined,
): readonly ResultBlock[] {
  const [wasFaulty, isFaultyNow] = [before, after].map((block) => block !== undefined && isFaulty(block));
  return wasFaulty === true || isFaultyNow === true ? run.results.blocks.filter(isFaulty) : faulty;
}
