// What a build finds out about the shipped proposals, so that no start has to: the outline of each file, and each
// proposal compiled. With these nothing shipped is parsed until its text matters.

import { storeSystem } from "../model/stored.ts";
import { type Library, shippedNames, shippedProposal } from "../semantics/link.ts";
import { SHIPPED, shippedTexts } from "../semantics/shipped.ts";
import { parseDocument } from "../syntax/document.ts";
import { bodiesOf, outlineOf } from "./outlines.ts";
import { createProposals } from "./proposals.ts";

/** Texts by the names of files and proposals. */
export interface Preparation {
  readonly texts: ReadonlyMap<string, string>;
  readonly outlines: ReadonlyMap<string, string>;
  readonly bodies: ReadonlyMap<string, string>;
  readonly systems: ReadonlyMap<string, string>;
}

/** All of it, for what is shipped now. */
export function prepare(): Preparation {
  const documents = new Map(
    [...shippedTexts].map(([file, text]) => [SHIPPED + file, parseDocument(text)] as const),
  );
  const library: Library = {
    resolve: () => null,
    document: (uri) => documents.get(uri) ?? { failed: "it is not shipped" },
  };
  const proposals = createProposals();
  const systems = shippedNames.flatMap((name): [string, string][] => {
    const link = shippedProposal(library, name);
    const usable = link === undefined ? null : proposals.compiled(library, link);
    return usable === null || !usable.sound || usable.problems.length > 0
      ? []
      : [[name, storeSystem(usable.system)]];
  });
  const outlines = [...documents].flatMap(([uri, document]): [string, string][] => {
    const text = outlineOf(document);
    return text === null ? [] : [[uri.slice(SHIPPED.length), text]];
  });
  const bodies = new Map([...documents].map(([uri, each]) => [uri.slice(SHIPPED.length), bodiesOf(each)]));
  return { texts: shippedTexts, outlines: new Map(outlines), bodies, systems: new Map(systems) };
}
