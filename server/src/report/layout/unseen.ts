// What keeps the layers of a picture apart: tasks, their files, devices, and where DMA goes.

import type { Picture, PictureEdge, PictureNode } from "../../features/trace-picture/picture.ts";

export const layerOf: Readonly<Record<PictureNode["kind"], number>> = {
  task: 0,
  file: 1,
  device: 2,
  space: 3,
  context: 3,
  target: 3,
};

export interface Unseen {
  readonly from: string;
  readonly to: string;
  readonly steps: number;
}

/**
 * Edges that nobody sees. Without them, what no edge leads to from a task would stand beside the tasks. As few as can be:
 * each takes up room.
 */
export function unseenEdges(picture: Picture, edges: readonly PictureEdge[]): Unseen[] {
  return [...belowDevices(picture, edges), ...belowTasks(picture, edges)];
}

/** Contexts, address spaces and targets that nothing leads to: under the last device. */
function belowDevices({ nodes }: Picture, edges: readonly PictureEdge[]): Unseen[] {
  const reached = new Set(edges.map(({ to }) => to));
  const device = nodes.findLast(({ kind }) => kind === "device");
  if (device === undefined) return [];
  const alone = nodes.filter(({ id, kind }) => layerOf[kind] === 3 && !reached.has(id));
  return alone.map(({ id }) => ({ from: device.id, to: id, steps: 1 }));
}

/** One for each box that nothing leads into, and for each connected part without a task, at its first device. */
function belowTasks(picture: Picture, edges: readonly PictureEdge[]): Unseen[] {
  const { nodes } = picture;
  const task = nodes.find(({ kind }) => kind === "task");
  if (task === undefined) return [];
  const partOf = parts(picture, edges);
  const boxOf = new Map(nodes.map(({ id, box }) => [id, box]));
  const boxes = new Set(edges.map(({ to }) => boxOf.get(to) ?? null));
  const hung = new Set(nodes.filter(({ kind }) => kind === "task").map(({ id }) => partOf(id)));
  const inOrder = nodes.toSorted((a, b) => Number(b.kind === "device") - Number(a.kind === "device"));
  return inOrder.flatMap(({ id, kind, box }): Unseen[] => {
    const isAlone = kind === "device" && box !== null && !boxes.has(box);
    if (hung.has(partOf(id)) && !isAlone) return [];
    boxes.add(box);
    hung.add(partOf(id));
    return [{ from: task.id, to: id, steps: layerOf[kind] }];
  });
}

/** A name for the connected part that a node is in. */
function parts({ nodes }: Picture, edges: readonly PictureEdge[]): (id: string) => string {
  const parent = new Map<string, string>();
  const root = (id: string): string => {
    const above = parent.get(id);
    return above === undefined ? id : root(above);
  };
  const join = (a: string, b: string): void => {
    if (root(a) !== root(b)) parent.set(root(a), root(b));
  };
  for (const { from, to } of edges) join(from, to);
  for (const { id, box } of nodes) if (box !== null) join(id, box);
  return root;
}
