// A connection that keeps to the protocol: messages only when they may come, parameters looked at before a handler sees
// them, no answer lost at the end. The library does the rest. Knows nothing of the language.

import {
  type CancellationToken,
  type Connection,
  createConnection,
  createProtocolConnection,
  ErrorCodes,
  LSPErrorCodes,
  Message,
  type MessageWriter,
  type ProtocolConnection,
  ResponseError,
} from "vscode-languageserver";
import { createLifecycle, editMethod, type Reader } from "./lifecycle.ts";
import { problemIn } from "./params.ts";
import { installRuntime } from "./runtime.ts";
import { later } from "./schedule.ts";

/** What only the process around a server can do. */
export interface Process {
  /** A line for whoever looks into the log; not for the user. */
  readonly log: (message: string) => void;
  /** Ends the process; called when everything is written. */
  readonly exit: (code: number) => void;
  /** Calls back when the process with this id is gone. */
  readonly watch: (processId: number, gone: () => void) => void;
}

export interface Connected {
  readonly connection: Connection;
  /** Edits that were read and not yet handed out: nobody needs to know the state in front of them. */
  readonly waitingEdits: () => number;
  /** How many requests were handed out. */
  readonly requests: () => number;
}

/** Gives up on answers that never go out: whoever has gone does not read them. */
const flushLimit = 2000;

export function connect(reader: Reader, writer: MessageWriter, host: Process): Connected {
  installRuntime();
  const writing = new Set<Promise<void>>();
  const out: MessageWriter = {
    onError: writer.onError,
    onClose: writer.onClose,
    end: () => writer.end(),
    dispose: () => writer.dispose(),
    write(message) {
      const written = writer.write(message).finally(() => writing.delete(written));
      writing.add(written);
      return written;
    },
  };
  let edit: Handler | null = null;
  const lifecycle = createLifecycle(reader, out, host.log, (params) => {
    edit?.(params);
    return edit !== null;
  });
  const running = new Set<Promise<unknown>>();
  let isOver = false;
  let requests = 0;

  /** Once: when all that was asked in front of it is answered and written. */
  const end = (code: number): void => {
    if (isOver) return;
    isOver = true;
    const flushed = async (): Promise<void> => {
      // Answers become messages in a turn of their own.
      do {
        await Promise.allSettled([...running, ...writing]);
        await new Promise<void>(later);
      } while (running.size + writing.size > 0);
    };
    const limit = new Promise((resolve) => setTimeout(resolve, flushLimit));
    Promise.race([flushed(), limit]).then(
      () => host.exit(code),
      () => host.exit(code),
    );
  };

  const watchDog = {
    shutdownReceived: false,
    initialize({ processId }: { readonly processId: number | null }) {
      if (typeof processId === "number") host.watch(processId, () => end(lifecycle.isShutDown() ? 0 : 1));
    },
    exit: () => end(lifecycle.isShutDown() ? 0 : 1),
  };

  const connection = createConnection((logger) => {
    const inner = createProtocolConnection(lifecycle.reader, out, logger, {
      messageStrategy: {
        handleMessage(message, next) {
          lifecycle.handedOut(message);
          if (Message.isRequest(message)) requests += 1;
          return next(message);
        },
      },
    });
    inner.onError(([error]) => host.log(`a message could not be read or written: ${error.message}`));
    inner.onClose(() => end(lifecycle.isShutDown() ? 0 : 1));
    return guarded(inner, running, host.log, (method, handler) => {
      if (method === editMethod) edit = handler;
    });
  }, watchDog);
  return { connection, waitingEdits: lifecycle.waitingEdits, requests: () => requests };
}

type Handler = (...args: unknown[]) => unknown;

/** The same connection, whose handlers get parameters of the right shape and whose failures are logged. */
function guarded(
  inner: ProtocolConnection,
  running: Set<Promise<unknown>>,
  log: (message: string) => void,
  handles: (method: string, handler: Handler) => void,
): ProtocolConnection {
  const methodOf = (type: unknown): string => {
    if (typeof type === "string") return type;
    return typeof type === "object" && type !== null && "method" in type ? String(type.method) : "";
  };

  const request =
    (method: string, handler: Handler): Handler =>
    async (...args) => {
      const token = args.at(-1) as CancellationToken; // the library's last argument, always
      if (token.isCancellationRequested)
        throw new ResponseError(LSPErrorCodes.RequestCancelled, `${method}: cancelled`);
      if (args.length > 1) {
        const problem = problemIn(method, args[0]);
        if (problem !== null) throw new ResponseError(ErrorCodes.InvalidParams, `${method}: ${problem}`);
      }
      const work = (async () => handler(...args))();
      running.add(work);
      try {
        const result = await work;
        // What was cut short is no answer.
        if (token.isCancellationRequested)
          throw new ResponseError(LSPErrorCodes.RequestCancelled, `${method}: cancelled`);
        return result;
      } catch (error) {
        if (error instanceof ResponseError) throw error;
        log(`${method}: ${stackOf(error)}`);
        throw new ResponseError(ErrorCodes.InternalError, `${method} failed: ${messageOf(error)}`);
      } finally {
        running.delete(work);
      }
    };

  const notification =
    (method: string, handler: Handler): Handler =>
    (...args) => {
      const problem = args.length === 0 ? problemIn(method, undefined) : problemIn(method, args[0]);
      if (problem !== null) {
        log(`${method}: ${problem}; the notification was ignored`);
        return undefined;
      }
      try {
        return handler(...args);
      } catch (error) {
        log(`${method}: ${stackOf(error)}`);
        return undefined;
      }
    };

  // The overloads of both are many; what is passed on is what came in.
  const onRequest = (type: unknown, handler?: Handler): unknown =>
    handler === undefined
      ? Reflect.apply(inner.onRequest, inner, [type])
      : Reflect.apply(inner.onRequest, inner, [type, request(methodOf(type), handler)]);
  const onNotification = (type: unknown, handler?: Handler): unknown => {
    if (handler === undefined) return Reflect.apply(inner.onNotification, inner, [type]);
    const own = notification(methodOf(type), handler);
    handles(methodOf(type), own);
    return Reflect.apply(inner.onNotification, inner, [type, own]);
  };
  return { ...inner, onRequest, onNotification } as ProtocolConnection;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
