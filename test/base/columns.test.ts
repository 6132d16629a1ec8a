import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cellsOf, cut, escaped, oneLine, padded, widthOf, wrap } from "../../server/src/base/columns.ts";

describe("width", () => {
  test.each([
    ["abc", 3],
    ["日本", 4],
    ["ｱ", 1],
    ["Ａ", 2],
    ["e\u0301", 1],
    ["\u{1f600}", 2],
    ["\u{1f468}\u200d\u{1f469}\u200d\u{1f466}", 2],
    ["\u2764\ufe0f", 2],
    ["한글", 4],
    ["→…", 2],
    ["a\tb", 9],
  ])("%j takes %i columns", (text, width) => {
    expect(widthOf(text)).toBe(width);
  });
});

test("what could move the cursor or hide text is shown as its number", () => {
  expect(escaped("\x1b[31m\0\x7f\x85")).toBe("\\x1b[31m\\x00\\x7f\\x85");
  expect(escaped("\u202eabc\u2066\u200b\ufeff\ud800")).toBe(
    "\\u{202e}abc\\u{2066}\\u{200b}\\u{feff}\\u{d800}",
  );
  expect(oneLine("a\r\n  b\tc\n")).toBe("a b c ");
});

test("tabs reach the next stop", () => {
  expect(cellsOf("\tab\tc").map(({ width }) => width)).toEqual([8, 1, 1, 6, 1]);
});

test("wrapping breaks at spaces, and long words stick out", () => {
  expect(wrap("one two three", 7)).toEqual(["one two", "three"]);
  expect(wrap("one two three", 7, { first: 4 })).toEqual(["one", "two", "three"]);
  expect(wrap("extraordinary x", 5)).toEqual(["extraordinary", "x"]);
  expect(wrap("", 5)).toEqual([""]);
  expect(wrap("日本 日本", 8)).toEqual(["日本", "日本"]);
});

test("cutting and padding count columns", () => {
  expect(cut("日本語", 5)).toBe("日本…");
  expect(cut("日本語", 4)).toBe("日…");
  expect(cut("abc", 3)).toBe("abc");
  expect(padded("日", 4)).toBe("日  ");
});

test("nothing of a text gets lost in wrapping, and no line is too wide but for a single word", () => {
  const texts = fc.string({ unit: fc.constantFrom("a", " ", "日", "bcd"), maxLength: 60 });
  fc.assert(
    fc.property(texts, fc.integer({ min: 1, max: 20 }), (text, width) => {
      const lines = wrap(text, width);
      expect(lines.join(" ")).toBe(text);
      for (const line of lines) expect(widthOf(line) <= width || !line.includes(" ")).toBe(true);
    }),
  );
});
