// The hover of what a script or a topology names: what it is, and its state at this point.

import type { View } from "../../analysis/session.ts";
import { deviceStates } from "../../analysis/traces.ts";
import { nameOf, showValue } from "../../engine/render.ts";
import type { Run } from "../../engine/run.ts";
import { type Handle, isLive, type World } from "../../engine/world.ts";
import type { ValueType } from "../../model/ir.ts";
import { column, kindAt } from "../../model/machine.ts";
import { type Field, HARDWARE, type Type } from "../../model/system.ts";
import { indexOf, kindOf, NONE, reference } from "../../model/values.ts";
import { docParts, linkTo } from "../declared.ts";
import { code, type Inline, listOf, type Markup, strong, text, uapi } from "../markup.ts";

const valueTypeOf = ({ base }: Type): ValueType =>
  base === "bool" || base === "int" || base === "range" || base === "set" ? base : "name";

/** `none` where an int has no value. */
export function shownCell(world: World, field: Field, index: number): string {
  const value = column(world.machine, field.id)[index] ?? NONE;
  if (value === NONE && field.type.optional) return "none";
  if (field.type.element?.base === "range") {
    const ranges = world.system.values.setOf(value).map((range) => showValue(world, range, "range"));
    return `{${ranges.join(", ")}}`;
  }
  const shown = showValue(world, value, valueTypeOf(field.type));
  return shown === "" ? '""' : shown;
}

const fieldsOf = (world: World, kind: number): Field[] =>
  kindAt(world.machine, kind).fields.flatMap((id) => world.system.fields[id] ?? []);

export function handleMarkup(view: View, run: Run, name: string, handle: Handle): Markup {
  const { world } = run;
  switch (handle.is) {
    case "thing":
      return kindOf(handle.ref) <= HARDWARE.task
        ? hardwareMarkup(run, handle.ref)
        : thingMarkup(view, run, name, handle);
    case "number":
      return [uapi(`${name} = ${handle.value}`), text("a number")];
    case "text":
      return [uapi(`${name} = "${handle.text}"`)];
    case "range":
      return [uapi(`${name} = ${showValue(world, handle.value, "range")}`), text("a range")];
    case "set":
      return [uapi(name), text(`a set of ${handle.elements.length}`)];
    case "struct": {
      const fields = [...handle.fields].map(([field, value]): Inline[] => [
        code(`.${field}`),
        ` = ${shownHandle(world, value)}`,
      ]);
      return [uapi(`struct ${name}`), ...listOf(fields)];
    }
    case "none":
      return [uapi(`${name} = none`)];
    case "nothing":
      return [uapi(name), text("the result of a call that returns nothing")];
    case "unknown":
      return [
        uapi(name),
        text(strong("unknown here"), ": the call that should have made it failed, or was not understood"),
      ];
    default:
      return handle satisfies never;
  }
}

export function shownHandle(world: World, handle: Handle): string {
  switch (handle.is) {
    case "thing":
      return nameOf(world, handle.ref, handle.born);
    case "number":
      return showValue(world, handle.value, "int");
    case "range":
      return showValue(world, handle.value, "range");
    case "text":
      return handle.text;
    case "set":
      return `{${handle.elements.map((element) => shownHandle(world, element)).join(", ")}}`;
    case "struct":
      return "a struct";
    default:
      return handle.is;
  }
}

function thingMarkup(view: View, run: Run, name: string, handle: Extract<Handle, { is: "thing" }>): Markup {
  const { world } = run;
  const { machine, system } = world;
  const kind = kindAt(machine, kindOf(handle.ref));
  const index = indexOf(handle.ref);
  const roles = kind.roles.length === 0 ? "" : ` is ${kind.roles.join(", ")}`;
  const number = handle.id === 0 ? "" : `, number ${handle.id}`;
  const head = uapi(`${name}: ${kind.name}${roles}`);
  const declared = kind.site === null ? [] : [text("declared in ", linkTo(view, kind.site))];
  const { text: doc } = docParts(kind.doc);
  if (!isLive(machine, handle)) {
    const gone = kind.sort === "fd" ? "closed here: nothing refers to it any more" : "gone here";
    return [head, text(strong(`${gone}${number}`)), ...doc.slice(0, 1), ...declared];
  }
  const holders = machine.tasks.filter(
    (_, task) => (((column(machine, kind.holders)[index] ?? 0) >> task) & 1) === 1,
  );
  const open =
    kind.sort !== "fd"
      ? `exists here${number}`
      : holders.length > 0
        ? `open here, in ${holders.join(", ")}`
        : "closed here, but still in use";
  const fields = fieldsOf(world, kind.id).map((field): Inline[] => [
    code(field.name),
    `: ${shownCell(world, field, index)}`,
  ]);
  const referring = system.fields.flatMap((field) =>
    !field.strong
      ? []
      : column(machine, field.id).flatMap((value, at) =>
          value === handle.ref ? [`${nameOf(world, reference(field.kind, at))}.${field.name}`] : [],
        ),
  );
  return [
    head,
    text(strong(open)),
    ...listOf([
      ...fields,
      ...(referring.length === 0 ? [] : [[`referred to by ${referring.slice(0, 6).join(", ")}`]]),
      ...usesOf(run, nameOf(world, handle.ref, handle.born)),
    ]),
    ...doc.slice(0, 1),
    ...declared,
  ];
}

