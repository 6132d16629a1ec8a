// Comparisons of proposals for people: as text for a terminal, and as Markdown for an editor's page. One description of
// what is said, two ways to write it.

import { wrap } from "../base/columns.ts";
import type { DeviceLook, Look } from "../explore/observables.ts";
import type { CallDifference, LookComparison, PairReport, Reach } from "../features/compare/pair.ts";
import type { UseCaseRow } from "../features/compare/use-case.ts";

/** A heading with paragraphs, lists of calls, and tables below it. */
export interface Section {
  readonly title: string;
  readonly entries: readonly Entry[];
}

export type Entry =
  | { readonly text: string; readonly steps: readonly string[] }
  | { readonly table: readonly (readonly string[])[] };

export type Style = "text" | "markdown";

export function pairText(report: PairReport, style: Style): string {
  const [a, b] = report.names;
  const head = `${b} compared with ${a}, on ${report.topology}`;
  return written(head, sectionsOf(report), style);
}

export function useCaseText(
  rows: readonly UseCaseRow[],
  { goal, topology }: { readonly goal: string; readonly topology: string },
  style: Style,
): string {
  const table = [
    ["proposal", "reachable", "calls", "on the way", "states"],
    ...rows.map(({ proposal, reach, onTheWay, states }) => [
      proposal,
      reach.is === "reached" ? "yes" : reach.is === "never" ? "no" : "not established",
      reach.is === "reached" ? String(reach.steps.length) : "",
      onTheWay.map(({ name, call }) => `${name} (call ${call})`).join(", "),
      String(states),
    ]),
  ];
  const open = rows.flatMap(({ proposal, reach }) =>
    reach.is === "unknown" ? [{ text: `${proposal}: not established: ${reach.why}`, steps: [] }] : [],
  );
  const ways = rows.flatMap(({ proposal, reach }) =>
    reach.is === "reached" ? [{ text: proposal, steps: reach.steps }] : [],
  );
  const sections: Section[] = [
    { title: "", entries: [{ table }, ...open] },
    ...(ways.length === 0 ? [] : [{ title: "The shortest way", entries: ways }]),
  ];
  return written(`${goal}, on ${topology}`, sections, style);
}

// ---------------------------------------------------------------- what is said of a pair

const sameTitle = "Broken by both";

function sectionsOf(report: PairReport): Section[] {
  const { differences, rules, looks, only } = report;
  const [a, b] = report.names;
  const of = (...kinds: readonly CallDifference["what"][]): Entry[] =>
    differences.filter(({ what }) => kinds.includes(what)).map((each) => differenceEntry(each, report));
  const sections: Section[] = [
    { title: `Newly allowed by ${b}`, entries: of("allows") },
    { title: `Newly refused by ${b}`, entries: of("refuses") },
    { title: "Refused by both, with another errno", entries: of("answers") },
    { title: `Newly broken by ${b}`, entries: [...brokenEntries(report), ...of("breaks", "warns")] },
    { title: `No longer broken by ${b}`, entries: [...mendedEntries(report), ...of("mends", "is silent")] },
    {
      title: sameTitle,
      entries: rules.flatMap(({ rule, reach: [one, two] }): Entry[] =>
        one.is === "reached" && two.is === "reached"
          ? [{ text: `${rule}: ${counted(one.steps)} with ${a}, ${counted(two.steps)} with ${b}`, steps: [] }]
          : [],
      ),
    },
    { title: `What the hardware can come to only with ${b}`, entries: lookEntries(looks ?? [], 1) },
    { title: `What the hardware can come to only with ${a}`, entries: lookEntries(looks ?? [], 0) },
    { title: "Calls of one of them, or with other parameters", entries: onlyEntries(only, [a, b]) },
  ];
  const filled = sections.filter(({ entries }) => entries.length > 0);
  const isSame = filled.every(({ title }) => title === sameTitle);
  return [...filled, { title: "", entries: [{ text: summary(report, isSame), steps: [] }] }];
}

function summary({ compared, rules, names }: PairReport, isSame: boolean): string {
  const calls =
    compared === null
      ? "they share no call of their own"
      : compared.why === null
        ? `every sequence of the calls that they share was compared: ${compared.states} pairs of states`
        : `there may be more: ${compared.why}`;
  const open = names.flatMap((name, side) => openRules(rules, name, side));
  return [...(isSame ? ["nothing different was found"] : []), calls, ...open].join("; ");
}

/** The rules of which nobody knows whether they can be broken, by why. */
function openRules(rules: PairReport["rules"], name: string, side: number): string[] {
  const byReason = new Map<string, string[]>();
  for (const { rule, reach } of rules) {
    const own = reach[side];
    if (own?.is === "unknown") byReason.set(own.why, [...(byReason.get(own.why) ?? []), rule]);
  }
  return [...byReason].map(
    ([why, open]) => `whether ${open.join(", ")} can break with ${name} is not established: ${why}`,
  );
}

