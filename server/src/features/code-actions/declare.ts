// Declares what a scenario uses and no topology has: a device, a group, or the whole topology.

import type { PlacedScenario, View } from "../../analysis/view.ts";
import { scenarioAt } from "../../analysis/view.ts";
import type { Finding } from "../../base/finding.ts";
import { HARDWARE, type OpenPath, type System } from "../../model/system.ts";
import { NONE } from "../../model/values.ts";
import type { DeviceEntry, GroupEntry, IommuEntry, TopologyDeclaration } from "../../syntax/ast.ts";
import { type Edit, itemStarts, textIn } from "../../syntax/document.ts";
import { inside } from "../repair/expressions.ts";
import { isGood } from "../repair/verify.ts";
import { leafAt, stepAt } from "../trial.ts";
import { type Action, type Ask, quickFix } from "./action.ts";

export function declareActions(ask: Ask): readonly Action[] {
  const { view, findings } = ask;
  return findings.flatMap((finding): Action[] => {
    const found =
      finding.code === "unknown-topology" || finding.code === "no-topology"
        ? topologyFor(view, finding)
        : finding.code === "unknown-name"
          ? deviceFor(view, finding)
          : finding.code === "errno"
            ? groupFor(view, finding)
            : null;
    if (found === null || !isGood(view, [found.edit], [finding])) return [];
    // It makes up what nobody said, so that it is for the author to look at.
    return [quickFix(found.title, [found.edit], [finding])];
  });
}

interface Declaring {
  readonly title: string;
  readonly edit: Edit;
}

const deviceEntry = (name: string, driver: string | null): string =>
  `device ${name}${driver === null ? "" : ` driver ${driver}`}`;

/** The first driver that the proposal itself speaks of, in a define that tells drivers apart. */
function usualDriver({ defines, values }: System): string | null {
  for (const { params, body } of defines) {
    if (params[0]?.name !== "driver" || body?.op !== "in" || body.set.set !== "listed") continue;
    const [first] = body.set.elements;
    if (first?.op === "const" && first.value < NONE) return values.symbolText(first.value);
  }
  return null;
}

// ---------------------------------------------------------------- a device

/** A name where a device is wanted. */
function deviceFor(view: View, finding: Finding): Declaring | null {
  const name = textIn(view.document, finding.start, finding.end);
  const scenario = scenarioAt(view, finding.start);
  const system = scenario?.run?.world.system;
  if (scenario === null || system === undefined || !/^[A-Za-z_]\w*$/.test(name)) return null;
  if (!wantsDevice(view, finding, system)) return null;
  const topology = topologyOf(view, scenario);
  const group = topology?.groups.at(-1);
  const sibling = group?.devices.at(-1);
  if (topology === null || group === undefined || sibling === undefined) return null;
  const entry = deviceEntry(name, sibling.driver?.text ?? usualDriver(system));
  return {
    title: `declare device \`${name}\` in group ${group.name} of ${topology.name}`,
    edit: behind(view, topology.start + sibling.start, topology.start + sibling.end, entry),
  };
}

function wantsDevice(view: View, { start }: Finding, system: System): boolean {
  const place = stepAt(view, start);
  const leaf = place === null ? null : leafAt(place, start);
  if (place === null || leaf?.node.kind !== "step") return false;
  const at = start - place.start;
  return inside(leaf.node.value).calls.some(({ callee, args }) =>
    args.some(({ name, value }, i) => {
      if (value.start !== at) return false;
      const params = system.operations.get(callee.text)?.params;
      const param = name === null ? params?.[i] : params?.find((each) => each.name === name.text);
      return param?.type.kinds.includes(HARDWARE.device) === true;
    }),
  );
}

// ---------------------------------------------------------------- a group

