// Builds the parser from the grammar and the command line from its source.
//   node server/build.mjs            grammar -> parser, then server/src/cli.ts -> dist/cli.js
//   node server/build.mjs generate   only the parser
// Neither output is committed. server/src/cli.ts must not carry its own "#!" line: the bundle gets one here.

import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The rules of the grammar at which a parse may start; the first is the default. */
export const startRules = [
  ...["File", "Declaration", "Member", "Field", "Statement", "Else", "Entry", "Claim", "Step"],
  ...["Members", "Fields", "Statements", "Entries", "Claims", "Expression", "Tokens"],
];

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const grammarFile = resolve(root, "grammar/uapi.peggy");
const parserFile = resolve(root, "server/src/syntax/generated/parser.js");
const entryFile = resolve(root, "server/src/cli.ts");
const bundleFile = resolve(root, "dist/cli.js");

const declarations = `// Generated from grammar/uapi.peggy by server/build.mjs. Do not edit.

export type StartRule = ${startRules.map((rule) => JSON.stringify(rule)).join(" | ")};

/** A place in the input: UTF-16 offset from 0, line and column from 1. */
export interface Position {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

export interface Location {
  readonly source?: unknown;
  readonly start: Position;
  readonly end: Position;
}

export type Expectation =
  | { readonly type: "literal"; readonly text: string; readonly ignoreCase: boolean }
  | {
      readonly type: "class";
      readonly parts: readonly (string | readonly [string, string])[];
      readonly inverted: boolean;
      readonly ignoreCase: boolean;
      readonly unicode?: boolean;
    }
  | { readonly type: "any" }
  | { readonly type: "end" }
  | { readonly type: "other"; readonly description: string };

export class SyntaxError extends Error {
  /** Null when the grammar called error(). */
  readonly expected: readonly Expectation[] | null;
  /** Null at the end of the input. */
  readonly found: string | null;
  readonly location: Location;
  format(sources: readonly { readonly source: unknown; readonly text: string }[]): string;
}

/** Throws SyntaxError; any other throw is a defect of the grammar. */
export function parse(input: string, options?: { readonly startRule?: StartRule }): unknown;
`;

/** Writes a file only when its text changes, so that watchers and caches stay quiet. */
async function writeChanged(file, text) {
  const old = await readFile(file, "utf8").catch(() => undefined);
  if (old === text) return;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

async function generateParser() {
  const { default: peggy } = await import("peggy");
  const text = await readFile(grammarFile, "utf8");
  const grammarSource = "grammar/uapi.peggy";
  try {
    const parser = peggy.generate(text, {
      allowedStartRules: startRules,
      cache: false,
      format: "es",
      grammarSource,
      output: "source",
    });
    await writeChanged(parserFile, parser);
  } catch (error) {
    if (typeof error.format !== "function") throw error;
    throw new Error(error.format([{ source: grammarSource, text }]));
  }
  await writeChanged(parserFile.replace(/\.js$/, ".d.ts"), declarations);
}

async function bundleCommandLine() {
  const { build } = await import("esbuild");
  await build({
    absWorkingDir: root,
    entryPoints: [entryFile],
    outfile: bundleFile,
    banner: { js: "#!/usr/bin/env node" },
    bundle: true,
    format: "esm",
    loader: { ".uapi": "text", ".md": "text" },
    logLevel: "warning",
    logOverride: { "direct-eval": "error" },
    minify: true,
    platform: "node",
    sourcemap: false,
    target: "node20",
  });
  await chmod(bundleFile, 0o755);
}

try {
  await generateParser();
  if (process.argv[2] !== "generate") await bundleCommandLine();
} catch (error) {
  // esbuild has already printed its own errors.
  if (!Array.isArray(error.errors)) console.error(error.message);
  process.exitCode = 1;
}
