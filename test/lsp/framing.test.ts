// Any bytes may come in: the reader never throws, and the next good message is read. Chunks may be cut anywhere.

import { PassThrough } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Message } from "vscode-languageserver";
import { streamReader, streamWriter } from "../../server/src/stdio.ts";

const soak = process.env.SOAK === "1";

function framed(text: string): Buffer {
  const body = Buffer.from(text);
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]);
}

/** What is read of these chunks. */
function readAll(chunks: readonly Buffer[]): { messages: Message[]; errors: number } {
  const input = new PassThrough();
  const reader = streamReader(input);
  const messages: Message[] = [];
  let errors = 0;
  reader.onError(() => {
    errors++;
  });
  reader.listen((message) => {
    messages.push(message);
  });
  for (const chunk of chunks) input.emit("data", chunk);
  return { messages, errors };
}

function cut(bytes: Buffer, at: readonly number[]): Buffer[] {
  const places = [...new Set(at.map((place) => place % (bytes.length + 1)))].toSorted((a, b) => a - b);
  return [...places, bytes.length].map((place, index) => bytes.subarray(places[index - 1] ?? 0, place));
}

test("messages come out as they went in, however they are cut", () => {
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue(), { maxLength: 5 }),
      fc.array(fc.nat(), { maxLength: 12 }),
      (values, at) => {
        const sent = values.map((value) => ({ jsonrpc: "2.0", value }));
        const bytes = Buffer.concat(sent.map((message) => framed(JSON.stringify(message))));
        const { messages, errors } = readAll(cut(bytes, at));
        expect(JSON.stringify(messages)).toBe(JSON.stringify(sent));
        expect(errors).toBe(0);
      },
    ),
  );
});

/** Bytes that look like a part of the protocol, and some that do not. */
const noise = fc.oneof(
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  fc
    .constantFrom(
      "Content-Length: 5\r\n\r\n",
      "Content-Length: ",
      "\r\n",
      "\r\n\r\n",
      "{}",
      "Content-Type: x\r\n",
      "\n\n",
      "[",
      "9",
    )
    .map((text) => Buffer.from(text)),
);

test("behind any bytes, a good message is read: the next one, or the one after it", () => {
  fc.assert(
    fc.property(fc.array(noise, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 8 }), (parts, at) => {
      const good = [1, 2, 3].map((id) =>
        framed(JSON.stringify({ jsonrpc: "2.0", id, padding: "x".repeat(99) })),
      );
      // A header of the noise may have announced a body: its length is at most 9 digits, so much is sent behind it.
      const bytes = Buffer.concat([...parts, Buffer.from("\r\n\r\n"), ...good]);
      if (/content-length:[ \t]*\d{3,}/i.test(Buffer.concat(parts).toString("latin1"))) return;
      const { messages } = readAll(cut(bytes, at));
      expect(messages.at(-1)).toMatchObject({ id: 3 });
    }),
    { numRuns: soak ? 500_000 : 5000 },
  );
});

test("the length is in bytes", async () => {
  const output = new PassThrough();
  await streamWriter(() => output).write({ jsonrpc: "2.0", id: 1, result: "é𝄞" } as Message);
  const written: Buffer = output.read();
  const [header = "", body = ""] = written.toString("utf8").split("\r\n\r\n");
  expect(header).toBe(`Content-Length: ${Buffer.byteLength(body)}`);
  expect(readAll([written]).messages).toEqual([{ jsonrpc: "2.0", id: 1, result: "é𝄞" }]);
});
