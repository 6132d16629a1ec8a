// `npm start`: VS Code for the Web with the extension, on a copy of the samples or on a folder that is named.
//   npm start                    a copy of the samples, made anew each time
//   npm start -- DIR             that folder; what is saved is written there
//   npm start -- --port 3400

import { spawn } from "node:child_process";
import { cp, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startWebHost } from "./host.ts";

const usage = "Usage: npm start [-- [DIR] [--port NUMBER] [--no-open]]";
const usualPort = 3400;
/** Room for the text. */
const settings = { "editor.minimap.enabled": false, "editor.wordWrap": "on" };

await main().catch((error) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
});

async function main(): Promise<void> {
  const { values, positionals } = argumentsOf();
  if (values.help) return console.log(usage);
  const port = values.port === undefined ? null : Number(values.port);
  if (port !== null && (!Number.isInteger(port) || port < 0 || port > 65535))
    throw new Error(`the port is a number up to 65535, not \`${values.port}\`\n${usage}`);
  // Of the package that the bundle, dist/web-host/start.mjs, lies in.
  const extensionPath = fileURLToPath(new URL("../..", import.meta.url));
  const [given] = positionals;
  const copy = given === undefined ? await copyOfSamples(extensionPath) : null;
  const folder = copy ?? resolve(given ?? ".");
  if (!(await stat(folder).catch(() => null))?.isDirectory())
    throw new Error(`${folder} is no folder\n${usage}`);
  const options = {
    folder,
    extensionPath,
    settings,
    ...(copy === null ? {} : { folderName: "samples", open: ["try-me.uapi"] }),
  };
  const host = await startWebHost({ ...options, port: port ?? usualPort }).catch(async (error) => {
    if (!isTaken(error)) throw error;
    // The usual port is as good as any other; one that was asked for is not.
    if (port === null) return startWebHost({ ...options, port: 0 });
    await discard(copy);
    throw new Error(`port ${port} is taken; \`npm start -- --port 0\` finds one that is free`);
  });
  console.log(`VS Code for the Web with the extension: ${host.url}`);
  console.log(
    copy === null
      ? `What you save there is written to ${folder}`
      : "It shows a copy of the samples, which is gone when you stop; `npm start -- DIR` works on a folder of yours.",
  );
  console.log("Ctrl+C stops it.");
  if (values.open && process.env.CI === undefined) openBrowser(host.url);
  const stop = async (): Promise<void> => {
    await host.close();
    await discard(copy);
    process.exit(0);
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  if (process.env.npm_lifecycle_event !== undefined) whenOrphaned(stop);
}

function argumentsOf(): {
  values: { port?: string; open: boolean; help: boolean };
  positionals: readonly string[];
} {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      allowNegative: true,
      options: {
        port: { type: "string" },
        open: { type: "boolean", default: true },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (positionals.length > 1) throw new Error("give one folder at most");
    return {
      values: {
        open: values.open,
        help: values.help,
        ...(values.port === undefined ? {} : { port: values.port }),
      },
      positionals,
    };
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n${usage}`);
  }
}

/** Nobody who tries something out changes the repository by it. */
async function copyOfSamples(extensionPath: string): Promise<string> {
  const folder = join(await mkdtemp(join(tmpdir(), "uapi-")), "samples");
  await cp(join(extensionPath, "samples"), folder, { recursive: true });
  await cp(join(extensionPath, "client/web-host/try-me.uapi"), join(folder, "try-me.uapi"));
  return folder;
}

async function discard(copy: string | null): Promise<void> {
  if (copy !== null) await rm(resolve(copy, ".."), { recursive: true, force: true });
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}

/** npm does not pass a signal on through its shell: when that is gone, so is whoever wanted this server. */
function whenOrphaned(stop: () => Promise<void>): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop().catch(() => process.exit(1));
  }, 1000);
  timer.unref();
}

/** Where there is no browser, or no screen, the address that was printed has to do. */
function openBrowser(url: string): void {
  const [command, ...rest] =
    process.platform === "darwin"
      ? ["open", url]
      : process.platform === "win32"
        ? ["cmd", "/c", "start", "", url]
        : [process.env.BROWSER ?? "xdg-open", url];
  if (command === undefined) return;
  spawn(command, rest, { stdio: "ignore", detached: true })
    .on("error", () => undefined)
    .unref();
}
