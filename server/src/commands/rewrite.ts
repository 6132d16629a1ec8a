// What `fmt` and `fix` share: files are read, changed and written back, or only named with --check.

import { plainPaint } from "../report/paint.ts";
import { findingText } from "../report/text.ts";
import { defect } from "./check.ts";
import { type Inputs, readInputs, stdinUri } from "./inputs.ts";
import { clean, findingsLeft, type Io, type Tool, unusable } from "./io.ts";
import type { OptionRules, Options } from "./options.ts";

export const rewriteOptions = {
  check: { kind: "flag" },
  help: { kind: "flag", short: "h" },
} as const satisfies OptionRules;

/** `change` gives the new text of a file. */
export async function rewrite(
  options: Options,
  io: Io,
  tool: Tool,
  change: (uri: string, text: string, inputs: Inputs) => string,
): Promise<number> {
  const inputs = await readInputs(options.arguments, io, tool);
  const onlyCheck = options.value("check") !== undefined;
  let status = clean;
  const fail = (message: string): void => {
    io.err(`${message}\n`);
    status = unusable;
  };
  for (const complaint of inputs.complaints) fail(`uapi: ${complaint}`);
  for (const problem of inputs.problems) {
    fail(findingText(problem, inputs.sources, { width: 80, paint: plainPaint }));
  }
  for (const uri of inputs.uris) {
    const before = inputs.load(uri);
    if (!before.ok) continue;
    try {
      const text = change(uri, before.text, inputs);
      const changed = text !== before.text;
      // A byte order mark belongs to the file, not to the text; it stays.
      const whole = before.bom ? `\ufeff${text}` : text;
      if (onlyCheck) {
        if (changed && status === clean) status = findingsLeft;
        if (changed) io.out(`${uri}\n`);
      } else if (uri === stdinUri) io.out(whole);
      else if (changed) {
        io.write(uri, whole);
        io.out(`${uri}\n`);
      }
    } catch (error) {
      const system = error instanceof Error && "syscall" in error && "code" in error;
      fail(system ? `uapi: cannot write ${uri}: ${String(error.code)}` : `uapi: ${defect(uri, error)}`);
    }
  }
  return status;
}
