// The protocol's framing over Node's streams. The library's own loses its place for good behind a broken header, and
// takes a turn of the event loop for each message that comes and goes; here a message is handed on as soon as its last
// byte is there, and whatever stands in front of the next `Content-Length` is skipped.

import { fstatSync, readSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
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
  /** What came in front of the next body, and may be a part of its header. */
  let head: Buffer = Buffer.alloc(0);
  /** The body that is being read: how much of it is still to come, and what of it there is. */
  let missing: number | null = null;
  let body = "";
  const decoder = new StringDecoder("utf8");
  /** What has come and has not been looked at. */
  let rest: Buffer = head;

  /** Takes the header out of what has come; false when it is not there as a whole. */
  const readHeader = (): boolean => {
    const all = head.length === 0 ? rest : Buffer.concat([head, rest]);
    const end = all.indexOf(headerEnd);
    rest = all.subarray(end === -1 ? all.length : end + headerEnd.length);
    if (end === -1) {
      head = Buffer.from(all.length > longestHeader ? all.subarray(-headerEnd.length) : all);
      return false;
    }
    const header = all.toString("latin1", 0, end + headerEnd.length);
    head = Buffer.alloc(0);
    // Mostly there is nothing else. The last one: in front of it may be what is left of a message that was lost.
    const [, digits] =
      /^Content-Length: (\d+)\r\n\r\n$/.exec(header) ??
      /.*content-length:[ \t]*(\d+)[ \t]*\r\n/is.exec(header) ??
      [];
    const length = Number(digits ?? Number.NaN);
    if (length <= longestBody) missing = length;
    else fail("a header without a Content-Length");
    return true;
  };

  /** Piece by piece, as they come: a long body is nowhere as a whole but in the text that it is. */
  const readBody = (length: number): void => {
    const piece = rest.subarray(0, length);
    rest = rest.subarray(piece.length);
    body += decoder.write(piece);
    missing = length - piece.length;
    if (missing > 0) return;
    const whole = body + decoder.end();
    missing = null;
    body = "";
    handOn(whole);
  };

  const handOn = (text: string): void => {
    let message: Message;
    try {
      // Whether it is one is looked at by whoever listens.
      message = JSON.parse(text) as Message;
    } catch {
      fail("a message that is no JSON");
      return;
    }
    callback(message);
  };

  const isBetween = (): boolean => missing === null && head.length + rest.length === 0;

  const read = (chunk: Buffer): void => {
    if (isBetween()) {
      const start = bodyOf(chunk);
      if (start > 0) {
        handOn(chunk.toString("utf8", start));
        return;
      }
    }
    rest = chunk;
    while (rest.length > 0) {
      if (missing !== null) readBody(missing);
      else if (!readHeader()) return;
    }
  };
  return { read, isLast: isBetween };
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

/**
 * Reads standard input; into one buffer, without a stream's detours, where that is a pipe. In front of the first message
 * there is nothing to do, so that one is waited for; Node's sockets, which take a while to load, come when it is answered.
 */
export function stdinReader(): Reader {
  if (!isPipe(0)) return streamReader(process.stdin);
  return framedReader((read, close, fail, hasMessage) => {
    const buffer = Buffer.alloc(64 * 1024);
    const callback = (count: number): boolean => {
      read(buffer.subarray(0, count));
      return true;
    };
    for (let count = 1; count > 0 && !hasMessage(); ) {
      count = readNow(buffer);
      if (count > 0) callback(count);
    }
    let input: Socket | null = null;
    const goOn = setImmediate(() => {
      // The option is that of net.connect, which makes its socket in this way.
      const options = { fd: 0, readable: true, writable: false, onread: { buffer, callback } };
      input = new Socket(options).on("data", read).on("end", close).on("close", close).on("error", fail);
    });
    return () => {
      clearImmediate(goOn);
      input?.destroy();
    };
  });
}

/** Waits for bytes; none at the end, or where nobody may wait. */
function readNow(buffer: Buffer): number {
  try {
    return readSync(0, buffer);
  } catch {
    // The socket finds out what it is.
    return 0;
  }
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

/** Takes listeners for the bytes that come; gives what ends it. `hasMessage`: whether one was handed on. */
type ListenToBytes = (
  read: (chunk: Buffer) => void,
  close: () => void,
  fail: (error: Error) => void,
  hasMessage: () => boolean,
) => () => void;

function framedReader(listen: ListenToBytes): Reader {
  let isLast = (): boolean => false;
  const reader = readerOf((read, close, fail) => {
    let hasMessage = false;
    const handOn = (message: Message): void => {
      hasMessage = true;
      read(message);
    };
    const frames = framing(handOn, (message) => fail(new Error(message)));
    isLast = frames.isLast;
    return listen(frames.read, close, fail, () => hasMessage);
  });
  return { ...reader, isLast: () => isLast() };
}

/** `descriptor`: where the stream leads, if what is written there never waits; the stream is then made when one must. */
export function streamWriter(stream: () => Writable, descriptor: number | null = null): MessageWriter {
  let output: Writable | null = null;
  let closed = (): void => undefined;
  const made = (): Writable => {
    output ??= stream().on("close", () => closed());
    return output;
  };
  const write = (message: Message): Promise<void> => {
    const body = JSON.stringify(message);
    const length = Buffer.byteLength(body);
    const header = `Content-Length: ${length}\r\n\r\n`;
    const text = header + body;
    const isNow = descriptor !== null && (output === null || output.writableLength === 0);
    const rest = isNow ? writeNow(descriptor, text, header.length + length) : text;
    if (rest === null) return Promise.resolve();
    return new Promise((resolve, reject) => {
      made().write(rest, "utf8", (error) => {
        if (error === null || error === undefined) resolve();
        else reject(error);
      });
    });
  };
  return writerOf(
    write,
    () => output?.end(),
    (tell) => {
      closed = tell;
    },
  );
}

/** Writes standard output; at once, without a stream's detours, where that is a pipe with room in it. */
export const stdoutWriter = (stdout: () => Writable): MessageWriter =>
  streamWriter(stdout, isPipe(1) ? 1 : null);

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
