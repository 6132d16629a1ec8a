// The symbols of a document: what every feature of navigation asks. Each item has its index, kept for as long as the
// item and the proposals that it is about stay the same.

import type { View } from "../../analysis/session.ts";
import { itemAt } from "../../analysis/view.ts";
import type { Place } from "../../base/finding.ts";
import { siteOf } from "../../semantics/context.ts";
import { neighbour } from "../../semantics/link.ts";
import type { Declaration, VerifyDeclaration } from "../../syntax/ast.ts";
import { type Item, itemStarts } from "../../syntax/document.ts";
import { type ItemIndex, type Occurrence, occurrence, sorted } from "./names.ts";
import { proposalIndex, proposalKey } from "./proposal.ts";
import { scenarioIndex } from "./scenario.ts";
import { createReader } from "./steps.ts";
import { hardwareSites, systemsInSight, tableSites, topologyIndex, topologyKey } from "./topology.ts";

export type { Occurrence, Role } from "./names.ts";
export { isBuiltIn } from "./names.ts";

/** An occurrence with its place in a text. */
export interface Placed extends Occurrence {
  readonly uri: string;
}

const empty: ItemIndex = { occurrences: [], declared: () => [], typeOf: () => [] };

const ofView = new WeakMap<View, Map<Item, ItemIndex>>();

export function indexOfItem(view: View, item: Item): ItemIndex {
  const known = ofView.get(view) ?? new Map<Item, ItemIndex>();
  ofView.set(view, known);
  const index = known.get(item) ?? buildIndex(view, item);
  known.set(item, index);
  return index;
}

function buildIndex(view: View, item: Item): ItemIndex {
  const { declaration } = item;
  const origin = { uri: view.uri, item: item.id };
  switch (declaration?.kind) {
    case "proposal":
      return proposalIndex(view.work, { declaration, origin });
    case "topology":
      return topologyIndex({ declaration, origin }, systemsInSight(view));
    case "scenario":
      return scenarioIndex(view, item, declaration);
    case "use":
      return useIndex(view, declaration);
    case "verify":
      return verifyIndex(view, item, declaration);
    default:
      return empty;
  }
}

interface Found {
  readonly own: readonly Placed[];
  /** In the topologies of other files that this one sees. */
  readonly foreign: readonly Placed[];
  readonly byKey: ReadonlyMap<string, readonly Placed[]>;
}

const foundIn = new WeakMap<View, Found>();

/** All that a document says about symbols, and by symbol. */
export function foundBy(view: View): Found {
  const before = foundIn.get(view);
  if (before !== undefined) return before;
  const [own, foreign] = [ownOccurrences(view), foreignOccurrences(view)];
  const found = { own, foreign, byKey: grouped([...own, ...foreign]) };
  foundIn.set(view, found);
  return found;
}

export function grouped(all: readonly Placed[]): ReadonlyMap<string, readonly Placed[]> {
  const groups = new Map<string, Placed[]>();
  for (const each of all) {
    const group = groups.get(each.key);
    if (group === undefined) groups.set(each.key, [each]);
    else group.push(each);
  }
  return groups;
}

/** All occurrences of a document, by start. */
export const occurrencesOf = (view: View): readonly Placed[] => foundBy(view).own;

function ownOccurrences(view: View): Placed[] {
  const starts = itemStarts(view.document);
  return view.document.items.flatMap((item, i) =>
    indexOfItem(view, item).occurrences.map((each) => placed(view.uri, each, starts[i] ?? 0)),
  );
}

const placed = (uri: string, each: Occurrence, by: number): Placed => ({
  ...each,
  uri,
  start: each.start + by,
  end: each.end + by,
});

/** What the text at an offset stands for; the smallest span first. */
function symbolsAt(view: View, offset: number): Placed[] {
  const found = [itemAt(view, offset), offset === 0 ? null : itemAt(view, offset - 1)];
  const seen = new Set<Item>();
  return found
    .flatMap((at) => {
      if (at === null || seen.has(at.item)) return [];
      seen.add(at.item);
      return indexOfItem(view, at.item)
        .occurrences.filter(({ start, end }) => at.start + start <= offset && offset <= at.start + end)
        .map((each) => placed(view.uri, each, at.start));
    })
    .sort((a, b) => a.end - a.start - (b.end - b.start));
}

/** What the innermost name at an offset stands for: one span, maybe several symbols. */
export function symbolAt(view: View, offset: number): Placed[] {
  const all = symbolsAt(view, offset);
  const [first] = all;
  return all.filter(({ start, end }) => start === first?.start && end === first.end);
}

