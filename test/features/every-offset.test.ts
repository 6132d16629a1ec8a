// Every feature of navigation all over every sample, with LF and with CRLF, whole and broken: no exception, every place lies in
// its text, and what should nest nests.

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createSession, type Session, type View } from "../../server/src/analysis/session.ts";
import type { Place } from "../../server/src/base/finding.ts";
import { linesOf } from "../../server/src/base/lines.ts";
import { declarationAt, definitionAt, typeDefinitionAt } from "../../server/src/features/definition.ts";
import { foldsOf } from "../../server/src/features/folding.ts";
import { formatText } from "../../server/src/features/format.ts";
import { formatEdits, formatRangeEdits, formatTypedEdits } from "../../server/src/features/format-edits.ts";
import { linksOf } from "../../server/src/features/links.ts";
import { type Outlined, outlineOf } from "../../server/src/features/outline.ts";
import { highlightsAt, referencesTo } from "../../server/src/features/references.ts";
import { prepareRename } from "../../server/src/features/rename.ts";
import { selectionsAt } from "../../server/src/features/selection.ts";
import { semanticTokensOf } from "../../server/src/features/semantic-tokens.ts";
import { occurrencesOf } from "../../server/src/features/symbols/index.ts";
import type { Span } from "../../server/src/syntax/ast.ts";
import { projectFiles, root } from "../support/project-files.ts";

const uris = readdirSync(`${root}samples`)
  .filter((name) => name.endsWith(".uapi"))
  .map((name) => `samples/${name}`);

interface Variant {
  readonly name: string;
  /** How far apart the offsets are. */
  readonly step: number;
  readonly of: (text: string) => string;
}

const variants: readonly Variant[] = [
  { name: "LF", step: 2, of: (text) => text },
  { name: "CRLF", step: 5, of: (text) => text.replaceAll("\n", "\r\n") },
  // Half of every third line is missing.
  { name: "broken", step: 11, of: (text) => brokenLines(text) },
];

function brokenLines(text: string): string {
  return text
    .split("\n")
    .map((line, i) => (i % 3 === 1 ? line.slice(0, line.length / 2) : line))
    .join("\n");
}

function open(uri: string, { of }: Variant): { readonly session: Session; readonly view: View } {
  const text = of(readFileSync(root + uri, "utf8"));
  const session = createSession(projectFiles(new Map([[uri, text]])));
  const view = session.view(uri);
  if (view === null) throw new Error("there is no view");
  return { session, view };
}

/** Plain comparisons: millions of them. */
function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

