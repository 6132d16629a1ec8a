// A topology declaration -> the hardware of a Machine: instances, names, initial values.

import type { System, Topology } from "../model/system.ts";
import { HARDWARE } from "../model/system.ts";
import { reference } from "../model/values.ts";
import type { Attribute, Entry, Name, TopologyDeclaration } from "../syntax/ast.ts";
import type { Draft, Origin, Problem } from "./context.ts";
import { createScope, type Scope, showType, siteOf } from "./context.ts";
import { draftFrom } from "./draft.ts";
import { compileAs } from "./expressions.ts";
import { fold } from "./fold.ts";
import { suggestion } from "./types.ts";

/** The kernel of a topology that names none: every `since` has come, no `until` has. */
const NEWEST = 1e9;

interface Thing {
  readonly kind: number;
  readonly index: number;
  readonly attributes: readonly Attribute[];
}

export interface Layout {
  readonly names: readonly (readonly string[])[];
  readonly things: readonly Thing[];
  /** group -> iommu, device -> group, by index; -1 when unknown. */
  readonly iommuOf: readonly number[];
  readonly groupOf: readonly number[];
  readonly drivers: readonly (Name | null)[];
  readonly addresses: ReadonlyMap<string, number>;
  readonly kernel: number;
  /** The name of each thing, by kind and index. */
  readonly nodes: readonly (readonly Name[])[];
  readonly problems: readonly Problem[];
}

/** What a topology says, whatever the proposal: who is there, and who is where. */
export function layOut(declaration: TopologyDeclaration, origin: Origin): Layout {
  const problems: Problem[] = [];
  const names: string[][] = [["host"], [], [], [], []];
  const nodes: Name[][] = [[], [], [], [], []];
  const things: Thing[] = [];
  const [iommuOf, groupOf, drivers]: [number[], number[], (Name | null)[]] = [[], [], []];
  const addresses = new Map<string, number>();
  const firsts = new Map<string, Name>();
  let kernel: number = NEWEST;

  const problem = (span: Name | Entry, code: string, message: string, more: Partial<Problem> = {}): void => {
    problems.push({ code, site: siteOf(origin, span), message, ...more });
  };
  const add = (kind: number, name: Name, attributes: readonly Attribute[]): number => {
    const what = ["host", "iommu", "group", "device", "task"][kind] ?? "";
    // Groups have numbers of their own; an iommu and a device share the names that a scenario can say.
    const first = firsts.get(`${kind} ${name.text}`);
    if (first !== undefined) {
      const related = [{ site: siteOf(origin, first), message: "first declared here" }];
      problem(
        name,
        kind === HARDWARE.device ? "bad-topology" : "duplicate-name",
        `there are two ${what}s \`${name.text}\``,
        { related },
      );
    }
    firsts.set(`${kind} ${name.text}`, name);
    const index = (names[kind] ?? []).push(name.text) - 1;
    nodes[kind]?.push(name);
    things.push({ kind, index, attributes });
    return index;
  };
  const device = (entry: Extract<Entry, { kind: "device" }>, group: number): void => {
    const index = add(HARDWARE.device, entry.name, entry.attributes);
    groupOf.push(group);
    drivers.push(entry.driver);
    if (entry.address === null) return;
    const twin = addresses.get(entry.address.value);
    if (twin !== undefined) {
      problem(
        entry.name,
        "bad-topology",
        `two devices have the address "${entry.address.value}": ${names[3]?.[twin]} and ${entry.name.text}`,
      );
    }
    addresses.set(entry.address.value, index);
  };

  const iommus = declaration.body.flatMap((entry) => (entry.kind === "iommu" ? [entry] : []));
  for (const iommu of iommus) add(HARDWARE.iommu, iommu.name, iommu.attributes);
  for (const entry of declaration.body) {
    switch (entry.kind) {
      case "error":
      case "iommu":
        break;
      case "kernel":
        kernel = entry.version.major * 1000 + entry.version.minor;
        break;
      case "host":
        things.push({ kind: HARDWARE.host, index: 0, attributes: entry.attributes });
        break;
      case "device":
        problem(entry.name, "misplaced", `device ${entry.name.text} is in no group`, {
          help: [
            "put it into `group N behind IOMMU { … }`: every device that can be passed through is in one",
          ],
        });
        break;
      case "group": {
        const group = add(HARDWARE.group, entry.name, entry.attributes);
        const wanted = entry.iommu?.text;
        const iommu =
          wanted === undefined
            ? iommus.length === 1
              ? 0
              : -1
            : iommus.findIndex(({ name }) => name.text === wanted);
        if (entry.iommu !== null && iommu === -1 && wanted !== "none") {
          problem(entry.iommu, "bad-topology", `there is no iommu \`${wanted}\` in this topology`, {
            help: suggestion(
              wanted ?? "",
              iommus.map(({ name }) => name.text),
            ),
          });
        }
        if (entry.iommu === null && iommus.length > 1) {
          problem(
            entry.name,
            "bad-topology",
            `group ${entry.name.text} does not say which iommu it is behind`,
            {
              help: [`write \`group ${entry.name.text} behind ${iommus[0]?.name.text} { … }\``],
            },
          );
        }
        iommuOf.push(iommu);
        for (const inner of entry.body) {
          if (inner.kind === "device") device(inner, group);
          else if (inner.kind !== "error")
            problem(inner, "misplaced", `a group holds devices, no ${inner.kind}`);
        }
        break;
      }
      default:
        entry satisfies never;
    }
  }
  return { names, things, iommuOf, groupOf, drivers, addresses, kernel, nodes, problems };
}

