// Lines of a picture: their way, and what they end in. Each kind of edge has an end of its own.

import type { PictureEdge } from "../features/trace-picture/picture.ts";
import type { Point } from "./layout.ts";

type End = "arrow" | "open" | "bar" | "diamond" | "none";

export function endOf({ kind }: PictureEdge, isBlocked: boolean): End {
  switch (kind) {
    case "dma":
      return isBlocked ? "bar" : "arrow";
    case "access":
      return "arrow";
    case "opened":
    case "in":
      return "open";
    case "owner":
      return "diamond";
    case "holds":
      return "none";
    default:
      return kind satisfies never;
  }
}

export const headLength = ({ kind }: Pick<PictureEdge, "kind">): number => (kind === "access" ? 12 : 10);

/** The end of a line, drawn by hand: markers do not take the colour of their line everywhere. */
export function lineEnd(points: readonly Point[], end: End, length: number): string[] {
  const [last, before] = [points.at(-1), points.at(-2)];
  if (last === undefined || before === undefined || end === "none") return [];
  const way = Math.hypot(last.x - before.x, last.y - before.y) || 1;
  const [ux, uy] = [(last.x - before.x) / way, (last.y - before.y) / way];
  const at = (along: number, across: number): string =>
    `${tidy(last.x - ux * along - uy * across)} ${tidy(last.y - uy * along + ux * across)}`;
  const half = length / 2;
  switch (end) {
    case "arrow":
      return [`<path class="head-of-line" d="M${at(0, 0)}L${at(length, half)}L${at(length, -half)}Z"/>`];
    case "open":
      return [`<path class="line tip" d="M${at(length, half)}L${at(1, 0)}L${at(length, -half)}"/>`];
    case "bar":
      return [`<path class="head-of-line" d="M${at(1, 9)}L${at(1, -9)}L${at(4, -9)}L${at(4, 9)}Z"/>`];
    case "diamond":
      return [
        `<path class="head-of-line" d="M${at(0, 0)}L${at(half, half / 1.5)}L${at(length, 0)}L${at(half, -half / 1.5)}Z"/>`,
      ];
    default:
      return end satisfies never;
  }
}

/** Points without the last `by` pixels, which the end of the line takes. */
export function shortened(points: readonly Point[], by: number): readonly Point[] {
  const [last, before] = [points.at(-1), points.at(-2)];
  if (last === undefined || before === undefined) return points;
  const way = Math.hypot(last.x - before.x, last.y - before.y);
  if (way <= by) return points;
  const part = (way - by) / way;
  const end = { x: before.x + (last.x - before.x) * part, y: before.y + (last.y - before.y) * part };
  return [...points.slice(0, -1), end];
}

/** A line with soft corners, which otherwise runs where it was laid: labels are on it. */
export function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return "";
  const parts = [`M${tidy(first.x)} ${tidy(first.y)}`];
  rest.forEach((point, index) => {
    const [before, next] = [points[index], rest[index + 1]];
    if (next === undefined || before === undefined) parts.push(`L${tidy(point.x)} ${tidy(point.y)}`);
    else {
      const [into, out] = [towards(point, before), towards(point, next)];
      parts.push(`L${into}Q${tidy(point.x)} ${tidy(point.y)} ${out}`);
    }
  });
  return parts.join("");
}

/** A little way from a corner. */
function towards(corner: Point, to: Point): string {
  const way = Math.hypot(to.x - corner.x, to.y - corner.y) || 1;
  const part = Math.min(cornerSize, way / 2) / way;
  return `${tidy(corner.x + (to.x - corner.x) * part)} ${tidy(corner.y + (to.y - corner.y) * part)}`;
}

const cornerSize = 22;

const tidy = (value: number): number => Math.round(value * 10) / 10;
