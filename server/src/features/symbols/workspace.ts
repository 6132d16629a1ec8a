// The symbols of many documents, and of the proposals that they build on, each occurrence once.

import type { View } from "../../analysis/session.ts";
import { siteOf } from "../../semantics/context.ts";
import { chainOf } from "../../semantics/link.ts";
import type { Link } from "../../semantics/members.ts";
import { foreignOccurrences, occurrencesOf, type Placed } from "./index.ts";
import { proposalIndex } from "./proposal.ts";

/** All occurrences of these symbols; of all symbols without `keys`. */
export function everywhere(views: readonly View[], keys: ReadonlySet<string> | null = null): Placed[] {
  const seen = new Set<string>();
  const found: Placed[] = [];
  const add = (each: Placed): void => {
    if (keys !== null && !keys.has(each.key)) return;
    const id = `${each.uri} ${each.start} ${each.end} ${each.key}`;
    if (seen.has(id)) return;
    seen.add(id);
    found.push(each);
  };
  for (const view of views) {
    occurrencesOf(view).forEach(add);
    foreignOccurrences(view).forEach(add);
  }
  const known = new Set(views.map(({ uri }) => uri));
  for (const { view, link } of outside(views, known)) {
    const start = view.work.places.site(siteOf(link.origin, { start: 0, end: 0 }))?.start ?? 0;
    for (const each of proposalIndex(view.work, link).occurrences)
      add({ ...each, uri: link.origin.uri, start: each.start + start, end: each.end + start });
  }
  return found;
}

/** The proposals that the documents build on and that stand in none of them: mostly the shipped ones. */
function outside(
  views: readonly View[],
  known: ReadonlySet<string>,
): { readonly view: View; readonly link: Link }[] {
  const found = new Map<Link["declaration"], { readonly view: View; readonly link: Link }>();
  for (const view of views) {
    for (const visible of view.visible.proposals.values()) {
      for (const link of chainOf(view.work.texts, visible).links)
        if (!known.has(link.origin.uri)) found.set(link.declaration, { view, link });
    }
  }
  return [...found.values()];
}
