// What an exploration says about each claim. Three answers, and never one that says more than was looked at.

import { number } from "../base/columns.ts";
import type { Outcome } from "../explore/problem.ts";
import type { Posed, PosedClaim } from "./verify-problems.ts";

export type Verdict = "holds" | "fails" | "not-established";

export interface Decision {
  readonly claim: PosedClaim;
  readonly verdict: Verdict;
  /** Of the problem: which goal was reached, and by which calls; null where none was. */
  readonly found: { readonly goal: number; readonly path: readonly number[] } | null;
  /** Why it is not established. */
  readonly reason: string | null;
}

export function decisionsOf(posed: Posed, outcome: Outcome, limits: Budget): Decision[] {
  return posed.claims.map((claim): Decision => {
    const [shortest] = claim.goals
      .flatMap((goal) => {
        const path = outcome.found[goal] ?? null;
        return path === null ? [] : [{ goal, path }];
      })
      .sort((a, b) => a.path.length - b.path.length);
    if (shortest !== undefined) {
      const verdict = claim.wants === "reached" ? "holds" : "fails";
      return { claim, verdict, found: shortest, reason: null };
    }
    if (outcome.end === "exhausted") {
      return { claim, verdict: claim.wants === "never" ? "holds" : "fails", found: null, reason: null };
    }
    return { claim, verdict: "not-established", found: null, reason: reasonFor(outcome, limits) };
  });
}

/** What could be spent. */
export interface Budget {
  readonly states: number;
  readonly bytes: number;
  /** After which somebody cancels. */
  readonly seconds?: number;
}

const MEGABYTE = 1024 * 1024;

function reasonFor({ end, reason, depth, states }: Outcome, budget: Budget): string {
  const reached = `${number(states)} states, sequences of up to ${depth} calls`;
  switch (end) {
    case "depth":
      return `longer sequences than ${depth} calls were not tried`;
    case "states":
      return `the budget of ${number(budget.states)} states is used up after sequences of up to ${depth} calls`;
    case "memory":
      return `the budget of ${number(Math.round(budget.bytes / MEGABYTE))} MB is used up after ${reached}`;
    case "cancelled":
      return budget.seconds === undefined
        ? `stopped after ${reached}`
        : `the ${budget.seconds} s are over after ${reached}`;
    case "unsupported":
      return reason ?? "this cannot be explored";
    case "found":
    case "exhausted":
      return `not looked for after ${reached}`;
    default:
      return end satisfies never;
  }
}
