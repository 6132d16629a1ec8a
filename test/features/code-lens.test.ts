// Code lenses; cases in cases/code-lens.md: one line for each scenario.

import type { View } from "../../server/src/analysis/session.ts";
import { lensesOf } from "../../server/src/features/code-lens.ts";
import { runCases } from "./editor-cases.ts";

runCases("code-lens", 8, (view: View) =>
  lensesOf(view)
    .map(
      ({ start, end, verdict, ran }) =>
        `${view.document.text.slice(start, end)}: ${verdict}${ran ? "" : " (no trace)"}`,
    )
    .join("\n"),
);
