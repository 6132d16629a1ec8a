// Every place that names what the cursor is on: in its document, or in all of the workspace.

import type { View } from "../analysis/session.ts";
import type { Place } from "../base/finding.ts";
import type { Span } from "../syntax/ast.ts";
import { declaredAt, foundBy, isBuiltIn, symbolAt } from "./symbols/index.ts";
import { everywhere } from "./symbols/workspace.ts";

/** In the order of the files and their texts. What belongs to the language is looked for in this document only. */
export function referencesTo(
  views: readonly View[],
  view: View,
  offset: number,
  options: { readonly declarations: boolean },
): Place[] {
  const symbols = symbolAt(view, offset);
  const keys = new Set(symbols.map(({ key }) => key));
  const found = everywhere(symbols.some(({ key }) => !isBuiltIn(key)) ? views : [view], keys);
  const declared = symbols.flatMap((at) => declaredAt(view, at));
  const isDeclared = new Set(declared.map(keyOf));
  const places = new Map<string, Place>();
  if (options.declarations) for (const place of declared) places.set(keyOf(place), place);
  for (const { access, uri, start, end } of found) {
    const place = { uri, start, end };
    if (options.declarations || (access !== "declare" && !isDeclared.has(keyOf(place))))
      places.set(keyOf(place), place);
  }
  return [...places.values()].sort((a, b) => (a.uri === b.uri ? a.start - b.start : a.uri < b.uri ? -1 : 1));
}

const keyOf = ({ uri, start, end }: Place): string => `${uri} ${start} ${end}`;

export interface Highlight extends Span {
  readonly kind: "read" | "write";
}

/** The same in one document. */
export function highlightsAt(view: View, offset: number): Highlight[] {
  const keys = new Set(symbolAt(view, offset).map(({ key }) => key));
  const found = new Map<string, Highlight>();
  const own = [...keys].flatMap((key) => foundBy(view).byKey.get(key) ?? []);
  for (const { uri, start, end, access } of own) {
    if (uri !== view.uri) continue;
    const before = found.get(`${start} ${end}`);
    const kind = access === "read" && before?.kind !== "write" ? "read" : "write";
    found.set(`${start} ${end}`, { start, end, kind });
  }
  return [...found.values()].sort((a, b) => a.start - b.start);
}
