// Messages that come too early, too late, broken or not at all, to the built server as a process. What the library does
// by itself in these cases is not what the protocol says.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { PassThrough } from "node:stream";
import { beforeAll, describe, expect, test } from "vitest";
import { StreamMessageReader, StreamMessageWriter } from "vscode-languageserver/node";
import { connect } from "../../server/src/lsp/connect.ts";
import { type ProcessClient, processClient, ResponseError, serverFile } from "../support/lsp-client.ts";

const uri = "file:///lab/flow.uapi";
const place = { textDocument: { uri }, position: { line: 0, character: 0 } };

beforeAll(() => expect(existsSync(serverFile), "run `npm run build` first").toBe(true));

function framed(message: unknown): Buffer {
  const body = Buffer.from(typeof message === "string" ? message : JSON.stringify(message));
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]);
}

/** What a request is answered with: its result, or the code of the error. */
const outcome = async (answer: Promise<unknown>): Promise<unknown> => {
  try {
    return { result: await answer };
  } catch (error) {
    if (error instanceof ResponseError) return error.code;
    throw error;
  }
};

const write = (client: ProcessClient, bytes: Buffer | string): void => void client.child.stdin?.write(bytes);

/** That it is alive is shown by an answer. */
const answers = async (client: ProcessClient): Promise<void> => {
  expect(await client.request("uapi/page", { code: "errno" })).toContain("errno");
};

async function running(): Promise<ProcessClient> {
  const client = processClient();
  await client.initialize();
  return client;
}

describe("too early", () => {
  test("a request is refused, and initialize works afterwards", async () => {
    const client = processClient();
    expect(await outcome(client.request("textDocument/definition", place))).toBe(-32002);
    expect(await outcome(client.request("shutdown"))).toBe(-32002);
    await client.initialize();
    await answers(client);
    expect(await client.shutdown()).toBe(0);
  });

  test("a notification is dropped: what it opened is not open", async () => {
    const client = processClient();
    client.open(uri, "nonsense\n");
    await client.initialize();
    expect(await client.request("textDocument/documentSymbol", { textDocument: { uri } })).toEqual([]);
    expect(client.diagnostics(uri)).toEqual([]);
    expect(await client.shutdown()).toBe(0);
  });

  test("exit ends the process with 1", async () => {
    const client = processClient();
    client.notify("exit");
    expect(await client.exited).toBe(1);
  });

  test("initialize without capabilities is refused, and may be tried again", async () => {
    const client = processClient();
    expect(await outcome(client.request("initialize", {}))).toBe(-32602);
    expect(await outcome(client.request("initialize"))).toBe(-32602);
    await client.initialize();
    expect(await client.shutdown()).toBe(0);
  });
});

describe("too late", () => {
  test("a second initialize is refused and changes nothing", async () => {
    const client = await running();
    expect(await outcome(client.request("initialize", { capabilities: {} }))).toBe(-32600);
    await answers(client);
    expect(await client.shutdown()).toBe(0);
  });

  test("a request after shutdown is refused", async () => {
    const client = await running();
    await client.request("shutdown");
    expect(await outcome(client.request("textDocument/definition", place))).toBe(-32600);
    client.notify("exit");
    expect(await client.exited).toBe(0);
  });

  test("shutdown and exit in one write: the answer is not lost", async () => {
    const client = await running();
    const all = [
      { jsonrpc: "2.0", id: 100, method: "uapi/page", params: { code: "errno" } },
      { jsonrpc: "2.0", id: 101, method: "shutdown" },
      { jsonrpc: "2.0", method: "exit" },
    ];
    write(client, Buffer.concat(all.map(framed)));
    expect(await client.exited).toBe(0);
    const answered = client.received.flatMap(({ id, method }) => (method === undefined ? [id] : []));
    expect(answered).toEqual([1, 100, 101]);
  });
});

