// Where everything of a picture stands: nodes, boxes and edges with positions in pixels. Dagre places; here the best of
// a few of its layouts is taken. Pure; runs in the command line, in the server and in a web view, and gives the same in
// all of them.

import type { Picture } from "../features/trace-picture/picture.ts";
import { faults } from "./layout/faults.ts";
import { place, type Wish } from "./layout/place.ts";
import type { Direction, Layout } from "./layout/sizes.ts";

export {
  type Area,
  type Direction,
  font,
  type Layout,
  labelOf,
  markOf,
  type PlacedEdge,
  type Point,
  titleAt,
  titleWidth,
} from "./layout/sizes.ts";

/**
 * The ways to ask dagre: it looks for few crossings from one start, and knows neither an order nor what is in the way.
 * Of many these found the best layouts of the samples, the most useful first.
 */
const wishes: readonly [Wish, ...Wish[]] = [
  { ordered: false, seed: 14, anchor: "first" },
  { ordered: false, seed: 17, anchor: "last" },
  { ordered: true, seed: 0, anchor: "last" },
  { ordered: false, seed: 10, anchor: "middle" },
  { ordered: false, seed: 16, anchor: "last" },
  { ordered: false, seed: 12, anchor: "last" },
  { ordered: false, seed: 18, anchor: "middle" },
  { ordered: false, seed: 0, anchor: "middle" },
];

/** Larger pictures take longer, and the step is waited for: above this only the order of the picture is tried. */
const manyNodes = 32;

function* tried(picture: Picture, direction: Direction): Generator<Layout> {
  const chosen = picture.nodes.length > manyNodes ? wishes.filter(({ seed }) => seed === 0) : wishes;
  for (const wish of chosen) yield* place(picture, direction, wish);
}

export function layout(picture: Picture, direction: Direction): Layout {
  let best: { readonly layout: Layout; readonly faults: number } | null = null;
  for (const candidate of tried(picture, direction)) {
    const count = faults(candidate);
    if (best === null || count < best.faults) best = { layout: candidate, faults: count };
    if (count === 0) break;
  }
  return best?.layout ?? place(picture, direction, wishes[0])[0];
}

/** Downwards if that is not too wide, else to the right, and of two that are too wide the narrower one. */
export function bestLayout(picture: Picture, widest: number): Layout {
  const down = layout(picture, "down");
  if (down.width <= widest) return down;
  const right = layout(picture, "right");
  return right.width < down.width ? right : down;
}
