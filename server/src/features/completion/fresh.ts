// Names for what completed calls return: as this file calls the results of such calls, else as the proposal names its
// parameters of that kind. Read off the text, for no run may move while calls are being tried in it.

import type { World } from "../../engine/world.ts";
import type { Kind } from "../../model/system.ts";
import { keywords } from "../../syntax/words.ts";
import { free, stemOf, takenNames } from "../repair/names.ts";

export interface FreshNames {
  /** For the result of `call`; `number` is what the name of a device among its arguments ends with. */
  readonly name: (call: string, kind: Kind, number: string) => string;
}

/** Longer texts are not searched: the names that the run knows must do. */
const MOST_TEXT = 100_000;

/** `scenario` is the text of the scenario, `whole` that of the file. */
export function freshNames(world: World, scenario: string, whole: string): FreshNames {
  const { machine, system } = world;
  // Words of paths and remarks are no names: `dev` is free beside "/dev/ioasid".
  const code = scenario.length > MOST_TEXT ? "" : scenario.replace(/"[^"\n]*"|\/\/.*/g, "");
  const taken = takenNames(code, machine);
  for (const name of world.slots.keys()) taken.add(name);
  let stems: ReadonlyMap<string, string> | null = null;
  return {
    name(call, kind, number) {
      stems ??= usedStems(whole.slice(0, MOST_TEXT));
      const stem = stems.get(call) ?? stems.get(withoutLast(call)) ?? stemOf(system, kind);
      // `as` is a word of the language; `as0` is none.
      return free(stem, number === "" && keywords.has(stem) ? "0" : number, taken);
    },
  };
}

/** What most results of a call are called, without their numbers; of opens by path, and by path without its last part. */
function usedStems(text: string): ReadonlyMap<string, string> {
  const counts = new Map<string, Map<string, number>>();
  const count = (key: string, stem: string): void => {
    const stemsOf = counts.get(key) ?? new Map<string, number>();
    counts.set(key, stemsOf.set(stem, (stemsOf.get(stem) ?? 0) + 1));
  };
  for (const [, name = "", call = "", path] of text.matchAll(/(\w+)\s*=\s*(\w+)\((?:"([^"\n]*)")?/g)) {
    const stem = name.replace(/_?\d+$/, "");
    if (stem === "") continue;
    if (call !== "open") count(call, stem);
    else if (path !== undefined) {
      count(path, stem);
      if (withoutLast(path) !== path) count(withoutLast(path), stem);
    }
  }
  return new Map(
    [...counts].map(([key, stems]) => {
      const [best] = [...stems].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
      return [key, best?.[0] ?? ""];
    }),
  );
}

/** `/dev/vfio/26` -> `/dev/vfio/#`: groups and devices of one sort share a name. */
const withoutLast = (path: string): string => path.replace(/(?<=\/)[^/]*\d[^/]*$/, "#");
