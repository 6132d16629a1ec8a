// `uapi trace`: what the scenarios of a file do, step by step, or one state of one scenario as a picture.

import { oneLine } from "../base/columns.ts";
import { didYouMean } from "../base/did-you-mean.ts";
import { pictureOf, type TracedScenario, tracedScenarios } from "../features/trace-picture.ts";
import { mermaidPicture } from "../report/mermaid.ts";
import { plainPaint } from "../report/paint.ts";
import { svgPicture } from "../report/svg.ts";
import { findingText, plural } from "../report/text.ts";
import { traceTable } from "../report/trace.ts";
import { traceJson } from "../report/trace-json.ts";
import { analyseOne, defect } from "./check.ts";
import { type Inputs, readInputs } from "./inputs.ts";
import { clean, type Io, type Tool, unusable } from "./io.ts";
import { type OptionRules, type Options, UsageError } from "./options.ts";

const formats = ["text", "json", "mermaid", "svg"] as const;

export const traceOptions = {
  format: { kind: "value", values: formats },
  scenario: { kind: "value" },
  step: { kind: "value" },
  help: { kind: "flag", short: "h" },
} as const satisfies OptionRules;

export async function trace(options: Options, io: Io, tool: Tool): Promise<number> {
  const format = formats.find((name) => name === options.value("format")) ?? "text";
  const step = stepNumber(options, format);
  const [argument, ...more] = options.arguments;
  if (argument === undefined || more.length > 0) throw new UsageError("give one file");
  if (argument !== "-" && io.find(argument).kind === "directory") {
    throw new UsageError(`${oneLine(argument)} is a directory; give one file`);
  }
  const inputs = await readInputs([argument], io, tool);
  for (const problem of inputs.problems) {
    io.err(`${findingText(problem, inputs.sources, { width: 80, paint: plainPaint })}\n`);
  }
  const [uri] = inputs.uris;
  if (uri === undefined) return unusable;
  const refuse = (message: string): number => {
    io.err(`uapi: ${message}\n`);
    return unusable;
  };
  const analysis = analyseOne(uri, inputs.files, tool);
  if (typeof analysis === "string") return refuse(analysis);
  const traced = guarded(analysis.traces, uri);
  if (typeof traced === "string") return refuse(traced);

  const wanted = options.value("scenario");
  const shown = wanted === undefined ? traced : traced.filter(({ scenario }) => scenario === wanted);
  const errors = analysis.findings.filter(({ severity }) => severity === "error").length;
  const hint = errors === 0 ? "" : `; \`uapi check ${oneLine(argument)}\` shows ${plural(errors, "error")}`;
  if (traced.length === 0) return refuse(`there is no scenario to run in ${oneLine(uri)}${hint}`);
  const names = traced.map(({ scenario }) => scenario);
  if (shown.length === 0 && wanted !== undefined) {
    const near = didYouMean(wanted, names);
    const listed = near === undefined ? listOf(names) : `did you mean ${quoted(near)}?`;
    return refuse(`no scenario of ${oneLine(uri)} is named ${quoted(wanted)}; ${listed}`);
  }
  switch (format) {
    case "text": {
      const width = io.outIsTerminal ? Math.max(io.columns, 60) : 80;
      io.out(shown.map((entry) => traceTable(entry, width)).join("\n\n"));
      return clean;
    }
    case "json":
      io.out(traceJson(shown, inputs.sources));
      return clean;
    case "mermaid":
    case "svg": {
      const [only, ...others] = shown;
      if (only === undefined || others.length > 0) {
        return refuse(`a picture is of one scenario: say which with --scenario; ${listOf(names)}`);
      }
      const text = guarded(() => picture(uri, only.scenario, inputs, tool, { format, step }), uri);
      if (typeof text === "string") return refuse(text);
      if ("failed" in text) return refuse(text.failed);
      io.out(text.drawn);
      return clean;
    }
    default:
      return format satisfies never;
  }
}

type Drawn = { readonly drawn: string } | { readonly failed: string };

function picture(
  uri: string,
  name: string,
  inputs: Inputs,
  tool: Tool,
  { format, step }: { readonly format: "mermaid" | "svg"; readonly step: number | null },
): Drawn {
  const view = tool.view(uri, inputs.files);
  const scenario: TracedScenario | undefined =
    view === null ? undefined : tracedScenarios(view).find((each) => each.name === name);
  if (scenario === undefined) return { failed: `there is no scenario to run in ${oneLine(uri)}` };
  const steps = scenario.steps.count;
  if (step !== null && step > steps) {
    return { failed: `${quoted(name)} has ${plural(steps, "step")}: there is no step ${step}` };
  }
  const state = pictureOf(scenario, step ?? steps);
  return { drawn: format === "svg" ? svgPicture(state) : mermaidPicture(state) };
}

/** Null: the state behind the last one. */
function stepNumber(options: Options, format: (typeof formats)[number]): number | null {
  const given = options.value("step");
  if (given === undefined) return null;
  if (format !== "mermaid" && format !== "svg") {
    throw new UsageError("--step is for pictures: add --format mermaid or --format svg");
  }
  if (!/^\d{1,9}$/.test(given)) throw new UsageError(`--step wants a number, not \`${oneLine(given)}\``);
  return Number(given);
}

function guarded<T>(run: () => T, uri: string): T | string {
  try {
    return run();
  } catch (error) {
    return defect(uri, error);
  }
}

const listOf = (names: readonly string[]): string => `there are ${names.map(quoted).join(", ")}`;

function quoted(name: string): string {
  return `"${oneLine(name)}"`;
}
