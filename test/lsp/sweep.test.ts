// Every feature all over every sample, and over each with something missing: no request fails, and every answer is one by
// the protocol's types, inside of the text. A client of every sort is one that can everything. SOAK=1 asks at every place.

import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { linesOf, lineText } from "../../server/src/base/lines.ts";
import { ableClient, type Client, memoryClient, ResponseError } from "../support/lsp-client.ts";
import { root } from "../support/project-files.ts";
import { type Asked, aboutDocuments, atPlaces, codeActions } from "../support/server-requests.ts";

/** Not those that are claims about every proposal: a server that decides them has no time for anything else. */
const samples = readdirSync(`${root}samples`).filter((name) => /^(?!11|12).*\.uapi$/.test(name));
const soak = process.env.SOAK === "1";
const uriOf = (name: string): string => `file:///samples/${name}`;
const read = (name: string): string => readFileSync(`${root}samples/${name}`, "utf8");

const asItIs = "as it is";

/** Texts as they are while somebody types. */
const versions: readonly (readonly [what: string, change: (text: string) => string])[] = [
  [asItIs, (text) => text],
  ["without expectations", (text) => text.replace(/ (?:fails|violates) [^\n]*/g, "")],
  ["cut in the middle", (text) => text.slice(0, text.length * 0.7)],
  ["without the second half of its lines", (text) => text.replace(/(?<=\(.{3}).*\n/g, "\n")],
];

/** What a user may do wrong with a request: not a failure of the server. */
const refusals = new Set([-32803, -32602]);

test.each(samples.flatMap((name) => versions.map(([what, change]) => [name, what, change] as const)))(
  "%s %s",
  async (name, what, change) => {
    const client = await started();
    const uri = uriOf(name);
    const text = change(read(name));
    client.open(uri, text);
    const problems: string[] = [];
    const ask = async (asked: Asked, line: number, character: number): Promise<void> => {
      const params = asked.params(uri, { line, character });
      const problem = await problemOf(client, asked, params, text);
      if (problem !== null) problems.push(`${asked.method} at ${line}:${character}: ${problem}`);
    };
    await Promise.all(aboutDocuments.map((asked) => ask(asked, 0, 0)));
    for (const [line, character] of placesIn(text, soak ? 1 : what === asItIs ? 16 : 80)) {
      await Promise.all(atPlaces.map((asked) => ask(asked, line, character)));
    }
    for (const { range } of client.diagnostics(uri).slice(0, soak ? undefined : 1)) {
      await ask(codeActions, range.start.line, range.start.character);
    }
    expect(problems.slice(0, 5)).toEqual([]);
    await client.shutdown();
  },
);

async function started(): Promise<Client> {
  const client = memoryClient({
    disk: {
      read: (uri) => {
        const name = uri.slice(uriOf("").length);
        return samples.includes(name)
          ? { ok: true, text: read(name) }
          : { ok: false, code: "unreadable", message: "no such file or directory" };
      },
      list: () => samples.map(uriOf),
      inside: () => true,
    },
  });
  const initializationOptions = { repairBudget: 20 };
  const workspaceFolders = [{ name: "samples", uri: uriOf("").replace(/\/$/, "") }];
  await client.initialize({ capabilities: ableClient, initializationOptions, workspaceFolders });
  return client;
}

/** Every place of the text in the long version; else where words and signs begin and end, or each so many of those. */
function placesIn(text: string, step: number): [line: number, character: number][] {
  const lines = linesOf(text);
  const places = lines.starts.flatMap((_, line) => {
    const all = lineText(lines, line + 1);
    const columns = Array.from({ length: all.length + 1 }, (_, character) => character);
    return columns
      .filter((at) => soak || at === 0 || at === all.length || isEdge(all, at))
      .map((character): [number, number] => [line, character]);
  });
  return places.filter((_, index) => index % step === 0);
}

const isEdge = (line: string, at: number): boolean =>
  /\w/.test(line[at - 1] ?? "") !== /\w/.test(line[at] ?? "") || /[^\w\s]/.test(line[at] ?? "");

async function problemOf(
  client: Client,
  asked: Asked,
  params: unknown,
  text: string,
): Promise<string | null> {
  try {
    const answer = await client.request(asked.method, params);
    if (answer !== null && !asked.fits(answer))
      return `not an answer: ${JSON.stringify(answer).slice(0, 300)}`;
    return outside(answer, text);
  } catch (error) {
    if (!(error instanceof ResponseError)) throw error;
    return refusals.has(error.code) ? null : `${error.code} ${error.message}`;
  }
}

/** A range that does not lie in the text; those of other documents are not looked at. */
function outside(answer: unknown, text: string): string | null {
  const lines = linesOf(text);
  const pending: unknown[] = [answer];
  while (pending.length > 0) {
    const part = pending.pop();
    if (typeof part !== "object" || part === null) continue;
    if ("uri" in part || "documentChanges" in part || "targetUri" in part || "location" in part) continue;
    if ("line" in part && "character" in part) {
      const [line, character] = [Number(part.line), Number(part.character)];
      if (line < 0 || line >= lines.starts.length || character > lineText(lines, line + 1).length)
        return `${JSON.stringify(part)} is not in the text`;
    }
    pending.push(...Object.values(part));
  }
  return null;
}
