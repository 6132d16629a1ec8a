// The protocol's framing over Node's streams. The library's own loses its place for good behind a broken header, and
// takes a turn of the event loop for each message that comes and goes; here a message is handed on as soon as its last
// byte is there, and whatever stands in front of the next `Content-Length` is skipped.

import type { Readable, Writable } from "node:stream";
import { Emitter, type Message, type MessageReader, type MessageWriter } from "vscode-languageserver";

/** No header is longer; what has not ended by then was none. */
const longestHeader = 8192;
/** No message is longer; V8 has no longer texts. */
const longestBody = 2 ** 29;

const headerEnd = Buffer.from("\r\n\r\n");

export function streamReader(input: Readable): MessageReader {
  const [failed, closed, partial] = [new Emitter<Error>(), new Emitter<void>(), new Emitter<never>()];
  const fail = (message: string): void => failed.fire(new Error(message));

  /** What was read and not handed on, as it came. */
  let chunks: Buffer[] = [];
  let size = 0;
  /** The length of the body that follows; null in front of a header. */
  let wanted: number | null = null;

  const joined = (): Buffer => {
    const all = chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks);
    chunks = [all];
    return all;
  };
  const take = (count: number): Buffer => {
    const all = joined();
    chunks = count < all.length ? [all.subarray(count)] : [];
    size -= count;
    return all.subarray(0, count);
  };

  /** Whether there was a whole header to read. */
  const readHeader = (): boolean => {
    const end = joined().indexOf(headerEnd);
    if (end === -1) {
      if (size > longestHeader) take(size - headerEnd.length);
      return false;
    }
    const header = take(end + headerEnd.length).toString("latin1");
    // The last one: in front of it may be what is left of a message that was lost.
    const [, digits] = /.*content-length:[ \t]*(\d+)[ \t]*\r\n/is.exec(header) ?? [];
    const length = Number(digits ?? Number.NaN);
    if (length <= longestBody) wanted = length;
    else fail("a header without a Content-Length");
    return true;
  };

  const readBody = (length: number): Message | null => {
    try {
      const message: unknown = JSON.parse(take(length).toString("utf8"));
      // Whether it is one is looked at by whoever listens.
      return message as Message;
    } catch {
      fail("a message that is no JSON");
      return null;
    }
  };

  return {
    onError: failed.event,
    onClose: closed.event,
    onPartialMessage: partial.event,
    dispose: () => undefined,
    listen(callback) {
      const read = (chunk: Buffer): void => {
        chunks.push(chunk);
        size += chunk.length;
        while (size > 0) {
          if (wanted === null) {
            if (!readHeader()) return;
          } else if (size < wanted) return;
          else {
            const length = wanted;
            wanted = null;
            const message = readBody(length);
            if (message !== null) callback(message);
          }
        }
      };
      const close = (): void => closed.fire();
      input.on("data", read).on("end", close).on("close", close);
      input.on("error", (error) => fail(error.message));
      return { dispose: () => void input.off("data", read).off("end", close).off("close", close) };
    },
  };
}

export function streamWriter(output: Writable): MessageWriter {
  const failed = new Emitter<[Error, Message | undefined, number | undefined]>();
  const closed = new Emitter<void>();
  output.on("close", () => closed.fire());
  return {
    onError: failed.event,
    onClose: closed.event,
    dispose: () => undefined,
    end: () => output.end(),
    write: (message) =>
      new Promise((resolve, reject) => {
        const body = JSON.stringify(message);
        const length = Buffer.byteLength(body);
        output.write(`Content-Length: ${length}\r\n\r\n${body}`, "utf8", (error) => {
          if (error === null || error === undefined) resolve();
          else {
            failed.fire([error, message, undefined]);
            reject(error);
          }
        });
      }),
  };
}
