// A picture as SVG: for a file or a mail with its own colours, a title and a legend, or bare for the trace view, which
// brings its own. The same picture gives the same bytes.

import { cut, wrap } from "../base/columns.ts";
import type { Picture, PictureEdge } from "../features/trace-picture/picture.ts";
import { describe, outcomeText, stepText } from "./describe.ts";
import {
  type Area,
  bestLayout,
  font,
  type Layout,
  markOf,
  type PlacedEdge,
  type Point,
  titleAt,
  titleWidth,
} from "./layout.ts";
import { curve, endOf, headLength, lineEnd, shortened } from "./svg-lines.ts";
import { exportStyle } from "./svg-style.ts";

/** A file of its own. `widest`: in which direction it goes is chosen so that it is no wider, if that can be. */
export function svgPicture(picture: Picture, { widest = 860 }: { readonly widest?: number } = {}): string {
  const placed = bestLayout(picture, widest);
  const width = Math.max(placed.width, 460);
  const columns = Math.floor((width - 32) / (font.size * font.advance));
  const head = headOf(picture, columns);
  const top = head.height;
  const legend = legendParts(picture, width);
  const height = top + placed.height + legend.height + 8;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="uapi-picture" role="img" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>${markup(`scenario "${picture.scenario}", ${stepText(picture)}`)}</title>`,
    `<desc>${markup([outcomeText(picture.step), ...picture.edges.map(({ says }) => says)].join("; "))}</desc>`,
    `<style>\n${exportStyle()}</style>`,
    `<rect class="ground" width="${width}" height="${height}"/>`,
    ...head.lines,
    `<g transform="translate(${(width - placed.width) / 2} ${top})">`,
    ...drawing(picture, placed),
    "</g>",
    `<g transform="translate(0 ${top + placed.height})">`,
    ...legend.lines,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

/** Only nodes, boxes and edges, without colours: the trace view puts it into its page. */
export function svgBody(picture: Picture, placed: Layout): string {
  const { width, height } = placed;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="uapi-picture" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    ...drawing(picture, placed),
    "</svg>",
  ].join("\n");
}

/** The legend alone, as wide as there is room. */
export function svgLegend(picture: Picture, width: number): string {
  const { lines, height } = legendParts(picture, width);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="uapi-picture" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    ...lines,
    "</svg>",
  ].join("\n");
}

function headOf(picture: Picture, columns: number): { readonly lines: string[]; readonly height: number } {
  const { scenario, proposal, topology, step, broken } = picture;
  const texts: { readonly text: string; readonly style: string }[] = [
    { text: cut(`"${scenario}" (${proposal} on ${topology})`, columns), style: "head" },
    ...wrap(stepText(picture), columns).map((text) => ({ text, style: "" })),
  ];
  const mark = step.outcome === "violation" ? "! " : "";
  const outcome = step.outcome === "boot" ? [] : wrap(`-> ${mark}${outcomeText(step)}`, columns);
  texts.push(...outcome.map((text) => ({ text, style: `outcome-${step.outcome}` })));
  for (const { rule, message } of broken) {
    if (step.names.includes(rule) && message === step.message) continue;
    texts.push(...wrap(`! ${rule}: ${message}`, columns).map((text) => ({ text, style: "rule" })));
  }
  const lines = texts.map(
    ({ text, style }, index) =>
      `<text${style === "" ? "" : ` class="${style}"`} x="16" y="${24 + index * 18}">${markup(text)}</text>`,
  );
  return { lines, height: 24 + texts.length * 18 };
}

// ---------------------------------------------------------------- the drawing

function drawing(picture: Picture, { nodes, boxes, edges, direction }: Layout): string[] {
  return [
    ...boxes.map(({ box, lines: _, ...area }) => {
      return `<g class="${classesOf("box", box.kind, box)}">${rectangle(area, 6)}</g>`;
    }),
    ...edges.flatMap((edge) => drawEdge(picture, edge)),
    // Titles lie over the lines that cross them.
    ...boxes.flatMap(({ box, lines, ...area }) => {
      const [name = "", note = ""] = lines;
      const more = note === "" ? "" : `<tspan class="small" dx="8">${markup(note)}</tspan>`;
      const y = titleAt(box, direction) === "top" ? area.y + 17 : area.y + area.height - 9;
      return [
        `<g class="${classesOf("box", box.kind, box)}" data-id="${markup(box.id)}"><title>${markup(describe(picture, box))}</title>`,
        `<rect class="ground" x="${area.x + 6}" y="${y - 13}" width="${titleWidth(lines) - 16}" height="18" rx="3"/>`,
        `<text x="${area.x + 10}" y="${y}"><tspan class="name">${markup(name)}</tspan>${more}</text>`,
        ...badge(area, markOf(box)),
        "</g>",
      ];
    }),
    ...nodes.flatMap(({ node, lines, ...area }) => [
      `<g class="${classesOf("node", node.kind, node)}" data-id="${markup(node.id)}"><title>${markup(describe(picture, node))}</title>`,
      ...shape(area, node.kind),
      ...lines.map((line, index) => {
        const place = `x="${area.x + area.width / 2}" y="${area.y + 20 + index * font.line}" text-anchor="middle"`;
        return `<text class="${index === 0 ? "name" : "small"}" ${place}>${markup(line)}</text>`;
      }),
      ...badge(area, markOf(node)),
      "</g>",
    ]),
  ];
}

const classesOf = (what: string, kind: string, { changed, broken }: Marked): string =>
  [what, kind, ...(changed ? ["changed"] : []), ...(broken ? ["broken"] : [])].join(" ");

interface Marked {
  readonly changed: boolean;
  readonly broken: boolean;
}

const rectangle = ({ x, y, width, height }: Area, radius: number): string =>
  `<rect class="shape" x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}"/>`;

