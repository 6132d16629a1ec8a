// Document and workspace symbols.

import { type DocumentSymbol, type SymbolInformation, SymbolKind } from "vscode-languageserver";
import { type Outlined, outlineOf, searchSymbols } from "../../features/outline.ts";
import type { Context, Feature } from "../context.ts";
import { viewsOf } from "./navigation.ts";

const kinds: Readonly<Record<Outlined["role"], SymbolKind>> = {
  proposal: SymbolKind.Module,
  topology: SymbolKind.Namespace,
  scenario: SymbolKind.Method,
  verify: SymbolKind.Method,
  parallel: SymbolKind.Namespace,
  event: SymbolKind.Event,
  fd: SymbolKind.Class,
  object: SymbolKind.Class,
  role: SymbolKind.Interface,
  alias: SymbolKind.TypeParameter,
  kind: SymbolKind.Struct,
  field: SymbolKind.Field,
  result: SymbolKind.Field,
  "struct-field": SymbolKind.Field,
  operation: SymbolKind.Function,
  effect: SymbolKind.Function,
  define: SymbolKind.Property,
  rule: SymbolKind.Event,
  hazard: SymbolKind.Event,
  const: SymbolKind.Constant,
  word: SymbolKind.EnumMember,
  parameter: SymbolKind.Variable,
  variable: SymbolKind.Variable,
  handle: SymbolKind.Variable,
  iommu: SymbolKind.Object,
  group: SymbolKind.Package,
  device: SymbolKind.Object,
  task: SymbolKind.Namespace,
  file: SymbolKind.File,
};

export const symbols: Feature = {
  capabilities: () => ({ documentSymbolProvider: true, workspaceSymbolProvider: true }),
  register(context) {
    const { connection } = context;
    connection.onDocumentSymbol(({ textDocument }) => {
      const found = context
        .targets(textDocument)
        .flatMap(({ view }) => outlineOf(view).map((each) => documentSymbol(context, view.uri, each)));
      const isTree = context.client.textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true;
      return isTree ? found : found.flatMap((each) => flat(each, textDocument.uri, ""));
    });
    connection.onWorkspaceSymbol(async ({ query }, token) => {
      const views = await viewsOf(context, token);
      return searchSymbols(views, query).map(
        ({ uri, symbol, container }): SymbolInformation => ({
          name: symbol.name,
          kind: kinds[symbol.role],
          location: context.location({ uri, ...symbol.selection }),
          ...(container === "" ? {} : { containerName: container }),
        }),
      );
    });
  },
};

function documentSymbol(context: Context, uri: string, symbol: Outlined): DocumentSymbol {
  return {
    name: symbol.name,
    ...(symbol.detail === "" ? {} : { detail: symbol.detail }),
    kind: kinds[symbol.role],
    range: context.range(uri, symbol),
    selectionRange: context.range(uri, symbol.selection),
    children: symbol.children.map((child) => documentSymbol(context, uri, child)),
  };
}

/** For clients that know lists only. */
function flat(symbol: DocumentSymbol, uri: string, container: string): SymbolInformation[] {
  const { name, kind, range, children = [] } = symbol;
  const own = {
    name,
    kind,
    location: { uri, range },
    ...(container === "" ? {} : { containerName: container }),
  };
  return [own, ...children.flatMap((child) => flat(child, uri, name))];
}
