import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { widthOf } from "../../server/src/base/columns.ts";
import type { Finding } from "../../server/src/base/finding.ts";
import { colourPaint, plainPaint } from "../../server/src/report/paint.ts";
import { findingText, reportText, summaryLine } from "../../server/src/report/text.ts";
import { flow, placeOf, secureContext, shown, sourcesOf } from "./fixtures.ts";

const file = "viommu.uapi";

test("a finding with its cause, help and rule", () => {
  expect(shown(secureContext, { [file]: flow })).toBe(
    `
error[secure-context]: nic0 becomes accessible while nic1, in the same group 26,
    still does DMA through the host's domain
  --> viommu.uapi:11:3
   |
 7 |   VFIO_GROUP_BIND_IOASID_FD(g, ctx)
   |   --------------------------------- group 26 was bound here, no device of
   |                                     it is attached
...
11 |   mmap(dev0)
   |   ^^^^^^^^^^ nic0's registers are mapped here
   = help: attach nic1 first: insert \`dev1 = VFIO_GROUP_GET_DEVICE_FD(g, nic1)\`
           and \`VFIO_DEVICE_ATTACH_IOASID(dev1, …)\`
   = rule: core.secure_context`.slice(1),
  );
});

test("several marks on one line hang below each other; one line between two is shown", () => {
  const finding: Finding = {
    ...placeOf(flow, "VFIO_GROUP_GET_DEVICE_FD"),
    message: "no such call",
    label: "not in this proposal",
    related: [
      { ...placeOf(flow, "dev0"), message: "would be made here" },
      { ...placeOf(flow, "nic0"), message: "of group 26" },
      { ...placeOf(flow, "g, ctx"), message: "known since then" },
    ],
  };
  expect(shown(finding, { [file]: flow })).toBe(
    `
error[errno]: no such call
 --> viommu.uapi:9:10
  |
7 |   VFIO_GROUP_BIND_IOASID_FD(g, ctx)
  |                             ------ known since then
8 |
9 |   dev0 = VFIO_GROUP_GET_DEVICE_FD(g, nic0)
  |   ----   ^^^^^^^^^^^^^^^^^^^^^^^^    ---- of group 26
  |   |      |
  |   |      not in this proposal
  |   would be made here`.slice(1),
  );
});

test("other files have excerpts of their own, unknown texts only a line", () => {
  const rules = 'rule secure_context(d: device) "…" {\n}\n';
  const finding: Finding = {
    ...placeOf(flow, "mmap"),
    label: "here",
    related: [
      { ...placeOf(rules, "secure_context", "core.uapi"), message: "the rule" },
      { uri: "gone.uapi", start: 3, end: 4, message: "what it extends" },
    ],
    notes: ["the file may have changed"],
  };
  expect(shown(finding, { [file]: flow, "core.uapi": rules })).toBe(
    `
error[errno]: it fails
  --> viommu.uapi:11:3
   |
11 |   mmap(dev0)
   |   ^^^^ here
   |
  ::: core.uapi:1:6
   |
 1 | rule secure_context(d: device) "…" {
   |      -------------- the rule
   |
  ::: gone.uapi: what it extends
   = note: the file may have changed`.slice(1),
  );
});

describe("a span of several lines", () => {
  const text = "task a {\n  group 1 {\n    x\n  }\n  close(x)\n}\n";

  test("has a bar", () => {
    const finding = { ...placeOf(text, "group 1 {\n    x\n  }\n"), label: "no group here" };
    expect(shown(finding, { [file]: text })).toBe(
      `
error[errno]: it fails
 --> viommu.uapi:2:3
  |
2 | /   group 1 {
3 | |     x
4 | |   }
  | |___^ no group here`.slice(1),
    );
  });

  test("may start inside a line", () => {
    expect(shown(placeOf(text, "1 {\n    x\n  }"), { [file]: text })).toBe(
      `
error[errno]: it fails
 --> viommu.uapi:2:9
  |
2 |     group 1 {
  |  _________^
3 | |     x
4 | |   }
  | |___^`.slice(1),
    );
  });

  test("is shortened in the middle, with what is marked inside", () => {
    const lines = Array.from({ length: 20 }, (_, index) => `  step${index + 1}()`).join("\n");
    const long = `task b {\n${lines}\n}\n`;
    const finding: Finding = {
      ...placeOf(long, long.trimEnd()),
      label: "this task",
      related: [{ ...placeOf(long, "step9()"), message: "because of this" }],
    };
    expect(shown(finding, { [file]: long })).toBe(
      `
error[errno]: it fails
  --> viommu.uapi:1:1
   |
 1 | / task b {
 2 | |   step1()
 3 | |   step2()
 4 | |   step3()
...  |
10 | |   step9()
   | |   ------- because of this
...  |
21 | |   step20()
22 | | }
   | |_^ this task`.slice(1),
    );
  });

  test("of a related place only the first line is marked", () => {
    const finding: Finding = {
      ...placeOf(text, "close(x)"),
      related: [{ ...placeOf(text, "task a {\n  group"), message: "in this task" }],
    };
    expect(shown(finding, { [file]: text })).toContain("1 | task a {\n  | -------- in this task\n...\n5 | ");
  });
});

