// The language server: documents and settings come in, diagnostics and the answers of the features go out. Joins the
// parts; each of them is in a file of its own. Runs in Node and in a worker: what differs comes in through `Host`.

import {
  type CancellationToken,
  type ClientCapabilities,
  DiagnosticTag,
  type InitializeResult,
  type MessageReader,
  type MessageWriter,
  type ServerCapabilities,
  TextDocumentSyncKind,
} from "vscode-languageserver";
import { createSession, type Options } from "../analysis/session.ts";
import type { Finding, Place } from "../base/finding.ts";
import { connect, type Process } from "./connect.ts";
import type { Context } from "./context.ts";
import { type Abilities, diagnosticsOf } from "./convert.ts";
import { createDocuments, type Documents, type OpenDocument } from "./documents.ts";
import { createFindings } from "./findings.ts";
import { createPlaces } from "./places.ts";
import { chooseEncoding, type Encoding, offsetAt } from "./positions.ts";
import type { StartWorker } from "./proofs.ts";
import { createPublisher } from "./publish.ts";
import { registerPull } from "./pull.ts";
import { features } from "./requests/index.ts";
import { defaultSettings, type Settings } from "./settings.ts";
import { documentOf, keyOf } from "./uris.ts";
import { createVerifying } from "./verifying.ts";
import { createViews } from "./views.ts";
import { createWorkspace, type Disk } from "./workspace.ts";
import { watchWorld } from "./world.ts";

export interface Host extends Process {
  readonly version: string;
  /** Null in a browser: files come from the client then. */
  readonly disk: Disk | null;
  /** The uri of the folder with the shipped proposals, for a client that can show files only. */
  readonly proposals?: string | null;
  /** Starts a worker that explores; null, or none, where there cannot be one. */
  readonly startProver?: StartWorker;
  /** Milliseconds since 1970; of the system unless a test has its own. */
  readonly now?: () => number;
  /** What the build knows of the shipped proposals. */
  readonly prepared?: Options["prepared"];
}

export interface Server {
  readonly documents: Documents;
  /** Analysed documents that are remembered, open or not. */
  readonly retained: () => number;
}

/** What is not known before `initialize`. */
interface Agreed {
  readonly client: ClientCapabilities;
  readonly encoding: Encoding;
  readonly abilities: Abilities;
  /** The client asks for diagnostics itself. */
  readonly isPulling: boolean;
  readonly takesVersions: boolean;
}

/** What is done at once. First what fills some screens, so that it is there at once; later what a key can wait for. */
const turns = {
  first: { steps: 500, findings: 200 },
  later: { steps: 500, findings: Number.POSITIVE_INFINITY },
} as const;

