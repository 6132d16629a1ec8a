// What is around the documents: workspace folders, files, settings, and what the client says about their changes.

import {
  type ClientCapabilities,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  DidChangeWorkspaceFoldersNotification,
  type InitializeParams,
  MessageType,
  ShowMessageNotification,
} from "vscode-languageserver";
import type { Process } from "./connect.ts";
import type { Documents } from "./documents.ts";
import { scanProgress } from "./progress.ts";
import { filesCapability, filesRequest, readRequest } from "./protocol.ts";
import { pause } from "./schedule.ts";
import { parseSettings, type Settings } from "./settings.ts";
import { keyOf, uriOf } from "./uris.ts";
import type { Workspace } from "./workspace.ts";

export interface World {
  readonly initialize: (params: InitializeParams) => void;
  /** Whether what is known of the files is not yet what there is. */
  readonly isLoading: () => boolean;
  /** Calls `each` for every document of the workspace, open ones first; reads messages in between. */
  readonly walk: (each: (document: Known) => void, isCancelled: () => boolean) => Promise<void>;
}

export interface Known {
  readonly key: string;
  readonly uri: string;
  /** Null for a file that is not open. */
  readonly version: number | null;
}

interface Parts {
  readonly connection: Connection;
  readonly workspace: Workspace;
  readonly documents: Documents;
  readonly host: Process;
  readonly client: () => ClientCapabilities;
  readonly setSettings: (settings: Settings) => void;
  /** These files may be different now, or anything. */
  readonly changed: (keys: readonly string[] | "everything") => void;
}

/** Milliseconds that a client may take to list its files before diagnostics come without them. */
const patience = 5000;

export function watchWorld(parts: Parts): World {
  const { connection, workspace, documents, host, client, setSettings, changed } = parts;
  let folders: readonly string[] = [];
  let isWatching = false;
  let isLoading = false;
  let problems: readonly string[] = [];
  const reported = new Set<string>();

  const apply = (value: unknown): void => {
    const parsed = parseSettings(value);
    setSettings(parsed.settings);
    problems = parsed.problems;
  };

  /** Each bad value once, until it is right again. */
  const report = (): void => {
    for (const message of problems) {
      if (reported.has(message)) continue;
      connection
        .sendNotification(ShowMessageNotification.type, { type: MessageType.Warning, message })
        .catch(() => undefined);
    }
    reported.clear();
    for (const message of problems) reported.add(message);
  };

  const askSettings = async (): Promise<void> => {
    if (client().workspace?.configuration !== true) return;
    const value: unknown = await connection.workspace.getConfiguration({ section: "uapi" });
    // A client that has nothing under this name has said so in `initializationOptions`, if anywhere.
    if (value !== null && value !== undefined) apply(value);
  };

  const setFolders = (uris: readonly string[]): void => {
    folders = [...new Set(uris.map(keyOf))];
    workspace.setFolders(folders);
  };

  const canRead = (): boolean => {
    const experimental: unknown = client().experimental;
    return typeof experimental === "object" && experimental !== null && filesCapability in experimental;
  };

  /** What the client can read and the server cannot. */
  const readRemote = async (): Promise<void> => {
    if (!canRead()) return;
    const uris: unknown = await connection.sendRequest(filesRequest, {});
    const wanted = (Array.isArray(uris) ? uris : []).filter((uri): uri is string => typeof uri === "string");
    const texts = await Promise.all(
      wanted.map(async (uri): Promise<[string, string | null]> => {
        const text: unknown = await connection.sendRequest(readRequest, { uri });
        return [keyOf(uri), typeof text === "string" ? text : null];
      }),
    );
    workspace.setRemote(new Map(texts));
  };

  /** A client that never answers must not keep everybody from working. */
  const stopWaiting = (): void => {
    if (!isLoading) return;
    host.log("the client does not say which files there are; going on without them");
    isLoading = false;
    changed("everything");
  };

  /** Asks the client; whatever comes of it, what is known then is what counts. */
  const load = async (...questions: readonly (() => Promise<void>)[]): Promise<void> => {
    for (const result of await Promise.allSettled(questions.map((ask) => ask()))) {
      if (result.status === "rejected") host.log(`the client did not answer: ${String(result.reason)}`);
    }
    isLoading = false;
    changed("everything");
    report();
  };

  const registered = (registration: Promise<unknown>): void => {
    registration.catch(() => host.log("the client did not register what it said it would"));
  };

  connection.onInitialized(() => {
    const able = client().workspace;
    if (able?.didChangeConfiguration?.dynamicRegistration === true) {
      const options = { section: "uapi" };
      registered(connection.client.register(DidChangeConfigurationNotification.type, options));
    }
    if (able?.didChangeWatchedFiles?.dynamicRegistration === true) {
      isWatching = true;
      const options = { watchers: [{ globPattern: "**/*.uapi" }] };
      registered(connection.client.register(DidChangeWatchedFilesNotification.type, options));
    }
    return load(askSettings, readRemote);
  });

  connection.onDidChangeConfiguration((params?: { readonly settings?: unknown }) => {
    if (client().workspace?.configuration === true) return load(askSettings);
    apply(params?.settings);
    return load();
  });

  connection.onDidChangeWatchedFiles(async ({ changes }) => {
    const keys = changes.map(({ uri }) => keyOf(uri));
    workspace.invalidate(keys);
    if (canRead() && keys.some((key) => !workspace.isOnDisk(key))) await load(readRemote);
    else changed(keys);
  });

  connection.onDidSaveTextDocument(({ textDocument }) => {
    const key = keyOf(textDocument.uri);
    workspace.invalidate([key]);
    // Whoever is not told what changes on the disk looks again when somebody works on it.
    if (isWatching) return;
    workspace.invalidateAll();
    changed("everything");
  });

  return {
    initialize(params) {
      apply(params.initializationOptions);
      const { workspaceFolders, rootUri } = params;
      const root = typeof rootUri === "string" ? [rootUri] : [];
      setFolders(workspaceFolders?.map(({ uri }) => uri) ?? root);
      isLoading = canRead();
      if (isLoading) setTimeout(stopWaiting, patience);
      // In place of the library's own handler, which only those may use who said that they can.
      connection.onNotification(DidChangeWorkspaceFoldersNotification.type, ({ event }) => {
        const gone = new Set(event.removed.map(({ uri }) => keyOf(uri)));
        setFolders([...folders.filter((uri) => !gone.has(uri)), ...event.added.map(({ uri }) => uri)]);
        return load(readRemote);
      });
    },
    isLoading: () => isLoading,
    async walk(each, isCancelled) {
      const open = [...documents.all()].map(({ key, uri, version }) => ({ key, uri, version }));
      const keys = new Set(open.map(({ key }) => key));
      const others = workspace.list().filter((key) => !keys.has(key));
      const all: Known[] = [...open, ...others.map((key) => ({ key, uri: uriOf(key), version: null }))];
      const progress = scanProgress(connection, client(), all.length);
      try {
        for (const [index, document] of all.entries()) {
          if (isCancelled()) return;
          each(document);
          progress.done(index + 1);
          await pause();
        }
      } finally {
        progress.end();
      }
    },
  };
}
