// Checks that the kernel might make (`require?`): which there are, and the same system with some of them made, or made
// to speak instead of refusing. A System is plain data, so a copy of its calls is all that it takes.

import type { Check, Stmt } from "../model/ir.ts";
import type { Block, Hazard, Kind, Operation, System } from "../model/system.ts";
import { flatten } from "./expressions.ts";
import type { GroundCall } from "./problem.ts";

/** One check that might be made, and where: in a call, or when a file of this kind is opened. */
export interface MaybeCheck {
  readonly check: Check;
  readonly call: string;
}

/** The hazard that a check reports in place of refusing; no name of a proposal has a space. */
export const SPEAKS = "might be refused";

/** In the order of the declarations. Those that would only warn bar nothing, and are no barriers. */
export function maybeChecks(system: System): MaybeCheck[] {
  const inBody = (body: readonly Stmt[], call: string): MaybeCheck[] =>
    flatten(body).flatMap((statement) =>
      statement.do === "require" && statement.maybe && statement.hazard === null
        ? [{ check: statement, call }]
        : [],
    );
  return [
    ...system.kinds.flatMap(({ on, name }) => inBody(on.open?.body ?? [], `open of ${name}`)),
    ...[...system.operations.values()].flatMap(({ body, name }) => inBody(body, name)),
  ];
}

export interface Made {
  readonly refusing: ReadonlySet<Check>;
  /** These report `SPEAKS` where they would refuse, and the call goes on. */
  readonly speaking: ReadonlySet<Check>;
}

/** The call of the other system that has the same name. */
export function movedTo(system: System, call: GroundCall): GroundCall {
  if (call.do === "open") return call;
  const operation = system.operations.get(call.operation.name);
  return operation === undefined ? call : { ...call, operation };
}

/** The same system with these checks made. */
export function systemWith(system: System, { refusing, speaking }: Made): System {
  const changed = (body: readonly Stmt[]): readonly Stmt[] => {
    const now = body.map((statement): Stmt => {
      switch (statement.do) {
        case "require":
          if (refusing.has(statement)) return { ...statement, maybe: false };
          if (speaking.has(statement)) return { ...statement, maybe: false, hazard: SPEAKS };
          return statement;
        case "for":
          return within(statement, { body: changed(statement.body) });
        case "if":
          return within(statement, {
            then: changed(statement.then),
            otherwise: changed(statement.otherwise),
          });
        default:
          return statement;
      }
    });
    return now.some((statement, i) => statement !== body[i]) ? now : body;
  };
  const operation = (own: Operation): Operation => within(own, { body: changed(own.body) });
  const kind = (own: Kind): Kind => {
    const open: Block | null =
      own.on.open === null ? null : within(own.on.open, { body: changed(own.on.open.body) });
    return open === own.on.open ? own : { ...own, on: { ...own.on, open } };
  };
  return {
    ...system,
    kinds: system.kinds.map(kind),
    operations: new Map([...system.operations].map(([name, own]) => [name, operation(own)])),
    hazards: speaking.size === 0 ? system.hazards : new Map([...system.hazards, [SPEAKS, speaks(system)]]),
  };
}

/** The same object where nothing changes: what was found out about it before still holds. */
function within<T extends object>(object: T, parts: Partial<T>): T {
  const next = { ...object, ...parts };
  const keys = Object.keys(parts) as (keyof T)[]; // of an object literal with these keys
  return keys.some((key) => next[key] !== object[key]) ? next : object;
}

const speaks = ({ proposal }: System): Hazard => ({
  name: SPEAKS,
  severity: "info",
  why: "",
  doc: [],
  proposal,
  site: { uri: "", item: 0, start: 0, end: 0 },
});
