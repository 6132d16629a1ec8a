// Drafts: a System while it is made, and a finished one as the compiler of expressions wants it.

import type { System } from "../model/system.ts";
import { createValues } from "../model/values.ts";
import type { Draft } from "./context.ts";

export function emptyDraft(proposal: string, refer: Draft["refer"] = null): Draft {
  return {
    proposal,
    values: createValues(),
    kinds: [],
    fields: [],
    kindByName: new Map(),
    roles: new Map(),
    aliases: new Map(),
    enumNames: new Set(),
    constants: new Map(),
    defines: [],
    defineByName: new Map(),
    effects: new Map(),
    operations: new Map(),
    rules: [],
    hazards: new Map(),
    problems: [],
    refer,
  };
}

const drafts = new WeakMap<System, Draft>();

/** For expressions of topologies and scripts. Only `problems` is each caller's own. */
export function draftFrom(system: System): Draft {
  let draft = drafts.get(system);
  if (draft === undefined) {
    const { proposal, values, constants, kindByName, defineByName, operations } = system;
    const types = [...system.fields.map(({ type }) => type), ...system.defines.map(({ result }) => result)];
    draft = {
      ...emptyDraft(proposal),
      values,
      kinds: [...system.kinds],
      fields: [...system.fields],
      kindByName: new Map(kindByName),
      roles: new Map([...system.roles].map(([name, kinds]) => [name, [...kinds]])),
      enumNames: new Set(types.flatMap(({ names }) => names)),
      constants: new Map(constants),
      defines: [...system.defines],
      defineByName: new Map(defineByName),
      operations: new Map(operations),
    };
    drafts.set(system, draft);
  }
  return { ...draft, problems: [] };
}
