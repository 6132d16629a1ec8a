// The symbol index of a scenario. Its names are resolved as the engine does, but from the text alone: the state is not
// asked, so that a step that cannot run has its symbols too. Rows are visited in order, for names get their kinds so.

import { chooseProposal, chooseTopology } from "../../analysis/runs.ts";
import type { View } from "../../analysis/session.ts";
import type { Site } from "../../model/ir.ts";
import type { System } from "../../model/system.ts";
import { type Origin, siteOf } from "../../semantics/context.ts";
import type { PlacedTopology } from "../../semantics/link.ts";
import { layOut, resolveTopology } from "../../semantics/topology.ts";
import type { Expression, Name, ScenarioDeclaration, Step } from "../../syntax/ast.ts";
import type { Item } from "../../syntax/document.ts";
import { type ItemIndex, type Occurrence, occurrence, sorted } from "./names.ts";
import { type ProposalIndex, proposalIndex, proposalKey } from "./proposal.ts";
import { rowsOfItem } from "./rows.ts";
import { createReader, type Machine, type Reader } from "./steps.ts";
import { hardwareSites, topologyKey } from "./topology.ts";

interface Known {
  readonly system: System | null;
  readonly topology: PlacedTopology["declaration"] | null;
  readonly index: ItemIndex;
}

const known = new WeakMap<Item, Known>();

export function scenarioIndex(view: View, item: Item, node: ScenarioDeclaration): ItemIndex {
  const origin = { uri: view.uri, item: item.id };
  const link = chooseProposal(view.visible, node, origin);
  const topology = chooseTopology(view.visible, node, origin);
  const proposal = "code" in link ? null : proposalIndex(view.work, link);
  const placed = "code" in topology ? null : topology;
  const before = known.get(item);
  if (before?.system === (proposal?.system ?? null) && before.topology === (placed?.declaration ?? null))
    return before.index;
  const head: Occurrence[] = [];
  if (node.proposal !== null && !("code" in link))
    head.push(occurrence(node.proposal, { key: proposalKey(link), role: "proposal" }));
  if (node.topology !== null && placed !== null)
    head.push(occurrence(node.topology, { key: topologyKey(placed), role: "topology" }));
  const name = { key: `${view.uri}#${item.id}|scenario`, role: "scenario" as const };
  head.push({ ...occurrence(node.name, name, "declare"), spelled: false });
  const index = build(item, origin, proposal, placed, head);
  known.set(item, { system: proposal?.system ?? null, topology: placed?.declaration ?? null, index });
  return index;
}

function build(
  item: Item,
  origin: Origin,
  proposal: ProposalIndex | null,
  placed: PlacedTopology | null,
  out: Occurrence[],
): ItemIndex {
  const steps = [...rowsOfItem(item)].flatMap(({ row, start }) =>
    row.node === null ? [] : [{ node: row.node, shift: start }],
  );
  const reader = createReader({
    origin,
    out,
    proposal,
    machine: proposal === null || placed === null ? null : machineOf(proposal.system, placed),
    handles: handlesIn(steps.map(({ node }) => node)),
    tasks: tasksIn(steps.map(({ node }) => node)),
  });
  for (const { node, shift } of steps) {
    reader.shift = shift;
    visit(reader, node);
  }
  const occurrences = sorted(reader.finished());
  const own = new Map<string, Site[]>();
  for (const { key, access, start, end } of occurrences) {
    if (access !== "declare") continue;
    const sites = own.get(key) ?? [];
    sites.push(siteOf(origin, { start, end }));
    own.set(key, sites);
  }
  return {
    occurrences,
    declared(key) {
      const here = own.get(key);
      if (here !== undefined) return here;
      const hardware = placed === null ? [] : hardwareSites(placed, key);
      return hardware.length > 0 ? hardware : (proposal?.declared(key) ?? []);
    },
    typeOf: (key) => reader.typesOf(key),
  };
}

const machines = new WeakMap<System, WeakMap<PlacedTopology["declaration"], Machine>>();

function machineOf(system: System, placed: PlacedTopology): Machine {
  const { declaration, origin } = placed;
  const ofSystem = machines.get(system) ?? new WeakMap<PlacedTopology["declaration"], Machine>();
  machines.set(system, ofSystem);
  const before = ofSystem.get(declaration);
  if (before !== undefined) return before;
  const { topology } = resolveTopology(system, declaration, origin, layOut(declaration, origin));
  const machine = { placed, topology };
  ofSystem.set(declaration, machine);
  return machine;
}

function visit(reader: Reader, node: Step): void {
  switch (node.kind) {
    case "error":
      return;
    case "assert":
      reader.expression(node.condition);
      return;
    case "parallel":
      return node.body.forEach((step) => {
        visit(reader, step);
      });
    case "task":
      reader.task(node);
      return node.body.forEach((step) => {
        visit(reader, step);
      });
    case "step":
      reader.step(node);
      return;
    default:
      node satisfies never;
  }
}

/** Every name that some step gives, structs included. */
function handlesIn(steps: readonly Step[]): Set<string> {
  const names = new Set<string>();
  const look = (step: Step): void => {
    if (step.kind === "task" || step.kind === "parallel") return step.body.forEach(look);
    const target: Expression | null = step.kind === "step" ? step.target : null;
    const name = target === null ? null : rootOf(target);
    if (name !== null) names.add(name.text);
  };
  steps.forEach(look);
  return names;
}

function rootOf(node: Expression): Name | null {
  return node.kind === "name" ? node : node.kind === "field" ? rootOf(node.target) : null;
}

function tasksIn(steps: readonly Step[]): Set<string> {
  const names = new Set(["main"]);
  const look = (step: Step): void => {
    if (step.kind === "task") names.add(step.name.text);
    if (step.kind === "task" || step.kind === "parallel") step.body.forEach(look);
  };
  steps.forEach(look);
  return names;
}
