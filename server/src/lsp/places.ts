// Offsets to positions and back for every document that the server can name: open ones by their line index, others
// by their text as it was read last.

import type {
  ClientCapabilities,
  Location,
  Position,
  Range,
  TextEdit,
  WorkspaceEdit,
} from "vscode-languageserver";
import type { Place } from "../base/finding.ts";
import { SHIPPED, shippedTexts } from "../semantics/shipped.ts";
import type { FileEdits } from "./context.ts";
import type { Documents } from "./documents.ts";
import { lineStartsOf } from "./line-starts.ts";
import { type Encoding, type Lined, offsetAt, rangeOf, type Span } from "./positions.ts";
import { canonicalUri, documentOf, keyOf, uriOf } from "./uris.ts";
import type { Workspace } from "./workspace.ts";

export interface Places {
  readonly range: (uri: string, span: Span) => Range;
  readonly offset: (uri: string, position: Position) => number;
  readonly location: (place: Place) => Location;
  readonly workspaceEdit: (files: readonly FileEdits[]) => WorkspaceEdit;
}

/** `proposals`: the uri of the folder with the shipped ones, where the client cannot show what lies nowhere. */
export function createPlaces(
  documents: Documents,
  workspace: Workspace,
  encoding: () => Encoding,
  client: () => ClientCapabilities,
  proposals: () => string | null,
): Places {
  /** Lines of texts that are not open; the texts do not change often. */
  const known = new Map<string, Lined & { readonly text: string }>();

  const linedOf = (uri: string): Lined => {
    const key = documentOf(uri.startsWith(SHIPPED) ? uri : keyOf(uri));
    const open = documents.get(key);
    if (open !== undefined) return open;
    const text = textOf(key);
    const last = known.get(key);
    if (last?.text === text) return last;
    const made = {
      text,
      lines: lineStartsOf(text),
      slice: (start: number, end: number) => text.slice(start, end),
    };
    known.set(key, made);
    return made;
  };

  const textOf = (key: string): string => {
    if (key.startsWith(SHIPPED)) return shippedTexts.get(key.slice(SHIPPED.length)) ?? "";
    const loaded = workspace.files.read(key);
    return loaded.ok ? loaded.text : "";
  };

  const clientUri = (key: string): string => {
    const folder = key.startsWith(SHIPPED) ? proposals() : null;
    if (folder !== null) return `${canonicalUri(folder)}/${key.slice(SHIPPED.length)}`;
    return documents.get(documentOf(key))?.uri ?? uriOf(key);
  };

  const range: Places["range"] = (uri, span) => rangeOf(linedOf(uri), span, encoding());

  return {
    range,
    offset: (uri, position) => offsetAt(linedOf(uri), position, encoding()),
    location: (place) => ({ uri: clientUri(place.uri), range: range(place.uri, place) }),
    workspaceEdit(files) {
      const edited = files.map(({ uri, edits }) => ({
        uri: clientUri(uri),
        version: documents.get(documentOf(uri))?.version ?? null,
        edits: edits.map((edit): TextEdit => ({ range: range(uri, edit), newText: edit.text })),
      }));
      if (client().workspace?.workspaceEdit?.documentChanges === true) {
        return {
          documentChanges: edited.map(({ uri, version, edits }) => ({
            textDocument: { uri, version },
            edits,
          })),
        };
      }
      return { changes: Object.fromEntries(edited.map(({ uri, edits }) => [uri, edits])) };
    },
  };
}
