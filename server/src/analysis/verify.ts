// `verify` blocks as far as the text goes: their names and bounds are checked. What they claim is decided elsewhere, for
// that can take long.

import type { Problem } from "../semantics/context.ts";
import type { Declared, Visible } from "../semantics/link.ts";
import type { Work } from "./session.ts";
import { posedBlock } from "./verify-problems.ts";

export function verifyFindings(work: Work, visible: Visible, declared: readonly Declared[]): Problem[] {
  return declared.flatMap(({ declaration, origin }) =>
    declaration.kind === "verify"
      ? posedBlock({ work, visible, declared }, declaration, origin).problems
      : [],
  );
}
