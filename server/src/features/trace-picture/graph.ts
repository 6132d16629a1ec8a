// A state as nodes, boxes and edges. Derived from the kinds and roles of the proposal, their fields and the
// observables of core; it must not know any proposal, kind or field of one by name.

import { deviceStates, observe } from "../../analysis/traces.ts";
import { nameOf, showValue } from "../../engine/render.ts";
import type { Run } from "../../engine/run.ts";
import { taskRef, type World } from "../../engine/world.ts";
import { holds } from "../../model/evaluate.ts";
import { column, isAlive, kindAt, read, writerOf } from "../../model/machine.ts";
import { type Field, HARDWARE, type Kind } from "../../model/system.ts";
import { indexOf, kindOf, NONE, reference } from "../../model/values.ts";
import type { DeviceFacts, PictureBox, PictureEdge, PictureNode } from "./picture.ts";

/** Without what compares it with another state. */
export interface Graph {
  readonly nodes: readonly Part<PictureNode>[];
  readonly boxes: readonly Part<PictureBox>[];
  readonly edges: readonly Omit<PictureEdge, "changed" | "broken">[];
  readonly devices: readonly Omit<DeviceFacts, "changed" | "broken">[];
}

/** `made`: the step (see World) that made it; `ref`: what it stands for, a symbol for targets of DMA. */
export type Part<T> = Omit<T, "changed" | "broken" | "place"> & {
  readonly ref: number;
  readonly made: number;
};

type Draft = { nodes: Part<PictureNode>[]; boxes: Part<PictureBox>[]; edges: Graph["edges"][number][] };

/** What core's words for targets that are no address space mean. */
const targetNotes: Readonly<Record<string, string>> = { host: "the host's memory", blocked: "no DMA at all" };

export function graphOf(run: Run): Graph {
  const { world } = run;
  const draft: Draft = { nodes: [], boxes: [], edges: [] };
  const { machine, system } = world;
  const contexts = new Set(system.roles.get("context") ?? []);
  const spaces = new Set(system.roles.get("address_space") ?? []);

  machine.tasks.forEach((name, index) => {
    const ref = taskRef(index);
    const facts = factsOf(world, ref);
    draft.nodes.push({ ...node(world, ref), kind: "task", name, note: "task", facts, box: null });
  });
  for (const ref of alive(world, HARDWARE.group)) {
    const behind = fieldTo(world, ref, HARDWARE.iommu);
    const note = behind === NONE ? "behind no IOMMU" : `behind ${nameOf(world, behind)}`;
    const facts = factsOf(world, ref);
    draft.boxes.push({
      ...node(world, ref),
      kind: "group",
      name: `group ${nameOf(world, ref)}`,
      note,
      facts,
    });
  }
  for (const kind of system.kinds) {
    if (kind.sort === "hardware") continue;
    for (const ref of alive(world, kind.id)) {
      if (contexts.has(kind.id)) addContext(world, draft, ref, spaces);
      else if (spaces.has(kind.id)) addSpace(world, draft, ref, contexts);
      else if (kind.sort === "fd") addFile(world, draft, ref);
    }
  }
  for (const ref of alive(world, HARDWARE.device)) addDevice(world, draft, ref);
  for (const ref of spacesIn(world, spaces)) addNesting(world, draft, ref, spaces);
  addAccess(world, draft);
  addOwners(world, draft);
  return { ...draft, devices: deviceStates(run) };
}

/** The id of what stands for a thing: a thing that comes later in the same place has another one. */
function idOf(world: World, ref: number): string {
  const kind = kindAt(world.machine, kindOf(ref));
  const id = `${kind.name}-${indexOf(ref)}`;
  return kind.sort === "hardware" ? id : `${id}-${writerOf(world.machine, kind.alive, indexOf(ref))}`;
}

const idOfTarget = (name: string): string => `target-${name}`;

function node(world: World, ref: number): { id: string; ref: number; made: number } {
  const kind = kindAt(world.machine, kindOf(ref));
  const made = kind.sort === "hardware" ? 0 : writerOf(world.machine, kind.alive, indexOf(ref));
  return { id: idOf(world, ref), ref, made };
}

