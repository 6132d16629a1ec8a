// `uapi/codes`: everything that has a page, for an editor's list to choose from.

import { pages } from "../../diagnostics/index.ts";
import { rulePages } from "../../diagnostics/rules.ts";
import { SHIPPED, shippedTexts } from "../../semantics/shipped.ts";
import type { Feature } from "../context.ts";
import { type CodeEntry, codesRequest } from "../protocol.ts";

export const codes: Feature = {
  capabilities: () => ({}),
  register({ connection }) {
    connection.onRequest(codesRequest, (): readonly CodeEntry[] => allCodes());
  },
};

/** The codes of the tool, then the rules and hazards of the shipped proposals. */
function allCodes(): readonly CodeEntry[] {
  const shipped = [...shippedTexts].map(([file, text]) => ({ name: SHIPPED + file, text }));
  const own = pages.map(({ code, title }): CodeEntry => ({ code, title, kind: "code" }));
  const rules = rulePages(shipped).map(
    ({ proposal, name, why, kind }): CodeEntry => ({ code: `${proposal}.${name}`, title: why, kind }),
  );
  return [...own, ...rules];
}
