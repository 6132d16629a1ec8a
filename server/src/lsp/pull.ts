// Diagnostics for clients that ask: of a document, and of the whole workspace. An answer that the client has already is
// one word.

import {
  type Connection,
  type Diagnostic,
  type DocumentDiagnosticReport,
  DocumentDiagnosticRequest,
  WorkspaceDiagnosticRequest,
  type WorkspaceDocumentDiagnosticReport,
} from "vscode-languageserver";
import { keyOf } from "./uris.ts";

export interface PullSource {
  /** Null for a document that cannot be read any more, and for what is no document of the language. */
  readonly diagnose: (key: string) => readonly Diagnostic[] | null;
  /** Calls `each` for every document of the workspace, open ones first. */
  readonly walk: (
    each: (document: { readonly key: string; readonly uri: string; readonly version: number | null }) => void,
    isCancelled: () => boolean,
  ) => Promise<void>;
}

export interface Pulled {
  /** A document is gone. */
  readonly forget: (key: string) => void;
}

export function registerPull(connection: Connection, source: PullSource): Pulled {
  /** By document, what was said last and under which id. */
  const answers = new Map<string, { readonly id: string; readonly text: string }>();
  let count = 0;

  const answer = (key: string, known: string | undefined): DocumentDiagnosticReport => {
    const items = [...(source.diagnose(key) ?? [])];
    const text = JSON.stringify(items);
    const last = answers.get(key);
    if (last?.text === text && last.id === known) return { kind: "unchanged", resultId: last.id };
    const id = last?.text === text ? last.id : `${++count}`;
    answers.set(key, { id, text });
    return { kind: "full", resultId: id, items };
  };

  connection.onRequest(DocumentDiagnosticRequest.type, ({ textDocument, previousResultId }) =>
    answer(keyOf(textDocument.uri), previousResultId),
  );
  connection.onRequest(WorkspaceDiagnosticRequest.type, async ({ previousResultIds }, token) => {
    const known = new Map(previousResultIds.map(({ uri, value }) => [keyOf(uri), value] as const));
    const items: WorkspaceDocumentDiagnosticReport[] = [];
    const seen = new Set<string>();
    await source.walk(
      ({ key, uri, version }) => {
        seen.add(key);
        const report = answer(key, known.get(key));
        items.push({ ...report, uri, version });
      },
      () => token.isCancellationRequested,
    );
    // What was reported once and is gone is clean.
    for (const { uri } of previousResultIds) {
      const key = keyOf(uri);
      if (seen.has(key)) continue;
      answers.delete(key);
      items.push({ kind: "full", uri, version: null, items: [] });
    }
    return { items };
  });
  return { forget: (key) => void answers.delete(key) };
}
