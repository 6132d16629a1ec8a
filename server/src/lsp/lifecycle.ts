// Which messages may come in when. The library answers requests before `initialize` and after `shutdown`; the protocol
// wants errors. Stands between the transport and the library, and counts the edits that are still waiting there.

import {
  ErrorCodes,
  type Message,
  type MessageReader,
  type MessageWriter,
  type RequestMessage,
} from "vscode-languageserver";

export interface Lifecycle {
  /** The reader to listen to. */
  readonly reader: MessageReader;
  /** Whether `shutdown` was asked for. */
  readonly isShutDown: () => boolean;
  /** Edits that were read and not yet handed out. */
  readonly waitingEdits: () => number;
  /** To be called when a message is handed out. */
  readonly handedOut: (message: Message) => void;
}

const editMethod = "textDocument/didChange";

export function createLifecycle(
  reader: MessageReader,
  writer: MessageWriter,
  log: (message: string) => void,
): Lifecycle {
  let state: "new" | "running" | "shut down" = "new";
  let waiting = 0;

  const refuse = (request: RequestMessage, code: number, message: string): false => {
    const answer = { jsonrpc: "2.0", id: request.id, error: { code, message } };
    writer.write(answer).catch(() => log(`cannot answer ${request.method}`));
    return false;
  };

  const admits = (message: Message): boolean => {
    if (!isObject(message)) {
      log("a message that is no object was ignored");
      return false;
    }
    if (!("method" in message)) return true;
    const { method } = message;
    if (typeof method !== "string") {
      log("a message whose method is no text was ignored");
      return false;
    }
    if (!isRequest(message)) {
      if ("id" in message) {
        log(`${method}: an id is a number or a text; the message was ignored`);
        return false;
      }
      if (method === "exit") return true;
      if (method === "$/cancelRequest") return hasId(message);
      return state === "running";
    }
    if (state === "new") {
      if (method !== "initialize")
        return refuse(message, ErrorCodes.ServerNotInitialized, `${method}: the server is not initialized`);
      const params: unknown = message.params;
      if (!isObject(params) || !("capabilities" in params) || !isObject(params.capabilities))
        return refuse(message, ErrorCodes.InvalidParams, "initialize: there are no capabilities");
      state = "running";
      return true;
    }
    if (method === "initialize")
      return refuse(message, ErrorCodes.InvalidRequest, "initialize: the server is initialized already");
    if (state === "shut down")
      return refuse(message, ErrorCodes.InvalidRequest, `${method}: the server is shut down`);
    if (method === "shutdown") state = "shut down";
    return true;
  };

  return {
    reader: {
      onError: reader.onError,
      onClose: reader.onClose,
      onPartialMessage: reader.onPartialMessage,
      dispose: () => reader.dispose(),
      listen: (callback) =>
        reader.listen((message) => {
          if (!admits(message)) return;
          if ("method" in message && message.method === editMethod) waiting++;
          callback(message);
        }),
    },
    isShutDown: () => state === "shut down",
    waitingEdits: () => waiting,
    handedOut: (message) => {
      if ("method" in message && message.method === editMethod) waiting--;
    },
  };
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isRequest = (message: object): message is RequestMessage =>
  "id" in message && (typeof message.id === "number" || typeof message.id === "string");

function hasId(message: object): boolean {
  const params: unknown = "params" in message ? message.params : null;
  return (
    isObject(params) && "id" in params && (typeof params.id === "number" || typeof params.id === "string")
  );
}
