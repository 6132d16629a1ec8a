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

/** The ways to ask dagre: it looks for few crossings from one start, and knows neither an order nor what is in the way. */
const wishes: readonly Wish[] = [
  { ordered: false, seed: 0, anchor: "middle" },
  { ordered: true, seed: 0, anchor: "first" },
  ...Array.from({ length: 14 }, (_, index): Wish => {
    const anchor = (["first", "middle", "last"] as const)[index % 3] ?? "middle";
    return { ordered: false, seed: index + 10, anchor };
  }),
];

/** So many are tried, unless one without faults is found: larger pictures take longer, and the step is waited for. */
const triesFor = (nodes: number): number => (nodes > 32 ? 3 : nodes > 20 ? 8 : wishes.length);

export function layout(picture: Picture, direction: Direction): Layout {
  const layouts = wishes.slice(0, triesFor(picture.nodes.length));
  let best: { readonly layout: Layout; readonly faults: number } | null = null;
  for (const wish of layouts) {
    const candidate = place(picture, direction, wish);
    const count = faults(candidate);
    if (best === null || count < best.faults) best = { layout: candidate, faults: count };
    if (count === 0) break;
  }
  return best?.layout ?? place(picture, direction, { ordered: true, seed: 0, anchor: "middle" });
}

/** Downwards if that is not too wide, else to the right, and of two that are too wide the narrower one. */
export function bestLayout(picture: Picture, widest: number): Layout {
  const down = layout(picture, "down");
  if (down.width <= widest) return down;
  const right = layout(picture, "right");
  return right.width < down.width ? right : down;
}
