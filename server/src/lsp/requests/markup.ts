// Documents of features/ in the form that a client takes: Markdown with links where it can, else plain text.

import { type MarkupContent, MarkupKind } from "vscode-languageserver";
import { type Address, type Markup, toMarkdown, toPlain } from "../../features/markup.ts";
import type { Context } from "../context.ts";

/** `formats`: what the client says it takes, best first; nothing said means plain text. */
export function markupOf(
  context: Context,
  formats: readonly MarkupKind[] | undefined,
  markup: Markup,
): MarkupContent {
  const kind = formats?.find((each) => each === MarkupKind.Markdown || each === MarkupKind.PlainText);
  return kind === MarkupKind.Markdown
    ? { kind, value: toMarkdown(markup, addresses(context)) }
    : { kind: MarkupKind.PlainText, value: toPlain(markup) };
}

/** `file:///lab/mine.uapi#L12` */
const addresses =
  ({ location }: Context): Address =>
  (uri, offset) => {
    const { uri: target, range } = location({ uri, start: offset, end: offset });
    return /[()\s<>]/.test(target) ? null : `${target}#L${range.start.line + 1}`;
  };
