// What hovers say; cases in cases/hover.md.

import type { View } from "../../server/src/analysis/session.ts";
import { hoverAt } from "../../server/src/features/hover.ts";
import { toMarkdown } from "../../server/src/features/markup.ts";
import { runCases } from "./editor-cases.ts";

runCases("hover", 8, (view: View, offset: number) => {
  const hover = hoverAt(view, offset);
  if (hover === null) return "nothing";
  return `on: ${view.document.text.slice(hover.start, hover.end)}\n\n${toMarkdown(hover.markup)}`;
});
