// `npm start` as a process: it prints an address that shows the editor, leaves the samples alone, and cleans up.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";

const program = fileURLToPath(new URL("../../dist/web-host/start.mjs", import.meta.url));
const made: string[] = [];
const running = new Set<ChildProcess>();

afterEach(async () => {
  for (const child of running) child.kill("SIGKILL");
  for (const folder of made.splice(0)) await rm(folder, { recursive: true });
});

interface Started {
  readonly child: ChildProcess;
  readonly address: Promise<string>;
  readonly ended: Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>;
}

/** With a folder of its own for temporary files. */
async function start(...words: readonly string[]): Promise<Started & { readonly temporary: string }> {
  const temporary = await folderOnDisk();
  const env = { ...process.env, CI: "true", TMPDIR: temporary, TEMP: temporary, TMP: temporary };
  const child = spawn(process.execPath, [program, ...words], { env, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  child.once("close", () => running.delete(child));
  let [out, err] = ["", ""];
  const ended = new Promise<Awaited<Started["ended"]>>((resolve) => {
    child.once("close", (code) => resolve({ code, out, err }));
  });
  const address = new Promise<string>((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => {
      out += chunk.toString();
      const [url] = /http:\S+/.exec(out) ?? [];
      if (url !== undefined && out.endsWith("stops it.\n")) resolve(url);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      err += chunk.toString();
    });
    ended.then(() => reject(new Error(`it ended: ${out}${err}`)));
  });
  address.catch(() => undefined);
  return { child, address, ended, temporary };
}

async function folderOnDisk(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "uapi-start-"));
  made.push(folder);
  return folder;
}

const save = async (address: string, path: string, text: string): Promise<number> => {
  const response = await fetch(`${address}disk/write?path=${path}&create=true&overwrite=true`, {
    method: "POST",
    body: text,
  });
  return response.status;
};

test("a copy of the samples, with a file to begin with, gone at the end", async () => {
  const { child, address, ended, temporary } = await start("--port", "0");
  const url = await address;
  expect(await (await fetch(url)).text()).toContain('"path":"/samples/try-me.uapi"');
  const names: unknown = await (await fetch(`${url}disk/files`)).json();
  expect(names).toEqual(expect.arrayContaining(["05-peer-detached.uapi", "README.md", "try-me.uapi"]));
  expect(await save(url, "README.md", "changed")).toBe(200);
  child.kill("SIGTERM");
  expect(await ended).toMatchObject({
    code: 0,
    err: "",
    out: expect.stringContaining("a copy of the samples"),
  });
  expect(await readFile(new URL("../../samples/README.md", import.meta.url), "utf8")).not.toBe("changed");
  expect(await readdir(temporary)).toEqual([]);
});

test("a folder of one's own is written to, and said so", async () => {
  const folder = await folderOnDisk();
  await writeFile(join(folder, "mine.uapi"), "// old\n");
  const { child, address, ended } = await start(folder, "--port", "0");
  expect(await save(await address, "mine.uapi", "// new\n")).toBe(200);
  child.kill("SIGINT");
  expect(await ended).toMatchObject({ code: 0, out: expect.stringContaining(`written to ${folder}`) });
  expect(await readFile(join(folder, "mine.uapi"), "utf8")).toBe("// new\n");
});

test("a port that is taken", async () => {
  const taken = createServer();
  const port = await new Promise<number>((resolve) => {
    taken.listen(0, "127.0.0.1", () => {
      const address = taken.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
  const { ended } = await start("--port", String(port));
  const { code, err } = await ended;
  taken.close();
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(`port ${port} is taken`) });
});

test.each([
  ["no folder", ["nowhere/at-all"], "is no folder"],
  ["two folders", [".", "."], "give one folder at most"],
  ["a port that is none", ["--port", "x"], "the port is a number up to 65535, not `x`"],
  ["an unknown option", ["--fast"], "--fast"],
])("%s", async (_what, words, message) => {
  const { ended } = await start(...words);
  expect(await ended).toMatchObject({ code: 2, out: "", err: expect.stringContaining(message) });
});
