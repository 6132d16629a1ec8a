// A person gone wild: types, deletes, opens, closes and asks at random, in several files at once. Afterwards the server's
// texts are the client's, what it says is what a fresh server says, and nothing failed in between. A failure prints the
// seed and what was done last; FUZZ_SEED=N repeats one, SOAK=1 does far more.

import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Diagnostic, Position } from "vscode-languageserver";
import { lineEnd, linesOf } from "../../server/src/base/lines.ts";
import { ableClient, type MemoryClient, memoryClient, ResponseError } from "../support/lsp-client.ts";
import { root } from "../support/project-files.ts";
import { aboutDocuments, atPlaces, codeActions } from "../support/server-requests.ts";

const soak = process.env.SOAK === "1";
const only = process.env.FUZZ_SEED;
const seeds = only === undefined ? Array.from({ length: soak ? 200 : 10 }, (_, i) => i + 1) : [Number(only)];
const operations = soak ? 20_000 : 2000;
const mostOpen = 5;

/** Not those that are claims about every proposal: a server that decides them has no time for anything else. */
const samples = readdirSync(`${root}samples`).filter((name) => /^(?!11|12).*\.uapi$/.test(name));
const texts = new Map<string, string>(
  samples.map((name) => [`file:///samples/${name}`, readFileSync(`${root}samples/${name}`, "utf8")]),
);
texts.set(
  "file:///samples/page.md",
  `# Page\n\n\`\`\`uapi\n${texts.get("file:///samples/topologies.uapi")}\`\`\`\n`,
);
const uris = [...texts.keys()];

/** What is typed or pasted, besides what is there already. */
const pieces = [
  ...[".", "\n", "\r\n", " ", "{", "}", "(", ")", '"', "//", "/*", "*/", "é", "𝄞", "0x", "fails ", "```\n"],
  ...["use vfio\n", 'use "topologies.uapi"\n', "scenario ", "open(", "violates secure_context", "  g = "],
];

