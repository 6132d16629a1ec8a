// The texts that findings point into, by uri.

import { type Lines, linesOf } from "../base/lines.ts";

/** The lines of a text; null when the text is not known. */
export type Sources = (uri: string) => Lines | null;

/** Each text is asked for and cut into lines once. */
export function sourcesFrom(textOf: (uri: string) => string | null): Sources {
  const known = new Map<string, Lines | null>();
  return (uri) => {
    const seen = known.get(uri);
    if (seen !== undefined) return seen;
    const text = textOf(uri);
    const lines = text === null ? null : linesOf(text);
    known.set(uri, lines);
    return lines;
  };
}
