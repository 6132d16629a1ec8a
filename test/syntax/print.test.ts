// What printed trees look like. That they parse to the same tree again is checked for random trees
// (property/print-format.test.ts); here are the spellings and the cases that need more than the plain one.

import { describe, expect, test } from "vitest";
import type {
  Claim,
  Declaration,
  Entry,
  Expression,
  File,
  Member,
  Statement,
  Step,
} from "../../server/src/syntax/ast.ts";
import { parse, type StartRule } from "../../server/src/syntax/generated/parser.js";
import {
  printClaim,
  printDeclaration,
  printEntry,
  printExpression,
  printFile,
  printMember,
  printStatement,
  printStep,
  printType,
} from "../../server/src/syntax/print.ts";
import { withoutSpans } from "../support/ast-arbitrary.ts";

/** Prints what a start rule makes of a text. */
const printers: Readonly<Partial<Record<StartRule, (text: string) => string>>> = {
  File: (text) => printFile(parse(text) as File),
  Declaration: (text) => printDeclaration(parse(text, { startRule: "Declaration" }) as Declaration),
  Member: (text) => printMember(parse(text, { startRule: "Member" }) as Member),
  Statement: (text) => printStatement(parse(text, { startRule: "Statement" }) as Statement),
  Step: (text) => printStep(parse(text, { startRule: "Step" }) as Step),
  Entry: (text) => printEntry(parse(text, { startRule: "Entry" }) as Entry),
  Claim: (text) => printClaim(parse(text, { startRule: "Claim" }) as Claim),
  Expression: (text) => printExpression(parse(text, { startRule: "Expression" }) as Expression),
};

function check(startRule: StartRule, written: string, printed: string): void {
  expect(printers[startRule]?.(written)).toBe(printed);
  expect(withoutSpans(parse(printed, { startRule }))).toEqual(withoutSpans(parse(written, { startRule })));
}

