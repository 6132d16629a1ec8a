// Pictures of machines with many devices: what is the same for a whole group is drawn or written once. What breaks a
// rule stays as it is.

import type { Picture, PictureBox, PictureEdge } from "./picture.ts";

/** From this number of devices on. */
const manyDevices = 7;

export function summarised(picture: Picture): Picture {
  if (picture.devices.length < manyDevices) return picture;
  const owned = picture.edges.filter(
    ({ kind, from, broken }) => kind === "owner" && !broken && isBox(picture, from),
  );
  const nameOf = (id: string): string =>
    [...picture.nodes, ...picture.boxes].find((each) => each.id === id)?.name ?? "?";
  const boxes = picture.boxes.map((box): PictureBox => {
    const edge = owned.find(({ from }) => from === box.id);
    return edge === undefined
      ? box
      : { ...box, facts: [`owner ${nameOf(edge.to)}`, ...box.facts], changed: box.changed || edge.changed };
  });
  return {
    ...picture,
    boxes,
    edges: ofGroups(
      picture,
      picture.edges.filter((edge) => !owned.includes(edge)),
    ),
  };
}

const isBox = (picture: Picture, id: string): boolean => picture.boxes.some((box) => box.id === id);

/** One edge for the DMA of a group that all goes to one place. */
function ofGroups({ nodes }: Picture, edges: readonly PictureEdge[]): PictureEdge[] {
  const boxOf = new Map(nodes.map(({ id, box }) => [id, box]));
  const done = new Set<string>();
  return edges.flatMap((edge): PictureEdge[] => {
    const box = boxOf.get(edge.from) ?? null;
    if (edge.kind !== "dma" || box === null) return [edge];
    const alike = edges.filter(
      ({ kind, from, to, broken }) => kind === "dma" && to === edge.to && !broken && boxOf.get(from) === box,
    );
    const members = nodes.filter((each) => each.kind === "device" && each.box === box);
    if (alike.length < 2 || alike.length !== members.length) return [edge];
    if (done.has(box)) return [];
    done.add(box);
    const says = alike.map((each) => each.says).join("; ");
    const changed = alike.some((each) => each.changed);
    const label = `${edge.label} of ${alike.length}`;
    return [{ ...edge, id: `dma-${box}-${edge.to}`, from: box, label, says, changed }];
  });
}
