// The symbols of many documents, and of the proposals that they build on, each occurrence once.

import type { View } from "../../analysis/session.ts";
import { siteOf } from "../../semantics/context.ts";
import { chainOf } from "../../semantics/link.ts";
import type { Link } from "../../semantics/members.ts";
import { foundBy, grouped, type Placed } from "./index.ts";
import { type ProposalIndex, proposalIndex } from "./proposal.ts";

/** All occurrences of these symbols; of all symbols without `keys`. */
export function everywhere(views: readonly View[], keys: ReadonlySet<string> | null = null): Placed[] {
  const seen = new Set<string>();
  const found: Placed[] = [];
  const take = (all: readonly Placed[], byKey: ReadonlyMap<string, readonly Placed[]>): void => {
    const wanted = keys === null ? all : [...keys].flatMap((key) => byKey.get(key) ?? []);
    for (const each of wanted) {
      const id = `${each.uri} ${each.start} ${each.end} ${each.key}`;
      if (seen.has(id)) continue;
      seen.add(id);
      found.push(each);
    }
  };
  for (const view of views) {
    const { own, foreign, byKey } = foundBy(view);
    take(keys === null ? [...own, ...foreign] : own, byKey);
  }
  const known = new Set(views.map(({ uri }) => uri));
  for (const { view, link } of outside(views, known)) {
    const { all, byKey } = placedProposal(view, link);
    take(all, byKey);
  }
  return found;
}

interface PlacedProposal {
  readonly start: number;
  readonly all: readonly Placed[];
  readonly byKey: ReadonlyMap<string, readonly Placed[]>;
}

const placed = new WeakMap<ProposalIndex, PlacedProposal>();
const placedFor = new WeakMap<View, Map<Link["declaration"], PlacedProposal>>();

function placedProposal(view: View, link: Link): PlacedProposal {
  const known = placedFor.get(view) ?? new Map<Link["declaration"], PlacedProposal>();
  placedFor.set(view, known);
  const found = known.get(link.declaration) ?? placeProposal(view, link);
  known.set(link.declaration, found);
  return found;
}

function placeProposal(view: View, link: Link): PlacedProposal {
  const index = proposalIndex(view.work, link);
  const { uri } = link.origin;
  const start = view.work.places.site(siteOf(link.origin, { start: 0, end: 0 }))?.start ?? 0;
  const before = placed.get(index);
  if (before?.start === start) return before;
  const all = index.occurrences.map((each) => ({
    ...each,
    uri,
    start: each.start + start,
    end: each.end + start,
  }));
  const made = { start, all, byKey: grouped(all) };
  placed.set(index, made);
  return made;
}

const chains = new WeakMap<View, readonly Link[]>();

/** All proposals that a document sees, and what they build on. */
function chainsOf(view: View): readonly Link[] {
  const before = chains.get(view);
  if (before !== undefined) return before;
  const links = new Set<Link["declaration"]>();
  const found = [...view.visible.proposals.values()]
    .flatMap((visible) => chainOf(view.work.texts, visible).links)
    .filter(({ declaration }) => !links.has(declaration) && links.add(declaration));
  chains.set(view, found);
  return found;
}

/** The proposals that the documents build on and that stand in none of them: mostly the shipped ones. */
function outside(
  views: readonly View[],
  known: ReadonlySet<string>,
): { readonly view: View; readonly link: Link }[] {
  const found = new Map<Link["declaration"], { readonly view: View; readonly link: Link }>();
  for (const view of views) {
    for (const link of chainsOf(view))
      if (!known.has(link.origin.uri)) found.set(link.declaration, { view, link });
  }
  return [...found.values()];
}
