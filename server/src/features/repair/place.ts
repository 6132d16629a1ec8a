// Where inserted calls go in the text: lines of their own in front of the step, with its indentation and the file's line
// ending, each in a block of the task that makes it.

import type { Context } from "../../engine/run.ts";
import { taskRef } from "../../engine/world.ts";
import { type Document, type Edit, type Row, textIn } from "../../syntax/document.ts";
import type { StepPlace } from "../trial.ts";
import type { Written } from "./write.ts";

/** A row that calls can go in front of, and what is open there. */
interface Anchor {
  readonly row: Row;
  readonly start: number;
  readonly context: Context | null;
}

/** In front of the step of a place. Null where the calls cannot be written. */
export function insertion(document: Document, place: StepPlace, calls: readonly Written[]): Edit | null {
  const { run, row, start, index } = place;
  const { tasks } = run.world.machine;
  const nameOf = (task: number): string => tasks[task - taskRef(0)] ?? "main";
  const own = taskRef(place.task);
  const isForeign = calls.some(({ task }) => task !== own);
  const here: Anchor = { row, start, context: run.results.at(index)?.context ?? null };
  const block = headBefore(place);
  const anchor = startsLine(document, start) && !(isForeign && block !== null) ? here : block;
  if (anchor === null || !startsLine(document, anchor.start)) {
    if (isForeign) return null;
    const step = start + (row.node?.start ?? 0);
    return { start: step, end: step, text: calls.map(({ text }) => `${text.replace(/;$/, "")}; `).join("") };
  }
  const lineBreak = lineBreakOf(document, start);
  const indent = /^[ \t]*/.exec(anchor.row.text)?.[0] ?? "";
  const around = taskRef(anchor.context?.task ?? 0);
  const inBlock = anchor.context?.block === "task";
  const lines =
    inBlock && calls.some(({ task }) => task !== around)
      ? interrupted(calls, indent, around, nameOf)
      : linesOf(calls, around, indent, nameOf);
  const above = anchor.start - commentsAbove(place, anchor);
  return { start: above, end: above, text: lines.map((line) => line + lineBreak).join("") };
}

/** How long the comment lines right above a row are: they are about it. */
function commentsAbove({ scenario, index, start }: StepPlace, anchor: Anchor): number {
  let length = 0;
  let at = start;
  for (let i = index - 1; i >= 0; i--) {
    const row = scenario.item.rows?.at(i);
    if (row === undefined) break;
    at -= row.length;
    if (at >= anchor.start) continue;
    if (row.kind !== "trivia" || !/^[ \t]*\/\//.test(row.text)) break;
    length += row.length;
  }
  return length;
}

/** The head of the task's block, if the step is the first in it. */
function headBefore({ scenario, run, index, start }: StepPlace): Anchor | null {
  let at = start;
  for (let i = index - 1; i >= 0; i--) {
    const row = scenario.item.rows?.at(i);
    if (row === undefined) return null;
    at -= row.length;
    if (row.kind === "open" && row.node?.kind === "task")
      return { row, start: at, context: i === 0 ? null : (run.results.at(i - 1)?.context ?? null) };
    if (row.kind !== "trivia") return null;
  }
  return null;
}

const startsLine = (document: Document, at: number): boolean =>
  at === 0 || /[\r\n]/.test(textIn(document, at - 1, at));

/** That of the lines around. */
function lineBreakOf(document: Document, at: number): string {
  const around = textIn(document, Math.max(0, at - NEAR), at + NEAR);
  return /\r\n|\r|\n/.exec(around)?.[0] ?? "\n";
}

const NEAR = 2000;

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
function interrupted(
  calls: readonly Written[],
  indent: string,
  around: number,
  nameOf: (task: number) => string,
): string[] {
  const outer = indent.replace(/(?: {2}|\t)$/, "");
  return [`${outer}}`, ...linesOf(calls, -1, outer, nameOf), `${outer}task ${nameOf(around)} {`];
}
