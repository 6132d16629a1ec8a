// One layout by dagre. What is done here is what dagre leaves open: titles of boxes, and edges that begin or end at a box.

import { layout as arrange, Graph } from "@dagrejs/dagre";
import type { Picture, PictureBox, PictureEdge, PictureNode } from "../../features/trace-picture/picture.ts";
import {
  type Area,
  boxPadding,
  type Direction,
  font,
  type Layout,
  labelOf,
  linesOf,
  margin,
  type PlacedEdge,
  type Point,
  round,
  sizeOf,
  textWidth,
  titleAt,
  titleHeight,
  titleOf,
  titleWidth,
} from "./sizes.ts";
import { layerOf, unseenEdges } from "./unseen.ts";

/** `ordered`: devices of a group as they are written. `seed`: the order to begin with, 0 for the one of the picture. */
export interface Wish {
  readonly ordered: boolean;
  readonly seed: number;
  readonly anchor: "first" | "middle" | "last";
}

/** As dagre placed it, and its mirror image, which has the same crossings in another order. */
export function place(picture: Picture, direction: Direction, wish: Wish): readonly [Layout, Layout] {
  const graph = new Graph<object, Sized, Routed>({ compound: true, multigraph: true });
  graph.setGraph({
    rankdir: direction === "down" ? "TB" : "LR",
    ...(direction === "down"
      ? { nodesep: 28, ranksep: 66, edgesep: 18 }
      : { nodesep: 24, ranksep: 52, edgesep: 14 }),
    ...{ marginx: margin, marginy: margin },
  });
  const boxes = picture.boxes.filter(({ id }) => picture.nodes.some(({ box }) => box === id));
  const inBox = new Map(boxes.map(({ id }) => [id, picture.nodes.filter(({ box }) => box === id)]));
  for (const { id } of boxes) graph.setNode(id, { width: 0, height: 0 });
  const layered = picture.nodes.toSorted((a, b) => layerOf[a.kind] - layerOf[b.kind]);
  for (const node of shuffled(layered, wish.seed)) {
    const { width, height } = sizeOf(linesOf(node), node.kind);
    graph.setNode(node.id, { width: Math.max(width, roomFor(node, inBox, boxes)), height });
    if (node.box !== null && inBox.has(node.box)) graph.setParent(node.id, node.box);
  }

  // An edge of a box is placed as one of a node in it, and cut off at the border afterwards.
  const endOf = (id: string): string => {
    const members = inBox.get(id);
    return members === undefined ? id : (anchor(members, wish.anchor)?.id ?? id);
  };
  const known = new Set(graph.nodes());
  const edges = picture.edges.filter((edge) => known.has(endOf(edge.from)) && known.has(endOf(edge.to)));
  for (const edge of shuffled(edges, wish.seed)) {
    const label = labelOf(edge);
    const width = label === "" ? 0 : textWidth(label, font.small) + 8;
    const height = label === "" ? 0 : font.line;
    graph.setEdge(
      endOf(edge.from),
      endOf(edge.to),
      { width, height, labelpos: "c", weight: weights[edge.kind] },
      edge.id,
    );
  }
  for (const { from, to, steps } of unseenEdges(picture, edges)) {
    graph.setEdge(from, to, { width: 0, height: 0, weight: 1, minlen: steps }, `unseen-${to}`);
  }
  arrange(graph, wish.ordered ? { constraints: inOrder(picture) } : {});
  const placing = { picture, direction, boxes, edges, ends: endOf };
  return [placed(graph, { ...placing, mirrored: false }), placed(graph, { ...placing, mirrored: true })];
}

/** Dagre knows no titles: the first device or address space of a box keeps room for it. */
function roomFor(
  node: PictureNode,
  inBox: ReadonlyMap<string, readonly PictureNode[]>,
  boxes: readonly PictureBox[],
): number {
  const box = boxes.find(({ id }) => id === node.box);
  const members = box === undefined ? [] : (inBox.get(box.id) ?? []);
  if (box === undefined || anchor(members, "middle") !== node) return 0;
  return titleWidth(titleOf(box)) - 2 * boxPadding;
}

