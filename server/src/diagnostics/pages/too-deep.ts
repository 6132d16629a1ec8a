import type { Page } from "../page.ts";

/** A condition in so many parentheses. */
const nested = (depth: number): string =>
  `abstract proposal sketch {\n  define odd: bool =\n    ${"(".repeat(depth)}true${")".repeat(depth)}\n}\n`;

export const tooDeep: Page = {
  code: "too-deep",
  title: "the nesting is too deep to be read",
  severity: "error",
  what: `Blocks, parentheses or operators are nested more than 200 levels deep. The part that goes deeper is left out of all
checks.`,
  why: `Nobody writes this by hand; it comes from a generator, or from a test of this tool. A fixed limit makes sure that
such a text gives a message and not a crash. Divide the expression with a \`define\`, or the block into several.`,
  bad: nested(300),
  good: nested(3),
};
