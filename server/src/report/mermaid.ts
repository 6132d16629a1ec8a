// A picture as a Mermaid flowchart, for issues, wikis and READMEs that draw it. Mermaid lays it out itself.

import { oneLine } from "../base/columns.ts";
import type { Picture, PictureEdge, PictureNode } from "../features/trace-picture/picture.ts";
import { outcomeText, stepText } from "./describe.ts";
import { labelOf, markOf } from "./layout.ts";

const shapes: Readonly<Record<PictureNode["kind"], readonly [open: string, close: string]>> = {
  task: ["([", "])"],
  file: ["[/", "/]"],
  context: ["[", "]"],
  space: ["[[", "]]"],
  device: ["[", "]"],
  target: ["{{", "}}"],
};

/** Access is thick, DMA dashed, the rest thin; what can end at nothing ends in a cross. */
const lines: Readonly<Record<PictureEdge["kind"], string>> = {
  holds: "---",
  access: "==>",
  opened: "-.-",
  owner: "--o",
  dma: "-.->",
  in: "-->",
};

export function mermaidPicture(picture: Picture): string {
  const { nodes, boxes, edges, scenario, proposal, topology, step, broken } = picture;
  const ids = new Map([...boxes, ...nodes].map(({ id }, index) => [id, `n${index}`]));
  const id = (of: string): string => ids.get(of) ?? "n";
  const node = (each: PictureNode): string => {
    const [open, close] = shapes[each.kind];
    return `${id(each.id)}${open}"${[marked(each, each.name), each.note, ...each.facts]
      .filter((line) => line !== "")
      .map(label)
      .join("<br/>")}"${close}`;
  };
  const inBoxes = boxes.flatMap((box) => {
    const members = nodes.filter((each) => each.box === box.id).map((each) => `    ${node(each)}`);
    const title = [marked(box, box.name), box.note, ...box.facts].filter((text) => text !== "").join(", ");
    return [`  subgraph ${id(box.id)} ["${label(title)}"]`, ...members, "  end"];
  });
  const known = edges.filter(({ from, to }) => ids.has(from) && ids.has(to));
  const rules = broken
    .filter(({ message }) => message !== step.message)
    .map(({ rule, message }) => `  %% ! ${comment(rule)}: ${comment(message)}`);
  return [
    "flowchart TD",
    `  %% ${comment(`scenario "${scenario}" (${proposal} on ${topology})`)}`,
    `  %% ${comment(stepText(picture))}`,
    ...(step.outcome === "boot" ? [] : [`  %% -> ${comment(outcomeText(step))}`]),
    ...rules,
    ...nodes.filter(({ box }) => box === null || !ids.has(box)).map((each) => `  ${node(each)}`),
    ...inBoxes,
    ...known.map((edge) => `  ${id(edge.from)} ${arrow(edge, nodes)} ${id(edge.to)}`),
    ...styles(picture, id, known),
    "",
  ].join("\n");
}

function arrow(edge: PictureEdge, nodes: readonly PictureNode[]): string {
  const blocked = nodes.some(
    ({ id, kind, name }) => id === edge.to && kind === "target" && name === "blocked",
  );
  const line = edge.kind === "dma" && blocked ? "-.-x" : lines[edge.kind];
  const text = labelOf(edge);
  return text === "" ? line : `${line}|"${label(text)}"|`;
}

const marked = (of: { changed: boolean; broken: boolean }, name: string): string => {
  const mark = markOf(of);
  return mark === "" ? name : `${mark} ${name}`;
};

function styles(picture: Picture, id: (of: string) => string, edges: readonly PictureEdge[]): string[] {
  const of = (wanted: "broken" | "changed"): string[] =>
    [...picture.boxes, ...picture.nodes]
      .filter((each) => (wanted === "broken" ? each.broken : each.changed && !each.broken))
      .map((each) => id(each.id));
  const links = edges.flatMap(({ broken }, index) => (broken ? [index] : []));
  const [broken, changed] = [of("broken"), of("changed")];
  return [
    ...(broken.length === 0
      ? []
      : ["  classDef broken stroke:#c9101f,stroke-width:3px", `  class ${broken.join(",")} broken`]),
    ...(changed.length === 0
      ? []
      : ["  classDef changed stroke:#1a7f37,stroke-width:3px", `  class ${changed.join(",")} changed`]),
    ...(links.length === 0 ? [] : [`  linkStyle ${links.join(",")} stroke:#c9101f,color:#c9101f`]),
  ];
}

/** Quoted text of Mermaid: entities stand for what would end it or start markup. */
function label(text: string): string {
  return oneLine(text).replace(/[#"<>&`]/g, (character) => `#${character.codePointAt(0)};`);
}

/** A comment ends with its line, and must not hold what Mermaid reads before it drops comments. */
function comment(text: string): string {
  return oneLine(text).replaceAll("{", "(").replaceAll("}", ")");
}
