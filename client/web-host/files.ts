// The extension that gives VS Code for the Web a folder on this machine's disk: a file system provider that asks the
// server which the page came from. For `npm start` and tests; no part of the packaged extension.

import * as vscode from "vscode";
import { folderScheme } from "./page.ts";

export function activate(context: vscode.ExtensionContext): void {
  const base = context.extensionUri.with({ path: "/disk/", query: "", fragment: "" }).toString(true);
  const changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();

  const ask = async (
    method: "GET" | "POST",
    operation: string,
    uri: vscode.Uri,
    parameters: Readonly<Record<string, string>> = {},
    body: Uint8Array | null = null,
  ): Promise<Response> => {
    const query = new URLSearchParams({ path: pathOf(uri), ...parameters });
    const response = await fetch(`${base}${operation}?${query}`, {
      method,
      body: body === null ? null : body.slice(),
    });
    if (response.ok) return response;
    throw errorOf(await response.json().catch(() => null), uri);
  };

  const tell = (...events: readonly (readonly [vscode.FileChangeType, vscode.Uri])[]): void =>
    changed.fire(events.map(([type, uri]) => ({ type, uri })));

  const provider: vscode.FileSystemProvider = {
    onDidChangeFile: changed.event,
    watch: () => ({ dispose: () => undefined }), // everything is watched, below
    stat: async (uri) => (await ask("GET", "stat", uri)).json(),
    readDirectory: async (uri) => (await ask("GET", "list", uri)).json(),
    readFile: async (uri) => new Uint8Array(await (await ask("GET", "read", uri)).arrayBuffer()),
    async writeFile(uri, content, { create, overwrite }) {
      await ask("POST", "write", uri, { create: String(create), overwrite: String(overwrite) }, content);
      tell([vscode.FileChangeType.Changed, uri]);
    },
    async createDirectory(uri) {
      await ask("POST", "folder", uri);
      tell([vscode.FileChangeType.Created, uri]);
    },
    async delete(uri) {
      await ask("POST", "remove", uri);
      tell([vscode.FileChangeType.Deleted, uri]);
    },
    async rename(from, to, { overwrite }) {
      await ask("POST", "rename", from, { from: pathOf(from), to: pathOf(to), overwrite: String(overwrite) });
      tell([vscode.FileChangeType.Deleted, from], [vscode.FileChangeType.Created, to]);
    },
  };
  context.subscriptions.push(
    vscode.workspace.registerFileSystemProvider(folderScheme, provider, { isCaseSensitive: true }),
    watchDisk(base, changed),
    ...searchable(() => ask("GET", "files", rootUri())),
  );
}

const rootUri = (): vscode.Uri =>
  vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.from({ scheme: folderScheme, path: "/" });

/** Behind the first segment, which is only the folder's name. */
const pathOf = (uri: vscode.Uri): string => uri.path.split("/").slice(2).join("/");

function watchDisk(base: string, changed: vscode.EventEmitter<vscode.FileChangeEvent[]>): vscode.Disposable {
  const events = new EventSource(`${base}watch`);
  events.onmessage = ({ data }) => {
    const path: unknown = JSON.parse(String(data));
    if (typeof path !== "string") return;
    const uri = vscode.Uri.joinPath(rootUri(), path);
    vscode.workspace.fs.stat(uri).then(
      () => changed.fire([{ type: vscode.FileChangeType.Changed, uri }]),
      () => changed.fire([{ type: vscode.FileChangeType.Deleted, uri }]),
    );
  };
  return { dispose: () => events.close() };
}

/** Searching by name is a proposed API, so it has no type: without it the search finds nothing, and nothing else breaks. */
function searchable(list: () => Promise<Response>): readonly vscode.Disposable[] {
  const register: unknown = Reflect.get(vscode.workspace, "registerFileSearchProvider");
  if (typeof register !== "function") return [];
  const provideFileSearchResults = async (): Promise<readonly vscode.Uri[]> => {
    const names: unknown = await (await list()).json();
    if (!Array.isArray(names)) return [];
    return names.map((name) => vscode.Uri.joinPath(rootUri(), String(name)));
  };
  return [register(folderScheme, { provideFileSearchResults })];
}

function errorOf(answer: unknown, uri: vscode.Uri): Error {
  const code = typeof answer === "object" && answer !== null && "code" in answer ? answer.code : null;
  switch (code) {
    case "FileNotFound":
      return vscode.FileSystemError.FileNotFound(uri);
    case "FileExists":
      return vscode.FileSystemError.FileExists(uri);
    case "FileNotADirectory":
      return vscode.FileSystemError.FileNotADirectory(uri);
    case "FileIsADirectory":
      return vscode.FileSystemError.FileIsADirectory(uri);
    case "NoPermissions":
      return vscode.FileSystemError.NoPermissions(uri);
    default:
      return vscode.FileSystemError.Unavailable(uri);
  }
}
