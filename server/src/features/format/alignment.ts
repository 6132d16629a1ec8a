// Columns across neighbouring lines: the `else` of requires, what is expected of steps, the comments at the ends of lines. Lines are only
// moved together as long as none of them gets too long. One pass.

const longest = 120;

/** A line that is cut before the part that is aligned. Without a tail it has none and ends a run. */
export interface Cut {
  readonly head: string;
  readonly tail: string;
}

/** The lines with the tails of each run of neighbours in one column. */
export function align(cuts: readonly Cut[]): readonly string[] {
  const lines: string[] = [];
  let run: Cut[] = [];
  let column = 0;
  let widest = 0;
  const finish = () => {
    for (const { head, tail } of run) lines.push(`${head.padEnd(column)} ${tail}`);
    run = [];
    column = 0;
    widest = 0;
  };
  for (const cut of cuts) {
    if (cut.tail === "") {
      finish();
      lines.push(cut.head);
      continue;
    }
    if (run.length > 0 && Math.max(column, cut.head.length) + 1 + Math.max(widest, cut.tail.length) > longest)
      finish();
    run.push(cut);
    column = Math.max(column, cut.head.length);
    widest = Math.max(widest, cut.tail.length);
  }
  finish();
  return lines;
}

/** Calls that are longer than this have their outcome right behind them, and do not move the column. */
const longestCall = 72;

/** A step of a scenario, cut before `fails`, `violates` or `ok`; `ends`: a blank line or a brace, which ends a paragraph. */
export interface Step extends Cut {
  readonly ends: boolean;
}

/** The lines with the outcomes of each paragraph in one column, two spaces behind the longest call that has one. */
export function alignOutcomes(steps: readonly Step[]): readonly string[] {
  const lines: string[] = [];
  let paragraph: Step[] = [];
  const finish = () => {
    const heads = paragraph.filter(({ head, tail }) => tail !== "" && head.length <= longestCall);
    const column = Math.max(0, ...heads.map(({ head }) => head.length + 2));
    for (const { head, tail } of paragraph)
      lines.push(tail === "" ? head : `${head.padEnd(Math.max(column, head.length + 1))}${tail}`);
    paragraph = [];
  };
  for (const step of steps) {
    paragraph.push(step);
    if (step.ends) finish();
  }
  finish();
  return lines;
}