export interface Resolved {
  readonly topology: Topology;
  readonly problems: readonly Problem[];
  /** Attributes that this system has no field for; another one may. */
  readonly unknown: readonly Attribute[];
}

/** Gives the layout's attributes to the fields of `system`. */
export function resolveTopology(
  system: System,
  declaration: TopologyDeclaration,
  origin: Origin,
  layout: Layout,
): Resolved {
  const draft = draftFrom(system);
  const fieldOf = (kind: number, name: string): System["fields"][number] | undefined =>
    system.fields.find((field) => field.kind === kind && field.name === name);
  const initial: [number, number, number][] = [];
  const set = (kind: number, name: string, index: number, value: number): void => {
    const field = fieldOf(kind, name);
    if (field !== undefined) initial.push([field.id, index, value]);
  };
  layout.iommuOf.forEach((iommu, group) => {
    if (iommu !== -1) set(HARDWARE.group, "iommu", group, reference(HARDWARE.iommu, iommu));
  });
  layout.groupOf.forEach((group, device) => {
    set(HARDWARE.device, "group", device, reference(HARDWARE.group, group));
  });
  layout.drivers.forEach((driver, device) => {
    if (driver !== null && driver.text !== "none")
      set(HARDWARE.device, "driver", device, system.values.symbol(driver.text));
  });
  const unknown: Attribute[] = [];
  for (const { kind, index, attributes } of layout.things) {
    for (const attribute of attributes) {
      const field = fieldOf(kind, attribute.name.text);
      if (field === undefined || field.birth || !system.kinds[kind]?.fields.includes(field.id))
        unknown.push(attribute);
      else {
        const value = attributeValue(draft, origin, attribute, field.type, layout.names);
        if (value !== null) initial.push([field.id, index, value]);
      }
    }
  }
  const topology: Topology = {
    name: declaration.name.text,
    kernel: layout.kernel,
    names: layout.names,
    addresses: layout.addresses,
    initial,
  };
  return { topology, problems: draft.problems, unknown };
}

/** The hardware by kind and name. */
export function namesOf(names: readonly (readonly string[])[]): NonNullable<Scope["named"]> {
  return (kind, text) => {
    const index = names[kind]?.indexOf(text) ?? -1;
    return index === -1 ? null : reference(kind, index);
  };
}

export function attributeValue(
  draft: Draft,
  origin: Origin,
  attribute: Attribute,
  type: System["fields"][number]["type"],
  names: readonly (readonly string[])[],
): number | null {
  const bad = (message: string): null => {
    draft.problems.push({ code: "type-mismatch", site: siteOf(origin, attribute), message });
    return null;
  };
  if (attribute.value === null) {
    return type.base === "bool"
      ? 1
      : bad(`\`${attribute.name.text}\` wants a value: ${showType(draft, type)}`);
  }
  const expr = compileAs(
    { ...createScope(draft, origin), named: namesOf(names) },
    attribute.value,
    type,
    `\`${attribute.name.text}\``,
  );
  return fold(draft.values, expr) ?? bad("the value of an attribute must be a constant");
}
