// Links to our own documents, as commands. No editor in here, so that it can be tested as it is.

import { pageScheme, shippedScheme } from "../../server/src/lsp/protocol.ts";

const link = new RegExp(`\\]\\(<?(${pageScheme}|${shippedScheme}):/*([^)>#]+)(#[^)>]*)?>?\\)`, "g");

/** Markdown whose links to pages and shipped proposals call `uapi.open`. */
export function withCommands(markdown: string): string {
  return markdown.replace(link, (_all, scheme: string, path: string, fragment = "") => {
    const uri = `${scheme}:/${path}${fragment}`;
    // A parenthesis would end the link.
    const argument = encodeURIComponent(JSON.stringify([uri]))
      .replaceAll("(", "%28")
      .replaceAll(")", "%29");
    return `](command:uapi.open?${argument})`;
  });
}
