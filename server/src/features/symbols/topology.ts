// The symbol index of a topology. Its attributes are fields of the proposals in sight: of several, if several have them.

import type { View } from "../../analysis/session.ts";
import type { Site } from "../../model/ir.ts";
import type { System } from "../../model/system.ts";
import { siteOf } from "../../semantics/context.ts";
import { draftFrom } from "../../semantics/draft.ts";
import { type PlacedTopology, shippedProposal } from "../../semantics/link.ts";
import { attributeValue, layOut } from "../../semantics/topology.ts";
import type { Attribute, Entry, Name } from "../../syntax/ast.ts";
import { entryOf, type ItemIndex, type Occurrence, occurrence, type Role, sorted } from "./names.ts";
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

const tables = new WeakMap<PlacedTopology["declaration"], ReadonlyMap<string, readonly Site[]>>();

/** Where a topology declares itself and what it has, by key. */
export function hardwareSites(placed: PlacedTopology, key: string): readonly Site[] {
  const { declaration, origin } = placed;
  const known = tables.get(declaration);
  if (known !== undefined) return known.get(key) ?? [];
  const table = new Map<string, Site[]>();
  const add = (name: Name, of: string): void => {
    table.set(of, [...(table.get(of) ?? []), siteOf(origin, name)]);
  };
  const visit = (entry: Entry): void => {
    if (entry.kind === "iommu" || entry.kind === "device" || entry.kind === "group")
      add(entry.name, hardwareKey(placed, `${entry.kind} ${entry.name.text}`));
    if (entry.kind === "group") entry.body.forEach(visit);
  };
  add(declaration.name, topologyKey(placed));
  declaration.body.forEach(visit);
  tables.set(declaration, table);
  return table.get(key) ?? [];
}

function build(placed: PlacedTopology, proposals: readonly ProposalIndex[]): ItemIndex {
  const { declaration, origin } = placed;
  const out: Occurrence[] = [];
  const { names } = layOut(declaration, origin);
  const declare = (kind: "iommu" | "group" | "device", name: Name): void => {
    const key = hardwareKey(placed, `${kind} ${name.text}`);
    out.push(occurrence(name, { key, role: kind }, "declare"));
  };
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
      case "device":
        declare(entry.kind, entry.name);
        return attributes(entry.kind, entry.attributes);
      case "group":
        declare("group", entry.name);
        if (entry.iommu !== null && entry.iommu.text !== "none") {
          const key = hardwareKey(placed, `iommu ${entry.iommu.text}`);
          out.push(occurrence(entry.iommu, { key, role: "iommu" }));
        }
        attributes("group", entry.attributes);
        return entry.body.forEach(visit);
      default:
        return entry satisfies never;
    }
  };
  out.push(occurrence(declaration.name, { key: topologyKey(placed), role: "topology" }, "declare"));
  declaration.body.forEach(visit);
  return {
    occurrences: sorted(out),
    declared(key) {
      const own = hardwareSites(placed, key);
      return own.length > 0 ? own : tableSites(proposals, key);
    },
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
