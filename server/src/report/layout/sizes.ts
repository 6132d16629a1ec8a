// How large what is written on a picture is, and the shape of a finished layout. Texts are measured by columns of a
// fixed-width font, so that the same picture has the same size everywhere.

import { cut, widthOf } from "../../base/columns.ts";
import type { PictureBox, PictureEdge, PictureNode } from "../../features/trace-picture/picture.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** `x` and `y` are the upper left corner. */
export interface Area extends Point {
  readonly width: number;
  readonly height: number;
}

export interface Layout {
  readonly direction: Direction;
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly (Area & { readonly node: PictureNode; readonly lines: readonly string[] })[];
  readonly boxes: readonly (Area & { readonly box: PictureBox; readonly lines: readonly string[] })[];
  readonly edges: readonly PlacedEdge[];
}

export interface PlacedEdge {
  readonly edge: PictureEdge;
  readonly points: readonly Point[];
  readonly label: string;
  /** The middle of the label. */
  readonly at: Point;
}

/** `down`: who is above what he reaches. `right`: beside it, for many devices in a narrow place. */
export type Direction = "down" | "right";

export const font = { size: 13, small: 11, advance: 0.61, line: 17 } as const;
const padding = { x: 11, y: 8 } as const;
export const margin = 12;
/** Room for the title of a box between its border and what is in it. */
export const titleHeight = 20;
export const boxPadding = 12;
const longestName = 26;
const longestFact = 32;

export const textWidth = (text: string, size: number = font.size): number =>
  Math.ceil(widthOf(text) * size * font.advance);

/** What is written on a node, line by line: its name, what it is, and what is special about it. */
export function linesOf({ name, note, facts }: Pick<PictureNode, "name" | "note" | "facts">): string[] {
  const what = [note, ...facts].filter((text) => text !== "" && text !== name);
  return [cut(name, longestName), ...what.map((text) => cut(text, longestFact))];
}

/** `*` and `!` as in the table of steps: what changed, and what breaks a rule, without any colour. */
export const markOf = ({ changed, broken }: { changed: boolean; broken: boolean }): string =>
  broken ? "!" : changed ? "*" : "";

export function sizeOf(
  lines: readonly string[],
  kind: PictureNode["kind"],
): { width: number; height: number } {
  const widths = lines.map((line, index) => textWidth(line, index === 0 ? font.size : font.small));
  const round = kind === "task" || kind === "target" ? 10 : 0;
  return {
    width: Math.max(48, ...widths) + padding.x * 2 + round,
    height: lines.length * font.line + padding.y * 2 - 4,
  };
}

export const titleWidth = ([name = "", note = ""]: readonly string[]): number =>
  textWidth(name) + (note === "" ? 0 : 8 + textWidth(note, font.small)) + 28;

export const labelOf = (edge: PictureEdge): string => {
  const mark = markOf(edge);
  return edge.label === "" || mark === "" ? edge.label : `${mark} ${edge.label}`;
};

export const titleOf = ({ name, note, facts }: PictureBox): string[] => [
  cut(name, longestName),
  cut([note, ...facts].filter((text) => text !== "").join(", "), 48),
];

/** A context that DMA comes to from above has its title below, where no line runs. */
export function titleAt(box: PictureBox, direction: Direction): "top" | "bottom" {
  return direction === "down" && box.kind === "context" ? "bottom" : "top";
}

/** Half a pixel is fine enough, and keeps the bytes of a picture the same on every machine. */
export function round(value: number): number {
  return Math.round(value * 2) / 2;
}
