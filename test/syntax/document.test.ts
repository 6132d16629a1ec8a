import { describe, expect, test } from "vitest";
import { type Document, editDocument, parseDocument, type Row } from "../../server/src/syntax/document.ts";
import { parseWhole } from "../../server/src/syntax/parse.ts";
import { sample } from "./sample.ts";
import { brokenInvariant, errorsIn, wholeTree, withoutIds } from "./support.ts";

const scenario = (lines: readonly string[]) => `use vfio\nscenario "s" on t {\n${lines.join("\n")}\n}\n`;
const messages = (text: string) => errorsIn(parseDocument(text)).map((e) => `${e.marked}: ${e.message}`);

describe("a well-formed text", () => {
  test.each([
    ["as it is", sample],
    ["with CRLF", sample.replaceAll("\n", "\r\n")],
    ["with CR", sample.replaceAll(/\/\/[^\n]*/g, "").replaceAll("\n", "\r")],
    ["with a byte order mark", `\ufeff${sample}`],
    [
      "without indentation",
      sample.replaceAll(/^ +/gm, "").replaceAll("or\nd.x", "or d.x").replaceAll(",\n.flags", ", .flags"),
    ],
    ["with tabs", sample.replaceAll(/^( {2})+/gm, (blanks) => "\t".repeat(blanks.length / 2))],
  ])("%s has the tree that the grammar gives to the whole", (_, text) => {
    const whole = parseWhole(text);
    const document = parseDocument(text);
    expect(errorsIn(document)).toEqual([]);
    expect(wholeTree(document)).toEqual(whole.kind === "file" ? whole.declarations : whole);
    expect(brokenInvariant(document)).toBeNull();
  });
});

describe("one mistake costs one error", () => {
  test("a half-typed call between others", () => {
    const lines = ['  a = open("x")', "  b = f(a", "  c = g(b)", "  h(c) fails EBUSY", "  k(c)"];
    const document = parseDocument(scenario(lines));
    expect(errorsIn(document)).toMatchObject([
      { message: "expected `)` or `,` after `a`, but the line ends here" },
    ]);
    expect(rowsIn(document).map((row) => row.node?.kind)).toEqual([
      "step",
      "error",
      "step",
      "step",
      "step",
      undefined,
    ]);
  });

  test.each([
    "x = {",
    "f({ .a = 1",
    "x = f(",
    "x =",
    'x = open("a',
    "x = f(a, (b",
    "/* open",
    "f(a) fails EBUSY or",
  ])("the half-typed line %s", (line) => {
    const lines = ['  a = open("x")', `  ${line}`, "  g(b)", "  c = d(b)", "  k(c)"];
    const document = parseDocument(scenario(lines));
    expect(errorsIn(document)).toHaveLength(1);
    expect(rowsIn(document).filter((row) => row.node?.kind === "step")).toHaveLength(4);
  });

  test("a missing brace does not swallow the next declaration", () => {
    const text = `${scenario(["  f(a)", "  task t {", "    g(a)"]).slice(0, -2)}\nscenario b on t {\n  f(b)\n}\n`;
    expect(messages(text)).toEqual(["{: this `{` is never closed"]);
    expect(parseDocument(text).items.map((item) => item.declaration?.kind)).toEqual([
      "use",
      "scenario",
      "scenario",
    ]);
  });

  test("a missing brace of a member does not swallow the next member", () => {
    const text = "proposal p {\n  fd a {\n    x: int\n  ioctl F(a: a) {\n    a.x = 1\n  }\n  role r\n}\n";
    const document = parseDocument(text);
    expect(errorsIn(document)).toMatchObject([{ message: "this `{` is never closed", start: 20 }]);
    expect(document.items[0]?.declaration).toMatchObject({
      open: false,
      body: [{ kind: "fd", open: true }, { kind: "operation", open: false }, { kind: "role" }],
    });
  });

  test("a stray brace is an item of its own", () => {
    expect(messages("use a\n}\nuse b\n")).toEqual(["}: this `}` closes nothing"]);
  });

  test("a head that does not parse costs its own line", () => {
    expect(messages("proposal p {\n  ioctl F(a: ) {\n    b = = 1\n  }\n  role r\n}\n")).toHaveLength(1);
    expect(messages("scenario s on t\n  f(a)\n  g(b)\n}\nuse b\n")).toHaveLength(1);
    expect(messages(scenario(["  task {", "    f(a)", "  }"]))).toHaveLength(1);
  });
});

describe("messages", () => {
  const inRule = (line: string) => messages(`proposal p {\n  rule r {\n    ${line}\n  }\n}\n`);
  const inScenario = (line: string) => messages(scenario([`  ${line}`]));
  test.each([
    [inScenario, "f(a) violates", "s: expected a name after `violates`, but the line ends here"],
    [inScenario, "f(a,, b)", ",: expected an expression or `)` after `,`, but found `,`"],
    [inScenario, "x = )", "): expected an expression after `=`, but found `)`"],
    [inScenario, "assert a = b", "=: use `==` to compare"],
    [inScenario, 'x = open("/dev', '"/dev: this quoted text is never closed'],
    [inScenario, "asert x == y", "x: did you mean `assert`?"],
    [inRule, "require a = b", "=: use `==` to compare"],
    [inRule, "requires a == b", "a: did you mean `require`?"],
    [inRule, "require a && b", "&&: write `and`"],
    [
      inRule,
      "require a else",
      expect.stringMatching(/^e: expected a name.* a quoted message.* after `else`, but the line ends here$/),
    ],
    [messages, 'scenaro "s" on t {\n  f(a)\n}\n', "scenaro: did you mean `scenario`?"],
  ])("%s %s", (from, line, message) => {
    expect(from(line)).toEqual([message]);
  });
});

