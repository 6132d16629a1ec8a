// `uapi/page`: what a diagnostic's link opens, and the texts of the shipped proposals.

import { explainMarkdown } from "../../diagnostics/page-markdown.ts";
import { SHIPPED, shippedTexts } from "../../semantics/shipped.ts";
import type { Feature } from "../context.ts";
import { type PageParams, pageRequest } from "../protocol.ts";

export const pages: Feature = {
  capabilities: () => ({}),
  register({ connection }) {
    connection.onRequest(pageRequest, ({ code }: PageParams): string | null => pageFor(code));
  },
};

/** Markdown of a code's page, or the text of a shipped proposal: `errno`, `errno.md`, `vfio.uapi`. */
function pageFor(name: string): string | null {
  const shipped = shippedTexts.get(name);
  if (shipped !== undefined) return shipped;
  const texts = [...shippedTexts].map(([file, text]) => ({ name: SHIPPED + file, text }));
  return explainMarkdown(name.replace(/\.md$/, ""), texts);
}