/** Each kind has its outline: tasks round, files with a folded corner, targets of DMA with a bar or a double border. */
function shape(area: Area, kind: string): string[] {
  const { x, y, width, height } = area;
  switch (kind) {
    case "task":
      return [rectangle(area, height / 2)];
    case "file": {
      const fold = 9;
      const outline = `M${x} ${y}H${x + width - fold}L${x + width} ${y + fold}V${y + height}H${x}Z`;
      const corner = `M${x + width - fold} ${y}V${y + fold}H${x + width}`;
      return [`<path class="shape" d="${outline}"/>`, `<path class="line" d="${corner}"/>`];
    }
    case "context":
    case "space": {
      const inner = { x: x + 3.5, y: y + 3.5, width: width - 7, height: height - 7 };
      return kind === "context"
        ? [rectangle(area, 4)]
        : [
            rectangle(area, 4),
            `<rect class="line" x="${inner.x}" y="${inner.y}" width="${inner.width}" height="${inner.height}" rx="2"/>`,
          ];
    }
    case "target": {
      const outline = `M${x + 10} ${y}H${x + width - 10}L${x + width} ${y + height / 2}L${x + width - 10} ${y + height}H${x + 10}L${x} ${y + height / 2}Z`;
      return [`<path class="shape" d="${outline}"/>`];
    }
    default:
      return [rectangle(area, 3)];
  }
}

/** `*` or `!` on the upper right corner. */
function badge({ x, y, width }: Area, mark: string): string[] {
  if (mark === "") return [];
  const [cx, cy] = [x + width - 4, y + 2];
  return [
    `<circle class="mark" cx="${cx}" cy="${cy}" r="8"/>`,
    `<text class="mark-text" x="${cx}" y="${cy + (mark === "*" ? 7 : 4.5)}">${mark}</text>`,
  ];
}

function drawEdge(picture: Picture, { edge, points, label, at }: PlacedEdge): string[] {
  const width = Math.ceil(label.length * font.small * font.advance) + 8;
  const target = picture.nodes.find(({ id }) => id === edge.to);
  const end = endOf(edge, target?.kind === "target" && target.name === "blocked");
  return [
    `<g class="${classesOf("edge", edge.kind, edge)}" data-id="${markup(edge.id)}"><title>${markup(edge.says)}</title>`,
    `<path class="line" d="${curve(shortened(points, end === "none" ? 0 : end === "bar" ? 4 : headLength(edge)))}"/>`,
    ...lineEnd(points, end, headLength(edge)),
    ...(label === ""
      ? []
      : [
          '<g class="label">',
          `<rect class="ground" x="${at.x - width / 2}" y="${at.y - 8}" width="${width}" height="16" rx="3"/>`,
          `<text x="${at.x}" y="${at.y + 4}" text-anchor="middle">${markup(label)}</text>`,
          "</g>",
        ]),
    "</g>",
  ];
}

// ---------------------------------------------------------------- the legend

const legendTexts: readonly { readonly kind: PictureEdge["kind"]; readonly text: string }[] = [
  { kind: "holds", text: "has open" },
  { kind: "access", text: "can access registers" },
  { kind: "opened", text: "open, no access" },
  { kind: "dma", text: "DMA" },
  { kind: "owner", text: "owner" },
  { kind: "in", text: "lies in" },
];

/** What of it occurs in the picture. */
function legendParts(picture: Picture, width: number): { readonly lines: string[]; readonly height: number } {
  const edges = legendTexts.filter(({ kind }) => picture.edges.some((edge) => edge.kind === kind));
  const all = [...picture.nodes, ...picture.boxes, ...picture.edges];
  const marks = [
    ...(all.some(({ changed, broken }) => changed && !broken)
      ? [{ mark: "*", text: "changed by this step" }]
      : []),
    ...(all.some(({ broken }) => broken) ? [{ mark: "!", text: "breaks a rule" }] : []),
  ];
  let [x, y] = [16, 14];
  const place = (text: string, sample: number): Point => {
    const wide = sample + text.length * font.small * font.advance + 22;
    if (x > 16 && x + wide > width - 8) [x, y] = [16, y + 18];
    const at = { x, y };
    x += Math.ceil(wide);
    return at;
  };
  const lines = [
    ...edges.flatMap(({ kind, text }) => {
      const at = place(text, 40);
      const points = [at, { x: at.x + 32, y: at.y }];
      const end = endOf({ kind } as PictureEdge, false);
      const path = curve(shortened(points, end === "none" ? 0 : 10));
      return [
        `<g class="edge ${kind}"><path class="line" d="${path}"/>${lineEnd(points, end, 10).join("")}</g>`,
        `<text class="small" x="${at.x + 40}" y="${at.y + 4}">${text}</text>`,
      ];
    }),
    ...marks.flatMap(({ mark, text }) => {
      const at = place(text, 20);
      return [
        `<g class="${mark === "!" ? "broken" : "changed"}">${badge({ x: at.x, y: at.y - 2, width: 12, height: 0 }, mark).join("")}</g>`,
        `<text class="small" x="${at.x + 22}" y="${at.y + 4}">${text}</text>`,
      ];
    }),
  ];
  return { lines, height: y + 16 };
}

function markup(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
