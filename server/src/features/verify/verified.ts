// What became of a verify block on one topology, as plain data for reports: each claim with its verdict and the sequence
// that shows it, and what was covered.

import type { View } from "../../analysis/session.ts";
import { type Budget, type Decision, decisionsOf, type Verdict } from "../../analysis/verify-decisions.ts";
import type { Posed } from "../../analysis/verify-problems.ts";
import { number } from "../../base/columns.ts";
import type { Place } from "../../base/finding.ts";
import { nameOf } from "../../explore/common-calls.ts";
import type { Outcome, Problem } from "../../explore/problem.ts";
import { printClaim } from "../../syntax/print.ts";
import { boundsText } from "./bounds-text.ts";
import { type Counterexample, counterexample } from "./counterexample.ts";

export interface VerifiedClaim extends Place {
  /** As it is written: `breaks group_isolation`. */
  readonly text: string;
  readonly verdict: Verdict;
  /** Why, in one line. */
  readonly says: string;
  /** How many calls the shortest sequence has; null if none was found. */
  readonly calls: number | null;
  /** The sequence as a scenario, made when somebody asks; null too where no program could make these calls. */
  readonly scenario: Counterexample | null;
}

/** The place is that of the topology's name. */
export interface Verified extends Place {
  readonly proposal: string;
  readonly topology: string;
  readonly claims: readonly VerifiedClaim[];
  readonly states: number;
  /** The states that the explored ones stand for, where that is known to be more. */
  readonly orbits: number | null;
  readonly transitions: number;
  /** Calls of the longest of the shortest ways to a state. */
  readonly depth: number;
  /** Why the exploration ended. */
  readonly ended: Outcome["end"];
  readonly bounds: readonly string[];
  /** Calls that were tried in all states, and succeeded in none: what was proved says nothing about them. */
  readonly neverSucceeded: readonly string[];
  /** Kinds whose things were not taken for equals, for their order decides something. */
  readonly toldApart: readonly string[];
}

/** `start` is where the block's item starts. */
export function verified(
  view: View,
  posed: Posed,
  outcome: Outcome,
  budget: Budget,
  start: number,
): Verified {
  const { states, transitions, depth, end } = outcome;
  const place = (span: { readonly start: number; readonly end: number }): Place => ({
    uri: view.uri,
    start: start + span.start,
    end: start + span.end,
  });
  return {
    ...place(posed.topology),
    proposal: posed.problem.system.proposal,
    topology: posed.topology.text,
    claims: decisionsOf(posed, outcome, budget).map((decision) => {
      let made: Counterexample | null | undefined;
      const scenario = (): Counterexample | null => {
        if (made === undefined) made = counterexample(view, posed, decision);
        return made;
      };
      return {
        ...place(decision.claim.node),
        text: printClaim(decision.claim.node),
        verdict: decision.verdict,
        says: says(decision, scenario),
        calls: decision.found?.path.length ?? null,
        get scenario() {
          return scenario();
        },
      };
    }),
    ...{ states, transitions, depth, ended: end },
    orbits: outcome.orbits !== null && outcome.orbits !== states ? outcome.orbits : null,
    bounds: boundsText(posed),
    neverSucceeded: outcome.end === "exhausted" ? neverSucceeded(posed.problem, outcome) : [],
    toldApart: outcome.ordered,
  };
}

function neverSucceeded({ system, calls }: Problem, { succeeded }: Outcome): string[] {
  const names = calls.map((call) => nameOf(system, call));
  const some = new Set(names.filter((_, call) => succeeded[call]));
  return [...new Set(names)].filter((name) => !some.has(name));
}

/** `secure_context breaks after 5 calls`. */
function says({ claim, found, reason }: Decision, scenario: () => Counterexample | null): string {
  if (reason !== null) return reason;
  const { claim: form } = claim.node;
  if (found === null) {
    const what = form === "safe" ? "breaks a rule" : form === "breaks" ? "breaks it" : "gets there";
    return claim.wants === "never"
      ? `no sequence of calls ${what}`
      : `no sequence of calls within these bounds ${what}`;
  }
  const count = found.path.length;
  const when = count === 0 ? "at boot already" : `after ${number(count)} call${count === 1 ? "" : "s"}`;
  if (form === "reach" || form === "never") return `${count === 0 ? "so" : "reached"} ${when}`;
  const what =
    form === "safe" ? `${scenario()?.finding?.code.replaceAll("-", "_") ?? "a rule"} breaks` : "breaks";
  return `${what} ${when}`;
}