describe.each(variants)("$name", (variant) => {
  describe.each(uris)("%s", (uri) => {
    const { session, view } = open(uri, variant);
    const { text } = view.document;

    const lengths = new Map<string, number>([[uri, text.length]]);
    const lengthOf = (other: string): number => {
      const known = lengths.get(other) ?? session.view(other)?.document.text.length ?? -1;
      lengths.set(other, known);
      return known;
    };
    const inside = (at: Span, length = text.length): boolean =>
      0 <= at.start && at.start <= at.end && at.end <= length;
    const splits = (offset: number): boolean => text[offset - 1] === "\r" && text[offset] === "\n";

    test("at every offset of a grid", () => {
      for (let offset = 0; offset <= text.length; offset += variant.step) {
        const places: Place[] = [
          ...definitionAt(view, offset),
          ...declarationAt(view, offset),
          ...typeDefinitionAt(view, offset),
          ...referencesTo([view], view, offset, { declarations: true }),
        ];
        for (const place of places)
          check(inside(place, lengthOf(place.uri)), `${offset}: ${JSON.stringify(place)}`);
        for (const each of highlightsAt(view, offset))
          check(inside(each) && each.start < each.end, `${offset}: highlight`);
        const prepared = prepareRename(view, offset);
        if (prepared.ok) {
          check(inside(prepared) && prepared.start <= offset && offset <= prepared.end, `${offset}: rename`);
          check(text.slice(prepared.start, prepared.end) === prepared.name, `${offset}: the name to change`);
        } else check(/^[a-z`].*[^.]$/.test(prepared.message), prepared.message);
        let inner: Span = { start: offset, end: offset };
        for (const span of selectionsAt(view, offset)) {
          check(inside(span) && span.start <= inner.start && inner.end <= span.end, `${offset}: selection`);
          check(span.end - span.start > inner.end - inner.start, `${offset}: a selection that does not grow`);
          check(!splits(span.start) && !splits(span.end), `${offset}: a selection splits a line break`);
          inner = span;
        }
        check(inner.start === 0 && inner.end === text.length, `${offset}: all of the document`);
      }
    });

    test("occurrences are in order and spell what they stand for", () => {
      let before = 0;
      for (const { start, end, spelled } of occurrencesOf(view)) {
        expect(start).toBeGreaterThanOrEqual(before);
        before = start;
        expect(inside({ start, end })).toBe(true);
        if (spelled) expect(text.slice(start, end)).toMatch(/^(?:\w+|"[^"]*")$/);
      }
    });

    test("semantic tokens are in order, apart from each other, and within a line", () => {
      const tokens = semanticTokensOf(view);
      let end = 0;
      for (const token of tokens) {
        expect(token.start).toBeGreaterThanOrEqual(end);
        expect(token.end).toBeGreaterThan(token.start);
        expect(text.slice(token.start, token.end)).not.toMatch(/[\r\n]/);
        end = token.end;
      }
      expect(end).toBeLessThanOrEqual(text.length);
      const middle = { start: Math.floor(text.length / 3), end: Math.floor(text.length / 2) };
      expect(semanticTokensOf(view, middle)).toEqual(
        tokens.filter((token) => token.start < middle.end && token.end > middle.start),
      );
    });

    test("folds nest", () => {
      const lines = linesOf(text).starts.length;
      const open: { readonly from: number; readonly to: number }[] = [];
      for (const fold of foldsOf(view)) {
        expect(fold.to).toBeGreaterThan(fold.from);
        expect(fold.to).toBeLessThan(lines);
        while (open.length > 0 && (open.at(-1)?.to ?? 0) < fold.from) open.pop();
        const around = open.at(-1);
        if (around !== undefined) expect(fold.to).toBeLessThanOrEqual(around.to);
        open.push(fold);
      }
    });

    test("the outline nests", () => {
      const visit = (symbols: readonly Outlined[], around: Span): void => {
        for (const symbol of symbols) {
          expect(symbol.name).not.toBe("");
          expect(around.start <= symbol.start && symbol.end <= around.end, symbol.name).toBe(true);
          const { selection } = symbol;
          expect(symbol.start <= selection.start && selection.end <= symbol.end, symbol.name).toBe(true);
          visit(symbol.children, symbol);
        }
      };
      visit(outlineOf(view), { start: 0, end: text.length });
    });

    test("links lie apart", () => {
      let end = 0;
      for (const link of linksOf(view)) {
        expect(link.start).toBeGreaterThanOrEqual(end);
        expect(inside(link)).toBe(true);
        end = link.end;
      }
    });

    test("formatting as edits is formatting", () => {
      const messy = text
        .replaceAll(" = ", "=")
        .replaceAll("(", "( ")
        .replace(/\n {2}/g, "\n\t");
      const edits = formatEdits(messy);
      expect(applied(messy, edits)).toBe(formatText(messy));
      for (const { start, end } of edits) expect(messy.slice(start, end)).toMatch(/^[\s\ufeff]*$/);
      for (let offset = 0; offset < messy.length; offset += 37) {
        for (const edit of [
          ...formatRangeEdits(messy, { start: offset, end: offset + 100 }),
          ...formatTypedEdits(messy, offset, "\n"),
          ...formatTypedEdits(messy, offset, "}"),
        ])
          expect(messy.slice(edit.start, edit.end) + edit.text).toMatch(/^[\s\ufeff]*$/);
      }
    });
  });
});

function applied(text: string, edits: readonly { start: number; end: number; text: string }[]): string {
  return edits.reduceRight(
    (done, edit) => done.slice(0, edit.start) + edit.text + done.slice(edit.end),
    text,
  );
}
