// Documents that lie nowhere: the pages of codes and rules (`uapi-page:`), and the shipped proposals (`uapi-shipped:`).
// The server has their texts; here they get their place in the editor.

import {
  commands,
  type ExtensionContext,
  ProgressLocation,
  Uri,
  ViewColumn,
  window,
  workspace,
} from "vscode";
import {
  type CompareParams,
  compareRequest,
  compareScheme,
  pageRequest,
  pageScheme,
  shippedScheme,
} from "../../server/src/lsp/protocol.ts";
import type { Server } from "./client.ts";

/** The text of a page, or null when there is none. */
export async function pageText(server: Server, code: string): Promise<string | null> {
  const client = await server.start();
  return client.sendRequest<string | null>(pageRequest, { code });
}

export function registerPages(context: ExtensionContext, server: Server): void {
  const provider = {
    async provideTextDocumentContent(uri: Uri): Promise<string> {
      const name = decodeURIComponent(uri.path.replace(/^\/+/, ""));
      return (await pageText(server, name)) ?? `There is no page for \`${name}\`.\n`;
    },
  };
  for (const scheme of [pageScheme, shippedScheme]) {
    context.subscriptions.push(workspace.registerTextDocumentContentProvider(scheme, provider));
  }
  context.subscriptions.push(
    workspace.registerTextDocumentContentProvider(compareScheme, {
      provideTextDocumentContent: (uri) => comparisonText(server, uri),
    }),
  );
}

/** Made anew each time that it is opened: the proposals may have changed. */
async function comparisonText(server: Server, { query }: Uri): Promise<string> {
  const client = await server.start();
  const params = JSON.parse(query) as CompareParams; // what comparisonOf wrote
  return window.withProgress(
    { location: ProgressLocation.Notification, title: "uAPI: comparing", cancellable: true },
    (_, token) => client.sendRequest<string>(compareRequest, params, token),
  );
}

export function comparisonOf(params: CompareParams): Uri {
  const name = params.goal ?? params.proposals.join(" and ");
  const path = `/${name.slice(0, 60).replace(/[\\/]/g, " ")}.md`;
  return Uri.from({ scheme: compareScheme, path, query: JSON.stringify(params) });
}

/** Opens a page as it reads, a shipped proposal as it is written; the fragment `#L12` names a line. */
export async function openUri(uri: Uri): Promise<void> {
  if (uri.scheme === pageScheme || uri.scheme === compareScheme) return openPage(uri);
  const line = Number(/^L?(\d+)/.exec(uri.fragment)?.[1] ?? 0);
  const position = Math.max(0, line - 1);
  const document = await workspace.openTextDocument(uri.with({ fragment: "" }));
  await window.showTextDocument(document, {
    preview: true,
    ...(line > 0 ? { selection: document.lineAt(Math.min(position, document.lineCount - 1)).range } : {}),
  });
}

/** Beside the text that it explains. Without the Markdown extension its source is shown. */
async function openPage(uri: Uri): Promise<void> {
  try {
    await commands.executeCommand(
      "vscode.openWith",
      uri,
      "vscode.markdown.preview.editor",
      ViewColumn.Beside,
    );
  } catch {
    await window.showTextDocument(await workspace.openTextDocument(uri), ViewColumn.Beside);
  }
}

export const pageOf = (code: string): Uri =>
  Uri.from({ scheme: pageScheme, path: `/${encodeURIComponent(code)}.md` });
