// The calls of a proposal as they would go in the state at the cursor: those that succeed first, with their arguments,
// then those that would be refused, with the reason.

import type { Usable } from "../../analysis/proposals.ts";
import type { View } from "../../analysis/session.ts";
import type { World } from "../../engine/world.ts";
import type { Operation, System } from "../../model/system.ts";
import { showType } from "../../semantics/context.ts";
import type { Cursor } from "../cursor.ts";
import { type Attempt, bestCall, type Found, type Opened, opens, shownAttempt } from "./attempts.ts";
import type { Bench } from "./choices.ts";
import type { FreshNames } from "./fresh.ts";
import { filled, type Item, item, type Piece } from "./item.ts";

/** What a call is wanted for: as a step of its own, which may name its result; or for its value. */
export type Wanted = "step" | "value";

/** Ranks of what was tried; what comes later is less useful. */
const rank = { works: 1, common: 2, looks: 3, breaks: 4, refused: 5, missing: 6 } as const;

export interface Asked {
  readonly view: View;
  readonly bench: Bench;
  readonly chain: Usable;
  readonly world: World;
  readonly cursor: Cursor;
  readonly fresh: FreshNames;
}

export function callItems(asked: Asked, wanted: Wanted): Item[] {
  const { bench, chain, world, cursor } = asked;
  const { system } = world;
  const proposals = chain.links.map(({ declaration }) => declaration.name.text);
  const operations = [...system.operations.values()]
    .filter(({ result }) => wanted === "step" || result !== null)
    .sort((a, b) => proposals.indexOf(b.proposal) - proposals.indexOf(a.proposal));
  const calls = operations.map((operation) => {
    const best = bestCall(bench, operation);
    return "missing" in best
      ? missingItem(system, operation, best.missing, cursor)
      : callItem(asked, operation, best, wanted);
  });
  return [...openItems(asked, wanted), ...calls];
}

function callItem({ world, cursor, fresh }: Asked, operation: Operation, found: Found, wanted: Wanted): Item {
  const { attempt, args } = found;
  const shown = args.map(({ text }) => text).join(", ");
  const pieces: Piece[] = [
    ...resultPieces(world, fresh, operation, found, wanted),
    `${operation.name}(`,
    ...args.flatMap(({ text }, i): Piece[] => [i === 0 ? "" : ", ", { stop: text }]),
    ")",
  ];
  return item(operation.name, "call", {
    detail: `(${shown}) ${shownAttempt(attempt)}`,
    ...spelled(operation.name, pieces, cursor),
    rank: rankOf(attempt, operation),
    about: { proposal: world.system.proposal, name: operation.name },
  });
}

function rankOf({ is, effective }: Attempt, { form }: Pick<Operation, "form">): number {
  if (is !== "ok") return is === "breaks" ? rank.breaks : rank.refused;
  return effective ? (form === "ioctl" ? rank.works : rank.common) : rank.looks;
}

/** With brackets behind the cursor the name is all that is missing. */
function spelled(name: string, pieces: readonly Piece[], cursor: Cursor): Pick<Item, "insert" | "snippet"> {
  return cursor.behind.startsWith("(") ? { insert: name, snippet: null } : filled(pieces);
}

function resultPieces(
  world: World,
  fresh: FreshNames,
  operation: Operation,
  { attempt, args }: Found,
  wanted: Wanted,
): Piece[] {
  const made = operation.result?.kinds.map((kind) => world.system.kinds[kind]) ?? [];
  const kind = world.system.kinds[attempt.kind] ?? made.find((each) => each?.sort !== "hardware");
  if (wanted === "value" || operation.result === null || kind === undefined || kind.sort === "hardware")
    return [];
  const device = args.find(({ kind: sort }) => sort === "hardware")?.text ?? "";
  return [{ stop: fresh.name(operation.name, kind, numberOf(device)) }, " = "];
}

/** `dev0` is the file of `nic0`. */
const numberOf = (name: string): string => /(?<=[A-Za-z_])\d+$/.exec(name)?.[0] ?? "";

/** Nothing here could be given for one of its parameters. */
function missingItem(system: System, operation: Operation, missing: number, cursor: Cursor): Item {
  const param = operation.params[missing];
  const type = param === undefined ? "?" : showType(system, param.type);
  const needed = operation.params.filter(({ initial, type: of }) => initial === null && !of.optional);
  const pieces: Piece[] = [
    `${operation.name}(`,
    ...needed.flatMap(({ name }, i): Piece[] => [i === 0 ? "" : ", ", { stop: name }]),
    ")",
  ];
  return item(operation.name, "call", {
    detail: `wants ${type}: there is none here`,
    ...spelled(operation.name, pieces, cursor),
    rank: rank.missing,
    about: { proposal: system.proposal, name: operation.name },
  });
}

// ---------------------------------------------------------------- open

function openItems({ world, cursor, fresh }: Asked, wanted: Wanted): Item[] {
  const named = new Set(
    [...world.slots.values()].flatMap((slot) =>
      typeof slot !== "string" && slot.is === "thing" ? [Math.floor(slot.ref / 2 ** 20)] : [],
    ),
  );
  return opens(world).map(({ path, kind, attempt }) => {
    const target: Piece[] =
      wanted === "value" || kind === undefined
        ? []
        : [{ stop: fresh.name(path, kind, numberOf(path)) }, " = "];
    // A second file of the sort is rarely what comes next.
    const again = kind !== undefined && named.has(kind.id);
    return item(`open("${path}")`, "open", {
      detail: shownOpen(kind, attempt),
      ...spelled("open", [...target, `open("${path}")`], cursor),
      rank: again && attempt.is === "ok" ? rank.common : rankOf(attempt, { form: "ioctl" }),
      about: kind === undefined ? null : { proposal: world.system.proposal, name: kind.name },
    });
  });
}

const shownOpen = (kind: Opened["kind"], attempt: Attempt): string =>
  kind === undefined || attempt.is === "refused"
    ? shownAttempt(attempt)
    : `${shownAttempt(attempt)} -> ${kind.name}`;

/** The paths for the string of an `open`. */
export function pathItems(world: World, quoted: boolean): Item[] {
  return opens(world).map(({ path, kind, attempt }) => {
    const detail = shownOpen(kind, attempt);
    return item(quoted ? path : `"${path}"`, "value", { detail, rank: rankOf(attempt, { form: "ioctl" }) });
  });
}

/** Calls that give a thing of one of these kinds, to stand as an argument. */
export function makers(bench: Bench, kinds: readonly number[]): Item[] {
  const { world } = bench;
  return [...world.system.operations.values()].flatMap((operation): Item[] => {
    if (operation.result?.base !== "value" || !operation.result.kinds.some((kind) => kinds.includes(kind)))
      return [];
    const best = bestCall(bench, operation);
    if ("missing" in best || best.attempt.is !== "ok") return [];
    const args = best.args.flatMap(({ text }, i): Piece[] => [i === 0 ? "" : ", ", { stop: text }]);
    return [
      item(operation.name, "call", {
        detail: `(${best.args.map(({ text }) => text).join(", ")}) makes one`,
        ...filled([`${operation.name}(`, ...args, ")"]),
        rank: 6,
        about: { proposal: world.system.proposal, name: operation.name },
      }),
    ];
  });
}