/** How much an edge should be short: files stay beside their tasks, devices beside their files. */
const weights: Readonly<Record<PictureEdge["kind"], number>> = {
  holds: 3,
  access: 4,
  opened: 4,
  dma: 2,
  in: 2,
  owner: 0,
};

interface Sized {
  readonly width: number;
  readonly height: number;
  readonly x?: number;
  readonly y?: number;
}

interface Routed {
  readonly points?: readonly Point[];
  readonly x?: number;
  readonly y?: number;
  readonly width?: number;
  readonly height?: number;
  readonly labelpos?: string;
  readonly weight?: number;
  readonly minlen?: number;
}

/** The member of a box that stands for it. */
function anchor(members: readonly PictureNode[], which: Wish["anchor"]): PictureNode | undefined {
  const devices = members.filter(({ kind }) => kind === "device");
  const choice = devices.length === 0 ? members : devices;
  switch (which) {
    case "first":
      return choice[0];
    case "last":
      return choice.at(-1);
    case "middle":
      return choice[Math.floor((choice.length - 1) / 2)];
    default:
      return which satisfies never;
  }
}

/** Dagre begins with the order in which it meets nodes and edges: another one leads to another layout. */
function shuffled<T>(list: readonly T[], seed: number): T[] {
  const mixed = [...list];
  let state = seed;
  for (let last = mixed.length - 1; last > 0 && seed !== 0; last--) {
    state = (state * 1103515245 + 12345) % 2147483648;
    const other = state % (last + 1);
    const [a, b] = [mixed[last], mixed[other]];
    if (a !== undefined && b !== undefined) [mixed[last], mixed[other]] = [b, a];
  }
  return mixed;
}

/** Devices of a group stay in the order of the topology. */
function inOrder(picture: Picture): { left: string; right: string }[] {
  const devices = picture.nodes.filter(({ kind }) => kind === "device");
  return devices.flatMap(({ id, box }, index) => {
    const next = devices[index + 1];
    return next !== undefined && next.box === box ? [{ left: id, right: next.id }] : [];
  });
}

interface Placing {
  readonly mirrored: boolean;
  readonly picture: Picture;
  readonly direction: Direction;
  readonly boxes: readonly PictureBox[];
  readonly edges: readonly PictureEdge[];
  readonly ends: (id: string) => string;
}

function placed(
  graph: Graph<object, Sized, Routed>,
  { picture, direction, boxes, edges, ends, mirrored }: Placing,
): Layout {
  const turned = ({ x = 0, y = 0 }: Partial<Point>): Point =>
    !mirrored ? { x, y } : direction === "down" ? { x: -x, y } : { x, y: -y };
  const sizes = new Map(picture.nodes.map((node) => [node.id, sizeOf(linesOf(node), node.kind)]));
  const areaOf = (id: string): Area => {
    const { x, y } = turned(graph.node(id));
    const { width, height } = sizes.get(id) ?? { width: 0, height: 0 };
    return { x: round(x - width / 2), y: round(y - height / 2), width: round(width), height: round(height) };
  };
  const placedBoxes = boxes.map((box) => {
    const members = picture.nodes.filter((node) => node.box === box.id).map(({ id }) => areaOf(id));
    const lines = titleOf(box);
    return { ...around(members, { least: titleWidth(lines), title: titleAt(box, direction) }), box, lines };
  });
  const areas = new Map<string, Area>([
    ...picture.nodes.map(({ id }) => [id, areaOf(id)] as const),
    ...placedBoxes.map((area) => [area.box.id, area] as const),
  ]);
  const placedEdges = edges.map((edge): PlacedEdge => {
    const found = graph.edge(ends(edge.from), ends(edge.to), edge.id);
    const points = (found.points ?? []).map(turned).map(({ x, y }) => ({ x: round(x), y: round(y) }));
    const shown = cutOff(cutOff(points, areas.get(edge.from)).toReversed(), areas.get(edge.to)).toReversed();
    const middle = points[Math.floor(points.length / 2)] ?? { x: 0, y: 0 };
    const { x, y } = found.x === undefined ? middle : turned(found);
    return { edge, points: shown, label: labelOf(edge), at: { x: round(x), y: round(y) } };
  });
  return fitted({
    direction,
    nodes: picture.nodes.map((node) => ({ ...areaOf(node.id), node, lines: linesOf(node) })),
    boxes: placedBoxes,
    edges: placedEdges,
  });
}

