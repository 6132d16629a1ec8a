// Links in hovers. VS Code follows only links of well known schemes there, so those to our pages become commands, and no
// other command may be called from a hover. Knows nothing of the language.

import { type Hover, MarkdownString } from "vscode";
import { pageScheme, shippedScheme } from "../../server/src/lsp/protocol.ts";

/** The commands that a link in a hover may call. */
export const opensByLink = ["uapi.explain", "uapi.open", "uapi.showTrace"];

const link = new RegExp(`\\]\\(<?(${pageScheme}|${shippedScheme}):/*([^)>#]+)(#[^)>]*)?>?\\)`, "g");

export function linksThatOpen(hover: Hover | null | undefined): Hover | null | undefined {
  for (const content of hover?.contents ?? []) {
    if (content instanceof MarkdownString) content.value = withCommands(content.value);
  }
  return hover;
}

export function withCommands(markdown: string): string {
  return markdown.replace(link, (_all, scheme: string, path: string, fragment = "") => {
    const uri = `${scheme}:/${path}${fragment}`;
    return `](command:uapi.open?${encodeURIComponent(JSON.stringify([uri]))})`;
  });
}
