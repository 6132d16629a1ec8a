// Rename and its preparation. What cannot be renamed says why: clients show the message of the error.

import { ResponseError } from "vscode-languageserver";
import { type FileEdit, prepareRename, renameAt } from "../../features/rename.ts";
import type { Feature } from "../context.ts";
import { documentOf } from "../uris.ts";
import { viewsOf } from "./navigation.ts";

/** RequestFailed of the protocol: a well-formed request that cannot be met. */
const requestFailed = -32803;

export const rename: Feature = {
  capabilities: (client) => ({
    renameProvider: client.textDocument?.rename?.prepareSupport === true ? { prepareProvider: true } : true,
  }),
  register(context) {
    const { connection } = context;
    connection.onPrepareRename(({ textDocument, position }) => {
      const spot = context.spot(textDocument, position);
      if (spot === null) return null;
      const prepared = prepareRename(spot.view, spot.offset);
      if (!prepared.ok) return new ResponseError(requestFailed, prepared.message);
      return { range: context.range(spot.view.uri, prepared), placeholder: prepared.name };
    });
    connection.onRenameRequest(async ({ textDocument, position, newName }, token) => {
      const views = await viewsOf(context, token);
      const spot = context.spot(textDocument, position);
      if (spot === null) return null;
      const all = [spot.view, ...views.filter(({ uri }) => uri !== spot.view.uri)];
      const renamed = renameAt(all, spot.view, spot.offset, newName);
      if (!renamed.ok) return new ResponseError(requestFailed, renamed.message);
      return context.workspaceEdit(byDocument(renamed.files));
    });
  },
};

/** The blocks of a Markdown document are edited together. */
function byDocument(files: readonly FileEdit[]): FileEdit[] {
  const found = new Map<string, FileEdit>();
  for (const { uri, edits } of files) {
    const document = documentOf(uri);
    found.set(document, { uri: document, edits: [...(found.get(document)?.edits ?? []), ...edits] });
  }
  return [...found.values()];
}
