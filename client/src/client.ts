// The language server as the rest of the extension sees it: started when somebody needs it, and again when it died.
// What a desktop and a browser do differently is given by the entries.

import { type ExtensionContext, type LogOutputChannel, type TextDocument, window, workspace } from "vscode";
import {
  type BaseLanguageClient,
  CloseAction,
  type ErrorHandler,
  type LanguageClientOptions,
  type Middleware,
  State,
  type StaticFeature,
} from "vscode-languageclient";
import {
  commandsCapability,
  compareScheme,
  filesCapability,
  pageScheme,
} from "../../server/src/lsp/protocol.ts";
import { answerFiles } from "./files.ts";
import { linksThatOpen, opensByLink } from "./markdown.ts";

export type CreateClient = (
  id: string,
  name: string,
  options: LanguageClientOptions,
) => Promise<BaseLanguageClient> | BaseLanguageClient;

export type Health = "off" | "starting" | "running" | "stopped";

export interface Server {
  /** Starts the server unless it runs; resolves when it can be asked. */
  readonly start: () => Promise<BaseLanguageClient>;
  /** Also after it has stopped for good. */
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly health: () => Health;
  readonly onHealth: (listener: (health: Health) => void) => { dispose(): void };
  readonly log: LogOutputChannel;
}

/** Documents of these schemes are old versions or pages of ours: they are shown, not worked on. */
const shownOnly = new Set([
  pageScheme,
  compareScheme,
  "git",
  "gitfs",
  "scm-history-item",
  "chat-editing-text-model",
  "output",
]);

export const isWorkedOn = ({ languageId, uri }: TextDocument): boolean =>
  (languageId === "uapi" || languageId === "markdown") && !shownOnly.has(uri.scheme);

/** A server that dies this often within three minutes stays down until somebody restarts it. */
const crashLimit = 5;
const crashWindow = 3 * 60_000;

export function createServer(context: ExtensionContext, create: CreateClient): Server {
  const log = window.createOutputChannel("uAPI proposals", { log: true });
  context.subscriptions.push(log);
  const listeners = new Set<(health: Health) => void>();
  let client: BaseLanguageClient | null = null;
  let starting: Promise<BaseLanguageClient> | null = null;
  let state: Health = "off";

  const setHealth = (health: Health): void => {
    state = health;
    for (const listener of listeners) listener(health);
  };

  const make = async (): Promise<BaseLanguageClient> => {
    const made = await create("uapi", "uAPI proposals", {
      documentSelector: [{ language: "uapi" }, { language: "markdown" }],
      outputChannel: log,
      errorHandler: restartPolicy(() => setHealth("stopped")),
      markdown: { isTrusted: { enabledCommands: opensByLink }, supportHtml: false },
      middleware: middleware(),
    });
    made.registerFeature(ownAbilities);
    made.onDidChangeState(({ newState }) => {
      if (newState === State.Running) setHealth("running");
      else if (newState === State.Starting) setHealth("starting");
      else if (state !== "stopped") setHealth("off");
    });
    answerFiles(made);
    return made;
  };

  const start = (): Promise<BaseLanguageClient> => {
    starting ??= (async () => {
      setHealth("starting");
      client ??= await make();
      try {
        await client.start();
      } catch (error) {
        starting = null;
        setHealth("stopped");
        throw error;
      }
      return client;
    })();
    return starting;
  };

  const stop = async (): Promise<void> => {
    await starting?.catch(() => undefined);
    starting = null;
    if (client?.needsStop()) await client.stop();
  };

  return {
    start,
    stop,
    restart: async () => {
      await stop();
      await start();
    },
    health: () => state,
    onHealth(listener) {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
    log,
  };
}

/**
 * Tells the server that it may name the extension's commands, and ask for the workspace's files; it reads those on a
 * disk itself, and sooner.
 */
const ownAbilities: StaticFeature = {
  fillClientCapabilities(capabilities) {
    capabilities.experimental = { ...capabilities.experimental, [commandsCapability]: true };
    const folders = workspace.workspaceFolders ?? [];
    if (folders.length > 0 && folders.every(({ uri }) => uri.scheme === "file")) return;
    capabilities.experimental[filesCapability] = true;
  },
  initialize: () => undefined,
  getState: () => ({ kind: "static" }),
  clear: () => undefined,
};

/** Restarts at once and quietly; what is typed is in the editor, and the server gets it again. */
function restartPolicy(gaveUp: () => void): ErrorHandler {
  const crashes: number[] = [];
  return {
    error: (_error, _message, count) => ({ action: (count ?? 0) <= 3 ? 1 : 2, handled: true }),
    closed() {
      const now = Date.now();
      crashes.push(now);
      while (crashes[0] !== undefined && now - crashes[0] > crashWindow) crashes.shift();
      if (crashes.length < crashLimit) return { action: CloseAction.Restart, handled: true };
      crashes.length = 0;
      gaveUp();
      return {
        action: CloseAction.DoNotRestart,
        message: `the language server ended ${crashLimit} times within three minutes and stays down; “uAPI: Restart Server” starts it again`,
      };
    },
  };
}

function middleware(): Middleware {
  return {
    didOpen: async (document, next) => (isWorkedOn(document) ? next(document) : undefined),
    didChange: async (event, next) => (isWorkedOn(event.document) ? next(event) : undefined),
    didClose: async (document, next) => (isWorkedOn(document) ? next(document) : undefined),
    didSave: async (document, next) => (isWorkedOn(document) ? next(document) : undefined),
    provideHover: async (document, position, token, next) =>
      linksThatOpen(await next(document, position, token)),
  };
}
