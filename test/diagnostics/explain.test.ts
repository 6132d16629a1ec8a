import { describe, expect, test } from "vitest";
import { widthOf } from "../../server/src/base/columns.ts";
import { explain, listCodes } from "../../server/src/diagnostics/explain.ts";
import { pages } from "../../server/src/diagnostics/index.ts";
import { rulePages } from "../../server/src/diagnostics/rules.ts";
import { SHIPPED, shippedTexts } from "../../server/src/semantics/shipped.ts";

const shipped = [...shippedTexts].map(([name, text]) => ({ name: SHIPPED + name, text }));

const small = [
  {
    name: "base.uapi",
    text: `abstract proposal base extends core {
  /// One tap, one user.
  ///
  /// * first reason, which is a long one: so long that it goes on in the next line of the page
  /// * second reason
  /// Source: <tap@example.org>
  rule one_user(g: group) "a group has one user" {
    require count(f in device_fd where f.device.group == g) < 2 else "group {g} has more than one user, which no group can have"
  }
  warning rule undocumented() { require true else "no" }
  /// Off, for it is only odd.
  ///
  /// Breaks:
  ///
  /// \`\`\`uapi
  /// topology wide {
  ///   iommu vtd
  /// }
  /// \`\`\`
  /// Source: <odd@example.org>
  off hazard odd "an odd thing to do"
}
`,
  },
  {
    name: "variant.uapi",
    text: 'proposal variant extends base { override rule one_user(g: group) "none" {} }\n',
  },
];

const text = (name: string, texts = small): string => {
  const found = explain(name, texts);
  return found.ok ? found.text : `refused: ${found.message}`;
};

test("a rule is explained from its declaration", () => {
  expect(text("base.one_user")).toBe(`error[one-user]: a group has one user

The rule base.one_user
    One tap, one user.

    * first reason, which is a long one: so long that it goes on in the next
      line of the page
    * second reason
    Source: <tap@example.org>

As it is checked
    rule one_user(g: group) "a group has one user" {
      require count(f in device_fd where f.device.group == g) < 2 else "group
          {g} has more than one user, which no group can have"
    }
`);
});

test("a hazard is explained too, and its examples keep their form", () => {
  expect(text("odd")).toBe(`off[odd]: an odd thing to do

The hazard base.odd
    Off, for it is only odd.

    Breaks:

    topology wide {
      iommu vtd
    }

    Source: <odd@example.org>
`);
  expect(listCodes(small)).toMatch(/^Hazards: .*\n {2}base\.odd +an odd thing to do \(off\)$/m);
});

test("an entry of the catalogue says where it is found", () => {
  expect(text("a03", shipped)).toBe(`A03 late-host-driver: errno, rule

Group isolation and ownership
    No driver of the host binds to a member while a user owns the group.

Where it is found
    * core.bind_driver EBUSY (errno)
    * core.group_isolation (rule)
`);
  expect(text("A99")).toBe("refused: no code or rule is named `A99`; `uapi explain` lists them all");
});

test.each(["one-user", "one_user", "base.one_user", "base.one-user"])("%s names the same rule", (name) => {
  expect(text(name)).toContain("The rule base.one_user\n");
});

test("a declaration that replaces it is mentioned, and can be asked for", () => {
  expect(text("one_user")).toContain("Declared again by\n    variant.one_user\n");
  expect(text("variant.one_user")).toMatch(/^error\[one-user\]: none\n/);
});

test("a rule without a comment and a why has its name and severity", () => {
  expect(text("undocumented")).toMatch(/^warning\[undocumented\]: undocumented\n/);
});

test("a slip is put right", () => {
  expect(text("type-mismach")).toBe(
    "refused: no code or rule is named `type-mismach`; did you mean `type-mismatch`?",
  );
  expect(text("other.one_user")).toContain("did you mean `one-user`?");
  expect(text("xyzzy")).toBe("refused: no code or rule is named `xyzzy`; `uapi explain` lists them all");
  expect(text("\x1b[31m")).toContain("`\\x1b[31m`");
});

describe("every page fits 80 columns", () => {
  const names = [
    ...pages.map(({ code }) => code),
    ...rulePages(shipped).map(({ proposal, name }) => `${proposal}.${name}`),
  ];
  test.each(names)("%s", (name) => {
    const lines = text(name, shipped).split("\n");
    expect(lines.filter((line) => widthOf(line) > 80 || line.endsWith(" "))).toEqual([]);
  });
});

test("the list names every code and rule once, in 80 columns", () => {
  const lines = listCodes(shipped).split("\n");
  expect(lines.filter((line) => widthOf(line) > 80)).toEqual([]);
  const listed = lines.flatMap((line) => /^ {2}(\S+) /.exec(line)?.[1] ?? []);
  expect(new Set(listed).size).toBe(listed.length);
  expect(listed).toEqual(expect.arrayContaining([...pages.map(({ code }) => code), "core.secure_context"]));
});
