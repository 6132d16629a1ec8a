// The machine as a topology describes it, before the first call.

import type { Attribute, Name, TopologyDeclaration } from "../../server/src/syntax/ast.ts";
import { type Context, coerce, evaluate } from "./evaluate.ts";
import { setInitialFields } from "./execute.ts";
import type { Program } from "./program.ts";
import { addThing, named, refTo, type State, type Thing } from "./state.ts";
import type { Ref } from "./values.ts";

export function machineOf(program: Program, topology: TopologyDeclaration): State {
  const kernel = topology.body.find((entry) => entry.kind === "kernel")?.version ?? null;
  const state: State = {
    ...{ things: new Map(), next: 1 },
    kernel: kernel === null ? null : { major: kernel.major, minor: kernel.minor },
  };
  const cx: Context = {
    ...{ program, state, caller: 0, env: new Map(), isScript: true, hazards: new Set<string>() },
  };

  // The order of declarations does not matter: attributes may name what comes later.
  const later: (readonly [Thing, readonly Attribute[]])[] = [[addThing(state, "host", { name: "host" }), []]];
  const host = later[0]?.[0];
  const iommus: Thing[] = [];
  for (const entry of topology.body) {
    if (entry.kind === "host" && host !== undefined) later.push([host, entry.attributes]);
    if (entry.kind !== "iommu") continue;
    const iommu = addThing(state, "iommu", { name: entry.name.text });
    later.push([iommu, entry.attributes]);
    iommus.push(iommu);
  }
  const only = iommus.length === 1 && iommus[0] !== undefined ? refTo(iommus[0]) : null;
  for (const entry of topology.body) {
    if (entry.kind !== "group") continue;
    const group = addThing(state, "group", { name: entry.name.text });
    group.fields.set("iommu", entry.iommu === null ? only : iommuNamed(state, entry.iommu));
    later.push([group, entry.attributes]);
    for (const inner of entry.body) {
      if (inner.kind !== "device") continue;
      const address = inner.address?.value ?? null;
      const device = addThing(state, "device", { name: inner.name.text, address });
      device.fields.set("group", refTo(group));
      if (inner.driver !== null) device.fields.set("driver", driver(inner.driver));
      later.push([device, inner.attributes]);
    }
  }
  for (const [thing, attributes] of later) setAttributes(thing, attributes, cx);
  for (const [thing] of later) setInitialFields(thing, cx);
  return state;
}

/** `behind none`: no IOMMU is in front of it. */
const iommuNamed = (state: State, { text }: Name): Ref | null =>
  text === "none" ? null : named(state, "iommu", text);

const driver = ({ text }: Name): string | null => (text === "none" ? null : text);

function setAttributes(thing: Thing, attributes: readonly Attribute[], cx: Context): void {
  for (const { name, value } of attributes) {
    const type = cx.program.kinds.get(thing.kind)?.fields.get(name.text)?.type ?? null;
    const given = value === null ? true : evaluate(value, cx);
    thing.fields.set(name.text, type === null ? given : coerce(given, type, cx));
  }
}

export function addTask(state: State, name: string, attributes: readonly Attribute[], cx: Context): Thing {
  const task = addThing(state, "task", { name });
  setAttributes(task, attributes, cx);
  setInitialFields(task, cx);
  return task;
}