const rowsIn = (document: Document): readonly Row[] => [...(document.items[1]?.rows ?? [])];

describe("editing", () => {
  test("one line of a long scenario leaves all others what they were", () => {
    const lines = Array.from({ length: 2000 }, (_, i) => `  x${i} = open("/dev/${i}")`);
    const text = scenario(lines);
    const before = parseDocument(text);
    const at = text.indexOf("x1000 ");
    const after = editDocument(before, { start: at, end: at + 5, text: "renamed" });
    expect(withoutIds(after)).toEqual(withoutIds(parseDocument(after.text)));
    expect(after.items[0]).toBe(before.items[0]);
    const [old, rows] = [rowsIn(before), rowsIn(after)];
    expect(rows.length).toBe(old.length);
    expect(rows.map(({ id }) => id)).toEqual(old.map(({ id }) => id));
    expect(rows.flatMap((row, i) => (row.text === old[i]?.text ? [] : [i]))).toEqual([1000]);
    // Blocks of rows are what is shared: only the one with the edited row is new.
    const shared = new Set(before.items[1]?.rows?.blocks);
    expect(after.items[1]?.rows?.blocks.filter((block) => !shared.has(block)).length).toBe(1);
    expect(after.items[1]?.id).toBe(before.items[1]?.id);
  });

  test("a new line gets an id of its own", () => {
    const before = parseDocument(scenario(["  a()", "  b()", "  c()"]));
    const at = before.text.indexOf("  b()");
    const after = editDocument(before, { start: at, end: at, text: "  n()\n" });
    const ids = rowsIn(before).map((row) => row.id);
    expect(rowsIn(after).map((row) => row.id)).toEqual([ids[0], expect.any(Number), ...ids.slice(1)]);
    expect(brokenInvariant(after)).toBeNull();
  });

  test("members far from an edit stay the same objects", () => {
    const members = Array.from({ length: 20 }, (_, i) => `  const C${i} = ${i}`);
    const before = parseDocument(`proposal p {\n${members.join("\n")}\n}\n`);
    const bodyOf = ({ items: [item] }: Document): readonly unknown[] =>
      item?.declaration?.kind === "proposal" ? item.declaration.body : [];
    const at = before.text.indexOf("const C10");
    // The line in front goes on with it.
    const after = editDocument(before, { start: at, end: at, text: "+ " });
    expect(withoutIds(after)).toEqual(withoutIds(parseDocument(after.text)));
    expect(bodyOf(after).slice(0, 8)).toEqual(bodyOf(before).slice(0, 8));
    expect(bodyOf(after)[0]).toBe(bodyOf(before)[0]);
    const again = editDocument(after, { start: at, end: at + 2, text: "" });
    expect(again.items).toEqual(before.items);
    expect(bodyOf(again).at(-1)).toBe(bodyOf(before).at(-1));
  });

  test("the end of a comment far above", () => {
    const lines = Array.from({ length: 100 }, (_, i) => `  x${i} = f()`);
    const before = parseDocument(scenario(["  f() /* open", ...lines]));
    const at = before.text.length - 3;
    const after = editDocument(before, { start: at, end: at, text: "*/" });
    expect(withoutIds(after)).toEqual(withoutIds(parseDocument(after.text)));
  });
});

describe("sizes", () => {
  const timeout = 600_000; // for a machine that does other things too
  const bounded = (text: string) => {
    const document = parseDocument(text);
    expect(brokenInvariant(document)).toBeNull();
    return document;
  };
  test("20 000 nested brackets", { timeout }, () => {
    for (const bracket of ["(", "{", "["]) {
      expect(errorsIn(bounded(scenario([`  f${bracket.repeat(20_000)}`])))[0]?.message).toContain("nested");
    }
    expect(errorsIn(bounded(scenario([`  f(${"not ".repeat(20_000)}a)`])))).toHaveLength(1);
    expect(errorsIn(bounded(scenario([`  f(${"- ".repeat(20_000)}a)`])))).toHaveLength(1);
    expect(errorsIn(bounded(scenario([`  f(a${" + a".repeat(15_000)})`])))).toHaveLength(1);
    expect(errorsIn(bounded(scenario(["  task a {\n".repeat(20_000)])))).not.toHaveLength(0);
    expect(errorsIn(bounded(`proposal p {\nrule r {\n${"if a {\n".repeat(20_000)}`))).not.toHaveLength(0);
    expect(
      errorsIn(bounded(`proposal p {\nrule r {\nif a {\n${"} else if a {\n".repeat(20_000)}`)),
    ).not.toHaveLength(0);
  });
  test("a line of 10 MB", { timeout }, () => {
    const size = 10_000_000;
    for (const piece of [
      "a",
      " ",
      "(",
      "{",
      "}",
      '"',
      "a ",
      "/*",
      "//",
      "\ud83d\ude00",
      "f(); ",
      "task a { ",
      "} else { ",
    ]) {
      bounded(
        scenario([
          piece.repeat(
            Math.floor((piece === "f(); " || piece.includes("{ ") ? size / 10 : size) / piece.length),
          ),
        ]),
      );
    }
  });
  test("50 000 rows", { timeout }, () => {
    const document = bounded(
      scenario(Array.from({ length: 50_000 }, (_, i) => `  x${i} = f(x${i - 1}, ${i})`)),
    );
    expect(errorsIn(document)).toEqual([]);
    expect(document.items[1]?.rows).toHaveLength(50_001);
  });
});
