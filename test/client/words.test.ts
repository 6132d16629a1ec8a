// What the extension says and starts from: the verdict, links in hovers, templates and snippets.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { extendMarkdownIt, highlighted } from "../../client/src/highlight.ts";
import { withCommands } from "../../client/src/links.ts";
import { templates } from "../../client/src/templates.ts";
import { type Count, verdictText } from "../../client/src/verdict.ts";
import { createSession } from "../../server/src/analysis/session.ts";
import { syntaxFindings } from "../../server/src/analysis/syntax-findings.ts";
import { formatText } from "../../server/src/features/format.ts";
import { parseDocument } from "../../server/src/syntax/document.ts";

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

describe("the verdict", () => {
  const ran = { scenarios: 2, steps: 31 };
  test.each<readonly [Count, icon: string, text: string, detail: string]>([
    [{ errors: 0, warnings: 0, ran }, "pass", "clean", "2 scenarios, 31 steps run"],
    [
      { errors: 1, warnings: 0, ran: { scenarios: 1, steps: 1 } },
      "error",
      "1 error",
      "1 scenario, 1 step run",
    ],
    [{ errors: 3, warnings: 1, ran }, "error", "3 errors, 1 warning", "2 scenarios"],
    [{ errors: 0, warnings: 2, ran }, "warning", "2 warnings", "2 scenarios"],
    [{ errors: 0, warnings: 0, ran: { scenarios: 0, steps: 0 } }, "pass", "clean", "no scenario run"],
    [{ errors: 1, warnings: 0, ran: null }, "error", "1 error", "no scenario run"],
  ])("%j", (count, icon, text, detail) => {
    expect(verdictText(count)).toEqual({ icon, text, detail: expect.stringContaining(detail) });
  });
});

describe("links in hovers", () => {
  test.each([
    ["[errno](uapi-page:/errno.md)", ["uapi-page:/errno.md"]],
    ["[core](<uapi-shipped:/core.uapi#L302>) says", ["uapi-shipped:/core.uapi#L302"]],
    ["[a](uapi-page:/a.md) and [b](uapi-page:///b.md)", ["uapi-page:/a.md", "uapi-page:/b.md"]],
    ["[mail](https://example.org/x) `](uapi-page`", []],
  ])("%s", (markdown, uris) => {
    const called = [...withCommands(markdown).matchAll(/\]\(command:uapi\.open\?([^)]*)\)/g)];
    expect(called.map(([, argument = ""]) => JSON.parse(decodeURIComponent(argument)))).toEqual(
      uris.map((uri) => [uri]),
    );
    if (uris.length === 0) expect(withCommands(markdown)).toBe(markdown);
  });
});

describe("blocks in previews of Markdown", () => {
  /** `<k:word>` for a span. */
  const short = (html: string): string =>
    html.replace(/<span class="hljs-(\w)\w*">(.*?)<\/span>/gs, (_all, kind, text) => `<${kind}:${text}>`);

  test.each([
    ['scenario "x" on t {', "<k:scenario> <s:&quot;x&quot;> <k:on> t {"],
    ["  dev = open(nic) fails EBUSY // why", "  dev = <t:open>(nic) <k:fails> EBUSY <c:// why>"],
    ["require f.device != none and a < 4K", "<k:require> f.device != <l:none> <k:and> a &lt; <n:4K>"],
    ["task = close(device)", "task = <t:close>(device)"],
    ["task vm { at = 1 }", "<k:task> vm { at = <n:1> }"],
    ['"<script>" & <b> /* & */', "<s:&quot;&lt;script&gt;&quot;> &amp; &lt;b&gt; <c:/* &amp; */>"],
    ['"not closed', "&quot;<k:not> closed"],
  ])("%s", (code, html) => {
    expect(short(highlighted(code))).toBe(html);
  });

  test("other languages are as they were", () => {
    const plain: { options: { highlight?: (code: string, language: string, attributes: string) => string } } =
      {
        options: { highlight: (code, language) => `${language}:${code}` },
      };
    const { highlight } = extendMarkdownIt(plain).options;
    expect(highlight?.("x", "c", "")).toBe("c:x");
    expect(highlight?.("use x", "uapi", "")).toContain("hljs-keyword");
    expect(extendMarkdownIt({ options: {} }).options).toHaveProperty("highlight");
  });
});

describe("templates", () => {
  test.each(templates)("$name is clean, formatted, and of use", ({ name, text }) => {
    expect(findingsOf(text)).toEqual([]);
    expect(formatText(text)).toBe(text);
    expect(text).toContain(name);
  });

  test("what `npm start` shows at first has one refused call", () => {
    expect(findingsOf(read("client/web-host/try-me.uapi"))).toEqual([
      "errno: VFIO_GROUP_GET_DEVICE_FD fails with EINVAL: container has no IOMMU type yet",
    ]);
  });
});

describe("snippets", () => {
  const snippets: Readonly<Record<string, { readonly prefix: string; readonly body: readonly string[] }>> =
    JSON.parse(read("client/snippets.json"));
  /** Where a snippet may stand; all others are declarations. */
  const places: Readonly<Record<string, (text: string) => string>> = {
    group: (text) => `topology t {\n${text}\n}`,
    ioctl: inProposal,
    fd: inProposal,
    object: inProposal,
    rule: inProposal,
    define: inProposal,
    require: (text) => inProposal(`ioctl X(f: device_fd) {\n${text}\n}`),
    task: inScenario,
    parallel: inScenario,
  };

  test.each(Object.entries(snippets))(
    "%s is a text of the language as it is inserted",
    (_name, { prefix, body }) => {
      const inserted = body
        .join("\n")
        .replace(/\$\{\d+:((?:[^{}]|\{[^{}]*\})*)\}/g, "$1")
        .replace(/\$\d+/g, "");
      const text = (places[prefix] ?? ((part: string) => part))(inserted);
      expect(inserted).not.toContain("$");
      expect(syntaxFindings("snippet.uapi", parseDocument(text)).map(({ message }) => message)).toEqual([]);
    },
  );
});

function inProposal(text: string): string {
  return `proposal p extends core {\n${text}\n}`;
}

function inScenario(text: string): string {
  return `scenario "s" {\n${text}\n}`;
}

function findingsOf(text: string): readonly string[] {
  const session = createSession({
    resolve: () => null,
    siblings: () => [],
    read: () => ({ ok: false, code: "unreadable", message: "there are no files" }),
  });
  session.open("test.uapi", text);
  return session.analyse("test.uapi").findings.map(({ code, message }) => `${code}: ${message}`);
}
