// What `uapi` starts: the language server or the command line. Each is a program of its own, so that an editor does not
// wait for what it never uses.

import { createRequire } from "node:module";
import { join } from "node:path";
import { start } from "./start.ts";

const [command, ...options] = process.argv.slice(2);
const isServer = command === "lsp" && !options.some((option) => option === "--help" || option === "-h");
const pathOf = (name: string): string => join(__dirname, name);

const load = createRequire(__filename);

if (isServer) load("./node/server.cjs");
else {
  // Loaded here, as a server starts sooner without it. It is what its name says.
  const { setFlagsFromString } = load("node:v8") as typeof import("node:v8");
  // Most commands end before optimised code is of use; V8 makes it some seven times later than it would.
  setFlagsFromString("--interrupt-budget=500000");
  const { value: program } = start(pathOf("command-line.cjs"), pathOf("cache/command-line.bin"));
  if (typeof program === "function") program(load, pathOf("command-line.cjs"), __dirname);
}
