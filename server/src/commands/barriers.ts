// `uapi barriers`: which of the checks that a kernel might make it has to make.

import { oneLine } from "../base/columns.ts";
import { type BarriersReport, barriersOf, hasMaybeChecks } from "../features/compare/barriers.ts";
import { verifyBlocksOf } from "../features/verify/blocks.ts";
import { barriersJson, barriersText } from "../report/compare-barriers.ts";
import { analyseOne } from "./check.ts";
import { finish } from "./compare.ts";
import { readInputs } from "./inputs.ts";
import { clean, findingsLeft, type Io, type Tool, unusable } from "./io.ts";
import { type OptionRules, type Options, UsageError } from "./options.ts";

const formats = ["text", "json", "markdown"] as const;

export const barriersOptions = {
  rule: { kind: "value" },
  format: { kind: "value", values: formats },
  help: { kind: "flag", short: "h" },
} as const satisfies OptionRules;

const STATES = 50_000_000;
const BYTES = 2 ** 30;

export async function barriers(options: Options, io: Io, tool: Tool): Promise<number> {
  const format = formats.find((name) => name === options.value("format")) ?? "text";
  const [argument, ...more] = options.arguments;
  if (argument === undefined || more.length > 0) throw new UsageError("give one file");
  const refuse = (message: string): number => {
    io.err(`uapi: ${message}\n`);
    return unusable;
  };
  const inputs = await readInputs([argument], io, tool);
  const [problem] = inputs.problems;
  if (problem !== undefined) return refuse(`${oneLine(problem.uri)}: ${oneLine(problem.message)}`);
  const [uri, ...others] = inputs.uris;
  if (uri === undefined || others.length > 0) throw new UsageError("give one file");
  const analysis = analyseOne(uri, inputs.files, tool);
  if (typeof analysis === "string") return refuse(analysis);
  const view = tool.view(uri, inputs.files);
  if (view === null) return refuse(`${oneLine(uri)} cannot be read`);
  const blocks = verifyBlocksOf(view);
  if (blocks.length === 0)
    return refuse(
      `${oneLine(uri)} has no verify block that says on which topology: \`verify PROPOSAL on TOPOLOGY {}\``,
    );
  const asked = blocks.filter((block) => hasMaybeChecks(view, block));
  if (asked.length === 0)
    return refuse(`no proposal of a verify block in ${oneLine(uri)} has a \`require?\` that could be made`);
  const reports: BarriersReport[] = [];
  for (const block of asked) {
    const limits = { states: STATES, bytes: BYTES, isCancelled: () => false };
    const report = finish(barriersOf(view, block, options.all("rule"), limits), block.node.proposal.text, io);
    if ("wrong" in report) return refuse(oneLine(report.wrong));
    reports.push(report);
  }
  io.out(
    format === "json" ? barriersJson(reports) : reports.map((each) => barriersText(each, format)).join("\n"),
  );
  return reports.every(({ minimal }) => minimal.length > 0) ? clean : findingsLeft;
}
