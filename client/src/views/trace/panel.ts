// The trace view: a panel beside the editor with the state behind the step at the cursor. This side asks the server and
// tells the page; it draws nothing. What the page shows is always of the text as it is: at a keystroke it is withdrawn.

import {
  commands,
  type ExtensionContext,
  env,
  OverviewRulerLane,
  Position,
  Range,
  Selection,
  type TextDocument,
  type TextEditor,
  TextEditorRevealType,
  ThemeColor,
  Uri,
  ViewColumn,
  type WebviewPanel,
  window,
  workspace,
} from "vscode";
import {
  type Trace,
  type TraceParams,
  type TraceText,
  traceRequest,
  traceTextRequest,
} from "../../../../server/src/lsp/protocol.ts";
import { isWorkedOn, type Server } from "../../client.ts";
import {
  type CopyFormat,
  formats,
  type Kept,
  type Move,
  readKept,
  readMessage,
  type ToPage,
} from "./messages.ts";
import { newNonce, pageHtml } from "./page.ts";

const viewType = "uapi.trace";

/** What is looked at: the step at the cursor, or one that was chosen in the panel. */
interface Looking {
  readonly uri: Uri;
  readonly at: { readonly offset: number } | Pick<Kept, "scenario" | "step">;
}

export function registerTraceView(context: ExtensionContext, server: Server): void {
  let open: Panel | null = null;

  const attach = (panel: WebviewPanel, looking: Looking | null): Panel => {
    const made = createPanel(context, server, panel, looking);
    open = made;
    panel.onDidDispose(() => {
      if (open === made) open = null;
    });
    return made;
  };

  const show = (given: unknown, offset: unknown): void => {
    const looking = lookingFrom(given, offset);
    if (looking === null) {
      window.showInformationMessage(
        "Show Trace needs a .uapi file, or a Markdown file with a uapi block, in the editor.",
      );
      return;
    }
    if (open !== null) {
      open.reveal();
      open.look(looking);
      return;
    }
    const place = { viewColumn: ViewColumn.Beside, preserveFocus: true };
    attach(window.createWebviewPanel(viewType, "uAPI trace", place, optionsFor(context)), looking);
  };

  const copy = async (format: CopyFormat): Promise<void> => {
    const looking = open?.looking() ?? lookingFrom(undefined, undefined);
    if (looking === null) return;
    const params = { ...(await paramsFor(server, looking)), format };
    const client = await server.start();
    const answer = await client.sendRequest<TraceText | null>(traceTextRequest, params);
    if (answer === null) {
      window.showInformationMessage("There is no scenario here to copy the trace of.");
      return;
    }
    await env.clipboard.writeText(answer.text);
    window.setStatusBarMessage(`$(check) Copied the trace as ${copied[format]}`, 4000);
  };

  const guard = (name: string, run: (...args: readonly unknown[]) => unknown) =>
    commands.registerCommand(name, async (...args: readonly unknown[]) => {
      try {
        await run(...args);
      } catch (error) {
        server.log.error(error instanceof Error ? error : String(error));
        window.showErrorMessage(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    });
  const moves: readonly Move[] = ["previous", "next", "first", "last"];
  context.subscriptions.push(
    guard("uapi.showTrace", show),
    ...moves.map((by) => guard(`uapi.trace.${by}`, () => open?.move(by))),
    ...formats.map((format) =>
      guard(`uapi.copyTrace${format.charAt(0).toUpperCase()}${format.slice(1)}`, () => copy(format)),
    ),
    window.registerWebviewPanelSerializer(viewType, {
      async deserializeWebviewPanel(panel, state: unknown) {
        const kept = readKept(state);
        panel.webview.options = optionsFor(context);
        attach(
          panel,
          kept === null ? lookingFrom(undefined, undefined) : { uri: Uri.parse(kept.uri), at: kept },
        );
      },
    }),
    window.onDidChangeTextEditorSelection(({ textEditor }) => open?.follow(textEditor)),
    window.onDidChangeActiveTextEditor((editor) => editor !== undefined && open?.follow(editor)),
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) open?.changed(document);
    }),
    workspace.onDidCloseTextDocument((document) => open?.closed(document)),
    server.onHealth((health) => open?.health(health)),
  );
}

const copied: Readonly<Record<CopyFormat, string>> = { text: "text", svg: "SVG", mermaid: "Mermaid" };

const optionsFor = ({ extensionUri }: ExtensionContext) => ({
  enableScripts: true,
  localResourceRoots: [Uri.joinPath(extensionUri, "dist", "webview")],
});

