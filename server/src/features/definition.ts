// Where the name under the cursor is declared. Of what a base declares and a derived proposal replaces, the definition is
// what counts here, the declaration is the base's, the implementations are all that replace it.

import type { View } from "../analysis/session.ts";
import type { Place } from "../base/finding.ts";
import { declaredAt, type Placed, symbolAt, typesAt } from "./symbols/index.ts";
import { everywhere } from "./symbols/workspace.ts";

/** On a declaration itself: the one that it replaces, or itself. */
export function definitionAt(view: View, offset: number): Place[] {
  return distinct(
    symbolAt(view, offset).flatMap((at) => {
      const places = declaredAt(view, at);
      const own = places.findIndex((place) => isAt(place, at));
      const found = own === -1 ? places.at(-1) : (places[own - 1] ?? places[own]);
      return found ?? [];
    }),
  );
}

/** Where a name was declared first. */
export function declarationAt(view: View, offset: number): Place[] {
  return distinct(symbolAt(view, offset).flatMap((at) => declaredAt(view, at)[0] ?? []));
}

/** The kind of file or object that a handle stands for. */
export function typeDefinitionAt(view: View, offset: number): Place[] {
  return distinct(symbolAt(view, offset).flatMap((at) => typesAt(view, at)));
}

/** What replaces the declaration in derived proposals of the workspace; the declaration itself when nothing does. */
export function implementationAt(views: readonly View[], view: View, offset: number): Place[] {
  const symbols = symbolAt(view, offset);
  const keys = new Set(symbols.map(({ key }) => key));
  const first = new Set(symbols.flatMap((at) => declaredAt(view, at).slice(0, 1)).map(placeKey));
  const declared = everywhere(views, keys).filter(({ access }) => access === "declare");
  const others = declared.filter((place) => !first.has(placeKey(place)));
  return distinct(
    (others.length > 0 ? others : declared).map(({ uri, start, end }) => ({ uri, start, end })),
  );
}

const placeKey = ({ uri, start, end }: Place): string => `${uri} ${start} ${end}`;
const isAt = (place: Place, at: Placed): boolean => placeKey(place) === placeKey(at);

function distinct(places: readonly Place[]): Place[] {
  return [...new Map(places.map((place) => [placeKey(place), place])).values()];
}
