// What is under the pointer, explained: the answer first, then what a reviewer asks next. Pure: a view and an offset in,
// a document out; nothing that it tries on the way leaves a trace.

import type { View } from "../analysis/session.ts";
import { type Cursor, cursorAt } from "./cursor.ts";
import { proposalOfItem } from "./declared.ts";
import { inProposal } from "./hover/in-proposal.ts";
import { inStep, stepless } from "./hover/in-step.ts";
import { inTopology } from "./hover/in-topology.ts";
import type { Pointed } from "./hover/pointed.ts";
import { proposalMarkup, topologyMarkup, wordMarkup } from "./hover/symbols.ts";
import type { Markup } from "./markup.ts";
import { wordAt } from "./tokens.ts";
import { stepAt } from "./trial.ts";

export interface Hover {
  readonly start: number;
  readonly end: number;
  readonly markup: Markup;
}

export function hoverAt(view: View, offset: number): Hover | null {
  const pointed = pointedAt(view, offset);
  if (pointed === null) return null;
  const { cursor, ...what } = pointed;
  const markup = explain(view, cursor, what, offset);
  return markup === null ? null : { start: what.start, end: what.end, markup };
}

function pointedAt(view: View, offset: number): (Pointed & { readonly cursor: Cursor }) | null {
  const source = view.document.text;
  const here = cursorAt(view, offset);
  if (here.inside === "comment") return null;
  if (here.inside === "string") {
    const { start, end } = here;
    const holes = holeAt(source, start, end, offset);
    if (holes !== null) return { ...holes, before: [], next: "", cursor: here };
    return {
      text: source.slice(start, end),
      start,
      end,
      kind: "string",
      before: here.tokens,
      next: "",
      cursor: here,
    };
  }
  const word = wordAt(source, offset);
  if (word === null) return null;
  // As if the cursor stood behind the word: the tokens in front are then those in front of the word.
  const cursor = cursorAt(view, word.end);
  if (cursor.inside !== "code") return null;
  const next = source
    .slice(word.end, word.end + 40)
    .trimStart()
    .charAt(0);
  return { ...word, kind: "word", before: cursor.tokens, next, cursor };
}

/** A word in a hole of a message: `"{f.device} already belongs to {f.owner}"`. */
function holeAt(
  source: string,
  start: number,
  end: number,
  offset: number,
): Omit<Pointed, "before" | "next"> | null {
  const open = source.lastIndexOf("{", offset - 1);
  const close = source.indexOf("}", offset);
  if (open < start || close === -1 || close > end || source.slice(open, offset).includes("}")) return null;
  const word = wordAt(source, offset);
  return word === null || source[open - 1] === "{" ? null : { ...word, kind: "word" };
}

function explain(view: View, cursor: Cursor, what: Pointed, offset: number): Markup | null {
  const { item } = cursor;
  const top = cursor.heads[0]?.map(({ text: word }) => word) ?? [];
  const declares = top.find((word) => ["scenario", "topology", "proposal", "verify"].includes(word));
  if (declares === "scenario") {
    const place = stepAt(view, offset);
    return place === null
      ? (stepless(view, what) ?? wordMarkup(what.text))
      : inStep(view, place, what, offset);
  }
  if (declares === "topology") return inTopology(view, cursor, what);
  if (declares === "proposal" && item?.declaration?.kind === "proposal")
    return inProposal(view, proposalOfItem(view, item.declaration, item.item.id), cursor, what);
  if (declares === "verify") return stepless(view, what) ?? wordMarkup(what.text);
  return atTop(view, what);
}

/** The head of a declaration, and `use`. */
function atTop(view: View, { text: word, before, kind }: Pointed): Markup | null {
  const previous = before.at(-1)?.text ?? "";
  const first = before[0]?.text ?? "";
  if (kind === "string") return null;
  if (
    previous === "on" ||
    first === "topology" ||
    (first === "verify" && before.some((token) => token.text === "on"))
  )
    return topologyMarkup(view, word) ?? wordMarkup(word);
  if (before.length > 0 && ["use", "with", "extends", "proposal", "verify", ","].includes(previous))
    return proposalMarkup(view, word) ?? topologyMarkup(view, word);
  return wordMarkup(word);
}
