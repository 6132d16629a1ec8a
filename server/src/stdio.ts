// The protocol's framing over Node's streams. The library's own loses its place for good behind a broken header, and
// takes a turn of the event loop for each message that comes and goes; here a message is handed on as soon as its last
// byte is there, and whatever stands in front of the next `Content-Length` is skipped.

import { fstatSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import type { Message, MessageReader, MessageWriter } from "vscode-languageserver";
import { readerOf, writerOf } from "./messages.ts";

/** No header is longer; what has not ended by then was none. */
const longestHeader = 8192;
/** No message is longer; V8 has no longer texts. */
const longestBody = 2 ** 29;

const headerEnd = Buffer.from("\r\n\r\n");

interface Reader extends MessageReader {
  /** Whether nothing has come yet behind the message that is being handed on. */
  readonly isLast: () => boolean;
}

interface Framing extends Pick<Reader, "isLast"> {
  /** Takes bytes as they come, whose memory may be somebody else's afterwards, and hands on the messages in them. */
  readonly read: (chunk: Buffer) => void;
}

function framing(callback: (message: Message) => void, fail: (message: string) => void): Framing {
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

  const handOn = (body: string): void => {
    let message: Message;
    try {
      // Whether it is one is looked at by whoever listens.
      message = JSON.parse(body) as Message;
    } catch {
      fail("a message that is no JSON");
      return;
    }
    callback(message);
  };

  const read = (chunk: Buffer): void => {
    if (size === 0 && wanted === null) {
      const start = bodyOf(chunk);
      if (start > 0) {
        handOn(chunk.toString("utf8", start));
        return;
      }
    }
    chunks.push(Buffer.from(chunk));
    size += chunk.length;
    while (size > 0) {
      if (wanted === null) {
        if (!readHeader()) return;
      } else if (size < wanted) return;
      else {
        const length = wanted;
        wanted = null;
        handOn(take(length).toString("utf8"));
      }
    }
  };
  return { read, isLast: () => size === 0 };
}

const plainHeader = "Content-Length: ";

/** Where the body starts in a chunk that is one whole message with the plainest header, as nearly all are; else 0. */
function bodyOf(chunk: Buffer): number {
  if (chunk.toString("latin1", 0, plainHeader.length) !== plainHeader) return 0;
  let length = 0;
  for (let at = plainHeader.length; at < chunk.length; at++) {
    const c = chunk[at] ?? 0;
    if (c === 13) {
      const start = at + headerEnd.length;
      const isEnd = chunk[at + 1] === 10 && chunk[at + 2] === 13 && chunk[at + 3] === 10;
      return isEnd && at > plainHeader.length && start + length === chunk.length ? start : 0;
    }
    if (c < 48 || c > 57) return 0;
    length = length * 10 + c - 48;
  }
  return 0;
}

export function streamReader(input: Readable): Reader {
  return framedReader((read, close, fail) => {
    input.on("data", read).on("end", close).on("close", close);
    input.on("error", fail);
    return () => void input.off("data", read).off("end", close).off("close", close);
  });
}

/** Reads standard input; into one buffer, without a stream's detours, where that is a pipe. */
export function stdinReader(): Reader {
  if (!isPipe(0)) return streamReader(process.stdin);
  return framedReader((read, close, fail) => {
    const buffer = Buffer.alloc(64 * 1024);
    const callback = (count: number): boolean => {
      read(buffer.subarray(0, count));
      return true;
    };
    // The option is that of net.connect, which makes its socket in this way.
    const options = { fd: 0, readable: true, writable: false, onread: { buffer, callback } };
    const input = new Socket(options);
    input.on("data", read).on("end", close).on("close", close).on("error", fail);
    return () => void input.destroy();
  });
}

function isPipe(descriptor: number): boolean {
  // Windows has other ones.
  if (process.platform === "win32") return false;
  try {
    const kind = fstatSync(descriptor);
    return kind.isFIFO() || kind.isSocket();
  } catch {
    return false;
  }
}

/** Takes listeners for the bytes that come; gives what ends it. */
type ListenToBytes = (
  read: (chunk: Buffer) => void,
  close: () => void,
  fail: (error: Error) => void,
) => () => void;

function framedReader(listen: ListenToBytes): Reader {
  let isLast = (): boolean => false;
  const reader = readerOf((read, close, fail) => {
    const frames = framing(read, (message) => fail(new Error(message)));
    isLast = frames.isLast;
    return listen(frames.read, close, fail);
  });
  return { ...reader, isLast: () => isLast() };
}

/** `descriptor`: where the stream leads, if what is written there never waits. */
export function streamWriter(output: Writable, descriptor: number | null = null): MessageWriter {
  const write = (message: Message): Promise<void> => {
    const body = JSON.stringify(message);
    const length = Buffer.byteLength(body);
    const header = `Content-Length: ${length}\r\n\r\n`;
    const text = header + body;
    const isNow = descriptor !== null && output.writableLength === 0;
    const rest = isNow ? writeNow(descriptor, text, header.length + length) : text;
    if (rest === null) return Promise.resolve();
    return new Promise((resolve, reject) => {
      output.write(rest, "utf8", (error) => {
        if (error === null || error === undefined) resolve();
        else reject(error);
      });
    });
  };
  return writerOf(
    write,
    () => output.end(),
    (closed) => output.on("close", closed),
  );
}

/** Writes standard output; at once, without a stream's detours, where that is a pipe with room in it. */
export const stdoutWriter = (): MessageWriter => streamWriter(process.stdout, isPipe(1) ? 1 : null);

/** What could not be written without waiting; null when there is nothing left. `size` is in bytes. */
function writeNow(descriptor: number, text: string, size: number): string | Buffer | null {
  try {
    const written = writeSync(descriptor, text);
    return written === size ? null : Buffer.from(text).subarray(written);
  } catch {
    // It is full, or nobody reads: the stream waits, or says so.
    return text;
  }
}
