// Headless Chromium of the system, with a profile of its own, that talks to this machine only. Every request that a page
// makes to somewhere else is noted: there must be none.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page, type Request } from "playwright-core";
import type { Place } from "./place.ts";

export interface Browser {
  readonly page: Page;
  /** What the pages said on their consoles, and requests that went elsewhere. */
  readonly console: readonly string[];
  readonly foreign: readonly string[];
  readonly close: () => Promise<void>;
}

const madeUp = /\.vscode-resource\.vscode-cdn\.net$/;

const programs = [process.env.UAPI_CHROMIUM ?? "", "/usr/bin/chromium", "/usr/bin/chromium-browser"];

export async function openBrowser(place: Place): Promise<Browser> {
  const program = programs.find((path) => path !== "" && existsSync(path));
  if (program === undefined) throw new Error("no Chromium: run test/editors/install.sh");
  const context: BrowserContext = await chromium.launchPersistentContext(join(place.folder, "chromium"), {
    executablePath: program,
    headless: true,
    permissions: ["clipboard-read", "clipboard-write"],
    viewport: { width: 1400, height: 900 },
    args: [
      ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
      ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
      "--disable-dev-shm-usage",
    ],
  });
  const said: string[] = [];
  const foreign: string[] = [];
  context.on("console", (message) => said.push(message.text()));
  const note = (request: Request): void => {
    const { protocol, hostname } = new URL(request.url());
    const isLocal = !/^(?:http|ws)s?:$/.test(protocol) || /^(?:localhost|127\.0\.0\.1)$/.test(hostname);
    if (!isLocal) foreign.push(request.url());
  };
  // Files of webviews have a made-up host, and come from VS Code's service worker, unless the webview is closed first.
  context.on("requestfailed", (request) => {
    const isGone = request.failure()?.errorText === "net::ERR_ABORTED";
    if (!isGone || !madeUp.test(new URL(request.url()).hostname)) note(request);
  });
  context.on("response", (response) => response.fromServiceWorker() || note(response.request()));
  const page = context.pages()[0] ?? (await context.newPage());
  return { page, console: said, foreign, close: () => context.close() };
}
