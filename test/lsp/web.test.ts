// The bundle for the browser: nothing of Node is in it, and it answers in a worker that has nothing but a port.

import { existsSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const bundle = `${root}dist/web/server.js`;

test("no module of Node is bundled, and none is missed", async () => {
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["server/src/server-web.ts"],
    bundle: true,
    format: "iife",
    loader: { ".uapi": "text", ".md": "text" },
    metafile: true,
    platform: "browser",
    target: "es2022",
    write: false,
    outdir: "dist/web",
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

/** What a browser's worker has, out of what Node's has; `process` and the rest of Node are taken away. */
const asInBrowser = `
  const { parentPort } = require("node:worker_threads");
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

test("it answers in a worker", async () => {
  expect(existsSync(bundle), "run `npm run build` first").toBe(true);
  const worker = new Worker(
    asInBrowser.replace("BUNDLE", () => readFileSync(bundle, "utf8")),
    { eval: true },
  );
  const failed = new Promise((_, reject) => worker.on("error", reject));
  const waitFor = (fits: (message: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> =>
    new Promise((resolve) => {
      worker.on("message", (message) => {
        if (fits(message)) resolve(message);
      });
    });
  const send = (message: object): void => worker.postMessage({ jsonrpc: "2.0", ...message });

  const initialized = waitFor(({ id }) => id === 1);
  send({ id: 1, method: "initialize", params: { processId: null, rootUri: null, capabilities: {} } });
  expect(await Promise.race([initialized, failed])).toHaveProperty("result.capabilities");
  send({ method: "initialized", params: {} });

  const published = waitFor(({ method }) => method === "textDocument/publishDiagnostics");
  const uri = "vscode-vfs://github/o/r/a.uapi";
  send({
    method: "textDocument/didOpen",
    params: { textDocument: { uri, languageId: "uapi", version: 1, text: "use nothing\n" } },
  });
  expect(await Promise.race([published, failed])).toMatchObject({
    params: { uri, diagnostics: [{ code: "unknown-proposal" }] },
  });

  const answered = waitFor(({ id }) => id === 2);
  send({ id: 2, method: "shutdown" });
  expect(await Promise.race([answered, failed])).toMatchObject({ result: null });
  await worker.terminate();
});
