// The page of the trace view. It lays the picture out for the width that it has, shows the same in words and tables, and
// passes on what is clicked. It knows nothing of the language, and cannot load or run anything but itself.

import { outcomeText, stepText } from "../../../../server/src/report/describe.ts";
import { bestLayout } from "../../../../server/src/report/layout.ts";
import { svgBody, svgLegend } from "../../../../server/src/report/svg.ts";
import { styleSheet } from "../../../../server/src/report/svg-style.ts";
import type { Kept, Move, ToExtension, ToPage } from "./messages.ts";
import "./trace.css";
import { button, element, list, place, svgFrom } from "./elements.ts";
import { changesSection, deviceTable, outcomeSection, ruleSection, stepTable } from "./sections.ts";

declare function acquireVsCodeApi(): {
  readonly postMessage: (message: ToExtension) => void;
  readonly setState: (state: Kept) => void;
};

type Shown = Extract<ToPage, { type: "trace" }>;

const api = acquireVsCodeApi();
const root = place("trace");
const send = (message: ToExtension): void => api.postMessage(message);

let shown: Shown | null = null;
/** What is asked for and not answered yet counts, so that holding a key moves on. */
let wanted = 0;
/** Of the picture: the id of the node that the keyboard is on. */
let current: string | null = null;
let tablesAreOpen = false;

// The style sheet of pictures that are copied, with the colours of the editor's theme; see trace.css.
const sheet = new CSSStyleSheet();
const colour = (name: string): string => `var(--uapi-${name})`;
sheet.replaceSync(
  styleSheet({
    ...{ text: colour("text"), quiet: colour("quiet"), ground: colour("ground"), fill: colour("fill") },
    ...{ line: colour("line"), access: colour("access"), dma: colour("dma"), changed: colour("changed") },
    ...{ broken: colour("broken"), font: "var(--vscode-editor-font-family, monospace)" },
  }),
);
document.adoptedStyleSheets = [sheet];

window.addEventListener("message", ({ data }: MessageEvent<ToPage>) => {
  switch (data.type) {
    case "trace":
      return show(data);
    case "updating":
      return withdraw();
    case "nothing":
      shown = null;
      root.replaceChildren(element("p", { class: "nothing", role: "status" }, data.message));
      root.removeAttribute("aria-busy");
      return;
    case "move":
      return move(data.by);
    default:
      return data satisfies never;
  }
});

/** Behind a keystroke nothing of the old verdict is left but a shadow of the picture; what is hidden keeps its room. */
function withdraw(): void {
  if (shown === null) return;
  root.setAttribute("aria-busy", "true");
  root.classList.add("updating");
  document.getElementById("live")?.replaceChildren();
  document.querySelector(".outcome")?.replaceChildren("updating…");
}

function show(next: Shown): void {
  const { trace, file } = next;
  if (trace.shown === null) return;
  const { picture, index } = trace.shown;
  shown = next;
  wanted = next.step;
  api.setState({ uri: file, scenario: { index, name: picture.scenario }, step: next.step });
  const focused = document.activeElement?.id ?? "";
  const inPicture = document.activeElement?.closest("#picture") !== null && current !== null;
  const scroll = { top: document.documentElement.scrollTop, left: document.documentElement.scrollLeft };
  root.classList.remove("updating");
  root.removeAttribute("aria-busy");
  root.replaceChildren(
    header(next),
    outcomeSection(trace.shown, reveal),
    ...ruleSection(trace.shown, reveal, (code) => send({ type: "explain", code })),
    ...changesSection(picture),
    element("div", {
      id: "picture",
      role: "group",
      "aria-label": "picture of the state: arrows up and down move, Enter shows the source",
    }),
    element("div", { id: "legend", "aria-hidden": "true" }),
    tables(next),
    copyButtons(),
  );
  draw();
  announce(next);
  if (inPicture) nodeElement(current)?.focus();
  else if (focused !== "") document.getElementById(focused)?.focus();
  window.scrollTo(scroll);
}

const reveal = (key: string): void => send({ type: "reveal", key });

// ---------------------------------------------------------------- the head: which step of which scenario

