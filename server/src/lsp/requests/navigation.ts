// Definition, declaration, type definition, implementation, references, highlights.

import {
  DocumentHighlightKind,
  type Location,
  LSPErrorCodes,
  type ReferenceParams,
  ResponseError,
  type TextDocumentPositionParams,
} from "vscode-languageserver";
import type { Place } from "../../base/finding.ts";
import {
  declarationAt,
  definitionAt,
  implementationAt,
  typeDefinitionAt,
} from "../../features/definition.ts";
import { highlightsAt, referencesTo } from "../../features/references.ts";
import type { Context, Feature, Spot } from "../context.ts";

export const navigation: Feature = {
  capabilities: () => ({
    definitionProvider: true,
    declarationProvider: true,
    typeDefinitionProvider: true,
    implementationProvider: true,
    referencesProvider: true,
    documentHighlightProvider: true,
  }),
  register(context) {
    const { connection } = context;
    const answer =
      (find: (spot: Spot) => readonly Place[]) =>
      ({ textDocument, position }: TextDocumentPositionParams): Location[] => {
        const spot = context.spot(textDocument, position);
        return spot === null ? [] : find(spot).map(context.location);
      };
    connection.onDefinition(answer(({ view, offset }) => definitionAt(view, offset)));
    connection.onDeclaration(answer(({ view, offset }) => declarationAt(view, offset)));
    connection.onTypeDefinition(answer(({ view, offset }) => typeDefinitionAt(view, offset)));
    connection.onImplementation(async (params, token) => {
      const views = await viewsOf(context, token);
      return answer(({ view, offset }) => implementationAt(views, view, offset))(params);
    });
    connection.onReferences(async (params: ReferenceParams, token) => {
      const views = await viewsOf(context, token);
      const options = { declarations: params.context.includeDeclaration };
      return answer(({ view, offset }) => referencesTo(views, view, offset, options))(params);
    });
    connection.onDocumentHighlight(({ textDocument, position }) => {
      const spot = context.spot(textDocument, position);
      if (spot === null) return [];
      return highlightsAt(spot.view, spot.offset).map(({ kind, ...span }) => ({
        range: context.range(spot.view.uri, span),
        kind: kind === "write" ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
      }));
    });
  },
};

/** The documents of the workspace as they are now, each once. Throws when nobody waits any more: a part is no answer. */
export async function viewsOf(
  context: Context,
  token?: Parameters<Context["workspace"]>[0],
): Promise<Spot["view"][]> {
  const targets = await context.workspace(token);
  if (token?.isCancellationRequested === true)
    throw new ResponseError(LSPErrorCodes.RequestCancelled, "this is no longer wanted");
  // What is open may have been edited while the files were read.
  const views = targets.flatMap((target) => {
    const now = context.targets({ uri: target.uri });
    return now.length === 0 ? [target.view] : now.map(({ view }) => view);
  });
  return [...new Map(views.map((view) => [view.uri, view])).values()];
}
