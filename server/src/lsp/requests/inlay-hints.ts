// Inlay hints, unless they are switched off.

import { type InlayHint, InlayHintKind, MarkupKind } from "vscode-languageserver";
import { type Hint, hintsIn } from "../../features/inlay-hints.ts";
import type { Context, Feature } from "../context.ts";
import { markupOf } from "./markup.ts";

export const inlayHints: Feature = {
  capabilities: (client) => (client.textDocument?.inlayHint === undefined ? {} : { inlayHintProvider: true }),
  register(context) {
    context.connection.languages.inlayHint.on(({ textDocument, range }) => {
      if (!context.settings().inlayHints.enabled) return [];
      const start = context.spot(textDocument, range.start);
      const end = context.spot(textDocument, range.end);
      return context.targets(textDocument).flatMap(({ view }) => {
        // In a Markdown document an end of the range may lie outside of the block.
        const from = start?.view.uri === view.uri ? start.offset : 0;
        const to = end?.view.uri === view.uri ? end.offset : view.document.text.length;
        return hintsIn(view, from, to)
          .map((hint) => hintOf(context, view.uri, hint))
          .filter(({ position: { line } }) => line >= range.start.line && line <= range.end.line);
      });
    });
  },
};

/** The tooltip is Markdown everywhere: clients do not say what they take. */
function hintOf(context: Context, uri: string, { at, label, kind, markup }: Hint): InlayHint {
  const isState = kind === "state";
  return {
    position: context.range(uri, { start: at, end: at }).start,
    label,
    ...(isState ? { paddingLeft: true } : { kind: InlayHintKind.Parameter, paddingRight: true }),
    ...(markup.length === 0 ? {} : { tooltip: markupOf(context, [MarkupKind.Markdown], markup) }),
  };
}