/** What the arguments of the command name, else where the cursor is. */
function lookingFrom(given: unknown, offset: unknown): Looking | null {
  const uri = typeof given === "string" ? Uri.parse(given) : given instanceof Uri ? given : null;
  if (uri !== null && typeof offset === "number") return { uri, at: { offset } };
  const editors = [window.activeTextEditor, ...window.visibleTextEditors];
  const editor = editors.find(
    (each) =>
      each !== undefined && isWorkedOn(each.document) && (uri === null || isSame(each.document.uri, uri)),
  );
  if (editor === undefined) return uri === null ? null : { uri, at: { offset: 0 } };
  return { uri: editor.document.uri, at: { offset: editor.document.offsetAt(editor.selection.active) } };
}

const cursorKey = (uri: Uri, { line, character }: Position): string => `${uri} ${line} ${character}`;

const isSame = (a: Uri, b: Uri): boolean => a.toString() === b.toString();

async function paramsFor(server: Server, { uri, at }: Looking): Promise<TraceParams> {
  const client = await server.start();
  const textDocument = { uri: client.code2ProtocolConverter.asUri(uri) };
  if (!("offset" in at)) {
    const { scenario, step } = at;
    return scenario === null ? { textDocument, step } : { textDocument, scenario, step };
  }
  const document = workspace.textDocuments.find((each) => isSame(each.uri, uri));
  const { line, character } = document?.positionAt(at.offset) ?? new Position(0, 0);
  return { textDocument, position: { line, character } };
}

interface Panel {
  readonly looking: () => Looking | null;
  readonly look: (at: Looking) => void;
  readonly reveal: () => void;
  readonly move: (by: Move) => void;
  readonly follow: (editor: TextEditor) => void;
  readonly changed: (document: TextDocument) => void;
  readonly closed: (document: TextDocument) => void;
  readonly health: (health: ReturnType<Server["health"]>) => void;
}

