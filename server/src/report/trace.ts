// What a scenario does, step by step, as a table: for each step its outcome, and for each device who reaches it, who
// owns it, and where its DMA goes. `*` marks what the step has changed. One column block per device when that fits the
// width, else the devices that changed are listed below each step.

import type { DeviceState, Trace, TraceRow } from "../analysis.ts";
import { cut, oneLine, padded, widthOf } from "../base/columns.ts";

type Fact = "accessible" | "owner" | "DMA target";

const facts: readonly Fact[] = ["accessible", "owner", "DMA target"];
/** Below this the text of a step is no longer readable. */
const leastCall = 24;
const gap = "  ";

interface Step {
  readonly number: string;
  readonly call: string;
  readonly outcome: string;
  readonly devices: readonly {
    readonly name: string;
    readonly cells: readonly string[];
    readonly changed: boolean;
  }[];
}

/** The table of one scenario, with a line break at its end. */
export function traceTable(trace: Trace, width: number): string {
  const steps = stepsOf(trace);
  const table = wideTable(steps, trace, width) ?? blocks(steps, width);
  const where = `topology ${oneLine(trace.topology)}, proposal ${oneLine(trace.proposal)}`;
  const lines = [`scenario "${oneLine(trace.scenario)}"`, `  ${where}`, "", ...table];
  const legend = legendOf(trace, table);
  return [...lines, ...(legend === "" ? [] : ["", legend])].map((line) => `${line.trimEnd()}\n`).join("");
}

function stepsOf(trace: Trace): Step[] {
  const tasks = new Set(trace.rows.map(({ task }) => task));
  return trace.rows.map((row, index) => {
    const before = trace.rows[index - 1];
    return {
      number: String(index + 1),
      call: oneLine(tasks.size > 1 ? `${row.task}: ${row.text}` : row.text),
      outcome: outcomeOf(row),
      devices: row.devices.map((device) => {
        const old = before?.devices.find((other) => other.device === device.device);
        const cells = facts.map((fact) => {
          const value = shownValue(device, fact);
          // The first step has nothing to be compared with.
          return `${old !== undefined && shownValue(old, fact) !== value ? "*" : " "}${value}`;
        });
        return { name: oneLine(device.device), cells, changed: cells.some((cell) => cell.startsWith("*")) };
      }),
    };
  });
}

function outcomeOf(row: TraceRow): string {
  const detail = oneLine(row.detail);
  switch (row.outcome) {
    case "ok":
      return "ok";
    case "errno":
      return detail;
    case "violation":
      return `! ${detail}`;
    case "unknown":
      return detail === "" ? "?" : `? ${detail}`;
    default:
      return row.outcome satisfies never;
  }
}

function shownValue(device: DeviceState, fact: Fact): string {
  switch (fact) {
    case "accessible":
      return device.accessible.length === 0 ? "-" : device.accessible.map(oneLine).join(",");
    case "owner":
      return oneLine(device.owner);
    case "DMA target":
      return oneLine(device.dma);
    default:
      return fact satisfies never;
  }
}

