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
import { createSession } from "../analysis/session.ts";
import type { Finding } from "../base/finding.ts";
import { connect, type Process } from "./connect.ts";
import type { Context, Spot, Target } from "./context.ts";
import { type Abilities, diagnosticsOf } from "./convert.ts";
import { createDocuments, type Documents, type OpenDocument, sizeLimit } from "./documents.ts";
import { createPlaces } from "./places.ts";
import { chooseEncoding, type Encoding, offsetAt } from "./positions.ts";
import { createPublisher } from "./publish.ts";
import { registerPull } from "./pull.ts";
import { features } from "./requests/index.ts";
import { defaultSettings, type Settings } from "./settings.ts";
import { createViews } from "./views.ts";
import { createWorkspace, type Disk } from "./workspace.ts";
import { watchWorld } from "./world.ts";

export interface Host extends Process {
  readonly version: string;
  /** Null in a browser: files come from the client then. */
  readonly disk: Disk | null;
}

export interface Server {
  readonly documents: Documents;
}

export function createServer(reader: MessageReader, writer: MessageWriter, host: Host): Server {
  const { connection, waitingEdits } = connect(reader, writer, host);
  let client: ClientCapabilities = {};
  let encoding: Encoding = "utf-16";
  let settings: Settings = defaultSettings;
  let isPulling = false;
  let abilities: Abilities & { readonly version: boolean } = {
    relatedInformation: false,
    codeDescription: false,
    tags: false,
    version: false,
  };

  const workspace = createWorkspace(host.disk, () => [...documents.all()].map(({ key }) => key));
  const session = createSession(workspace.files);
  const documents = createDocuments(session, () => encoding);
  const views = createViews(session, workspace);
  const places = createPlaces(
    documents,
    workspace,
    () => encoding,
    () => client,
  );

  const convert = (findings: readonly Finding[]) =>
    diagnosticsOf(findings, {
      abilities,
      settings,
      range: (place) => places.range(place.uri, place),
      location: places.location,
    });

  const findingsOf = ({ key, text, parts }: OpenDocument): readonly Finding[] => {
    if (text.length > sizeLimit) return [tooLarge(key, text.length)];
    const [first, ...more] = parts;
    if (first === undefined) return [];
    const own = views.view(first.key)?.analysis.findings ?? [];
    return more.length === 0
      ? own
      : [...own, ...more.flatMap((part) => views.view(part.key)?.analysis.findings ?? [])];
  };

  const publisher = createPublisher({
    documents,
    waitingEdits,
    diagnose: (document) => convert(findingsOf(document)),
    send({ uri, version }, diagnostics) {
      if (isPulling) return;
      const params = { uri, diagnostics: [...diagnostics] };
      connection.sendDiagnostics(abilities.version ? { ...params, version } : params).catch(() => undefined);
    },
    failed: (document, error) =>
      host.log(`${document.uri}: ${error instanceof Error ? error.stack : String(error)}`),
  });

  /** Texts with these keys are not what they were. */
  const changed = (document: OpenDocument, before: OpenDocument | undefined): void => {
    const parts = new Set([...(before?.parts ?? []), ...document.parts].map(({ key }) => key));
    const others = new Set([...parts, document.key].flatMap((key) => views.changed(key)));
    const open = [...others].flatMap((key) => documents.get(key.replace(/#uapi-\d+$/, ""))?.key ?? []);
    if (isPulling) return;
    publisher.changed([document.key, ...open]);
  };

  const refresh = (): void => {
    views.changedAll();
    if (!isPulling) publisher.changedAll();
    else if (client.workspace?.diagnostics?.refreshSupport === true)
      connection.languages.diagnostics.refresh().catch(() => undefined);
  };

  const context: Context = {
    connection,
    get client() {
      return client;
    },
    settings: () => settings,
    spot({ uri }, position): Spot | null {
      const document = documents.get(uri);
      if (document === undefined) return null;
      const offset = offsetAt(document, position, encoding);
      const part = document.parts.find(({ start, end }) => start <= offset && offset <= end);
      const view = part === undefined ? null : views.view(part.key);
      return view === null ? null : { uri: document.uri, version: document.version, view, offset };
    },
    targets: ({ uri }) => {
      const document = documents.get(uri);
      return document === undefined ? [] : targetsOf(document);
    },
    workspace: (token) => everything(token),
    ...places,
  };

  function targetsOf(document: OpenDocument): Target[] {
    return document.parts.flatMap(({ key }) => {
      const view = views.view(key);
      return view === null ? [] : [{ uri: document.uri, version: document.version, view }];
    });
  }

  async function everything(token?: CancellationToken): Promise<readonly Target[]> {
    const found: Target[] = [];
    await world.walk(
      ({ key, uri, version }) => {
        const document = documents.get(key);
        if (document !== undefined) found.push(...targetsOf(document));
        else {
          const view = views.view(key);
          if (view !== null) found.push({ uri, version: version ?? 0, view });
        }
      },
      () => token?.isCancellationRequested === true,
    );
    return found;
  }

  const world = watchWorld({
    connection,
    workspace,
    documents,
    refresh,
    host,
    client: () => client,
    settings: (parsed) => {
      settings = parsed;
    },
  });

  connection.onInitialize((params): InitializeResult => {
    client = params.capabilities;
    encoding = chooseEncoding(client.general?.positionEncodings);
    const { publishDiagnostics, diagnostic } = client.textDocument ?? {};
    isPulling = diagnostic !== undefined;
    abilities = {
      relatedInformation: (isPulling ? diagnostic : publishDiagnostics)?.relatedInformation === true,
      codeDescription: (isPulling ? diagnostic : publishDiagnostics)?.codeDescriptionSupport === true,
      tags:
        (isPulling ? diagnostic : publishDiagnostics)?.tagSupport?.valueSet?.includes(
          DiagnosticTag.Unnecessary,
        ) === true,
      version: publishDiagnostics?.versionSupport === true,
    };
    world.initialize(params);
    return { capabilities: capabilitiesOf(), serverInfo: { name: "uapi", version: host.version } };
  });

  function capabilitiesOf(): ServerCapabilities {
    const own: ServerCapabilities = {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      ...(client.general?.positionEncodings === undefined ? {} : { positionEncoding: encoding }),
      ...(isPulling
        ? {
            diagnosticProvider: {
              identifier: "uapi",
              interFileDependencies: true,
              workspaceDiagnostics: true,
            },
          }
        : {}),
    };
    for (const { capabilities } of features) merge(own, capabilities(client));
    return own;
  }

  connection.onDidOpenTextDocument(({ textDocument }) => {
    const before = documents.get(textDocument.uri);
    changed(documents.open(textDocument), before);
  });
  connection.onDidChangeTextDocument(({ textDocument, contentChanges }) => {
    const before = documents.get(textDocument.uri);
    const document = documents.change(textDocument.uri, textDocument.version, contentChanges);
    if (document === undefined)
      host.log(`${textDocument.uri} was changed and is not open; the change was ignored`);
    else changed(document, before);
  });
  connection.onDidCloseTextDocument(({ textDocument }) => {
    const document = documents.close(textDocument.uri);
    if (document === undefined) return;
    pulled?.forget(document.key);
    publisher.closed(document);
    // What depended on the text depends on the file now.
    workspace.invalidate(document.key);
    const others = document.parts.flatMap(({ key }) => views.changed(key));
    if (!isPulling) publisher.changed(others.filter((key) => documents.get(key) !== undefined));
  });

  const pulled = registerPull(connection, {
    diagnose(key) {
      const document = documents.get(key);
      if (document !== undefined) return convert(findingsOf(document));
      const loaded = workspace.files.read(key);
      if (!loaded.ok) return convert(session.analyse(key).findings);
      return convert(views.view(key)?.analysis.findings ?? []);
    },
    walk: (each, isCancelled) => world.walk(each, isCancelled),
  });

  for (const { register } of features) register(context);
  connection.listen();
  return { documents };
}

function tooLarge(uri: string, length: number): Finding {
  const message = `this text has ${(length / 1024 / 1024).toFixed(1)} million characters, the limit is ${sizeLimit / 1024 / 1024}`;
  return {
    code: "too-large",
    severity: "error",
    uri,
    start: 0,
    end: 0,
    message,
    related: [],
    help: [],
    notes: [],
  };
}

/** Options of two features for the same place are joined. */
function merge(into: ServerCapabilities, from: Partial<ServerCapabilities>): void {
  const target: Record<string, unknown> = Object.assign(into);
  for (const [name, value] of Object.entries(from)) {
    const known = target[name];
    target[name] = isObject(known) && isObject(value) ? { ...known, ...value } : value;
  }
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);