function alive(world: World, kind: number): number[] {
  const living = column(world.machine, kindAt(world.machine, kind).alive);
  return living.flatMap((is, index) => (is === 1 ? [reference(kind, index)] : []));
}

const isShown = (world: World, ref: number): boolean =>
  ref >= 0 && isAlive(world.machine, kindOf(ref), indexOf(ref));

const spacesIn = (world: World, spaces: ReadonlySet<number>): number[] =>
  [...spaces].flatMap((kind) => alive(world, kind));

function fieldsOf(world: World, kind: Kind): Field[] {
  return kind.fields.flatMap((id) => world.system.fields[id] ?? []);
}

const cellOf = (world: World, ref: number, field: Field): number =>
  read(world.machine, field.id, indexOf(ref));

/** Does the field hold things of this kind, and nothing else? */
const isAbout = ({ type }: Field, kind: number): boolean =>
  type.base === "value" && type.names.length === 0 && type.kinds.length === 1 && type.kinds[0] === kind;

/** What the first field that holds things of `kind` holds, or none. */
function fieldTo(world: World, ref: number, kind: number): number {
  const field = fieldsOf(world, kindAt(world.machine, kindOf(ref))).find((each) => isAbout(each, kind));
  return field === undefined ? NONE : cellOf(world, ref, field);
}

/** What is not as usual: flags by their name, the rest with its value. References are drawn, not told. */
function factsOf(world: World, ref: number): string[] {
  const kind = kindAt(world.machine, kindOf(ref));
  return fieldsOf(world, kind).flatMap((field): string[] => {
    const value = cellOf(world, ref, field);
    const { base, kinds } = field.type;
    if (value === field.initial || (base === "value" && kinds.length > 0) || base === "set") return [];
    const name = field.name.replaceAll("_", " ");
    if (base === "bool") return [value === 1 ? name : `not ${name}`];
    if (base === "unknown") return [];
    const type = base === "int" || base === "range" ? base : "name";
    return [`${name} ${showValue(world, value, type)}`];
  });
}

/** The tasks that have a file open. */
function openIn(world: World, ref: number): string[] {
  const { tasks } = world.machine;
  const names = tasks.filter((_, index) => holds(world.machine, taskRef(index), ref));
  return [names.length === 0 ? "open nowhere, still in use" : `open in ${names.join(", ")}`];
}

const isHeld = (world: World, ref: number): boolean =>
  world.machine.tasks.some((_, index) => holds(world.machine, taskRef(index), ref));

const noteOf = (world: World, ref: number): string =>
  kindAt(world.machine, kindOf(ref)).name.replaceAll("_", " ");

function sharedOf(world: World, ref: number): { facts: string[]; note: string; name: string } {
  return { name: nameOf(world, ref), note: noteOf(world, ref), facts: factsOf(world, ref) };
}

// ---------------------------------------------------------------- contexts and address spaces

/** A context is a box around its address spaces; a node while it has none, or when it is one itself. */
function addContext(world: World, draft: Draft, ref: number, spaces: ReadonlySet<number>): void {
  const isFile = kindAt(world.machine, kindOf(ref)).sort === "fd";
  const facts = [...(isFile ? openIn(world, ref) : []), ...factsOf(world, ref)];
  const shared = { ...node(world, ref), ...sharedOf(world, ref), facts };
  const isSpace = spaces.has(kindOf(ref));
  const hasOwn = spacesIn(world, spaces).some(
    (space) => contextOf(world, space, new Set([kindOf(ref)])) === ref,
  );
  if (hasOwn && !isSpace) draft.boxes.push({ ...shared, kind: "context" });
  else draft.nodes.push({ ...shared, kind: isSpace ? "space" : "context", box: null });
}

/** The context that a thing lives in, however deep. */
function contextOf(world: World, ref: number, contexts: ReadonlySet<number>): number {
  for (let at = ref; at >= 0; ) {
    const { ownerField } = kindAt(world.machine, kindOf(at));
    at = ownerField === -1 ? NONE : read(world.machine, ownerField, indexOf(at));
    if (at >= 0 && contexts.has(kindOf(at))) return at;
  }
  return NONE;
}

