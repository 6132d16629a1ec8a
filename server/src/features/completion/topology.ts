// Completion in topologies: entries, attributes that the proposals in use know, and their values.

import type { View } from "../../analysis/session.ts";
import { childrenOf } from "../../explore/expressions.ts";
import type { Expr } from "../../model/ir.ts";
import { type Field, HARDWARE, type System } from "../../model/system.ts";
import { NONE } from "../../model/values.ts";
import { showType } from "../../semantics/context.ts";
import type { Cursor } from "../cursor.ts";
import { fieldAt, summaryOf, systemsOf } from "../declared.ts";
import { entryKind } from "../hover/in-topology.ts";
import { openBrackets, tokensOf } from "../tokens.ts";
import { type Item, item, keywords } from "./item.ts";
import { entrySnippets } from "./snippets.ts";

export function topologyItems(view: View, cursor: Cursor): Item[] {
  const { tokens, heads } = cursor;
  const names = namesIn(view, cursor);
  const inGroup = heads.length > 1;
  const last = tokens.at(-1)?.text ?? "";
  const systems = systemsOf(view).map(({ system }) => system);
  if (cursor.inside === "string") return [];
  if (tokens.length === 0) return entrySnippets(inGroup, names.iommu[0] ?? null);
  if (last === "behind") return [...names.iommu.map((name) => item(name, "hardware")), ...keywords(["none"])];
  if (last === "driver") return [...drivers(systems), ...keywords(["none"])];
  if (["device", "group", "iommu", "kernel", "at", "topology"].includes(last) && tokens.at(-2)?.text !== "=")
    return [];
  const kind = entryKind(tokens, cursor);
  const fields = fieldsOf(systems, kind);
  if (last === "=") {
    const field = fields.find(({ name }) => name === tokens.at(-2)?.text);
    return field === undefined ? [] : valueItems(field, names.device);
  }
  const written = new Set(tokens.map(({ text }) => text));
  const clauses = kind === HARDWARE.device ? ["at", "driver"] : kind === HARDWARE.group ? ["behind"] : [];
  const braced = openBrackets(tokens).length > 0 || (kind === HARDWARE.host && last === "host");
  return [
    ...(braced
      ? []
      : keywords(
          clauses.filter((word) => !written.has(word)),
          1,
        ).map(spaced)),
    ...fields
      .filter(
        ({ name, birth }) => !birth && !written.has(name) && !(name === "driver" && kind === HARDWARE.device),
      )
      .map((field) => attributeItem(view, systems, field)),
  ];
}

const spaced = (each: Item): Item => ({ ...each, insert: `${each.label} ` });

function attributeItem(view: View, systems: readonly System[], field: Field): Item {
  const [system] = systems;
  const type = system === undefined ? "" : showType(system, field.type);
  const doc = field.site === null ? null : fieldAt(view, field.site);
  const insert = field.type.base === "bool" ? field.name : `${field.name} = `;
  const summary = doc === null || doc.doc.length === 0 ? "" : `: ${summaryOf(doc.doc)}`;
  return item(field.name, "field", { detail: `${type}${summary}`, insert, rank: 2 });
}

/** Fields of a hardware kind in all systems, each name once. */
function fieldsOf(systems: readonly System[], kind: number): Field[] {
  const found = new Map<string, Field>();
  for (const { fields, kinds } of systems)
    for (const field of fields)
      if (field.kind === kind && kinds[kind]?.fields.includes(field.id) && !found.has(field.name))
        found.set(field.name, field);
  return [...found.values()];
}

function valueItems({ type }: Field, devices: readonly string[]): Item[] {
  const none = type.optional ? keywords(["none"]) : [];
  if (type.base === "bool") return keywords(["true", "false"]);
  if (type.base === "int") return [...["4K", "64K", "0", "1"].map((text) => item(text, "value")), ...none];
  const things = type.kinds.includes(HARDWARE.device) ? devices : [];
  return [
    ...type.names.map((name) => item(name, "value", { rank: 1 })),
    ...things.map((name) => item(name, "hardware", { rank: 1 })),
    ...none,
  ];
}

/** The drivers that the proposals know by name: words that a define compares a string with. */
function drivers(systems: readonly System[]): Item[] {
  const found = new Map<string, string>();
  for (const { defines, values } of systems) {
    for (const { params, body, name } of defines) {
      if (body === null || !params.some(({ type }) => type.base === "string")) continue;
      const visit = (expr: Expr): void => {
        if (expr.op === "const" && expr.value < NONE && !found.has(values.symbolText(expr.value)))
          found.set(values.symbolText(expr.value), name);
        for (const child of childrenOf(expr)) visit(child);
      };
      visit(body);
    }
  }
  return [...found].map(([driver, by]) => item(driver, "value", { detail: by, rank: 1 }));
}

/** What the topology has so far: names behind `iommu` and `device`. */
function namesIn(
  view: View,
  { item: placed }: Cursor,
): { readonly iommu: string[]; readonly device: string[] } {
  const names = { iommu: [] as string[], device: [] as string[] };
  if (placed === null) return names;
  const tokens = tokensOf(view.document.text.slice(placed.start, placed.start + placed.item.length));
  tokens.forEach(({ text, kind }, i) => {
    const before = tokens[i - 1]?.text;
    if (kind === "word" && (before === "iommu" || before === "device")) names[before].push(text);
  });
  return names;
}
