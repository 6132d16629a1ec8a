// An editor for tests: speaks the protocol with a server in the same process, over streams, or with the built one as a
// process. Waits for what the server says, never for a time. Every message is kept, and shown when a wait is in vain.

import { type ChildProcess, fork, spawn } from "node:child_process";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import type {
  ClientCapabilities,
  Diagnostic,
  InitializeParams,
  InitializeResult,
  MessageReader,
  MessageWriter,
  PublishDiagnosticsParams,
  TextDocumentContentChangeEvent,
} from "vscode-languageserver";
import {
  IPCMessageReader,
  IPCMessageWriter,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";
import { createServer, type Host, type Server } from "../../server/src/lsp/server.ts";

export const serverFile = fileURLToPath(new URL("../../dist/node/server.cjs", import.meta.url));

export interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

export class ResponseError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export interface Client {
  /** `initialize` and `initialized`. Without capabilities the client is one that can nothing special. */
  readonly initialize: (params?: Partial<InitializeParams>) => Promise<InitializeResult>;
  /** Version 1, unless something else is said. */
  readonly open: (uri: string, text: string, more?: { languageId?: string; version?: number }) => void;
  /** The next version; gives it. A text replaces the whole. */
  readonly change: (uri: string, changes: readonly TextDocumentContentChangeEvent[] | string) => number;
  readonly close: (uri: string) => void;
  /** Throws ResponseError. `id` is given to those who want to cancel. */
  readonly request: <T>(method: string, params?: unknown, id?: (id: number) => void) => Promise<T>;
  readonly notify: (method: string, params?: unknown) => void;
  /** Any message, as it is. */
  readonly send: (message: unknown) => void;
  /** What is published for a document from now on or was already, of this version or a newer one. */
  readonly published: (uri: string, version?: number) => Promise<PublishDiagnosticsParams>;
  /** The last that was published; [] when nothing was. */
  readonly diagnostics: (uri: string) => readonly Diagnostic[];
  /** The first message, old or new, that fits. */
  readonly waitFor: (fits: (message: Message) => boolean) => Promise<Message>;
  /** Until this holds: looked at now, and behind every message. */
  readonly until: (holds: () => boolean) => Promise<void>;
  /** Answers requests of the server from now on; the default answers are those of an editor that does nothing. */
  readonly answer: (method: string, handler: (params: unknown) => unknown) => void;
  /** All that came from the server, in order. */
  readonly received: readonly Message[];
  /** What the server wrote into its log. */
  readonly log: readonly string[];
  /** `shutdown` and `exit`; gives the exit status. */
  readonly shutdown: () => Promise<number>;
  /** The exit status, when the server ends. */
  readonly exited: Promise<number>;
}

export interface ProcessClient extends Client {
  readonly child: ChildProcess;
}

export interface MemoryClient extends Client {
  readonly server: Server;
}

/** A server in this process. */
export function memoryClient(host: Partial<Host> = {}): MemoryClient {
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  const log: string[] = [];
  let exit: (code: number) => void = () => undefined;
  const exited = new Promise<number>((resolve) => {
    exit = resolve;
  });
  const server = createServer(new StreamMessageReader(toServer), new StreamMessageWriter(toClient), {
    version: "test",
    disk: null,
    log: (message) => void log.push(message),
    exit: (code) => exit(code),
    watch: () => undefined,
    ...host,
  });
  const [reader, writer] = [new StreamMessageReader(toClient), new StreamMessageWriter(toServer)];
  return { ...clientOf(reader, writer, log, exited), server };
}

/** The built server as a process of its own: `npm run build` comes first. */
export function processClient(
  argv: readonly string[] = [serverFile, "--stdio"],
  cwd: string = process.cwd(),
): ProcessClient {
  const child = spawn(process.execPath, argv, { cwd, stdio: ["pipe", "pipe", "pipe"] });
  const log: string[] = [];
  child.stderr.on("data", (chunk) => log.push(String(chunk)));
  child.stdin.on("error", () => undefined);
  const exited = new Promise<number>((resolve) => child.on("close", (code) => resolve(code ?? -1)));
  const [reader, writer] = [new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin)];
  return { ...clientOf(reader, writer, log, exited), child };
}

/** The same, over the channel that Node has to its children, as VS Code talks to servers. */
export function ipcClient(): ProcessClient {
  const child = fork(serverFile, ["--node-ipc"], { stdio: ["ignore", "ignore", "pipe", "ipc"] });
  const log: string[] = [];
  child.stderr?.on("data", (chunk) => log.push(String(chunk)));
  const exited = new Promise<number>((resolve) => child.on("exit", (code) => resolve(code ?? -1)));
  return { ...clientOf(new IPCMessageReader(child), new IPCMessageWriter(child), log, exited), child };
}

