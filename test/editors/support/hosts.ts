// The two VS Codes under test, each with the extension, a folder to work in and a suite to run, if wanted:
//   node  VS Code's server with a Node extension host, into which the packaged .vsix is installed
//   web   VS Code for the Web as `npm start` shows it, with a web extension host

import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startWebHost } from "../../../client/web-host/host.ts";
import { type Place, root, tools, vsix } from "./place.ts";

export interface EditorHost {
  /** The page to open in a browser. */
  readonly url: string;
  readonly log: () => string;
  readonly close: () => Promise<void>;
}

export interface HostOptions {
  readonly place: Place;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** A CommonJS file with run(), for the extension host. */
  readonly suite?: string;
}

const serverMain = join(tools, "code-server/lib/vscode/out/server-main.js");

const quietSettings = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "telemetry.telemetryLevel": "off",
  "chat.disableAIFeatures": true,
  "security.workspace.trust.enabled": false,
};

async function startNodeHost({ place, settings, suite }: HostOptions): Promise<EditorHost> {
  const [data, extensions] = [join(place.folder, "server"), join(place.folder, "extensions")];
  mkdirSync(join(data, "data/User"), { recursive: true });
  mkdirSync(join(data, "data/Machine"), { recursive: true });
  writeFileSync(join(data, "data/Machine/settings.json"), JSON.stringify({ ...quietSettings, ...settings }));
  const words = [
    ...["--host", "127.0.0.1", "--port", "0", "--without-connection-token", "--accept-server-license-terms"],
    ...["--telemetry-level", "off", "--server-data-dir", data, "--extensions-dir", extensions],
    ...["--disable-workspace-trust", "--enable-smoke-test-driver"],
    ...["--install-extension", vsix, "--start-server"],
  ];
  const child = spawn(process.execPath, [serverMain, ...words], {
    cwd: place.folder,
    // No gallery: otherwise it asks one on the network.
    env: { ...place.environment, EXTENSIONS_GALLERY: '{"serviceUrl":"http://127.0.0.1:9/none"}' },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  const ended = new Promise<string>((done) => {
    child.once("error", (problem) => done(String(problem)));
    child.once("close", (code, signal) => done(`it ended with ${signal ?? code}`));
  });
  const ready = new Promise<string>((done) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (data: Buffer) => {
        said += data.toString();
        const port = /Extension host agent listening on (\d+)/.exec(said)?.[1];
        if (port !== undefined && said.includes("was successfully installed")) done(port);
      });
  });
  const port = await Promise.race([
    ready,
    ended.then((why) => {
      throw new Error(`the VS Code server does not start: ${why}\n${said}`);
    }),
  ]);
  const page = new URL(`http://127.0.0.1:${port}/`);
  page.searchParams.set("folder", place.workspace);
  if (suite !== undefined) {
    const remote = (path: string): string => `vscode-remote://127.0.0.1:${port}${path}`;
    page.searchParams.set(
      "payload",
      JSON.stringify([
        ["extensionDevelopmentPath", remote(carrier(place))],
        ["extensionTestsPath", remote(suite)],
        ["skipWelcome", "true"],
      ]),
    );
  }
  return {
    url: page.href,
    log: () => said,
    async close() {
      child.kill();
      await ended;
    },
  };
}

/** Tests run only for an extension under development: an empty one, so that the installed one is what is tested. */
function carrier(place: Place): string {
  const folder = join(place.folder, "carrier");
  mkdirSync(folder, { recursive: true });
  const manifest = { name: "carrier", publisher: "uapi-tests", version: "1.0.0", engines: { vscode: "*" } };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  return folder;
}

async function startWeb({ place, settings, suite }: HostOptions): Promise<EditorHost> {
  const host = await startWebHost({
    folder: place.workspace,
    port: 0,
    extensionPath: root,
    settings: { ...quietSettings, ...settings },
    ...(suite === undefined ? {} : { suite }),
  });
  return { url: host.url, log: () => "", close: host.close };
}

export const hosts = [
  { name: "VS Code with a Node extension host", kind: "node", start: startNodeHost },
  { name: "VS Code for the Web", kind: "web", start: startWeb },
] as const;
