// The extension in a browser: the server is a worker. Nothing else is decided here.

import { type ExtensionContext, Uri } from "vscode";
import { LanguageClient } from "vscode-languageclient/browser";
import { activateExtension } from "./extension.ts";

export function activate(context: ExtensionContext): Promise<unknown> {
  const script = Uri.joinPath(context.extensionUri, "dist/web/server.js").toString(true);
  // A function: the client asks for a new worker each time it starts.
  const server = async (): Promise<Worker> => new Worker(script, { name: "uapi server" });
  return activateExtension(context, (id, name, options) => new LanguageClient(id, name, server, options));
}

export { deactivateExtension as deactivate } from "./extension.ts";