function clientOf(
  reader: MessageReader,
  writer: MessageWriter,
  log: readonly string[],
  exited: Promise<number>,
): Client {
  const received: Message[] = [];
  const waiting = new Set<{ fits: (message: Message) => boolean; found: (message: Message) => void }>();
  const answers = new Map<string, (params: unknown) => unknown>();
  const versions = new Map<string, number>();
  const last = new Map<string, PublishDiagnosticsParams>();
  let count = 0;

  const send = (message: unknown): void => {
    writer.write(message as Parameters<typeof writer.write>[0]).catch(() => undefined);
  };
  answers.set("workspace/configuration", (params) => (params as { items: unknown[] }).items.map(() => null));

  reader.listen((incoming) => {
    const message = incoming as Message;
    received.push(message);
    if (message.method === "textDocument/publishDiagnostics") {
      const params = message.params as PublishDiagnosticsParams;
      last.set(params.uri, params);
    }
    if (message.method !== undefined && message.id !== undefined) {
      const { id, method, params } = message;
      Promise.resolve(answers.get(method)?.(params) ?? null).then((result) =>
        send({ jsonrpc: "2.0", id, result }),
      );
    }
    for (const wait of [...waiting]) {
      if (!wait.fits(message)) continue;
      waiting.delete(wait);
      wait.found(message);
    }
  });

  const waitFor: Client["waitFor"] = (fits) => {
    const known = received.find(fits);
    if (known !== undefined) return Promise.resolve(known);
    return new Promise((resolve, reject) => {
      const wait = { fits, found: resolve };
      waiting.add(wait);
      exited.then((status) => {
        if (!waiting.delete(wait)) return;
        const shown = [
          ...received.slice(-20).map((message) => JSON.stringify(message).slice(0, 500)),
          ...log,
        ];
        reject(new Error(`the server ended (${status}) before it said that:\n${shown.join("\n")}`));
      });
    });
  };

  const request: Client["request"] = async (method, params, tell) => {
    const id = ++count;
    const answered = waitFor((message) => message.id === id && message.method === undefined);
    send({ jsonrpc: "2.0", id, method, ...(params === undefined ? {} : { params }) });
    tell?.(id);
    const { error, result } = await answered;
    if (error !== undefined) throw new ResponseError(error.code, error.message);
    return result as never;
  };
  const notify: Client["notify"] = (method, params) =>
    send({ jsonrpc: "2.0", method, ...(params === undefined ? {} : { params }) });

  return {
    async initialize(params = {}) {
      const defaults = { processId: null, rootUri: null, capabilities: {} };
      const result = await request<InitializeResult>("initialize", { ...defaults, ...params });
      notify("initialized", {});
      return result;
    },
    open(uri, text, { languageId = "uapi", version = 1 } = {}) {
      versions.set(uri, version);
      notify("textDocument/didOpen", { textDocument: { uri, languageId, version, text } });
    },
    change(uri, changes) {
      const version = (versions.get(uri) ?? 0) + 1;
      versions.set(uri, version);
      const contentChanges = typeof changes === "string" ? [{ text: changes }] : changes;
      notify("textDocument/didChange", { textDocument: { uri, version }, contentChanges });
      return version;
    },
    close: (uri) => notify("textDocument/didClose", { textDocument: { uri } }),
    request,
    notify,
    send,
    async published(uri, version = versions.get(uri) ?? 0) {
      const fits = (params: PublishDiagnosticsParams | undefined): boolean =>
        params?.uri === uri && (params.version ?? -1) >= version;
      const known = last.get(uri);
      if (known !== undefined && fits(known)) return known;
      const message = await waitFor(
        ({ method, params }) =>
          method === "textDocument/publishDiagnostics" && fits(params as PublishDiagnosticsParams),
      );
      return message.params as PublishDiagnosticsParams;
    },
    diagnostics: (uri) => last.get(uri)?.diagnostics ?? [],
    waitFor,
    async until(holds) {
      if (!holds()) await waitFor(holds);
    },
    answer: (method, handler) => void answers.set(method, handler),
    received,
    log,
    async shutdown() {
      await request("shutdown");
      notify("exit");
      return exited;
    },
    exited,
  };
}

/** What an editor can that can everything this server makes use of. */
export const ableClient: ClientCapabilities = {
  general: { positionEncodings: ["utf-16"] },
  window: { workDoneProgress: true, showDocument: { support: true } },
  workspace: {
    applyEdit: true,
    configuration: true,
    workspaceFolders: true,
    workspaceEdit: { documentChanges: true },
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
    codeLens: { refreshSupport: true },
    inlayHint: { refreshSupport: true },
    semanticTokens: { refreshSupport: true },
  },
  textDocument: {
    publishDiagnostics: {
      relatedInformation: true,
      versionSupport: true,
      codeDescriptionSupport: true,
      dataSupport: true,
      tagSupport: { valueSet: [1, 2] },
    },
    hover: { contentFormat: ["markdown", "plaintext"] },
    completion: {
      completionItem: {
        snippetSupport: true,
        documentationFormat: ["markdown", "plaintext"],
        labelDetailsSupport: true,
        insertReplaceSupport: true,
        resolveSupport: { properties: ["documentation", "detail"] },
      },
      contextSupport: true,
    },
    signatureHelp: {
      signatureInformation: {
        documentationFormat: ["markdown", "plaintext"],
        parameterInformation: { labelOffsetSupport: true },
        activeParameterSupport: true,
      },
    },
    codeAction: {
      codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix", "refactor", "source"] } },
      isPreferredSupport: true,
      dataSupport: true,
      resolveSupport: { properties: ["edit"] },
    },
    codeLens: {},
    documentLink: { tooltipSupport: true },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    definition: { linkSupport: true },
    rename: { prepareSupport: true },
    foldingRange: {},
    selectionRange: {},
    inlayHint: { resolveSupport: { properties: [] } },
    semanticTokens: {
      requests: { range: true, full: { delta: true } },
      tokenTypes: [
        ...[
          "namespace",
          "type",
          "class",
          "enum",
          "interface",
          "struct",
          "typeParameter",
          "parameter",
          "variable",
        ],
        ...[
          "property",
          "enumMember",
          "event",
          "function",
          "method",
          "macro",
          "keyword",
          "modifier",
          "comment",
        ],
        ...["string", "number", "regexp", "operator", "decorator"],
      ],
      tokenModifiers: ["declaration", "definition", "readonly", "static", "deprecated", "defaultLibrary"],
      formats: ["relative"],
    },
  },
};
