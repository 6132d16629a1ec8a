// Verdicts that are no good news as findings at the claims, for what shows findings (SARIF).

import type { Finding } from "../base/finding.ts";
import type { Verified } from "../features/verify/verified.ts";

const claimFails = "claim-fails";

export function verifyFindings(all: readonly Verified[]): Finding[] {
  return all.flatMap(({ proposal, topology, claims, bounds }) =>
    claims.flatMap((claim): Finding[] => {
      if (claim.verdict === "holds") return [];
      const { uri, start, end, text, says, scenario } = claim;
      const why = scenario?.finding ?? null;
      return [
        {
          ...{ uri, start, end },
          code: claim.verdict === "fails" ? claimFails : "not-established",
          severity: claim.verdict === "fails" ? "error" : "warning",
          message: `\`${text}\` ${claim.verdict === "fails" ? "fails" : "is not established"} for ${proposal} on ${topology}: ${says}`,
          related: [],
          help: [],
          notes: [
            ...(scenario?.calls.map((call, i) => `${i + 1}. ${call.text}`) ?? []),
            ...(why === null ? [] : [`${why.code}: ${why.message}`]),
            `within: ${bounds.join("; ")}`,
          ],
        },
      ];
    }),
  );
}
