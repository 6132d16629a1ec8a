// What becomes of the verify blocks of a text, decided to the end.

import { createSession } from "../../server/src/analysis/session.ts";
import type { Budget } from "../../server/src/analysis/verify-decisions.ts";
import { posedBlock } from "../../server/src/analysis/verify-problems.ts";
import { decide } from "../../server/src/explore/decide.ts";
import { verifyBlocksOf } from "../../server/src/features/verify/blocks.ts";
import { type Verified, verified } from "../../server/src/features/verify/verified.ts";
import { memoryFiles } from "./memory-files.ts";
import { finish, unlimited } from "./problems.ts";

const uri = "main.uapi";

export function verdictsOf(text: string, budget: Budget = unlimited): Verified[] {
  const view = createSession(memoryFiles(new Map([[uri, text]]))).view(uri);
  if (view === null) throw new Error("the text cannot be read");
  return verifyBlocksOf(view).flatMap(({ node, origin, start }) =>
    posedBlock(view, node, origin).posed.map((posed) => {
      const outcome = finish(decide(posed.problem, { ...unlimited, ...budget }));
      return verified(view, posed, outcome, budget, start);
    }),
  );
}