function createPanel(
  context: ExtensionContext,
  server: Server,
  panel: WebviewPanel,
  first: Looking | null,
): Panel {
  let looking = first;
  let shown: Trace | null = null;
  /** The scenario and step that were shown last. */
  let lastLooking: Looking | null = null;
  let asked = 0;
  let isAsking = false;
  /** Where the panel itself has put the cursor: that is nothing to follow. */
  let ownCursor = "";
  const stepLine = window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new ThemeColor("editor.rangeHighlightBackground"),
    overviewRulerColor: new ThemeColor("editorOverviewRuler.rangeHighlightForeground"),
    overviewRulerLane: OverviewRulerLane.Full,
  });

  const tell = (message: ToPage): void => {
    panel.webview.postMessage(message);
  };
  const nothing = (message: string): void => {
    shown = null;
    mark();
    tell({ type: "nothing", message });
  };

  /** One question at a time, and the newest last: what was asked in between is not asked at all. */
  const ask = async (): Promise<void> => {
    asked++;
    if (isAsking) return;
    isAsking = true;
    try {
      for (let answered = 0; answered !== asked; ) {
        answered = asked;
        await askOnce(answered);
      }
    } finally {
      isAsking = false;
    }
  };

  const askOnce = async (turn: number): Promise<void> => {
    const at = looking;
    if (at === null) return nothing("Put the cursor into a scenario of a .uapi file.");
    if (server.health() === "stopped")
      return nothing("The language server has stopped. “uAPI: Restart Server” starts it again.");
    const client = await server.start();
    const trace = await client.sendRequest<Trace | null>(traceRequest, await paramsFor(server, at));
    if (turn !== asked) return;
    const document = workspace.textDocuments.find((each) => isSame(each.uri, at.uri));
    // An answer about an older text: the change that made the text newer asks again.
    if (trace !== null && document !== undefined && trace.version !== document.version) return;
    if (trace === null || trace.shown === null) {
      // The cursor is somewhere else: what was looked at last stays, and follows the text.
      const last = "offset" in at ? lastLooking : null;
      if (last !== null) {
        looking = last;
        return askOnce(turn);
      }
      return nothing(
        trace === null
          ? "There is nothing of the language here."
          : trace.scenarios.length === 0
            ? "There is no scenario here that can be run."
            : "Put the cursor into a scenario.",
      );
    }
    shown = trace;
    const { picture, index } = trace.shown;
    const scenario = { index, name: picture.scenario };
    lastLooking = { uri: at.uri, at: { scenario, step: picture.step.number } };
    panel.title = `Trace: ${picture.scenario}`;
    tell({ type: "trace", trace, file: at.uri.toString(), step: picture.step.number });
    mark();
  };
  const refresh = (): void => {
    ask().catch((error) => {
      server.log.error(error instanceof Error ? error : String(error));
      nothing(`The trace could not be made: ${error instanceof Error ? error.message : String(error)}`);
    });
  };

  /** The line of the step that is shown, in the editors of its document. */
  const mark = (): void => {
    const place = shown?.shown?.picture.step.place ?? null;
    const location = place === null ? undefined : locationOf(`${place.uri} ${place.start} ${place.end}`);
    for (const editor of window.visibleTextEditors) {
      const here = location !== undefined && editor.document.uri.toString() === location.uri.toString();
      editor.setDecorations(stepLine, here ? [location.range] : []);
    }
  };

  const locationOf = (key: string): { uri: Uri; range: Range } | undefined => {
    const found = shown?.shown?.locations[key];
    if (found === undefined) return undefined;
    const { start, end } = found.range;
    return {
      uri: Uri.parse(found.uri),
      range: new Range(start.line, start.character, end.line, end.character),
    };
  };

  const goTo = (step: number): void => {
    if (shown === null || shown.shown === null || looking === null) return;
    const { index, picture } = shown.shown;
    looking = { uri: looking.uri, at: { scenario: { index, name: picture.scenario }, step } };
    refresh();
  };

  /** Shows a place in an editor that has its document open, or beside the panel, and puts the cursor there. */
  const revealPlace = async (key: string): Promise<void> => {
    const location = locationOf(key);
    if (location === undefined) return;
    const { uri, range } = location;
    const visible = window.visibleTextEditors.find(({ document }) => isSame(document.uri, uri));
    const column =
      visible?.viewColumn ?? (panel.viewColumn === ViewColumn.One ? ViewColumn.Two : ViewColumn.One);
    const editor = await window.showTextDocument(uri, { viewColumn: column, preserveFocus: true });
    ownCursor = cursorKey(uri, range.start);
    editor.selection = new Selection(range.start, range.start);
    editor.revealRange(range, TextEditorRevealType.InCenterIfOutsideViewport);
  };

  const listener = panel.webview.onDidReceiveMessage(async (value: unknown) => {
    const message = readMessage(value);
    if (message === null) return;
    switch (message.type) {
      case "ready":
        return refresh();
      case "step":
        return goTo(message.step);
      case "scenario": {
        const name = shown?.scenarios[message.index];
        if (name === undefined || looking === null) return;
        looking = { uri: looking.uri, at: { scenario: { index: message.index, name }, step: 0 } };
        return refresh();
      }
      case "reveal":
        return revealPlace(message.key);
      case "explain":
        return commands.executeCommand("uapi.explain", message.code);
      case "copy":
        return commands.executeCommand(
          `uapi.copyTrace${message.format.charAt(0).toUpperCase()}${message.format.slice(1)}`,
        );
      default:
        return message satisfies never;
    }
  });

  const updateContext = (): void => {
    commands.executeCommand("setContext", "uapi.traceVisible", panel.visible);
  };
  panel.onDidChangeViewState(updateContext);
  panel.onDidDispose(() => {
    listener.dispose();
    stepLine.dispose();
    commands.executeCommand("setContext", "uapi.traceVisible", false);
  });
  updateContext();

  const asset = (name: string): string =>
    panel.webview.asWebviewUri(Uri.joinPath(context.extensionUri, "dist", "webview", name)).toString();
  panel.iconPath = Uri.joinPath(context.extensionUri, "client", "media", "icon.png");
  panel.webview.html = pageHtml({
    cspSource: panel.webview.cspSource,
    script: asset("trace.js"),
    style: asset("trace.css"),
    nonce: newNonce(),
  });

  return {
    looking: () => looking,
    look(at) {
      looking = at;
      refresh();
    },
    reveal: () => panel.reveal(undefined, true),
    move: (by) => tell({ type: "move", by }),
    follow(editor) {
      const { document, selection } = editor;
      if (!isWorkedOn(document)) return;
      const key = cursorKey(document.uri, selection.active);
      if (key === ownCursor) return;
      ownCursor = "";
      const offset = document.offsetAt(selection.active);
      looking = { uri: document.uri, at: { offset } };
      refresh();
    },
    changed(document) {
      if (looking === null || !isSame(document.uri, looking.uri)) return;
      tell({ type: "updating" });
      const editor = window.visibleTextEditors.find((each) => isSame(each.document.uri, document.uri));
      if ("offset" in looking.at && editor !== undefined) {
        looking = { uri: looking.uri, at: { offset: document.offsetAt(editor.selection.active) } };
      }
      refresh();
    },
    closed(document) {
      if (lastLooking !== null && isSame(document.uri, lastLooking.uri)) lastLooking = null;
      if (looking === null || !isSame(document.uri, looking.uri)) return;
      looking = null;
      refresh();
    },
    health(health) {
      if (health === "running" || health === "stopped") refresh();
      else tell({ type: "updating" });
    },
  };
}
