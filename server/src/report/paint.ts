// Colours of a terminal, as names for what a piece of text is. A report is built of pieces; only the last step,
// `paint`, knows escape sequences.

import type { Severity } from "../base/finding.ts";

export type Style = "plain" | "bold" | "dim" | "gutter" | "related" | Severity;

/** Text of one style. What has come from a file or a name is made printable before it becomes a piece. */
export interface Piece {
  readonly text: string;
  readonly style: Style;
}

export type Paint = (pieces: readonly Piece[]) => string;

const codes: Readonly<Record<Style, string>> = {
  plain: "",
  bold: "1",
  dim: "2",
  gutter: "1;34",
  related: "1;34",
  error: "1;31",
  warning: "1;33",
  info: "1;36",
  hint: "1;32",
};

export const plainPaint: Paint = (pieces) => pieces.map(({ text }) => text).join("");

export const colourPaint: Paint = (pieces) =>
  pieces
    .map(({ text, style }) =>
      codes[style] === "" || text === "" ? text : `\x1b[${codes[style]}m${text}\x1b[0m`,
    )
    .join("");
