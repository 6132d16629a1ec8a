// What could be written at the cursor. In a scenario calls and arguments are tried in the state there, so that what
// succeeds comes first and what is refused says why. Pure: a view and an offset in, plain data out.

import type { View } from "../analysis/session.ts";
import { shippedNames } from "../semantics/link.ts";
import { benchOf } from "./completion/choices.ts";
import { freshNames } from "./completion/fresh.ts";
import { type About, type Completion, type Item, item, keywords } from "./completion/item.ts";
import { proposalItems } from "./completion/proposal.ts";
import { declarationSnippets } from "./completion/snippets.ts";
import { stepItems } from "./completion/step.ts";
import { topologyItems } from "./completion/topology.ts";
import { type Cursor, cursorAt } from "./cursor.ts";
import { chainOf, proposalNamed, proposalOfItem, summaryOf, systemsOf, usable } from "./declared.ts";
import { errnoMarkup, memberMarkup, proposalMarkup, topologyMarkup, wordMarkup } from "./hover/symbols.ts";
import type { Markup } from "./markup.ts";
import { wordAt } from "./tokens.ts";
import { lookBefore, type StepPlace, stepAt } from "./trial.ts";

export type { About, Completion, Item } from "./completion/item.ts";

/** Characters that ask for completion by themselves. */
export const triggers = [".", "(", ",", '"', "=", " "];

export function completeAt(view: View, offset: number): Completion {
  const cursor = cursorAt(view, offset);
  const items = cursor.inside === "comment" || isNumber(cursor.prefix) ? [] : itemsAt(view, cursor);
  return { ...rangeOf(view, cursor), items: unique(items) };
}

/** In a hole of a message it is a word that is being written, and not the message. */
function rangeOf(
  { document: { text } }: View,
  { inside, start, end, offset }: Cursor,
): Pick<Completion, "start" | "end"> {
  const hole = inside === "string" ? text.slice(start, offset).lastIndexOf("{") : -1;
  if (hole === -1 || text.slice(start + hole, offset).includes("}")) return { start, end };
  return wordAt(text, offset) ?? { start: offset, end: offset };
}

const isNumber = (prefix: string): boolean => /^\d/.test(prefix);

/** Of two with one label the better one. */
function unique(items: readonly Item[]): Item[] {
  const best = new Map<string, Item>();
  for (const each of items) {
    const known = best.get(each.label);
    if (known === undefined || each.rank < known.rank) best.set(each.label, each);
  }
  return [...best.values()].sort((a, b) => a.rank - b.rank);
}

function itemsAt(view: View, cursor: Cursor): Item[] {
  const head = cursor.heads[0]?.map(({ text }) => text) ?? [];
  const declares = head.find((word) => ["scenario", "topology", "proposal", "verify"].includes(word));
  switch (declares) {
    case "scenario":
      return inScenario(view, cursor);
    case "topology":
      return topologyItems(view, cursor);
    case "proposal": {
      const declaration = cursor.item?.item.declaration;
      return declaration?.kind === "proposal" && cursor.item !== null
        ? proposalItems(view, proposalOfItem(view, declaration, cursor.item.item.id), cursor)
        : [];
    }
    case "verify":
      return cursor.tokens.length === 0
        ? keywords(["safe", "breaks", "reach", "never", "tasks", "depth", "limit", "with"])
        : claimItems(view, cursor);
    default:
      return topItems(view, cursor);
  }
}

function inScenario(view: View, cursor: Cursor): Item[] {
  const place = stepAt(view, cursor.offset);
  if (place === null) return withoutRun(view, cursor);
  const chain = chainOf(view, place.run.world.system);
  if (chain === null) return [];
  const { start, item: placed } = place.scenario;
  const text = view.document.text.slice(start, start + placed.length);
  return lookBefore(place, cursor.statement, (world) => {
    const fresh = freshNames(world, text, view.document.text);
    return stepItems({
      view,
      chain,
      world,
      bench: benchOf(view, world),
      row: place.row.id,
      isOnly: isOnly(place),
      cursor,
      fresh,
    });
  });
}

