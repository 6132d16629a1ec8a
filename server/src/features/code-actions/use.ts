// `use NAME` for a proposal that is named, or needed, and not in use.

import type { View } from "../../analysis/view.ts";
import { shippedNames } from "../../semantics/link.ts";
import { itemStarts } from "../../syntax/document.ts";
import { isGood } from "../repair/verify.ts";
import { type Action, type Ask, quickFix } from "./action.ts";

/** When nothing says which proposal a scenario wants, these are offered. */
const MOST_OFFERED = 3;

export function useActions({ view, findings }: Ask): readonly Action[] {
  return findings.flatMap((finding): Action[] => {
    if (finding.code !== "unknown-proposal" && finding.code !== "no-proposal") return [];
    const named = /`([\w-]+)` is in use here/.exec(finding.message)?.[1];
    const wanted = named === undefined ? (finding.code === "no-proposal" ? shippedNames : []) : [named];
    const good: Action[] = [];
    for (const name of wanted.filter((each) => shippedNames.includes(each))) {
      if (good.length === MOST_OFFERED) break;
      const edit = addition(view, name);
      if (!isGood(view, [edit], [finding])) continue;
      const preferred = name === named;
      good.push(
        quickFix(`add \`use ${name}\``, [edit], [finding], {
          preferred,
          safety: preferred ? "safe" : "needs-review",
        }),
      );
    }
    return good;
  });
}

/** Behind what is in use; else in front of the first declaration and the comment right above it. */
export function addition({ document }: View, name: string): { start: number; end: number; text: string } {
  const { text, items } = document;
  const starts = itemStarts(document);
  const at = items.findIndex(({ declaration }) => declaration?.kind === "use");
  const use = items[at]?.declaration;
  if (use?.kind === "use") {
    const end = (starts[at] ?? 0) + use.end;
    return { start: end, end, text: `, ${name}` };
  }
  const first = items.findIndex(({ declaration }) => declaration !== null);
  const start = (starts[first] ?? 0) + (items[first]?.declaration?.start ?? 0);
  const above = /(?:^|[\r\n])((?:[ \t]*\/\/[^\r\n]*(?:\r\n|\r|\n))*)[ \t]*$/.exec(text.slice(0, start));
  const line = start - (above?.[1]?.length ?? 0);
  const lineBreak = /\r\n|\r|\n/.exec(text)?.[0] ?? "\n";
  return { start: line, end: line, text: `use ${name}${lineBreak}${lineBreak}` };
}
