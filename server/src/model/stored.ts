// A System as text, and back: what a build has compiled need not be compiled again. The text belongs to the very code
// that wrote it; nobody else reads it.

import type { Rule, System } from "./system.ts";
import { createValues, type Tables } from "./values.ts";

/** What JSON cannot hold is a list here. The checks of a rule stand in its body already. */
type Stored = Omit<System, "values" | "rules" | Table> & {
  readonly values: Tables;
  readonly rules: readonly (Omit<Rule, "checks" | "reads"> & { readonly reads: readonly number[] })[];
} & { readonly [Name in Table]: readonly EntryOf<System[Name]>[] };

type Table = "kindByName" | "roles" | "operations" | "defineByName" | "hazards" | "constants";
type EntryOf<M> = M extends ReadonlyMap<infer K, infer V> ? readonly [K, V] : never;

/** JSON has no infinity, and reads this as one. */
const INFINITY = "1e999";
const MARK = "\u0000infinity";

export function storeSystem(system: System): string {
  const stored: Stored = {
    ...system,
    values: system.values.tables(),
    rules: system.rules.map(({ checks, reads, ...rule }) => ({ ...rule, reads: [...reads] })),
    kindByName: [...system.kindByName],
    roles: [...system.roles],
    operations: [...system.operations],
    defineByName: [...system.defineByName],
    hazards: [...system.hazards],
    constants: [...system.constants],
  };
  const text = JSON.stringify(stored, (_, value: unknown) =>
    value === Number.POSITIVE_INFINITY ? MARK : value,
  );
  return text.replaceAll(JSON.stringify(MARK), INFINITY);
}

export function restoreSystem(text: string): System {
  // Written by storeSystem.
  const stored = JSON.parse(text) as Stored;
  return {
    ...stored,
    values: createValues(stored.values),
    rules: stored.rules.map((rule) => ({
      ...rule,
      checks: checksOf(rule.body),
      reads: new Set(rule.reads),
    })),
    kindByName: new Map(stored.kindByName),
    roles: new Map(stored.roles),
    operations: new Map(stored.operations),
    defineByName: new Map(stored.defineByName),
    hazards: new Map(stored.hazards),
    constants: new Map(stored.constants),
  };
}

/** The checks that a rule makes: those of its body, the very same objects. */
export const checksOf = (body: Rule["body"]): Rule["checks"] =>
  body.flatMap((statement) => (statement.do === "require" ? [statement] : []));