/** A column per device and fact; null if that is wider than `width`. */
function wideTable(steps: readonly Step[], trace: Trace, width: number): string[] | null {
  const devices = trace.rows[0]?.devices ?? [];
  const columns = devices.flatMap((_, device) =>
    facts.map((fact, index) => {
      const values = steps.map((step) => step.devices[device]?.cells[index] ?? "");
      return { title: ` ${fact}`, values, size: longest([` ${fact}`, ...values]) };
    }),
  );
  const numbers = longest(["#", ...steps.map(({ number }) => number)]);
  const outcomes = longest(["outcome", ...steps.map(({ outcome }) => outcome)]);
  const calls = longest(["call", ...steps.map(({ call }) => call)]);
  const blocksSize = columns.reduce((sum, { size }) => sum + size + 1, 0) + devices.length * 2;
  const rest = width - numbers - gap.length * 2 - outcomes - blocksSize;
  if (devices.length === 0 || rest < Math.min(calls, leastCall)) return null;
  const callSize = Math.min(calls, rest);
  const line = (number: string, call: string, outcome: string, cell: (index: number) => string): string => {
    const start = [
      number.padStart(numbers),
      padded(cut(call, callSize), callSize),
      padded(outcome, outcomes),
    ];
    const groups = devices.map((_, device) =>
      facts.map((_, fact) => {
        const index = device * facts.length + fact;
        return padded(cell(index), columns[index]?.size ?? 0);
      }),
    );
    return [start.join(gap), ...groups.map((group) => group.join(" "))].join(" |");
  };
  const blank = " ".repeat(numbers + gap.length * 2 + callSize + outcomes);
  const names = devices.map(({ device, group }, index) => {
    const size = facts.reduce(
      (sum, _, fact) => sum + (columns[index * facts.length + fact]?.size ?? 0) + 1,
      -1,
    );
    return padded(` ${cut(oneLine(`${device}, group ${group}`), size - 1)}`, size);
  });
  const header = line("#", "call", "outcome", (index) => columns[index]?.title ?? "");
  return [
    [blank, ...names].join(" |"),
    header,
    header.replaceAll(/[^|]/g, "-").replaceAll("|", "+"),
    ...steps.map(({ number, call, outcome }, row) =>
      line(number, call, outcome, (index) => columns[index]?.values[row] ?? ""),
    ),
  ];
}

/** Each step on a line of its own, and below it the devices that it has changed; all of them below the first. */
function blocks(steps: readonly Step[], width: number): string[] {
  const numbers = longest(["#", ...steps.map(({ number }) => number)]);
  const outcomes = longest(["outcome", ...steps.map(({ outcome }) => outcome)]);
  const indent = " ".repeat(numbers + gap.length);
  const all = steps.flatMap(({ devices }) => devices);
  const names = longest(["device", ...all.map(({ name }) => name)]);
  const sizes = facts.map((fact, index) =>
    longest([` ${fact}`, ...all.map(({ cells }) => cells[index] ?? "")]),
  );
  const stateSize =
    indent.length + gap.length + names + sizes.reduce((sum, size) => sum + size + gap.length, 0);
  const outcomeAt = Math.min(
    width - outcomes,
    Math.max(stateSize, indent.length + gap.length + longest(steps.map(({ call }) => call))),
  );
  const callSize = Math.max(leastCall, outcomeAt - indent.length - gap.length);
  const head = (number: string, call: string, outcome: string): string =>
    [number.padStart(numbers), padded(cut(call, callSize), callSize), outcome].join(gap);
  const state = (name: string, cells: readonly string[]): string =>
    [indent, padded(name, names), ...cells.map((cell, index) => padded(cell, sizes[index] ?? 0))].join(gap);
  const title = state(
    "device",
    facts.map((fact) => ` ${fact}`),
  ).trimEnd();
  const ruler = "-".repeat(
    Math.min(width, Math.max(title.length, indent.length + callSize + gap.length + outcomes)),
  );
  return [
    head("#", "call", "outcome"),
    title,
    ruler,
    ...steps.flatMap(({ number, call, outcome, devices }, index) => [
      head(number, call, outcome),
      ...devices.filter(({ changed }) => changed || index === 0).map(({ name, cells }) => state(name, cells)),
    ]),
  ];
}

function legendOf(trace: Trace, table: readonly string[]): string {
  const outcomes = trace.rows.map(({ outcome }) => outcome);
  const parts = [
    ...(table.some((line) => line.includes(" *")) ? ["* changed by this step"] : []),
    ...(outcomes.includes("violation") ? ["! breaks a rule"] : []),
    ...(outcomes.includes("unknown") ? ["? not known"] : []),
  ];
  return parts.join("   ");
}

function longest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(widthOf));
}
