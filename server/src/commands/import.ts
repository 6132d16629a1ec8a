// `uapi import`: texts of another form -> .uapi on the standard output.

import { oneLine } from "../base/columns.ts";
import { importTranscript } from "../interop/transcript.ts";
import { clean, findingsLeft, type Io, type Tool, unusable } from "./io.ts";
import { notOneOf, type OptionRules, type Options, UsageError } from "./options.ts";

export const importOptions = {
  help: { kind: "flag", short: "h" },
} as const satisfies OptionRules;

const forms = ["transcript"];

export async function runImport(options: Options, io: Io, tool: Tool): Promise<number> {
  const [form, file, ...more] = options.arguments;
  if (form === undefined || file === undefined || more.length > 0)
    throw new UsageError("give a form and one file: transcript FILE");
  if (!forms.includes(form)) throw new UsageError(notOneOf("the form", form, forms));
  const loaded = file === "-" ? await io.stdin() : io.load(file);
  if (!loaded.ok) {
    io.err(`uapi: cannot read ${oneLine(file)}: ${loaded.message}\n`);
    return unusable;
  }
  const { text, problems } = importTranscript(loaded.text);
  for (const { line, message } of problems) io.err(`${oneLine(file)}:${line}: ${oneLine(message)}\n`);
  io.out(tool.formatText(text));
  return problems.length === 0 ? clean : findingsLeft;
}
