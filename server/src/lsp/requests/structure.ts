// Folding, growing selections, links: what follows from the structure of a text.

import { FoldingRangeKind, type SelectionRange } from "vscode-languageserver";
import { foldsOf } from "../../features/folding.ts";
import { linksOf } from "../../features/links.ts";
import { selectionsAt } from "../../features/selection.ts";
import type { Feature } from "../context.ts";

export const structure: Feature = {
  capabilities: () => ({
    foldingRangeProvider: true,
    selectionRangeProvider: true,
    documentLinkProvider: { resolveProvider: false },
  }),
  register(context) {
    const { connection } = context;
    connection.onFoldingRanges(({ textDocument }) =>
      context.targets(textDocument).flatMap(({ view }) =>
        foldsOf(view).map(({ from, to, kind }) => {
          const named = kind === "comment" ? FoldingRangeKind.Comment : FoldingRangeKind.Imports;
          return { startLine: from, endLine: to, ...(kind === "block" ? {} : { kind: named }) };
        }),
      ),
    );
    connection.onSelectionRanges(({ textDocument, positions }) =>
      positions.map((position): SelectionRange => {
        const spot = context.spot(textDocument, position);
        const spans = spot === null ? [] : selectionsAt(spot.view, spot.offset);
        const empty = { range: { start: position, end: position } };
        return (
          spans.reduceRight<SelectionRange | null>(
            (parent, span) => ({
              range: context.range(spot?.view.uri ?? textDocument.uri, span),
              ...(parent === null ? {} : { parent }),
            }),
            null,
          ) ?? empty
        );
      }),
    );
    connection.onDocumentLinks(({ textDocument }) =>
      context.targets(textDocument).flatMap(({ view }) =>
        linksOf(view).map((link) => ({
          range: context.range(view.uri, link),
          target: "url" in link ? link.url : context.location({ uri: link.uri, start: 0, end: 0 }).uri,
          tooltip: link.tooltip,
        })),
      ),
    );
  },
};
