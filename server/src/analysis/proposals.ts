// Compiled proposals, kept while the declarations that they were made from are the same objects.

import { restoreSystem } from "../model/stored.ts";
import { type Basis, type Compiled, compileProposal } from "../semantics/compile.ts";
import type { Problem } from "../semantics/context.ts";
import { chainOf, type Library } from "../semantics/link.ts";
import type { Link } from "../semantics/members.ts";
import { recompileProposal } from "../semantics/recompile.ts";
import { isPrepared, type Prepared } from "./outlines.ts";
import { hasErrorIn } from "./syntax-findings.ts";

export interface Usable extends Omit<Compiled, "basis"> {
  /** core … derived. */
  readonly links: readonly Link[];
  /** False when anything in the chain is wrong: nothing is concluded from such a proposal. */
  readonly sound: boolean;
}

interface Known {
  readonly links: readonly Link[];
  readonly usable: Usable;
  /** Of the last time that nothing was wrong. */
  readonly basis: Basis | null;
}

export interface Proposals {
  readonly compiled: (library: Library, link: Link) => Usable;
}

/** `shipped`: what a build has compiled already. */
export function createProposals(shipped: Prepared | null = null): Proposals {
  const known = new Map<string, Known>();
  return {
    compiled(library, link) {
      const { links, problems } = chainOf(library, link);
      const key = `${link.origin.uri} ${link.declaration.name.text}`;
      const before = known.get(key);
      const same =
        before !== undefined &&
        before.links.length === links.length &&
        links.every(({ declaration, origin }, i) => {
          const old = before.links[i];
          return old !== undefined && old.declaration === declaration && old.origin.item === origin.item;
        });
      if (same && problems.length === 0) return before.usable;
      const prepared = problems.length === 0 ? restored(shipped, links) : null;
      const now = prepared ?? compile(links, problems, before?.basis ?? null);
      known.set(key, now);
      return now.usable;
    },
  };
}

/** What is prepared is sound: nothing else is. */
function restored(prepared: Prepared | null, links: readonly Link[]): Known | null {
  const name = links.at(-1)?.declaration.name.text ?? "";
  if (prepared === null || !links.every(({ declaration }) => isPrepared(declaration))) return null;
  const text = prepared.system(name);
  if (text === null) return null;
  return { links, usable: { system: restoreSystem(text), links, problems: [], sound: true }, basis: null };
}

function compile(links: readonly Link[], problems: readonly Problem[], before: Basis | null): Known {
  const again = before === null || problems.length > 0 ? null : recompileProposal(before, links);
  const { system, basis, problems: wrong } = again ?? compileProposal(links);
  const all: Problem[] = [...problems, ...wrong];
  const broken = links.some(({ declaration }) => !isPrepared(declaration) && hasErrorIn(declaration));
  const sound = !broken && all.every(({ severity }) => severity !== undefined && severity !== "error");
  return {
    links,
    usable: { system, links, problems: all, sound },
    basis: sound ? (basis ?? before) : before,
  };
}
