// The body of a scenario as a list of rows that know nothing of their place, so that an edit replaces the rows it
// touches and no other. A row is a chunk: a step, the head or the end of a block, or a line that means nothing.

import type { Step } from "./ast.ts";
import { tooNested } from "./blocks.ts";
import { type Chunk, maxDepth } from "./layout.ts";
import { parseRow } from "./parse.ts";
import { shifted } from "./tree.ts";

/** One line of a scenario's body; position-free. Equal for equal text: also its spans are relative to its start. */
export interface Row {
  /** A row that an edit replaced in place keeps its id. */
  readonly id: number;
  readonly kind: "step" | "open" | "close" | "trivia";
  /**
   * "step": CallStep, AssertStep or ErrorNode. "open": the head of a TaskStep or ParallelStep with an empty body, or
   * an ErrorNode if the head did not parse. Otherwise null.
   */
  readonly node: Step | null;
  /** Characters, including leading white space and the line break. */
  readonly length: number;
  readonly text: string;
  /** How many blocks of the scenario are open in front of it; -1 behind the scenario's last brace. */
  readonly depth: number;
}

/** The row that a chunk makes; `whole` is the text that the chunk was cut from. */
export function rowOf(id: number, whole: string, chunk: Chunk, depth: number): Row {
  const { start, end } = chunk;
  const text = whole.slice(start, end);
  return { id, kind: kindOf(chunk), node: nodeOf(text, chunk, depth), length: end - start, text, depth };
}

function kindOf(chunk: Chunk): Row["kind"] {
  switch (chunk.kind) {
    case "trivia":
    case "doc":
      return "trivia";
    case "close":
      return "close";
    case "head":
      return "open";
    default:
      return "step";
  }
}

function nodeOf(text: string, chunk: Chunk, depth: number): Step | null {
  if (chunk.kind === "trivia" || chunk.kind === "doc" || chunk.kind === "close") return null;
  const code = chunk.code - chunk.start;
  const codeEnd = chunk.codeEnd - chunk.start;
  if (chunk.depth > maxDepth || (chunk.kind === "head" && depth >= maxDepth)) {
    return shifted(tooNested(text, code, codeEnd), code);
  }
  return parseRow(text, code, codeEnd);
}

/** The depth behind a row. */
export function depthAfter(row: Row): number {
  return row.kind === "open" ? row.depth + 1 : row.kind === "close" ? row.depth - 1 : row.depth;
}
