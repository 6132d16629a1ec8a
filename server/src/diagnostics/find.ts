// Where an entry of the catalogue is found: the place it names, looked up in the shipped proposals.

import { type CallAnswers, callAnswers } from "./answers.ts";
import type { CatalogueEntry } from "./catalogue.ts";
import { pageOf } from "./index.ts";
import { type RulePage, rulePages, type ShippedText } from "./rules.ts";

export type PlaceKind = "rule" | "hazard" | "errno" | "language" | "code";

export interface Found {
  /** As the catalogue says it. */
  readonly where: string;
  readonly kind: PlaceKind;
  /** Only looked at when asked for. */
  readonly off: boolean;
}

/** Null for a place that no proposal has. */
export function finder(shipped: readonly ShippedText[]): (where: string) => Found | null {
  const rules = rulePages(shipped);
  const calls = callAnswers(shipped);
  return (where) => find(where, rules, calls);
}

function find(where: string, rules: readonly RulePage[], calls: readonly CallAnswers[]): Found | null {
  if (where === "lifetime" || where.startsWith("errno ")) return { where, kind: "language", off: false };
  if (pageOf(where) !== undefined) return { where, kind: "code", off: false };
  const [path = "", errno] = where.split(" ");
  const [proposal = "", name = ""] = path.split(".");
  if (errno !== undefined) {
    const call = calls.find((each) => each.proposal === proposal && each.call === name);
    return call?.answers.some((answer) => !answer.hazard && answer.name === errno) === true
      ? { where, kind: "errno", off: false }
      : null;
  }
  const rule = rules.find((each) => each.proposal === proposal && each.name === name);
  return rule === undefined ? null : { where, kind: rule.kind, off: rule.off };
}

/** The kinds of all places of an entry, each once: `rule, errno`. */
export function kindsOf(entry: CatalogueEntry, find: (where: string) => Found | null): string {
  const kinds = entry.where.flatMap((where) => find(where)?.kind ?? []);
  return [...new Set(kinds)].join(", ") || "not modelled";
}
