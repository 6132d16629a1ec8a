// A proposal as a transition system: its kinds of things, their fields, its calls, defines and rules.
// Plain data made by semantics/compile.ts. With a topology and tasks it becomes a Machine (machine.ts).

import type { Check, Expr, Site, Stmt } from "./ir.ts";
import type { Values } from "./values.ts";

export type Base = "bool" | "int" | "string" | "range" | "set" | "value" | "unknown";

/** `value` is a union of references to `kinds`, the `names` of an enum and, if optional, none. */
export interface Type {
  readonly base: Base;
  readonly kinds: readonly number[];
  readonly names: readonly string[];
  readonly optional: boolean;
  readonly element: Type | null;
}

export interface Field {
  readonly id: number;
  readonly name: string;
  readonly kind: number;
  readonly type: Type;
  readonly initial: number;
  /** Facts and the group of a device never change after boot. */
  readonly constant: boolean;
  /** A strong reference keeps a file alive and makes `referenced` true. */
  readonly strong: boolean;
  /** The thing that an object lives in; the hole of a path: set at birth. */
  readonly birth: boolean;
  readonly site: Site | null;
}

export interface Kind {
  readonly id: number;
  readonly name: string;
  readonly sort: "hardware" | "fd" | "object";
  /** In order of declaration, without the three below. */
  readonly fields: number[];
  /** Built-in fields: 1 while it lives; the tasks with a handle as bits; how many strong fields refer to it. */
  readonly alive: number;
  readonly holders: number;
  readonly references: number;
  /** Objects: the field that names the thing they live in, and its kind; -1 if they live in nothing. */
  readonly ownerField: number;
  readonly ownerKind: number;
  /** Numbered objects: the field with the number; -1 for all others. */
  readonly idField: number;
  readonly roles: readonly string[];
  readonly path: OpenPath | null;
  readonly exclusive: boolean;
  readonly on: { readonly open: Block | null; readonly close: Block | null; readonly release: Block | null };
  readonly doc: readonly string[];
  readonly site: Site | null;
}

/** `/dev/vfio/{group}` is prefix "/dev/vfio/", hole {kind group, by name}, suffix "". */
export interface OpenPath {
  readonly prefix: string;
  readonly suffix: string;
  /** `field` is the birth field of the fd; `by` a string field of the hardware kind, or -1 for its name. */
  readonly hole: { readonly kind: number; readonly field: number; readonly by: number } | null;
}

/** Statements with the number of locals they need; local 0 is `self`. */
export interface Block {
  readonly locals: number;
  readonly body: readonly Stmt[];
}

export interface Parameter {
  readonly name: string;
  readonly type: Type;
  readonly initial: Expr | null;
  /** The body asks for `live(…)` itself: a dead thing comes in as none, and is not refused beforehand. */
  readonly explicit: boolean;
}

/** Locals 0… are the parameters. */
export interface Operation {
  readonly name: string;
  readonly form: "ioctl" | "op";
  readonly params: readonly Parameter[];
  readonly result: Type | null;
  readonly resultField: string | null;
  readonly locals: number;
  readonly body: readonly Stmt[];
  readonly doc: readonly string[];
  readonly proposal: string;
  readonly site: Site;
}

export interface Define {
  readonly id: number;
  readonly name: string;
  readonly params: readonly Parameter[];
  readonly result: Type;
  readonly locals: number;
  readonly body: Expr | null;
  /** The fields that decide its value; null when there is more to it: the caller, or parameters other
   * than one or two things of one kind each. */
  readonly reads: readonly number[] | null;
  readonly doc: readonly string[];
  readonly site: Site;
}

/** `off`: looked at only when asked for. */
export type Severity = "error" | "warning" | "info" | "off";

/** What calls may report while they succeed. */
export interface Hazard {
  readonly name: string;
  readonly severity: Severity;
  readonly why: string;
  readonly doc: readonly string[];
  readonly proposal: string;
  readonly site: Site;
}

export interface Rule {
  readonly name: string;
  readonly severity: Severity;
  readonly params: readonly { readonly name: string; readonly kinds: readonly number[] }[];
  readonly locals: number;
  readonly body: readonly Stmt[];
  readonly checks: readonly Check[];
  /** Every field whose value can matter: a rule is checked again when one of these was written. */
  readonly reads: ReadonlySet<number>;
  readonly why: string;
  readonly doc: readonly string[];
  readonly proposal: string;
  readonly site: Site;
}

export interface System {
  readonly proposal: string;
  readonly abstract: boolean;
  readonly values: Values;
  readonly kinds: readonly Kind[];
  readonly fields: readonly Field[];
  readonly kindByName: ReadonlyMap<string, number>;
  /** Role name -> kinds; `fd` included. */
  readonly roles: ReadonlyMap<string, readonly number[]>;
  readonly operations: ReadonlyMap<string, Operation>;
  readonly defines: readonly Define[];
  readonly defineByName: ReadonlyMap<string, number>;
  readonly rules: readonly Rule[];
  readonly hazards: ReadonlyMap<string, Hazard>;
  readonly constants: ReadonlyMap<string, number>;
}

/** The hardware kinds, at these ids in every System. */
export const HARDWARE = { host: 0, iommu: 1, group: 2, device: 3, task: 4 } as const;
export const hardwareNames = ["host", "iommu", "group", "device", "task"] as const;

/** The machine that a System runs on, resolved against its fields. */
export interface Topology {
  readonly name: string;
  /** major * 1000 + minor; beyond all versions when the topology names none. */
  readonly kernel: number;
  /** Names by hardware kind and index; tasks come from the scenario. */
  readonly names: readonly (readonly string[])[];
  readonly addresses: ReadonlyMap<string, number>;
  /** [field, index, value] */
  readonly initial: readonly (readonly [number, number, number])[];
}