function differenceEntry(
  { what, name, errno, why, place, steps }: CallDifference,
  report: PairReport,
): Entry {
  const [a, b] = report.names;
  const because = why === null ? "" : `: ${why}`;
  const where = place === null || place === "" ? "" : ` (${place})`;
  switch (what) {
    case "allows":
      return { text: `${name}; ${a} says ${errno[0]}${because}${where}`, steps };
    case "refuses":
      return { text: `${name}: ${errno[1]}${because}${where}`, steps };
    case "answers":
      return { text: `${name}: ${errno[0]} with ${a}, ${errno[1]} with ${b}${because}${where}`, steps };
    case "breaks":
    case "mends":
      return { text: `${name}, after the same calls${because}`, steps };
    case "warns":
    case "is silent":
      return { text: `${name} (a hazard), after the same calls${because}`, steps };
    default:
      return what satisfies never;
  }
}

/** Where the same calls show it, with what breaks, that says more. */
const isTold = ({ differences }: PairReport, rule: string, what: "breaks" | "mends"): boolean =>
  differences.some((each) => each.what === what && each.name === rule);

const brokenEntries = (report: PairReport): Entry[] =>
  report.rules.flatMap(({ rule, reach: [one, two] }) =>
    one.is === "never" && two.is === "reached" && !isTold(report, rule, "breaks")
      ? [{ text: rule, steps: two.steps }]
      : [],
  );

const mendedEntries = (report: PairReport): Entry[] =>
  report.rules.flatMap(({ rule, reach: [one, two] }) =>
    one.is === "reached" && two.is === "never" && !isTold(report, rule, "mends")
      ? [{ text: rule, steps: one.steps }]
      : [],
  );

function lookEntries(looks: readonly LookComparison[], side: 0 | 1): Entry[] {
  return looks.flatMap(({ look, reach }): Entry[] => {
    const [own, other]: readonly [Reach, Reach] = side === 0 ? [reach[0], reach[1]] : [reach[1], reach[0]];
    if (own.is !== "reached") return [];
    const doubt = other.is === "unknown" ? ` (the other: not established: ${other.why})` : "";
    return [{ text: `${lookText(look)}${doubt}`, steps: own.steps }];
  });
}

function onlyEntries(only: PairReport["only"], names: PairReport["names"]): Entry[] {
  return only.flatMap((calls, i) =>
    calls.length === 0 ? [] : [{ text: `${names[i]}: ${calls.join(", ")}`, steps: [] }],
  );
}

const counted = (steps: readonly string[]): string =>
  `${steps.length} ${steps.length === 1 ? "call" : "calls"}`;

function lookText({ devices, sameGroup, sameOwner, sameSpace }: Look): string {
  const [one, two] = devices;
  if (two === undefined) return `a device ${deviceText(one)}`;
  const where = sameGroup ? "of one group" : "of two groups";
  const shared = [
    ...(sameOwner === null ? [] : [sameOwner ? "one owner" : "different owners"]),
    ...(sameSpace === null ? [] : [sameSpace ? "one address space" : "an address space each"]),
  ];
  const both = shared.length === 0 ? "" : `; ${shared.join(", ")}`;
  return `two devices ${where}: one ${deviceText(one)}, one ${deviceText(two)}${both}`;
}

const deviceText = ({ accessible, owned, dma }: DeviceLook): string =>
  [
    accessible ? "reachable" : "not reachable",
    owned ? "owned" : "not owned",
    dma === "space"
      ? "DMA to an address space"
      : dma === "host"
        ? "DMA through the host's domain"
        : "DMA blocked",
  ].join(", ");

// ---------------------------------------------------------------- writing

const WIDTH = 80;

export function written(head: string, sections: readonly Section[], style: Style): string {
  const parts = sections.map((section) =>
    style === "text" ? textSection(section) : markdownSection(section),
  );
  const title = style === "text" ? head : `# ${escaped(head)}`;
  return `${[title, ...parts].join("\n\n")}\n`;
}

function textSection({ title, entries }: Section): string {
  const shown = entries.map((entry) => {
    if ("table" in entry) return tableText(entry.table);
    const indent = title === "" ? "" : "  ";
    const text = wrap(entry.text, WIDTH - indent.length).map((line) => `${indent}${line}`);
    return [...text, ...entry.steps.map((step) => `${indent}    ${step}`)].join("\n");
  });
  return [...(title === "" ? [] : [`${title}`]), ...shown].join("\n");
}

function tableText(table: readonly (readonly string[])[]): string {
  const columns = table[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, i) =>
    Math.max(...table.map((row) => row[i]?.length ?? 0)),
  );
  const isEmpty = (i: number): boolean => table.slice(1).every((row) => (row[i] ?? "") === "");
  return table
    .map((row) =>
      row
        .flatMap((cell, i) => (isEmpty(i) ? [] : [cell.padEnd(widths[i] ?? 0)]))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function markdownSection({ title, entries }: Section): string {
  const shown = entries.map((entry) => {
    if ("table" in entry) {
      const [head, ...rows] = entry.table.map((row) => `| ${row.map(escaped).join(" | ")} |`);
      return [head, `|${" --- |".repeat(entry.table[0]?.length ?? 0)}`, ...rows].join("\n");
    }
    const steps = entry.steps.length === 0 ? "" : `\n\n\`\`\`uapi step\n${entry.steps.join("\n")}\n\`\`\``;
    return `${escaped(entry.text)}${steps}`;
  });
  return [...(title === "" ? [] : [`## ${escaped(title)}`]), ...shown].join("\n\n");
}

/** What is no Markdown stays as it is: names have underscores, paths have braces. */
const escaped = (text: string): string => text.replace(/[\\`*_{}[\]<>#|]/g, "\\$&");