describe.each<[StartRule, readonly (readonly [written: string, printed: string])[]]>([
  [
    "Expression",
    [
      ["((a) or (b and (c)))", "a or b and c"],
      ["(a or b) and c", "(a or b) and c"],
      ["a - (b - c) - d", "a - (b - c) - d"],
      ["(a == b) == c", "(a == b) == c"],
      ["not (a in b)", "not a in b"],
      ["(not a) in b", "(not a) in b"],
      ["not (all x in s: p)", "not all x in s: p"],
      ["(all x in s: p) or q", "(all x in s: p) or q"],
      ["q or (all x in s where (r): p)", "q or all x in s where r: p"],
      ["(a and all x in s: p) or q", "a and (all x in s: p) or q"],
      ["(if a then b else c).d", "(if a then b else c).d"],
      ["- -a.b", "--a.b"],
      ["(-a).b", "(-a).b"],
      ["p->q", "p.q"],
      ["NULL", "none"],
      ["&x", "x"],
      ["{ }", "{}"],
      ["{a,b}", "{a, b}"],
      ["{.a=1,.in=2}", "{ .a = 1, .in = 2 }"],
      ["count(x in s where p)", "count(x in s where p)"],
      ["count((x in s))", "count((x in s))"],
      ["ioctl(fd, OP, &x)", "OP(fd, x)"],
      ["ioctl(fd, (OP))", "ioctl(fd, (OP))"],
      ["f(a:1, 0x10, 2MiB, 6.12)", "f(a: 1, 0x10, 2MiB, 6.12)"],
      ["'a'".replaceAll("'", '"'), '"a"'],
      [String.raw`"\q\"\\\n{"`, String.raw`"q\"\\\n{"`],
    ],
  ],
  [
    "Statement",
    [
      ["require  a\n else E", "require a else E"],
      [
        'require? since 6.12 until 6.14 a else E "{{{a}} {b.c}"',
        'require? since 6.12 until 6.14 a else E "{{{a}} {b.c}"',
      ],
      ['require a else "{ {a} } {b == "x"}"', 'require a else "{ {a}} {b == "x"}"'],
      [`require ${"a".repeat(90)} else EBUSY "long"`, `require ${"a".repeat(90)}\n  else EBUSY "long"`],
      [
        "if a { x = 1 } else { if b { } else { y = 2 } }",
        "if a {\n  x = 1\n} else if b {\n} else {\n  y = 2\n}",
      ],
      ["if a { return; x = 1 }", "if a {\n  return;\n  x = 1\n}"],
      ["for x in s where p { destroy x; }", "for x in s where p {\n  destroy x\n}"],
      ["for x in s {", "for x in s {"],
      ["if a { b = 1 } else {", "if a {\n  b = 1\n} else {"],
      ["(return) = 1", "(return) = 1"],
      ["x = new t{a:1} in (c)", "x = new t { a: 1 } in c"],
      ["give f to t", "give f to t"],
    ],
  ],
  [
    "Step",
    [
      ['int ctx = open("/dev/ioasid", O_RDWR);', 'ctx = open("/dev/ioasid", O_RDWR)'],
      ["struct at *x = y; fails EBUSY", "x = y fails EBUSY"],
      ["a->b = c ok or violates core.r", "a.b = c ok or violates r"],
      ["x", "(x)"],
      ["(ok(a))", "(ok(a))"],
      ["int ok = a", "int ok = a"],
      ["task 26 with uid = 0 { a() }", "task 26 with uid = 0 {\n  a()\n}"],
      ["parallel {}", "parallel {}"],
    ],
  ],
  [
    "Entry",
    [
      [
        'device "nic 0" at "0000:06:0d.0" driver none noncoherent',
        'device "nic 0" at "0000:06:0d.0" driver none noncoherent',
      ],
      ["device x, driver", "device x, driver"],
      [
        "group 26 behind vtd aliased, depth = (1 + 2) {device a; device b}",
        "group 26 behind vtd aliased, depth = 1 + 2 {\n  device a\n  device b\n}",
      ],
      ["iommu vtd nesting snoop_control", "iommu vtd { nesting, snoop_control }"],
    ],
  ],
  [
    "Member",
    [
      [
        '///  Two\n///\nfd x exclusive opens "/dev/x" is a, b { }',
        '///  Two\n///\nfd x is a, b opens "/dev/x" exclusive',
      ],
      [
        "ioctl X(a: b? = none,) -> set of c | enum { d, e } as out {",
        "ioctl X(a: b? = none) -> set of c | enum {d, e} as out {",
      ],
      ["state device { weak a: b?, on: c = new d }", "state device {\n  weak a: b?\n  on: c = new d\n}"],
      ['error rule r(d: device) "why" { require d }', 'rule r(d: device) "why" {\n  require d\n}'],
      ["override define x() : bool", "override define x: bool"],
    ],
  ],
  [
    "Claim",
    [
      ['never ("a" == b)', 'never ("a" == b)'],
      ['reach "goal": a', 'reach "goal": a'],
      ["breaks core.r", "breaks r"],
      ["limit ioasid 2", "limit ioasid 2"],
    ],
  ],
  [
    "Declaration",
    [
      ['use a, "../b.uapi";', 'use a, "../b.uapi"'],
      ["verify p on t, 26 { safe, depth 3 }", "verify p on t, 26 {\n  safe\n  depth 3\n}"],
      [
        "proposal p extends q { role a role b fd c { x: d } remove E }",
        "proposal p extends q {\n  role a\n  role b\n\n  fd c {\n    x: d\n  }\n\n  remove E\n}",
      ],
    ],
  ],
  [
    "File",
    [
      [
        'use a use b topology t { } scenario "s" on t with a { }',
        'use a\nuse b\n\ntopology t {}\n\nscenario "s" on t with a {}\n',
      ],
    ],
  ],
])("%s", (startRule, cases) => {
  test.each(cases)("%s", (written, printed) => {
    check(startRule, written, printed);
  });
});

test("a chain of ten thousand operators does not exhaust the stack", () => {
  const text = Array.from({ length: 10_000 }, () => "a.b").join(" + ");
  expect(printers.Expression?.(text)).toBe(text);
});

test("a part that did not parse prints as a comment", () => {
  expect(printStatement({ kind: "error", message: "expected\na name", start: 0, end: 1 })).toBe(
    "// expected a name",
  );
});

test("a type prints on its own", () => {
  const name = { kind: "name", text: "ioasid", start: 0, end: 0 } as const;
  expect(printType({ kind: "type", alternatives: [name, name], optional: true, start: 0, end: 0 })).toBe(
    "ioasid | ioasid?",
  );
});