describe("lines that are not plain", () => {
  test("wide characters take two columns, tabs are spaces, escapes are shown", () => {
    const text = '\topen("日本", e\u0301, \x1b[31m, dev)\n';
    expect(shown({ ...placeOf(text, "dev"), label: "here" }, { [file]: text })).toContain(
      `
1 |         open("日本", e\u0301, \\x1b[31m, dev)
  |                                   ^^^ here`,
    );
  });

  test("long lines are cut around the mark", () => {
    const text = `${"a, ".repeat(60)}dev${", b".repeat(60)}\n`;
    const lines = shown({ ...placeOf(text, "dev"), label: "this one" }, { [file]: text }).split("\n");
    expect(lines[3]).toMatch(/^1 \| ….*dev.*…$/);
    expect(lines[3]?.indexOf("dev")).toBe(lines[4]?.indexOf("^^^ this one"));
  });

  test("the end of the text can be marked, and an empty file", () => {
    const text = "scenario {\n";
    const finding = {
      ...placeOf(text, "scenario"),
      start: text.length,
      end: text.length,
      label: "expected }",
    };
    expect(shown(finding, { [file]: text })).toContain(":2:1\n  |\n2 |\n  | ^ expected }");
    expect(shown({ ...finding, start: 0, end: 0 }, { [file]: "" })).toContain(
      ":1:1\n  |\n1 |\n  | ^ expected }",
    );
  });

  test("a message cannot pretend to be more than a message", () => {
    const finding = {
      ...placeOf(flow, "mmap"),
      message: "first\nerror[fake]: \x1b[2Jsecond",
      help: ["a\nb"],
      uri: "a\nb.uapi",
    };
    expect(shown(finding, {})).toBe(
      "error[errno]: first error[fake]: \\x1b[2Jsecond\n --> a\\x0ab.uapi\n  = help: a b",
    );
  });
});

test("labels that do not fit go below their mark", () => {
  const text = `${"x".repeat(60)}(dev)\n`;
  const label = "this device file has not been given access to its device yet";
  expect(shown({ ...placeOf(text, "dev"), label }, { [file]: text })).toContain(
    `
  |                                                              ^^^
  |                 ${label}`,
  );
});

test("colours are on what they mean", () => {
  const options = { width: 80, paint: colourPaint };
  const painted = findingText(secureContext, sourcesOf({ [file]: flow }), options);
  expect(painted).toContain("\x1b[1;31merror[secure-context]\x1b[0m");
  expect(painted).toContain("\x1b[1;31m^^^^^^^^^^\x1b[0m");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the escapes that are to be taken away
  const plain = painted.replaceAll(/\x1b\[[\d;]*m/g, "");
  expect(plain).toBe(shown(secureContext, { [file]: flow }));
});

describe("the summary", () => {
  const totals = { files: 8, scenarios: 12, steps: 140 };
  const of = (...list: readonly (readonly [Finding["severity"], string])[]): string =>
    summaryLine(
      list.map(([severity, uri]) => ({ ...placeOf(flow, "mmap"), severity, uri })),
      totals,
      plainPaint,
    );

  test.each([
    [of(), "12 scenarios, 140 steps: clean"],
    [of(["error", "a"], ["warning", "b"], ["error", "c"]), "2 errors, 1 warning in 3 of 8 files"],
    [of(["info", "a"], ["info", "a"]), "12 scenarios, 140 steps: clean; 2 infos in 1 of 8 files"],
    [summaryLine([], { files: 1, scenarios: 1, steps: 1 }, plainPaint), "1 scenario, 1 step: clean"],
    [summaryLine([placeOf(flow, "mmap")], { ...totals, files: 1 }, plainPaint), "1 error in 1 file"],
  ])("%s", (line, expected) => {
    expect(line).toBe(expected);
  });

  test("is the last line of a report, behind a blank one", () => {
    const options = { width: 80, paint: plainPaint };
    const report = reportText([secureContext], totals, sourcesOf({ [file]: flow }), options);
    expect(report).toMatch(/core\.secure_context\n\n1 error in 1 of 8 files\n$/);
  });
});

test("no line is ever too wide but for a single word, or ends with a space, or holds a control character", () => {
  const units = fc.constantFrom(
    "a",
    "b ",
    "\t",
    "日",
    "\n",
    "\r\n",
    "\x1b",
    "e\u0301",
    "word ",
    "\u{1f600}",
    "(x, y)",
  );
  const texts = fc.array(units, { maxLength: 120 }).map((parts) => parts.join(""));
  const spans = fc.tuple(fc.nat(300), fc.nat(60), texts);
  fc.assert(
    fc.property(
      texts,
      spans,
      fc.array(spans, { maxLength: 4 }),
      fc.integer({ min: 60, max: 100 }),
      (text, main, others, width) => {
        const [start, length, label] = main;
        const finding: Finding = {
          ...placeOf(flow, "mmap"),
          start,
          end: start + length,
          label,
          message: label,
          related: others.map(([at, size, message]) => ({ uri: file, start: at, end: at + size, message })),
        };
        for (const line of shown(finding, { [file]: text }, width).split("\n")) {
          const words = line.split(/ +/).map(widthOf);
          expect(widthOf(line) <= width || Math.max(...words) > 10, JSON.stringify(line)).toBe(true);
          expect(line).toBe(line.trimEnd());
          expect(line).not.toMatch(/\p{Cc}/u);
        }
      },
    ),
    { numRuns: 300 },
  );
});