/** No other row of the scenario says anything. */
function isOnly({ run: { results }, index }: StepPlace): boolean {
  if (results.length > MOST_BLANK) return false;
  return [...results].every(({ row }, i) => i === index || row.kind === "trivia" || row.kind === "close");
}

const MOST_BLANK = 20;

/** The scenario cannot run: the calls by name. */
function withoutRun(view: View, { tokens, inside }: Cursor): Item[] {
  if (inside === "string" || (tokens.length > 0 && tokens.at(-1)?.text !== "=")) return [];
  return systemsOf(view).flatMap(({ system }) =>
    [...system.operations.values()].map(({ name }) =>
      item(name, "call", { about: { proposal: system.proposal, name } }),
    ),
  );
}

function claimItems(view: View, { tokens }: Cursor): Item[] {
  if (tokens.at(-1)?.text !== "breaks") return [];
  return systemsOf(view).flatMap(({ system }) =>
    system.rules.map(({ name, why }) => item(name, "rule", { detail: why })),
  );
}

// ---------------------------------------------------------------- the top of the file

function topItems(view: View, { tokens, inside }: Cursor): Item[] {
  const texts = tokens.map(({ text }) => text);
  const [first = ""] = texts;
  const last = texts.at(-1) ?? "";
  if (inside === "string") return [];
  if (tokens.length === 0)
    return [
      ...declarationSnippets(view),
      item("use", "keyword", { insert: "use ", rank: 2, about: { word: "use" } }),
      item("abstract proposal", "keyword", {
        insert: "abstract proposal ",
        rank: 6,
        about: { word: "abstract" },
      }),
      item("verify", "keyword", { insert: "verify ", rank: 6, about: { word: "verify" } }),
    ];
  if (first === "use" && (last === "use" || last === ",")) return proposalNames(view, texts);
  if (last === "extends") return proposalNames(view, texts);
  if (first === "scenario") {
    if (last === "on") return topologyNames(view);
    if (last === "with") return used(view);
    const clauses = ["on", "with"].filter((word) => !texts.includes(word));
    return tokens.length > 1 ? keywords(clauses).map((each) => ({ ...each, insert: `${each.label} ` })) : [];
  }
  if (first === "verify") {
    if (last === "verify") return used(view);
    return last === "on" || last === "," ? topologyNames(view) : keywords(["on"]);
  }
  return (first === "proposal" || first === "abstract") &&
    tokens.length > 1 &&
    !texts.includes("extends") &&
    last !== "proposal"
    ? keywords(["extends"]).map((each) => ({ ...each, insert: "extends " }))
    : [];
}

function proposalNames(view: View, written: readonly string[]): Item[] {
  const names = new Set([...view.visible.proposals.keys(), ...shippedNames]);
  return [...names]
    .filter((name) => !written.includes(name))
    .map((name) => {
      // Shipped files that nobody uses are not read for this; `resolve` reads the one that is looked at.
      const doc = view.visible.proposals.get(name)?.declaration.doc ?? [];
      return item(name, "proposal", { detail: summaryOf(doc), about: { proposal: name, name } });
    });
}

const topologyNames = (view: View): Item[] =>
  [...view.visible.topologies].map(([name, { declaration }]) =>
    item(name, "topology", { detail: summaryOf(declaration.doc), about: { topology: name } }),
  );

const used = (view: View): Item[] =>
  [...view.visible.proposals].map(([name, { declaration }]) =>
    item(name, "proposal", {
      detail: summaryOf(declaration.doc),
      rank: view.visible.candidates.has(name) ? 1 : 3,
      about: { proposal: name, name },
    }),
  );

// ---------------------------------------------------------------- resolve

/** What an item is about, for whoever asks for more. */
export function documentationOf(view: View, about: About): Markup | null {
  if ("word" in about) return wordMarkup(about.word);
  if ("topology" in about) return topologyMarkup(view, about.topology);
  if ("name" in about && about.name === about.proposal) return proposalMarkup(view, about.name);
  const link = proposalNamed(view, about.proposal);
  if (link === undefined) return null;
  const chain = usable(view, link);
  if ("errno" in about) return errnoMarkup(view, chain, about.errno, about.call);
  return memberMarkup(view, chain, about.name, null);
}
