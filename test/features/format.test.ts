// Formatting, as pairs of texts in test/features/format-cases: what an author wrote, a line of dashes, what comes out.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { formatText } from "../../server/src/features/format.ts";
import { parse } from "../../server/src/syntax/generated/parser.js";
import { withoutSpans } from "../support/ast-arbitrary.ts";

const folder = fileURLToPath(new URL("format-cases/", import.meta.url));
const divider = /^-{10,}\n/m;

describe("cases", () => {
  test.each(readdirSync(folder).filter((name) => name.endsWith(".uapi")))("%s", (name) => {
    const [before = "", after = ""] = readFileSync(folder + name, "utf8").split(divider);
    expect(formatText(before)).toBe(after);
    expect(formatText(after)).toBe(after);
    expect(withoutSpans(parse(after))).toEqual(withoutSpans(parse(before)));
  });
});

describe("the ends of lines and of the text", () => {
  test.each([
    ["", ""],
    [" \n\n \t", ""],
    ["\n\nuse a", "use a\n"],
    ["use a  \n\n\n", "use a\n"],
    ["use a\r\nuse b\nuse c", "use a\r\nuse b\r\nuse c\r\n"],
    ["use a\nuse b\r\n", "use a\nuse b\n"],
    ["\ufeffuse  a", "\ufeffuse a\n"],
    ["use\u00a0a", "use a\n"],
    ["/* a  \r\n   b */ use a\r\n", "/* a\r\n   b */ use a\r\n"],
  ])("%j", (before, after) => {
    expect(formatText(before)).toBe(after);
  });
});

describe("a text with errors loses nothing", () => {
  test.each([
    ['x = open("/dev  \ny  =  1', 'x = open("/dev\n  y = 1\n'],
    ["}\n  }\nx", "}\n}\nx\n"],
    ["f(\n}\ng", "f(\n  }\n  g\n"],
    ["a {\n(((\n}\nb", "a {\n  (((\n}\nb\n"],
    ["a /* b\n\n   c  ", "a /* b\n\n   c\n"],
    ["# ' ~  \u{1f600}\u{1f600}", "# ' ~ \u{1f600}\u{1f600}\n"],
    ["a&&b||c+=-1--2", "a && b || c += -1 - -2\n"],
    ["6 .12 = = - > / /", "6 .12 = = - > / /\n"],
  ])("%j", (before, after) => {
    expect(formatText(before)).toBe(after);
    expect(formatText(after)).toBe(after);
  });
});

test.each([
  ['require a else "{b == "x  y"}  z"   // c', 'require a else "{b == "x  y"}  z"   // c\n'],
  ['require  a else "{b\n   +   c}  d"\nx=1', 'require a else "{b\n   +   c}  d"\nx = 1\n'],
])("a message with quotes or line breaks in its holes stays as it is: %j", (before, after) => {
  expect(formatText(before)).toBe(after);
});

test("lines are not aligned beyond 120 columns", () => {
  const long = `x = ${"a".repeat(100)} // long`;
  const text = `y = 1 // short\n${long}\nz = 1 // ${"b".repeat(60)}\n`;
  expect(formatText(text)).toBe(`y = 1${" ".repeat(99)} // short\n${long}\nz = 1 // ${"b".repeat(60)}\n`);
});

test("a line of ten megabytes, and a hundred thousand open braces, come back", () => {
  const line = "f(x) ".repeat(2_000_000);
  expect(formatText(line)).toBe(line);
  expect(formatText("{\n".repeat(100_000)).replace(/ /g, "")).toBe("{\n".repeat(100_000));
});
