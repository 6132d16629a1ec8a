// What a file knows: its own declarations and those that it uses. grammar/README.md, "Files and names".

import type {
  File,
  Name,
  ProposalDeclaration,
  ScenarioDeclaration,
  TopologyDeclaration,
} from "../../server/src/syntax/ast.ts";
import { parseWhole } from "../../server/src/syntax/parse.ts";
import { type Program, programOf } from "./program.ts";

/** Texts by path; `read` gives null where there is none. Shipped files are searched by proposal name. */
export interface Texts {
  readonly read: (path: string) => string | null;
  /** The path that `path`, named in the file `from`, stands for. */
  readonly resolve: (from: string, path: string) => string;
  readonly shipped: readonly string[];
}

interface Known {
  readonly topologies: Map<string, TopologyDeclaration>;
  readonly proposals: Map<string, ProposalDeclaration>;
  /** Proposals that a scenario can run on without saying so. */
  readonly near: Set<string>;
  readonly far: Set<string>;
}

export interface Loaded {
  readonly scenarios: readonly {
    readonly scenario: ScenarioDeclaration;
    readonly topology: TopologyDeclaration;
    readonly program: Program;
  }[];
}

export class Loader {
  readonly #texts: Texts;
  readonly #files = new Map<string, File | null>();
  readonly #programs = new Map<ProposalDeclaration, Program>();

  constructor(texts: Texts) {
    this.#texts = texts;
  }

  /** The scenarios of a text; null when it does not parse or a name is unknown. */
  load(path: string): Loaded | null {
    const file = this.#parse(path);
    if (file === null) return null;
    const known: Known = { topologies: new Map(), proposals: new Map(), near: new Set(), far: new Set() };
    this.#read(path, known, true, new Set());
    const scenarios: Loaded["scenarios"][number][] = [];
    for (const scenario of file.declarations) {
      if (scenario.kind !== "scenario") continue;
      const topology = chosen(scenario.topology, known.topologies, [...known.topologies.keys()]);
      const names = known.near.size > 0 ? known.near : known.far;
      const proposal = chosen(scenario.proposal, known.proposals, [...names]);
      if (topology === null || proposal === null) return null;
      const program = this.#program(proposal, known, path);
      if (program === null) return null;
      if (!program.isAbstract) scenarios.push({ scenario, topology, program });
    }
    return { scenarios };
  }

  /** A proposal by its name, as a file outside of all folders would get it. */
  proposal(name: string): Program | null {
    const found = this.#find("", name);
    const known = { topologies: new Map(), proposals: new Map(), near: new Set(""), far: new Set("") };
    return found === null ? null : this.#program(found, known, "");
  }

  #parse(path: string): File | null {
    const seen = this.#files.get(path);
    if (seen !== undefined) return seen;
    const text = this.#texts.read(path);
    const file = text === null ? null : parseWhole(text);
    const kept = file !== null && file.kind === "file" ? file : null;
    this.#files.set(path, kept);
    return kept;
  }

  /** Adds what a file declares and uses. `isOwn`: it is the file itself that is loaded. */
  #read(path: string, known: Known, isOwn: boolean, seen: Set<string>): void {
    const file = this.#parse(path);
    if (file === null || seen.has(path)) return;
    seen.add(path);
    for (const one of file.declarations) {
      if (one.kind === "topology") known.topologies.set(one.name.text, one);
      if (one.kind === "proposal") {
        known.proposals.set(one.name.text, one);
        if (!one.abstract) (isOwn ? known.near : known.far).add(one.name.text);
      }
      if (one.kind !== "use") continue;
      for (const target of one.targets) {
        if (target.kind === "string") this.#read(this.#texts.resolve(path, target.value), known, false, seen);
        else this.#useByName(path, target.text, known, isOwn);
      }
    }
  }

  #useByName(path: string, name: string, known: Known, isOwn: boolean): void {
    const proposal = this.#find(path, name);
    if (proposal === null) return;
    known.proposals.set(name, proposal);
    if (isOwn && !proposal.abstract) known.near.add(name);
  }

  /** The proposal of the file NAME.uapi in the same folder, or a shipped one. */
  #find(from: string, name: string): ProposalDeclaration | null {
    for (const path of [this.#texts.resolve(from, `${name}.uapi`), ...this.#texts.shipped])
      for (const one of this.#parse(path)?.declarations ?? [])
        if (one.kind === "proposal" && one.name.text === name) return one;
    return null;
  }

  #program(proposal: ProposalDeclaration, known: Known, path: string): Program | null {
    const made = this.#programs.get(proposal);
    if (made !== undefined) return made;
    const chain = [proposal];
    while (chain[0]?.name.text !== "core") {
      const base = chain[0]?.base?.text ?? "core";
      const found = known.proposals.get(base) ?? this.#find(path, base);
      if (found === null || chain.length > 50) return null;
      chain.unshift(found);
    }
    const program = programOf(chain);
    this.#programs.set(proposal, program);
    return program;
  }
}

function chosen<T>(name: Name | null, table: ReadonlyMap<string, T>, all: readonly string[]): T | null {
  if (name !== null) return table.get(name.text) ?? null;
  const only = all.length === 1 ? all[0] : undefined;
  return only === undefined ? null : (table.get(only) ?? null);
}
