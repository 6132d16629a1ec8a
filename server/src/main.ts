// What `uapi` starts: the language server or the command line. Each is a program of its own, so that an editor does not
// wait for what it never uses.

import { fileURLToPath } from "node:url";
import { start } from "./start.ts";

const [command, ...options] = process.argv.slice(2);
const isServer = command === "lsp" && !options.some((option) => option === "--help" || option === "-h");
const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

if (isServer) start(pathOf("node/language-server.cjs"), pathOf("cache/language-server.bin"));
else start(pathOf("command-line.cjs"), pathOf("cache/command-line.bin"));
