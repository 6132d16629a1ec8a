// The server in a web worker: messages through the worker's port, files from the client. Knows no Node. The same script
// is the worker in which it explores: its name says which of them it is.

import type { Message as Sent } from "vscode-languageserver";
import type { PostedRequest, ProverAnswer } from "./explore/prover.ts";
import type { Worker as ProverWorker } from "./lsp/proofs.ts";
import { createServer } from "./lsp/server.ts";
import { readerOf, writerOf } from "./messages.ts";
import { serveProver } from "./prover.ts";

/** What a worker has; the types of the language do not say that this file runs in one. */
interface Scope {
  readonly name: string;
  readonly location?: { readonly href: string };
  readonly Worker?: new (script: string, options: { readonly name: string }) => Thread;
  onmessage: ((event: Message) => void) | null;
  postMessage(message: unknown): void;
}

/** A worker from outside. */
interface Thread {
  postMessage(message: unknown): void;
  onmessage: ((event: Message) => void) | null;
  onerror: ((event: { readonly message?: string }) => void) | null;
  terminate(): void;
}

interface Message {
  readonly data: unknown;
}

// The types of the page and of a worker cannot be had together; what runs here is a worker.
const scope = globalThis as unknown as Scope;

const proverName = "uapi prover";

export function serveInWorker(): void {
  if (scope.name === proverName) {
    const receive = serveProver((answer) => scope.postMessage(answer));
    scope.onmessage = (event: Message) => receive(event.data as PostedRequest); // what lsp/proofs.ts posts
    return;
  }
  const reader = readerOf((read) => {
    scope.onmessage = (event: Message) => read(event.data as Sent); // whether it is one is looked at by lsp/lifecycle.ts
    return () => undefined;
  });
  const writer = writerOf(async (message) => scope.postMessage(message));
  createServer(reader, writer, {
    version: "web",
    disk: null,
    log: (message) => console.warn(`uapi: ${message}`),
    // The client ends its worker.
    exit: () => undefined,
    watch: () => undefined,
    startProver,
  });
}

/** Null where a worker may not have one: the server explores in its own free moments then. */
function startProver(): ProverWorker | null {
  const script = scope.location?.href;
  if (scope.Worker === undefined || script === undefined) return null;
  try {
    const worker = new scope.Worker(script, { name: proverName });
    return {
      post: (request) => worker.postMessage(request),
      onAnswer(listener) {
        worker.onmessage = (event: Message) => listener(event.data as ProverAnswer); // what serveProver posts
      },
      onEnd(listener) {
        worker.onerror = ({ message }: { readonly message?: string }) => {
          worker.terminate();
          listener(message ?? "the worker that explored it could not go on");
        };
      },
      terminate: () => worker.terminate(),
    };
  } catch {
    return null;
  }
}
