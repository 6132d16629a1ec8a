// What follows from the structure of a text: outlines, folds, selections, tokens, links, formatting while typing, and
// what editors fade. Cases in cases/NAME.md.

import { describe, expect, test } from "vitest";
import { createSession, type View } from "../../server/src/analysis/session.ts";
import { linesOf, positionAt } from "../../server/src/base/lines.ts";
import { foldsOf } from "../../server/src/features/folding.ts";
import { formatRangeEdits, formatTypedEdits } from "../../server/src/features/format-edits.ts";
import { linksOf } from "../../server/src/features/links.ts";
import { type Outlined, outlineOf, searchSymbols } from "../../server/src/features/outline.ts";
import { selectionsAt } from "../../server/src/features/selection.ts";
import { semanticTokensOf } from "../../server/src/features/semantic-tokens.ts";
import { memoryFiles } from "../support/memory-files.ts";
import { runCases } from "./editor-cases.ts";

const at = ({ document }: View, offset: number): string => {
  const { line, column } = positionAt(linesOf(document.text), offset);
  return `${line}:${column}`;
};

runCases("outline", 8, (view) => {
  const shown = (symbols: readonly Outlined[], indent: string): string[] =>
    symbols.flatMap(({ name, detail, role, start, end, selection, children }) => [
      `${indent}${role} ${name}${detail === "" ? "" : ` (${detail})`} ${at(view, start)}-${at(view, end)}, name at ${at(view, selection.start)}`,
      ...shown(children, `${indent}  `),
    ]);
  return shown(outlineOf(view), "").join("\n");
});

runCases("folding", 8, (view) =>
  foldsOf(view)
    .map(({ from, to, kind }) => `${from + 1}-${to + 1} ${kind}`)
    .join("\n"),
);

runCases("semantic-tokens", 8, (view, offset) => {
  const { text } = view.document;
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const end = text.indexOf("\n", offset);
  return semanticTokensOf(view, { start, end })
    .map((token) => `${text.slice(token.start, token.end)}: ${[token.type, ...token.modifiers].join(" ")}`)
    .join("\n");
});

runCases("selection", 8, (view, offset) =>
  selectionsAt(view, offset)
    .map((span) => `${at(view, span.start)}-${at(view, span.end)} ${JSON.stringify(short(view, span))}`)
    .join("\n"),
);

function short({ document }: View, { start, end }: { start: number; end: number }): string {
  const text = document.text.slice(start, end);
  return text.length > 50 ? `${text.slice(0, 20)} … ${text.slice(-20)}` : text;
}

runCases("on-type", 8, (view, offset, title) => {
  const { text } = view.document;
  const edits = formatTypedEdits(text, offset, title.endsWith("brace") ? "}" : "\n");
  const edited = edits.reduceRight(
    (done, edit) => done.slice(0, edit.start) + edit.text + done.slice(edit.end),
    text,
  );
  const line = positionAt(linesOf(text), offset).line;
  return `${edits.length} edits: ${JSON.stringify(edited.split("\n")[line - 1])}`;
});

runCases("links", 8, (view) =>
  linksOf(view)
    .map((link) => {
      const { start, end, tooltip } = link;
      const target = "url" in link ? link.url : link.uri;
      return `${view.document.text.slice(start, end)}: ${target} (${tooltip})`;
    })
    .join("\n"),
);

runCases("unnecessary", 8, (view) =>
  view.analysis
    .hints()
    .map(
      ({ code, severity, start, end, message, tag }) =>
        `${at(view, start)} ${JSON.stringify(view.document.text.slice(start, end))} ${severity}[${code}] ${tag}: ${message}`,
    )
    .join("\n"),
);

describe("formatting a range", () => {
  const text = "use   core\nproposal p extends   core{\n    op   A(){}\n      op  B(){}\n}\n";
  const formatted = (from: string, to: string): string =>
    formatRangeEdits(text, { start: text.indexOf(from), end: text.indexOf(to) }).reduceRight(
      (done, edit) => done.slice(0, edit.start) + edit.text + done.slice(edit.end),
      text,
    );
  test.each([
    ["A", "A", "use   core\nproposal p extends   core{\n  op A() {}\n      op  B(){}\n}\n"],
    ["core\n", "core\n", "use core\nproposal p extends   core{\n    op   A(){}\n      op  B(){}\n}\n"],
    ["A", "B", "use   core\nproposal p extends   core{\n  op A() {}\n  op B() {}\n}\n"],
  ])("from %j to %j: whole lines, and no others", (from, to, wanted) => {
    expect(formatted(from, to)).toBe(wanted);
  });
});

describe("searching the workspace", () => {
  const session = createSession(
    memoryFiles(
      new Map([
        [
          "a.uapi",
          "proposal alpha extends core {\n  ioctl ATTACH_IT(f: fd) {}\n  ioctl IT_ATTACHES(f: fd) {}\n}\n",
        ],
        ["b.uapi", 'topology box { iommu vtd }\nscenario "attach it twice" on box with alpha {}\n'],
      ]),
    ),
  );
  const views = ["a.uapi", "b.uapi"].flatMap((uri) => session.view(uri) ?? []);
  const found = (query: string): string[] =>
    searchSymbols(views, query).map(
      ({ uri, symbol, container }) => `${uri} ${container === "" ? "" : `${container} > `}${symbol.name}`,
    );

  test("what begins with the query comes first, then what has it inside, then its letters", () => {
    expect(found("attach")).toEqual([
      "a.uapi alpha > ATTACH_IT",
      "b.uapi attach it twice",
      "a.uapi alpha > IT_ATTACHES",
    ]);
    expect(found("atit")).toEqual(["a.uapi alpha > ATTACH_IT", "b.uapi attach it twice"]);
    expect(found("xyz")).toEqual([]);
  });

  test("an empty query finds all", () => {
    expect(found("")).toHaveLength(6);
  });
});
