// Where everything of a picture stands: nodes, boxes and edges with positions in pixels. Placed by dagre; what is done
// here is only what that leaves open: sizes from texts, layers, and edges that begin or end at a box. Pure; runs in the
// command line, in the server and in a web view, and gives the same in all of them.

import { Graph, layout as place } from "@dagrejs/dagre";
import { cut, widthOf } from "../base/columns.ts";
import type { Picture, PictureBox, PictureEdge, PictureNode } from "../features/trace-picture/picture.ts";

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
const margin = 12;
/** Room for the title of a box between its border and what is in it. */
export const titleHeight = 20;
const longestName = 26;
const longestFact = 32;

const textWidth = (text: string, size: number = font.size): number =>
  Math.ceil(widthOf(text) * size * font.advance);

/** What is written on a node, line by line: its name, what it is, and what is special about it. */
function linesOf({ name, note, facts }: Pick<PictureNode, "name" | "note" | "facts">): string[] {
  const what = [note, ...facts].filter((text) => text !== "" && text !== name);
  return [cut(name, longestName), ...what.map((text) => cut(text, longestFact))];
}

/** `*` and `!` as in the table of steps: what changed, and what breaks a rule, without any colour. */
export const markOf = ({ changed, broken }: { changed: boolean; broken: boolean }): string =>
  broken ? "!" : changed ? "*" : "";

function sizeOf(lines: readonly string[], kind: PictureNode["kind"]): { width: number; height: number } {
  const widths = lines.map((line, index) => textWidth(line, index === 0 ? font.size : font.small));
  const round = kind === "task" || kind === "target" ? 10 : 0;
  return {
    width: Math.max(48, ...widths) + padding.x * 2 + round,
    height: lines.length * font.line + padding.y * 2 - 4,
  };
}

export function layout(picture: Picture, direction: Direction): Layout {
  const graph = new Graph<object, Sized, Routed>({ compound: true, multigraph: true });
  graph.setGraph({
    rankdir: direction === "down" ? "TB" : "LR",
    ...(direction === "down"
      ? { nodesep: 28, ranksep: 84, edgesep: 18 }
      : { nodesep: 26, ranksep: 90, edgesep: 14 }),
    ...{ marginx: margin, marginy: margin },
  });
  const boxes = picture.boxes.filter(({ id }) => picture.nodes.some(({ box }) => box === id));
  const inBox = new Map(boxes.map(({ id }) => [id, picture.nodes.filter(({ box }) => box === id)]));
  for (const { id } of boxes) graph.setNode(id, { width: 0, height: 0 });
  for (const node of picture.nodes) {
    graph.setNode(node.id, sizeOf(linesOf(node), node.kind));
    if (node.box !== null && inBox.has(node.box)) graph.setParent(node.id, node.box);
  }

  // An edge of a box is placed as one of a node in it, and cut off at the border afterwards.
  const endOf = (id: string, end: "from" | "to"): string => {
    const members = inBox.get(id);
    return members === undefined ? id : (anchor(members, end)?.id ?? id);
  };
  const known = new Set(graph.nodes());
  const edges = picture.edges.filter(
    (edge) => known.has(endOf(edge.from, "from")) && known.has(endOf(edge.to, "to")),
  );
  for (const edge of edges) {
    const label = labelOf(edge);
    const width = label === "" ? 0 : textWidth(label, font.small) + 8;
    const height = label === "" ? 0 : font.line;
    graph.setEdge(
      endOf(edge.from, "from"),
      endOf(edge.to, "to"),
      { width, height, labelpos: "c", weight: edge.kind === "owner" ? 0 : edge.kind === "access" ? 3 : 1 },
      edge.id,
    );
  }
  for (const [from, to] of layers(picture)) {
    graph.setEdge(from, to, { width: 0, height: 0, weight: 0, minlen: 1 }, `layer-${from}-${to}`);
  }
  place(graph);
  return placed(graph, { picture, boxes, edges, ends: endOf });
}

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

export const labelOf = (edge: PictureEdge): string => {
  const mark = markOf(edge);
  return edge.label === "" || mark === "" ? edge.label : `${mark} ${edge.label}`;
};

/** The member of a box that stands for it: the middle one of those that are drawn last, or first. */
function anchor(members: readonly PictureNode[], end: "from" | "to"): PictureNode | undefined {
  const devices = members.filter(({ kind }) => kind === "device");
  const choice = devices.length === 0 ? members : devices;
  return end === "from" ? choice[Math.floor((choice.length - 1) / 2)] : choice[Math.floor(choice.length / 2)];
}

const layerOf: Readonly<Record<PictureNode["kind"], number>> = {
  task: 0,
  file: 1,
  device: 2,
  space: 3,
  context: 3,
  target: 3,
};

