// Which messages may come in when. The library answers requests before `initialize` and after `shutdown`; the protocol
// wants errors. Stands between the transport and the library, and counts the edits that are still waiting there. An edit
// that nothing waits in front of or behind does not go through the library's queue: somebody is typing.

import {
  ErrorCodes,
  type Message,
  type MessageReader,
  type MessageWriter,
  type RequestMessage,
} from "vscode-languageserver";

/** A reader that may know whether it hands on the last message that there is. */
export interface Reader extends MessageReader {
  readonly isLast?: () => boolean;
}

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

const cancelMethod = "$/cancelRequest";
export const editMethod = "textDocument/didChange";

/** `edit` gets the parameters of an edit that does not have to wait; it says whether it took them. */
export function createLifecycle(
  reader: Reader,
  writer: MessageWriter,
  log: (message: string) => void,
  edit: (params: unknown) => boolean,
): Lifecycle {
  let state: "new" | "running" | "shut down" = "new";
  /** Messages that were read and not yet handed out, and the edits among them. */
  let queued = 0;
  let waiting = 0;
  /** The client wants to be told of every message, which the library does. */
  let isTraced = false;

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
      if (method === editMethod) return state === "running";
      if (method === "exit") return true;
      if (method === cancelMethod) return hasId(message);
      if (method === "$/setTrace") isTraced = true;
      return state === "running";
    }
    if (state === "new") {
      if (method !== "initialize")
        return refuse(message, ErrorCodes.ServerNotInitialized, `${method}: the server is not initialized`);
      const params: unknown = message.params;
      if (!isObject(params) || !("capabilities" in params) || !isObject(params.capabilities))
        return refuse(message, ErrorCodes.InvalidParams, "initialize: there are no capabilities");
      isTraced = "trace" in params && params.trace !== undefined && params.trace !== "off";
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
          const method = "method" in message ? message.method : null;
          if (method === editMethod) {
            const isAlone = queued === 0 && !isTraced && reader.isLast?.() === true;
            if (isAlone && edit("params" in message ? message.params : undefined)) return;
            waiting++;
          }
          // What cancels may be dealt with at once.
          if (method !== cancelMethod) queued++;
          callback(message);
        }),
    },
    isShutDown: () => state === "shut down",
    waitingEdits: () => waiting,
    handedOut: (message) => {
      const method = "method" in message ? message.method : null;
      if (method === editMethod) waiting--;
      if (method !== cancelMethod) queued--;
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
