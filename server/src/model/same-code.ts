// What of a System is as it was in one that an edit made it from, but for where it stands: so that what was found out
// about it holds. Knows no texts; the compiler tells it.

import type { Stmt } from "./ir.ts";
import type { Operation, System } from "./system.ts";

const codes = new WeakMap<readonly Stmt[], readonly Stmt[]>();
const environments = new WeakMap<System, object>();

/** The same list for bodies that differ in their sites only. Expressions in them are the same objects. */
export const codeOf = (body: readonly Stmt[]): readonly Stmt[] => codes.get(body) ?? body;

export function isCodeOf(moved: readonly Stmt[], body: readonly Stmt[]): void {
  codes.set(moved, codeOf(body));
}

/** The same object for Systems that differ in their operations and in sites only. */
export function environmentOf(system: System): object {
  const known = environments.get(system) ?? {};
  environments.set(system, known);
  return known;
}

/** What is found out about an operation, or a whole environment, once for all Systems in which it is the same. */
export function perOperation<T>(
  find: (system: System, operation: Operation) => T,
): (system: System, operation: Operation) => T {
  const known = perEnvironment(() => new WeakMap<readonly Stmt[], { readonly found: T }>());
  return (system, operation) => {
    const own = known(system);
    const code = codeOf(operation.body);
    const before = own.get(code) ?? { found: find(system, operation) };
    own.set(code, before);
    return before.found;
  };
}

export function perEnvironment<T>(find: (system: System) => T): (system: System) => T {
  const known = new WeakMap<object, { readonly found: T }>();
  return (system) => {
    const environment = environmentOf(system);
    const before = known.get(environment) ?? { found: find(system) };
    known.set(environment, before);
    return before.found;
  };
}

export function sharesEnvironment(system: System, like: System): void {
  environments.set(system, environmentOf(like));
}