describe("the other side is gone", () => {
  test("exit without shutdown", async () => {
    const client = await running();
    client.notify("exit");
    expect(await client.exited).toBe(1);
  });

  test.each([
    ["nothing", ""],
    ["half a header", "Content-Len"],
    ["half a message", "Content-Length: 1000\r\n\r\n{"],
  ])("the input ends after %s", async (_, rest) => {
    const client = await running();
    client.child.stdin?.end(rest);
    expect(await client.exited).toBe(1);
  });

  test("the input ends after shutdown", async () => {
    const client = await running();
    await client.request("shutdown");
    client.child.stdin?.end();
    expect(await client.exited).toBe(0);
  });

  test("the output is closed: no stack trace, no server", async () => {
    const client = await running();
    client.child.stdout?.destroy();
    client.open(uri, "nonsense\n");
    for (let i = 0; i < 100; i++) client.notify("textDocument/didChange", {});
    expect(await client.exited).toBe(1);
    expect(client.log.join("")).not.toMatch(/^\s+at /m);
  });

  test("the editor's process has died", async () => {
    const dead = spawn(process.execPath, ["-e", "0"]);
    await new Promise((resolve) => dead.on("close", resolve));
    const client = processClient();
    await client.initialize({ processId: dead.pid ?? 0 });
    expect(await client.exited).toBe(1);
  });
});

