// The parts of the page that are words: the outcome of the step, broken rules, changes, and tables.

import type { Place } from "../../../../server/src/base/finding.ts";
import type { Picture, StepLine } from "../../../../server/src/features/trace-picture/picture.ts";
import type { Trace } from "../../../../server/src/lsp/protocol.ts";
import { outcomeText } from "../../../../server/src/report/describe.ts";
import { button, element } from "./elements.ts";

type ShownTrace = NonNullable<Trace["shown"]>;
type Reveal = (key: string) => void;

const keyOf = ({ uri, start, end }: Place): string => `${uri} ${start} ${end}`;

/** Text that shows its place in the editor when it is clicked. */
function link(
  text: string,
  place: Place | null,
  reveal: Reveal,
  attributes: Readonly<Record<string, string>> = {},
): HTMLElement {
  return place === null
    ? element("span", attributes, text)
    : button({ class: "link", title: "Show in the editor", ...attributes }, text, () => reveal(keyOf(place)));
}

const marks: Readonly<Record<StepLine["outcome"], string>> = {
  boot: "",
  ok: "✓",
  errno: "✗",
  violation: "!",
  unknown: "?",
};

export function outcomeSection({ picture }: ShownTrace, reveal: Reveal): HTMLElement {
  const { step } = picture;
  const several =
    new Set(picture.nodes.filter(({ kind }) => kind === "task").map(({ name }) => name)).size > 1;
  const text = step.outcome === "boot" ? "At boot" : several ? `${step.task}: ${step.text}` : step.text;
  // A broken rule is told below, once and in full.
  const short = step.outcome === "violation" && picture.broken.length > 0 ? { ...step, message: "" } : step;
  return element(
    "section",
    { "aria-label": "step", class: `step ${step.outcome}` },
    element("p", { class: "call" }, link(text, step.place, reveal, { id: "call" })),
    element(
      "p",
      { class: "verdict outcome" },
      ...(marks[step.outcome] === ""
        ? []
        : [element("span", { class: "mark", "aria-hidden": "true" }, marks[step.outcome])]),
      element("span", { id: "outcome" }, outcomeText(short)),
    ),
    element(
      "ul",
      { class: "verdict findings" },
      ...step.findings.map(({ severity, message }) => element("li", {}, `${severity}: ${message}`)),
    ),
  );
}

export function ruleSection(
  { picture }: ShownTrace,
  reveal: Reveal,
  explain: (code: string) => void,
): HTMLElement[] {
  if (picture.broken.length === 0) return [];
  const rules = picture.broken.map(({ rule, code, message, why, since, causes }, index) => {
    const first = picture.broken.findIndex((each) => each.rule === rule) === index;
    const age = since === picture.step.number ? "" : since === 0 ? " since boot" : ` since step ${since}`;
    return element(
      "div",
      { class: "rule" },
      element(
        "p",
        {},
        element("span", { class: "mark", "aria-hidden": "true" }, "!"),
        button({ class: "link rule-name", title: "What this rule is for" }, rule, () => explain(code)),
        `${age}: ${message}`,
      ),
      ...(first && why !== "" ? [element("p", { class: "quiet" }, why)] : []),
      ...(causes.length === 0
        ? []
        : [
            element(
              "ul",
              {},
              ...causes.map((cause) =>
                element("li", {}, link(`step ${cause.step}: ${cause.message}`, cause.place, reveal)),
              ),
            ),
          ]),
    );
  });
  return [element("section", { class: "verdict rules", "aria-label": "broken rules" }, ...rules)];
}

export function changesSection({ changes, step }: Picture): HTMLElement[] {
  if (step.outcome === "boot") return [];
  const what =
    changes.length === 0
      ? element("p", {}, "nothing changes")
      : element("ul", {}, ...changes.map((line) => element("li", {}, line)));
  return [element("section", { class: "verdict changes", "aria-label": "changes" }, what)];
}

export function deviceTable({ devices }: Picture): HTMLElement {
  const head = ["device", "group", "accessible to", "owner", "DMA"];
  const rows = devices.map((device) => {
    const mark = (fact: "accessible" | "owner" | "dma", text: string): string =>
      device.changed.includes(fact) ? `* ${text}` : text;
    const cells = [
      device.group,
      mark("accessible", device.accessible.length === 0 ? "nobody" : device.accessible.join(", ")),
      mark("owner", device.owner === "-" ? "none" : device.owner),
      mark("dma", device.dma),
    ];
    const name = device.broken ? `! ${device.device}` : device.device;
    return element(
      "tr",
      device.broken ? { class: "broken" } : {},
      element("th", { scope: "row" }, name),
      ...cells.map((cell) => element("td", {}, cell)),
    );
  });
  return section("Devices", table("devices: * changed by this step, ! breaks a rule", head, rows));
}

/** The steps around the one that is shown. */
export function stepTable(
  picture: Picture,
  steps: readonly StepLine[],
  go: (step: number) => void,
): HTMLElement {
  const rows = steps.map(({ number, text, outcome, names }) => {
    const isCurrent = number === picture.step.number;
    return element(
      "tr",
      isCurrent ? { class: "current", "aria-current": "step" } : {},
      element("td", {}, String(number)),
      element(
        "td",
        {},
        button({ class: "link" }, text, () => go(number)),
      ),
      element("td", {}, outcome === "ok" ? "ok" : `${marks[outcome]} ${names.join(", ")}`.trim()),
    );
  });
  return section("Steps", table("steps", ["#", "call", "outcome"], rows));
}

const section = (title: string, content: HTMLElement): HTMLElement =>
  element("section", {}, element("h2", {}, title), content);

function table(caption: string, head: readonly string[], rows: readonly HTMLElement[]): HTMLElement {
  return element(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    element(
      "table",
      {},
      element("caption", { class: "unseen" }, caption),
      element("thead", {}, element("tr", {}, ...head.map((name) => element("th", { scope: "col" }, name)))),
      element("tbody", {}, ...rows),
    ),
  );
}