/** Where the symbol of an occurrence is declared, base first, as the item that it stands in sees it. */
export function declaredAt(view: View, at: Placed): Place[] {
  const item = itemAt(view, at.start);
  const sites = item === null ? [] : indexOfItem(view, item.item).declared(at.key);
  return sites.flatMap((site) => view.work.places.site(site) ?? []);
}

/** Where the kinds of a handle are declared. */
export function typesAt(view: View, at: Placed): Place[] {
  const item = itemAt(view, at.start);
  if (item === null) return [];
  const index = indexOfItem(view, item.item);
  return index
    .typeOf(at.key)
    .flatMap((key) => index.declared(key).slice(0, 1))
    .flatMap((site) => view.work.places.site(site) ?? []);
}

/** The topologies of other files that this one sees, with the attributes that its proposals give a meaning. */
function foreignOccurrences(view: View): Placed[] {
  const proposals = systemsInSight(view);
  return [...view.visible.topologies.values()].flatMap((topology) => {
    const { uri } = topology.origin;
    if (uri === view.uri) return [];
    const start = view.work.places.site(siteOf(topology.origin, { start: 0, end: 0 }))?.start;
    if (start === undefined) return [];
    return topologyIndex(topology, proposals).occurrences.map((each) => placed(uri, each, start));
  });
}

function useIndex(view: View, node: Extract<Declaration, { kind: "use" }>): ItemIndex {
  const out: Occurrence[] = [];
  const declared = new Map<string, ReturnType<ItemIndex["declared"]>>();
  for (const target of node.targets) {
    if (target.kind === "string") {
      const uri = view.work.texts.resolve(view.uri, target.value);
      const document = uri === null ? null : view.work.texts.document(uri);
      if (uri === null || document === null || "failed" in document) continue;
      const key = `${uri}|file`;
      const [first] = document.items;
      if (first !== undefined) declared.set(key, [{ uri, item: first.id, start: 0, end: 0 }]);
      out.push(occurrence(target, { key, role: "file" }, "read", false));
      continue;
    }
    const link = view.visible.proposals.get(target.text);
    if (link === undefined) continue;
    const key = proposalKey(link);
    declared.set(key, [siteOf(link.origin, link.declaration.name)]);
    out.push(occurrence(target, { key, role: "proposal" }));
  }
  return { occurrences: sorted(out), declared: (key) => declared.get(key) ?? [], typeOf: () => [] };
}

function verifyIndex(view: View, item: Item, node: VerifyDeclaration): ItemIndex {
  const origin = { uri: view.uri, item: item.id };
  const out: Occurrence[] = [];
  const { proposal: name } = node;
  const link = view.visible.proposals.get(name.text) ?? neighbour(view.work.texts, view.uri, name.text);
  const proposal = link === undefined ? null : proposalIndex(view.work, link);
  if (link !== undefined) out.push(occurrence(name, { key: proposalKey(link), role: "proposal" }));
  const topologies = node.topologies.flatMap((each) => {
    const found = view.visible.topologies.get(each.text);
    if (found !== undefined) out.push(occurrence(each, { key: topologyKey(found), role: "topology" }));
    return found ?? [];
  });
  const reader = createReader({
    origin,
    out,
    proposal,
    machine: null,
    handles: new Set(),
    tasks: new Set(["main"]),
  });
  for (const claim of node.body) {
    if (claim.kind === "claim" && claim.condition !== null) reader.expression(claim.condition);
    const names = claim.kind === "in-full" ? claim.names : claim.kind === "error" ? [] : [claim.name];
    for (const named of names) {
      if (named?.kind !== "name" || proposal === null) continue;
      const spaces = claim.kind === "claim" ? ["rule", "hazard"] : ["type", "operation"];
      const entry = spaces.flatMap((space) => proposal.table.get(`${space} ${named.text}`) ?? [])[0];
      if (entry !== undefined) out.push(occurrence(named, entry));
    }
  }
  return {
    occurrences: sorted(reader.finished()),
    declared(key) {
      const own =
        link !== undefined && key === proposalKey(link) ? [siteOf(link.origin, link.declaration.name)] : [];
      const machines = topologies.flatMap((each) => hardwareSites(each, key));
      return [...own, ...machines, ...(proposal === null ? [] : tableSites([proposal], key))];
    },
    typeOf: () => [],
  };
}
