// The server in a web worker: messages through the worker's port, files from the client. Knows no Node.

import { BrowserMessageReader, BrowserMessageWriter } from "vscode-languageserver/browser";
import { createServer } from "./lsp/server.ts";

// The types of the language do not say that this file runs in a worker.
const scope = globalThis as unknown as ConstructorParameters<typeof BrowserMessageReader>[0];

createServer(new BrowserMessageReader(scope), new BrowserMessageWriter(scope), {
  version: "web",
  disk: null,
  log: (message) => console.warn(`uapi: ${message}`),
  // The client ends its worker.
  exit: () => undefined,
  watch: () => undefined,
});