function addSpace(world: World, draft: Draft, ref: number, contexts: ReadonlySet<number>): void {
  const context = contextOf(world, ref, contexts);
  const isSpaceItself =
    context !== NONE && (world.system.roles.get("address_space") ?? []).includes(kindOf(context));
  const box = context === NONE || isSpaceItself ? null : idOf(world, context);
  draft.nodes.push({ ...node(world, ref), ...sharedOf(world, ref), kind: "space", box });
  if (isSpaceItself) inside(world, draft, ref, context, "in");
}

/** Address spaces that refer to others lie on or in them. */
function addNesting(world: World, draft: Draft, ref: number, spaces: ReadonlySet<number>): void {
  const kind = kindAt(world.machine, kindOf(ref));
  for (const field of fieldsOf(world, kind)) {
    const { type, name, id } = field;
    if (id === kind.ownerField || type.base !== "value" || type.kinds.length === 0) continue;
    if (!type.kinds.every((other) => spaces.has(other))) continue;
    const outer = cellOf(world, ref, field);
    if (isShown(world, outer)) inside(world, draft, ref, outer, name.replaceAll("_", " "));
  }
}

function inside(world: World, draft: Draft, ref: number, outer: number, label: string): void {
  draft.edges.push({
    id: `in-${label}-${idOf(world, ref)}-${idOf(world, outer)}`,
    ...{ kind: "in", from: idOf(world, ref), to: idOf(world, outer), label },
    says: `the ${label === "in" ? "address space" : label} of ${nameOf(world, ref)} is ${nameOf(world, outer)}`,
  });
}

// ---------------------------------------------------------------- files and who holds them

/** The group that a file belongs to: its own, or that of its device. */
function groupOf(world: World, ref: number): number {
  const own = fieldTo(world, ref, HARDWARE.group);
  if (own !== NONE) return own;
  const device = fieldTo(world, ref, HARDWARE.device);
  return device === NONE ? NONE : fieldTo(world, device, HARDWARE.group);
}

function addFile(world: World, draft: Draft, ref: number): void {
  const { machine } = world;
  const group = groupOf(world, ref);
  const box = group === NONE ? null : idOf(world, group);
  const shared = sharedOf(world, ref);
  const facts = [...(isHeld(world, ref) ? [] : openIn(world, ref)), ...shared.facts];
  draft.nodes.push({ ...node(world, ref), ...shared, facts, kind: "file", box });
  machine.tasks.forEach((task, index) => {
    if (!holds(machine, taskRef(index), ref)) return;
    const [from, to] = [idOf(world, taskRef(index)), idOf(world, ref)];
    const says = `${task} has ${shared.name} open`;
    draft.edges.push({ id: `holds-${from}-${to}`, kind: "holds", from, to, label: "", says });
  });
  const device = fieldTo(world, ref, HARDWARE.device);
  if (device === NONE) return;
  const [from, to, name] = [idOf(world, ref), idOf(world, device), nameOf(world, device)];
  const can = observe(world, "may_access", [ref]) === 1;
  draft.edges.push({
    id: `file-${from}-${to}`,
    ...(can
      ? {
          kind: "access",
          label: "registers",
          says: `${shared.name} gives access to the registers of ${name}`,
        }
      : { kind: "opened", label: "no access", says: `${shared.name} gives no access to ${name}` }),
    ...{ from, to },
  });
}

