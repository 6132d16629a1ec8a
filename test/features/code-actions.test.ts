// What is offered at a place, and what comes of it: each answer lists the actions, with the lines that each changes.
// Below the cases, the contract that every fix keeps, on texts that nobody wrote for it.

import type { View } from "../../server/src/analysis/session.ts";
import { editedDocument } from "../../server/src/analysis/what-if.ts";
import { type Action, actionsAt, type Budget } from "../../server/src/features/code-actions.ts";
import { difference } from "../../server/src/features/repair/difference.ts";
import { USUAL_TRIES } from "../../server/src/features/repair/repair.ts";
import { runCases } from "./editor-cases.ts";

/** No clock: what is found depends on nothing but the text. */
const budget = (): Budget => ({ tries: USUAL_TRIES, isOver: () => false });

const options = { only: null, budget, overBudget: "the search exceeded its budget" };

function described(view: View, { kind, title, preferred, safety, edits, disabled }: Action): string {
  const how = [kind, ...(preferred ? ["preferred"] : []), ...(safety === "safe" ? ["safe"] : [])].join(", ");
  if (disabled !== undefined) return `${title} (${how}): not now, ${disabled}\n`;
  const given = typeof edits === "function" ? edits() : edits;
  const before = view.document.text;
  const after = editedDocument(view.document, given).text;
  return [`${title} (${how})`, ...changedLines(before, after), ""].join("\n");
}

/** `- old` and `+ new`, with the number of the line in the text that it is of. */
function changedLines(before: string, after: string): string[] {
  let shift = 0;
  return difference(before, after).flatMap(({ start, end, text }) => {
    const line = before.slice(0, start).split("\n").length;
    const gone = linesOf(before.slice(start, end)).map((each, i) => `${line + i} - ${each}`);
    const come = linesOf(text).map((each, i) => `${line + shift + i} + ${each}`);
    shift += come.length - gone.length;
    return [...gone, ...come];
  });
}

const linesOf = (text: string): string[] => (text === "" ? [] : text.replace(/\n$/, "").split("\n"));

runCases("code-actions", 20, (view, offset) =>
  actionsAt(view, { start: offset, end: offset }, options)
    .filter(({ kind }) => kind !== "source.fixAll.uapi")
    .map((action) => described(view, action))
    .join("\n"),
);
