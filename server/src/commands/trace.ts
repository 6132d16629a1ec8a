// `uapi trace`: what the scenarios of a file do, step by step.

import { oneLine } from "../base/columns.ts";
import { didYouMean } from "../base/did-you-mean.ts";
import { plainPaint } from "../report/paint.ts";
import { findingText, plural } from "../report/text.ts";
import { traceTable } from "../report/trace.ts";
import { analyseOne, defect } from "./check.ts";
import { readInputs } from "./inputs.ts";
import { clean, type Io, type Tool, unusable } from "./io.ts";
import { type OptionRules, type Options, UsageError } from "./options.ts";

export const traceOptions = {
  scenario: { kind: "value" },
  help: { kind: "flag", short: "h" },
} as const satisfies OptionRules;

export async function trace(options: Options, io: Io, tool: Tool): Promise<number> {
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
  const traced = tracesOf(analysis.traces, uri);
  if (typeof traced === "string") return refuse(traced);

  const wanted = options.value("scenario");
  const shown = wanted === undefined ? traced : traced.filter(({ scenario }) => scenario === wanted);
  const errors = analysis.findings.filter(({ severity }) => severity === "error").length;
  const hint = errors === 0 ? "" : `; \`uapi check ${oneLine(argument)}\` shows ${plural(errors, "error")}`;
  if (traced.length === 0) return refuse(`there is no scenario to run in ${oneLine(uri)}${hint}`);
  if (shown.length === 0 && wanted !== undefined) {
    const names = traced.map(({ scenario }) => scenario);
    const near = didYouMean(wanted, names);
    const listed =
      near === undefined ? `there are ${names.map(quoted).join(", ")}` : `did you mean ${quoted(near)}?`;
    return refuse(`no scenario of ${oneLine(uri)} is named ${quoted(wanted)}; ${listed}`);
  }
  const width = io.outIsTerminal ? Math.max(io.columns, 60) : 80;
  io.out(shown.map((entry) => traceTable(entry, width)).join("\n\n"));
  return clean;
}

function tracesOf<T>(traces: () => T, uri: string): T | string {
  try {
    return traces();
  } catch (error) {
    return defect(uri, error);
  }
}

function quoted(name: string): string {
  return `"${oneLine(name)}"`;
}