function header({ trace }: Shown): HTMLElement {
  if (trace.shown === null) return element("header", {});
  const { picture, index } = trace.shown;
  const { step, steps, topology, proposal } = picture;
  const names = element("select", { id: "scenario", "aria-label": "scenario" });
  trace.scenarios.forEach((name, each) => {
    const option = element("option", { value: String(each) }, name);
    option.selected = each === index;
    names.append(option);
  });
  names.addEventListener("change", () => send({ type: "scenario", index: names.selectedIndex }));
  const slider = element("input", {
    ...{ id: "slider", type: "range", min: "0", max: String(steps), step: "1" },
    ...{ "aria-label": "step", "aria-valuetext": stepText(picture) },
  });
  slider.value = String(step.number);
  slider.addEventListener("input", () => go(Number(slider.value)));
  const ends = { previous: step.number === 0, next: step.number === steps };
  return element(
    "header",
    {},
    names,
    element("span", { class: "quiet", id: "where" }, `${proposal} on ${topology}`),
    element(
      "div",
      { class: "steps", role: "group", "aria-label": "steps" },
      button(
        {
          id: "previous",
          "aria-label": "previous step",
          title: "Previous step (←)",
          disabled: ends.previous,
        },
        "◀",
        () => move("previous"),
      ),
      slider,
      button(
        { id: "next", "aria-label": "next step", title: "Next step (→)", disabled: ends.next },
        "▶",
        () => move("next"),
      ),
      element("output", { for: "slider", id: "count" }, `${step.number} / ${steps}`),
    ),
  );
}

function move(by: Move): void {
  const steps = shown?.trace.shown?.picture.steps ?? 0;
  go({ previous: wanted - 1, next: wanted + 1, first: 0, last: steps }[by]);
}

function go(step: number): void {
  const steps = shown?.trace.shown?.picture.steps ?? 0;
  const inside = Math.min(Math.max(0, step), steps);
  if (inside === wanted) return;
  wanted = inside;
  send({ type: "step", step: inside });
}

document.addEventListener("keydown", (event) => {
  const { target, key, ctrlKey, altKey, metaKey, shiftKey } = event;
  if (ctrlKey || altKey || metaKey || shiftKey || !(target instanceof Element)) return;
  // These have keys of their own.
  if (target.closest("input, select, summary") !== null) return;
  const moves: Readonly<Record<string, Move>> = {
    ArrowLeft: "previous",
    ArrowRight: "next",
    Home: "first",
    End: "last",
  };
  const by = moves[key];
  if (by !== undefined) move(by);
  else if (target.closest("#picture") === null || !pictureKey(key)) return;
  event.preventDefault();
});

// ---------------------------------------------------------------- the picture

/** Below this part of its size nothing can be read: then the page scrolls. */
const leastScale = 0.62;

function draw(): void {
  const picture = shown?.trace.shown?.picture;
  const holder = document.getElementById("picture");
  if (picture === undefined || holder === null) return;
  const room = Math.max(200, holder.clientWidth);
  const placed = bestLayout(picture, room / leastScale);
  const svg = svgFrom(svgBody(picture, placed));
  const scale = Math.min(1, Math.max(leastScale, room / placed.width));
  svg.setAttribute("width", String(Math.round(placed.width * scale)));
  svg.setAttribute("height", String(Math.round(placed.height * scale)));
  for (const node of svg.querySelectorAll<SVGGElement>(".node, .box[data-id]")) {
    const thing = [...picture.nodes, ...picture.boxes].find(({ id }) => id === node.dataset.id);
    const title = node.querySelector("title")?.textContent ?? "";
    node.setAttribute("aria-label", title);
    node.setAttribute("role", thing?.place === null ? "img" : "button");
    node.setAttribute("tabindex", "-1");
    node.addEventListener("click", () => activate(node.dataset.id ?? ""));
    node.addEventListener("focus", () => enter(node.dataset.id ?? ""));
  }
  for (const edge of svg.querySelectorAll(".edge")) edge.setAttribute("aria-hidden", "true");
  holder.replaceChildren(svg);
  const ids = nodesInOrder().map(({ dataset }) => dataset.id ?? "");
  if (current === null || !ids.includes(current)) current = ids[0] ?? null;
  nodeElement(current)?.setAttribute("tabindex", "0");
  const legend = document.getElementById("legend");
  legend?.replaceChildren(svgFrom(svgLegend(picture, room)));
}