/** Access that goes through no file that the task holds: through what is left in its memory. */
function addAccess(world: World, draft: Draft): void {
  const { machine, system } = world;
  const files = system.kinds.filter(({ sort }) => sort === "fd").flatMap(({ id }) => alive(world, id));
  for (const device of alive(world, HARDWARE.device)) {
    const own = files.filter((file) => fieldTo(world, file, HARDWARE.device) === device);
    machine.tasks.forEach((task, index) => {
      const who = taskRef(index);
      if (observe(world, "accessible", [device, who]) !== 1) return;
      const byFile = own.some(
        (file) => holds(machine, who, file) && observe(world, "may_access", [file]) === 1,
      );
      if (byFile) return;
      const [from, to] = [idOf(world, who), idOf(world, device)];
      const left = objectsBetween(world, who, own);
      const label = left.length === 0 ? "registers" : left.join(", ");
      const says = `${task} can access the registers of ${nameOf(world, device)} through ${left.length === 0 ? "no file" : label}`;
      draft.edges.push({ id: `access-${from}-${to}`, kind: "access", from, to, label, says });
    });
  }
}

/** Names of objects that belong to a task and to one of the files. */
function objectsBetween(world: World, task: number, files: readonly number[]): string[] {
  return world.system.kinds.flatMap((kind): string[] => {
    if (kind.sort !== "object") return [];
    const fields = fieldsOf(world, kind);
    return alive(world, kind.id)
      .filter((ref) => {
        const values = fields.map((field) => cellOf(world, ref, field));
        return values.includes(task) && files.some((file) => values.includes(file));
      })
      .map((ref) => nameOf(world, ref));
  });
}

// ---------------------------------------------------------------- devices: where DMA goes, and whose they are

function addDevice(world: World, draft: Draft, ref: number): void {
  const name = nameOf(world, ref);
  const group = fieldTo(world, ref, HARDWARE.group);
  const facts = factsOf(world, ref);
  const driver = facts.find((fact) => fact.startsWith("driver "));
  draft.nodes.push({
    ...node(world, ref),
    ...{ kind: "device", name, note: driver === undefined ? "no driver" : driver.slice("driver ".length) },
    facts: facts.filter((fact) => fact !== driver),
    box: group === NONE ? null : idOf(world, group),
  });
  const target = observe(world, "dma", [ref]);
  if (target === null || target === NONE) return;
  const [from, to] = [idOf(world, ref), targetId(world, draft, target)];
  if (to === null) return;
  const label = showValue(world, target, "name");
  const says =
    label === "blocked" && target < 0 ? `DMA of ${name} is blocked` : `DMA of ${name} goes to ${label}`;
  draft.edges.push({ id: `dma-${from}-${to}`, kind: "dma", from, to, label: "DMA", says });
}

/** The node that DMA goes to, or null when that is gone. */
function targetId(world: World, draft: Draft, target: number): string | null {
  if (target >= 0) return isShown(world, target) ? idOf(world, target) : null;
  const name = showValue(world, target, "name");
  const id = idOfTarget(name);
  if (!draft.nodes.some((each) => each.id === id)) {
    const note = targetNotes[name] ?? "";
    draft.nodes.push({ ...{ id, kind: "target", name, note, facts: [] }, box: null, ref: target, made: 0 });
  }
  return id;
}

/** One edge for a group when all its devices have the same owner, else one for each device. */
function addOwners(world: World, draft: Draft): void {
  const all = alive(world, HARDWARE.device);
  const groups = new Set(all.map((device) => fieldTo(world, device, HARDWARE.group)));
  for (const group of groups) {
    const devices = all.filter((device) => fieldTo(world, device, HARDWARE.group) === group);
    const owners = devices.map((device) => observe(world, "owner", [device]) ?? NONE);
    const [first = NONE] = owners;
    if (group !== NONE && owners.every((owner) => owner === first)) {
      addOwner(world, draft, group, `group ${nameOf(world, group)}`, first);
    } else {
      devices.forEach((device, index) => {
        addOwner(world, draft, device, nameOf(world, device), owners[index] ?? NONE);
      });
    }
  }
}

function addOwner(world: World, draft: Draft, what: number, name: string, owner: number): void {
  if (!isShown(world, owner)) return;
  const [from, to] = [idOf(world, what), idOf(world, owner)];
  const says = `${name} belongs to ${nameOf(world, owner)}`;
  draft.edges.push({ id: `owner-${from}-${to}`, kind: "owner", from, to, label: "owner", says });
}
