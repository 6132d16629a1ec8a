// What is around the documents: workspace folders, files, settings, and what the client says about their changes.

import {
  type ClientCapabilities,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
} from "vscode-languageserver";
import type { Process } from "./connect.ts";
import type { Documents } from "./documents.ts";
import { filesCapability, filesRequest, readRequest } from "./protocol.ts";
import { pause } from "./schedule.ts";
import { parseSettings, type Settings } from "./settings.ts";
import { keyOf, uriOf } from "./uris.ts";
import type { Workspace } from "./workspace.ts";

export interface World {
  readonly initialize: (params: InitializeParams) => void;
  /** Calls `each` for every document of the workspace, open ones first; reads messages in between. */
  readonly walk: (each: (document: Known) => void, isCancelled: () => boolean) => Promise<void>;
}

export interface Known {
  readonly key: string;
  readonly uri: string;
  readonly version: number | null;
}

interface Parts {
  readonly connection: Connection;
  readonly workspace: Workspace;
  readonly documents: Documents;
  readonly host: Process;
  readonly client: () => ClientCapabilities;
  readonly settings: (settings: Settings) => void;
  /** Everything may be different now. */
  readonly refresh: () => void;
}

export function watchWorld({
  connection,
  workspace,
  documents,
  host,
  client,
  settings,
  refresh,
}: Parts): World {
  let folders: readonly string[] = [];
  let isWatching = false;
  let reported = new Set<string>();

  const apply = (value: unknown): void => {
    const parsed = parseSettings(value);
    settings(parsed.settings);
    for (const problem of parsed.problems) {
      if (!reported.has(problem)) connection.window.showWarningMessage(problem);
    }
    reported = new Set(parsed.problems);
  };

  const askSettings = async (): Promise<void> => {
    if (client().workspace?.configuration !== true) return;
    try {
      apply(await connection.workspace.getConfiguration({ section: "uapi" }));
    } catch (error) {
      host.log(`the client gave no settings: ${error instanceof Error ? error.message : String(error)}`);
    }
  };

  const setFolders = (uris: readonly string[]): void => {
    folders = [...new Set(uris.map(keyOf))];
    workspace.setFolders(folders);
  };

  /** What the client can read and the server cannot. */
  const readRemote = async (): Promise<void> => {
    const experimental: unknown = client().experimental;
    const isAble =
      typeof experimental === "object" && experimental !== null && filesCapability in experimental;
    if (!isAble) return;
    try {
      const uris: unknown = await connection.sendRequest(filesRequest, {});
      const texts = new Map<string, string | null>();
      for (const uri of Array.isArray(uris) ? uris : []) {
        if (typeof uri !== "string") continue;
        const text: unknown = await connection.sendRequest(readRequest, { uri });
        texts.set(keyOf(uri), typeof text === "string" ? text : null);
      }
      workspace.setRemote(texts);
    } catch (error) {
      host.log(`the client gave no files: ${error instanceof Error ? error.message : String(error)}`);
    }
  };

  connection.onInitialized(async () => {
    const { workspace: able } = client();
    const registered = (registration: Promise<unknown>): void => {
      registration.catch(() => host.log("the client did not register what it said it would"));
    };
    if (able?.didChangeConfiguration?.dynamicRegistration === true)
      registered(connection.client.register(DidChangeConfigurationNotification.type, { section: "uapi" }));
    if (able?.didChangeWatchedFiles?.dynamicRegistration === true) {
      isWatching = true;
      registered(
        connection.client.register(DidChangeWatchedFilesNotification.type, {
          watchers: [{ globPattern: "**/*.uapi" }],
        }),
      );
    }
    if (able?.workspaceFolders === true) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const gone = new Set(removed.map(({ uri }) => keyOf(uri)));
        setFolders([...folders.filter((uri) => !gone.has(uri)), ...added.map(({ uri }) => uri)]);
        readRemote().then(refresh, refresh);
      });
    }
    await Promise.all([askSettings(), readRemote()]);
    refresh();
  });

  connection.onDidChangeConfiguration(async (params?: { readonly settings?: unknown }) => {
    if (client().workspace?.configuration === true) await askSettings();
    else apply(params?.settings);
    refresh();
  });

  connection.onDidChangeWatchedFiles(async ({ changes }) => {
    for (const { uri } of changes) workspace.invalidate(keyOf(uri));
    if (changes.some(({ uri }) => !keyOf(uri).startsWith("file:"))) await readRemote();
    refresh();
  });

  connection.onDidSaveTextDocument(({ textDocument }) => {
    workspace.invalidate(keyOf(textDocument.uri));
    // Whoever is not told what changes on the disk looks again when somebody works on it.
    if (isWatching) return;
    workspace.invalidateAll();
    refresh();
  });

  return {
    initialize(params) {
      apply(params.initializationOptions);
      const { workspaceFolders, rootUri } = params;
      setFolders(workspaceFolders?.map(({ uri }) => uri) ?? (rootUri === null ? [] : [rootUri]));
    },
    async walk(each, isCancelled) {
      const open = [...documents.all()].map(({ key, uri, version }) => ({ key, uri, version }));
      const keys = new Set(open.map(({ key }) => key));
      const others = workspace.list().filter((key) => !keys.has(key));
      const all: Known[] = [...open, ...others.map((key) => ({ key, uri: uriOf(key), version: null }))];
      for (const document of all) {
        if (isCancelled()) return;
        each(document);
        await pause();
      }
    },
  };
}