export function createServer(reader: MessageReader, writer: MessageWriter, host: Host): Server {
  const { connection, waitingEdits, requests } = connect(reader, writer, host);
  let agreed = agreeOn({});
  let settings: Settings = defaultSettings;
  const encoding = (): Encoding => agreed.encoding;
  const client = (): ClientCapabilities => agreed.client;

  const workspace = createWorkspace(host.disk, () => [...documents.all()].map(({ key }) => key));
  const session = createSession(workspace.files, { prepared: host.prepared ?? null });
  const documents = createDocuments(session, encoding);
  const views = createViews(session, workspace);
  const places = createPlaces(documents, workspace, encoding, client, () => host.proposals ?? null);
  const verifying = createVerifying({
    connection,
    host,
    client,
    documents,
    settings: () => settings,
    views: (key) => findings.views(key),
    isBehind: () => waitingEdits() > 0,
    requests,
    changed: (key) => (agreed.isPulling ? askToPull() : publisher.changed([key])),
  });
  const findings = createFindings(session, documents, views, workspace, verifying.findings);

  const convert = (found: readonly Finding[], rest: Place | null = null) =>
    diagnosticsOf(
      found,
      {
        abilities: agreed.abilities,
        settings,
        range: (place) => places.range(place.uri, place),
        location: places.location,
      },
      rest,
    );

  const publisher = createPublisher({
    documents,
    isBehind: () => waitingEdits() > 0,
    isLoading: () => world.isLoading(),
    advance: (document, turn) => findings.advance(document, { ...turns[turn] }),
    diagnose(document, withHints) {
      if (withHints) return convert(findings.open(document, true));
      const { findings: known, rest } = findings.soFar(document);
      return convert(known, rest);
    },
    // Only what the client is told: not every one can show them.
    hasHints: (document) => convert(findings.hints(document)).length > 0,
    send({ uri, version }, diagnostics) {
      const params = { uri, diagnostics: [...diagnostics] };
      const message = agreed.takesVersions ? { ...params, version } : params;
      connection.sendDiagnostics(message).catch(() => undefined);
    },
    failed(document, error) {
      host.log(`${document.uri}: ${error instanceof Error ? error.stack : String(error)}`);
      const message = "an internal error kept this text from being analysed: please report it with the text";
      const at = { line: 0, character: 0 };
      return [{ range: { start: at, end: at }, severity: 1, source: "uapi", message }];
    },
  });

  /** These texts are not what they were; `first` are the documents that somebody works on. */
  const changed = (keys: Iterable<string>, first: readonly string[] = []): void => {
    const others = new Set<string>();
    for (const key of keys) for (const other of views.changed(key)) others.add(documentOf(other));
    verifying.attend([...first, ...others]);
    if (!agreed.isPulling) publisher.changed([...first, ...others].filter(isOpen));
    // For the document that is typed in the client asks by itself, for one in front that depends on it it does not.
    else if (first.length === 0 || [...others].some((key) => !first.includes(key) && isOpen(key)))
      askToPull();
  };

  const isOpen = (key: string): boolean => documents.get(key) !== undefined;

  const askToPull = (): void => {
    if (client().workspace?.diagnostics?.refreshSupport === true)
      connection.languages.diagnostics.refresh().catch(() => undefined);
  };

  const world = watchWorld({
    connection,
    workspace,
    documents,
    host,
    client,
    setSettings(value) {
      const before = settings.verify;
      settings = value;
      if (JSON.stringify(before) !== JSON.stringify(value.verify)) verifying.restart();
    },
    changed(keys) {
      if (keys !== "everything") return changed(keys);
      views.changedAll();
      verifying.attend([...documents.all()].map(({ key }) => key));
      if (agreed.isPulling) askToPull();
      else publisher.changedAll();
    },
  });

  const context: Context = {
    connection,
    get client() {
      return agreed.client;
    },
    settings: () => settings,
    spot({ uri }, position) {
      const document = documents.get(uri);
      if (document === undefined) return null;
      const offset = offsetAt(document, position, encoding());
      const part = document.parts.find(({ start, end }) => start <= offset && offset <= end);
      const view = part === undefined ? null : views.view(part.key);
      return view === null ? null : { uri: document.uri, version: document.version, view, offset };
    },
    targets({ uri }) {
      const document = documents.get(uri);
      if (document === undefined) return [];
      const { version } = document;
      return findings.views(document.key).map((view) => ({ uri: document.uri, version, view }));
    },
    async settled(document, token) {
      await Promise.race([publisher.settled(keyOf(document.uri)), cancelled(token)]);
      return token.isCancellationRequested ? [] : context.targets(document);
    },
    async workspace(token) {
      const found = new Map<string, { uri: string; version: number }>();
      await world.walk(
        ({ key, uri, version }) => {
          findings.views(key);
          found.set(key, { uri, version: version ?? 0 });
        },
        () => token?.isCancellationRequested === true,
      );
      // As it is now: something may have been typed in the meantime.
      return [...found].flatMap(([key, known]) => {
        const { uri, version } = documents.get(key) ?? known;
        return findings.views(key).map((view) => ({ uri, version, view }));
      });
    },
    files: {
      ...workspace.files,
      read(uri) {
        const document = session.opened(uri);
        return document === undefined ? workspace.files.read(uri) : { ok: true, text: document.text };
      },
    },
    blocks: verifying.blocks,
    decided: verifying.findings,
    now: verifying.now,
    ...places,
  };

  connection.onInitialize((params): InitializeResult => {
    agreed = agreeOn(params.capabilities);
    world.initialize(params);
    return { capabilities: capabilitiesFor(agreed), serverInfo: { name: "uapi", version: host.version } };
  });

  connection.onDidOpenTextDocument(({ textDocument }) => {
    const before = documents.get(textDocument.uri);
    told(before, documents.open(textDocument));
  });
  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
    const before = documents.get(uri);
    const document = documents.change(uri, version, contentChanges);
    if (document === undefined) host.log(`${uri} is changed and was not opened; the change is ignored`);
    else told(before, document);
  });
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    const document = documents.close(uri);
    if (document === undefined) return;
    for (const { key } of document.parts) views.forget(key);
    pulled.forget(document.key);
    if (!agreed.isPulling) publisher.closed(document);
    // What depended on the text depends on the file now.
    workspace.invalidate([document.key]);
    changed([document.key]);
  });

  function told(before: OpenDocument | undefined, now: OpenDocument): void {
    const gone = (before?.parts ?? []).filter(({ key }) => !now.parts.some((part) => part.key === key));
    for (const { key } of gone) views.forget(key);
    changed([now.key, ...now.parts.map(({ key }) => key)], [now.key]);
  }

  const pulled = registerPull(connection, {
    diagnose: (key) => convert(findings.newest(key)),
    walk: world.walk,
  });
  for (const { register } of features) register(context);
  connection.listen();
  return { documents, retained: views.count };
}

const cancelled = (token: CancellationToken): Promise<void> =>
  new Promise((done) => void token.onCancellationRequested(() => done()));

function agreeOn(client: ClientCapabilities): Agreed {
  const { publishDiagnostics, diagnostic } = client.textDocument ?? {};
  // Before 3.18 a client that asks says under `publishDiagnostics` what it can show.
  const own = { ...publishDiagnostics, ...diagnostic };
  return {
    client,
    encoding: chooseEncoding(client.general?.positionEncodings),
    abilities: {
      relatedInformation: own.relatedInformation === true,
      codeDescription: own.codeDescriptionSupport === true,
      tags: own.tagSupport?.valueSet?.includes(DiagnosticTag.Unnecessary) === true,
    },
    isPulling: diagnostic !== undefined,
    takesVersions: publishDiagnostics?.versionSupport === true,
  };
}

function capabilitiesFor({ client, encoding, isPulling }: Agreed): ServerCapabilities {
  const all: ServerCapabilities = {
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
  };
  if (client.general?.positionEncodings !== undefined) all.positionEncoding = encoding;
  if (client.workspace?.workspaceFolders === true)
    all.workspace = { workspaceFolders: { supported: true, changeNotifications: true } };
  if (isPulling)
    all.diagnosticProvider = {
      identifier: "uapi",
      interFileDependencies: true,
      workspaceDiagnostics: true,
    };
  return features.reduce((sum, { capabilities }) => joined(sum, capabilities(client)), all);
}

/** Options of two features for the same place are joined. */
function joined(a: ServerCapabilities, b: Partial<ServerCapabilities>): ServerCapabilities {
  const both = Object.entries(b).map(([name, value]) => {
    const known: unknown = Reflect.get(a, name);
    return [name, isObject(known) && isObject(value) ? { ...known, ...value } : value];
  });
  return { ...a, ...Object.fromEntries(both) };
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);
