// `uapi verify`: decides what verify blocks claim, and reports it. Here alone time is a budget: everything else about a
// verdict is the same in every run.

import { claimFindings } from "../analysis/verify.ts";
import type { Budget, Verdict } from "../analysis/verify-decisions.ts";
import { posedBlock } from "../analysis/verify-problems.ts";
import { cut, number, oneLine } from "../base/columns.ts";
import type { Finding } from "../base/finding.ts";
import { pageText } from "../diagnostics/explain.ts";
import { pages } from "../diagnostics/index.ts";
import { decide } from "../explore/decide.ts";
import type { Outcome, Problem } from "../explore/problem.ts";
import { verifyBlocksOf } from "../features/verify/blocks.ts";
import { type Verified, verified } from "../features/verify/verified.ts";
import { sarifReport } from "../report/sarif.ts";
import { findingText, plural } from "../report/text.ts";
import { verifyFindings } from "../report/verify-findings.ts";
import { verifyJson } from "../report/verify-json.ts";
import { verifySummary, verifyText } from "../report/verify-text.ts";
import { colorRule, defect, textOptions } from "./check.ts";
import { type Inputs, readInputs } from "./inputs.ts";
import { clean, findingsLeft, type Io, type Tool, unusable } from "./io.ts";
import { type OptionRules, type Options, UsageError } from "./options.ts";

const formats = ["text", "json", "sarif"] as const;

export const verifyOptions = {
  format: { kind: "value", values: formats },
  all: { kind: "flag" },
  states: { kind: "value" },
  memory: { kind: "value" },
  time: { kind: "value" },
  color: colorRule,
  help: { kind: "flag", short: "h" },
} as const satisfies OptionRules;

interface Run {
  readonly all: readonly Verified[];
  /** What is wrong with the blocks themselves, or keeps them from being read. */
  readonly findings: readonly Finding[];
  /** Claims on topologies that were not looked at because of that. */
  readonly left: number;
  readonly broken: readonly string[];
}

const MEGABYTE = 1024 * 1024;
/** Milliseconds between two progress lines. */
const TELL_EVERY = 100;

export async function verify(options: Options, io: Io, tool: Tool): Promise<number> {
  const budget = readBudget(options);
  const inputs = await readInputs(options.arguments, io, tool);
  const run = decideAll(inputs, io, tool, budget);
  for (const message of [...inputs.complaints, ...run.broken]) io.err(`uapi: ${message}\n`);

  const counts = countsOf(run);
  const total = counts.holds + counts.fails + counts["not-established"];
  const findings = [...inputs.problems, ...run.findings];
  const format = formats.find((name) => name === options.value("format")) ?? "text";
  switch (format) {
    case "text": {
      const text = { ...textOptions(options, io), all: options.value("all") !== undefined };
      const parts = [
        ...findings.map((finding) => findingText(finding, inputs.sources, text)),
        ...run.all.map((each) => verifyText(each, inputs.sources, text)),
        ...(total === 0 ? [] : [verifySummary(counts, text)]),
      ];
      if (parts.length > 0) io.out(`${parts.join("\n\n")}\n`);
      break;
    }
    case "json":
      for (const finding of findings)
        io.err(`${findingText(finding, inputs.sources, textOptions(options, io))}\n`);
      io.out(verifyJson(run.all, inputs.sources));
      break;
    case "sarif":
      io.out(
        sarifReport([...findings, ...verifyFindings(run.all)], inputs.sources, {
          version: tool.version,
          ruleOf(code) {
            const page = pages.find((candidate) => candidate.code === code);
            return page === undefined ? undefined : { ...page, help: pageText(page) };
          },
        }),
      );
      break;
    default:
      return format satisfies never;
  }
  if (inputs.problems.length + inputs.complaints.length + run.broken.length > 0) return unusable;
  if (total === 0 && findings.length === 0) {
    const where =
      inputs.uris.length === 1 ? oneLine(inputs.uris[0] ?? "") : plural(inputs.uris.length, "file");
    io.err(`uapi: there is no \`verify\` block in ${where}\n`);
    return unusable;
  }
  return counts.holds === total && findings.length === 0 ? clean : findingsLeft;
}

function countsOf({ all, left }: Run): Record<Verdict, number> {
  const counts = { holds: 0, fails: 0, "not-established": left };
  for (const { claims } of all) for (const { verdict } of claims) counts[verdict]++;
  return counts;
}

function readBudget(options: Options): Budget {
  const given = (name: string, most: number): number | null => {
    const text = options.value(name);
    if (text === undefined) return null;
    const value = Number(text);
    if (/^\d+(?:\.\d+)?$/.test(text) && value > 0 && value <= most) return value;
    throw new UsageError(`--${name} wants a number above 0, not \`${oneLine(text)}\``);
  };
  const seconds = given("time", 1e9);
  return {
    states: Math.ceil(given("states", 1e15) ?? Number.POSITIVE_INFINITY),
    bytes: (given("memory", 1e9) ?? 1024) * MEGABYTE,
    ...(seconds === null ? {} : { seconds }),
  };
}

function decideAll(inputs: Inputs, io: Io, tool: Tool, budget: Budget): Run {
  const all: Verified[] = [];
  const findings: Finding[] = [];
  const broken: string[] = [];
  let left = 0;
  for (const uri of inputs.uris) {
    try {
      const view = tool.view(uri, inputs.files);
      if (view === null) continue;
      const blocks = verifyBlocksOf(view).map((block) => ({
        ...block,
        ...posedBlock(view, block.node, block.origin),
      }));
      findings.push(
        ...claimFindings(
          view,
          blocks.flatMap(({ problems }) => problems),
        ),
      );
      for (const { node, start, posed } of blocks) {
        const claims = node.body.filter(({ kind }) => kind === "claim" || kind === "error").length;
        left += claims * node.topologies.length;
        for (const each of posed) {
          const name = `${each.problem.system.proposal} on ${each.topology.text}`;
          const outcome = decideOne(each.problem, name, io, budget);
          all.push(verified(view, each, outcome, budget, start));
          left -= each.claims.length;
        }
      }
    } catch (error) {
      broken.push(defect(uri, error));
    }
  }
  return { all, findings, left, broken };
}

function decideOne(problem: Problem, name: string, io: Io, budget: Budget): Outcome {
  const begun = io.now();
  let told = begun;
  const progress = (text: string): void => io.err(`\r\x1b[K${cut(text, Math.max(io.columns - 1, 20))}`);
  const steps = decide(problem, {
    ...budget,
    isCancelled: () => budget.seconds !== undefined && io.now() - begun > budget.seconds * 1000,
  });
  for (;;) {
    const next = steps.next();
    if (next.done === true) {
      if (told !== begun) io.err("\r\x1b[K");
      return next.value;
    }
    if (!io.errIsTerminal || io.now() - told < TELL_EVERY) continue;
    told = io.now();
    progress(`${oneLine(name)}: ${number(next.value.states)} states, ${next.value.depth} calls in a row`);
  }
}
