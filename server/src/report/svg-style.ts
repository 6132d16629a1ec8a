// How pictures look: one style sheet for the file that is quoted and for the panel in an editor. Kinds of edges differ
// in their lines, and what is broken or changed carries a mark, so nothing is told by colour alone.

export interface Colours {
  readonly text: string;
  readonly quiet: string;
  readonly ground: string;
  readonly fill: string;
  readonly line: string;
  readonly access: string;
  readonly dma: string;
  readonly changed: string;
  readonly broken: string;
}

const light: Colours = {
  text: "#1f2328",
  quiet: "#59636e",
  ground: "#ffffff",
  fill: "#f3f5f8",
  line: "#768390",
  access: "#0a5bc4",
  dma: "#7338c0",
  changed: "#1a7f37",
  broken: "#c9101f",
};

const dark: Colours = {
  text: "#e6edf3",
  quiet: "#9da7b3",
  ground: "#16191d",
  fill: "#22272e",
  line: "#8b949e",
  access: "#6cb6ff",
  dma: "#c49bff",
  changed: "#57ab5a",
  broken: "#ff7b72",
};

const fontFamily = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace';

/** For a file of its own: light, and dark where the reader's system is. */
export function exportStyle(): string {
  return `${styleSheet({ ...light, font: fontFamily })}
@media (prefers-color-scheme: dark) {
${styleSheet({ ...dark, font: fontFamily })}}
`;
}

/** Colours may be any CSS value: in an editor they are variables of its theme. */
export function styleSheet(c: Colours & { readonly font: string }): string {
  return `.uapi-picture text { font-family: ${c.font}; font-size: 13px; fill: ${c.text}; }
.uapi-picture .small, .uapi-picture .label text { font-size: 11px; fill: ${c.quiet}; }
.uapi-picture .head { font-weight: 600; }
.uapi-picture .ground { fill: ${c.ground}; }
.uapi-picture .shape { fill: ${c.fill}; stroke: ${c.line}; stroke-width: 1.25; }
.uapi-picture .box .shape { fill: none; stroke-dasharray: 2 3; }
.uapi-picture .box.context .shape { stroke-dasharray: none; stroke-width: 1.75; }
.uapi-picture .box .name, .uapi-picture .node .name { font-weight: 600; }
.uapi-picture .node.context .shape, .uapi-picture .node.space .shape { stroke-width: 1.75; }
.uapi-picture .node.file .shape { fill: ${c.ground}; }
.uapi-picture .line { fill: none; stroke: ${c.line}; stroke-width: 1.25; }
.uapi-picture .head-of-line { fill: ${c.line}; stroke: ${c.line}; }
.uapi-picture .access .line { stroke: ${c.access}; stroke-width: 3.5; }
.uapi-picture .access .head-of-line { fill: ${c.access}; stroke: ${c.access}; }
.uapi-picture .opened .line { stroke-dasharray: 1.5 4; stroke-width: 1.5; }
.uapi-picture .opened .tip { stroke-dasharray: none; }
.uapi-picture .owner .line { stroke-dasharray: 12 3 2 3; }
.uapi-picture .dma .line { stroke: ${c.dma}; stroke-width: 2; stroke-dasharray: 7 4; }
.uapi-picture .dma .head-of-line { fill: ${c.dma}; stroke: ${c.dma}; }
.uapi-picture .label .ground { opacity: 0.92; }
.uapi-picture .access .label text { fill: ${c.access}; }
.uapi-picture .dma .label text { fill: ${c.dma}; }
.uapi-picture .changed .shape { stroke: ${c.changed}; stroke-width: 2; }
.uapi-picture .changed .mark { fill: ${c.changed}; }
.uapi-picture .edge.changed .label text { font-weight: 700; }
.uapi-picture .broken .shape { stroke: ${c.broken}; stroke-width: 2.5; }
.uapi-picture .broken .mark { fill: ${c.broken}; }
.uapi-picture .broken .line { stroke: ${c.broken}; }
.uapi-picture .broken .head-of-line { fill: ${c.broken}; stroke: ${c.broken}; }
.uapi-picture .edge.broken .label text { fill: ${c.broken}; font-weight: 700; }
.uapi-picture .mark-text { fill: ${c.ground}; font-weight: 700; text-anchor: middle; }
.uapi-picture .outcome-violation, .uapi-picture .rule { fill: ${c.broken}; font-weight: 600; }
`;
}
