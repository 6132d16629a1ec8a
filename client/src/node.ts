// The extension on a desktop or a remote machine: the server is a process of its own. Nothing else is decided here.

import { type ExtensionContext, Uri } from "vscode";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";
import { activateExtension } from "./extension.ts";

export function activate(context: ExtensionContext): Promise<unknown> {
  const module = Uri.joinPath(context.extensionUri, "dist/node/server.cjs").fsPath;
  const server = { module, transport: TransportKind.ipc };
  return activateExtension(context, (id, name, options) => new LanguageClient(id, name, server, options));
}

export { deactivateExtension as deactivate } from "./extension.ts";
