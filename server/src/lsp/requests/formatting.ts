// Formatting of documents and ranges, and behind what is typed.

import type { TextDocumentIdentifier, TextEdit } from "vscode-languageserver";
import {
  type TextEdit as Edit,
  formatEdits,
  formatRangeEdits,
  formatTypedEdits,
} from "../../features/format-edits.ts";
import type { Context, Feature, Target } from "../context.ts";

export const formatting: Feature = {
  capabilities: () => ({
    documentFormattingProvider: true,
    documentRangeFormattingProvider: true,
    documentOnTypeFormattingProvider: { firstTriggerCharacter: "}", moreTriggerCharacter: ["\n"] },
  }),
  register(context) {
    const { connection } = context;
    connection.onDocumentFormatting(({ textDocument }) => edited(context, textDocument, formatEdits));
    connection.onDocumentRangeFormatting(({ textDocument, range }) => {
      const start = context.offset(textDocument.uri, range.start);
      const end = context.offset(textDocument.uri, range.end);
      return edited(context, textDocument, (text, by) =>
        start > by + text.length || end < by
          ? []
          : formatRangeEdits(text, { start: Math.max(0, start - by), end: Math.max(0, end - by) }),
      );
    });
    connection.onDocumentOnTypeFormatting(({ textDocument, position, ch }) => {
      const offset = context.offset(textDocument.uri, position);
      return edited(context, textDocument, (text, by) =>
        offset < by || offset > by + text.length ? [] : formatTypedEdits(text, offset - by, ch),
      );
    });
  },
};

/** `format` gets a text, and where it stands in the document. */
function edited(
  context: Context,
  document: TextDocumentIdentifier,
  format: (text: string, by: number) => readonly Edit[],
): TextEdit[] {
  return context.targets(document).flatMap((target) => {
    const { text, by } = ownText(target);
    return format(text, by).map((edit) => ({
      range: context.range(target.view.uri, { start: edit.start + by, end: edit.end + by }),
      newText: edit.text,
    }));
  });
}

/** Of a block in a Markdown document its own lines only: what stands around it is blank in its view. */
function ownText({ view }: Target): { readonly text: string; readonly by: number } {
  const { text } = view.document;
  if (!/#uapi-\d+$/.test(view.uri)) return { text, by: 0 };
  const code = text.search(/\S/);
  if (code === -1) return { text: "", by: 0 };
  const by = text.slice(0, code).search(/[^\r\n]*$/);
  const end = text.trimEnd().length;
  return { text: text.slice(by, end) + (/\r\n|[\r\n]/.exec(text.slice(end))?.[0] ?? ""), by };
}
