// Which declarations a file can see: its own, those of the files it uses, those beside it, and the shipped ones.

import type { Declaration, Name, StringLiteral } from "../syntax/ast.ts";
import type { Document, Item } from "../syntax/document.ts";
import { itemStarts } from "../syntax/document.ts";
import type { Origin, Problem } from "./context.ts";
import { siteOf } from "./context.ts";
import type { Link } from "./members.ts";
import { SHIPPED, shippedFiles } from "./shipped.ts";
import { suggestion } from "./types.ts";

/** Documents by uri; null with a reason when there is none. */
export interface Library {
  readonly document: (uri: string) => Document | { readonly failed: string };
  readonly resolve: (from: string, path: string) => string | null;
}

type TopologyNode = Extract<Declaration, { kind: "topology" }>;

export interface PlacedTopology {
  readonly declaration: TopologyNode;
  readonly origin: Origin;
}

export interface Visible {
  readonly proposals: Map<string, Link>;
  readonly topologies: Map<string, PlacedTopology>;
  /** Proposals that the file names or declares: a scenario without `with` runs on the only one. */
  readonly candidates: Set<string>;
  /** The same for proposals that used files declare: they count when there is no candidate of the file's own. */
  readonly distant: Set<string>;
  readonly problems: Problem[];
}

export interface Declared {
  readonly item: Item;
  readonly declaration: Declaration;
  readonly origin: Origin;
}

const declaredIn = new WeakMap<Document, { readonly uri: string; readonly all: readonly Declared[] }>();

export function declarationsOf(document: Document, uri: string): readonly Declared[] {
  const known = declaredIn.get(document);
  if (known?.uri === uri) return known.all;
  const all = document.items.flatMap((item) =>
    item.declaration === null
      ? []
      : [{ item, declaration: item.declaration, origin: { uri, item: item.id } }],
  );
  declaredIn.set(document, { uri, all });
  return all;
}

const seen = new WeakMap<Library, Map<string, Visible>>();

/** What `uri` sees; `problems` are about its own text only. Found once per Library: its documents do not change. */
export function visibleFrom(library: Library, uri: string): Visible {
  const known = seen.get(library) ?? new Map<string, Visible>();
  seen.set(library, known);
  const visible = known.get(uri) ?? collect(library, uri, [uri]);
  known.set(uri, visible);
  return visible;
}

function collect(library: Library, uri: string, stack: readonly string[]): Visible {
  const visible: Visible = {
    proposals: new Map(),
    topologies: new Map(),
    candidates: new Set(),
    distant: new Set(),
    problems: [],
  };
  const document = library.document(uri);
  if ("failed" in document) return visible;
  const declared = declarationsOf(document, uri);
  for (const { declaration, origin } of declared) {
    if (declaration.kind === "proposal") addProposal(visible, { declaration, origin });
    if (declaration.kind === "topology") addTopology(visible, { declaration, origin });
  }
  for (const { declaration, origin } of declared) {
    if (declaration.kind !== "use") continue;
    for (const target of declaration.targets) {
      if (target.kind === "name") useName(library, visible, target, origin);
      else useFile(library, visible, target, origin, stack);
    }
  }
  return visible;
}

function addProposal(visible: Visible, link: Link): void {
  const { name, abstract } = link.declaration;
  if (!declareOnce(visible, "proposal", name, link.origin, visible.proposals.get(name.text))) return;
  visible.proposals.set(name.text, link);
  if (!abstract) visible.candidates.add(name.text);
}

function addTopology(visible: Visible, placed: PlacedTopology): void {
  const { name } = placed.declaration;
  if (!declareOnce(visible, "topology", name, placed.origin, visible.topologies.get(name.text))) return;
  visible.topologies.set(name.text, placed);
}

function declareOnce(
  visible: Visible,
  what: string,
  name: Name,
  origin: Origin,
  twin: Link | PlacedTopology | undefined,
): boolean {
  if (twin === undefined) return true;
  visible.problems.push({
    code: "duplicate-name",
    site: siteOf(origin, name),
    message: `two ${what === "proposal" ? "proposals" : "topologies"} are called \`${name.text}\``,
    related: [{ site: siteOf(twin.origin, twin.declaration.name), message: "the other one" }],
  });
  return false;
}

function useName(library: Library, visible: Visible, target: Name, origin: Origin): void {
  const link = visible.proposals.get(target.text) ?? neighbour(library, origin.uri, target.text);
  if (link === undefined) {
    visible.problems.push({
      code: "unknown-proposal",
      site: siteOf(origin, target),
      message: `no proposal is called \`${target.text}\`: none is shipped, and there is no ${target.text}.uapi beside this file`,
      help: suggestion(target.text, shippedNames),
    });
    return;
  }
  visible.proposals.set(target.text, link);
  if (!link.declaration.abstract) visible.candidates.add(target.text);
}

