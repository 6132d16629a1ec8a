// What completion offers; cases in cases/completion.md: the first twelve items with rank, detail and what they insert.

import type { View } from "../../server/src/analysis/session.ts";
import { completeAt } from "../../server/src/features/completion.ts";
import { runCases } from "./editor-cases.ts";

const shown = 12;

runCases("completion", 8, (view: View, offset: number) => {
  const { start, end, items } = completeAt(view, offset);
  const replaced = JSON.stringify(view.document.text.slice(start, end));
  const lines = items.slice(0, shown).map(({ rank, label, detail, insert, snippet, preselect }) => {
    const inserted = snippet ?? insert;
    const text = inserted === label ? "" : ` => ${JSON.stringify(inserted).slice(1, -1)}`;
    return `${rank}${preselect ? "!" : " "} ${label}${detail === "" ? "" : ` | ${detail}`}${text}`;
  });
  const more = items.length > shown ? [`and ${items.length - shown} more`] : [];
  return [`replaces ${replaced}`, ...lines, ...more].join("\n");
});
