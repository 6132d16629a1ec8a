// The server's text is the client's, whatever is typed: with every kind of line break, characters of every width, ranges
// outside of the text, in every encoding. The client here is a naive one: it splits its text anew for each edit.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Position, TextDocumentContentChangeEvent } from "vscode-languageserver";
import { createSession } from "../../server/src/analysis/session.ts";
import { createDocuments } from "../../server/src/lsp/documents.ts";
import { lineStartsOf } from "../../server/src/lsp/line-starts.ts";
import { type Encoding, offsetAt, positionAt } from "../../server/src/lsp/positions.ts";
import { memoryFiles } from "../support/memory-files.ts";

const encodings: readonly Encoding[] = ["utf-16", "utf-8", "utf-32"];
const uri = "file:///lab/text.uapi";

/** What one types, and everything that makes counting hard. */
const piece = fc.constantFrom(
  "\n",
  "\r",
  "\r\n",
  "a",
  "{",
  "}",
  " ",
  "é",
  "€",
  "𝄞",
  "use vfio\n",
  "//",
  "\ud834",
);
const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(""));
const number = fc.oneof(
  { weight: 9, arbitrary: fc.nat(12) },
  { weight: 1, arbitrary: fc.constantFrom(-1, 1e9, 2 ** 31) },
);
const position = fc.record({ line: number, character: number });
const change: fc.Arbitrary<TextDocumentContentChangeEvent> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ range: fc.record({ start: position, end: position }), text }) },
  { weight: 1, arbitrary: fc.record({ text }) },
  {
    weight: 1,
    arbitrary: fc.constant({
      range: { start: { line: 0, character: 0 }, end: { line: 1e9, character: 0 } },
      text: "",
    }),
  },
);

/** The lines of a text without their breaks, and where they start. */
function linesIn(all: string): { start: number; text: string }[] {
  const lines: { start: number; text: string }[] = [];
  let at = 0;
  for (const line of all.split(/\r\n|\r|\n/)) {
    lines.push({ start: at, text: line });
    at += line.length;
    at += all.startsWith("\r\n", at) ? 2 : 1;
  }
  return lines;
}

const width = (character: string, encoding: Encoding): number => {
  if (encoding === "utf-16") return character.length;
  return encoding === "utf-8" ? Buffer.byteLength(character) : 1;
};

/** As the protocol and the editors have it: outside is the nearest place inside. */
function naiveOffset(all: string, { line, character }: Position, encoding: Encoding): number {
  if (line < 0) return 0;
  const found = linesIn(all)[line];
  if (found === undefined) return all.length;
  let offset = found.start;
  let column = 0;
  for (const sign of encoding === "utf-16" ? found.text.split("") : found.text) {
    column += width(sign, encoding);
    if (column > character) break;
    offset += sign.length;
  }
  return offset;
}

function naiveApply(all: string, change: TextDocumentContentChangeEvent, encoding: Encoding): string {
  if (!("range" in change) || change.range === undefined) return change.text;
  const one = naiveOffset(all, change.range.start, encoding);
  const two = naiveOffset(all, change.range.end, encoding);
  return all.slice(0, Math.min(one, two)) + change.text + all.slice(Math.max(one, two));
}

const runs = process.env.SOAK === "1" ? 100_000 : 1000;

describe.each(encodings)("%s", (encoding) => {
  test.each([
    ["uapi", uri],
    ["markdown", "file:///lab/text.md"],
  ])("%s: after every change the text is the client's, and so is every place", (languageId, uri) => {
    fc.assert(
      fc.property(text, fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 8 }), (start, script) => {
        const documents = createDocuments(createSession(memoryFiles(new Map())), () => encoding);
        documents.open({ uri, languageId, version: 1, text: start });
        let expected = start;
        script.forEach((changes, index) => {
          const document = documents.change(uri, index + 2, changes);
          expected = changes.reduce((all, each) => naiveApply(all, each, encoding), expected);
          expect(document?.text()).toBe(expected);
          expect(document?.version).toBe(index + 2);
          const lines = linesIn(expected);
          expect(document?.lines.count()).toBe(lines.length);
          for (const [line, { start }] of lines.entries()) expect(document?.lines.start(line)).toBe(start);
        });
        const document = documents.get(uri);
        if (document === undefined) throw new Error("it is not open");
        for (let offset = 0; offset <= expected.length; offset++) {
          const place = positionAt(document, offset, encoding);
          const back = offsetAt(document, place, encoding);
          expect(naiveOffset(expected, place, encoding)).toBe(back);
          // Inside of a character or a line break there is no place.
          if (back !== offset) expect(expected.slice(back, back + 2)).toMatch(/^(?:\r\n|[\ud800-\udbff])/);
        }
      }),
      { numRuns: runs / 5 },
    );
  });
});

test("line starts: edits at offsets", () => {
  fc.assert(
    fc.property(text, fc.array(fc.tuple(fc.nat(40), fc.nat(6), text), { maxLength: 20 }), (start, edits) => {
      let all = start;
      const lines = lineStartsOf(start);
      for (const [at, length, inserted] of edits) {
        const from = between(all, Math.min(at, all.length));
        const to = between(all, Math.min(from + length, all.length));
        all = all.slice(0, from) + inserted + all.slice(to);
        lines.edit(from, to, inserted);
        const expected = linesIn(all);
        expect(lines.length()).toBe(all.length);
        expect(expected.map((_, line) => lines.start(line))).toEqual(expected.map((line) => line.start));
        expect(expected.map((_, line) => lines.end(line))).toEqual(
          expected.map((line) => line.start + line.text.length),
        );
      }
    }),
    { numRuns: runs },
  );
});

/** No edit starts or ends inside of a CRLF. */
function between(all: string, at: number): number {
  return all[at - 1] === "\r" && all[at] === "\n" ? at - 1 : at;
}
