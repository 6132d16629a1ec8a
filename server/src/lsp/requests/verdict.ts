// `uapi/verdict`: how much of a document was run, for the status bar of an editor. What was found it knows already.

import type { TextDocumentIdentifier } from "vscode-languageserver";
import type { Feature } from "../context.ts";
import { type Verdict, verdictRequest } from "../protocol.ts";

export const verdict: Feature = {
  capabilities: () => ({}),
  register({ connection, targets }) {
    connection.onRequest(
      verdictRequest,
      ({ textDocument }: { readonly textDocument: TextDocumentIdentifier }): Verdict | null => {
        const summaries = targets(textDocument).map(({ view }) => view.analysis.summary);
        if (summaries.length === 0) return null;
        return {
          scenarios: summaries.reduce((sum, { scenarios }) => sum + scenarios, 0),
          steps: summaries.reduce((sum, { steps }) => sum + steps, 0),
        };
      },
    );
  },
};
