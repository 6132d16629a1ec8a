// What is explored for a block: its program, or, where none can be made, the machine itself.

import type { Posed } from "../analysis/verify-problems.ts";
import { lower } from "../explore/lower/index.ts";
import { walk } from "../explore/walk.ts";
import type { Subject } from "./proofs.ts";

export function subjectOf({ problem }: Posed): Subject {
  const program = lower(problem, { order: true });
  return "unsupported" in program
    ? { exploration: (limits) => walk(problem, limits) }
    : { program, depth: problem.bounds.depth };
}
