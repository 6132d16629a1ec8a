// The server in a browser: nothing of Node is in it, and it answers in a worker that has nothing but a port.

import { existsSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const bundle = `${root}dist/server.js`;

test("no module of Node is bundled, and none is missed", async () => {
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["server/src/server.ts"],
    bundle: true,
    format: "iife",
    loader: { ".uapi": "text", ".md": "text" },
    metafile: true,
    platform: "browser",
    target: "es2022",
    write: false,
    outdir: "dist",
  });
  const imports = Object.values(metafile.inputs).flatMap(({ imports }) => imports);
  const external = imports.filter(({ external }) => external === true).map(({ path }) => path);
  const known = new Set(builtinModules.flatMap((name) => [name, `node:${name}`]));
  expect(external.filter((path) => known.has(path))).toEqual([]);
  expect(Object.keys(metafile.inputs).filter((path) => /\/node\/|server\/src\/node\.ts/.test(path))).toEqual(
    [],
  );
  expect(outputFiles[0]?.text).not.toMatch(/require\("node:|from"node:|process\.versions/);
});

/**
 * What a browser's worker has, out of what Node's has; `process` and the rest of Node are taken away. A worker that it
 * starts is one more of the same text.
 */
const asInBrowser = `
  const { parentPort, workerData, Worker: Thread } = require("node:worker_threads");
  globalThis.name = workerData.name;
  globalThis.location = { href: "https://example.org/server.js" };
  if (workerData.nests) globalThis.Worker = class {
    constructor(script, { name }) {
      if (script !== globalThis.location.href) throw new Error("there is no " + script);
      this.thread = new Thread(workerData.text, { eval: true, workerData: { ...workerData, name } });
      this.thread.on("message", (data) => this.onmessage?.({ data }));
      this.thread.on("error", ({ message }) => this.onerror?.({ message }));
      parentPort.postMessage({ started: name });
    }
    postMessage(message) { this.thread.postMessage(message); }
    terminate() { this.thread.terminate(); }
  };
  else globalThis.Worker = undefined;
  globalThis.importScripts = () => undefined;
  globalThis.postMessage = (message) => parentPort.postMessage(message);
  const target = new EventTarget();
  globalThis.addEventListener = target.addEventListener.bind(target);
  parentPort.on("message", (data) => {
    const event = new MessageEvent("message", { data });
    globalThis.onmessage?.(event);
    target.dispatchEvent(event);
  });
  for (const name of ["process", "Buffer", "require", "module", "setImmediate", "clearImmediate", "global"])
    Object.defineProperty(globalThis, name, { value: undefined, configurable: true });
  {
    const require = undefined, module = undefined, exports = undefined, process = undefined, Buffer = undefined;
    BUNDLE
  }
`;

interface Browser {
  readonly send: (message: object) => void;
  readonly waitFor: (fits: (message: Record<string, unknown>) => boolean) => Promise<Record<string, unknown>>;
  readonly received: readonly Record<string, unknown>[];
  readonly terminate: () => Promise<number>;
}

/** `nests`: workers may have workers. */
function browser(nests: boolean): Browser {
  expect(existsSync(bundle), "run `npm run build` first").toBe(true);
  const text = asInBrowser.replace("BUNDLE", () => readFileSync(bundle, "utf8"));
  const worker = new Worker(text, { eval: true, workerData: { name: "uapi server", nests, text } });
  const failed = new Promise<never>((_, reject) => worker.on("error", reject));
  const received: Record<string, unknown>[] = [];
  worker.on("message", (message) => received.push(message));
  return {
    received,
    send: (message) => worker.postMessage({ jsonrpc: "2.0", ...message }),
    waitFor(fits) {
      const known = received.find(fits);
      const found = new Promise<Record<string, unknown>>((resolve) => {
        if (known !== undefined) resolve(known);
        worker.on("message", (message) => {
          if (fits(message)) resolve(message);
        });
      });
      return Promise.race([found, failed]);
    },
    terminate: () => worker.terminate(),
  };
}

test("it answers in a worker", async () => {
  const { send, waitFor, terminate } = browser(false);
  send({ id: 1, method: "initialize", params: { processId: null, rootUri: null, capabilities: {} } });
  expect(await waitFor(({ id }) => id === 1)).toHaveProperty("result.capabilities");
  send({ method: "initialized", params: {} });

  const uri = "vscode-vfs://github/o/r/a.uapi";
  send({
    method: "textDocument/didOpen",
    params: { textDocument: { uri, languageId: "uapi", version: 1, text: "use nothing\n" } },
  });
  expect(await waitFor(({ method }) => method === "textDocument/publishDiagnostics")).toMatchObject({
    params: { uri, diagnostics: [{ code: "unknown-proposal" }] },
  });

  send({ id: 2, method: "shutdown" });
  expect(await waitFor(({ id }) => id === 2)).toMatchObject({ result: null });
  await terminate();
});

test.each([
  ["in a worker of its own", true],
  ["where a worker has none, in its free moments", false],
])("claims are decided %s", async (_, nests) => {
  const { send, waitFor, received, terminate } = browser(nests);
  send({ id: 1, method: "initialize", params: { processId: null, rootUri: null, capabilities: {} } });
  await waitFor(({ id }) => id === 1);
  send({ method: "initialized", params: {} });
  const uri = "vscode-vfs://github/o/r/a.uapi";
  const text = `use group_bind_unblocked
topology one { iommu vtd  group 1 behind vtd { device nic driver vfio_pci } }
verify group_bind_unblocked on one { safe }
`;
  send({
    method: "textDocument/didOpen",
    params: { textDocument: { uri, languageId: "uapi", version: 1, text } },
  });
  const told = await waitFor((message) => JSON.stringify(message).includes("claim-fails"));
  expect(JSON.stringify(told)).toContain("secure_context breaks after 4 calls");
  expect(received.flatMap((message) => ("started" in message ? [message.started] : []))).toEqual(
    nests ? ["uapi prover"] : [],
  );
  await terminate();
});
