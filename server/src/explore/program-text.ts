// A program as text, and back. Functions are texts of their own: who wrote or read one before takes it from there, so that
// after an edit only changed ones cost something, and those that are the same are the same objects.

import type { Fn, Program } from "./program.ts";

export interface ProgramText {
  /** All but the functions. */
  readonly head: string;
  readonly functions: readonly string[];
}

const texts = new WeakMap<Fn, string>();
const written = new WeakMap<Program, ProgramText>();

export function programText(program: Program): ProgramText {
  const known = written.get(program);
  if (known !== undefined) return known;
  const { functions, ...head } = program;
  const text = { head: JSON.stringify(head), functions: functions.map(textOf) };
  written.set(program, text);
  return text;
}

function textOf(fn: Fn): string {
  const text = texts.get(fn) ?? JSON.stringify(fn);
  texts.set(fn, text);
  return text;
}

/** Functions that a reader remembers; a program of some claims has fewer. */
const MOST_KEPT = 4000;

/** Reads what programText wrote. */
export function createReader(): (text: ProgramText) => Program {
  const known = new Map<string, Fn>();
  return ({ head, functions }) => {
    if (known.size > MOST_KEPT) known.clear();
    const read = functions.map((text) => {
      const fn = known.get(text) ?? (JSON.parse(text) as Fn); // written by textOf
      known.set(text, fn);
      return fn;
    });
    // Written by programText.
    return { ...(JSON.parse(head) as Omit<Program, "functions">), functions: read };
  };
}
