// Verdicts as JSON, for scripts. The shape is a promise to them:
//
//   [{ "file": "a.uapi", "proposal": "vfio", "topology": "box", "range": …,
//      "ended": "exhausted", "states": 520, "orbits": null, "transitions": 3498, "depth": 13,
//      "bounds": ["any number of calls", "1 task", …], "neverSucceeded": ["mmap"], "toldApart": [],
//      "claims": [{ "claim": "safe", "verdict": "holds" | "fails" | "not-established", "says": "…", "range": …,
//                   "calls": null | ["c = open(…)", …], "scenario": null | "scenario …",
//                   "breaks": null | { "code": "secure-context", "message": "…" } }] }]
//
// Ranges are as in the findings of `uapi check`: lines and columns from 1, `end` behind the last character.

import type { Verified } from "../features/verify/verified.ts";
import { rangeOf } from "./json.ts";
import type { Sources } from "./sources.ts";

export function verifyJson(all: readonly Verified[], sources: Sources): string {
  const entries = all.map((verified) => ({
    file: verified.uri,
    proposal: verified.proposal,
    topology: verified.topology,
    range: rangeOf(verified, sources),
    ended: verified.ended,
    states: verified.states,
    orbits: verified.orbits,
    transitions: verified.transitions,
    depth: verified.depth,
    bounds: verified.bounds,
    neverSucceeded: verified.neverSucceeded,
    toldApart: verified.toldApart,
    claims: verified.claims.map((claim) => ({
      claim: claim.text,
      verdict: claim.verdict,
      says: claim.says,
      range: rangeOf(claim, sources),
      calls: claim.scenario?.calls.map(({ text }) => text) ?? null,
      scenario: claim.scenario?.text ?? null,
      breaks:
        claim.scenario?.finding == null
          ? null
          : { code: claim.scenario.finding.code, message: claim.scenario.finding.message },
    })),
  }));
  return `${JSON.stringify(entries, null, 2)}\n`;
}
