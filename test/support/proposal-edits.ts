// Edits of a proposal: single changes that are made, taken back and made again, in any order.

import fc from "fast-check";
import { createSession, type Session } from "../../server/src/analysis/session.ts";
import type { Edit } from "../../server/src/syntax/document.ts";
import { type Mutant, mutantsOf } from "../mutation/mutants.ts";
import { memoryFiles } from "./memory-files.ts";

export const uri = "main.uapi";

type Change = Pick<Mutant, "start" | "end" | "text">;

/** Single mistakes, and lines that move what is behind them. */
function changesOf(file: string, text: string): readonly Change[] {
  const lines = [...text.matchAll(/^(?= +(ioctl|op|define|rule|fd|object|require) )/gm)].map(
    ({ index }) => index,
  );
  const moving = lines.map((start) => ({ start, end: start, text: "  // a comment\n" }));
  const colours = ["red", "blue", "green", '"dark-red"', "dark_red", "violet"];
  const mixed = [...text.matchAll(/\b(red|blue|green)\b|4K/g)].flatMap(({ index: start, 0: word }) =>
    (word === "4K" ? ["8K"] : colours).map((text) => ({ start, end: start + word.length, text })),
  );
  return [...mutantsOf(file, text), ...moving, ...mixed, ...mixed];
}

/** Makes one of the changes, or takes it back; null where another one is in its way. */
function toggled(text: string, active: Set<Change>, change: Change): Edit | null {
  const others = [...active].filter((other) => other !== change);
  if (others.some((other) => other.start <= change.end && change.start <= other.end)) return null;
  const moved = others.filter(({ end }) => end <= change.start);
  const start = moved.reduce((at, other) => at + other.text.length - (other.end - other.start), change.start);
  return {
    start,
    end: start + (active.has(change) ? change.text.length : change.end - change.start),
    text: active.has(change) ? text.slice(change.start, change.end) : change.text,
  };
}

export interface Step {
  readonly change: Change;
  readonly stays: boolean;
}

export const steps = (name: string, text: string): fc.Arbitrary<Step[]> =>
  fc.array(fc.record({ change: fc.constantFrom(...changesOf(name, text)), stays: fc.boolean() }), {
    minLength: 1,
    maxLength: 12,
  });

/** Edits `text` behind `front`, and looks after each edit. */
export function edited(
  front: string,
  text: string,
  script: readonly Step[],
  look: (session: Session) => void,
): void {
  const session = createSession(memoryFiles(new Map()));
  session.open(uri, front + text);
  const active = new Set<Change>();
  const toggle = (change: Change): void => {
    const edit = toggled(text, active, change);
    if (edit === null) return;
    const [start, end] = [edit.start + front.length, edit.end + front.length];
    session.edit(uri, { start, end, text: edit.text });
    if (!active.delete(change)) active.add(change);
    look(session);
  };
  look(session);
  for (const { change, stays } of script) {
    toggle(change);
    if (!stays) toggle(change);
  }
}
