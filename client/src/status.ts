// The verdict of the document in front, in the status bar. It counts what the editor shows, so that both always agree.

import {
  DiagnosticSeverity,
  type ExtensionContext,
  languages,
  MarkdownString,
  StatusBarAlignment,
  type TextDocument,
  window,
  workspace,
} from "vscode";
import { type Verdict, verdictRequest } from "../../server/src/lsp/protocol.ts";
import { isWorkedOn, type Server } from "./client.ts";
import { verdictText } from "./verdict.ts";

export function registerStatus(context: ExtensionContext, server: Server): void {
  const item = window.createStatusBarItem("uapi.verdict", StatusBarAlignment.Left, 0);
  item.name = "uAPI verdict";
  context.subscriptions.push(item);
  let latest = 0;

  const show = (document: TextDocument, ran: Verdict | null): void => {
    const found = languages.getDiagnostics(document.uri).filter(({ source }) => source === "uapi");
    const errors = found.filter(({ severity }) => severity === DiagnosticSeverity.Error).length;
    const warnings = found.filter(({ severity }) => severity === DiagnosticSeverity.Warning).length;
    const { icon, text, detail } = verdictText({ errors, warnings, ran });
    item.text = `$(${icon}) uAPI: ${text}`;
    item.tooltip = new MarkdownString(detail);
    item.command = "workbench.actions.view.problems";
    item.accessibilityInformation = { label: `uAPI verdict: ${text}`, role: "button" };
    item.show();
  };

  const update = async (): Promise<void> => {
    const now = ++latest;
    const document = window.activeTextEditor?.document;
    if (document === undefined || !isWorkedOn(document)) return item.hide();
    if (server.health() === "stopped") {
      item.text = "$(error) uAPI: server stopped";
      item.tooltip = "The language server is down. Click to start it again.";
      item.command = "uapi.restartServer";
      return item.show();
    }
    if (server.health() === "off" || server.health() === "starting") {
      if (document.languageId !== "uapi") return item.hide();
      item.text = "$(loading~spin) uAPI";
      item.tooltip = "The language server is starting.";
      item.command = undefined;
      return item.show();
    }
    const ran = await askVerdict(document);
    // Somebody typed in between: the next answer counts.
    if (now !== latest) return;
    if (document.languageId !== "uapi" && ran === null) return item.hide();
    show(document, ran);
  };

  const askVerdict = async (document: TextDocument): Promise<Verdict | null> => {
    try {
      const client = await server.start();
      const textDocument = { uri: client.code2ProtocolConverter.asUri(document.uri) };
      return await client.sendRequest<Verdict | null>(verdictRequest, { textDocument });
    } catch {
      return null;
    }
  };

  const later = (): void => {
    update().catch((error) => server.log.error(error));
  };
  context.subscriptions.push(
    window.onDidChangeActiveTextEditor(later),
    workspace.onDidChangeTextDocument(({ document }) => {
      if (document === window.activeTextEditor?.document) later();
    }),
    languages.onDidChangeDiagnostics(({ uris }) => {
      const shown = window.activeTextEditor?.document.uri.toString();
      if (uris.some((uri) => uri.toString() === shown)) later();
    }),
    server.onHealth(later),
  );
  later();
}
