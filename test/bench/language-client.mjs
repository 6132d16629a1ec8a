// A client for measurements: starts a language server, talks to it over pipes, and takes the time of a message when its
// last byte is there, before it is decoded.

import { spawn, spawnSync } from "node:child_process";

const capabilities = {
  general: { positionEncodings: ["utf-16"] },
  textDocument: {
    publishDiagnostics: { versionSupport: true, relatedInformation: true, codeDescriptionSupport: true },
    hover: { contentFormat: ["markdown"] },
    completion: { completionItem: { snippetSupport: true, documentationFormat: ["markdown"] } },
    codeAction: {
      codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix", "source", "source.fixAll"] } },
      dataSupport: true,
      resolveSupport: { properties: ["edit"] },
    },
  },
  workspace: { workspaceEdit: { documentChanges: true } },
};

/** Starts `node FILE ...args`; answers when it is initialized. */
export async function startServer(file, args = []) {
  const child = spawn(process.execPath, [file, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  const answers = new Map();
  const watchers = new Set();
  let pending = Buffer.alloc(0);
  let nextId = 1;

  child.stdout.on("data", (chunk) => {
    const at = performance.now();
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    for (;;) {
      const head = pending.indexOf("\r\n\r\n");
      if (head < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(pending.toString("latin1", 0, head))?.[1]);
      if (pending.length < head + 4 + length) return;
      const message = JSON.parse(pending.toString("utf8", head + 4, head + 4 + length));
      pending = pending.subarray(head + 4 + length);
      receive(message, at);
    }
  });

  function receive(message, at) {
    if (message.method === undefined) {
      const answer = answers.get(message.id);
      answers.delete(message.id);
      if (message.error === undefined) answer?.resolve({ result: message.result, at });
      else answer?.reject(new Error(`${answer.method}: ${message.error.message}`));
    } else if (message.id !== undefined) {
      // The server asks the client: for its settings, or to register something.
      const items = message.params?.items;
      write({ id: message.id, result: Array.isArray(items) ? items.map(() => null) : null });
    } else for (const watcher of [...watchers]) watcher(message, at);
  }

  function write(message) {
    const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
    child.stdin.write(Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]));
  }

  const client = {
    pid: child.pid,
    notify: (method, params) => write({ method, params }),
    request(method, params) {
      const id = nextId++;
      const sent = performance.now();
      write({ id, method, params });
      return new Promise((resolve, reject) => {
        answers.set(id, {
          method,
          reject,
          resolve: ({ result, at }) => resolve({ result, time: at - sent }),
        });
      });
    },
    /** The time at which the first diagnostics come that `isRight` takes. */
    diagnostics: (isRight) =>
      new Promise((resolve) => {
        const watcher = ({ method, params }, at) => {
          if (method !== "textDocument/publishDiagnostics" || !isRight(params, at)) return;
          watchers.delete(watcher);
          resolve(at);
        };
        watchers.add(watcher);
      }),
    open(uri, text) {
      client.notify("textDocument/didOpen", {
        textDocument: { uri, languageId: "uapi", version: 1, text },
      });
    },
    change(uri, version, range, text) {
      client.notify("textDocument/didChange", {
        textDocument: { uri, version },
        contentChanges: [{ range, text }],
      });
    },
    /** In kilobytes. */
    memory: () =>
      Number(spawnSync("ps", ["-o", "rss=", "-p", String(child.pid)], { encoding: "utf8" }).stdout),
    async stop() {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await gone;
    },
  };
  await client.request("initialize", { processId: process.pid, rootUri: null, capabilities });
  client.notify("initialized", {});
  return client;
}

/** The position of an offset; the benchmark's texts have no line break but "\n". */
export function positionAt(text, offset) {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  let line = 0;
  for (let i = text.indexOf("\n"); i >= 0 && i < offset; i = text.indexOf("\n", i + 1)) line++;
  return { line, character: offset - start };
}
