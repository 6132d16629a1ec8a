// What hovers say; cases in cases/hover.md.

import { describe, expect, test } from "vitest";
import { createSession, type View } from "../../server/src/analysis/session.ts";
import { hoverAt } from "../../server/src/features/hover.ts";
import { builtInDocs, keywordDocs } from "../../server/src/features/keyword-docs.ts";
import { toMarkdown, toPlain } from "../../server/src/features/markup.ts";
import { builtInNames } from "../../server/src/semantics/calls.ts";
import { SHIPPED, shippedTexts } from "../../server/src/semantics/shipped.ts";
import { keywords } from "../../server/src/syntax/words.ts";
import { memoryFiles } from "../support/memory-files.ts";
import { runCases } from "./editor-cases.ts";

runCases("hover", 8, (view: View, offset: number) => {
  const hover = hoverAt(view, offset);
  if (hover === null) return "nothing";
  return `on: ${view.document.text.slice(hover.start, hover.end)}\n\n${toMarkdown(hover.markup)}`;
});

describe("the declaration of every shipped call says what it requires, does and answers, and where that is from", () => {
  const session = createSession(memoryFiles(new Map()));
  test.each([...shippedTexts])("%s", (file, text) => {
    const view = session.view(SHIPPED + file);
    const calls = [...text.matchAll(/^ {2}(?:override )?(?:ioctl|op) (\w+)\(/gm)];
    for (const call of calls) {
      const name = call[1] ?? "";
      const at = (call.index ?? 0) + call[0].length - 2;
      const hover = view === null ? null : hoverAt(view, at);
      const shown = toPlain(hover?.markup ?? []);
      expect(shown, name).toMatch(new RegExp(`^(?:override )?(?:ioctl|op) ${name}\\(`));
      expect(shown, name).toMatch(
        /Requires nothing\.|Requires, in this order:\n\n- .* else (?:E[A-Z]+|reports)/,
      );
      expect(shown, name).toMatch(/Changes nothing\.|Then:\n\n- /);
      expect(shown, name).toMatch(/declared in \w+\.uapi:\d+ \(\w+\)/);
    }
  });
});

test("every word of the language has a line, and there are no others", () => {
  expect([...keywordDocs.keys()].toSorted()).toEqual([...keywords].toSorted());
  expect([...builtInDocs.keys()]).toEqual(builtInNames);
  for (const [word, doc] of keywordDocs) expect(doc, word).toMatch(/^[a-z`].*[^.]$/);
});
