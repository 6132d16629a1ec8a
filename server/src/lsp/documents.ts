// The open documents as the client has them: text, lines and version, and what the session calls them. A Markdown text
// is one document of the client and as many of the session as it has uapi blocks.

import type { TextDocumentContentChangeEvent, TextDocumentItem } from "vscode-languageserver";
import type { Session } from "../analysis/session.ts";
import { type LineStarts, lineStartsOf } from "./line-starts.ts";
import { type Block, blocksIn, masked } from "./markdown.ts";
import { type Encoding, offsetAt } from "./positions.ts";
import { keyOf } from "./uris.ts";

export interface OpenDocument {
  /** Canonical: what the session calls it, and its blocks with `#uapi-N` behind it. */
  readonly key: string;
  /** As the client spells it. */
  readonly uri: string;
  readonly version: number;
  readonly text: string;
  readonly lines: LineStarts;
  readonly isMarkdown: boolean;
  /** Of Markdown; else one for the whole text. */
  readonly parts: readonly Part[];
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

  const partsOf = (key: string, text: string, isMarkdown: boolean): Part[] => {
    if (text.length > sizeLimit) return [];
    if (!isMarkdown) return [{ key, start: 0, end: text.length }];
    return blocksIn(text).map((block, index) => ({ ...block, key: `${key}#uapi-${index + 1}` }));
  };

  /** Tells the session the whole text of every part, and which are gone. */
  const tell = (before: readonly Part[], { text, isMarkdown, parts }: OpenDocument): void => {
    for (const part of before) if (!parts.some(({ key }) => key === part.key)) session.close(part.key);
    for (const part of parts) session.open(part.key, isMarkdown ? masked(text, part) : text);
  };

  const place = (document: OpenDocument): OpenDocument => {
    opened.set(document.key, document);
    return document;
  };

  return {
    get: (uri) => opened.get(keyOf(uri)),
    all: () => opened.values(),
    open({ uri, languageId, version, text }) {
      const key = keyOf(uri);
      const isMarkdown = languageId === "markdown" || (languageId !== "uapi" && key.endsWith(".md"));
      const parts = partsOf(key, text, isMarkdown);
      const document = { key, uri, version, text, lines: lineStartsOf(text), isMarkdown, parts };
      tell(opened.get(key)?.parts ?? [], document);
      return place(document);
    },
    change(uri, version, changes) {
      const known = opened.get(keyOf(uri));
      if (known === undefined) return undefined;
      let { text, lines } = known;
      const { key, isMarkdown, parts } = known;
      // A text of one part is edited in place, all others are told anew.
      let isTold = !isMarkdown && parts.length === 1;
      for (const change of changes) {
        if (!("range" in change) || change.range === undefined) {
          text = change.text;
          lines = lineStartsOf(text);
          isTold = false;
          continue;
        }
        const { range } = change;
        const [one, two] = [range.start, range.end].map((at) => offsetAt({ text, lines }, at, encoding()));
        const start = Math.min(one ?? 0, two ?? 0);
        const end = Math.max(one ?? 0, two ?? 0);
        text = text.slice(0, start) + change.text + text.slice(end);
        lines.edit(start, end, change.text);
        if (isTold && text.length <= sizeLimit) session.edit(key, { start, end, text: change.text });
        else isTold = false;
      }
      const document = {
        ...known,
        version,
        text,
        lines,
        parts: isTold ? [{ key, start: 0, end: text.length }] : partsOf(key, text, isMarkdown),
      };
      if (!isTold) tell(parts, document);
      return place(document);
    },
    close(uri) {
      const document = opened.get(keyOf(uri));
      if (document === undefined) return undefined;
      opened.delete(document.key);
      for (const { key } of document.parts) session.close(key);
      return document;
    },
  };
}
