// The open documents as the client has them: text, lines and version, and what the session calls them. A Markdown text
// is one document of the client and as many of the session as it has uapi blocks. Texts of the language are kept by the
// session alone.

import type { TextDocumentContentChangeEvent, TextDocumentItem } from "vscode-languageserver";
import type { Session } from "../analysis/session.ts";
import { type Edit, textIn } from "../syntax/document.ts";
import { type LineStarts, lineStartsOf } from "./line-starts.ts";
import { type Block, type Fence, fencesIn, masked } from "./markdown.ts";
import { type Encoding, type Lined, offsetAt } from "./positions.ts";
import { keyOf } from "./uris.ts";

export interface OpenDocument extends Lined {
  /** Canonical: what the session calls it, and its blocks with `#uapi-N` behind it. */
  readonly key: string;
  /** As the client spells it. */
  readonly uri: string;
  readonly version: number;
  readonly isMarkdown: boolean;
  /** The uapi blocks of Markdown; else one for the whole text. None for a text that is too large. */
  readonly parts: readonly Part[];
  /** Of Markdown: the fences that hold a part of a file. */
  readonly fragments: readonly Fence[];
  readonly text: () => string;
}

export interface Part extends Block {
  /** What the session calls it. */
  readonly key: string;
}

export interface Documents {
  readonly get: (uri: string) => OpenDocument | undefined;
  readonly all: () => Iterable<OpenDocument>;
  readonly open: (item: TextDocumentItem) => OpenDocument;
  /** The new state; undefined for a document that is not open. */
  readonly change: (
    uri: string,
    version: number,
    changes: readonly TextDocumentContentChangeEvent[],
  ) => OpenDocument | undefined;
  readonly close: (uri: string) => OpenDocument | undefined;
}

/** Larger texts are kept, so that edits apply, and not analysed; as for files on disk. */
export const sizeLimit = 16 * 1024 * 1024;

export function createDocuments(session: Session, encoding: () => Encoding): Documents {
  const opened = new Map<string, OpenDocument>();

  /** The session gets this text, as an edit of the one it has. */
  const put = (key: string, text: string): void => {
    const known = session.opened(key);
    if (known === undefined) session.open(key, text);
    else session.edit(key, difference(known.text, text));
  };

  /** A document with this text. What the session has of the one before and does not need any more goes. */
  const made = (
    head: Pick<OpenDocument, "key" | "uri" | "version" | "isMarkdown">,
    { text, lines }: { readonly text: string; readonly lines: LineStarts },
    before: readonly Part[],
  ): OpenDocument => {
    const { key, isMarkdown } = head;
    const fences = isMarkdown && text.length <= sizeLimit ? fencesIn(text) : [];
    const whole = text.length > sizeLimit ? [] : [{ key, start: 0, end: text.length }];
    const blocks = fences.filter(({ part }) => part === "");
    const parts = isMarkdown
      ? blocks.map(({ start, end }, index) => ({ start, end, key: `${key}#uapi-${index + 1}` }))
      : whole;
    for (const part of before) if (!parts.some((each) => each.key === part.key)) session.close(part.key);
    for (const part of parts) put(part.key, isMarkdown ? masked(text, part) : text);
    const own = isMarkdown || parts.length === 0 ? keptText(text) : textOfSession(key);
    const fragments = fences.filter(({ part }) => part !== "");
    const document = { ...head, ...own, lines, parts, fragments };
    opened.set(key, document);
    return document;
  };

  const textOfSession = (key: string): Pick<OpenDocument, "text" | "slice"> => ({
    text: () => session.opened(key)?.text ?? "",
    slice(start, end) {
      const document = session.opened(key);
      return document === undefined ? "" : textIn(document, start, end);
    },
  });

  return {
    get: (uri) => opened.get(keyOf(uri)),
    all: () => opened.values(),
    open({ uri, languageId, version, text }) {
      const key = keyOf(uri);
      const isMarkdown = languageId === "markdown" || (languageId !== "uapi" && key.endsWith(".md"));
      const lines = lineStartsOf(text);
      return made({ key, uri, version, isMarkdown }, { text, lines }, opened.get(key)?.parts ?? []);
    },
    change(uri, version, changes) {
      const known = opened.get(keyOf(uri));
      if (known === undefined) return undefined;
      const { key, isMarkdown, parts } = known;
      let { lines } = known;
      // Null while the session has the text and follows it.
      let text = isMarkdown || parts.length === 0 ? known.text() : null;
      for (const change of changes) {
        const edit = editOf(change, { lines, slice: (a, b) => text?.slice(a, b) ?? known.slice(a, b) });
        if (edit === null) {
          text = change.text;
          lines = lineStartsOf(text);
          continue;
        }
        const length = lines.length() + edit.text.length - (edit.end - edit.start);
        if (text === null && length > sizeLimit) text = known.text();
        if (text === null) session.edit(key, edit);
        else text = text.slice(0, edit.start) + edit.text + text.slice(edit.end);
        lines.edit(edit.start, edit.end, edit.text);
      }
      if (text !== null) return made({ ...known, version }, { text, lines }, parts);
      const document = { ...known, version, lines, parts: [{ key, start: 0, end: lines.length() }] };
      opened.set(key, document);
      return document;
    },
    close(uri) {
      const document = opened.get(keyOf(uri));
      if (document === undefined) return undefined;
      opened.delete(document.key);
      for (const { key } of document.parts) session.close(key);
      return document;
    },
  };

  /** Null for one that replaces the whole text. */
  function editOf(change: TextDocumentContentChangeEvent, lined: Lined): Edit | null {
    if (!("range" in change) || change.range === undefined) return null;
    const one = offsetAt(lined, change.range.start, encoding());
    const two = offsetAt(lined, change.range.end, encoding());
    return { start: Math.min(one, two), end: Math.max(one, two), text: change.text };
  }
}

const keptText = (text: string): Pick<OpenDocument, "text" | "slice"> => ({
  text: () => text,
  slice: (start, end) => text.slice(start, end),
});

/** One edit that makes the second text of the first. */
function difference(from: string, to: string): Edit {
  const most = Math.min(from.length, to.length);
  let start = 0;
  while (start < most && from.charCodeAt(start) === to.charCodeAt(start)) start++;
  let same = 0;
  while (
    same < most - start &&
    from.charCodeAt(from.length - 1 - same) === to.charCodeAt(to.length - 1 - same)
  )
    same++;
  return { start, end: from.length - same, text: to.slice(start, to.length - same) };
}
