// What the symbol index says: which spans of an item stand for which symbol. A symbol is known by its key, which is
// the same in all files of a session; a span may stand for several (the field that two kinds of files have).

import type { Site } from "../../model/ir.ts";
import type { Origin } from "../../semantics/context.ts";
import type { Span } from "../../syntax/ast.ts";

export type Role =
  | "proposal"
  | "topology"
  | "scenario"
  | "fd"
  | "object"
  | "role"
  | "alias"
  | "kind"
  | "field"
  | "operation"
  | "effect"
  | "define"
  | "rule"
  | "hazard"
  | "const"
  | "word"
  | "result"
  | "parameter"
  | "variable"
  | "iommu"
  | "group"
  | "device"
  | "task"
  | "handle"
  | "struct-field"
  | "file";

export interface Occurrence {
  readonly start: number;
  readonly end: number;
  readonly key: string;
  readonly role: Role;
  readonly access: "declare" | "write" | "read";
  /** False where something stands for the symbol without saying its name: the path that opens an fd. */
  readonly spelled: boolean;
  /** Its documentation says so. */
  readonly deprecated?: true;
}

/** Spans are relative to the item. */
export interface ItemIndex {
  /** By start; of the same span each symbol once. */
  readonly occurrences: readonly Occurrence[];
  /** Where a symbol is declared, base first. */
  readonly declared: (key: string) => readonly Site[];
  /** The keys of the kinds of file or object that a handle can stand for. */
  readonly typeOf: (key: string) => readonly string[];
}

/** A symbol of a chain of proposals, and its declarations: of the base first, of what replaces it last. */
export interface Declared {
  readonly key: string;
  readonly role: Role;
  readonly sites: readonly Site[];
  readonly deprecated?: true;
}

/** `operation VFIO_SET_IOMMU`, `type group_fd`, `field group_fd.container`, `parameter operation OP.flags` -> symbol. */
export type Table = ReadonlyMap<string, Declared>;

export const localKey = (origin: Origin, start: number): string =>
  `local|${origin.uri}#${origin.item}@${start}`;

const builtInRoles: Readonly<Record<string, Role>> = {
  type: "kind",
  field: "field",
  define: "define",
  effect: "effect",
  operation: "operation",
  rule: "rule",
  hazard: "hazard",
  const: "const",
  word: "word",
};

/** The symbol of a name that nothing declares belongs to the language. */
export function entryOf(table: Table, name: string): Declared {
  const role = builtInRoles[name.slice(0, name.indexOf(" "))] ?? "variable";
  return table.get(name) ?? { key: `built-in|${name}`, role, sites: [] };
}

export const isBuiltIn = (key: string): boolean => key.startsWith("built-in|");

export function occurrence(
  at: Span,
  { key, role, deprecated }: Pick<Declared, "key" | "role" | "deprecated">,
  access: Occurrence["access"] = "read",
  spelled = true,
): Occurrence {
  return { start: at.start, end: at.end, key, role, access, spelled, ...(deprecated ? { deprecated } : {}) };
}

const strength = { declare: 0, write: 1, read: 2 };

/** In the order of the text, of one span and symbol the strongest access only. */
export function sorted(occurrences: readonly Occurrence[]): Occurrence[] {
  const known = new Map<string, Occurrence>();
  for (const each of occurrences) {
    const id = `${each.start} ${each.end} ${each.key}`;
    const before = known.get(id);
    if (before === undefined || strength[each.access] < strength[before.access]) known.set(id, each);
  }
  return [...known.values()].sort((a, b) => a.start - b.start || a.end - b.end);
}
