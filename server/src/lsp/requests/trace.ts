// `uapi/trace`: the state behind one step of a scenario as a picture; `uapi/traceText`: the same to copy. One step at a
// time, so that a scenario of ten thousand steps is as quick as one of ten.

import type { Location, Position, TextDocumentIdentifier } from "vscode-languageserver";
import type { Place } from "../../base/finding.ts";
import {
  pictureOf,
  stepLines,
  type TracedScenario,
  traceAt,
  tracedScenarios,
} from "../../features/trace-picture.ts";
import { mermaidPicture } from "../../report/mermaid.ts";
import { svgPicture } from "../../report/svg.ts";
import { traceTable } from "../../report/trace.ts";
import type { Context, Feature, Target } from "../context.ts";
import {
  placeKey,
  type Trace,
  type TraceParams,
  type TraceText,
  type TraceTextParams,
  traceRequest,
  traceTextRequest,
} from "../protocol.ts";

/** Steps that are listed in front of the one that is shown, and behind it. */
const around = 40;
/** The table of a longer scenario is more than anybody pastes. */
const mostColumns = 100;

export const trace: Feature = {
  capabilities: () => ({}),
  register(context) {
    context.connection.onRequest(traceRequest, (params: TraceParams) => traceFor(context, params));
    context.connection.onRequest(traceTextRequest, (params: TraceTextParams) => textFor(context, params));
  },
};

interface Chosen {
  readonly target: Target;
  /** All that can be shown of the document, or of the block. */
  readonly scenarios: readonly TracedScenario[];
  readonly index: number;
  readonly step: number;
}

function traceFor(context: Context, params: TraceParams): Trace | null {
  const chosen = choose(context, params);
  if (chosen === null) return null;
  const { target, scenarios, index, step } = chosen;
  const located = { uri: target.uri, version: target.version, scenarios: scenarios.map(({ name }) => name) };
  const scenario = scenarios[index];
  if (scenario === undefined) return { ...located, shown: null };
  const picture = pictureOf(scenario, step);
  const { number } = picture.step;
  const steps = stepLines(scenario, number - around, number + around + 1);
  return {
    ...located,
    shown: { index, picture, steps, locations: locationsOf(context, [picture, steps]) },
  };
}

function textFor(context: Context, params: TraceTextParams): TraceText | null {
  const chosen = choose(context, params);
  const scenario = chosen?.scenarios[chosen.index];
  if (chosen === null || scenario === undefined) return null;
  const { version } = chosen.target;
  switch (params.format) {
    case "svg":
      return { version, text: svgPicture(pictureOf(scenario, chosen.step)) };
    case "mermaid":
      return { version, text: mermaidPicture(pictureOf(scenario, chosen.step)) };
    case "text": {
      const table = chosen.target.view.analysis.traces()[chosen.index];
      return table === undefined ? null : { version, text: traceTable(table, mostColumns) };
    }
    default:
      return params.format satisfies never;
  }
}

/** By name and number if they are given, else at the position; step 0 of the first scenario if there is neither. */
function choose(context: Context, { textDocument, position, scenario, step }: TraceParams): Chosen | null {
  const target = targetFor(context, textDocument, { position, scenario });
  if (target === null) return null;
  const scenarios = tracedScenarios(target.view);
  if (scenario !== undefined) {
    const named = scenarios.findIndex(({ name }) => name === scenario.name);
    const index = scenarios[scenario.index]?.name === scenario.name ? scenario.index : named;
    return { target, scenarios, index, step: step ?? 0 };
  }
  if (position === undefined) return { target, scenarios, index: 0, step: step ?? 0 };
  const spot = context.spot(textDocument, position);
  const at = spot === null ? null : traceAt(spot.view, spot.offset);
  const start = at?.scenario.scenario.start;
  const index = scenarios.findIndex((each) => each.scenario.start === start);
  return { target, scenarios, index, step: step ?? at?.step ?? 0 };
}

/** Of a Markdown document the block at the position, or the one that has the scenario. */
function targetFor(
  context: Context,
  document: TextDocumentIdentifier,
  { position, scenario }: { position?: Position | undefined; scenario?: TraceParams["scenario"] },
): Target | null {
  if (position !== undefined && scenario === undefined) {
    const spot = context.spot(document, position);
    if (spot !== null) return spot;
  }
  const targets = context.targets(document);
  const has = ({ view }: Target): boolean =>
    tracedScenarios(view).some(({ name }) => name === scenario?.name);
  return targets.find(has) ?? targets[0] ?? null;
}

/** Places in the client's terms, by what `placeKey` makes of them: a picture names most of them several times. */
function locationsOf(context: Context, data: unknown): Record<string, Location> {
  const locations: Record<string, Location> = {};
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if ("place" in value && isPlace(value.place)) {
      const key = placeKey(value.place);
      locations[key] ??= context.location(value.place);
    }
    for (const inner of Object.values(value)) visit(inner);
  };
  visit(data);
  return locations;
}

const isPlace = (value: unknown): value is Place =>
  typeof value === "object" && value !== null && "uri" in value && "start" in value && "end" in value;
