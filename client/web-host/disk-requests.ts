// The folder over HTTP: `GET /disk/stat?path=`, `list`, `read`, `files`, `watch` (server-sent events), and
// `POST /disk/write`, `folder`, `remove`, `rename`. Who may ask at all is decided by host.ts.

import type { IncomingMessage, ServerResponse } from "node:http";
import { codeOf, type Disk } from "./disk.ts";

/** A text that is larger is none that somebody wrote. */
const largestBody = 64 * 1024 * 1024;

type Operation = (disk: Disk, parameters: URLSearchParams, request: IncomingMessage) => Promise<unknown>;

const pathIn = (parameters: URLSearchParams, name = "path"): string => parameters.get(name) ?? "";
const flag = (parameters: URLSearchParams, name: string): boolean => parameters.get(name) === "true";

const reading: Readonly<Record<string, Operation>> = {
  stat: (disk, parameters) => disk.stat(pathIn(parameters)),
  list: (disk, parameters) => disk.list(pathIn(parameters)),
  read: (disk, parameters) => disk.read(pathIn(parameters)),
  files: (disk) => disk.files(),
};

const writing: Readonly<Record<string, Operation>> = {
  write: async (disk, parameters, request) =>
    disk.write(pathIn(parameters), await bodyOf(request), {
      create: flag(parameters, "create"),
      overwrite: flag(parameters, "overwrite"),
    }),
  folder: (disk, parameters) => disk.makeFolder(pathIn(parameters)),
  remove: (disk, parameters) => disk.remove(pathIn(parameters)),
  rename: (disk, parameters) =>
    disk.rename(pathIn(parameters, "from"), pathIn(parameters, "to"), {
      overwrite: flag(parameters, "overwrite"),
    }),
};

export async function answerDisk(
  disk: Disk,
  name: string,
  parameters: URLSearchParams,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (name === "watch" && request.method === "GET") return watching(disk, response);
  const operations = request.method === "GET" ? reading : request.method === "POST" ? writing : {};
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (operation === undefined)
    return reply(response, 404, { code: "Unavailable", message: `no operation ${name}` });
  try {
    const result = await operation(disk, parameters, request);
    if (result instanceof Uint8Array) {
      response.writeHead(200, {
        "Content-Type": "application/octet-stream",
        "Content-Length": result.length,
      });
      response.end(result);
    } else reply(response, 200, result ?? null);
  } catch (error) {
    reply(response, 409, {
      code: codeOf(error),
      message: error instanceof Error ? error.message : String(error),
    });
  }
}

function watching(disk: Disk, response: ServerResponse): void {
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  response.write(": open\n\n");
  const watcher = disk.watch((path) => response.write(`data: ${JSON.stringify(path)}\n\n`));
  response.on("close", () => watcher.close());
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > largestBody) throw new Error("the file is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(body));
}