function useFile(
  library: Library,
  visible: Visible,
  target: StringLiteral,
  origin: Origin,
  stack: readonly string[],
): void {
  const problem = (code: string, message: string, help: string[] = []): void => {
    visible.problems.push({ code, site: siteOf(origin, target), message, help });
  };
  const uri = library.resolve(origin.uri, target.value);
  if (uri === null)
    return problem("use-outside", `"${target.value}" lies outside the workspace, which no file may read`);
  if (stack.includes(uri)) {
    const circle = [...stack.slice(stack.indexOf(uri)), uri].map(shortName).join(" → ");
    return problem(
      "use-cycle",
      uri === origin.uri ? "this file uses itself" : `files use each other in a circle: ${circle}`,
    );
  }
  const document = library.document(uri);
  if ("failed" in document)
    return problem("use-not-found", `cannot use "${target.value}": ${document.failed}`);
  const used = collect(library, uri, [...stack, uri]);
  for (const cycle of used.problems) if (cycle.code === "use-cycle") problem("use-cycle", cycle.message);
  for (const [name, link] of used.proposals) {
    if (!declareOnceUsed(visible, "proposal", name, visible.proposals.get(name), link, target, origin))
      continue;
    visible.proposals.set(name, link);
  }
  for (const [name, placed] of used.topologies) {
    if (!declareOnceUsed(visible, "topology", name, visible.topologies.get(name), placed, target, origin))
      continue;
    visible.topologies.set(name, placed);
  }
  for (const { declaration } of declarationsOf(document, uri)) {
    if (declaration.kind === "proposal" && !declaration.abstract) visible.distant.add(declaration.name.text);
  }
}

/** The same declaration may come in twice; another one with its name may not. */
function declareOnceUsed(
  visible: Visible,
  what: string,
  name: string,
  twin: Link | PlacedTopology | undefined,
  found: Link | PlacedTopology,
  target: StringLiteral,
  origin: Origin,
): boolean {
  if (twin === undefined) return true;
  const same = twin.origin.uri === found.origin.uri && twin.origin.item === found.origin.item;
  if (!same) {
    visible.problems.push({
      code: "duplicate-name",
      site: siteOf(origin, target),
      message: `"${target.value}" brings a second ${what} \`${name}\``,
      related: [{ site: siteOf(twin.origin, twin.declaration.name), message: "the other one" }],
    });
  }
  return false;
}

const shortName = (uri: string): string => uri.slice(uri.lastIndexOf("/") + 1);

export const shippedNames: readonly string[] = [...shippedFiles.keys()];

export function shippedProposal(library: Library, name: string): Link | undefined {
  const file = shippedFiles.get(name);
  if (file === undefined) return undefined;
  const uri = SHIPPED + file;
  const document = library.document(uri);
  if ("failed" in document) return undefined;
  for (const { declaration, origin } of declarationsOf(document, uri)) {
    if (declaration.kind === "proposal" && declaration.name.text === name) return { declaration, origin };
  }
  return undefined;
}

/** A proposal of the file NAME.uapi beside `uri`, or else a shipped one. */
export function neighbour(library: Library, uri: string, name: string): Link | undefined {
  const beside = library.resolve(uri, `./${name}.uapi`);
  if (beside !== null && beside !== uri) {
    const document = library.document(beside);
    if (!("failed" in document)) {
      for (const { declaration, origin } of declarationsOf(document, beside)) {
        if (declaration.kind === "proposal" && declaration.name.text === name) return { declaration, origin };
      }
    }
  }
  return shippedProposal(library, name);
}

export interface Chain {
  /** core … derived. */
  readonly links: readonly Link[];
  readonly problems: readonly Problem[];
}

/** The proposals that `link` builds on, in order. Everything extends core, at last. */
export function chainOf(library: Library, link: Link): Chain {
  const links = [link];
  const problems: Problem[] = [];
  for (let at = link; ; ) {
    const { base, name } = at.declaration;
    const wanted: string | null = base === null ? (name.text === "core" ? null : "core") : base.text;
    if (wanted === null) break;
    const span = base ?? name;
    const found =
      visibleFrom(library, at.origin.uri).proposals.get(wanted) ?? neighbour(library, at.origin.uri, wanted);
    if (found === undefined) {
      problems.push({
        code: "unknown-proposal",
        site: siteOf(at.origin, span),
        message: `\`${name.text}\` extends \`${wanted}\`, which is not shipped, not in this file, and not in ${wanted}.uapi beside it`,
        help: suggestion(
          wanted,
          [...visibleFrom(library, at.origin.uri).proposals.keys(), ...shippedNames].filter(
            (other) => other !== name.text,
          ),
        ),
      });
      break;
    }
    if (links.some(({ declaration }) => declaration === found.declaration)) {
      const circle = [...links.map(({ declaration }) => declaration.name.text).reverse(), wanted].join(" → ");
      problems.push({
        code: "extends-cycle",
        site: siteOf(at.origin, span),
        message: `proposals extend each other in a circle: ${circle}`,
      });
      break;
    }
    links.unshift(found);
    at = found;
  }
  return { links, problems };
}

/** The absolute start of an item in its document, or null when it is gone. */
export function itemStart(document: Document, item: number): number | null {
  const index = document.items.findIndex(({ id }) => id === item);
  return index === -1 ? null : (itemStarts(document)[index] ?? null);
}
