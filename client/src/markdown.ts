// Links in hovers. VS Code follows only links of well known schemes there, so those to our pages become commands, and no
// other command may be called from a hover. Knows nothing of the language.

import { type Hover, MarkdownString } from "vscode";
import { withCommands } from "./links.ts";

/** The commands that a link in a hover may call. */
export const opensByLink = ["uapi.explain", "uapi.open", "uapi.showTrace"];

export function linksThatOpen(hover: Hover | null | undefined): Hover | null | undefined {
  for (const content of hover?.contents ?? []) {
    if (content instanceof MarkdownString) content.value = withCommands(content.value);
  }
  return hover;
}
