// `uapi/page`: what a diagnostic's link opens, and the texts of the shipped proposals.

import { explain } from "../../diagnostics/explain.ts";
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
export function pageFor(name: string): string | null {
  const shipped = shippedTexts.get(name);
  if (shipped !== undefined) return shipped;
  const texts = [...shippedTexts].map(([file, text]) => ({ name: SHIPPED + file, text }));
  const page = explain(name.replace(/\.md$/, ""), texts);
  return page.ok ? markdownOf(page.text) : null;
}

/** The page as a terminal shows it: a heading, sections, and what is indented deeper than them is code. */
function markdownOf(text: string): string {
  const [title = "", ...lines] = text.trimEnd().split("\n");
  const body = lines.map((line) => {
    if (line === "" || line.startsWith("    ")) return line.slice(4);
    return `## ${line}`;
  });
  return `# ${title}\n${body.join("\n")}\n`;
}
