// Hovers in a topology: what its entries are, on a machine that has just booted.

import type { View } from "../../analysis/session.ts";
import { createRun } from "../../engine/run.ts";
import { HARDWARE } from "../../model/system.ts";
import { reference } from "../../model/values.ts";
import { layOut, resolveTopology } from "../../semantics/topology.ts";
import type { Cursor } from "../cursor.ts";
import { systemsOf } from "../declared.ts";
import { type Markup, text } from "../markup.ts";
import type { Token } from "../tokens.ts";
import type { Pointed } from "./pointed.ts";
import { hardwareMarkup } from "./state.ts";
import { fieldMarkup, wordMarkup } from "./symbols.ts";

export function inTopology(view: View, cursor: Cursor, what: Pointed): Markup | null {
  const { item } = cursor;
  const [chain] = systemsOf(view);
  if (item?.declaration?.kind !== "topology" || chain === undefined) return wordMarkup(what.text);
  const origin = { uri: view.uri, item: item.item.id };
  const layout = layOut(item.declaration, origin);
  const previous = what.before.at(-1)?.text ?? "";
  const kinds: readonly (readonly [string, number])[] = [
    ["device", HARDWARE.device],
    ["group", HARDWARE.group],
    ["iommu", HARDWARE.iommu],
    ["behind", HARDWARE.iommu],
  ];
  const kind =
    kinds.find(([word]) => word === previous)?.[1] ?? (previous === "=" ? HARDWARE.device : undefined);
  const index = kind === undefined ? -1 : (layout.names[kind]?.indexOf(what.text) ?? -1);
  if (kind !== undefined && index !== -1) {
    const { topology } = resolveTopology(chain.system, item.declaration, origin, layout);
    return hardwareMarkup(createRun(chain.system, topology, ["main"], new Set()), reference(kind, index));
  }
  if (what.kind === "string") return null;
  for (const each of systemsOf(view)) {
    const entry = entryKind(what.before, cursor);
    const field = each.system.fields.find(({ name, kind: of }) => name === what.text && of === entry);
    if (field !== undefined) return fieldMarkup(view, each, field, null);
  }
  return previous === "driver" ? [text(`driven by ${what.text}`)] : wordMarkup(what.text);
}

/** The kind whose attributes are being written; -1 for none. */
export function entryKind(before: readonly Token[], cursor: Cursor): number {
  const words: readonly (readonly [string, number])[] = Object.entries(HARDWARE);
  const entry = before.findLast(({ text: word }, i) => word in HARDWARE && before[i + 1]?.text !== "=");
  if (entry !== undefined) return words.find(([word]) => word === entry.text)?.[1] ?? -1;
  return cursor.heads.length > 2 ? HARDWARE.iommu : -1;
}
