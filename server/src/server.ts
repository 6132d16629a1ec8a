// The server: one script for a browser's worker, where it starts by itself, and for Node, where server-node.ts gets what
// it exports.

import { createServer } from "./lsp/server.ts";
import { serveInWorker } from "./server-web.ts";

export { createServer };

// Only a worker of a browser has that.
if ("importScripts" in globalThis) serveInWorker();
