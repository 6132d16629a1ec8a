// Small print behind the steps of a scenario: what each changed for the devices, and the parameters that literals are
// given for. Only what everyone can see of the state: who reaches a device, who owns it, where its DMA goes.

import type { View } from "../analysis/session.ts";
import { deviceStates } from "../analysis/traces.ts";
import { type PlacedScenario, rowIn, scenariosOf } from "../analysis/view.ts";
import type { DeviceState } from "../analysis.ts";
import { nameOf, showValue } from "../engine/render.ts";
import { moveTo, type Run } from "../engine/run.ts";
import { kindAt } from "../model/machine.ts";
import type { Field } from "../model/system.ts";
import { NONE, reference } from "../model/values.ts";
import type { Argument, Call } from "../syntax/ast.ts";
import { code, type Inline, listOf, type Markup, text } from "./markup.ts";

export interface Hint {
  readonly at: number;
  readonly label: string;
  readonly kind: "state" | "parameter";
  readonly markup: Markup;
}

/** Editors ask for what is on the screen; whoever asks for more gets so many rows of each scenario. */
const MOST_ROWS = 400;

export function hintsIn(view: View, start: number, end: number): Hint[] {
  return scenariosOf(view).flatMap((scenario) => {
    const from = scenario.start + scenario.item.rowsStart;
    return scenario.run === null || from > end || scenario.start + scenario.item.length < start
      ? []
      : scenarioHints(scenario, scenario.run, Math.max(start, from), end);
  });
}

function scenarioHints(scenario: PlacedScenario, run: Run, start: number, end: number): Hint[] {
  const hints: Hint[] = [];
  let states: readonly DeviceState[] | null = null;
  let [at, count] = [start, 0];
  while (at <= end && count++ < MOST_ROWS) {
    const placed = rowIn(scenario, at);
    if (placed === null) break;
    const { row, index } = placed;
    const node = row.kind === "step" ? row.node : null;
    const result = node === null ? undefined : run.results.at(index);
    if (node !== null && result !== undefined) {
      hints.push(...literalHints(run, node, placed.start));
      if (result.changes.cells.length > 0) {
        moveTo(run, index);
        const before = states ?? deviceStates(run);
        moveTo(run, index + 1);
        states = deviceStates(run);
        const hint = stateHint(run, before, states, result.changes.cells, placed.start + node.end);
        if (hint !== null) hints.push(hint);
      }
    }
    if (placed.start + row.length <= at) break;
    at = placed.start + row.length;
  }
  return hints.filter((hint) => hint.at >= start && hint.at <= end);
}

// ---------------------------------------------------------------- states

function stateHint(
  run: Run,
  before: readonly DeviceState[],
  after: readonly DeviceState[],
  cells: readonly number[],
  at: number,
): Hint | null {
  const changes = new Map<string, string[]>();
  after.forEach((state, i) => {
    const old = before[i];
    const words = old === undefined ? "" : changeOf(old, state);
    if (words !== "") changes.set(words, [...(changes.get(words) ?? []), state.device]);
  });
  if (changes.size === 0) return null;
  const parts = [...changes].map(([words, devices]) => `${devices.join(", ")}: ${words}`);
  const shown = parts.slice(0, 2);
  const more = parts.length > shown.length ? ` … ${parts.length - shown.length} more` : "";
  return { at, label: `${shown.join("; ")}${more}`, kind: "state", markup: tooltip(run, after, cells) };
}

/** `host → blocked, owner ctx` */
function changeOf(old: DeviceState, now: DeviceState): string {
  const reach = now.accessible.join(", ");
  return [
    ...(old.dma === now.dma ? [] : [`DMA ${old.dma} → ${now.dma}`]),
    ...(old.owner === now.owner ? [] : [now.owner === "-" ? "no owner" : `owner ${now.owner}`]),
    ...(old.accessible.join(", ") === reach ? [] : [reach === "" ? "out of reach" : `reached by ${reach}`]),
  ].join(", ");
}

function tooltip(run: Run, states: readonly DeviceState[], cells: readonly number[]): Markup {
  const { world } = run;
  const written: Inline[][] = [];
  for (let i = 0; i < cells.length && written.length < 8; i += 5) {
    const field = world.system.fields[cells[i] ?? -1];
    if (field === undefined || field.name.startsWith("(")) continue;
    const [index = 0, old = NONE, now = NONE] = [cells[i + 1], cells[i + 2], cells[i + 4]];
    if (old === now) continue;
    const kind = kindAt(world.machine, field.kind);
    const who = `${nameOf(world, reference(kind.id, index))}.${field.name}`;
    written.push([code(who), `: ${shownValue(run, field, old)} → ${shownValue(run, field, now)}`]);
  }
  const devices = states.map(({ device, dma, owner, accessible }): Inline[] => {
    const reach = accessible.length === 0 ? "nobody reaches it" : `reached by ${accessible.join(", ")}`;
    return [code(device), ` DMA to ${dma}, ${owner === "-" ? "no owner" : `owner ${owner}`}, ${reach}`];
  });
  return [
    text("Behind this step:"),
    ...listOf(devices),
    ...(written.length === 0 ? [] : [text("It changes:"), ...listOf(written)]),
  ];
}

function shownValue({ world }: Run, { type }: Field, value: number): string {
  if (value === NONE && type.optional) return "none";
  const { base } = type;
  return showValue(
    world,
    value,
    base === "bool" || base === "int" || base === "range" || base === "set" ? base : "name",
  );
}

// ---------------------------------------------------------------- literals

/** `iova:` in front of a bare number. */
function literalHints({ world }: Run, root: object, start: number): Hint[] {
  return callsIn(root).flatMap(({ callee, args }) => {
    const operation = world.system.operations.get(callee.text);
    if (operation === undefined) return [];
    return args.flatMap((arg, i): Hint[] => {
      const param = operation.params[i];
      if (param === undefined || !isLiteral(arg) || args.slice(0, i).some(({ name }) => name !== null))
        return [];
      return [{ at: start + arg.start, label: `${param.name}:`, kind: "parameter", markup: [] }];
    });
  });
}

const isLiteral = ({ name, value }: Argument): boolean =>
  name === null &&
  (value.kind === "number" || (value.kind === "keyword" && ["true", "false", "none"].includes(value.word)));

function callsIn(part: unknown): Call[] {
  if (typeof part !== "object" || part === null) return [];
  const own = isCall(part) ? [part] : [];
  return [...own, ...Object.values(part).flatMap(callsIn)];
}

const isCall = (part: object): part is Call => "kind" in part && part.kind === "call" && "args" in part;
