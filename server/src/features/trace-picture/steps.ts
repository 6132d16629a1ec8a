// Which rows of a scenario are its steps, and where rows are. What was found out about a block of rows is kept with it:
// an edit in a long scenario changes few of them.

import { lastAtOrBefore, perBlock, runningSums } from "../../base/sequence.ts";
import type { Run } from "../../engine/run.ts";
import type { Row, RowBlock } from "../../syntax/document.ts";

/** The offsets, in the block, of the rows that are steps and were understood. */
const stepsIn = perBlock((block: RowBlock) => {
  const found: number[] = [];
  block.peek().forEach((row, index) => {
    if (isStep(row)) found.push(index);
  });
  return found;
});

/** The offset of the row that names a task first. */
const tasksIn = perBlock((block: RowBlock) => {
  const found = new Map<string, number>();
  block.peek().forEach(({ kind, node }, index) => {
    if (kind === "open" && node?.kind === "task" && !found.has(node.name.text))
      found.set(node.name.text, index);
  });
  return found;
});

const isStep = ({ kind, node }: Row): boolean => kind === "step" && node !== null && node.kind !== "error";

export interface Steps {
  readonly count: number;
  /** The index of the row of a step, from 1; undefined for one that is not there. */
  readonly rowOf: (step: number) => number | undefined;
  /** How many steps there are up to a row and with it. */
  readonly upTo: (row: number) => number;
}

export function stepsOf({ results }: Run): Steps {
  const { blocks, starts } = results;
  const before = runningSums(blocks, ({ rows }) => stepsIn(rows).length);
  return {
    count: before[blocks.length] ?? 0,
    rowOf(step) {
      const block = lastAtOrBefore(before, blocks.length, step - 1);
      const rows = blocks[block]?.rows;
      const offset = rows === undefined ? undefined : stepsIn(rows)[step - 1 - (before[block] ?? 0)];
      return offset === undefined ? undefined : (starts[block] ?? 0) + offset;
    },
    upTo(row) {
      const block = lastAtOrBefore(starts, blocks.length, row);
      const rows = blocks[block]?.rows;
      if (rows === undefined) return 0;
      const inside = stepsIn(rows).filter((offset) => offset <= row - (starts[block] ?? 0)).length;
      return (before[block] ?? 0) + inside;
    },
  };
}

/** The index of the row with this id; -1 when there is none. */
export function rowWithId({ results }: Run, id: number): number {
  const { blocks, starts } = results;
  for (let block = 0; block < blocks.length; block++) {
    const inside = blocks[block]?.rows.indexOf(id) ?? -1;
    if (inside !== -1) return (starts[block] ?? 0) + inside;
  }
  return -1;
}

/** The index of the row that opens the first block of a task; -1 when there is none. */
export function rowOfTask({ results }: Run, name: string): number {
  const { blocks, starts } = results;
  for (let block = 0; block < blocks.length; block++) {
    const rows = blocks[block]?.rows;
    const inside = rows === undefined ? undefined : tasksIn(rows).get(name);
    if (inside !== undefined) return (starts[block] ?? 0) + inside;
  }
  return -1;
}