/** Edges that nobody sees: without them, what is connected to nothing would stand wherever there is room. */
function layers(picture: Picture): [string, string][] {
  const targets = new Set(picture.edges.map(({ to }) => to));
  const first = (kind: PictureNode["kind"]): PictureNode | undefined =>
    picture.nodes.find((node) => node.kind === kind);
  const [task, device] = [first("task"), first("device")];
  return picture.nodes.flatMap((node): [string, string][] => {
    if (targets.has(node.id) || node.kind === "task") return [];
    const above = layerOf[node.kind] === 3 ? device : task;
    return above === undefined ? [] : [[above.id, node.id]];
  });
}

interface Placing {
  readonly picture: Picture;
  readonly boxes: readonly PictureBox[];
  readonly edges: readonly PictureEdge[];
  readonly ends: (id: string, end: "from" | "to") => string;
}

function placed(graph: Graph<object, Sized, Routed>, { picture, boxes, edges, ends }: Placing): Layout {
  const areaOf = (id: string): Area => {
    const { x = 0, y = 0, width, height } = graph.node(id);
    return { x: round(x - width / 2), y: round(y - height / 2), width: round(width), height: round(height) };
  };
  const placedBoxes = boxes.map((box) => {
    const members = picture.nodes.filter((node) => node.box === box.id).map(({ id }) => areaOf(id));
    const lines = titleOf(box);
    return { ...around(members, textWidth(lines.join("  ")) + padding.x * 2), box, lines };
  });
  const areas = new Map<string, Area>([
    ...picture.nodes.map(({ id }) => [id, areaOf(id)] as const),
    ...placedBoxes.map((area) => [area.box.id, area] as const),
  ]);
  const placedEdges = edges.map((edge): PlacedEdge => {
    const found = graph.edge(ends(edge.from, "from"), ends(edge.to, "to"), edge.id);
    const points = (found.points ?? []).map(({ x, y }) => ({ x: round(x), y: round(y) }));
    const shown = cutOff(cutOff(points, areas, edge.from).toReversed(), areas, edge.to).toReversed();
    const { x = 0, y = 0 } = found;
    return { edge, points: shown, label: labelOf(edge), at: { x: round(x), y: round(y) } };
  });
  return fitted({
    nodes: picture.nodes.map((node) => ({ ...areaOf(node.id), node, lines: linesOf(node) })),
    boxes: placedBoxes,
    edges: placedEdges,
  });
}

export const titleOf = ({ name, note, facts }: PictureBox): string[] => [
  cut(name, longestName),
  cut([note, ...facts].filter((text) => text !== "").join(", "), 48),
];

function around(members: readonly Area[], least: number): Area {
  const left = Math.min(...members.map(({ x }) => x)) - 12;
  const right = Math.max(...members.map(({ x, width }) => x + width)) + 12;
  const top = Math.min(...members.map(({ y }) => y)) - titleHeight - 8;
  const bottom = Math.max(...members.map(({ y, height }) => y + height)) + 10;
  return { x: left, y: top, width: Math.max(right - left, least), height: bottom - top };
}

/** Without the points that lie in the box, and beginning on its border. Edges of nodes end where dagre says. */
function cutOff(points: readonly Point[], areas: ReadonlyMap<string, Area>, id: string): readonly Point[] {
  const area = areas.get(id);
  if (area === undefined) return points;
  const out = points.findIndex((point) => !contains(area, point));
  const [inner, outer] = [points[out - 1], points[out]];
  if (inner === undefined || outer === undefined) return points;
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
function fitted(parts: Pick<Layout, "nodes" | "boxes" | "edges">): Layout {
  const labels = parts.edges.map(({ label, at }) => {
    const width = textWidth(label, font.small) + 8;
    return { x: at.x - width / 2, y: at.y - font.line / 2, width, height: font.line };
  });
  const points = parts.edges.flatMap((edge) =>
    edge.points.map((point) => ({ ...point, width: 0, height: 0 })),
  );
  const areas: Area[] = [...parts.nodes, ...parts.boxes, ...labels, ...points];
  const left = Math.min(margin, ...areas.map(({ x }) => x)) - margin;
  const top = Math.min(margin, ...areas.map(({ y }) => y)) - margin;
  const move = <T extends Point>(point: T): T => ({
    ...point,
    x: round(point.x - left),
    y: round(point.y - top),
  });
  return {
    width: Math.ceil(Math.max(0, ...areas.map(({ x, width }) => x + width)) - left + margin),
    height: Math.ceil(Math.max(0, ...areas.map(({ y, height }) => y + height)) - top + margin),
    nodes: parts.nodes.map(move),
    boxes: parts.boxes.map(move),
    edges: parts.edges.map((edge) => ({ ...edge, points: edge.points.map(move), at: move(edge.at) })),
  };
}

/** Half a pixel is fine enough, and keeps the bytes of a picture the same on every machine. */
function round(value: number): number {
  return Math.round(value * 2) / 2;
}
