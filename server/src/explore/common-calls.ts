// The calls that two problems have in common: the same name, the same arguments as a reader would write them. Numbers of
// kinds, names and ranges differ from System to System; what they stand for is what is compared.

import { HARDWARE, type System, type Topology, type Type } from "../model/system.ts";
import { indexOf, kindOf, NONE } from "../model/values.ts";
import type { GroundCall, Problem } from "./problem.ts";

/** An argument: the same plain value or hardware on both sides, or a place in the table of common things. */
export type Operand =
  | { readonly a: number; readonly b: number }
  | { readonly kind: string; readonly place: number };

type Open = Extract<GroundCall, { do: "open" }>;
type Call = Extract<GroundCall, { do: "call" }>;

export type Common = { readonly name: string } & (
  | { readonly do: "open"; readonly a: Open; readonly b: Open }
  | { readonly do: "call"; readonly a: Call; readonly b: Call; readonly operands: readonly Operand[] }
);

export interface CommonCalls {
  /** In the order of the first problem. */
  readonly calls: readonly Common[];
  readonly names: readonly string[];
  /** What only one has, by name; a call with other parameters is another. */
  readonly only: Readonly<Record<"a" | "b", readonly string[]>>;
}

export function commonCalls(a: Problem, b: Problem): CommonCalls {
  const others = new Map(b.calls.map((call) => [spelled(b, call), call]));
  const calls: Common[] = [];
  for (const call of a.calls) {
    const other = others.get(spelled(a, call));
    const name = nameOf(a.system, call);
    if (other === undefined) continue;
    if (call.do === "open" && other.do === "open") calls.push({ name, do: "open", a: call, b: other });
    if (call.do !== "call" || other.do !== "call") continue;
    const operands = call.args.map((arg, i): Operand => {
      const kind = thingKind(a.system, call, i, arg);
      return kind === null ? { a: arg, b: other.args[i] ?? NONE } : { kind, place: indexOf(arg) };
    });
    calls.push({ name, do: "call", a: call, b: other, operands });
  }
  const names = [...new Set(calls.map(({ name }) => name))];
  const onlyIn = ({ system, calls: all }: Problem): string[] =>
    [...new Set(all.map((call) => nameOf(system, call)))].filter((name) => !names.includes(name));
  return { calls, names, only: { a: onlyIn(a), b: onlyIn(b) } };
}

/** `open("/dev/vfio/{group}")`, or the name of the call. */
export function nameOf(system: System, call: GroundCall): string {
  if (call.do === "call") return call.operation.name;
  const kind = system.kinds[call.kind];
  if (kind?.path == null) return "open";
  const { prefix, suffix, hole } = kind.path;
  const inside = hole === null ? "" : `{${system.kinds[hole.kind]?.name ?? ""}}`;
  return `open("${prefix}${inside}${suffix}")`;
}

function spelled({ system, topology }: Problem, call: GroundCall): string {
  if (call.do === "open")
    return `${call.task} ${nameOf(system, call)} ${shown(system, topology, call.hole, null)}`;
  const params = call.operation.params;
  const args = call.args.map(
    (arg, i) => `${params[i]?.name}=${shown(system, topology, arg, params[i]?.type ?? null)}`,
  );
  return `${call.task} ${call.operation.name}(${args.join()})`;
}

/** The kind of a file or object that is passed; null for everything else. */
function thingKind(system: System, { operation }: Call, index: number, arg: number): string | null {
  if (arg < 0 || operation.params[index]?.type.base !== "value") return null;
  const kind = system.kinds[kindOf(arg)];
  return kind === undefined || kind.sort === "hardware" ? null : kind.name;
}

function shown(system: System, topology: Topology, value: number, type: Type | null): string {
  const { values } = system;
  if (type === null || type.base === "value" || type.base === "string" || type.base === "unknown") {
    if (value === NONE) return "none";
    if (value < NONE) return JSON.stringify(values.symbolText(value).replaceAll("-", "_"));
    const kind = system.kinds[kindOf(value)];
    const name = kind?.id === HARDWARE.task ? undefined : topology.names[kindOf(value)]?.[indexOf(value)];
    return `${kind?.name} ${name ?? `#${indexOf(value)}`}`;
  }
  if (type.base === "range" && value >= 0) {
    const { start, size } = values.rangeOf(value);
    return `${start}+${size}`;
  }
  if (type.base === "set" && value >= 0)
    return `{${values
      .setOf(value)
      .map((each) => shown(system, topology, each, type.element))
      .sort()
      .join()}}`;
  return String(value);
}
