// The command line: which command, and what happens when anything about it is wrong. Gives the exit status.

import { oneLine } from "../base/columns.ts";
import { explain, listCodes } from "../diagnostics/explain.ts";
import { barriers, barriersOptions } from "./barriers.ts";
import { check, checkOptions } from "./check.ts";
import { compare, compareOptions } from "./compare.ts";
import { exportOptions, runExport } from "./export.ts";
import { fix } from "./fix.ts";
import { fmt } from "./fmt.ts";
import { type CommandName, commandNames, help, overview } from "./help.ts";
import { importOptions, runImport } from "./import.ts";
import { clean, type Io, type Tool, unusable } from "./io.ts";
import { notOneOf, type OptionRules, type Options, readOptions, UsageError } from "./options.ts";
import { rewriteOptions } from "./rewrite.ts";
import { trace, traceOptions } from "./trace.ts";
import { verify, verifyOptions } from "./verify.ts";

interface Command {
  readonly options: OptionRules;
  readonly run: (options: Options, io: Io, tool: Tool) => number | Promise<number>;
}

const helpOnly = { help: { kind: "flag", short: "h" } } as const satisfies OptionRules;

const commands: Readonly<Record<CommandName, Command>> = {
  barriers: { options: barriersOptions, run: barriers },
  check: { options: checkOptions, run: check },
  compare: { options: compareOptions, run: compare },
  explain: { options: helpOnly, run: runExplain },
  export: { options: exportOptions, run: runExport },
  fix: { options: rewriteOptions, run: fix },
  fmt: { options: rewriteOptions, run: fmt },
  import: { options: importOptions, run: runImport },
  // The server is a program of its own (main.ts): here is only its help.
  lsp: { options: helpOnly, run: () => unusable },
  trace: { options: traceOptions, run: trace },
  verify: { options: verifyOptions, run: verify },
};

export async function run(argv: readonly string[], io: Io, tool: Tool): Promise<number> {
  const [first, ...rest] = argv;
  const name = commandNames.find((candidate) => candidate === first);
  try {
    if (name === undefined) return runWithout(first, argv, io, tool);
    const options = readOptions(commands[name].options, rest);
    if (options.value("help") === undefined) return await commands[name].run(options, io, tool);
    io.out(help[name]);
    return clean;
  } catch (error) {
    if (error instanceof UsageError) {
      const command = name === undefined ? "uapi" : `uapi ${name}`;
      io.err(`${command}: ${error.message}\nTry \`${command} --help\`.\n`);
      return unusable;
    }
    const message = oneLine(error instanceof Error ? error.message : String(error));
    io.err(`uapi: internal error (${message}): please report it together with the command and its files\n`);
    return unusable;
  }
}

/** `uapi --help`, `uapi --version`, and everything that is no command. */
function runWithout(first: string | undefined, argv: readonly string[], io: Io, tool: Tool): number {
  if (first === undefined) {
    io.err(overview);
    return unusable;
  }
  if (!first.startsWith("-") || first === "-")
    throw new UsageError(notOneOf("the command", first, commandNames));
  const rules = { ...helpOnly, version: { kind: "flag", short: "V" } } as const satisfies OptionRules;
  const options = readOptions(rules, argv);
  io.out(options.value("help") === undefined ? `uapi ${tool.version}\n` : overview);
  return clean;
}

function runExplain(options: Options, io: Io, tool: Tool): number {
  const [code, ...more] = options.arguments;
  if (more.length > 0) throw new UsageError("give one code, or none for the list of all");
  if (code === undefined) {
    io.out(listCodes(tool.shipped));
    return clean;
  }
  const found = explain(code, tool.shipped);
  if (!found.ok) {
    io.err(`uapi: ${found.message}\n`);
    return unusable;
  }
  io.out(found.text);
  return clean;
}
