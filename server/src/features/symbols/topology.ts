// The symbol index of a topology. Its attributes are fields of the proposals in sight: of several, if several have them.

import type { View } from "../../analysis/session.ts";
import type { System } from "../../model/system.ts";
import { siteOf } from "../../semantics/context.ts";
import { draftFrom } from "../../semantics/draft.ts";
import { type PlacedTopology, shippedProposal } from "../../semantics/link.ts";
import { attributeValue, layOut } from "../../semantics/topology.ts";
import type { Attribute, Entry, Name } from "../../syntax/ast.ts";
import {
  type Declared,
  entryOf,
  type ItemIndex,
  type Occurrence,
  occurrence,
  type Role,
  sorted,
} from "./names.ts";
import { entryOfReference, type ProposalIndex, proposalIndex } from "./proposal.ts";

interface Known {
  readonly systems: readonly System[];
  readonly index: ItemIndex;
}

const known = new WeakMap<PlacedTopology["declaration"], Known>();

/** The proposals whose fields a topology of this file can set. */
export function systemsInSight({ visible, work }: View): ProposalIndex[] {
  const core = shippedProposal(work.texts, "core");
  const links = visible.proposals.size > 0 || core === undefined ? [...visible.proposals.values()] : [core];
  return links.map((link) => proposalIndex(work, link));
}

export const topologyKey = ({ declaration, origin }: PlacedTopology): string =>
  `${origin.uri}|topology ${declaration.name.text}`;

/** The symbol of `group 26`, `device nic0`, `iommu vtd` of a topology. */
export const hardwareKey = (placed: PlacedTopology, name: string): string => `${topologyKey(placed)}|${name}`;

export function topologyIndex(placed: PlacedTopology, proposals: readonly ProposalIndex[]): ItemIndex {
  const { declaration } = placed;
  const before = known.get(declaration);
  const systems = proposals.map(({ system }) => system);
  const same =
    before !== undefined &&
    before.systems.length === systems.length &&
    before.systems.every((system, i) => system === systems[i]);
  if (same) return before.index;
  const index = build(placed, proposals);
  known.set(declaration, { systems, index });
  return index;
}

function build(placed: PlacedTopology, proposals: readonly ProposalIndex[]): ItemIndex {
  const { declaration, origin } = placed;
  const out: Occurrence[] = [];
  const declared = new Map<string, Declared>();
  const add = (name: Name, key: string, role: Role): void => {
    const before = declared.get(key);
    declared.set(key, { key, role, sites: [...(before?.sites ?? []), siteOf(origin, name)] });
    out.push(occurrence(name, { key, role }, "declare"));
  };
  const own = (kind: string, name: Name): string => hardwareKey(placed, `${kind} ${name.text}`);
  const { names } = layOut(declaration, origin);

  const attributes = (kind: string, list: readonly Attribute[]): void => {
    for (const attribute of list) {
      for (const { system, table } of proposals)
        noteAttribute({ placed, system, table, names, out }, kind, attribute);
    }
  };
  const visit = (entry: Entry): void => {
    switch (entry.kind) {
      case "error":
      case "kernel":
        return;
      case "host":
        return attributes("host", entry.attributes);
      case "iommu":
        add(entry.name, own("iommu", entry.name), "iommu");
        return attributes("iommu", entry.attributes);
      case "device":
        add(entry.name, own("device", entry.name), "device");
        return attributes("device", entry.attributes);
      case "group":
        add(entry.name, own("group", entry.name), "group");
        if (entry.iommu !== null && entry.iommu.text !== "none")
          out.push(occurrence(entry.iommu, { key: own("iommu", entry.iommu), role: "iommu" }));
        attributes("group", entry.attributes);
        return entry.body.forEach(visit);
      default:
        return entry satisfies never;
    }
  };
  add(declaration.name, topologyKey(placed), "topology");
  declaration.body.forEach(visit);
  return {
    occurrences: sorted(out),
    declared: (key) => declared.get(key)?.sites ?? tableSites(proposals, key),
    typeOf: () => [],
  };
}

export function tableSites(
  proposals: readonly ProposalIndex[],
  key: string,
): ReturnType<ItemIndex["declared"]> {
  for (const index of proposals) {
    const sites = index.declared(key);
    if (sites.length > 0) return sites;
  }
  return [];
}

interface AttributeContext extends Pick<ProposalIndex, "system" | "table"> {
  /** Null where no topology is known: names of devices then mean nothing. */
  readonly placed: PlacedTopology | null;
  readonly names: readonly (readonly string[])[];
  readonly out: Occurrence[];
}

/** `page_size = 4K`, `pf = nic0`: the field, and what its value names. */
export function noteAttribute(
  { placed, system, table, names, out }: AttributeContext,
  kind: string,
  attribute: Attribute,
): void {
  const kindId = system.kindByName.get(kind);
  const field = system.fields.find((each) => each.kind === kindId && each.name === attribute.name.text);
  if (field === undefined) return;
  out.push(occurrence(attribute.name, entryOf(table, `field ${kind}.${field.name}`), "write"));
  const draft = {
    ...draftFrom(system),
    refer: (reference: Parameters<typeof entryOfReference>[1]): void => {
      const hardware = reference.to === "machine" && placed !== null;
      const entry = hardware
        ? { key: hardwareKey(placed, reference.name), role: hardwareRole(reference.name) }
        : entryOfReference(table, reference);
      if (entry !== null) out.push(occurrence(reference.site, entry));
    },
  };
  attributeValue(draft, { uri: "", item: 0 }, attribute, field.type, names);
}

/** Of `device nic0`: the first word. */
export function hardwareRole(name: string): Role {
  const kind = name.slice(0, name.indexOf(" "));
  return kind === "iommu" || kind === "group" || kind === "task" ? kind : "device";
}