/** A path that only lacks its group or device. */
function groupFor(view: View, finding: Finding): Declaring | null {
  const path = /^there is no "([^"]+)" under /.exec(finding.label ?? "")?.[1];
  const scenario = scenarioAt(view, finding.start);
  const world = scenario?.run?.world;
  if (path === undefined || scenario === null || world === undefined) return null;
  const topology = topologyOf(view, scenario);
  const last = topology?.groups.at(-1);
  if (topology === null || last === undefined) return null;
  const hole = holesIn(world.system, path)[0];
  if (hole === undefined) return null;
  const group = hole.kind === HARDWARE.group ? hole.name : null;
  const iommu = topology.iommus[0];
  const numbers = new Set(topology.groups.map(({ name }) => name));
  const fresh = group ?? String(firstFree(numbers));
  const devices = new Set(topology.groups.flatMap((each) => each.devices.map(({ name }) => name.text)));
  const device =
    group === null
      ? hole.name
      : `nic${firstFree(new Set([...devices].map((each) => each.replace("nic", ""))), 0)}`;
  if (numbers.has(fresh) || devices.has(device)) return null;
  const entry = `group ${fresh}${iommu === undefined ? "" : ` behind ${iommu}`} { ${deviceEntry(device, usualDriver(world.system))} }`;
  const what = group === null ? `device \`${device}\`` : `group ${fresh}`;
  return {
    title: `declare ${what} in ${topology.name}`,
    edit: behind(view, topology.start + last.start, topology.start + last.end, entry),
  };
}

const firstFree = (taken: ReadonlySet<string>, from = 1): number => {
  let number = from;
  while (taken.has(String(number))) number++;
  return number;
};

/** What would have to be called how for the path to be there. */
function holesIn({ kinds }: System, path: string): { readonly kind: number; readonly name: string }[] {
  return kinds.flatMap(({ path: pattern }) => {
    const name = pattern === null ? null : filled(pattern, path);
    return name === null || pattern?.hole === null || pattern === null
      ? []
      : [{ kind: pattern.hole.kind, name }];
  });
}

function filled({ prefix, suffix, hole }: OpenPath, path: string): string | null {
  if (hole === null || hole.by !== -1 || !path.startsWith(prefix) || !path.endsWith(suffix)) return null;
  const name = path.slice(prefix.length, path.length - suffix.length);
  return /^\w+$/.test(name) ? name : null;
}

// ---------------------------------------------------------------- a topology

/** With the groups and devices that the scenario speaks of. */
function topologyFor(view: View, finding: Finding): Declaring | null {
  const scenario = scenarioAt(view, finding.start);
  if (scenario === null) return null;
  const name = scenario.declaration.topology?.text ?? "machine";
  if (!/^\w+$/.test(name) || finding.message.includes("could run on")) return null;
  const system = systemOf(view, scenario);
  const text = textIn(view.document, scenario.start, scenario.start + scenario.item.length);
  const groups: string[] = [];
  const devices: string[] = [];
  for (const [, path = ""] of text.matchAll(/"([^"\n]+)"/g)) {
    for (const hole of system === null ? [] : holesIn(system, path)) {
      const into = hole.kind === HARDWARE.group ? groups : hole.kind === HARDWARE.device ? devices : null;
      if (into !== null && !into.includes(hole.name)) into.push(hole.name);
    }
  }
  for (const device of system === null ? [] : devicesPassed(scenario, system))
    if (!devices.includes(device)) devices.push(device);
  if (devices.length === 0) devices.push("nic0");
  if (groups.length === 0) groups.push("1");
  const driver = system === null ? null : usualDriver(system);
  const lineBreak = /\r\n|\r|\n/.exec(view.document.text)?.[0] ?? "\n";
  const lines = [
    `topology ${name} {`,
    "  iommu vtd",
    // The devices are told to be peers: that is what most scenarios are about.
    ...groups.flatMap((group, i) => [
      `  group ${group} behind vtd {`,
      ...(i === 0 ? devices : [`peer${i}`]).map((device) => `    ${deviceEntry(device, driver)}`),
      "  }",
    ]),
    "}",
    "",
  ];
  const start = scenario.start + startOfDeclaration(scenario, view);
  return {
    title: `declare topology \`${name}\``,
    edit: { start, end: start, text: lines.map((line) => line + lineBreak).join("") },
  };
}