describe("wrong", () => {
  test.each([["uapi/nothing"], ["$/nothing"], ["textDocument/nothing"]])("request %s", async (method) => {
    const client = await running();
    expect(await outcome(client.request(method, { textDocument: { uri } }))).toBe(-32601);
    expect(await client.shutdown()).toBe(0);
  });

  test.each([
    ["textDocument/definition", {}],
    ["textDocument/definition", undefined],
    ["textDocument/definition", []],
    ["textDocument/definition", null],
    ["textDocument/definition", { textDocument: { uri } }],
    ["textDocument/definition", { textDocument: {}, position: place.position }],
    ["textDocument/definition", { textDocument: { uri: 7 }, position: place.position }],
    ["textDocument/definition", { textDocument: { uri }, position: { line: "1", character: 0 } }],
    ["textDocument/documentSymbol", {}],
    ["textDocument/formatting", { textDocument: { uri } }],
    ["textDocument/rename", { ...place, newName: 1 }],
    ["workspace/symbol", {}],
    ["uapi/page", {}],
  ])("parameters of %s: %j", async (method, params) => {
    const client = await running();
    expect(await outcome(client.request(method, params))).toBe(-32602);
    await answers(client);
    expect(await client.shutdown()).toBe(0);
  });

  test("a change of a document that is not open is ignored, and said", async () => {
    const client = await running();
    client.change("file:///lab/other.uapi", "x");
    await answers(client);
    expect(await client.shutdown()).toBe(0);
    expect(client.log.join("")).toContain("file:///lab/other.uapi is changed and was not opened");
    expect(client.received.filter(({ method }) => method === "textDocument/publishDiagnostics")).toEqual([]);
  });

  test("notifications without sense are ignored, and said", async () => {
    const client = await running();
    client.notify("textDocument/didOpen", {});
    client.notify("textDocument/didChange", { textDocument: { uri, version: 2 }, contentChanges: [7] });
    client.notify("textDocument/didClose");
    client.notify("workspace/didChangeWatchedFiles", { changes: [{}] });
    client.notify("$/cancelRequest");
    client.notify("$/nothing", {});
    client.notify("nothing", {});
    await answers(client);
    expect(await client.shutdown()).toBe(0);
    for (const method of ["didOpen", "didChange", "didClose", "didChangeWatchedFiles"])
      expect(client.log.join("")).toMatch(new RegExp(`${method}: .*ignored`));
  });

  test.each([
    ["no JSON", framed("{]")],
    ["an empty text", framed("")],
    ["a number", framed("7")],
    ["null", framed("null")],
    ["a batch", framed([{ jsonrpc: "2.0", id: 5, method: "uapi/page", params: { code: "errno" } }])],
    ["a request with an id that is none", framed({ jsonrpc: "2.0", id: null, method: "shutdown" })],
    ["a method that is no text", framed({ jsonrpc: "2.0", id: 5, method: 7 })],
    ["an answer that nobody waits for", framed({ jsonrpc: "2.0", id: 99, result: null })],
    ["an answer without result", framed({ jsonrpc: "2.0", id: 99 })],
    [
      "bytes that are no UTF-8",
      Buffer.concat([Buffer.from("Content-Length: 2\r\n\r\n"), Buffer.of(0xff, 0xfe)]),
    ],
  ])("%s: the next message is answered", async (_, bytes) => {
    const client = await running();
    write(client, bytes);
    await answers(client);
    expect(await client.shutdown()).toBe(0);
  });

  test.each([
    ["no JSON", framed("{]"), /could not be read/],
    ["a batch", framed([]), /ignored/],
  ])("%s is logged", async (_, bytes, said) => {
    const client = await running();
    write(client, bytes);
    await answers(client);
    expect(await client.shutdown()).toBe(0);
    expect(client.log.join("")).toMatch(said);
  });

  test.each([
    ["a header without a length", "X: 1\r\n\r\n"],
    ["a header that is none", "nonsense\r\n\r\n"],
    ["a length that is none", "Content-Length: many\r\n\r\n"],
    ["a length beyond all texts", "Content-Length: 99999999999999\r\n\r\n"],
    ["a header with LF only", "Content-Length: 2\n\n{}"],
    ["a body without a header", '{"jsonrpc":"2.0","method":"nothing"}'],
    ["a length that is too short", "Content-Length: 1\r\n\r\n{}"],
    ["a megabyte of something else", "x".repeat(1 << 20)],
  ])("%s: the next message, in the same write, is answered", async (_, bytes) => {
    const client = await running();
    const next = framed({ jsonrpc: "2.0", id: "next", method: "uapi/page", params: { code: "errno" } });
    write(client, Buffer.concat([Buffer.from(bytes), next]));
    expect((await client.waitFor(({ id }) => id === "next")).result).toContain("errno");
    expect(await client.shutdown()).toBe(0);
  });

  test("a message in single bytes", async () => {
    const client = await running();
    const text = 'use "é𝄞.uapi"\n';
    const open = { textDocument: { uri, languageId: "uapi", version: 1, text } };
    for (const byte of framed({ jsonrpc: "2.0", method: "textDocument/didOpen", params: open }))
      write(client, Buffer.of(byte));
    const { params } = await client.waitFor(({ method }) => method === "textDocument/publishDiagnostics");
    expect(JSON.stringify(params)).toContain("é𝄞.uapi");
    expect(await client.shutdown()).toBe(0);
  });

  test("a handler that throws is an internal error, and the server lives", async () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const log: string[] = [];
    const { connection } = connect(new StreamMessageReader(input), new StreamMessageWriter(output), {
      log: (message) => void log.push(message),
      exit: () => undefined,
      watch: () => undefined,
    });
    connection.onInitialize(() => ({ capabilities: {} }));
    connection.onRequest("boom", () => {
      throw new Error("boom");
    });
    connection.onRequest("later", () => Promise.reject(new Error("boom")));
    connection.onRequest("fine", () => 1);
    connection.listen();
    const found = new Map<unknown, unknown>();
    const done = new Promise<void>((resolve) => {
      new StreamMessageReader(output).listen((message) => {
        found.set(Reflect.get(message, "id"), message);
        if (found.size === 4) resolve();
      });
    });
    const methods = ["initialize", "boom", "later", "fine"];
    methods.forEach((method, id) => {
      input.write(framed({ jsonrpc: "2.0", id, method, params: { capabilities: {} } }));
    });
    await done;
    expect(found.get(1)).toMatchObject({ error: { code: -32603, message: "boom failed: boom" } });
    expect(found.get(2)).toMatchObject({ error: { code: -32603 } });
    expect(found.get(3)).toMatchObject({ result: 1 });
    expect(log.join("\n")).toMatch(/^boom: Error: boom\n\s+at /);
  });
});
