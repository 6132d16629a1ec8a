// What is expected of a step: the outcome that it has first, then what the call could answer.

import type { Usable } from "../../analysis/proposals.ts";
import type { Outcome } from "../../engine/outcome.ts";
import { runStep } from "../../engine/step.ts";
import type { World } from "../../engine/world.ts";
import { parseChunk } from "../../syntax/parse.ts";
import { membersNamed } from "../declared.ts";
import { onOpen } from "../hover/call.ts";
import { errnosIn } from "../hover/checks.ts";
import { errnoMeanings } from "../keyword-docs.ts";
import { undone } from "../trial.ts";
import { type Item, item, keywords } from "./item.ts";

/** What the step with this text comes to, or null when it cannot be told. */
export function outcomeOf(world: World, row: number, text: string): Outcome | null {
  const node = parseChunk("Step", text.replace(/;\s*$/, ""));
  if (node.kind !== "step") return null;
  return undone(world, () => runStep(world, row, { ...node, expected: [] }).outcome);
}

/** Behind a call: what it does, and the words for it. */
export function outcomeItems(outcome: Outcome | null): Item[] {
  const words = keywords(["fails", "violates", "ok"], 5);
  if (outcome === null || outcome.kind === "unknown") return words;
  const { kind, names, message } = outcome;
  const actual =
    kind === "ok" ? ["ok"] : names.map((name) => `${kind === "errno" ? "fails" : "violates"} ${name}`);
  const items = actual.map((label) =>
    item(label, "errno", { detail: message === "" ? "as it is" : message, rank: 1, preselect: true }),
  );
  return [...items, ...words.filter(({ label }) => !actual.includes(label))];
}

export function errnoItems(chain: Usable, callee: string | null, outcome: Outcome | null): Item[] {
  const actual = outcome?.kind === "errno" ? outcome.names : [];
  const { proposal } = chain.system;
  const other = answersOf(chain, callee).filter((errno) => !actual.includes(errno));
  const about = (errno: string): Partial<Item> => ({ about: { errno, proposal, call: callee ?? "" } });
  return [
    ...actual.map((errno) =>
      item(errno, "errno", { detail: outcome?.message ?? "", rank: 1, preselect: true, ...about(errno) }),
    ),
    ...other.map((errno) =>
      item(errno, "errno", { detail: errnoMeanings.get(errno) ?? "", rank: 2, ...about(errno) }),
    ),
  ];
}

/** The errnos that the call can answer. */
function answersOf(chain: Usable, callee: string | null): string[] {
  if (callee === null) return [];
  if (callee === "open") {
    const bodies = chain.links.flatMap(({ declaration }) =>
      declaration.body.flatMap((member) => (member.kind === "fd" ? (onOpen(member) ?? []) : [])),
    );
    return [...new Set([...errnosIn(bodies), "EBUSY", "ENOENT"])];
  }
  const member = membersNamed(chain, callee).flatMap((each) =>
    each.member.kind === "operation" ? [each.member] : [],
  )[0];
  const operation = chain.system.operations.get(callee);
  if (member === undefined || operation === undefined) return [];
  const sorts = operation.params.flatMap(({ type }) =>
    type.kinds.map((kind) => chain.system.kinds[kind]?.sort),
  );
  return [
    ...new Set([
      ...errnosIn(member.body),
      ...(sorts.includes("fd") ? ["EBADF"] : []),
      ...(sorts.includes("object") ? ["ENOENT"] : []),
    ]),
  ];
}

export function ruleItems({ system }: Usable, outcome: Outcome | null): Item[] {
  const actual = outcome?.kind === "violation" ? outcome.names : [];
  const rules = [...system.rules, ...system.hazards.values()].filter(({ name }) => !actual.includes(name));
  const about = (name: string): Partial<Item> => ({ about: { proposal: system.proposal, name } });
  return [
    ...actual.map((name) =>
      item(name, "rule", { detail: outcome?.message ?? "", rank: 1, preselect: true, ...about(name) }),
    ),
    ...rules.map(({ name, why, severity }) =>
      item(name, "rule", { detail: why, rank: severity === "off" ? 4 : 3, ...about(name) }),
    ),
    item("lifetime", "rule", { detail: "what dies in use", rank: 5 }),
  ];
}
