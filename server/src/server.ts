// The server: one script for a browser's worker, where it starts by itself, and for Node, where server-node.ts loads it
// as a CommonJS module.

import { createServer } from "./lsp/server.ts";
import { serveInWorker } from "./server-web.ts";

const server = { createServer };

export type ServerModule = typeof server;

if (typeof module === "undefined") serveInWorker();
else Object.assign(module, { exports: server });
