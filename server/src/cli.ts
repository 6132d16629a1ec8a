// The command line's entry: gives the commands (commands/) Node's files, streams and exit status. Nothing else is
// decided here.

import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createSession, type Session } from "./analysis/session.ts";
import type { AnalysisOptions, Files } from "./analysis.ts";
import type { Io, Tool } from "./commands/io.ts";
import { run } from "./commands/run.ts";
import { formatText } from "./features/format.ts";
import { decodeText, diskFiles, findFiles, loadFile, preparedIn } from "./node.ts";
import { SHIPPED, shippedTexts } from "./semantics/shipped.ts";

/** That of the package, from server/build.mjs. */
declare const VERSION: string;

const cwd = process.cwd();
const { stdout, stderr, env } = process;

const io: Io = {
  out: (text) => stdout.write(text),
  err: (text) => stderr.write(text),
  outIsTerminal: stdout.isTTY === true,
  errIsTerminal: stderr.isTTY === true,
  columns: (stdout.isTTY ? stdout.columns : stderr.columns) || 80,
  // https://no-color.org: any value but the empty one.
  noColor: (env.NO_COLOR ?? "") !== "" || env.TERM === "dumb",
  now: () => process.uptime() * 1000,
  stdin: async () => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk);
    return decodeText(Buffer.concat(chunks));
  },
  find: (argument) => findFiles(argument, cwd),
  load: (uri) => loadFile(resolve(cwd, uri)),
  write: (uri, text) => writeFileSync(resolve(cwd, uri), text),
  files: (roots) => diskFiles(cwd, { cwd, more: roots }),
};

// One session for a run: what is shipped is parsed and compiled once.
const sessions = new WeakMap<Files, Session>();
const prepared = preparedIn(join(__dirname, "cache/shipped"), __filename);

const sessionOf = (files: Files, options: AnalysisOptions): Session => {
  const session = sessions.get(files) ?? createSession(files, { ...options, prepared });
  sessions.set(files, session);
  return session;
};

const tool: Tool = {
  version: VERSION,
  analyse: (uri, files, options) => sessionOf(files, options).analyse(uri),
  view: (uri, files) => sessionOf(files, {}).view(uri),
  formatText,
  get shipped() {
    return [...shippedTexts].map(([name, text]) => ({ name: SHIPPED + name, text }));
  },
};

// A reader that has seen enough (`| head`) closes the pipe: nothing is wrong, there is only nobody left to tell.
for (const stream of [stdout, stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit();
    if (stream === stdout) stderr.write(`uapi: cannot write the output: ${error.code ?? "unknown error"}\n`);
    process.exit(2);
  });
}

void run(process.argv.slice(2), io, tool).then((status) => {
  process.exitCode = status;
  // What is still on its way to a pipe, or went wrong there, is waited for; but not until V8 has tidied up.
  if ([stdout, stderr].every(({ writableLength, errored }) => writableLength === 0 && errored === null))
    process.exit();
});