/** Small, fast and the same everywhere (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const disk = {
  read: (uri: string) => {
    const text = texts.get(uri);
    return text === undefined
      ? { ok: false as const, code: "unreadable", message: "no such file or directory" }
      : { ok: true as const, text };
  },
  list: () => uris.filter((uri) => uri.endsWith(".uapi")),
  inside: () => true,
};

async function started(): Promise<MemoryClient> {
  const client = memoryClient({ disk });
  const workspaceFolders = [{ name: "samples", uri: "file:///samples" }];
  await client.initialize({
    capabilities: ableClient,
    initializationOptions: { repairBudget: 10 },
    workspaceFolders,
  });
  return client;
}

const languageId = (uri: string): string => (uri.endsWith(".md") ? "markdown" : "uapi");

test.each(seeds)("seed %i", async (seed) => {
  const client = await started();
  const below = random(seed);
  const pick = <T>(of: readonly T[]): T => of[below(of.length)] as T;
  const open = new Map<string, string>();
  const script: string[] = [];
  const failures: string[] = [];
  const asked: Promise<void>[] = [];

  const ask = (method: string, params: unknown): void => {
    script.push(JSON.stringify({ method, params }));
    asked.push(
      client.request(method, params).then(
        () => undefined,
        (error) => {
          // -32603 is a failure of the server, -32601 one of this test.
          const code = error instanceof ResponseError ? error.code : 0;
          if (code === -32603 || code === -32601 || code === 0) failures.push(`${method}: ${error.message}`);
        },
      ),
    );
  };

  /** A place as the client means it; now and then one outside of the text. */
  const place = (text: string, offset: number): Position => {
    if (below(200) === 0) return { line: below(1000), character: below(300) };
    const lines = linesOf(text);
    const line = Math.max(
      0,
      lines.starts.findLastIndex((start) => start <= offset),
    );
    return { line, character: offset - (lines.starts[line] ?? 0) };
  };

  const edit = (uri: string, text: string): void => {
    const lines = linesOf(text);
    // In front of a line break, never inside: where a person can be.
    const free = below(text.length + 1);
    const at = text[free - 1] === "\r" && text[free] === "\n" ? free - 1 : free;
    const line = lines.starts.findLastIndex((start) => start <= at);
    const kinds: (() => [start: number, end: number, inserted: string])[] = [
      () => [at, at, pick(pieces)],
      () => [at, at, String.fromCharCode(32 + below(95))],
      () => [at, Math.min(text.length, at + 1 + below(3)), ""],
      () => [at, lineEnd(lines, line + 1), ""],
      () => [lines.starts[line] ?? 0, lines.starts[line + 1] ?? text.length, ""],
      () => [at, at, text.slice(lines.starts[line] ?? 0, lines.starts[line + 1] ?? text.length)],
    ];
    const [start, wanted, inserted] = pick(kinds)();
    const end = text[wanted - 1] === "\r" && text[wanted] === "\n" ? wanted + 1 : wanted;
    const range = { start: exactly(text, start), end: exactly(text, end) };
    open.set(uri, text.slice(0, start) + inserted + text.slice(end));
    script.push(JSON.stringify({ edit: uri, range, text: inserted }));
    client.change(uri, [{ range, text: inserted }]);
  };

  const step = async (): Promise<void> => {
    const chance = below(1000);
    const uri = pick(uris);
    const text = open.get(uri);
    if (text === undefined) {
      if (open.size >= mostOpen && chance < 900) return;
      const fresh = texts.get(uri) ?? "";
      open.set(uri, fresh);
      script.push(JSON.stringify({ open: uri }));
      client.open(uri, fresh, { languageId: languageId(uri) });
    } else if (open.size > mostOpen || chance < 10) {
      open.delete(uri);
      script.push(JSON.stringify({ close: uri }));
      client.close(uri);
    } else if (chance < 15) {
      open.set(uri, texts.get(uri) ?? "");
      script.push(JSON.stringify({ reset: uri }));
      client.change(uri, texts.get(uri) ?? "");
    } else if (chance < 20)
      ask(codeActions.method, codeActions.params(uri, place(text, below(text.length + 1))));
    else if (chance < 100) {
      const { method, params } = pick(atPlaces);
      ask(method, params(uri, place(text, below(text.length + 1))));
    } else if (chance < 130) {
      const { method, params } = pick(aboutDocuments);
      ask(method, params(uri, { line: 0, character: 0 }));
    } else edit(uri, text);
    // A burst now and then, else as fast as the server can.
    if (below(4) === 0) await Promise.all(asked.splice(0));
  };

  for (let i = 0; i < operations; i++) await step();
  // An answer comes behind all that was typed in front of the question.
  ask("workspace/symbol", { query: "nothing" });
  await Promise.all(asked);
  const replay = `FUZZ_SEED=${seed}, at last:\n${script.slice(-15).join("\n")}\n${client.log.slice(0, 3).join("\n")}`;
  expect(failures.slice(0, 3), replay).toEqual([]);

  const fresh = await started();
  for (const [uri, text] of open) {
    expect(client.server.documents.get(uri)?.text(), replay).toBe(text);
    fresh.open(uri, text, { languageId: languageId(uri) });
  }
  const said = async (from: MemoryClient, uri: string): Promise<readonly Diagnostic[]> => {
    const report = await from.request<{ items: Diagnostic[] }>("textDocument/diagnostic", {
      textDocument: { uri },
    });
    return report.items;
  };
  for (const uri of open.keys()) {
    const expected = await said(fresh, uri);
    expect(await said(client, uri), replay).toEqual(expected);
    // What was published is that, too, at last.
    await client.published(uri);
    await client.until(() => JSON.stringify(client.diagnostics(uri)) === JSON.stringify(expected));
  }
  for (const uri of uris) if (!open.has(uri)) expect(client.diagnostics(uri), replay).toEqual([]);
  await Promise.all([client.shutdown(), fresh.shutdown()]);
});

function exactly(text: string, offset: number): Position {
  const { starts } = linesOf(text);
  const line = starts.findLastIndex((start) => start <= offset);
  return { line, character: offset - (starts[line] ?? 0) };
}
