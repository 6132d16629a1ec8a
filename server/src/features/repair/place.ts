// Where inserted calls go in the text: lines of their own in front of the step, with its indentation and the file's line
// ending, each in a block of the task that makes it.

import { taskRef } from "../../engine/world.ts";
import type { Edit } from "../../syntax/document.ts";
import type { StepPlace } from "../trial.ts";
import type { Written } from "./write.ts";

export interface Spot {
  readonly place: StepPlace;
  /** Where the step itself starts. */
  readonly step: number;
  /** Steps of the same row stand in front of it. */
  readonly isFirst: boolean;
}

/** Null where the calls cannot be written. */
export function insertion(
  text: string,
  { place, step, isFirst }: Spot,
  calls: readonly Written[],
): Edit | null {
  const { run, row, start, index } = place;
  const { tasks } = run.world.machine;
  const own = taskRef(run.results.at(index)?.context.task ?? 0);
  const nameOf = (task: number): string => tasks[task - taskRef(0)] ?? "main";
  const lineBreak = /\r\n|\r|\n/.exec(text)?.[0] ?? "\n";
  const onLine = start === 0 || /[\r\n]/.test(text[start - 1] ?? "");
  if (!isFirst || !onLine) {
    const inner = taskRef(place.task);
    if (calls.some(({ task }) => task !== inner)) return null;
    return { start: step, end: step, text: calls.map((call) => `${call.text.replace(/;$/, "")}; `).join("") };
  }
  const indent = /^[ \t]*/.exec(row.text)?.[0] ?? "";
  const context = run.results.at(index)?.context;
  const foreign = calls.some(({ task }) => task !== own);
  if (foreign && context?.block === "task") return aroundBlock(text, place, calls, lineBreak, nameOf);
  const lines = linesOf(calls, own, indent, nameOf);
  return { start, end: start, text: lines.map((line) => line + lineBreak).join("") };
}

/** Calls of the same task behind each other share a block. */
function linesOf(
  calls: readonly Written[],
  own: number,
  indent: string,
  nameOf: (task: number) => string,
): string[] {
  const lines: string[] = [];
  for (let i = 0; i < calls.length; ) {
    const task = calls[i]?.task ?? own;
    let end = i;
    while (end < calls.length && calls[end]?.task === task) end++;
    const texts = calls.slice(i, end).map(({ text }) => text);
    if (task === own) lines.push(...texts.map((text) => indent + text));
    else if (texts.length === 1) lines.push(`${indent}task ${nameOf(task)} { ${texts[0]} }`);
    else
      lines.push(
        `${indent}task ${nameOf(task)} {`,
        ...texts.map((text) => `${indent}  ${text}`),
        `${indent}}`,
      );
    i = end;
  }
  return lines;
}

/** Calls of other tasks in the middle of a task's block: the block ends in front of them and begins again. */
function aroundBlock(
  text: string,
  { row, start, task }: StepPlace,
  calls: readonly Written[],
  lineBreak: string,
  nameOf: (task: number) => string,
): Edit | null {
  const before = text.slice(0, start);
  const head = /(?:^|[\r\n])([ \t]*)task[^\r\n{]*\{[ \t]*(?:\/\/[^\r\n]*)?(?:\r\n|\r|\n)$/.exec(before);
  const own = taskRef(task);
  if (head !== null) {
    // The step is the first of its block: the calls go in front of the block.
    const at = start - head[0].length + (/^[\r\n]/.test(head[0]) ? 1 : 0);
    const lines = linesOf(calls, -1, head[1] ?? "", nameOf);
    return { start: at, end: at, text: lines.map((line) => line + lineBreak).join("") };
  }
  const inner = /^[ \t]*/.exec(row.text)?.[0] ?? "";
  const outer = inner.replace(/(?: {2}|\t)$/, "");
  const lines = [`${outer}}`, ...linesOf(calls, -1, outer, nameOf), `${outer}task ${nameOf(own)} {`];
  return { start, end: start, text: lines.map((line) => line + lineBreak).join("") };
}
