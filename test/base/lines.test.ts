import fc from "fast-check";
import { expect, test } from "vitest";
import { lineEnd, linesOf, lineText, offsetAt, positionAt } from "../../server/src/base/lines.ts";

test.each([
  ["", [0]],
  ["a", [0]],
  ["a\n", [0, 2]],
  ["a\r\nb", [0, 3]],
  ["a\rb\n\r\rc", [0, 2, 4, 5, 6]],
  ["\r\n\n\r", [0, 2, 3, 4]],
])("the lines of %j start at %j", (text, starts) => {
  expect(linesOf(text).starts).toEqual(starts);
});

test("columns count UTF-16 units", () => {
  const lines = linesOf("a\n\u{1f600}b");
  expect(positionAt(lines, 4)).toEqual({ line: 2, column: 3 });
  expect(lineText(lines, 2)).toBe("\u{1f600}b");
});

test("what lies outside counts as the nearest end", () => {
  const lines = linesOf("ab\ncd");
  expect(positionAt(lines, -1)).toEqual({ line: 1, column: 1 });
  expect(positionAt(lines, 99)).toEqual({ line: 2, column: 3 });
  expect(positionAt(lines, Number.NaN)).toEqual({ line: 1, column: 1 });
  expect(offsetAt(lines, { line: 1, column: 99 })).toBe(2);
  expect(offsetAt(lines, { line: 9, column: 1 })).toBe(5);
  expect(offsetAt(lines, { line: 0, column: 1 })).toBe(0);
  expect(lineText(lines, 9)).toBe("");
});

const texts = fc.string({ unit: fc.constantFrom("a", "\n", "\r", "\u{1f600}", " "), maxLength: 30 });

test("every offset has a position that leads back, or lies inside a line break", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const lines = linesOf(text);
      for (let offset = 0; offset <= text.length; offset += 1) {
        const position = positionAt(lines, offset);
        const back = offsetAt(lines, position);
        const end = lineEnd(lines, position.line);
        if (back !== Math.min(offset, end)) throw new Error(`${JSON.stringify(text)} at ${offset}`);
      }
    }),
  );
});

test("the lines and their breaks are the text", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const lines = linesOf(text);
      const parts = lines.starts.map((start, index) => {
        const end = lines.starts[index + 1] ?? text.length;
        return (
          lineText(lines, index + 1) + text.slice(lineEnd(lines, index + 1), end) + text.slice(end, start)
        );
      });
      expect(parts.join("")).toBe(text);
    }),
  );
});
