// Puts the parts of the extension together; the same on a desktop and in a browser. The server is started by the first
// document that needs it: a .uapi file, or a Markdown text with a uapi block.

import { type ExtensionContext, type TextDocument, workspace } from "vscode";
import { type CreateClient, createServer, isWorkedOn, type Server } from "./client.ts";
import { registerCommands } from "./commands.ts";
import { extendMarkdownIt } from "./highlight.ts";
import { registerPages } from "./pages.ts";
import { registerStatus } from "./status.ts";
import { registerTraceView } from "./views/trace/panel.ts";

let running: Server | null = null;

export async function activateExtension(context: ExtensionContext, create: CreateClient): Promise<unknown> {
  const server = createServer(context, create);
  running = server;
  registerPages(context, server);
  registerCommands(context, server);
  registerStatus(context, server);
  registerTraceView(context, server);

  const startFor = (document: TextDocument): void => {
    if (needsServer(document)) server.start().catch((error) => server.log.error(error));
  };
  context.subscriptions.push(
    workspace.onDidOpenTextDocument(startFor),
    workspace.onDidChangeTextDocument(({ document }) => server.health() === "off" && startFor(document)),
  );
  for (const document of workspace.textDocuments) startFor(document);
  // `extendMarkdownIt` is for Markdown previews, `ready` for tests that run inside the editor.
  return { extendMarkdownIt, ready: () => server.start() };
}

export async function deactivateExtension(): Promise<void> {
  await running?.stop();
}

function needsServer(document: TextDocument): boolean {
  if (!isWorkedOn(document)) return false;
  return document.languageId === "uapi" || /^ {0,3}(?:`{3,}|~{3,})[ \t]*uapi\b/m.test(document.getText());
}
