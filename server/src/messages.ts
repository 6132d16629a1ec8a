// Readers and writers as the protocol's library wants them, from what comes and goes: bytes that were framed, messages
// of Node's IPC, messages of a worker. Knows the library's types, not the library: who carries messages does not load it.

import type { Disposable, Message, MessageReader, MessageWriter } from "vscode-languageserver";

/** Takes listeners for what comes; gives what ends it. */
export type Listen = (
  read: (message: Message) => void,
  close: () => void,
  fail: (error: Error) => void,
) => () => void;

export function readerOf(listen: Listen): MessageReader {
  const [failed, closed, partial] = [happening<Error>(), happening<void>(), happening<never>()];
  return {
    onError: failed.listen,
    onClose: closed.listen,
    onPartialMessage: partial.listen,
    dispose: () => undefined,
    listen: (callback) => ({ dispose: listen(callback, () => closed.tell(), failed.tell) }),
  };
}

type Failure = [Error, Message | undefined, number | undefined];

/** `onClose` calls back when nothing can be written any more. */
export function writerOf(
  write: (message: Message) => Promise<void>,
  end: () => void = () => undefined,
  onClose: (closed: () => void) => void = () => undefined,
): MessageWriter {
  const [failed, closed] = [happening<Failure>(), happening<void>()];
  onClose(() => closed.tell());
  return {
    onError: failed.listen,
    onClose: closed.listen,
    dispose: () => undefined,
    end,
    async write(message) {
      try {
        await write(message);
      } catch (error) {
        failed.tell([error instanceof Error ? error : new Error(String(error)), message, undefined]);
        throw error;
      }
    },
  };
}

interface Happening<T> {
  readonly listen: (listener: (what: T) => void) => Disposable;
  readonly tell: (what: T) => void;
}

function happening<T>(): Happening<T> {
  const listeners = new Set<(what: T) => void>();
  return {
    listen(listener) {
      listeners.add(listener);
      return { dispose: () => void listeners.delete(listener) };
    },
    tell(what) {
      for (const listener of listeners) listener(what);
    },
  };
}