/** As they are read: from above, and then from the left. */
function nodesInOrder(): SVGGElement[] {
  const all = [...document.querySelectorAll<SVGGElement>("#picture .node, #picture .box[data-id]")];
  const at = new Map(all.map((node) => [node, node.getBoundingClientRect()]));
  const top = (node: SVGGElement): number => Math.round((at.get(node)?.top ?? 0) / 30);
  return all.sort((a, b) => top(a) - top(b) || (at.get(a)?.left ?? 0) - (at.get(b)?.left ?? 0));
}

const nodeElement = (id: string | null): SVGGElement | undefined =>
  nodesInOrder().find(({ dataset }) => dataset.id === id);

function enter(id: string): void {
  nodeElement(current)?.setAttribute("tabindex", "-1");
  current = id;
  nodeElement(id)?.setAttribute("tabindex", "0");
}

function activate(id: string): void {
  const picture = shown?.trace.shown?.picture;
  const found = [...(picture?.nodes ?? []), ...(picture?.boxes ?? [])].find((each) => each.id === id);
  if (found?.place != null) reveal(`${found.place.uri} ${found.place.start} ${found.place.end}`);
}

function pictureKey(key: string): boolean {
  const nodes = nodesInOrder();
  const index = nodes.findIndex(({ dataset }) => dataset.id === current);
  if (key === "Enter" || key === " ") activate(current ?? "");
  else if (key === "ArrowDown") nodes[Math.min(index + 1, nodes.length - 1)]?.focus();
  else if (key === "ArrowUp") nodes[Math.max(index - 1, 0)]?.focus();
  else return false;
  return true;
}

let width = 0;
new ResizeObserver(([entry]) => {
  const now = Math.round(entry?.contentRect.width ?? 0);
  if (now === width) return;
  width = now;
  draw();
}).observe(root);

// ---------------------------------------------------------------- the same in words

function tables({ trace }: Shown): HTMLElement {
  const details = element("details", { id: "tables" }, element("summary", {}, "As tables"));
  details.open = tablesAreOpen;
  details.addEventListener("toggle", () => {
    tablesAreOpen = details.open;
  });
  if (trace.shown !== null) {
    const { picture, steps } = trace.shown;
    details.append(
      deviceTable(picture),
      list(
        "What there is",
        picture.edges.map(({ says }) => says),
      ),
      stepTable(picture, steps, (number) => {
        go(number);
        const found = steps.find((each) => each.number === number)?.place ?? null;
        if (found !== null) reveal(`${found.uri} ${found.start} ${found.end}`);
      }),
    );
  }
  return details;
}

function copyButtons(): HTMLElement {
  const copy = (format: "text" | "svg" | "mermaid", name: string): HTMLElement =>
    button({ id: `copy-${format}`, title: `Copy as ${name}` }, name, () => send({ type: "copy", format }));
  return element(
    "div",
    { class: "copy", role: "group", "aria-label": "copy" },
    element("span", { class: "quiet" }, "Copy as"),
    copy("text", "text"),
    copy("svg", "SVG"),
    copy("mermaid", "Mermaid"),
  );
}

/** One sentence for screen readers: where we are, what came of it, and what changed. */
function announce({ trace }: Shown): void {
  if (trace.shown === null) return;
  const { picture } = trace.shown;
  const rules = picture.broken.map(({ rule, message }) => `breaks ${rule}: ${message}`);
  const outcome = picture.step.outcome === "violation" && rules.length > 0 ? [] : [outcomeText(picture.step)];
  const text = [stepText(picture), ...outcome, ...rules, ...picture.changes].join(". ");
  const live =
    document.getElementById("live") ?? element("div", { id: "live", role: "status", class: "unseen" });
  if (live.parentElement === null) document.body.append(live);
  // Who types in the editor does not want to hear this at every key.
  live.setAttribute("aria-live", document.hasFocus() ? "polite" : "off");
  if (live.textContent !== text) live.textContent = text;
}

send({ type: "ready" });
