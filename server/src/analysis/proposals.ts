// Compiled proposals, kept while the declarations that they were made from are the same objects.

import { restoreSystem } from "../model/stored.ts";
import { type Compiled, compileProposal } from "../semantics/compile.ts";
import type { Problem } from "../semantics/context.ts";
import { chainOf, type Library } from "../semantics/link.ts";
import type { Link } from "../semantics/members.ts";
import { isPrepared, type Prepared } from "./outlines.ts";
import { hasErrorIn } from "./syntax-findings.ts";

export interface Usable extends Compiled {
  /** core … derived. */
  readonly links: readonly Link[];
  /** False when anything in the chain is wrong: nothing is concluded from such a proposal. */
  readonly sound: boolean;
}

export interface Proposals {
  readonly compiled: (library: Library, link: Link) => Usable;
}

/** `prepared`: what a build has compiled already. */
export function createProposals(prepared: Prepared | null = null): Proposals {
  const known = new Map<string, { readonly links: readonly Link[]; readonly usable: Usable }>();
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
      const usable = (problems.length === 0 ? restored(prepared, links) : null) ?? compile(links, problems);
      known.set(key, { links, usable });
      return usable;
    },
  };
}

/** What is prepared is sound: nothing else is. */
function restored(prepared: Prepared | null, links: readonly Link[]): Usable | null {
  const name = links.at(-1)?.declaration.name.text ?? "";
  if (prepared === null || !links.every(({ declaration }) => isPrepared(declaration))) return null;
  const text = prepared.system(name);
  return text === null ? null : { system: restoreSystem(text), links, problems: [], sound: true };
}

function compile(links: readonly Link[], problems: readonly Problem[]): Usable {
  const compiled = compileProposal(links);
  const all: Problem[] = [...problems, ...compiled.problems];
  const broken = links.some(({ declaration }) => !isPrepared(declaration) && hasErrorIn(declaration));
  const sound = !broken && all.every(({ severity }) => severity !== undefined && severity !== "error");
  return { system: compiled.system, links, problems: all, sound };
}