function around(
  members: readonly Area[],
  { least, title }: { readonly least: number; readonly title: "top" | "bottom" },
): Area {
  const left = Math.min(...members.map(({ x }) => x)) - boxPadding;
  const right = Math.max(...members.map(({ x, width }) => x + width)) + boxPadding;
  const top = Math.min(...members.map(({ y }) => y)) - 10 - (title === "top" ? titleHeight : 0);
  const bottom =
    Math.max(...members.map(({ y, height }) => y + height)) + 10 + (title === "bottom" ? titleHeight : 0);
  const width = Math.max(right - left, least);
  return { x: (left + right - width) / 2, y: top, width, height: bottom - top };
}

/** From the border on. Dagre ends edges at the border of what it placed, which may be larger or lie inside a box. */
function cutOff(points: readonly Point[], area: Area | undefined): readonly Point[] {
  if (area === undefined) return points;
  const out = points.findIndex((point, index) => index > 0 && !contains(area, point));
  const outer = points[out];
  if (outer === undefined) return points;
  const before = points[out - 1];
  const inner =
    before !== undefined && contains(area, before)
      ? before
      : { x: area.x + area.width / 2, y: area.y + area.height / 2 };
  return [crossing(area, inner, outer), ...points.slice(out)];
}

const contains = ({ x, y, width, height }: Area, point: Point): boolean =>
  point.x > x && point.x < x + width && point.y > y && point.y < y + height;

/** Where the way from a point inside to one outside leaves the area. */
function crossing({ x, y, width, height }: Area, inner: Point, outer: Point): Point {
  const [dx, dy] = [outer.x - inner.x, outer.y - inner.y];
  const ways = [
    dx > 0 ? (x + width - inner.x) / dx : dx < 0 ? (x - inner.x) / dx : 1,
    dy > 0 ? (y + height - inner.y) / dy : dy < 0 ? (y - inner.y) / dy : 1,
  ];
  const way = Math.min(1, ...ways);
  return { x: round(inner.x + dx * way), y: round(inner.y + dy * way) };
}

/** Moved so that everything, titles included, lies inside the margins. */
function fitted(parts: Omit<Layout, "width" | "height">): Layout {
  const labelled = parts.edges.filter(({ label }) => label !== "");
  const labels = labelled.map(({ label, at }) => {
    const width = textWidth(label, font.small) + 8;
    return { x: at.x - width / 2, y: at.y - font.line / 2, width, height: font.line };
  });
  const points = parts.edges.flatMap((edge) =>
    edge.points.map((point) => ({ ...point, width: 0, height: 0 })),
  );
  const areas: Area[] = [...parts.nodes, ...parts.boxes, ...labels, ...points];
  const left = Math.min(...areas.map(({ x }) => x)) - margin;
  const top = Math.min(...areas.map(({ y }) => y)) - margin;
  const move = <T extends Point>(point: T): T => ({
    ...point,
    x: round(point.x - left),
    y: round(point.y - top),
  });
  return {
    direction: parts.direction,
    width: Math.ceil(Math.max(0, ...areas.map(({ x, width }) => x + width)) - left + margin),
    height: Math.ceil(Math.max(0, ...areas.map(({ y, height }) => y + height)) - top + margin),
    nodes: parts.nodes.map(move),
    boxes: parts.boxes.map(move),
    edges: parts.edges.map((edge) => ({ ...edge, points: edge.points.map(move), at: move(edge.at) })),
  };
}