/** The line of the scenario's first word, or of the comment right above it. */
function startOfDeclaration({ start, declaration }: PlacedScenario, { document }: View): number {
  const before = textIn(document, start, start + declaration.start);
  const comment = /(?:^|[\r\n])((?:[ \t]*\/\/[^\r\n]*(?:\r\n|\r|\n))*)[ \t]*$/.exec(before);
  return declaration.start - (comment?.[1]?.length ?? 0);
}

function systemOf(view: View, { declaration }: PlacedScenario): System | null {
  const name = declaration.proposal?.text ?? [...view.visible.candidates][0];
  const link = name === undefined ? undefined : view.visible.proposals.get(name);
  return link === undefined ? null : view.work.proposals.compiled(view.work.texts, link).system;
}

function devicesPassed({ item }: PlacedScenario, system: System): string[] {
  const found: string[] = [];
  for (const { node } of item.rows ?? []) {
    if (node?.kind !== "step") continue;
    for (const { callee, args } of inside(node.value).calls) {
      const params = system.operations.get(callee.text)?.params ?? [];
      args.forEach(({ name, value }, i) => {
        const param = name === null ? params[i] : params.find((each) => each.name === name.text);
        if (value.kind === "name" && param?.type.kinds.includes(HARDWARE.device) === true)
          found.push(value.text);
      });
    }
  }
  return found;
}

// ---------------------------------------------------------------- topologies of this file

interface GroupHere {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly devices: readonly DeviceEntry[];
}

interface TopologyHere {
  readonly name: string;
  /** Where the item starts: spans of its entries are relative to that. */
  readonly start: number;
  readonly iommus: readonly string[];
  readonly groups: readonly GroupHere[];
}

/** The topology that a scenario runs on, if this file declares it. */
function topologyOf(view: View, { run }: PlacedScenario): TopologyHere | null {
  const name = run?.world.machine.topology.name;
  const placed = name === undefined ? undefined : view.visible.topologies.get(name);
  if (name === undefined || placed === undefined || placed.origin.uri !== view.uri) return null;
  const index = view.document.items.findIndex(({ id }) => id === placed.origin.item);
  const start = itemStarts(view.document)[index];
  return start === undefined ? null : { name, start, ...entriesOf(placed.declaration) };
}

function entriesOf({ body }: TopologyDeclaration): Pick<TopologyHere, "iommus" | "groups"> {
  const iommus = body.filter((each): each is IommuEntry => each.kind === "iommu");
  const groups = body.filter((each): each is GroupEntry => each.kind === "group");
  return {
    iommus: iommus.map(({ name }) => name.text),
    groups: groups.map(({ name, start, end, body: inner }) => ({
      name: name.text,
      start,
      end,
      devices: inner.filter((each): each is DeviceEntry => each.kind === "device"),
    })),
  };
}

/** An entry on a line of its own behind another, or beside it where that shares its line. */
function behind({ document }: View, start: number, end: number, entry: string): Edit {
  const before = textIn(document, Math.max(0, start - 200), start);
  const indent = /(?:^|[\r\n])([ \t]*)$/.exec(before)?.[1];
  const lineBreak = /\r\n|\r|\n/.exec(document.text)?.[0] ?? "\n";
  const comment = /^[^\r\n]*/.exec(textIn(document, end, end + 200))?.[0] ?? "";
  if (indent === undefined || !/^\s*(?:\/\/.*)?$/.test(comment))
    return { start: end, end, text: `  ${entry}` };
  const at = end + comment.length;
  return { start: at, end: at, text: `${lineBreak}${indent}${entry}` };
}
