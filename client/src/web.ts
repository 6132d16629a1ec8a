// The extension in a browser: the server is a worker. Nothing else is decided here.

import { type ExtensionContext, Uri } from "vscode";
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  LanguageClient,
  type MessageTransports,
} from "vscode-languageclient/browser";
import { activateExtension } from "./extension.ts";

export function activate(context: ExtensionContext): Promise<unknown> {
  const script = Uri.joinPath(context.extensionUri, "dist/server.js").toString(true);
  let worker: Worker | null = null;
  context.subscriptions.push({ dispose: () => worker?.terminate() });

  // Asked for each time the client starts. The worker itself would do as an answer, but not in VS Code's extension host:
  // it has a `Worker` of its own, and what that makes is none by `instanceof`.
  const server = async (): Promise<MessageTransports> => {
    worker?.terminate();
    worker = new Worker(script, { name: "uapi server" });
    return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) };
  };
  return activateExtension(context, (id, name, options) => new LanguageClient(id, name, server, options));
}

export { deactivateExtension as deactivate } from "./extension.ts";
