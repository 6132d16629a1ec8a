// The symbol index of one proposal: the tree says what it declares, the compiler what the names in its bodies mean.

import type { Work } from "../../analysis/session.ts";
import type { Site } from "../../model/ir.ts";
import type { System } from "../../model/system.ts";
import { compileProposal } from "../../semantics/compile.ts";
import { type Reference, siteOf } from "../../semantics/context.ts";
import type { Link } from "../../semantics/members.ts";
import {
  type Declared,
  entryOf,
  type ItemIndex,
  localKey,
  type Occurrence,
  occurrence,
  type Role,
  sorted,
  type Table,
} from "./names.ts";
import { walkProposal } from "./static.ts";
import { tableOf } from "./table.ts";

export interface ProposalIndex extends ItemIndex {
  readonly system: System;
  readonly table: Table;
}

const known = new WeakMap<System, ProposalIndex>();

export function proposalIndex(work: Work, link: Link): ProposalIndex {
  const { origin } = link;
  const { system, links } = work.proposals.compiled(work.texts, link);
  const before = known.get(system);
  if (before !== undefined) return before;
  const table = tableOf(links);
  const byKey = new Map<string, Declared>();
  for (const declared of table.values()) byKey.set(declared.key, declared);
  for (const { declaration, origin: at } of links) {
    const key = proposalKey({ declaration, origin: at });
    byKey.set(key, { key, role: "proposal", sites: [siteOf(at, declaration.name)] });
  }
  const base = links.length > 1 ? links[links.length - 2] : undefined;
  let occurrences: readonly Occurrence[] | null = null;
  const index: ProposalIndex = {
    system,
    table,
    // Found when first asked for: most proposals of a chain are only looked things up in.
    get occurrences() {
      occurrences ??= occurrencesOf(links, link, table, base);
      return occurrences;
    },
    declared: (key) => byKey.get(key)?.sites ?? localSites(index, origin, key),
    typeOf: () => [],
  };
  known.set(system, index);
  return index;
}

/** Locals are declared where they are used: in this proposal. */
function localSites(index: ItemIndex, origin: Link["origin"], key: string): Site[] {
  return index.occurrences
    .filter((each) => each.key === key && each.access === "declare")
    .map((each) => siteOf(origin, each));
}

export const proposalKey = ({ declaration, origin }: Link): string =>
  `${origin.uri}|proposal ${declaration.name.text}`;

function occurrencesOf(
  links: readonly Link[],
  { declaration, origin }: Link,
  table: Table,
  base: Link | undefined,
): readonly Occurrence[] {
  const out: Occurrence[] = [];
  const self = { key: proposalKey({ declaration, origin }), role: "proposal" as const };
  out.push(occurrence(declaration.name, self, "declare"));
  if (declaration.base !== null && base?.declaration.name.text === declaration.base.text)
    out.push(occurrence(declaration.base, { key: proposalKey(base), role: "proposal" }));
  walkProposal({ table, origin, shift: 0, out }, declaration);
  const roles = new Map(out.map(({ key, role }): [string, Role] => [key, role]));
  compileProposal(links, (reference) => {
    if (reference.site.uri !== origin.uri || reference.site.item !== origin.item) return;
    const entry = entryOfReference(table, reference);
    if (entry === null) return;
    out.push(
      occurrence(reference.site, { ...entry, role: roles.get(entry.key) ?? entry.role }, reference.access),
    );
  });
  return sorted(out);
}

/** The symbol that a name of an expression stands for; null for `self` and other names without a declaration. */
export function entryOfReference(
  table: Table,
  { to, name, declared }: Reference,
): Pick<Declared, "key" | "role" | "deprecated"> | null {
  switch (to) {
    case "local":
      return declared === null
        ? null
        : { key: localKey({ uri: declared.uri, item: declared.item }, declared.start), role: "variable" };
    case "machine":
      return null;
    case "field":
    case "type":
    case "const":
    case "define":
    case "word":
      return entryOf(table, `${to} ${name}`);
    default:
      return to satisfies never;
  }
}
