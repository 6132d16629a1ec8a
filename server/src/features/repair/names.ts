// Names for what inserted calls return: as the file calls such things, else as the proposal's calls name their
// parameters; and never one that the scenario uses anywhere.

import { scenariosOf, type View, worldBefore } from "../../analysis/view.ts";
import type { Machine } from "../../model/machine.ts";
import type { Kind, System } from "../../model/system.ts";
import { HARDWARE } from "../../model/system.ts";
import { indexOf, kindOf } from "../../model/values.ts";
import { builtInNames } from "../../semantics/calls.ts";
import { keywords } from "../../syntax/words.ts";

/** All words of a scenario's text, and what else a name must not be. */
export function takenNames(text: string, machine: Machine): Set<string> {
  const { system, topology, tasks } = machine;
  return new Set([
    ...(text.match(/[A-Za-z_]\w*/g) ?? []),
    ...keywords,
    ...builtInNames,
    "open",
    ...(topology.names[HARDWARE.device] ?? []),
    ...(topology.names[HARDWARE.iommu] ?? []),
    ...tasks,
    ...system.constants.keys(),
    ...system.defineByName.keys(),
    ...system.operations.keys(),
  ]);
}

/** A fresh name for a thing, which is taken from then on. */
export function freshName(view: View, machine: Machine, ref: number, taken: Set<string>): string {
  const kind = machine.system.kinds[kindOf(ref)];
  const stem = kind === undefined ? "x" : (usedStem(view, kind) ?? stemOf(machine.system, kind));
  const name = free(stem, numberOf(machine, kind, ref), taken);
  taken.add(name);
  return name;
}

export function free(stem: string, number: string, taken: ReadonlySet<string>): string {
  if (!taken.has(stem + number)) return stem + number;
  for (let i = number === "" ? 2 : 0; ; i++) if (!taken.has(`${stem}${i}`)) return `${stem}${i}`;
}

/** `dev0` is the file of `nic0`. */
function numberOf(machine: Machine, kind: Kind | undefined, ref: number): string {
  for (const id of kind?.fields ?? []) {
    const field = machine.system.fields[id];
    const value = machine.cells[id]?.[indexOf(ref)] ?? -1;
    if (field?.birth !== true && field?.name !== "device") continue;
    if (value < 0 || kindOf(value) !== HARDWARE.device) continue;
    const name = machine.topology.names[HARDWARE.device]?.[indexOf(value)] ?? "";
    return /\d+$/.exec(name)?.[0] ?? "";
  }
  return "";
}

/** Looking at more would take longer than the repair. */
const MOST_SCENARIOS = 20;
const MOST_ROWS = 500;

/** What most scenarios of this file call a thing of this kind, without its number. */
function usedStem(view: View, kind: Kind): string | null {
  const counts = new Map<string, number>();
  for (const { run } of scenariosOf(view).slice(0, MOST_SCENARIOS)) {
    if (run === null || run.results.length > MOST_ROWS) continue;
    const { slots, system } = worldBefore(run, run.results.length);
    for (const [key, slot] of slots) {
      if (typeof slot === "string" || slot.is !== "thing" || !/^[a-z]/i.test(key)) continue;
      if (system.kinds[kindOf(slot.ref)]?.name !== kind.name) continue;
      const stem = key.replace(/_?\d+$/, "");
      if (stem !== "") counts.set(stem, (counts.get(stem) ?? 0) + 1);
    }
  }
  const [best] = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return best?.[0] ?? null;
}

/** `ctx`, `g`: the commonest name of parameters of just this kind; where that is any file's `f`, the kind's own. */
export function stemOf(system: System, kind: Kind): string {
  const counts = new Map<string, number>();
  for (const { params } of system.operations.values()) {
    for (const { name, type } of params) {
      if (type.kinds.length === 1 && type.kinds[0] === kind.id) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  const [best] = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  if (best !== undefined && best[0] !== "f") return best[0];
  const word = kind.name.replace(/_fd$/, "");
  return word === "device" ? "dev" : word;
}
