// One line above each verify block, what its claims came to on how many states, and one above each claim.

import type { Decision } from "../../analysis/verify-decisions.ts";
import { number } from "../../base/columns.ts";
import type { Claim } from "../../syntax/ast.ts";
import type { BlockPart, KnownBlock } from "./blocks.ts";

export interface VerifyLens {
  readonly start: number;
  readonly end: number;
  readonly title: string;
}

/** `now`: milliseconds since 1970, as the times in the blocks. */
export function verifyLenses(blocks: readonly KnownBlock[], now: number): VerifyLens[] {
  return blocks.flatMap((block) => {
    const { node, start, parts, defect } = block;
    const place = (span: { start: number; end: number }, title: string): VerifyLens => ({
      start: start + span.start,
      end: start + span.end,
      title,
    });
    const claims = node.body.flatMap((item) => (item.kind === "claim" ? [item] : []));
    return [
      place(node.proposal, defect === null ? blockTitle(parts, now) : `not established: ${defect}`),
      ...claims.flatMap((claim) => {
        const title = claimTitle(claim, parts ?? []);
        return title === null ? [] : [place(claim, title)];
      }),
    ];
  });
}

function blockTitle(parts: KnownBlock["parts"], now: number): string {
  if (parts === null) return "being read";
  if (parts.length === 0) return "not decided: there are errors";
  const running = parts.filter(({ state }) => state.is === "running" || state.is === "waiting");
  if (running.length > 0) return runningTitle(running);
  const failed = parts.flatMap(({ state }) => (state.is === "failed" ? [state.why] : []));
  const [why] = failed;
  if (why !== undefined) return `not established: ${why}`;
  const decided = parts.flatMap(({ state }) => (state.is === "decided" ? [state] : []));
  const all = decided.flatMap(({ decisions }) => decisions);
  const states = decided.reduce((sum, { outcome }) => sum + (outcome.orbits ?? outcome.states), 0);
  const oldest = Math.min(...decided.map(({ at }) => at));
  return `${countsOf(all)} · ${number(states)} states · ${age(now - oldest)}`;
}

function runningTitle(parts: readonly BlockPart[]): string {
  const [furthest] = parts
    .flatMap(({ state }) => (state.is === "running" ? [state.progress] : []))
    .sort((a, b) => b.states - a.states);
  return furthest === undefined
    ? "being explored"
    : `being explored: ${number(furthest.states)} states, sequences of ${furthest.depth} calls`;
}

/** `2 claims hold, 1 fails` */
function countsOf(decisions: readonly Decision[]): string {
  const count = (verdict: Decision["verdict"]): number =>
    decisions.filter((decision) => decision.verdict === verdict).length;
  const [holds, fails, open] = [count("holds"), count("fails"), count("not-established")];
  const parts = [
    ...(holds === 0 ? [] : [`${holds} ${holds === 1 ? "claim holds" : "claims hold"}`]),
    ...(fails === 0 ? [] : [`${fails} ${fails === 1 ? "claim fails" : "claims fail"}`]),
    ...(open === 0 ? [] : [`${open} not established`]),
  ];
  return parts.length === 0 ? "no claims" : parts.join(", ");
}

/** Of blocks with the same text, whose nodes may be others. */
export const isSame = (a: Claim, b: Claim): boolean => a.start === b.start && a.end === b.end;

/** Null while nothing is known. */
function claimTitle(claim: Claim, parts: readonly BlockPart[]): string | null {
  const told = parts.flatMap(({ posed, state }) => {
    const decision =
      state.is === "decided" ? state.decisions.find(({ claim: own }) => isSame(own.node, claim)) : undefined;
    return decision === undefined ? [] : [{ topology: posed.topology.text, verdict: verdictOf(decision) }];
  });
  const [first, ...others] = told;
  if (first === undefined) return null;
  if (others.every(({ verdict }) => verdict === first.verdict)) return first.verdict;
  return told.map(({ topology, verdict }) => `${topology}: ${verdict}`).join(" · ");
}

function verdictOf({ verdict, claim, found, reason }: Decision): string {
  switch (verdict) {
    case "not-established":
      return `not established: ${reason}`;
    case "holds":
      return claim.wants === "reached" ? `holds: ${calls(found)}` : "holds for every sequence of calls";
    case "fails":
      return claim.wants === "reached" ? "fails: no sequence of calls leads there" : `fails: ${calls(found)}`;
    default:
      return verdict satisfies never;
  }
}

const calls = (found: Decision["found"]): string => {
  const count = found?.path.length ?? 0;
  return count === 0 ? "at boot already" : count === 1 ? "one call leads there" : `${count} calls lead there`;
};

const MINUTE = 60_000;

function age(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / MINUTE);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h ago` : `${Math.floor(hours / 24)} d ago`;
}
