// How bad a layout is to read: lines that cross, lines through what they have nothing to do with, devices out of order.

import type { Area, Layout, PlacedEdge, Point } from "./sizes.ts";

/** Weighted by how much each disturbs; 0 is a layout that nobody would draw better. */
export function faults(layout: Layout): number {
  return crossings(layout.edges) * 4 + throughs(layout) * 6 + outOfOrder(layout) * 3;
}

function crossings(edges: readonly PlacedEdge[]): number {
  let count = 0;
  edges.forEach((one, index) => {
    for (const other of edges.slice(index + 1)) if (cross(one.points, other.points)) count++;
  });
  return count;
}

const segments = (points: readonly Point[]): (readonly [Point, Point])[] =>
  points.slice(1).flatMap((point, index) => {
    const before = points[index];
    return before === undefined ? [] : [[before, point] as const];
  });

function cross(one: readonly Point[], other: readonly Point[]): boolean {
  const others = segments(other);
  return segments(one).some(([a, b]) => others.some(([c, d]) => meet(a, b, c, d)));
}

/** Do two segments cross inside of both? */
function meet(a: Point, b: Point, c: Point, d: Point): boolean {
  const side = (p: Point, q: Point, r: Point): number =>
    Math.sign((q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x));
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

function throughs({ nodes, boxes, edges }: Layout): number {
  let count = 0;
  for (const { edge, points, label, at } of edges) {
    const ends = [edge.from, edge.to];
    const own = new Set(nodes.flatMap(({ node }) => (ends.includes(node.id) ? [node.box] : [])));
    const foreign: Area[] = [
      ...nodes.filter(({ node }) => !ends.includes(node.id)),
      ...boxes.filter(({ box }) => !ends.includes(box.id) && !own.has(box.id)),
    ];
    const lines = segments(points);
    for (const area of foreign) {
      if (lines.some(([a, b]) => hits(area, a, b)) || (label !== "" && holds(area, at))) count++;
    }
  }
  return count;
}

const holds = ({ x, y, width, height }: Area, point: Point): boolean =>
  point.x > x && point.x < x + width && point.y > y && point.y < y + height;

function hits(area: Area, a: Point, b: Point): boolean {
  if (holds(area, a) || holds(area, b)) return true;
  const { x, y, width, height } = area;
  const [right, bottom] = [x + width, y + height];
  return meet(a, b, { x, y }, { x: right, y: bottom }) || meet(a, b, { x: right, y }, { x, y: bottom });
}

/** Devices and tasks stand as they are written: steps can then be compared. */
function outOfOrder({ nodes, direction }: Layout): number {
  const at = ({ x, y }: Area): number => (direction === "down" ? x : y);
  const named = nodes.filter(({ node }) => node.kind === "device" || node.kind === "task");
  let count = 0;
  named.forEach((one, index) => {
    const next = named.slice(index + 1).find(({ node }) => node.kind === one.node.kind);
    if (next !== undefined && at(next) < at(one)) count++;
  });
  return count;
}
