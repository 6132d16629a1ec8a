// `uapi check`: analyses files and reports what it finds.

import type { Analysis, AnalysisOptions, Files } from "../analysis.ts";
import { cut, oneLine } from "../base/columns.ts";
import type { Finding } from "../base/finding.ts";
import { pageText } from "../diagnostics/explain.ts";
import { pages } from "../diagnostics/index.ts";
import { type RulePage, rulePages } from "../diagnostics/rules.ts";
import { githubReport } from "../report/github.ts";
import { jsonReport } from "../report/json.ts";
import { colourPaint, plainPaint } from "../report/paint.ts";
import { type SarifRule, sarifReport } from "../report/sarif.ts";
import { reportText, type TextOptions, type Totals } from "../report/text.ts";
import { type Inputs, readInputs } from "./inputs.ts";
import { clean, findingsLeft, type Io, type Tool, unusable } from "./io.ts";
import type { OptionRules, Options } from "./options.ts";
import { readSeverities, refuseUnknown, withSeverities } from "./severities.ts";

const formats = ["text", "json", "sarif", "github"] as const;

export const colorRule = { kind: "value", values: ["auto", "always", "never"] } as const;

export const checkOptions = {
  format: { kind: "value", values: formats },
  severity: { kind: "value" },
  color: colorRule,
  help: { kind: "flag", short: "h" },
} as const satisfies OptionRules;

interface Run {
  readonly findings: readonly Finding[];
  readonly totals: Totals;
  /** Messages about defects of this tool. */
  readonly broken: readonly string[];
}

export async function check(options: Options, io: Io, tool: Tool): Promise<number> {
  const severities = readSeverities(options.all("severity"));
  const inputs = await readInputs(options.arguments, io, tool);
  // A rule that is off is looked at when somebody gives it a severity.
  const asked = new Set([...severities].flatMap(([code, level]) => (level === "off" ? [] : [code])));
  const run = analyseAll(inputs, io, tool, asked);
  if (severities.size > 0) refuseUnknown(severities, knownCodes(inputs, rulePages(tool.shipped)));
  for (const message of [...inputs.complaints, ...run.broken]) io.err(`uapi: ${message}\n`);

  const format = formats.find((name) => name === options.value("format")) ?? "text";
  const all = withSeverities(distinct([...inputs.problems, ...run.findings]), severities);
  // Hints are for editors: an expectation that is met is nothing that a build log should say.
  const shown = format === "json" ? all : all.filter(({ severity }) => severity !== "hint");
  if (inputs.uris.length > 0 || shown.length > 0) {
    switch (format) {
      case "text":
        io.out(reportText(shown, run.totals, inputs.sources, textOptions(options, io)));
        break;
      case "json":
        io.out(jsonReport(shown, inputs.sources));
        break;
      case "sarif":
        io.out(
          sarifReport(shown, inputs.sources, {
            version: tool.version,
            ruleOf: sarifRules(rulePages(tool.shipped)),
          }),
        );
        break;
      case "github":
        io.out(githubReport(shown, inputs.sources));
        break;
      default:
        return format satisfies never;
    }
  }
  if (inputs.problems.length + inputs.complaints.length + run.broken.length > 0) return unusable;
  return shown.some(({ severity }) => severity === "error" || severity === "warning") ? findingsLeft : clean;
}

/** 80 columns wherever the text may be kept or sent on; on a terminal what it has, within reason. */
export function textOptions(options: Options, io: Io): TextOptions {
  const color = options.value("color") ?? "auto";
  const coloured = color === "always" || (color === "auto" && io.outIsTerminal && !io.noColor);
  return {
    width: io.outIsTerminal ? Math.min(Math.max(io.columns, 40), 120) : 80,
    paint: coloured ? colourPaint : plainPaint,
  };
}

/** The analysis, or a one-line message when it has thrown: a defect of this tool, and the others go on. */
export function analyseOne(
  uri: string,
  files: Files,
  tool: Tool,
  options: AnalysisOptions = {},
): Analysis | string {
  try {
    return tool.analyse(uri, files, options);
  } catch (error) {
    return defect(uri, error);
  }
}

export function defect(uri: string, error: unknown): string {
  const message = cut(oneLine(error instanceof Error ? error.message : String(error)), 120);
  return `internal error in ${oneLine(uri)} (${message}): please report it together with this file`;
}

function analyseAll(inputs: Inputs, io: Io, tool: Tool, asked: ReadonlySet<string>): Run {
  const findings: Finding[] = [];
  const broken: string[] = [];
  const showProgress = io.errIsTerminal && inputs.uris.length > 1;
  let scenarios = 0;
  let steps = 0;
  inputs.uris.forEach((uri, index) => {
    if (showProgress) {
      const text = `checking ${index + 1} of ${inputs.uris.length}: ${oneLine(uri)}`;
      io.err(`\r\x1b[K${cut(text, Math.max(io.columns - 1, 20))}`);
    }
    const analysis = analyseOne(uri, inputs.files, tool, { asked });
    if (typeof analysis === "string") {
      broken.push(analysis);
      return;
    }
    findings.push(...analysis.findings);
    scenarios += analysis.summary.scenarios;
    steps += analysis.summary.steps;
  });
  if (showProgress) io.err("\r\x1b[K");
  const files = inputs.uris.length + inputs.problems.length;
  return { findings, broken, totals: { files, scenarios, steps } };
}

/** What is wrong with a file that several others use is said once. */
function distinct(findings: readonly Finding[]): Finding[] {
  const seen = new Map<string, Finding>();
  for (const finding of findings) {
    const { uri, start, end, code, message } = finding;
    const key = JSON.stringify([uri, start, end, code, message]);
    if (!seen.has(key)) seen.set(key, finding);
  }
  return [...seen.values()];
}

/** Also the rules of the checked files themselves, found by their look: those need not even be well-formed. */
function knownCodes(inputs: Inputs, rules: readonly RulePage[]): string[] {
  const declared = inputs.uris.flatMap((uri) => {
    const text = inputs.load(uri);
    return text.ok
      ? [...text.text.matchAll(/\b(?:rule|hazard)\s+([A-Za-z_]\w*)/g)].map(([, name = ""]) => name)
      : [];
  });
  const codes = declared.map((name) => name.replaceAll("_", "-"));
  return [...pages.map(({ code }) => code), ...rules.map(({ code }) => code), ...codes];
}

function sarifRules(rules: readonly RulePage[]): (code: string) => SarifRule | undefined {
  return (code) => {
    const page = pages.find((candidate) => candidate.code === code);
    if (page !== undefined) return { ...page, help: pageText(page) };
    const rule = rules.find((candidate) => candidate.code === code);
    if (rule === undefined) return undefined;
    return { code, title: rule.why, severity: rule.severity, help: rule.doc.join("\n") || rule.why };
  };
}
