// What a call can read and write, found from its text alone and for all states: never less than it does. A call that
// writes nothing which another one reads cannot help it, and need not be tried.

import type { Expr, Stmt } from "../model/ir.ts";
import { fieldsRead } from "../model/reads.ts";
import { perEnvironment, perOperation } from "../model/same-code.ts";
import type { Kind, System } from "../model/system.ts";
import { expressionsOf, flatten } from "./expressions.ts";

/** Ids of fields. */
export interface Footprint {
  readonly reads: ReadonlySet<number>;
  readonly writes: ReadonlySet<number>;
}

interface Footprints {
  readonly operations: ReadonlyMap<string, Footprint>;
  /** open(2) of a kind of file, by kind. */
  readonly opens: readonly (Footprint | null)[];
}

const tables = new WeakMap<System, Footprints>();

export function footprintsOf(system: System): Footprints {
  const known = tables.get(system);
  if (known !== undefined) return known;
  const operations = new Map(
    [...system.operations].map(([name, operation]) => [name, ofOperation(system, operation)]),
  );
  const made = { operations, opens: opensOf(system) };
  tables.set(system, made);
  return made;
}

export const meets = (a: ReadonlySet<number>, b: ReadonlySet<number>): boolean => {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  for (const each of small) if (large.has(each)) return true;
  return false;
};

const opensOf = perEnvironment((system) =>
  system.kinds.map((kind) => (kind.path === null ? null : ofOpen(system, endingsOf(system), kind))),
);

const ofOperation = perOperation((system, operation): Footprint => {
  const reads = new Set(readsOf(system, operation.body));
  for (const { type } of operation.params) {
    for (const id of [...type.kinds, ...(type.element?.kinds ?? [])]) {
      const kind = system.kinds[id];
      if (kind === undefined || kind.sort === "hardware") continue;
      reads.add(kind.alive);
      if (kind.sort === "fd") reads.add(kind.holders);
      if (kind.idField !== -1) reads.add(kind.idField);
    }
    // A number may be that of an object.
    if (type.base === "int")
      for (const { idField, alive } of system.kinds) if (idField !== -1) reads.add(idField).add(alive);
  }
  return { reads, writes: writesOf(system, endingsOf(system), operation.body) };
});

function ofOpen(system: System, ends: readonly ReadonlySet<number>[], kind: Kind): Footprint {
  const body = kind.on.open?.body ?? [];
  const reads = new Set(readsOf(system, body));
  if (kind.exclusive) for (const field of [kind.alive, ...kind.fields]) reads.add(field);
  const writes = new Set(writesOf(system, ends, body));
  for (const field of birth(system, kind)) writes.add(field);
  return { reads, writes };
}

/** Every field that statements of any sort can read. */
export function readsOf(system: System, body: readonly Stmt[]): ReadonlySet<number> {
  const all = flatten(body);
  const lets = all.flatMap((statement) =>
    expressionsOf(statement).map((value): Stmt => ({ do: "let", slot: 0, value })),
  );
  const reads = new Set(fieldsRead(system, lets));
  for (const statement of all) {
    if (statement.do !== "for") continue;
    if (statement.set.set === "having") reads.add(statement.set.field);
    if (statement.set.set === "kinds")
      for (const kind of statement.set.kinds) reads.add(system.kinds[kind]?.alive ?? -1);
  }
  return reads;
}

/** Every field that an expression can read. */
export const readsIn = (system: System, expr: Expr): ReadonlySet<number> =>
  fieldsRead(system, [{ do: "let", slot: 0, value: expr }]);

function writesOf(
  system: System,
  ends: readonly ReadonlySet<number>[],
  body: readonly Stmt[],
): ReadonlySet<number> {
  const writes = new Set<number>();
  const end = (kind: number): void => {
    for (const field of ends[kind] ?? []) writes.add(field);
  };
  for (const statement of flatten(body)) {
    switch (statement.do) {
      case "assign":
        for (const id of statement.fields) {
          writes.add(id);
          const { strong, type } = system.fields[id] ?? { strong: false, type: null };
          if (!strong) continue;
          for (const kind of type?.kinds ?? []) {
            writes.add(system.kinds[kind]?.references ?? -1);
            // What the field referred to may have been kept by it alone.
            if (system.kinds[kind]?.sort === "fd") end(kind);
          }
        }
        break;
      case "new": {
        const kind = system.kinds[statement.kind];
        if (kind !== undefined) for (const field of birth(system, kind)) writes.add(field);
        break;
      }
      case "destroy":
        for (const { id, sort } of system.kinds) if (sort === "object") end(id);
        break;
      case "close":
        for (const { id, sort } of system.kinds) if (sort === "fd") end(id);
        break;
      case "give":
        for (const { holders, sort } of system.kinds) if (sort === "fd") writes.add(holders);
        break;
      default:
        break;
    }
  }
  return writes;
}

/** The fields that a new thing of a kind has for the first time, and the counts of what it refers to. */
function birth(system: System, kind: Kind): number[] {
  const counts = kind.fields.flatMap((id) => {
    const field = system.fields[id];
    return field?.strong === true
      ? field.type.kinds.map((other) => system.kinds[other]?.references ?? -1)
      : [];
  });
  return [kind.alive, kind.holders, kind.references, ...kind.fields, ...counts];
}

/** By kind: the fields that can change when a thing of that kind ends, with all that ends because of it. */
const endingsOf = perEnvironment((system): readonly ReadonlySet<number>[] => {
  const ends = system.kinds.map((kind) => new Set(kind.sort === "hardware" ? [] : birth(system, kind)));
  const follows = system.kinds.map((kind) => {
    if (kind.sort === "hardware") return [];
    const inside = system.kinds.filter(({ ownerKind }) => ownerKind === kind.id).map(({ id }) => id);
    const kept = kind.fields.flatMap((id) => {
      const field = system.fields[id];
      return field?.strong === true
        ? field.type.kinds.filter((other) => system.kinds[other]?.sort === "fd")
        : [];
    });
    return [...inside, ...kept];
  });
  for (const kind of system.kinds) {
    const own = ends[kind.id];
    if (own === undefined || kind.sort === "hardware") continue;
    for (const field of system.fields)
      if (field.type.base === "value" && field.type.kinds.includes(kind.id)) own.add(field.id);
  }
  for (let changed = true; changed; ) {
    changed = false;
    for (const kind of system.kinds) {
      const own = ends[kind.id];
      if (own === undefined || kind.sort === "hardware") continue;
      const before = own.size;
      for (const other of follows[kind.id] ?? []) for (const field of ends[other] ?? []) own.add(field);
      for (const block of [kind.on.release, kind.on.close])
        if (block !== null) for (const field of writesOf(system, ends, block.body)) own.add(field);
      changed ||= own.size !== before;
    }
  }
  return ends;
});
