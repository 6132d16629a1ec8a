// What a step has changed, as marks on the picture and as sentences: the same facts for the eye and for the ear.

import type { Graph } from "./graph.ts";
import type { DeviceFacts } from "./picture.ts";

/** The ids of nodes, boxes and edges that were not there before, or were drawn or said otherwise. */
export function changedIds(before: Graph, now: Graph): ReadonlySet<string> {
  const changed = new Set<string>();
  for (const part of ["nodes", "boxes"] as const) {
    const old = new Map(before[part].map((each) => [each.id, each.facts.join()]));
    for (const { id, facts } of now[part]) if (old.get(id) !== facts.join()) changed.add(id);
  }
  // A context that becomes a box has been there before.
  const all = new Map([...before.nodes, ...before.boxes].map((each) => [each.id, each.facts.join()]));
  for (const { id, facts } of [...now.nodes, ...now.boxes])
    if (all.get(id) === facts.join()) changed.delete(id);
  const edges = new Set(before.edges.map(({ id, kind }) => `${kind} ${id}`));
  for (const { id, kind } of now.edges) if (!edges.has(`${kind} ${id}`)) changed.add(id);
  return changed;
}

export function changedFacts(
  before: Graph["devices"],
  now: Graph["devices"][number],
): DeviceFacts["changed"] {
  const old = before.find(({ device }) => device === now.device);
  if (old === undefined) return [];
  return [
    ...(old.accessible.join() === now.accessible.join() ? [] : (["accessible"] as const)),
    ...(old.owner === now.owner ? [] : (["owner"] as const)),
    ...(old.dma === now.dma ? [] : (["dma"] as const)),
  ];
}

/** One sentence for each thing that came or went, and for each fact of a device that is another one. */
export function changesBetween(before: Graph, now: Graph): string[] {
  return [...thingsBetween(before, now), ...devicesBetween(before, now)];
}

function thingsBetween(before: Graph, now: Graph): string[] {
  const said = (graph: Graph): Map<string, { name: string; note: string; kind: string; facts: string }> =>
    new Map(
      [...graph.nodes, ...graph.boxes]
        .filter(({ kind }) => kind !== "target")
        .map(({ id, name, note, kind, facts }) => [id, { name, note, kind, facts: facts.join(", ") }]),
    );
  const [old, fresh] = [said(before), said(now)];
  const sentences: string[] = [];
  for (const [id, { name, note, facts }] of fresh) {
    const known = old.get(id);
    if (known === undefined) sentences.push(`${name} (${note}) is new`);
    else if (known.facts !== facts) sentences.push(`${name} is ${facts === "" ? "as at boot" : facts} now`);
  }
  for (const [id, { name, note }] of old) if (!fresh.has(id)) sentences.push(`${name} (${note}) is gone`);
  return sentences;
}

function devicesBetween(before: Graph, now: Graph): string[] {
  return now.devices.flatMap((device) => {
    const old = before.devices.find((other) => other.device === device.device);
    if (old === undefined) return [];
    const { device: name, accessible, owner, dma } = device;
    return changedFacts(before.devices, device).flatMap((fact): string[] => {
      switch (fact) {
        case "accessible": {
          const gained = accessible.filter((task) => !old.accessible.includes(task));
          const lost = old.accessible.filter((task) => !accessible.includes(task));
          return [
            ...gained.map((task) => `${task} can access ${name} now`),
            ...lost.map((task) => `${task} can no longer access ${name}`),
          ];
        }
        case "owner":
          return [
            owner === "-" ? `${name} no longer belongs to ${old.owner}` : `${name} belongs to ${owner} now`,
          ];
        case "dma":
          return [
            `DMA of ${name} ${dma === "blocked" ? "is blocked" : `goes to ${dma}`} now (was ${old.dma})`,
          ];
        default:
          return fact satisfies never;
      }
    });
  });
}
