// Pictures as SVG: well-formed, complete, and the same bytes again. The files in pictures/ are what people quote.

import { describe, expect, test } from "vitest";
import type { Picture } from "../../server/src/features/trace-picture/picture.ts";
import { bestLayout, type Direction, type Layout, layout } from "../../server/src/report/layout.ts";
import { svgPicture } from "../../server/src/report/svg.ts";
import { pictureIn, sampleScenarios, scenariosIn } from "../support/pictures.ts";
import { parseXml } from "../support/xml.ts";
import { crowded } from "./crowded.ts";

const pictures: Readonly<Record<string, () => Picture>> = {
  "peer-detached": () =>
    pictureIn(sampleScenarios("05-peer-detached.uapi"), 9, "the peer is the host's again"),
  "group-shared-out": () =>
    pictureIn(sampleScenarios("06-two-tasks-one-group.uapi"), 9, "a group shared out"),
  container: () => pictureIn(sampleScenarios("09-same-use-case-everywhere.uapi"), 12, "containers"),
  "thirty-devices": () => pictureIn(scenariosIn(crowded(10, 3)), 40),
};
const names = Object.keys(pictures);
const picture = (name: string): Picture => (pictures[name] ?? (() => expect.unreachable(name)))();

describe.each(names)("%s", (name) => {
  test("is the file in pictures/", async () => {
    await expect(svgPicture(picture(name))).toMatchFileSnapshot(`pictures/${name}.svg`);
  });

  test("is well-formed, and has every node, box and edge with its words", () => {
    const state = picture(name);
    const { ids, titles } = parseXml(svgPicture(state));
    expect(ids.toSorted()).toEqual(
      [...state.nodes, ...shownBoxes(state), ...state.edges].map(({ id }) => id).toSorted(),
    );
    for (const { says } of state.edges) expect(titles).toContain(says);
  });

  test.each<Direction>(["down", "right"])("nothing lies on anything else: %s", (direction) => {
    expect(overlaps(layout(picture(name), direction))).toEqual([]);
  });
});

const shownBoxes = ({ boxes, nodes }: Picture): Picture["boxes"] =>
  boxes.filter(({ id }) => nodes.some(({ box }) => box === id));

test("every state of every sample: nothing lies on anything else", () => {
  const files = [
    "01-container-model",
    "02-address-space-per-function",
    "04-detach-while-open",
    "08-device-first",
  ];
  for (const file of files) {
    for (const scenario of sampleScenarios(`${file}.uapi`)) {
      for (let step = 0; step <= scenario.steps.count; step += 3) {
        const state = pictureIn([scenario], step);
        expect(overlaps(bestLayout(state, 700)), `${file} "${scenario.name}" ${step}`).toEqual([]);
      }
    }
  }
});

test("names that are markup stay names", () => {
  const state = picture("container");
  const [first, ...rest] = state.nodes;
  if (first === undefined) expect.unreachable("no node");
  const odd = { ...state, scenario: `<b>&"'`, nodes: [{ ...first, name: `<script>"&` }, ...rest] };
  const svg = svgPicture(odd);
  expect(svg).not.toContain("<script");
  expect(parseXml(svg).titles[0]).toContain(`<b>&"'`);
});

test("what is broken is told without colours as well", () => {
  const svg = svgPicture(picture("peer-detached"));
  expect(svg).toContain(">! DMA<");
  expect(svg.match(/class="mark-text"[^>]*>!</g)?.length).toBeGreaterThanOrEqual(4);
  expect(parseXml(svg).text).toContain("-> ! breaks secure_context: nic0 is accessible while nic1");
});

test("a file of its own: nothing is loaded, no script runs", () => {
  for (const name of names) {
    const svg = svgPicture(picture(name));
    expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(
      /https?:|<script|href=|url\(|@import|\bon\w+="/,
    );
  }
});

/** Pairs of nodes that touch, nodes that stick out of their box, boxes that touch others or hold what is not theirs. */
function overlaps({ nodes, boxes, width, height }: Layout): string[] {
  type Area = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  const touch = (a: Area, b: Area): boolean =>
    a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
  const within = (a: Area, b: Area): boolean =>
    a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width && a.y + a.height <= b.y + b.height;
  const page = { x: 0, y: 0, width, height };
  const found: string[] = [];
  nodes.forEach((a, index) => {
    for (const b of nodes.slice(index + 1)) if (touch(a, b)) found.push(`${a.node.name} and ${b.node.name}`);
    for (const b of boxes) {
      const own = a.node.box === b.box.id;
      if (own ? !within(a, b) : touch(a, b)) found.push(`${a.node.name} and box ${b.box.name}`);
    }
    if (!within(a, page)) found.push(`${a.node.name} and the page`);
  });
  boxes.forEach((a, index) => {
    for (const b of boxes.slice(index + 1))
      if (touch(a, b)) found.push(`box ${a.box.name} and box ${b.box.name}`);
  });
  return found;
}