/** What devices it owns, and whose DMA goes to it. */
function usesOf(run: Run, name: string): Inline[][] {
  const states = deviceStates(run);
  const owned = states.filter(({ owner }) => owner === name).map(({ device }) => device);
  const targets = states.filter(({ dma }) => dma === name).map(({ device }) => device);
  return [
    ...(owned.length === 0 ? [] : [[`owns ${owned.join(", ")}`]]),
    ...(targets.length === 0 ? [] : [[`DMA of ${targets.join(", ")} goes here`]]),
  ];
}

// ---------------------------------------------------------------- hardware

/** A device, group, iommu or task: the facts, and who can reach it. */
export function hardwareMarkup(run: Run, ref: number): Markup {
  const { world } = run;
  const name = nameOf(world, ref);
  switch (kindOf(ref)) {
    case HARDWARE.device:
      return deviceMarkup(run, ref, name);
    case HARDWARE.group: {
      const members = devicesOf(world, ref);
      return [
        uapi(`group ${name}`),
        text(
          strong(
            members.length === 1
              ? "one device"
              : `${members.length} devices that are not isolated from each other`,
          ),
          `: ${members.map((each) => nameOf(world, each)).join(", ") || "none"}`,
        ),
        ...listOf([...stateItems(run, members), factsItem(world, ref), ...iommuItem(world, ref)]),
      ];
    }
    case HARDWARE.iommu: {
      const groups = instances(world, HARDWARE.group).filter(
        (group) => cellOf(world, group, "iommu") === ref,
      );
      return [
        uapi(`iommu ${name}`),
        text(
          `in front of ${groups.map((group) => `group ${nameOf(world, group)}`).join(", ") || "no group"}`,
        ),
        ...listOf([factsItem(world, ref)]),
      ];
    }
    default:
      return [uapi(`task ${name}`), ...listOf([factsItem(world, ref)])];
  }
}

function deviceMarkup(run: Run, ref: number, name: string): Markup {
  const { world } = run;
  const group = cellOf(world, ref, "group");
  const peers = devicesOf(world, group).filter((peer) => peer !== ref);
  const address = [...world.machine.topology.addresses].find(([, index]) => index === indexOf(ref))?.[0];
  const isolation =
    peers.length === 0
      ? `alone in group ${nameOf(world, group)}`
      : `in group ${nameOf(world, group)} with ${peers.map((peer) => nameOf(world, peer)).join(", ")}`;
  return [
    uapi(`device ${name}${address === undefined ? "" : ` at "${address}"`}`),
    text(
      strong(group === NONE ? "in no group" : isolation),
      peers.length === 0 ? "" : ", which it is not isolated from",
    ),
    ...listOf([
      ...stateItems(run, [ref]),
      factsItem(world, ref),
      ...(group === NONE ? [] : [factsItem(world, group), ...iommuItem(world, group)]),
    ]),
  ];
}

/** Who reaches each of the devices, who owns it, where its DMA goes. */
function stateItems(run: Run, devices: readonly number[]): Inline[][] {
  const states = deviceStates(run);
  return devices.map((ref): Inline[] => {
    const state = states[indexOf(ref)];
    if (state === undefined) return ["?"];
    const reached =
      state.accessible.length === 0 ? "nobody can reach it" : `reached by ${state.accessible.join(", ")}`;
    const owner = state.owner === "-" ? "no owner" : `owner ${state.owner}`;
    return [
      ...(devices.length === 1 ? ["here: "] : [code(state.device), " here: "]),
      `${reached}, ${owner}, DMA to ${state.dma}`,
    ];
  });
}

function iommuItem(world: World, group: number): Inline[][] {
  const iommu = cellOf(world, group, "iommu");
  return iommu === NONE ? [["behind no IOMMU"]] : [factsItem(world, iommu)];
}

/** The facts and the state of a thing of the hardware, those that differ from the usual in front and strong. */
function factsItem(world: World, ref: number): Inline[] {
  const kind = kindAt(world.machine, kindOf(ref));
  const fields = fieldsOf(world, kind.id).filter(({ birth }) => !birth);
  const facts = fields.flatMap((field): { shown: string; usual: boolean }[] => {
    const value = column(world.machine, field.id)[indexOf(ref)] ?? NONE;
    const usual = value === field.initial;
    // What is as usual and absent says nothing.
    if (usual && (value === NONE || value === 0 || shownCell(world, field, indexOf(ref)) === "{}")) return [];
    const quality = field.name.replaceAll("_", " ");
    if (field.type.base === "bool") return [{ shown: value === 1 ? quality : `not ${quality}`, usual }];
    return [{ shown: `${quality} ${shownCell(world, field, indexOf(ref))}`, usual }];
  });
  const sorted = [...facts.filter(({ usual }) => !usual), ...facts.filter(({ usual }) => usual)];
  const parts = sorted.flatMap(({ shown, usual }, i): Inline[] => [
    i === 0 ? "" : ", ",
    usual ? shown : strong(shown),
  ]);
  const who =
    kind.id === HARDWARE.group ? `group ${nameOf(world, ref)}` : `${kind.name} ${nameOf(world, ref)}`;
  return [`${who}: `, ...(parts.length === 0 ? ["nothing special"] : parts)];
}

const instances = (world: World, kind: number): number[] =>
  column(world.machine, kindAt(world.machine, kind).alive).map((_, index) => reference(kind, index));

const devicesOf = (world: World, group: number): number[] =>
  instances(world, HARDWARE.device).filter(
    (device) => group !== NONE && cellOf(world, device, "group") === group,
  );

function cellOf(world: World, ref: number, name: string): number {
  const field = fieldsOf(world, kindOf(ref)).find((each) => each.name === name);
  return field === undefined ? NONE : (column(world.machine, field.id)[indexOf(ref)] ?? NONE);
}
