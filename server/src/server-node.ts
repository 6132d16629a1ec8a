// The server as a process: over Node's IPC when an extension host started it, else over its standard streams, as
// `uapi lsp` does. Loads the server itself, which is the same script as in a browser, and gives it Node's means (files,
// exit, the life of the editor); nothing else is decided here.

import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Worker as Thread } from "node:worker_threads";
import type { MessageReader, MessageWriter } from "vscode-languageserver";
import type { ProverAnswer } from "./explore/prover.ts";
import type { Worker } from "./lsp/proofs.ts";
import type { Disk } from "./lsp/workspace.ts";
import { readerOf, writerOf } from "./messages.ts";
import { collectFiles, loadFile, preparedIn, staysInside } from "./node.ts";
import type * as server from "./server.ts";
import { start } from "./start.ts";
import { stdinReader, stdoutWriter } from "./stdio.ts";

/** That of the package, from server/build.mjs. */
declare const VERSION: string;

/** The package that this bundle, dist/node/server.cjs, lies in. */
const root = join(__dirname, "../..");
const script = join(root, "dist/server.js");
const isIpc = process.argv.includes("--node-ipc");
const [reader, writer] = isIpc ? ipc() : stdio();

const { value, runRest } = start(script, join(root, "dist/cache/server.bin"));
// What server/build.mjs makes of server.ts.
const { createServer } = (value as (later: (parts: unknown) => unknown) => typeof server)((parts) =>
  (runRest() as (parts: unknown) => unknown)(parts),
);
createServer(reader, writer, {
  version: VERSION,
  // Our own client, which talks over IPC, shows the shipped proposals itself.
  get proposals() {
    return isIpc ? null : proposalsFolder();
  },
  disk: disk(),
  prepared: preparedIn(join(root, "dist/cache/shipped"), script),
  log: (message) => void orExit(process.stderr).write(`uapi: ${message}\n`),
  exit: (code) => process.exit(code),
  watch(processId, gone) {
    setInterval(() => {
      if (!isAlive(processId)) gone();
    }, 3000).unref();
  },
  startProver,
});

// Later, as it loads parts of Node that nothing else here needs.
const lessMemory = () =>
  import("./memory.ts").then(
    ({ giveBackMemory }) => giveBackMemory(),
    // A Node that was built without that part.
    () => undefined,
  );
setTimeout(lessMemory, 1000).unref();

function ipc(): [MessageReader, MessageWriter] {
  process.on("disconnect", () => process.exit(1));
  const reader = readerOf((read, _, fail) => {
    process.on("message", read).on("error", fail);
    return () => void process.off("message", read).off("error", fail);
  });
  const write = (message: unknown): Promise<void> =>
    new Promise((resolve, reject) => {
      if (process.send === undefined) resolve();
      else
        process.send(message, undefined, undefined, (error) => (error === null ? resolve() : reject(error)));
    });
  return [reader, writerOf(write)];
}

function stdio(): [MessageReader, MessageWriter] {
  return [stdinReader(), stdoutWriter(() => orExit(process.stdout))];
}

/** An editor that has gone does not read: that is the end, and nothing to complain about. */
function orExit<T extends Writable>(stream: T): T {
  return stream.listenerCount("error") > 0 ? stream : stream.on("error", () => process.exit(1));
}

/** A thread of its own: it may take memory without end, and only it dies of that. */
function startProver(): Worker {
  const thread = new Thread(join(__dirname, "prover.cjs"));
  thread.unref();
  return {
    post: (request) => thread.postMessage(request),
    onAnswer: (listener) => void thread.on("message", (answer: ProverAnswer) => listener(answer)),
    onEnd(listener) {
      let why = "the worker that explored it ended";
      thread.on("error", (error) => {
        why = `the worker that explored it ended: ${error.message}`;
      });
      thread.on("exit", () => listener(why));
    },
    terminate: () => void thread.terminate(),
  };
}

function disk(): Disk {
  const pathOf = (uri: string): string | null => {
    try {
      return fileURLToPath(uri);
    } catch {
      return null;
    }
  };
  return {
    read(uri) {
      const path = pathOf(uri);
      if (path !== null) return loadFile(path, { regularOnly: true });
      return { ok: false, code: "unreadable", message: "this is no path on this machine" };
    },
    list(folder) {
      const root = pathOf(folder);
      if (root === null) return [];
      return collectFiles(root, { cwd: root, root }).files.map(
        (file) => `${pathToFileURL(root)}/${file.split("/").map(encodeURIComponent).join("/")}`,
      );
    },
    inside(folder, uri) {
      const [root, path] = [pathOf(folder), pathOf(uri)];
      return root !== null && path !== null && staysInside(root, path);
    },
  };
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // A process of somebody else is alive.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Where the package with this bundle has them; null for a bundle on its own. */
function proposalsFolder(): string | null {
  const folder = join(root, "server/proposals");
  return existsSync(join(folder, "core.uapi")) ? pathToFileURL(folder).href : null;
}
