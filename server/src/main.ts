// What `uapi` starts: the language server or the command line. Each is a program of its own, so that an editor does not
// wait for what it never uses.

const [command, ...options] = process.argv.slice(2);
const isServer = command === "lsp" && !options.some((option) => option === "--help" || option === "-h");
const program = isServer ? "./node/server.cjs" : "./command-line.js";
await import(program);
